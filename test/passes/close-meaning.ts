/** How far the results of two programs are apart, where an expansion rounds otherwise than the op: on ordinary numbers. */
import { allocateElements } from '../../ir/elements.ts';
import { dtypeInfo } from '../../ir/dtype.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { hasDType, isTensor, type Type } from '../../ir/types.ts';
import { load } from './pass-fixture.ts';

/** Numbers between -1 and 1, f32 or f64 or complex, evenly spread and without a pattern. */
export function ordinaryTensor(type: Type, seed: number): Tensor {
  if (!isTensor(type) || !hasDType(type)) throw new Error(`no input is made of ${type.text}`);
  const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : 2));
  const { slots } = dtypeInfo(type.element);
  const values = allocateElements(type.element, shapeSize(shape));
  for (let index = 0; index < shapeSize(shape) * slots; index++)
    values[index] = 2 * (((index + 1) * 0.6180339887498949 + seed * 0.377) % 1) - 1;
  return new Tensor(type.element, shape, values);
}

/** The largest difference of two results of `@f`, as a part of the largest number among them. */
export function relativeDistance(before: string, after: string, inputs?: readonly RuntimeValue[]): number {
  const modules = [before, after].map(load);
  const parameters = new SymbolTable(load(before)).lookup('f')?.region().block.arguments ?? [];
  const given = inputs ?? parameters.map(({ type }, index) => ordinaryTensor(type, index));
  const [expected = [], actual = []] = modules.map((module) => evaluateFunction(module, 'f', given));
  let worst = 0;
  for (const [index, value] of expected.entries()) worst = Math.max(worst, tensorDistance(value, actual[index]));
  return worst;
}

function tensorDistance(expected: RuntimeValue, actual: RuntimeValue | undefined): number {
  if (expected.kind !== 'tensor' || actual?.kind !== 'tensor' || expected.type !== actual.type) return Infinity;
  let [scale, distance] = [Number.MIN_VALUE, 0];
  for (const [slot, value] of expected.values.entries()) {
    const [left, right] = [Number(value), Number(actual.values[slot] ?? NaN)];
    if (Number.isNaN(left) !== Number.isNaN(right)) return Infinity;
    if (Number.isNaN(left)) continue;
    scale = Math.max(scale, Math.abs(left));
    distance = Math.max(distance, Math.abs(left - right));
  }
  return distance / scale;
}
