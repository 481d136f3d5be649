import { describe, expect, it } from 'vitest';
import { filled } from './filled.ts';
import { expectNear, numbersOf, recorded, Sample, trained } from './sample.ts';

/** Of f32 sums in another order than JAX's, through a few layers. */
const layers = 1e-5;

describe.each([
  ['mnist-softmax', 96],
  ['mnist-mlp', 100],
  ['mnist-cnn', 99],
])('%s', (name, right) => {
  const digits = recorded('digits/digits.npy', 'ui8');
  const labels = recorded('digits/labels.npy', 'i32');

  it(`reads ${right} of 100 digits, with the probabilities that JAX gives`, () => {
    const count = name === 'mnist-cnn' ? 20 : 100;
    const pixels = { data: digits.data.slice(0, count * 784), shape: [count, 28, 28] };
    const { probs, digit } = new Sample(name).run({ pixels, ...trained(name) });
    const expected = recorded(`${name}/probs.npy`);
    const part = { data: expected.data.slice(0, count * 10), shape: [count, 10] };
    if (probs === undefined || digit === undefined) throw new Error('results are missing');
    expectNear({ probs }, { probs: part }, layers);
    const correct = numbersOf(digit.data).filter((label, index) => label === numbersOf(labels.data)[index]);
    expect(correct.length).toBeGreaterThanOrEqual(right - (100 - count));
  });
});

describe('linear', () => {
  it('is the plane that its parameters say', () => {
    const { y } = new Sample('linear').run({
      x: { data: Float32Array.of(0, 0, 1, 0, 0, 1, 10, 20), shape: [4, 2] },
      w: Float32Array.of(0.1, 0.2),
      b: Float32Array.of(0.3),
    });
    expectNear({ y: y ?? recorded('') }, { y: { data: Float32Array.of(0.3, 0.4, 0.5, 5.3), shape: [4] } }, 1e-6);
  });
});

describe('samples whose parameters are made of their names', () => {
  it('resnet-cifar: two images through 20 layers', () => {
    const sample = new Sample('resnet-cifar');
    const dims = { n: 2 };
    const outputs = sample.run({ x: filled('x', 2, 32, 32, 3), ...sample.filledParameters({ dims }) }, {}, 1e-4);
    expectNear(outputs, { probs: recorded('resnet-cifar/probs.npy') }, 1e-4);
  });

  it('cnp: seven points from five', () => {
    const sample = new Sample('cnp');
    const inputs = {
      context_x: filled('context_x', 3, 5),
      context_y: filled('context_y', 3, 5),
      target_x: filled('target_x', 3, 7),
    };
    const options = { fn: 'predict' };
    const fields = sample.filledParameters({ ...options, dims: { n: 3, c: 5, t: 7 } });
    const outputs = sample.run({ ...inputs, ...fields }, options);
    expectNear(outputs, { mu: recorded('cnp/mu.npy'), sigma: recorded('cnp/sigma.npy') }, layers);
  });

  it('cnp: curves of a Gaussian process', () => {
    const inputs = { z: filled('z', 4, 24), x: { ...filled('points', 1, 24), shape: [24] } };
    const outputs = new Sample('cnp').run(inputs, { fn: 'curves' }, 1e-3);
    // The kernel's matrix has a condition number near 1e4.
    expectNear(outputs, { y: recorded('cnp/curves.npy') }, 2e-3);
  });

  it('cnp: draws from a seed, the same each time', () => {
    const sample = new Sample('cnp');
    const draw = (seed: number) => sample.run({ seed: Uint32Array.of(seed, 0) }, { fn: 'sample' }, 1e-3);
    const { x, y } = draw(1);
    expect(draw(1)['y']?.data).toEqual(y?.data);
    expect(draw(2)['y']?.data).not.toEqual(y?.data);
    expect(numbersOf(x?.data).every((point) => point >= -2 && point < 2)).toBe(true);
    const values = numbersOf(y?.data);
    expect(values).toHaveLength(16 * 24);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance).toBeGreaterThan(0.4);
    expect(variance).toBeLessThan(2);
  });

  it('lstm: twenty steps', () => {
    const sample = new Sample('lstm');
    const fields = sample.filledParameters({ dims: { n: 2, t: 20 } });
    expectNear(sample.run({ x: filled('x', 2, 20, 8), ...fields }), { probs: recorded('lstm/probs.npy') }, layers);
  });

  it('temporal-conv: forty steps', () => {
    const sample = new Sample('temporal-conv');
    const fields = sample.filledParameters({ dims: { n: 2, t: 40 } });
    expectNear(
      sample.run({ x: filled('x', 2, 40, 4), ...fields }),
      { next: recorded('temporal-conv/next.npy') },
      layers,
    );
  });

  it('transformer: generates what attention over the whole sequence gives', () => {
    const sample = new Sample('transformer');
    const dims = { 'generate.n': 2, 'generate.p': 4 };
    const fields = sample.filledParameters({ fn: 'generate', dims });
    const prompt = { data: Int32Array.of(3, 14, 15, 9, 2, 7, 18, 28), shape: [2, 4] };
    const outputs = sample.run({ prompt, count: Int32Array.of(16), ...fields }, { fn: 'generate' });
    expectNear(outputs, { out: recorded('transformer/ids.npy', 'i32') }, 0);
  });
});

describe('linear-algebra', () => {
  const sample = new Sample('linear-algebra');
  const a = recorded('linear-algebra/matrix.npy');

  it('factors and solves as NumPy does in f64', () => {
    expectNear(sample.run({ a }, { fn: 'factor' }), { l: recorded('linear-algebra/factor.npy') }, 1e-5);
    const b = filled('b', 6, 2);
    expectNear(sample.run({ a, b }, { fn: 'solve' }), { x: recorded('linear-algebra/solution.npy') }, 1e-5);
    expectNear(sample.run({ a, b }, { fn: 'product' }), { c: productOf(a.data, b.data) }, 1e-5);
  });

  it('transforms signals', () => {
    const x = { ...filled('signal', 1, 30), shape: [30] };
    const y = { ...filled('other', 1, 30), shape: [30] };
    expectNear(sample.run({ x }, { fn: 'spectrum' }), { power: recorded('linear-algebra/spectrum.npy') }, 1e-5);
    expectNear(sample.run({ x, y }, { fn: 'convolve' }), { z: recorded('linear-algebra/convolution.npy') }, 1e-5);
  });

  it('finds the largest eigenvalue', () => {
    const start = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { value } = sample.run({ a, start, steps: Int32Array.of(200) }, { fn: 'dominant' }, 1e-4);
    const largest = recorded('linear-algebra/largest.npy');
    expectNear({ value: value ?? largest }, { value: largest }, 1e-4);
  });
});

/** `[6, 6] x [6, 2]` in f64. */
function productOf(
  a: ArrayLike<number | bigint>,
  b: ArrayLike<number>,
): { data: Float32Array; shape: readonly number[] } {
  const data = new Float32Array(12).map((_, at) => {
    let sum = 0;
    for (let k = 0; k < 6; k++) sum += Number(a[(at >> 1) * 6 + k]) * (b[k * 2 + (at % 2)] ?? 0);
    return sum;
  });
  return { data, shape: [6, 2] };
}
