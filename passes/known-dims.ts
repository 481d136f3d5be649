/**
 * Shape operands whose elements are numbers or sizes with a name: what `get_dimension_size` gives of a named dimension, and what is
 * only put together from such. So a shape that a program computes at run time is known as `[n, 4]`.
 *
 *     %0 = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x4xf32, n>) -> tensor<i32>
 *     %1 = stablehlo.reshape %0 : (tensor<i32>) -> tensor<1xi32>
 *     %2 = stablehlo.concatenate %1, dense<4>, dim = 0 : ...          [n, 4]
 */
import type { Dim } from '../ir/dimension.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { isStaticTensor, isTensor } from '../ir/types.ts';
import type { KnownIntegers } from './known-integers.ts';

/** Ops that give the elements of their one operand, in order, where there are as many of them. */
const sameElements: ReadonlySet<string> = new Set([
  'stablehlo.broadcast_in_dim',
  'stablehlo.convert',
  'stablehlo.optimization_barrier',
  'stablehlo.reshape',
]);

export class KnownDims {
  readonly #integers: KnownIntegers;
  readonly #known = new Map<Value, readonly Dim[] | undefined>();

  constructor(integers: KnownIntegers) {
    this.#integers = integers;
  }

  /** One size an element of a tensor of rank 0 or 1; undefined when one of them has neither a number nor a name. */
  dims(value: Value): readonly Dim[] | undefined {
    if (this.#known.has(value)) return this.#known.get(value);
    const known = this.#integers.integers(value) ?? this.#compute(value);
    this.#known.set(value, known);
    return known;
  }

  #compute(value: Value): readonly Dim[] | undefined {
    const op = value.definingOp;
    if (op === undefined || !isStaticTensor(value.type) || value.type.shape.length > 1) return undefined;
    if (op.name === 'stablehlo.get_dimension_size') return namedSize(op);
    if (op.name === 'stablehlo.concatenate') return this.#all(op);
    if (op.name === 'stablehlo.multiply' || op.name === 'stablehlo.add') return this.#unchanged(op);
    if (!sameElements.has(op.name)) return undefined;
    const elements = this.dims(op.operand(0));
    return elements?.length === countOf(value) ? elements : undefined;
  }

  #all(op: Operation): readonly Dim[] | undefined {
    const parts = op.operands.map((operand) => this.dims(operand));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  /** A product with ones, a sum with zeros. */
  #unchanged(op: Operation): readonly Dim[] | undefined {
    const neutral = op.name === 'stablehlo.multiply' ? 1 : 0;
    const sides = op.operands.map((operand) => this.dims(operand));
    const isNeutral = (side: readonly Dim[] | undefined): boolean => side?.every((size) => size === neutral) ?? false;
    if (isNeutral(sides[0])) return sides[1];
    return isNeutral(sides[1]) ? sides[0] : undefined;
  }
}

function namedSize(op: Operation): readonly Dim[] | undefined {
  const { type } = op.operand(0);
  const dimension = op.attribute('dimension');
  if (!isTensor(type) || dimension?.kind !== 'integer') return undefined;
  const size = type.shape[Number(dimension.value)];
  return typeof size === 'object' && size.name !== '' ? [size] : undefined;
}

function countOf({ type }: Value): number {
  return isTensor(type) ? type.shape.reduce<number>((count, size) => count * Number(size), 1) : 0;
}
