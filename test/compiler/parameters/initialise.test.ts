import { describe, expect, it } from 'vitest';
import {
  initialise,
  type InitialiserKind,
  initialiserKinds,
  type InitialiserOptions,
  initialiserProblem,
  initialTensor,
} from '../../../compiler/parameters/initialise.ts';
import { normalQuantile } from '../../../compiler/parameters/normal-quantile.ts';
import type { DType } from '../../../ir/dtype.ts';
import { decodeFloat, erfInv, floatFormats } from '../../../ir/numerics/index.ts';

function numbers(
  kind: InitialiserKind,
  shape: readonly number[],
  options: InitialiserOptions = {},
  path = 'w',
  seed = 0n,
) {
  return Array.from(initialTensor(kind, { seed, path, shape, dtype: 'f64', options }).values, Number);
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [{ mean: meanA, variance: va }, { mean: meanB, variance: vb }] = [moments(a), moments(b)];
  const sum = a.reduce((total, value, index) => total + (value - meanA) * ((b[index] ?? 0) - meanB), 0);
  return sum / a.length / Math.sqrt(va * vb);
}

describe('normalQuantile', () => {
  it.each([1e-300, 1e-20, 1e-9, 0.001, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.9251, 0.999])(
    'is the inverse of the distribution at %d',
    (p) => {
      // 2p - 1 has too few digits in the far tail; there, only order is checked.
      if (p < 1e-9) expect(normalQuantile(p)).toBeLessThan(normalQuantile(p * 1.1));
      else
        expect(Math.abs(normalQuantile(p) - Math.SQRT2 * erfInv(2 * p - 1))).toBeLessThan(p < 1e-3 ? 1e-8 : 1e-15 * 4);
    },
  );
});

describe('initial values', () => {
  const count = 40_000;
  // Of a mean of so many numbers of deviation 1: five of its own deviations.
  const slack = 5 / Math.sqrt(count);

  it.each<[InitialiserKind, InitialiserOptions, number, number]>([
    ['uniform', {}, 0.5, 1 / 12],
    ['uniform', { low: -2, high: 4 }, 1, 3],
    ['normal', {}, 0, 1],
    ['normal', { mean: 3, deviation: 0.5 }, 3, 0.25],
    ['truncated_normal', {}, 0, 0.8796256610342398 ** 2],
    ['glorot_uniform', {}, 0, 2 / (100 + 400)],
    ['glorot_normal', {}, 0, 2 / (100 + 400)],
    ['he_uniform', {}, 0, 2 / 100],
    ['he_normal', { gain: 2 }, 0, (4 * 2) / 100],
    ['lecun_uniform', {}, 0, 1 / 100],
    ['lecun_normal', { fanIn: 25 }, 0, 1 / 25],
  ])('of %s %o have their mean and variance', (kind, options, mean, variance) => {
    const found = moments(numbers(kind, [100, 400], options));
    const deviation = Math.sqrt(variance);
    expect(Math.abs(found.mean - mean) / deviation).toBeLessThan(slack);
    // The variance of a square is at most twice that of a normal number.
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(slack * Math.SQRT2);
  });

  it('are normal where they say so: a share of numbers in each tenth', () => {
    const values = numbers('normal', [count]);
    const bins = new Array<number>(10).fill(0);
    const edges = Array.from({ length: 9 }, (_, index) => normalQuantile((index + 1) / 10));
    for (const value of values) {
      const bin = edges.findIndex((edge) => value < edge);
      const at = bin < 0 ? 9 : bin;
      bins[at] = (bins[at] ?? 0) + 1;
    }
    const chiSquared = bins.reduce((sum, found) => sum + (found - count / 10) ** 2 / (count / 10), 0);
    // Nine degrees of freedom: above 33.7 with probability 1e-4.
    expect(chiSquared).toBeLessThan(33.7);
  });

  it('are cut at two deviations, or within the interval', () => {
    expect(numbers('truncated_normal', [count]).every((value) => Math.abs(value) <= 2)).toBe(true);
    expect(numbers('uniform', [count], { low: 1, high: 2 }).every((value) => value > 1 && value < 2)).toBe(true);
  });

  it('of convolutions count the window into both fans', () => {
    const { variance } = moments(numbers('glorot_uniform', [3, 3, 40, 60]));
    expect(variance * ((9 * 100) / 2)).toBeCloseTo(1, 1);
  });

  it.each([
    ['another path', 'normal', ['w', 0n], ['v', 0n]],
    ['a path that goes on', 'normal', ['w', 0n], ['w.0', 0n]],
    ['a path with a zero after it', 'normal', ['w', 0n], ['w\0', 0n]],
    ['another seed', 'normal', ['w', 0n], ['w', 1n]],
    ['a seed with other high bits', 'normal', ['w', 0n], ['w', 1n << 32n]],
  ] as const)('are independent for %s', (_, kind, [path, seed], [otherPath, otherSeed]) => {
    const [a, b] = [numbers(kind, [count], {}, path, seed), numbers(kind, [count], {}, otherPath, otherSeed)];
    expect(Math.abs(correlation(a, b))).toBeLessThan(slack);
    expect(Math.abs(correlation(a.slice(1), b.slice(0, -1)))).toBeLessThan(slack);
    expect(Math.abs(correlation(a.slice(1), a.slice(0, -1)))).toBeLessThan(slack);
  });

  it('do not depend on the size of an outer axis: more rows leave the first ones as they are', () => {
    expect(numbers('normal', [3, 5])).toEqual(numbers('normal', [9, 5]).slice(0, 15));
  });

  it.each([
    [[6, 6], 1],
    [[20, 7], 1],
    [[7, 20], 2],
    [[3, 2, 4], 1],
    [[1, 1], 1],
    [[40, 160], 1],
  ])('of orthogonal matrices %j are orthonormal', (shape, gain) => {
    const values = numbers('orthogonal', shape, { gain });
    const columns = shape.at(-1) ?? 1;
    const rows = values.length / columns;
    const at = (row: number, column: number): number => values[row * columns + column] ?? 0;
    const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
    const entry = (which: number, index: number): number => (rows >= columns ? at(index, which) : at(which, index));
    for (let a = 0; a < short; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let index = 0; index < long; index++) dot += entry(a, index) * entry(b, index);
        expect(Math.abs(dot - (a === b ? gain * gain : 0))).toBeLessThan(1e-14 * long);
      }
    }
  });

  it('of orthogonal matrices are uniform: no sign is preferred', () => {
    const corners = Array.from({ length: 400 }, (_, index) => numbers('orthogonal', [2, 2], {}, `w${index}`)[0] ?? 0);
    expect(Math.abs(moments(corners).mean)).toBeLessThan(0.2);
    expect(moments(corners).variance).toBeCloseTo(0.5, 1);
  });

  it.each<[DType, InitialiserKind, ArrayLike<number | bigint>]>([
    ['f32', 'zeros', [0]],
    ['bf16', 'ones', [0x3f80]],
    ['f16', 'constant', [0x3e00]],
    ['i64', 'ones', [1n]],
    ['ui8', 'zeros', [0]],
    ['i1', 'ones', [1]],
    ['complex<f32>', 'ones', [1, 0]],
  ])('of %s: %s is one element for all', (dtype, kind, expected) => {
    const found = initialise(kind, { seed: 0n, path: 'w', shape: [1000, 1000], dtype, options: { value: 1.5 } });
    expect(found.splat).toBe(true);
    expect([...found.values]).toEqual(expected);
  });

  it('fill a tensor where one is wanted', () => {
    const tensor = initialTensor('ones', { seed: 0n, path: 'w', shape: [2], dtype: 'complex<f32>' });
    expect([...tensor.values]).toEqual([1, 0, 1, 0]);
  });

  it.each(['f32', 'f16', 'bf16'] as const)('of %s are those of f64, rounded', (dtype) => {
    const request = { seed: 5n, path: 'w', shape: [50] };
    const exact = initialise('he_normal', { ...request, dtype: 'f64' }).values;
    const rounded = initialise('he_normal', { ...request, dtype }).values;
    for (const [index, value] of exact.entries()) {
      const found = Number(rounded[index]);
      const decoded = dtype === 'f32' ? found : decodeFloat(found, floatFormats[dtype]);
      const ulp = { f32: 2 ** -24, f16: 2 ** -11, bf16: 2 ** -8 }[dtype];
      expect(Math.abs(decoded - Number(value))).toBeLessThanOrEqual(Math.abs(Number(value)) * ulp * 1.0001 + 2 ** -25);
    }
  });

  it('never change: a seed and a name mean these numbers for ever', () => {
    const shown = initialiserKinds.map((kind) => {
      const values = initialise(kind, { seed: 42n, path: 'blocks.0.qkv.weight', shape: [2, 2], dtype: 'f32' }).values;
      return `${kind}: ${Array.from(values as Float32Array).join(' ')}`;
    });
    expect(shown).toMatchInlineSnapshot(`
      [
        "zeros: 0",
        "ones: 1",
        "constant: 0",
        "uniform: 0.3765451908111572 0.0011070198379456997 0.9741429686546326 0.9196065068244934",
        "normal: -0.31456705927848816 -3.0599093437194824 1.9455065727233887 1.4024296998977661",
        "truncated_normal: -0.2998063862323761 -1.9808012247085571 1.6702935695648193 1.2844877243041992",
        "glorot_uniform: -0.30240127444267273 -1.2220332622528076 1.1614084243774414 1.0278218984603882",
        "glorot_normal: -0.24100607633590698 -1.5923115015029907 1.342702865600586 1.0325641632080078",
        "he_uniform: -0.4276599884033203 -1.7282159328460693 1.642479419708252 1.4535596370697021",
        "he_normal: -0.3408340513706207 -2.251868486404419 1.8988685607910156 1.4602662324905396",
        "lecun_uniform: -0.30240127444267273 -1.2220332622528076 1.1614084243774414 1.0278218984603882",
        "lecun_normal: -0.24100607633590698 -1.5923115015029907 1.342702865600586 1.0325641632080078",
        "orthogonal: -0.10226377099752426 0.9947572946548462 -0.9947572946548462 -0.10226377099752426",
      ]
    `);
  });

  it('of empty parameters are none', () => {
    for (const kind of initialiserKinds) {
      const { splat, values } = initialise(kind, { seed: 0n, path: 'w', shape: [0, 3], dtype: 'f32' });
      expect(splat || values.length === 0, kind).toBe(true);
    }
  });

  it.each([
    ['normal', [2], 'i32', 'normal gives floats, and the parameter is i32'],
    ['orthogonal', [2], 'f32', 'orthogonal wants a matrix, and the parameter is of rank 1'],
    ['glorot_uniform', [2], 'complex<f32>', 'glorot_uniform gives floats, and the parameter is complex<f32>'],
    ['zeros', [2], 'i32', undefined],
  ] as const)('%s of %j %s: %s', (kind, shape, dtype, problem) => {
    expect(initialiserProblem(kind, { shape, dtype })).toBe(problem);
  });
});
