import { describe, expect, it } from 'vitest';
import { opText, problems } from '../run-text.ts';

const f32 = 'tensor<2xf32>';
const quantized = 'tensor<2x!quant.uniform<i8:f32, 1.0:0>>';
const otherStorage = 'tensor<2x!quant.uniform<i16:f32, 1.0:0>>';
const otherExpressed = 'tensor<2x!quant.uniform<i8:f64, 1.0:0>>';
const perAxis = 'tensor<2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>';
const perOtherAxis = 'tensor<2x2x!quant.uniform<i8:f32:1, {1.0:0, 2.0:0}>>';
const perFirstAxis = 'tensor<2x2x!quant.uniform<i8:f32:0, {1.0:0, 2.0:0}>>';
const direction = 'comparison_direction = #stablehlo<comparison_direction LT>';

interface Mistake {
  readonly title: string;
  readonly text: string;
  readonly expected: RegExp;
}

function mistake(title: string, expected: RegExp, ...op: Parameters<typeof opText>): Mistake {
  return { title, expected, text: opText(...op) };
}

describe('constraints of elementwise ops', () => {
  it.each([
    mistake(
      'abs of an unsigned integer',
      /^E2002 stablehlo.abs: operand 'operand' must be tensor of signed integer/,
      'stablehlo.abs',
      '',
      ['tensor<ui8>'],
      ['tensor<ui8>'],
    ),
    mistake(
      'abs that stays complex',
      /^E2004 stablehlo.abs/,
      'stablehlo.abs',
      '',
      ['tensor<complex<f32>>'],
      ['tensor<complex<f32>>'],
    ),
    mistake('abs with another shape', /^E2008 .*\(abs C1, C2\)/, 'stablehlo.abs', '', [f32], ['tensor<3xf32>']),
    mistake(
      'operands of different types',
      /^E2102 add C1: .*lhs is tensor<2xf32>, rhs is tensor<3xf32>/,
      'stablehlo.add',
      '',
      [f32, 'tensor<3xf32>'],
      [f32],
    ),
    mistake(
      'a result of another type',
      /^E2008 .*must be tensor<2xf32>, but is declared tensor<2xf64> \(add C1\)/,
      'stablehlo.add',
      '',
      [f32, f32],
      ['tensor<2xf64>'],
    ),
    mistake('half-quantised add', /^E2102 add C2/, 'stablehlo.add', '', [quantized, f32], [quantized]),
    mistake(
      'add of different storage types',
      /^E2102 add C3/,
      'stablehlo.add',
      '',
      [quantized, otherStorage],
      [quantized],
    ),
    mistake(
      'add of different expressed types',
      /^E2102 add C4/,
      'stablehlo.add',
      '',
      [quantized, otherExpressed],
      [quantized],
    ),
    mistake(
      'a per-axis sum of per-tensor operands',
      /^E2102 add C5/,
      'stablehlo.add',
      '',
      [quantized, quantized],
      [perAxis],
    ),
    mistake(
      'add along different axes, lhs',
      /^E2102 add C6/,
      'stablehlo.add',
      '',
      [perOtherAxis, perFirstAxis],
      [perFirstAxis],
    ),
    mistake(
      'add along different axes, rhs',
      /^E2102 add C7/,
      'stablehlo.add',
      '',
      [perFirstAxis, perOtherAxis],
      [perFirstAxis],
    ),
    mistake('and of floats', /^E2002 stablehlo.and: operand 'lhs' must be/, 'stablehlo.and', '', [f32, f32], [f32]),
    mistake('atan2 of different elements', /^E2104 atan2 C1/, 'stablehlo.atan2', '', [f32, 'tensor<2xf64>'], [f32]),
    mistake(
      'bits that do not divide',
      /^E2008 .*bitcast_convert C1/,
      'stablehlo.bitcast_convert',
      '',
      ['tensor<2xf64>'],
      ['tensor<2x3xf32>'],
    ),
    mistake(
      'a missing last dimension',
      /^E2105 bitcast_convert C1/,
      'stablehlo.bitcast_convert',
      '',
      ['tensor<3xf32>'],
      ['tensor<f64>'],
    ),
    mistake(
      'bits of a complex number as a real',
      /^E2105 bitcast_convert C2/,
      'stablehlo.bitcast_convert',
      '',
      ['tensor<complex<f32>>'],
      ['tensor<f64>'],
    ),
    mistake('cbrt of an integer', /^E2002 stablehlo.cbrt/, 'stablehlo.cbrt', '', ['tensor<i32>'], ['tensor<i32>']),
    mistake('a per-axis operand', /^E2002 .*per-tensor quantized/, 'stablehlo.tanh', '', [perAxis], [perAxis]),
    mistake('a min of another shape', /^E2108 clamp C1/, 'stablehlo.clamp', '', ['tensor<3xf32>', f32, f32], [f32]),
    mistake('a max of another shape', /^E2108 clamp C2/, 'stablehlo.clamp', '', [f32, f32, 'tensor<3xf32>'], [f32]),
    mistake('a bound of another element', /^E2108 clamp C3/, 'stablehlo.clamp', '', ['tensor<f64>', f32, f32], [f32]),
    mistake(
      'a clamped result of another shape',
      /^E2008 .*clamp C4/,
      'stablehlo.clamp',
      '',
      [f32, f32, f32],
      ['tensor<3xf32>'],
    ),
    mistake(
      'compared elements that differ',
      /^E2109 compare C1/,
      'stablehlo.compare',
      direction,
      [f32, 'tensor<2xf64>'],
      ['tensor<2xi1>'],
    ),
    mistake(
      'compared shapes that differ',
      /^E2109 compare C2/,
      'stablehlo.compare',
      direction,
      [f32, 'tensor<3xf32>'],
      ['tensor<2xi1>'],
    ),
    mistake(
      'a compare_type that does not fit',
      /^E2109 compare C3: .*compare_type = SIGNED for tensor<2xf32>/,
      'stablehlo.compare',
      `${direction}, compare_type = #stablehlo<comparison_type SIGNED>`,
      [f32, f32],
      ['tensor<2xi1>'],
    ),
    mistake(
      'complex parts that differ',
      /^E2110 complex C1/,
      'stablehlo.complex',
      '',
      [f32, 'tensor<2xf64>'],
      ['tensor<2xcomplex<f32>>'],
    ),
    mistake(
      'a complex result of other parts',
      /^E2008 .*complex C2, C3/,
      'stablehlo.complex',
      '',
      [f32, f32],
      ['tensor<2xcomplex<f64>>'],
    ),
    mistake(
      'a constant of another type',
      /^E2008 .*constant C1/,
      'stablehlo.constant',
      'value = dense<1.0> : tensor<2xf32>',
      [],
      ['tensor<3xf32>'],
    ),
    mistake('a converted shape', /^E2008 .*convert C1/, 'stablehlo.convert', '', [f32], ['tensor<3xf64>']),
    mistake(
      'an accuracy that is negative',
      /^E2116 exponential A1/,
      'stablehlo.exponential',
      'result_accuracy = #stablehlo.result_accuracy<atol = -1.0, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>',
      [f32],
      [f32],
    ),
    mistake(
      'an accuracy without its mode',
      /^E2116 exponential A2/,
      'stablehlo.exponential',
      'result_accuracy = #stablehlo.result_accuracy<ulps = 10, mode = #stablehlo.result_accuracy_mode<HIGHEST>>',
      [f32],
      [f32],
    ),
    mistake(
      'an imaginary part of other elements',
      /^E2008 .*imag C1, C2/,
      'stablehlo.imag',
      '',
      ['tensor<complex<f32>>'],
      ['tensor<f64>'],
    ),
    mistake('is_finite of another shape', /^E2008 .*is_finite C1/, 'stablehlo.is_finite', '', [f32], ['tensor<3xi1>']),
    mistake(
      'no exponent bits',
      /^E2133 reduce_precision C2/,
      'stablehlo.reduce_precision',
      'exponent_bits = 0 : i32, mantissa_bits = 1 : i32',
      [f32],
      [f32],
    ),
    mistake(
      'fewer than no mantissa bits',
      /^E2133 reduce_precision C3/,
      'stablehlo.reduce_precision',
      'exponent_bits = 1 : i32, mantissa_bits = -1 : i32',
      [f32],
      [f32],
    ),
    mistake('a pred of another shape', /^E2138 select C1/, 'stablehlo.select', '', ['tensor<3xi1>', f32, f32], [f32]),
    mistake(
      'choices that differ',
      /^E2138 select C2/,
      'stablehlo.select',
      '',
      ['tensor<i1>', f32, 'tensor<2xf64>'],
      [f32],
    ),
    mistake(
      'a dequantised result of another element',
      /^E2008 .*uniform_dequantize C1, C2/,
      'stablehlo.uniform_dequantize',
      '',
      [quantized],
      ['tensor<2xf64>'],
    ),
    mistake(
      'a quantised result of another shape',
      /^E2149 uniform_quantize C1/,
      'stablehlo.uniform_quantize',
      '',
      ['tensor<3xf32>'],
      [quantized],
    ),
    mistake(
      'a quantised result of another expressed type',
      /^E2149 uniform_quantize C2/,
      'stablehlo.uniform_quantize',
      '',
      ['tensor<2xf64>'],
      [quantized],
    ),
  ])('reports $title', ({ text, expected }) => {
    const found = problems(text);
    expect(found[0]).toMatch(expected);
    // Operand and result may both be of a kind the op does not take; other mistakes give one message.
    if (!/^E200[24]/.test(found[0] ?? '')) expect(found).toHaveLength(1);
  });

  it.each([
    ['an unknown size beside a known one', opText('stablehlo.add', '', ['tensor<?xf32>', f32], ['tensor<?xf32>'])],
    ['a result more precise than the operands', opText('stablehlo.tanh', '', ['tensor<?xf32>'], [f32])],
    [
      'scales that differ',
      opText('stablehlo.maximum', '', [quantized, quantized.replace('1.0:0', '2.0:5')], [quantized]),
    ],
    [
      'an unknown last dimension of a bit cast',
      opText('stablehlo.bitcast_convert', '', ['tensor<2x?xi8>'], ['tensor<2xi32>']),
    ],
    ['a quantised constant', opText('stablehlo.constant', 'value = dense<1> : tensor<2xi8>', [], [quantized])],
    ['a quantised sum along an axis', opText('stablehlo.add', '', [perAxis, perAxis], [perAxis])],
    [
      'NOTYPE as compare_type',
      opText(
        'stablehlo.compare',
        `${direction}, compare_type = #stablehlo<comparison_type NOTYPE>`,
        [f32, f32],
        ['tensor<2xi1>'],
      ),
    ],
  ])('accepts %s', (_, text) => {
    expect(problems(text)).toEqual([]);
  });
});
