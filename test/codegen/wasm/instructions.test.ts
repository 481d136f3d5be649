import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import {
  binary,
  bitcast,
  compare,
  convert,
  laneReduce,
  load,
  loadSplat,
  maximum,
  minimum,
  select,
  shuffle,
  tailMask,
  takesBinary,
  takesUnary,
  unary,
  unaryResultType,
} from '../../../codegen/kernel/loop-expressions.ts';
import type { Expr, LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { binaryOps, compareOps, elementaryOps, unaryOps } from '../../../codegen/kernel/scalar-ops.ts';
import { elementBytes, type KernelDType, kernelDTypes, vector } from '../../../codegen/kernel/value-type.ts';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { unknownLocation } from '../../../ir/location.ts';
import { encodeFloat, floatFormats } from '../../../ir/numerics/index.ts';
import { runBoth } from './run-kernel.ts';

const count = 64;

const floats = [
  0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999997, 3.7, -3.7, 100, -129, 255.5, 300, 65504, 65519.99, 65520, -65536, 1e-7,
  -6e-8, 3e-8, 2 ** -24, 2 ** -25, 1.0009765625, 1.00048828125, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 63, -(2 ** 63), 1e30, -1e38,
  1e-40, 3.4e38, Infinity, -Infinity, NaN, 4194303.5, 8388607.5, 2 ** 53, 7, 3, -7, 12345.678, 1 / 3, 1e10,
]; // prettier-ignore

const integers = [
  0n, 1n, -1n, 2n, -2n, 3n, 7n, -7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n, 100n, 127n, -128n, 128n, 255n, 256n, 32767n, -32768n, 65535n,
  2147483647n, -2147483648n, 4294967295n, 9223372036854775807n, -9223372036854775808n, 5n, -13n, 1n << 33n, 1234567890123n,
]; // prettier-ignore

/** Corner cases, in an order of their own for each seed. */
function samples(dtype: KernelDType, seed: number): ElementsArray {
  const values = allocateElements(dtype, count);
  for (let index = 0; index < count; index++) {
    const at = index * (seed + 1) + seed * 7;
    const integer = integers[at % integers.length] ?? 0n;
    if (dtype === 'i1') values[index] = (at * 7 + (at >> 2)) % 2;
    else if (dtype === 'f16' || dtype === 'bf16')
      values[index] = encodeFloat(floats[at % floats.length] ?? 0, floatFormats[dtype]);
    else if (dtype === 'f32' || dtype === 'f64') values[index] = floats[at % floats.length] ?? 0;
    else if (dtype === 'i64' || dtype === 'ui64') (values as BigInt64Array)[index] = integer;
    else if (dtype === 'index') (values as BigInt64Array)[index] = BigInt.asIntN(24, integer);
    else values[index] = Number(BigInt.asIntN(32, integer));
  }
  return values;
}

/** Lane counts that a 128-bit machine is asked for: one, a part of a vector, a whole one. */
function laneCounts(...types: readonly KernelDType[]): readonly number[] {
  if (types.includes('index')) return [1];
  const most = 16 / Math.max(...types.map(elementBytes));
  return [1, 2, 4, 8, 16].filter((lanes) => lanes <= most);
}

/** y[i] = op(x[i]) over all samples; what a loop reads is loaded by `operands`. */
function mapKernel(
  inputs: readonly KernelDType[],
  output: KernelDType,
  lanes: number,
  op: (...operands: readonly Expr[]) => Expr,
): LoopKernel {
  const b = new LoopBuilder();
  const buffers = inputs.map((dtype, index) => b.parameter({ name: `x${index}`, dtype, size: count, access: 'read' }));
  const out = b.parameter({ name: 'y', dtype: output, size: count, access: 'write' });
  b.for({ to: count, step: lanes }, (i) => b.store(out, i, op(...buffers.map((buffer) => load(buffer, i, lanes)))));
  return b.kernel({ name: 'map', tiles: 1, location: unknownLocation });
}

/** NaN is NaN, whatever its payload. */
function comparable(dtype: KernelDType, values: ElementsArray | undefined): readonly unknown[] {
  if (values === undefined) return [];
  const isNan = (bits: number): boolean =>
    dtype === 'f16' ? (bits & 0x7fff) > 0x7c00 : dtype === 'bf16' && (bits & 0x7fff) > 0x7f80;
  return Array.from(values as ArrayLike<number | bigint>, (value) =>
    typeof value === 'number' && (Number.isNaN(value) || isNan(value)) ? 'nan' : Object.is(value, -0) ? '-0' : value,
  );
}

function expectSame(
  inputs: readonly KernelDType[],
  output: KernelDType,
  lanes: number,
  op: (...x: readonly Expr[]) => Expr,
): void {
  const kernel = mapKernel(inputs, output, lanes, op);
  const arrays = [...inputs.map((dtype, index) => samples(dtype, index)), allocateElements(output, count)];
  const { wasm, reference } = runBoth(kernel, arrays);
  expect(comparable(output, wasm.at(-1)), `${lanes} lanes`).toEqual(comparable(output, reference.at(-1)));
}

/** An index has 32 bits here and 64 in the interpreter: it is clamped after, as every index that is computed at run time. */
function converted(to: KernelDType, x: Expr): Expr {
  return to === 'index' ? maximum(minimum(convert(to, x), 100_000), -100_000) : convert(to, x);
}

const computed = kernelDTypes.filter((dtype) => dtype !== 'f16' && dtype !== 'bf16');

describe('instructions give what the interpreter gives', () => {
  for (const dtype of computed) {
    it(`unary ops of ${dtype}`, () => {
      for (const op of unaryOps) {
        if (elementaryOps.has(op) || !takesUnary(op, dtype)) continue;
        const result = unaryResultType(op, { dtype, lanes: 1 }).dtype;
        for (const lanes of laneCounts(dtype, result))
          if (result !== 'i1' || lanes === 1 || lanes * elementBytes(dtype) === 16)
            expectSame([dtype], result, lanes, (x) => unary(op, x));
      }
    });

    it(`binary ops of ${dtype}`, () => {
      for (const op of binaryOps) {
        if (elementaryOps.has(op) || !takesBinary(op, dtype)) continue;
        if (dtype === 'index' && op.startsWith('shift')) continue;
        for (const lanes of laneCounts(dtype))
          if (dtype !== 'i1' || lanes !== 2) expectSame([dtype, dtype], dtype, lanes, (x, y) => binary(op, x, y));
      }
    });

    it(`comparisons of ${dtype}, and what they choose`, () => {
      for (const op of compareOps)
        for (const lanes of laneCounts(dtype)) {
          if (dtype === 'i1' && lanes !== 1) continue;
          expectSame([dtype, dtype], dtype, lanes, (x, y) => select(compare(op, x, y), x, y));
          if (lanes >= 2 || elementBytes(dtype) === 1)
            expectSame([dtype, dtype], 'i1', lanes, (x, y) => compare(op, x, y));
        }
    });
  }

  for (const from of kernelDTypes) {
    it(`converts ${from} to every dtype`, () => {
      for (const to of kernelDTypes) {
        if (from === to) continue;
        for (const lanes of laneCounts(from, to)) expectSame([from], to, lanes, (x) => converted(to, x));
      }
    });
  }

  it.each(['f32', 'f64'] as const)('the least and the greatest of %s and a constant', (dtype) => {
    for (const bound of [0, -0, 6, -1, Infinity, -Infinity, NaN])
      for (const op of ['minimum', 'maximum'] as const)
        for (const lanes of laneCounts(dtype)) expectSame([dtype], dtype, lanes, (x) => binary(op, x, bound));
  });

  it('shifts by constants, the width among them', () => {
    for (const dtype of ['i8', 'ui16', 'i32', 'ui32', 'i64'] as const)
      for (const op of ['shift-left', 'shift-right-arithmetic', 'shift-right-logical'] as const)
        for (const amount of [0, 3, elementBytes(dtype) * 8])
          for (const lanes of laneCounts(dtype)) expectSame([dtype], dtype, lanes, (x) => binary(op, x, amount));
  });

  it('divides integers by constants', () => {
    for (const dtype of ['i8', 'ui8', 'i32', 'ui32', 'i64', 'ui64'] as const)
      for (const op of ['divide', 'remainder'] as const)
        for (const divisor of dtype.startsWith('u') ? [0, 3] : [0, -1, 3])
          expectSame([dtype], dtype, 1, (x) => binary(op, x, divisor));
  });

  it('reads the same bits as another type', () => {
    expectSame(['f32'], 'i32', 4, (x) => bitcast(vector('i32', 4), x));
    expectSame(['f64'], 'i64', 1, (x) => bitcast(vector('i64', 1), x));
    expectSame(['i16'], 'f16', 8, (x) => bitcast(vector('f16', 8), x));
    expectSame(['ui8'], 'i8', 1, (x) => bitcast(vector('i8', 1), x));
  });

  it('moves lanes', () => {
    expectSame(['f32', 'f32'], 'f32', 4, (x, y) => shuffle(x, y, [0, 4, 3, 7]));
    expectSame(['i8', 'i8'], 'i8', 8, (x, y) => shuffle(x, y, [15, 0, 1, 9, 8, 7, 6, 2]));
  });

  it('reduces lanes in halves', () => {
    for (const dtype of ['f32', 'f64', 'i8', 'i32', 'i64'] as const) {
      const lanes = 16 / elementBytes(dtype);
      const b = new LoopBuilder();
      const x = b.parameter({ name: 'x', dtype, size: count, access: 'read' });
      const y = b.parameter({ name: 'y', dtype, size: 2, access: 'write' });
      b.store(y, 0, laneReduce('add', load(x, 0, lanes)));
      b.store(y, 1, laneReduce('maximum', load(x, lanes, lanes)));
      const kernel = b.kernel({ name: 'reduce', tiles: 1, location: unknownLocation });
      const { wasm, reference } = runBoth(kernel, [samples(dtype, 0), allocateElements(dtype, 2)]);
      expect(wasm[1]).toEqual(reference[1]);
    }
  });

  it('spreads one element, and masks a tail', () => {
    for (const dtype of ['f32', 'i8', 'i64', 'ui16'] as const) {
      const lanes = 16 / elementBytes(dtype);
      const b = new LoopBuilder();
      const x = b.parameter({ name: 'x', dtype, size: count, access: 'read' });
      const y = b.parameter({ name: 'y', dtype, size: count, access: 'read-write' });
      b.for({ to: count / lanes }, (i) =>
        b.store(y, LoopBuilder.expressions.multiply(i, lanes), loadSplat(x, i, lanes), tailMask(i, lanes)),
      );
      const kernel = b.kernel({ name: 'spread', tiles: 1, location: unknownLocation });
      const { wasm, reference } = runBoth(kernel, [samples(dtype, 0), samples(dtype, 1)]);
      expect(wasm[1]).toEqual(reference[1]);
    }
  });
});
