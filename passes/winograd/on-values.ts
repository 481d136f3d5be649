/** What the transforms of values are built with, beside the kit: arithmetic, and places of a dimension while the batch may be bound late. */
import type { Value } from '../../ir/operation.ts';
import { isStaticTensor } from '../../ir/types.ts';
import type { ExpandKit } from '../expand-kit.ts';
import { tensorOf } from '../op-kit.ts';
import type { Arithmetic } from './transforms.ts';

export function onValues(kit: ExpandKit): Arithmetic<Value> {
  const isFloat = (operand: Value): boolean => tensorOf(operand).element === 'f32';
  return {
    add: kit.add,
    subtract: kit.subtract,
    atEnds: (operand) => (isFloat(operand) ? operand : kit.add(operand, operand)),
    between: (operand) => (isFloat(operand) ? kit.multiply(operand, kit.constantLike(0.5, operand)) : operand),
  };
}

/** `count` places of an axis of a known size, from `start` on: by a negative padding, which asks for no other size, where one is bound late. */
export function crop(kit: ExpandKit, value: Value, axis: number, start: number, count: number): Value {
  if (isStaticTensor(value.type)) return kit.sliceAlong(value, axis, start, start + count);
  const { shape } = tensorOf(value);
  const none = shape.map(() => 0);
  return kit.pad(value, none.with(axis, -start), none.with(axis, start + count - Number(shape[axis])));
}
