import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { elementsOf, opText, problems, run } from '../run-text.ts';

type FftType = 'FFT' | 'IFFT' | 'RFFT' | 'IRFFT';

function transform(kind: FftType, lengths: readonly number[], input: Tensor, result: string): number[] {
  const type = input.type.text;
  const text = `func.func @main(%arg0: ${type}) -> ${result} {
    %0 = stablehlo.fft %arg0, type = ${kind}, length = [${lengths.join(', ')}] : (${type}) -> ${result}
    return %0 : ${result}
  }`;
  return elementsOf(run(text, [input])[0]).map(Number);
}

/** Numbers without a pattern, the same at each run. */
function noise(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

/** The transform by its definition, in O(n^2). */
function definition(input: Float64Array): Float64Array {
  const n = input.length / 2;
  const output = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      const [re = 0, im = 0] = [input[2 * j], input[2 * j + 1]];
      output[2 * k] = (output[2 * k] ?? 0) + re * Math.cos(angle) - im * Math.sin(angle);
      output[2 * k + 1] = (output[2 * k + 1] ?? 0) + re * Math.sin(angle) + im * Math.cos(angle);
    }
  }
  return output;
}

function largestDifference(a: readonly number[], b: ArrayLike<number>): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))), Math.abs(a.length - b.length));
}

describe('fft', () => {
  it.each([1, 2, 3, 4, 5, 8, 12, 13, 16, 30, 31, 37, 49, 64, 97, 100, 128, 143, 211])(
    'of length %i agrees with the definition',
    (n) => {
      const input = noise(2 * n);
      const output = transform('FFT', [n], new Tensor('complex<f64>', [n], input), `tensor<${n}xcomplex<f64>>`);
      expect(largestDifference(output, definition(input))).toBeLessThan(1e-12 * n);
    },
  );

  it('is undone by its inverse, over three dimensions', () => {
    const type = 'tensor<2x3x5x7xcomplex<f64>>';
    const input = noise(2 * 2 * 3 * 5 * 7);
    const there = transform('FFT', [3, 5, 7], new Tensor('complex<f64>', [2, 3, 5, 7], input), type);
    const back = new Tensor('complex<f64>', [2, 3, 5, 7], Float64Array.from(there));
    expect(largestDifference(transform('IFFT', [3, 5, 7], back, type), input)).toBeLessThan(1e-14);
  });

  it('of real numbers gives half the spectrum, and back', () => {
    for (const n of [1, 2, 5, 6, 37]) {
      const half = Math.floor(n / 2) + 1;
      const input = noise(2 * n);
      const spectrum = transform('RFFT', [2, n], new Tensor('f64', [2, n], input), `tensor<2x${half}xcomplex<f64>>`);
      const back = new Tensor('complex<f64>', [2, half], Float64Array.from(spectrum));
      expect(largestDifference(transform('IRFFT', [2, n], back, `tensor<2x${n}xf64>`), input)).toBeLessThan(1e-13);
    }
  });

  it('of nothing is nothing', () => {
    expect(transform('RFFT', [0], new Tensor('f32', [2, 0], new Float32Array()), 'tensor<2x0xcomplex<f32>>')).toEqual(
      [],
    );
  });
});

function wrong(kind: FftType, lengths: string, operand: string, result: string): string[] {
  const attributes = `fft_type = #stablehlo<fft_type ${kind}>, fft_length = ${lengths}`;
  return problems(opText('stablehlo.fft', attributes, [operand], [result]));
}

describe('the constraints of fft', () => {
  it.each([
    ['C1', 'FFT', 'array<i64: 2, 2>', 'tensor<2xcomplex<f32>>', 'tensor<2xcomplex<f32>>'],
    ['C2', 'FFT', 'array<i64: 2>', 'tensor<2xf32>', 'tensor<2xf32>'],
    ['C2', 'RFFT', 'array<i64: 2>', 'tensor<2xcomplex<f32>>', 'tensor<2xcomplex<f32>>'],
    ['C2', 'RFFT', 'array<i64: 2>', 'tensor<2xf16>', 'tensor<2xcomplex<f32>>'],
    ['C3', 'FFT', 'array<i64>', 'tensor<2xcomplex<f32>>', 'tensor<2xcomplex<f32>>'],
    ['C3', 'FFT', 'array<i64: 1, 1, 1, 1>', 'tensor<1x1x1x1xcomplex<f32>>', 'tensor<1x1x1x1xcomplex<f32>>'],
    ['C4', 'RFFT', 'array<i64: 4>', 'tensor<5xf32>', 'tensor<3xcomplex<f32>>'],
    ['C5', 'IRFFT', 'array<i64: 4>', 'tensor<4xcomplex<f32>>', 'tensor<4xf32>'],
    ['C5', 'RFFT', 'array<i64: 4>', 'tensor<4xf32>', 'tensor<4xcomplex<f32>>'],
  ] as const)('%s is named for %s', (id, kind, lengths, operand, result) => {
    expect(wrong(kind, lengths, operand, result)).toEqual([expect.stringMatching(new RegExp(`fft .*${id}\\b`))]);
  });

  it('let unknown sizes pass', () => {
    expect(wrong('IRFFT', 'array<i64: 7>', 'tensor<3x?xcomplex<f32>>', 'tensor<3x7xf32>')).toEqual([]);
  });
});
