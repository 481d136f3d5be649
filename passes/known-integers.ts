/**
 * Small integer tensors whose elements are known: constants, and what is computed from constants and from sizes of static
 * dimensions, by the reference evaluator. Shape operands of `dynamic_*` ops are such values.
 */
import { dtypeInfo } from '../ir/dtype.ts';
import { tensorOfConstant } from '../ir/evaluator/constant-value.ts';
import { evaluateOperation } from '../ir/evaluator/interpreter.ts';
import { shapeSize, Tensor } from '../ir/evaluator/tensor.ts';
import { opSite } from '../ir/op-site.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { hasDType, isStaticTensor, isTensor } from '../ir/types.ts';
import { constantOf } from './constants.ts';

/** A shape has few elements; larger tensors are data. */
const maxElements = 64;

export class KnownIntegers {
  readonly #known = new Map<Value, Tensor | undefined>();

  /** The value's elements; undefined when they are not known. */
  tensor(value: Value): Tensor | undefined {
    if (this.#known.has(value)) return this.#known.get(value);
    const known = this.#compute(value);
    this.#known.set(value, known);
    return known;
  }

  /** The elements as numbers, in row-major order. */
  integers(value: Value): readonly number[] | undefined {
    const integers = this.tensor(value)?.integers();
    return integers?.every(Number.isSafeInteger) === true ? integers : undefined;
  }

  #compute(value: Value): Tensor | undefined {
    const op = value.definingOp;
    if (op === undefined || !isSmallInteger(value)) return undefined;
    const constant = constantOf(value);
    if (constant !== undefined) {
      const tensor = tensorOfConstant(constant);
      return tensor.kind === 'tensor' ? tensor : undefined;
    }
    if (op.name === 'stablehlo.get_dimension_size') return dimensionSize(op);
    return this.#evaluate(op, value.index);
  }

  /** Operands are visited in order of definition, so the depth of the recursion is that of the shape computation. */
  #evaluate(op: Operation, index: number): Tensor | undefined {
    if (op.regions.length > 0 || op.operandCount === 0 || op.definition.effects(opSite(op)) !== 'pure')
      return undefined;
    const inputs: Tensor[] = [];
    for (const use of op.operandUses) {
      const input = this.tensor(use.value);
      if (input === undefined) return undefined;
      inputs.push(input);
    }
    const result = evaluateOperation(op, inputs)[index];
    return result instanceof Tensor ? result : undefined;
  }
}

function dimensionSize(op: Operation): Tensor | undefined {
  const { type } = op.operand(0);
  const dimension = op.attribute('dimension');
  if (!isTensor(type) || dimension?.kind !== 'integer') return undefined;
  const size = type.shape[Number(dimension.value)];
  return typeof size === 'number' ? new Tensor('i32', [], Int32Array.of(size)) : undefined;
}

function isSmallInteger(value: Value): boolean {
  const { type } = value;
  if (!isStaticTensor(type) || !hasDType(type)) return false;
  const { kind } = dtypeInfo(type.element);
  return kind !== 'float' && kind !== 'complex' && shapeSize(type.shape.map(Number)) <= maxElements;
}
