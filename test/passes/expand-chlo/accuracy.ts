/**
 * How far the expansion of an op is from the op itself, in units in the last place of the op's own result: the worst over
 * numbers of a domain and the special ones.
 */
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import { allocateElements } from '../../../ir/elements.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { decodeFloat, encodeFloat, floatFormats, isFloatFormatName } from '../../../ir/numerics/index.ts';
import { expandChlo } from '../../../passes/expand-chlo.ts';
import type { Pass } from '../../../passes/pass.ts';
import { load, runPass } from '../pass-fixture.ts';

/** Numbers between two ends, equally far apart; `scale: 'log'` in their logarithm. */
export interface Domain {
  readonly from: number;
  readonly to: number;
  readonly scale?: 'log';
}

/** Zeros of both signs, infinities, NaN, ones and their neighbours, tiny, subnormal and huge numbers of f32, whole and half ones. */
export const specialNumbers: readonly number[] = [
  NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2, -2, 3, -3, 8, 10, -10, 1 + 2 ** -23, 1 - 2 ** -24, -1 - 2 ** -23,
  -1 + 2 ** -24, 1e-40, -1e-40, 2 ** -149, 2 ** -126, -(2 ** -126), 1e-20, -1e-20, 1e-10, 1e10, -1e10, 1e18, 3e38, -3e38, 2 ** -24, 65504,
]; // prettier-ignore

const count = 400;

/** `count` numbers of the domain, by the golden ratio: evenly spread, and no round ones among them. */
export function numbersOf({ from, to, scale }: Domain): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const part = (index * 0.6180339887498949 + 0.1) % 1;
    return scale === 'log' ? from * (to / from) ** part : from + (to - from) * part;
  });
}

export function floatTensor(dtype: DType, numbers: readonly number[]): Tensor {
  const { slots, part } = dtypeInfo(dtype);
  const length = numbers.length / slots;
  const values = allocateElements(dtype, length);
  for (const [index, number] of numbers.entries()) values[index] = stored(number, part);
  return new Tensor(dtype, [length], values);
}

function stored(number: number, dtype: DType): number {
  if (!isFloatFormatName(dtype) || dtype === 'f32' || dtype === 'f64') return number;
  return encodeFloat(number, floatFormats[dtype]);
}

export function floatsOf({ dtype, values }: Tensor): readonly number[] {
  const { part } = dtypeInfo(dtype);
  return Array.from(values as ArrayLike<number>, (value) =>
    isFloatFormatName(part) && part !== 'f32' && part !== 'f64' ? decodeFloat(value, floatFormats[part]) : value,
  );
}

export interface Worst {
  readonly ulp: number;
  /** Inputs, expected and actual result, for the message. */
  readonly at: string;
}

/** `op` applied to one-dimensional inputs, and its expansion. `floor`: results below it count as if they had its ulp. */
export function worstError(op: string, inputs: readonly Tensor[], floor = 0, pass: Pass = expandChlo): Worst {
  const [expected, actual] = resultsOf(op, inputs, pass);
  const { part, slots } = dtypeInfo(expected.dtype);
  const [left, right] = [floatsOf(expected), floatsOf(actual)];
  let worst: Worst = { ulp: 0, at: 'nowhere' };
  for (const [index, value] of left.entries()) {
    const ulp = errorInUlp(value, right[index] ?? NaN, part, floor);
    if (ulp <= worst.ulp) continue;
    const element = Math.floor(index / slots);
    const given = inputs.map((input) =>
      floatsOf(input)
        .slice(element * slots, element * slots + slots)
        .join(' '),
    );
    worst = { ulp, at: `${op}(${given.join(', ')}) = ${value}, not ${right[index]}` };
  }
  return worst;
}

function resultsOf(op: string, inputs: readonly Tensor[], pass: Pass): readonly [Tensor, Tensor] {
  const text = functionOf(op, inputs);
  const expanded = runPass(pass, text);
  if (!expanded.changed || expanded.text.includes('chlo.'))
    throw new Error(`${op} is left: ${expanded.remarks.join()}`);
  const results = [load(text), load(expanded.text)].map((module) => evaluateFunction(module, 'f', inputs)[0]);
  const [expected, actual] = results;
  if (expected?.kind !== 'tensor' || actual?.kind !== 'tensor') throw new Error(`${op} gives no tensor`);
  return [expected, actual];
}

/** `@f` that applies an op of one result type with its operands. */
export function functionOf(op: string, inputs: readonly Tensor[]): string {
  const types = inputs.map(({ type }) => type.text);
  const parameters = types.map((type, index) => `%${index}: ${type}`).join(', ');
  const names = types.map((_, index) => `%${index}`).join(', ');
  const result = types[0] ?? '';
  return `func.func @f(${parameters}) -> ${result} {
    %r = "${op}"(${names}) : (${types.join(', ')}) -> ${result}
    return %r : ${result}
  }`;
}

function errorInUlp(expected: number, actual: number, dtype: DType, floor: number): number {
  if (Object.is(expected, actual)) return 0;
  // A zero of the wrong sign, an infinity or NaN of one only.
  if (expected === actual || !Number.isFinite(expected) || !Number.isFinite(actual)) return Infinity;
  if (!isFloatFormatName(dtype)) throw new Error(`${dtype} is no float format`);
  const { mantissaBits, minExponent } = floatFormats[dtype];
  const exponent = Math.max(Math.floor(Math.log2(Math.max(Math.abs(expected), floor))), minExponent);
  return Math.abs(expected - actual) / 2 ** (exponent - mantissaBits);
}
