import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

interface Convolution {
  readonly lhs: string;
  readonly rhs: string;
  readonly result: string;
  readonly lhsValue: string;
  readonly rhsValue: string;
  readonly dims?: string;
  readonly window?: string;
  readonly features?: number;
  readonly batches?: number;
}

function convolve(init: Convolution): number[] {
  const { lhs, rhs, result, lhsValue, rhsValue, dims = '[b, f, 0]x[o, i, 0]->[b, f, 0]', window = '' } = init;
  const text = `func.func @main() -> ${result} {
    %l = stablehlo.constant dense<${lhsValue}> : ${lhs}
    %r = stablehlo.constant dense<${rhsValue}> : ${rhs}
    %0 = stablehlo.convolution(%l, %r) dim_numbers = ${dims}, window = {${window}}
      {batch_group_count = ${init.batches ?? 1} : i64, feature_group_count = ${init.features ?? 1} : i64} : (${lhs}, ${rhs}) -> ${result}
    return %0 : ${result}
  }`;
  return values(text)[0]?.map(Number) ?? [];
}

const line = { lhs: 'tensor<1x1x4xf32>', lhsValue: '[[[1.0, 2.0, 3.0, 4.0]]]' };
const pair = { rhs: 'tensor<1x1x2xf32>', rhsValue: '[[[10.0, 1.0]]]' };

describe('convolution', () => {
  it('slides the kernel without turning it', () => {
    expect(convolve({ ...line, ...pair, result: 'tensor<1x1x3xf32>' })).toEqual([12, 23, 34]);
  });

  it('turns the kernel where the window is reversed', () => {
    expect(convolve({ ...line, ...pair, result: 'tensor<1x1x3xf32>', window: 'reverse = [true]' })).toEqual([
      21, 32, 43,
    ]);
  });

  it('pads with zeros, and cuts where the padding is negative', () => {
    const result = 'tensor<1x1x3xf32>';
    expect(convolve({ ...line, ...pair, result, window: 'pad = [[1, -1]]' })).toEqual([1, 12, 23]);
  });

  it('moves by its stride', () => {
    expect(convolve({ ...line, ...pair, result: 'tensor<1x1x2xf32>', window: 'stride = [2]' })).toEqual([12, 34]);
  });

  it('spreads the input by lhs_dilation and the kernel by rhs_dilation', () => {
    const dilatedInput = { ...line, ...pair, result: 'tensor<1x1x6xf32>', window: 'lhs_dilate = [2]' };
    expect(convolve(dilatedInput)).toEqual([10, 2, 20, 3, 30, 4]);
    const dilatedKernel = { ...line, ...pair, result: 'tensor<1x1x2xf32>', window: 'rhs_dilate = [2]' };
    expect(convolve(dilatedKernel)).toEqual([13, 24]);
  });

  it('keeps feature groups apart', () => {
    const grouped = {
      lhs: 'tensor<1x2x1xi32>',
      lhsValue: '[[[2], [3]]]',
      rhs: 'tensor<4x1x1xi32>',
      rhsValue: '[[[1]], [[10]], [[100]], [[1000]]]',
      result: 'tensor<1x4x1xi32>',
      features: 2,
    };
    expect(convolve(grouped)).toEqual([2, 20, 300, 3000]);
  });

  it('gives each batch group its output features', () => {
    const grouped = {
      lhs: 'tensor<2x1x1xi32>',
      lhsValue: '[[[2]], [[3]]]',
      rhs: 'tensor<4x1x1xi32>',
      rhsValue: '[[[1]], [[10]], [[100]], [[1000]]]',
      result: 'tensor<1x4x1xi32>',
      batches: 2,
    };
    expect(convolve(grouped)).toEqual([2, 20, 300, 3000]);
  });

  it('takes dimensions in any order', () => {
    const permuted = {
      lhs: 'tensor<2x1x1xf32>',
      lhsValue: '[[[1.0]], [[2.0]]]',
      rhs: 'tensor<1x2x2xf32>',
      rhsValue: '[[[1.0, 10.0], [100.0, 1000.0]]]',
      result: 'tensor<2x1x1xf32>',
      dims: '[0, f, b]x[i, o, 0]->[f, 0, b]',
    };
    expect(convolve(permuted)).toEqual([21, 2100]);
  });

  it('is a matrix product when there is no spatial dimension', () => {
    const product = {
      lhs: 'tensor<1x2xf32>',
      lhsValue: '[[1.0, 2.0]]',
      rhs: 'tensor<2x2xf32>',
      rhsValue: '[[1.0, 10.0], [100.0, 1000.0]]',
      result: 'tensor<1x2xf32>',
      dims: '[b, f]x[i, o]->[b, f]',
    };
    expect(convolve(product)).toEqual([201, 2010]);
  });

  it('multiplies padding by infinite weights', () => {
    const rhsValue = '[[[0x7F800000, 1.0]]]';
    const result = 'tensor<1x1x4xf32>';
    expect(convolve({ ...line, ...pair, rhsValue, result, window: 'pad = [[1, 0]]' }).slice(0, 1)).toEqual([NaN]);
  });
});

describe('dynamic_conv', () => {
  it('takes its padding at run time', () => {
    const text = `func.func @main() -> tensor<1x1x?xf32> {
      %l = stablehlo.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
      %r = stablehlo.constant dense<[[[10.0, 1.0]]]> : tensor<1x1x2xf32>
      %p = stablehlo.constant dense<[[1, 2]]> : tensor<1x2xi32>
      %0 = "stablehlo.dynamic_conv"(%l, %r, %p) {dimension_numbers = #stablehlo.conv<[b, f, 0]x[o, i, 0]->[b, f, 0]>,
        batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x1x2xf32>, tensor<1x1x2xf32>, tensor<1x2xi32>) -> tensor<1x1x?xf32>
      return %0 : tensor<1x1x?xf32>
    }`;
    expect(values(text)).toEqual([[1, 12, 20, 0]]);
  });

  it('names C4 when the padding has not one row a spatial dimension', () => {
    const attributes =
      'dimension_numbers = #stablehlo.conv<[b, f, 0]x[o, i, 0]->[b, f, 0]>, batch_group_count = 1 : i64, feature_group_count = 1 : i64';
    const operands = ['tensor<1x1x2xf32>', 'tensor<1x1x2xf32>', 'tensor<2x2xi32>'];
    expect(problems(opText('stablehlo.dynamic_conv', attributes, operands, ['tensor<1x1x?xf32>']))).toEqual([
      expect.stringContaining('E2308 dynamic_conv C4: '),
    ]);
  });
});

/** What is wrong with a convolution of `[1, 2, 8]` by `[4, 2, 3]` that differs in these attributes. */
function wrong(changes: Readonly<Record<string, string>>, types: Readonly<Record<string, string>> = {}): string[] {
  const attributes = {
    dimension_numbers: '#stablehlo.conv<[b, f, 0]x[o, i, 0]->[b, f, 0]>',
    batch_group_count: '1 : i64',
    feature_group_count: '1 : i64',
    ...changes,
  };
  const listed = Object.entries(attributes).map(([name, value]) => `${name} = ${value}`);
  const { lhs = 'tensor<1x2x8xf32>', rhs = 'tensor<4x2x3xf32>', result = 'tensor<1x4x6xf32>' } = types;
  return problems(opText('stablehlo.convolution', listed.join(', '), [lhs, rhs], [result]));
}

/** The dimension numbers spelled out, with changes. */
function numbers(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const fields = {
    input_batch_dimension: '0',
    input_feature_dimension: '1',
    input_spatial_dimensions: '[2]',
    kernel_input_feature_dimension: '1',
    kernel_output_feature_dimension: '0',
    kernel_spatial_dimensions: '[2]',
    output_batch_dimension: '0',
    output_feature_dimension: '1',
    output_spatial_dimensions: '[2]',
    ...changes,
  };
  const listed = Object.entries(fields).map(([name, value]) => `${name} = ${value}`);
  return { dimension_numbers: `#stablehlo.conv<raw ${listed.join(', ')}>` };
}

describe('the constraints of convolution', () => {
  it('hold for the pattern', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong(numbers({}))).toEqual([]);
  });

  it.each([
    ['C2', { window_strides: 'array<i64: 1, 1>' }],
    ['C3', { window_strides: 'array<i64: 0>' }],
    ['C4', { padding: 'dense<0> : tensor<2x2xi64>' }],
    ['C5', { lhs_dilation: 'array<i64>' }],
    ['C6', { lhs_dilation: 'array<i64: -1>' }],
    ['C7', { rhs_dilation: 'array<i64: 1, 1>' }],
    ['C8', { rhs_dilation: 'array<i64: 0>' }],
    ['C9', { window_reversal: 'array<i1: true, false>' }],
    ['C10', { batch_group_count: '2 : i64' }],
    ['C12', numbers({ input_spatial_dimensions: '[]' })],
    ['C13', numbers({ input_spatial_dimensions: '[1]' })],
    ['C17', numbers({ kernel_spatial_dimensions: '[]' })],
    ['C18', numbers({ kernel_spatial_dimensions: '[3]' })],
    ['C19', numbers({ output_spatial_dimensions: '[]' })],
    ['C20', numbers({ output_spatial_dimensions: '[0]' })],
    ['C21', { feature_group_count: '0 : i64' }],
    ['C22', { batch_group_count: '0 : i64' }],
    ['C23', { feature_group_count: '2 : i64', batch_group_count: '2 : i64' }],
    ['C24', { precision_config: '[#stablehlo<precision HIGH>]' }],
  ] as const)('%s is named', (id, changes) => {
    expect(wrong(changes)).toEqual([expect.stringContaining(`E2305 convolution ${id}: `)]);
  });

  const q8 = '!quant.uniform<i8:f32, 0.5>';
  const perAxis = (axis: number, count: number): string =>
    `!quant.uniform<i8:f32:${axis}, {${new Array<string>(count).fill('0.5').join(', ')}}>`;

  it.each([
    ['C1', {}, { rhs: 'tensor<4x2x3x1xf32>' }],
    ['C11', { feature_group_count: '2 : i64' }, { lhs: 'tensor<1x3x8xf32>' }],
    ['C14', {}, { rhs: 'tensor<4x1x3xf32>' }],
    ['C15', { batch_group_count: '2 : i64' }, { lhs: 'tensor<2x2x8xf32>', rhs: 'tensor<3x2x3xf32>' }],
    ['C16', { feature_group_count: '2 : i64' }, { rhs: 'tensor<3x1x3xf32>' }],
    ['C25', {}, { result: 'tensor<1x4x5xf32>' }],
    ['C26', {}, { result: 'tensor<1x4xf32>' }],
    ['C27', {}, { rhs: 'tensor<4x2x3xf16>' }],
    ['C28', {}, { lhs: `tensor<1x2x8x${q8}>` }],
    ['C29', {}, { rhs: `tensor<4x2x3x${perAxis(1, 2)}>` }],
    [
      'C30',
      {},
      { lhs: `tensor<1x2x8x${q8}>`, rhs: `tensor<4x2x3x${perAxis(0, 4)}>`, result: `tensor<1x4x6x${perAxis(2, 6)}>` },
    ],
    [
      'C31',
      {},
      { lhs: `tensor<1x2x8x${q8}>`, rhs: 'tensor<4x2x3x!quant.uniform<i4:f32, 0.5>>', result: `tensor<1x4x6x${q8}>` },
    ],
    [
      'C32',
      {},
      { lhs: `tensor<1x2x8x${q8}>`, rhs: 'tensor<4x2x3x!quant.uniform<i8:bf16, 0.5>>', result: `tensor<1x4x6x${q8}>` },
    ],
    ['C33', {}, { lhs: `tensor<1x2x8x${q8}>`, rhs: `tensor<4x2x3x${q8}>`, result: `tensor<1x4x6x${perAxis(1, 4)}>` }],
    ['C34', {}, { lhs: 'tensor<1x2x8xf64>', rhs: `tensor<4x2x3x${q8}>`, result: 'tensor<1x4x6xf64>' }],
  ] as const)('%s is named', (id, changes, types) => {
    expect(wrong(changes, types)).toEqual([expect.stringMatching(new RegExp(`\\b${id}\\b`))]);
  });

  it('leaves alone what an unknown size may satisfy', () => {
    expect(wrong({}, { lhs: 'tensor<?x?x?xf32>', result: 'tensor<3x4x?xf32>' })).toEqual([]);
  });
});
