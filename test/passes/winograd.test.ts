import { describe, expect, it } from 'vitest';
import { winograd } from '../../passes/winograd.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { isTensor } from '../../ir/types.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, load, runPass } from './pass-fixture.ts';

interface Form {
  readonly lhs: string;
  readonly rhs: string;
  readonly result: string;
  readonly dims?: string;
  readonly window?: string;
  readonly attributes?: string;
}

const image = '[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]';
const padded = 'pad = [[1, 1], [1, 1]]';
const oneGroup = 'batch_group_count = 1 : i64, feature_group_count = 1 : i64';

function conv({ lhs, rhs, result, dims = image, window = padded, attributes = oneGroup }: Form, weights = ''): string {
  const types = `(tensor<${lhs}>, tensor<${rhs}>) -> tensor<${result}>`;
  const parameters = weights === '' ? `%x: tensor<${lhs}>, %w: tensor<${rhs}>` : `%x: tensor<${lhs}>`;
  return inFunction(
    `(${parameters}) -> tensor<${result}>`,
    `${weights}
    %0 = stablehlo.convolution(%x, %w) dim_numbers = ${dims}, window = {${window}} {${attributes}} : ${types}
    return %0 : tensor<${result}>`,
  );
}

type Fill = (index: number, which: number) => number;

/** Numbers of few bits: no transform rounds them. */
const exact: Fill = (index, which) => (((index * 7 + which * 3) % 11) - 5) / 4;
const whole: Fill = (index, which) => ((index * 7 + which * 3) % 255) - 127;

function evaluate(text: string, fill: Fill, batch = 3): readonly number[] {
  const module = load(text);
  const func = new SymbolTable(module).lookup('f');
  if (func === undefined) throw new Error('no @f');
  const inputs = func.region().block.arguments.map(({ type }, which) => {
    if (!isTensor(type) || typeof type.element !== 'string') throw new Error('tensors only');
    const tensor = Tensor.zeros(
      type.element,
      type.shape.map((dim) => (typeof dim === 'number' ? dim : batch)),
    );
    for (let index = 0; index < tensor.values.length; index++) tensor.values[index] = fill(index, which);
    return tensor;
  });
  const [result] = evaluateFunction(module, 'f', inputs);
  if (!(result instanceof Tensor)) throw new Error('no tensor');
  return Array.from(result.values, Number);
}

function expectTransformed(text: string, fill: Fill = exact): string {
  const outcome = runPass(winograd, text);
  expect(outcome.text).not.toContain('stablehlo.convolution');
  expect(outcome.text).toContain('stablehlo.dot_general');
  expect(runPass(winograd, outcome.text).changed).toBe(false);
  expect(evaluate(outcome.text, fill)).toEqual(evaluate(text, fill));
  return outcome.text;
}

const plain: Form = { lhs: '1x14x14x32xf32', rhs: '3x3x32x32xf32', result: '1x14x14x32xf32' };

describe('winograd', () => {
  it('takes sixteen products for four results, and says so', () => {
    expect(runPass(winograd, conv(plain)).remarks.join()).toMatch(
      /16 multiplications for 4 results in place of 36: estimated 1\.\d\d of the speed/,
    );
    expect(expectTransformed(conv(plain))).toContain(
      '(tensor<16x1x49x32xf32>, tensor<16x32x32xf32>) -> tensor<16x1x49x32xf32>',
    );
  });

  it.each<readonly [string, Form]>([
    ['odd sizes', { ...plain, lhs: '2x13x15x32xf32', result: '2x13x15x32xf32' }],
    ['no padding', { ...plain, lhs: '1x15x15x32xf32', result: '1x13x13x32xf32', window: '' }],
    [
      'padding of one side, and cut edges',
      { ...plain, lhs: '1x14x14x32xf32', result: '1x15x12x32xf32', window: 'pad = [[3, 0], [-1, 1]]' },
    ],
    ['windows that are reversed', { ...plain, window: `${padded}, reverse = [true, false]` }],
    [
      'features before the picture',
      {
        lhs: '1x32x14x14xf32',
        rhs: '24x32x3x3xf32',
        result: '1x24x14x14xf32',
        dims: '[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]',
      },
    ],
    [
      'one dimension',
      {
        lhs: '2x128x64xf32',
        rhs: '3x64x64xf32',
        result: '2x128x64xf32',
        dims: '[b, 0, f]x[0, i, o]->[b, 0, f]',
        window: 'pad = [[1, 1]]',
      },
    ],
    [
      'windows of one place in the other dimension',
      {
        ...plain,
        lhs: '1x64x3x64xf32',
        rhs: '3x1x64x64xf32',
        result: '1x64x3x64xf32',
        window: 'pad = [[1, 1], [0, 0]]',
      },
    ],
    [
      'three dimensions',
      {
        lhs: '1x6x6x6x16xf32',
        rhs: '3x3x3x16x16xf32',
        result: '1x6x6x6x16xf32',
        dims: '[b, 0, 1, 2, f]x[0, 1, 2, i, o]->[b, 0, 1, 2, f]',
        window: 'pad = [[1, 1], [1, 1], [1, 1]]',
      },
    ],
    [
      'a batch bound late',
      {
        ...plain,
        lhs: '?x14x14x32xf32, #tessera.tensor<dims = [n, _, _, _]>',
        result: '?x14x14x32xf32, #tessera.tensor<dims = [n, _, _, _]>',
      },
    ],
  ])('takes %s', (_, form) => {
    expectTransformed(conv(form));
  });

  it('transforms constant weights', () => {
    const numbers = Array.from({ length: 9 * 1024 }, (_, index) => exact(index, 1));
    const bytes = Buffer.from(Float32Array.from(numbers).buffer).toString('hex').toUpperCase();
    const text = conv(plain, `%w = stablehlo.constant dense<"0x${bytes}"> : tensor<3x3x32x32xf32>`);
    const after = expectTransformed(text);
    expect(after).not.toContain('stablehlo.multiply');
  });

  it('takes narrow integers exactly', () => {
    const form: Form = { lhs: '1x12x12x32xi8', rhs: '3x3x32x32xi8', result: '1x12x12x32xi32' };
    expect(expectTransformed(conv(form), whole)).toContain('shift_right_arithmetic');
    const constant = `%w = stablehlo.constant dense<-128> : tensor<3x3x32x32xi8>`;
    expectTransformed(conv(form, constant), (index) => (index % 3 === 0 ? -128 : 127));
  });

  it('is about as exact as sums of products', () => {
    const noise: Fill = (index, which) => Math.fround((Math.sin(index * 12.9898 + which) * 43758.5453) % 1);
    const form: Form = { lhs: '1x12x12x64xf32', rhs: '3x3x64x16xf32', result: '1x12x12x16xf32' };
    const text = conv(form);
    const [direct, transformed] = [evaluate(text, noise), evaluate(runPass(winograd, text).text, noise)];
    const worst = direct.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (transformed[index] ?? NaN))),
      0,
    );
    // 576 products below 1: the bound of two orders is 576 * 2^-23 * 576.
    expect(worst).toBeLessThan(576 * 2 ** -23);
    expect(worst).toBeGreaterThan(0);
  });

  it.each<readonly [string, Form]>([
    ['strides', { ...plain, result: '1x7x7x32xf32', window: `stride = [2, 2], ${padded}` }],
    ['windows with gaps', { ...plain, window: 'pad = [[2, 2], [2, 2]], rhs_dilate = [2, 2]' }],
    [
      'places between elements',
      { ...plain, lhs: '1x14x14x32xf32', result: '1x27x27x32xf32', window: `${padded}, lhs_dilate = [2, 2]` },
    ],
    ['windows of five', { ...plain, rhs: '5x5x32x32xf32', window: 'pad = [[2, 2], [2, 2]]' }],
    ['windows of one', { ...plain, rhs: '1x1x32x32xf32', window: '' }],
    [
      'groups',
      { ...plain, rhs: '3x3x16x32xf32', attributes: 'batch_group_count = 1 : i64, feature_group_count = 2 : i64' },
    ],
    [
      'other precisions',
      {
        ...plain,
        attributes: `${oneGroup}, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]`,
      },
    ],
    ['doubles', { lhs: '1x14x14x32xf64', rhs: '3x3x32x32xf64', result: '1x14x14x32xf64' }],
    ['halves', { lhs: '1x14x14x32xf16', rhs: '3x3x32x32xf16', result: '1x14x14x32xf16' }],
    ['integers that do not fit', { lhs: '1x14x14x32xi16', rhs: '3x3x32x32xi16', result: '1x14x14x32xi32' }],
    ['sizes that are not known', { ...plain, lhs: '1x?x14x32xf32', result: '1x?x14x32xf32' }],
  ])('leaves %s as they are', (_, form) => {
    expectUnchanged(winograd, conv(form));
  });

  it.each([
    ['3', '8', '8', /fewer multiplications would give 0\.\d\d of the speed/],
    ['64', '512', '64', /fewer multiplications would take 268435456 bytes an image/],
  ])('says where it would gain too little, or take too much: %s features', (inputs, size, outputs, reason) => {
    const image = (features: string): string => `1x${size}x${size}x${features}xf32`;
    const text = conv({ lhs: image(inputs), rhs: `3x3x${inputs}x${outputs}xf32`, result: image(outputs) });
    const outcome = runPass(winograd, text);
    expect(outcome.changed).toBe(false);
    expect(outcome.remarks.join()).toMatch(reason);
  });
});
