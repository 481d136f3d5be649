import { describe, expect, it } from 'vitest';
import { inFunction } from '../../passes/pass-fixture.ts';
import { kernelDifference } from './expect-kernel.ts';

function expectSame(signature: string, body: string, options = {}): void {
  expect(kernelDifference(inFunction(signature, body), options)).toBeUndefined();
}

function reducer(op: string, type: string): string {
  return `({ ^bb0(%l: tensor<${type}>, %r: tensor<${type}>): %o = stablehlo.${op} %l, %r : tensor<${type}> stablehlo.return %o : tensor<${type}> })`;
}

describe('kernelize, one op', () => {
  it.each(['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'power', 'remainder', 'atan2'])(
    '%s',
    (op) => {
      expectSame(
        '(%a: tensor<4x5xf32>, %b: tensor<4x5xf32>) -> tensor<4x5xf32>',
        `%0 = stablehlo.${op} %a, %b : tensor<4x5xf32> return %0 : tensor<4x5xf32>`,
      );
    },
  );

  it.each([
    'abs',
    'exponential',
    'log',
    'tanh',
    'sqrt',
    'rsqrt',
    'logistic',
    'floor',
    'round_nearest_even',
    'sign',
    'cosine',
    'negate',
    'cbrt',
  ])('%s', (op) => {
    expectSame(
      '(%a: tensor<40xf32>) -> tensor<40xf32>',
      `%0 = stablehlo.${op} %a : tensor<40xf32> return %0 : tensor<40xf32>`,
    );
  });

  it.each(['i8', 'ui16', 'i32', 'i64', 'ui64'])('arithmetic on %s', (type) => {
    for (const op of [
      'add',
      'multiply',
      'divide',
      'remainder',
      'and',
      'xor',
      'shift_left',
      'shift_right_arithmetic',
      'minimum',
    ])
      expectSame(
        `(%a: tensor<9x${type}>, %b: tensor<9x${type}>) -> tensor<9x${type}>`,
        `%0 = stablehlo.${op} %a, %b : tensor<9x${type}> return %0 : tensor<9x${type}>`,
      );
  });

  it('booleans', () => {
    for (const op of ['add', 'multiply', 'maximum', 'minimum', 'and', 'or', 'xor'])
      expectSame(
        '(%a: tensor<9xi1>, %b: tensor<9xi1>) -> tensor<9xi1>',
        `%0 = stablehlo.${op} %a, %b : tensor<9xi1> return %0 : tensor<9xi1>`,
      );
  });

  it.each(['f32', 'f64', 'f16', 'bf16'])('total order and reduced precision of %s', (type) => {
    expectSame(
      `(%a: tensor<60x${type}>, %b: tensor<60x${type}>) -> tensor<60xi1>`,
      `%0 = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<60x${type}>, tensor<60x${type}>) -> tensor<60xi1> return %0 : tensor<60xi1>`,
    );
    for (const format of ['e4m2', 'e5m0', 'e3m9', 'e8m3'])
      expectSame(
        `(%a: tensor<60x${type}>) -> tensor<60x${type}>`,
        `%0 = stablehlo.reduce_precision %a, format = ${format} : tensor<60x${type}> return %0 : tensor<60x${type}>`,
      );
  });

  it('select and clamp with scalars', () => {
    expectSame(
      '(%p: tensor<i1>, %a: tensor<7xf32>, %b: tensor<7xf32>) -> tensor<7xf32>',
      '%0 = stablehlo.select %p, %a, %b : tensor<i1>, tensor<7xf32> return %0 : tensor<7xf32>',
    );
    expectSame(
      '(%l: tensor<f32>, %a: tensor<7xf32>, %h: tensor<7xf32>) -> tensor<7xf32>',
      '%0 = stablehlo.clamp %l, %a, %h : (tensor<f32>, tensor<7xf32>, tensor<7xf32>) -> tensor<7xf32> return %0 : tensor<7xf32>',
    );
  });

  it('conversions and bits', () => {
    for (const [from, to] of [
      ['f32', 'i8'],
      ['f32', 'i1'],
      ['i64', 'f16'],
      ['ui8', 'f64'],
      ['f64', 'bf16'],
      ['i1', 'f32'],
    ])
      expectSame(
        `(%a: tensor<30x${from}>) -> tensor<30x${to}>`,
        `%0 = stablehlo.convert %a : (tensor<30x${from}>) -> tensor<30x${to}> return %0 : tensor<30x${to}>`,
      );
    expectSame(
      '(%a: tensor<6xf32>) -> tensor<6xi32>',
      '%0 = stablehlo.bitcast_convert %a : (tensor<6xf32>) -> tensor<6xi32> return %0 : tensor<6xi32>',
    );
    expectSame(
      '(%a: tensor<6xf64>) -> tensor<6x4xi16>',
      '%0 = stablehlo.bitcast_convert %a : (tensor<6xf64>) -> tensor<6x4xi16> return %0 : tensor<6x4xi16>',
    );
    expectSame(
      '(%a: tensor<6x4xi8>) -> tensor<6xi32>',
      '%0 = stablehlo.bitcast_convert %a : (tensor<6x4xi8>) -> tensor<6xi32> return %0 : tensor<6xi32>',
    );
  });

  it('data movement', () => {
    expectSame(
      '(%a: tensor<3x1xf32>) -> tensor<2x3x4xf32>',
      '%0 = stablehlo.broadcast_in_dim %a, dims = [1, 2] : (tensor<3x1xf32>) -> tensor<2x3x4xf32> return %0 : tensor<2x3x4xf32>',
    );
    expectSame(
      '(%a: tensor<2x3x4xf32>) -> tensor<4x2x3xf32>',
      '%0 = stablehlo.transpose %a, dims = [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32> return %0 : tensor<4x2x3xf32>',
    );
    for (const shape of ['6x4', '24', '4x6', '2x12', '1x2x3x2x2', '8x3'])
      expectSame(
        `(%a: tensor<2x3x4xf32>) -> tensor<${shape}xf32>`,
        `%0 = stablehlo.reshape %a : (tensor<2x3x4xf32>) -> tensor<${shape}xf32> return %0 : tensor<${shape}xf32>`,
      );
    expectSame(
      '(%a: tensor<7x5xf32>) -> tensor<3x2xf32>',
      '%0 = stablehlo.slice %a [1:7:2, 3:5] : (tensor<7x5xf32>) -> tensor<3x2xf32> return %0 : tensor<3x2xf32>',
    );
    expectSame(
      '(%a: tensor<3x5xf32>) -> tensor<3x5xf32>',
      '%0 = stablehlo.reverse %a, dims = [1] : tensor<3x5xf32> return %0 : tensor<3x5xf32>',
    );
    expectSame('() -> tensor<3x5xi32>', '%0 = stablehlo.iota dim = 1 : tensor<3x5xi32> return %0 : tensor<3x5xi32>');
  });

  it('padding: negative, interior, both', () => {
    for (const [low, high, interior, size] of [
      [1, 2, 0, 8],
      [-1, 2, 1, 10],
      [2, -3, 2, 12],
      [-4, -1, 1, 4],
    ])
      expectSame(
        `(%a: tensor<5x2xf32>, %p: tensor<f32>) -> tensor<${size}x2xf32>`,
        `%0 = stablehlo.pad %a, %p, low = [${low}, 0], high = [${high}, 0], interior = [${interior}, 0] : (tensor<5x2xf32>, tensor<f32>) -> tensor<${size}x2xf32> return %0 : tensor<${size}x2xf32>`,
      );
  });

  it('concatenation', () => {
    expectSame(
      '(%a: tensor<2x3xf32>, %b: tensor<2x1xf32>, %c: tensor<2x0xf32>, %d: tensor<2x4xf32>) -> tensor<2x8xf32>',
      '%0 = stablehlo.concatenate %a, %b, %c, %d, dim = 1 : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x0xf32>, tensor<2x4xf32>) -> tensor<2x8xf32> return %0 : tensor<2x8xf32>',
    );
  });

  it('products over batch and contracting dimensions', () => {
    expectSame(
      '(%a: tensor<3x4xf32>, %b: tensor<4x5xf32>) -> tensor<3x5xf32>',
      '%0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32> return %0 : tensor<3x5xf32>',
      { tame: true, tolerance: 1e-5 },
    );
    expectSame(
      '(%a: tensor<4x2x3x5xf32>, %b: tensor<2x6x5x4xf32>) -> tensor<2x3x6xf32>',
      '%0 = stablehlo.dot_general %a, %b, batching_dims = [1] x [0], contracting_dims = [0, 3] x [3, 2] : (tensor<4x2x3x5xf32>, tensor<2x6x5x4xf32>) -> tensor<2x3x6xf32> return %0 : tensor<2x3x6xf32>',
      { tame: true, tolerance: 1e-5 },
    );
    expectSame(
      '(%a: tensor<3x4xi8>, %b: tensor<4x5xi8>) -> tensor<3x5xi32>',
      '%0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<3x4xi8>, tensor<4x5xi8>) -> tensor<3x5xi32> return %0 : tensor<3x5xi32>',
    );
    expectSame(
      '(%a: tensor<3xf32>, %b: tensor<5xf32>) -> tensor<3x5xf32>',
      '%0 = stablehlo.dot_general %a, %b, contracting_dims = [] x [] : (tensor<3xf32>, tensor<5xf32>) -> tensor<3x5xf32> return %0 : tensor<3x5xf32>',
    );
  });

  it('reductions with any reducer and initial value', () => {
    for (const op of ['add', 'multiply', 'maximum', 'minimum'])
      expectSame(
        '(%a: tensor<3x4x2xf32>, %i: tensor<f32>) -> tensor<4xf32>',
        `%0 = stablehlo.reduce(%a init: %i) applies stablehlo.${op} across dimensions = [0, 2] : (tensor<3x4x2xf32>, tensor<f32>) -> tensor<4xf32> return %0 : tensor<4xf32>`,
        { tame: true, tolerance: 1e-5 },
      );
    expectSame(
      '(%a: tensor<3x4xi32>, %i: tensor<i32>) -> tensor<3xi32>',
      `%0 = "stablehlo.reduce"(%a, %i) ({ ^bb0(%l: tensor<i32>, %r: tensor<i32>): %m = stablehlo.multiply %l, %l : tensor<i32> %o = stablehlo.subtract %m, %r : tensor<i32> stablehlo.return %o : tensor<i32> }) {dimensions = array<i64: 1>} : (tensor<3x4xi32>, tensor<i32>) -> tensor<3xi32> return %0 : tensor<3xi32>`,
    );
    expectSame(
      '(%a: tensor<3x4xf32>, %i: tensor<3x4xi32>, %x: tensor<f32>, %y: tensor<i32>) -> (tensor<3xf32>, tensor<3xi32>)',
      `%0:2 = "stablehlo.reduce"(%a, %i, %x, %y) ({ ^bb0(%la: tensor<f32>, %li: tensor<i32>, %ra: tensor<f32>, %ri: tensor<i32>): %c = stablehlo.compare GE, %la, %ra : (tensor<f32>, tensor<f32>) -> tensor<i1> %m = stablehlo.select %c, %la, %ra : tensor<i1>, tensor<f32> %n = stablehlo.select %c, %li, %ri : tensor<i1>, tensor<i32> stablehlo.return %m, %n : tensor<f32>, tensor<i32> }) {dimensions = array<i64: 1>} : (tensor<3x4xf32>, tensor<3x4xi32>, tensor<f32>, tensor<i32>) -> (tensor<3xf32>, tensor<3xi32>) return %0#0, %0#1 : tensor<3xf32>, tensor<3xi32>`,
    );
    expectSame(
      '(%a: tensor<1x4xf32>) -> tensor<4xf32>',
      `%i = stablehlo.constant dense<0.0> : tensor<f32> %0 = stablehlo.reduce(%a init: %i) applies stablehlo.add across dimensions = [0] : (tensor<1x4xf32>, tensor<f32>) -> tensor<4xf32> return %0 : tensor<4xf32>`,
      { tame: true },
    );
    expectSame(
      '(%a: tensor<0x4xf32>, %i: tensor<f32>) -> tensor<4xf32>',
      `%0 = stablehlo.reduce(%a init: %i) applies stablehlo.add across dimensions = [0] : (tensor<0x4xf32>, tensor<f32>) -> tensor<4xf32> return %0 : tensor<4xf32>`,
    );
  });

  it('convolutions', () => {
    const conv = (attributes: string, groups: string, lhs: string, rhs: string, out: string, numbers: string): void =>
      expectSame(
        `(%a: tensor<${lhs}xf32>, %b: tensor<${rhs}xf32>) -> tensor<${out}xf32>`,
        `%0 = stablehlo.convolution(%a, %b) dim_numbers = ${numbers}, window = {${attributes}} {${groups}} : (tensor<${lhs}xf32>, tensor<${rhs}xf32>) -> tensor<${out}xf32> return %0 : tensor<${out}xf32>`,
        { tame: true, tolerance: 1e-5, seeds: 1 },
      );
    const one = 'feature_group_count = 1 : i64, batch_group_count = 1 : i64';
    const nhwc = '[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]';
    conv('stride = [1, 1], pad = [[1, 1], [1, 1]]', one, '2x5x6x3', '3x3x3x4', '2x5x6x4', nhwc);
    conv('stride = [2, 2], pad = [[0, 1], [1, 0]]', one, '2x5x6x3', '3x2x3x4', '2x2x3x4', nhwc);
    conv(
      'stride = [1, 2], pad = [[2, 2], [1, 1]], lhs_dilate = [2, 3], rhs_dilate = [2, 1], reverse = [true, false]',
      one,
      '1x4x3x2',
      '2x3x2x3',
      '1x9x4x3',
      nhwc,
    );
    conv(
      'stride = [1, 1], pad = [[0, 0], [0, 0]]',
      'feature_group_count = 2 : i64, batch_group_count = 1 : i64',
      '1x4x4x4',
      '2x2x2x6',
      '1x3x3x6',
      nhwc,
    );
    conv(
      'stride = [1, 1], pad = [[0, 0], [0, 0]]',
      'feature_group_count = 4 : i64, batch_group_count = 1 : i64',
      '1x4x4x4',
      '2x2x1x4',
      '1x3x3x4',
      nhwc,
    );
    conv(
      'stride = [1, 1], pad = [[0, 0], [0, 0]]',
      'feature_group_count = 1 : i64, batch_group_count = 2 : i64',
      '4x4x4x2',
      '2x2x2x6',
      '2x3x3x6',
      nhwc,
    );
    conv('stride = [1], pad = [[1, 1]]', one, '2x3x7', '4x3x3', '4x2x7', '[b, f, 0]x[o, i, 0]->[f, b, 0]');
  });

  it('windows', () => {
    for (const op of ['add', 'maximum'])
      expectSame(
        '(%a: tensor<5x6xf32>, %i: tensor<f32>) -> tensor<3x3xf32>',
        `%0 = "stablehlo.reduce_window"(%a, %i) ${reducer(op, 'f32')} {window_dimensions = array<i64: 2, 3>, window_strides = array<i64: 2, 2>, padding = dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>} : (tensor<5x6xf32>, tensor<f32>) -> tensor<3x3xf32> return %0 : tensor<3x3xf32>`,
        { tame: true, tolerance: 1e-5 },
      );
    expectSame(
      '(%a: tensor<4xi32>, %i: tensor<i32>) -> tensor<4xi32>',
      `%0 = "stablehlo.reduce_window"(%a, %i) ${reducer('add', 'i32')} {window_dimensions = array<i64: 3>, base_dilations = array<i64: 2>, window_dilations = array<i64: 2>, padding = dense<[[1, 0]]> : tensor<1x2xi64>} : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32> return %0 : tensor<4xi32>`,
    );
  });

  it('gather and slices at run-time indices', () => {
    expectSame(
      '(%a: tensor<5x4xf32>, %i: tensor<3x2xi32>) -> tensor<3x2x4xf32>',
      `%0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2>, slice_sizes = array<i64: 1, 4>, indices_are_sorted = false} : (tensor<5x4xf32>, tensor<3x2xi32>) -> tensor<3x2x4xf32> return %0 : tensor<3x2x4xf32>`,
    );
    expectSame(
      '(%a: tensor<5x4xf32>, %i: tensor<2x3xi64>) -> tensor<3x2x2xf32>',
      `%0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1, 2], start_index_map = [1, 0], index_vector_dim = 0>, slice_sizes = array<i64: 2, 2>} : (tensor<5x4xf32>, tensor<2x3xi64>) -> tensor<3x2x2xf32> return %0 : tensor<3x2x2xf32>`,
    );
    expectSame(
      '(%a: tensor<3x5x4xf32>, %i: tensor<3x2x1xi32>) -> tensor<3x2x2xf32>',
      `%0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>} : (tensor<3x5x4xf32>, tensor<3x2x1xi32>) -> tensor<3x2x2xf32> return %0 : tensor<3x2x2xf32>`,
    );
    expectSame(
      '(%a: tensor<5x4xf32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<2x4xf32>',
      '%0 = stablehlo.dynamic_slice %a, %i, %j, sizes = [2, 4] : (tensor<5x4xf32>, tensor<i32>, tensor<i32>) -> tensor<2x4xf32> return %0 : tensor<2x4xf32>',
    );
    expectSame(
      '(%a: tensor<5x4xf32>, %u: tensor<2x1xf32>, %i: tensor<i64>, %j: tensor<i64>) -> tensor<5x4xf32>',
      '%0 = stablehlo.dynamic_update_slice %a, %u, %i, %j : (tensor<5x4xf32>, tensor<2x1xf32>, tensor<i64>, tensor<i64>) -> tensor<5x4xf32> return %0 : tensor<5x4xf32>',
    );
    expectSame(
      '(%a: tensor<5xf32>, %i: tensor<i64>) -> tensor<5xf32>',
      '%0 = stablehlo.dynamic_update_slice %a, %a, %i : (tensor<5xf32>, tensor<5xf32>, tensor<i64>) -> tensor<5xf32> return %0 : tensor<5xf32>',
    );
  });

  it('map', () => {
    expectSame(
      '(%a: tensor<3x2xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32>',
      `%0 = "stablehlo.map"(%a, %b) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %m = stablehlo.multiply %x, %y : tensor<f32> %n = stablehlo.add %m, %x : tensor<f32> stablehlo.return %n : tensor<f32> }) {dimensions = array<i64: 0, 1>} : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32> return %0 : tensor<3x2xf32>`,
    );
  });
});
