import { describe, expect, it } from 'vitest';
import { webgpuTarget, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import type { BinaryOp, UnaryOp } from '../../../../codegen/kernel/scalar-ops.ts';
import * as numerics from '../../../../ir/numerics/index.ts';
import { binaryRunner, type FloatDType, unaryRunner } from './expansion-runner.ts';
import { exactReference, exactReferences } from './references.ts';
import { specialValues } from './samples.ts';

/** What holds of special values holds however multiply-adds round. */
const kinds = (['f32', 'f64'] as const).flatMap((dtype) => [false, true].map((isFused) => ({ dtype, isFused })));
type Kind = (typeof kinds)[number];

function arrayFrom(dtype: FloatDType, values: readonly number[]): Float32Array | Float64Array {
  return dtype === 'f32' ? Float32Array.from(values) : Float64Array.from(values);
}

function applied(op: UnaryOp, { dtype, isFused }: Kind, values: readonly number[]): readonly number[] {
  const x = arrayFrom(dtype, values);
  const y = arrayFrom(dtype, values);
  unaryRunner(op, { dtype, isFused })(x, y, x.length);
  return [...y];
}

function appliedToPairs(
  op: BinaryOp,
  { dtype, isFused }: Kind,
  pairs: readonly (readonly [number, number])[],
): readonly number[] {
  const x = arrayFrom(dtype, pairs.map((pair) => pair[0])); // prettier-ignore
  const y = arrayFrom(dtype, pairs.map((pair) => pair[1])); // prettier-ignore
  const z = arrayFrom(dtype, pairs.map(() => 0)); // prettier-ignore
  binaryRunner(op, { dtype, isFused })(x, y, z, x.length);
  return [...z];
}

const isExact = (value: number): boolean => value === 0 || !Number.isFinite(value) || Math.abs(value) === 1;

describe.each(kinds)('$dtype, fused: $isFused', (kind) => {
  const { dtype } = kind;
  const round = dtype === 'f32' ? Math.fround : (x: number) => x;

  it.each([...exactReferences.keys()])('%s of 0, infinities and NaN has the very bits', (op) => {
    const reference = exactReference(op);
    const values = [0, -0, Infinity, -Infinity, NaN];
    expect(applied(op, kind, values)).toEqual(values.map((x) => round(reference(x))));
  });

  it.each([
    ['power', numerics.pow],
    ['atan2', numerics.atan2],
  ] as const)('%s is exact where IEEE 754 says so', (op, reference) => {
    const values = specialValues.map(round);
    const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));
    const expected = pairs.map(([x, y]) => round(reference(x, y)));
    const results = appliedToPairs(op, kind, pairs);
    pairs.forEach(([x, y], i) => {
      if (isExact(expected[i] ?? 0)) expect([x, y, results[i]]).toEqual([x, y, expected[i]]);
    });
  });

  it('odd functions keep subnormals and their sign', () => {
    const least = dtype === 'f32' ? 2 ** -149 : 5e-324;
    for (const op of ['sin', 'tan', 'tanh', 'expm1', 'log1p'] as const)
      expect([op, ...applied(op, kind, [least, -3 * least])]).toEqual([op, least, -3 * least]);
  });

  it('roots of perfect powers are exact', () => {
    expect(applied('rsqrt', kind, [1, 4, 0.25, 2 ** -126])).toEqual([1, 0.5, 2, 2 ** 63]);
    expect(applied('cbrt', kind, [1, -8, 27, 2 ** -126])).toEqual([1, -2, 3, 2 ** -42]);
  });

  it('round-away and sign are exact', () => {
    const values = [0.5, -0.5, 2.5, -2.5, 0.49999997, -0.3, 8388609, -0, Infinity, NaN];
    expect(applied('round-away', kind, values)).toEqual(values.map((x) => numerics.roundHalfAway(round(x))));
    expect(applied('sign', kind, values)).toEqual(values.map(Math.sign));
  });
});

describe.each([false, true])('the ends of the range, fused: %s', (isFused) => {
  const [f32, f64]: readonly [Kind, Kind] = [
    { dtype: 'f32', isFused },
    { dtype: 'f64', isFused },
  ];

  it('exp goes through the subnormals to 0, and to infinity', () => {
    expect(applied('exp', f32, [-103, -104, 88.8])).toEqual([2 ** -149, 0, Infinity]);
    expect(applied('exp', f32, [88.72])[0]).toBeLessThan(Infinity);
    expect(applied('exp', f64, [-745, -746, 710])).toEqual([5e-324, 0, Infinity]);
  });

  it('logistic keeps its tail', () => {
    expect(applied('logistic', f32, [-103, -200, 200])).toEqual([2 ** -149, 0, 1]);
  });

  it('a target that need not keep NaN rounds by instructions', () => {
    for (const target of [wasmTarget, webgpuTarget]) {
      const y = new Float32Array(1);
      unaryRunner('exp', { dtype: 'f32', isFused, target })(Float32Array.of(1), y, 1);
      expect(y[0]).toBe(Math.fround(Math.E));
    }
  });
});
