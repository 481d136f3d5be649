import { describe, expect, it } from 'vitest';
import { unknownLocation } from '../../../../ir/location.ts';
import { legalise } from '../../../../codegen/kernel/legalise.ts';
import { LoopBuilder } from '../../../../codegen/kernel/loop-builder.ts';
import { binary, load } from '../../../../codegen/kernel/loop-expressions.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { runEverywhere } from '../../plan/run-plan.ts';

/** Bytes over their whole range, and what makes bytes of sums again. */
function requantised(x: string, w: string, sum: string, contract: string): string {
  const [tx, tw, ts] = [x, w, sum].map((shape) => `tensor<${shape}x`);
  return `func.func @main(%x0: ${tx}i8>, %w0: ${tw}i8>) -> (${ts}i8>, ${ts}i32>) {
    %mx = stablehlo.constant dense<25> : ${tx}i8>
    %mw = stablehlo.constant dense<-25> : ${tw}i8>
    %x = stablehlo.multiply %x0, %mx : ${tx}i8>
    %w = stablehlo.multiply %w0, %mw : ${tw}i8>
    %sum = ${contract} : (${tx}i8>, ${tw}i8>) -> ${ts}i32>
    %scale = stablehlo.constant dense<0.0127> : ${ts}f32>
    %low = stablehlo.constant dense<-128.0> : tensor<f32>
    %high = stablehlo.constant dense<127.0> : tensor<f32>
    %f = stablehlo.convert %sum : (${ts}i32>) -> ${ts}f32>
    %s = stablehlo.multiply %f, %scale : ${ts}f32>
    %r = stablehlo.round_nearest_even %s : ${ts}f32>
    %c = stablehlo.clamp %low, %r, %high : (tensor<f32>, ${ts}f32>, tensor<f32>) -> ${ts}f32>
    %y = stablehlo.convert %c : (${ts}f32>) -> ${ts}i8>
    return %y, %sum : ${ts}i8>, ${ts}i32>
  }`;
}

function dot(m: number, k: number, n: number): string {
  const contract = 'stablehlo.dot_general %x, %w, contracting_dims = [1] x [0]';
  return requantised(`${m}x${k}`, `${k}x${n}`, `${m}x${n}`, contract);
}

function convolution(size: number, features: number, outputs: number): string {
  const contract = `stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
    {batch_group_count = 1 : i64, feature_group_count = 1 : i64}`;
  const [x, w] = [`1x${size}x${size}x${features}`, `3x3x${features}x${outputs}`];
  return requantised(x, w, `1x${size}x${size}x${outputs}`, contract);
}

function expectSame(text: string, sizes: Readonly<Record<string, number>> = {}): void {
  const { plan, kernel, wasm, expected } = runEverywhere(text, sizes);
  expect(
    JSON.stringify(plan.steps, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).toContain('dot-pairs');
  expect(kernel).toEqual(expected);
  expect(wasm).toEqual(expected);
}

describe('products of pairs', () => {
  it.each([
    [16, 64, 16],
    [13, 31, 11],
    [37, 2, 29],
    [9, 257, 17],
    [64, 33, 8],
  ])('%i x %i x %i', (m, k, n) => expectSame(dot(m, k, n)));

  it.each([
    [5, 31, 11],
    [16, 64, 24],
    [1, 129, 8],
  ])('%i x %i x %i with known weights', (m, k, n) => {
    const weights = Array.from({ length: k }, (_, row) =>
      Array.from({ length: n }, (_, column) => ((row * 37 + column * 91) % 256) - 128),
    );
    const known = `%w = stablehlo.constant dense<${JSON.stringify(weights)}> : tensor<${k}x${n}xi8>`;
    const text = dot(m, k, n).replace(/%w = stablehlo.multiply [^\n]*/, known);
    expectSame(text);
  });

  it.each([
    [7, 4, 8],
    [5, 3, 9],
    [3, 8, 8],
  ])('a window over %i x itself x %i to %i', (size, features, outputs) =>
    expectSame(convolution(size, features, outputs)),
  );

  it.each([1, 2, 7])('of a batch bound late: %i', (n) => {
    const late = (...rest: readonly number[]): string =>
      `tensor<?x${rest.join('x')}xi8, #tessera.tensor<dims = [n <= 16, ${rest.map(() => '_').join(', ')}]>>`;
    const sums = (...rest: readonly number[]): string => late(...rest).replace('xi8', 'xi32');
    const dims = '[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}';
    const groups = '{batch_group_count = 1 : i64, feature_group_count = 1 : i64}';
    expectSame(
      `func.func @main(%x: ${late(31)}, %w: tensor<31x12xi8>, %i: ${late(4, 5, 6)}, %v: tensor<3x3x6x8xi8>) -> (${sums(12)}, ${sums(4, 5, 8)}) {
        %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${late(31)}, tensor<31x12xi8>) -> ${sums(12)}
        %1 = stablehlo.convolution(%i, %v) dim_numbers = ${dims} ${groups} : (${late(4, 5, 6)}, tensor<3x3x6x8xi8>) -> ${sums(4, 5, 8)}
        return %0, %1 : ${sums(12)}, ${sums(4, 5, 8)}
      }`,
      { n },
    );
  });

  it('is shifts and products where the target has no instruction for it', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'i32', size: 8, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'i32', size: 4, access: 'write' });
    b.store(y, 0, binary('dot-pairs', load(x, 0), load(x, 4)));
    b.store(y, 0, binary('dot-pairs', load(x, 0, 4), load(x, 4, 4)));
    const kernel = b.kernel({ name: 'pairs', tiles: 1, location: unknownLocation });
    const count = (hasPairProducts: boolean): number =>
      loopKernelText(legalise(kernel, { ...wasmTarget, hasPairProducts })).split('dot-pairs').length - 1;
    expect(count(true)).toBe(2);
    expect(count(false)).toBe(0);
  });
});
