import { describe, expect, it } from 'vitest';
import { expandFft } from '../../passes/expand-fft.ts';
import { relativeDistance } from './close-meaning.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

function fourier(kind: string, lengths: readonly number[], from: string, to: string): string {
  return inFunction(
    `(%x: tensor<${from}>) -> tensor<${to}>`,
    `%0 = stablehlo.fft %x, type = ${kind}, length = [${lengths.join(', ')}] : (tensor<${from}>) -> tensor<${to}>
    return %0 : tensor<${to}>`,
  );
}

function expectNear(text: string, tolerance: number): void {
  const outcome = runPass(expandFft, text);
  expect(outcome.text).not.toContain('stablehlo.fft');
  expect(runPass(expandFft, outcome.text).changed).toBe(false);
  expect(relativeDistance(text, outcome.text)).toBeLessThan(tolerance);
}

describe('expand-fft', () => {
  it('makes a short transform products with matrices', () => {
    const { text } = runPass(expandFft, fourier('RFFT', [8], '3x8xf32', '3x5xcomplex<f32>'));
    expect([...text.matchAll(/stablehlo\.(\w+)/g)].map(([, name]) => name)).toEqual([
      'constant', 'constant', 'dot_general', 'dot_general', 'slice', 'slice', 'complex',
    ]); // prettier-ignore
  });

  it.each([1, 2, 3, 8, 17, 31, 32, 36, 60, 64, 74, 97, 131, 256, 262])('transforms lines of %i numbers', (length) => {
    const type = `2x${length}xcomplex<f64>`;
    expectNear(fourier('FFT', [length], type, type), 1e-14);
    expectNear(fourier('IFFT', [length], type, type), 1e-14);
  });

  it.each([1, 2, 5, 6, 33, 40, 64])('transforms lines of %i real numbers, and back', (length) => {
    const [real, half] = [`2x${length}xf64`, `2x${Math.floor(length / 2) + 1}xcomplex<f64>`];
    expectNear(fourier('RFFT', [length], real, half), 1e-14);
    expectNear(fourier('IRFFT', [length], half, real), 1e-14);
  });

  it.each([
    ['FFT', '4x6x10xcomplex<f32>', '4x6x10xcomplex<f32>'],
    ['IFFT', '4x6x10xcomplex<f32>', '4x6x10xcomplex<f32>'],
    ['RFFT', '4x6x10xf32', '4x6x6xcomplex<f32>'],
    ['IRFFT', '4x6x6xcomplex<f32>', '4x6x10xf32'],
  ])('transforms three axes: %s', (kind, from, to) => {
    expectNear(fourier(kind, [4, 6, 10], from, to), 1e-6);
  });

  it('keeps the digits of f32 over many splits', () => {
    expectNear(fourier('FFT', [4096], '1x4096xcomplex<f32>', '1x4096xcomplex<f32>'), 1e-6);
  });

  it('gives nothing for nothing', () => {
    expectNear(fourier('RFFT', [0], '2x0xf32', '2x0xcomplex<f32>'), 1e-6);
  });

  it('leaves transforms of unknown size, with a remark', () => {
    const text = fourier('FFT', [8], '?x8xcomplex<f32>', '?x8xcomplex<f32>');
    expectUnchanged(expandFft, text);
    expect(runPass(expandFft, text).remarks).toEqual([
      'expand-fft: stablehlo.fft is not expanded: its sizes are not known',
    ]);
  });
});
