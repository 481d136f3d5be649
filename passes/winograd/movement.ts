/** Moving values about whose batch may be bound late: a dimension is cut by a negative padding, which asks for no other size. */
import { type Dim, isStaticDim } from '../../ir/dimension.ts';
import type { Value } from '../../ir/operation.ts';
import { pad } from '../../ir/ops/stablehlo/pad.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { isStaticTensor, tensorType } from '../../ir/types.ts';
import type { ExpandKit } from '../expand-kit.ts';
import { tensorOf } from '../op-kit.ts';
import type { Arithmetic } from './transforms.ts';

export class Movement {
  readonly #kit: ExpandKit;
  readonly arithmetic: Arithmetic<Value>;

  constructor(kit: ExpandKit) {
    this.#kit = kit;
    const isFloat = (operand: Value): boolean => tensorOf(operand).element === 'f32';
    this.arithmetic = {
      add: kit.add,
      subtract: kit.subtract,
      atEnds: (operand) => (isFloat(operand) ? operand : kit.add(operand, operand)),
      between: (operand) => (isFloat(operand) ? kit.multiply(operand, kit.constantLike(0.5, operand)) : operand),
    };
  }

  reshape(value: Value, shape: readonly Dim[]): Value {
    return this.#kit.reshape(value, shape);
  }

  transpose(value: Value, permutation: readonly number[]): Value {
    if (permutation.every((axis, index) => axis === index)) return value;
    const { shape, element } = tensorOf(value);
    const type = tensorType(
      permutation.map((axis) => shape[axis] ?? 0),
      element,
    );
    return this.#kit.make(transpose, [value], { permutation }, type);
  }

  /** With zeros around it; a negative number cuts off. */
  pad(value: Value, low: readonly number[], high: readonly number[]): Value {
    if ([...low, ...high].every((amount) => amount === 0)) return value;
    const { shape, element } = tensorOf(value);
    const sizes = shape.map((dim, axis) => (isStaticDim(dim) ? dim + (low[axis] ?? 0) + (high[axis] ?? 0) : dim));
    const attrs = { edge_padding_low: low, edge_padding_high: high, interior_padding: low.map(() => 0) };
    return this.#kit.make(pad, [value, this.#kit.scalar(0, element)], attrs, tensorType(sizes, element));
  }

  /** `count` places of an axis of a known size, from `start` on. */
  crop(value: Value, axis: number, start: number, count: number): Value {
    const { type } = value;
    const { shape } = tensorOf(value);
    if (isStaticTensor(type)) return this.#kit.sliceAlong(value, axis, start, start + count);
    const none = shape.map(() => 0);
    return this.pad(value, none.with(axis, -start), none.with(axis, start + count - Number(shape[axis])));
  }
}
