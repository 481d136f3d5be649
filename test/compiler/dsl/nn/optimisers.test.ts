import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type OutputArray, parameters, run } from '../../../../compiler/api/index.ts';
import { filled } from '../../../samples/filled.ts';
import { expectNear, numbersOf } from '../../../samples/sample.ts';

const main = 'optimisers.tess';
const source = { main, files: { [main]: new Uint8Array(readFileSync(new URL(main, import.meta.url))) } };
const given = { w: filled('w', 4), b: filled('b', 2, 2) };

function outputsOf(
  fn: string,
  inputs: Parameters<typeof run>[1],
  target: 'reference' | 'wasm',
): Readonly<Record<string, OutputArray>> {
  const result = run(source, inputs, { fn, target });
  if (!result.ok) throw new Error(result.text);
  return result.outputs;
}

/** One element after three steps, in f64: `update` gives the step for a gradient, with memory of its own. */
function after(
  start: number,
  gradient: (p: number) => number,
  makeUpdate: () => (p: number, g: number) => number,
): number {
  const update = makeUpdate();
  let p = start;
  for (let step = 0; step < 3; step++) p = update(p, gradient(p));
  return p;
}

function adam(rate: number, decay: number): () => (p: number, g: number) => number {
  return () => {
    let [step, m, v] = [0, 0, 0];
    return (p, g) => {
      step++;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const [mean, variance] = [m / (1 - 0.9 ** step), v / (1 - 0.999 ** step)];
      return p - (rate * mean) / (Math.sqrt(variance) + 1e-8) - rate * decay * p;
    };
  };
}

const updates: Readonly<Record<string, () => (p: number, g: number) => number>> = {
  f_sgd: () => (p, g) => p - 0.1 * (g + 0.01 * p),
  f_momentum: () => {
    let velocity = 0;
    return (p, g) => p - 0.1 * (velocity = 0.8 * velocity + g + 0.01 * p);
  },
  f_adam: adam(0.1, 0),
  f_adamw: adam(0.1, 0.02),
  f_rmsprop: () => {
    let mean = 0;
    return (p, g) => {
      mean = 0.9 * mean + 0.1 * g * g;
      return p - (0.1 * g) / (Math.sqrt(mean) + 1e-8);
    };
  },
};

describe('nn optimisers', () => {
  it.each(Object.keys(updates))('%s updates a tree as its paper says', (fn) => {
    const update = updates[fn];
    if (update === undefined) throw new Error(fn);
    const reference = outputsOf(fn, given, 'reference');
    const wanted = {
      w: { data: given.w.data.map((p) => after(p, (x) => 2 * x + 1, update)), shape: [4] },
      b: { data: given.b.data.map((p) => after(p, (x) => 0.5 * x, update)), shape: [2, 2] },
    };
    const { w, b } = reference;
    if (w === undefined || b === undefined) throw new Error('no results');
    expectNear({ w, b }, wanted, 1e-5);
    expectNear(outputsOf(fn, given, 'wasm'), reference, 1e-6);
  });

  it('clip_by_norm keeps the direction and limits the norm over the whole tree', () => {
    const { w, b } = outputsOf('clipped', given, 'reference');
    const [clipped, before] = [
      [...numbersOf(w?.data), ...numbersOf(b?.data)],
      [...given.w.data, ...given.b.data],
    ];
    const norm = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    expect(norm(clipped)).toBeCloseTo(Math.min(0.5, norm(before)), 5);
    const [first] = clipped;
    expect((first ?? 0) / (before[0] ?? 1)).toBeCloseTo(norm(clipped) / norm(before), 4);
  });

  it.each([
    [0, 0.1, 0.1],
    [10, 0.01, 0.05 * (1 + Math.SQRT1_2)],
    [25, 0.001, 0.05 * (1 + Math.cos((Math.PI * 25) / 40))],
    [50, 0.001, 0],
  ])('rates at step %i', (step, steps, cosine) => {
    const outputs = outputsOf('rates', { step: Int32Array.of(step) }, 'reference');
    expect(numbersOf(outputs['steps']?.data)[0]).toBeCloseTo(steps, 6);
    expect(numbersOf(outputs['cosine']?.data)[0]).toBeCloseTo(cosine, 6);
  });
});

describe('nn initialisers', () => {
  const list = parameters(source);
  if (!list.ok) throw new Error(list.text);
  const drawn = (name: string, seed = 0): readonly number[] => {
    const parameter = list.parameters.find((candidate) => candidate.name === `${name}.value`);
    return numbersOf(parameter?.initial(seed).data);
  };

  it.each([
    ['glorot', Math.sqrt(2 / 112)],
    ['he', Math.sqrt(2 / 64)],
    ['lecun', Math.sqrt(1 / 64)],
    // The standard deviation of a normal distribution cut at two of its own.
    ['truncated', 0.5 * 0.8796],
  ])('%s has mean 0 and the standard deviation %f', (name, deviation) => {
    const values = drawn(name);
    expect(values).toHaveLength(64 * 48);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
    expect(Math.sqrt(variance) / deviation).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / deviation).toBeLessThan(1.05);
  });

  it('orthogonal has orthonormal columns', () => {
    const values = drawn('orthogonal');
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [5, 47],
      [30, 30],
    ] as const) {
      let product = 0;
      for (let row = 0; row < 64; row++) product += (values[row * 48 + i] ?? 0) * (values[row * 48 + j] ?? 0);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  });

  it('draws by seed and by name', () => {
    expect(drawn('he', 1)).not.toEqual(drawn('he', 2));
    expect(drawn('he')[0]).not.toBe(drawn('lecun')[0]);
    expect(drawn('he', 1)).toEqual(drawn('he', 1));
  });
});
