/** Two programs compute the same: on seeded inputs that hold NaN, infinities, both zeros and the extremes of integers. */
import { type DType, dtypeInfo, integerRange } from '../../ir/dtype.ts';
import { allocateElements } from '../../ir/elements.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import { decodeFloat, encodeFloat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import type { Operation } from '../../ir/operation.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { hasDType, isTensor, type Type } from '../../ir/types.ts';
import { load } from './pass-fixture.ts';

const specialFloats = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, 65504, 1e-40, -3e38];

/** A small generator of its own, so that a seed gives the same inputs everywhere (Steele, Lea: SplitMix32). */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
}

function randomFloat(next: () => number): number {
  const special = specialFloats[Math.floor(next() * specialFloats.length * 2)];
  return special ?? Math.round((next() - 0.5) * 256) / 16;
}

function randomInteger(dtype: DType, next: () => number): bigint {
  const [least, greatest] = integerRange(dtype);
  const specials = [least, greatest, 0n, 1n, greatest === 1n ? 1n : 2n];
  const special = specials[Math.floor(next() * specials.length * 2)];
  if (special !== undefined) return special;
  const value = least + (BigInt(Math.floor(next() * 4294967296)) % (greatest - least + 1n));
  return value;
}

/** A tensor of the type from a seed; unknown sizes are 2. */
export function seededTensor(type: Type, seed: number): Tensor {
  if (!isTensor(type) || !hasDType(type)) throw new Error(`no input is made of type ${type.text}`);
  const next = random(seed);
  const shape = type.shape.map((dim) => (typeof dim === 'number' ? dim : 2));
  const dtype = type.element;
  const { kind, slots, part } = dtypeInfo(dtype);
  const values = allocateElements(dtype, shapeSize(shape));
  for (let index = 0; index < shapeSize(shape) * slots; index++) {
    if (kind !== 'float' && kind !== 'complex') {
      const integer = randomInteger(dtype, next);
      if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = integer;
      else values[index] = Number(integer);
    } else if (isFloatFormatName(part) && part !== 'f32' && part !== 'f64') {
      values[index] = encodeFloat(randomFloat(next), floatFormats[part]);
    } else values[index] = randomFloat(next);
  }
  return new Tensor(dtype, shape, values);
}

/** What differs between the results of `@f` in two modules; undefined when they agree bit by bit, NaN payloads aside. */
export function differenceOf(before: Operation, after: Operation, seeds = 3): string | undefined {
  const parameters = new SymbolTable(before).lookup('f')?.region().block.arguments ?? [];
  for (let seed = 1; seed <= seeds; seed++) {
    const inputs = parameters.map(({ type }, index) => seededTensor(type, seed * 1000 + index));
    const [expected, actual] = [before, after].map((module) => evaluateFunction(module, 'f', inputs));
    const difference = firstDifference(expected ?? [], actual ?? []);
    if (difference !== undefined) return `seed ${seed}: ${difference}`;
  }
  return undefined;
}

/** The same, of modules in text. */
export function differenceOfTexts(before: string, after: string, seeds?: number): string | undefined {
  return differenceOf(load(before), load(after), seeds);
}

function firstDifference(expected: readonly RuntimeValue[], actual: readonly RuntimeValue[]): string | undefined {
  if (expected.length !== actual.length) return `${expected.length} results became ${actual.length}`;
  for (const [index, value] of expected.entries()) {
    const other = actual[index];
    if (value.kind === 'token' && other?.kind === 'token') continue;
    if (value.kind === 'tuple' && other?.kind === 'tuple') {
      const inner = firstDifference(value.elements, other.elements);
      if (inner !== undefined) return inner;
    } else if (value.kind !== 'tensor' || other?.kind !== 'tensor') return `result ${index} is of another kind`;
    else {
      const difference = tensorDifference(value, other);
      if (difference !== undefined) return `result ${index}: ${difference}`;
    }
  }
  return undefined;
}

function tensorDifference(expected: Tensor, actual: Tensor): string | undefined {
  if (expected.type !== actual.type) return `${expected.type.text} became ${actual.type.text}`;
  for (let slot = 0; slot < expected.values.length; slot++) {
    const [left, right] = [readSlot(expected, slot), readSlot(actual, slot)];
    if (!Object.is(left, right)) return `at slot ${slot}, ${String(left)} became ${String(right)}`;
  }
  return undefined;
}

function readSlot({ dtype, values }: Tensor, slot: number): number | bigint {
  const value = values[slot] ?? 0;
  const { part } = dtypeInfo(dtype);
  if (!isFloatFormatName(part) || part === 'f32' || part === 'f64') return value;
  return decodeFloat(Number(value), floatFormats[part]);
}
