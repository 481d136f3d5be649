import { describe, expect, it } from 'vitest';
import { functionWith, printedLines } from './op-lines.ts';
import { moduleErrors } from './read.ts';

/** `line:column code message` of what is wrong with lines that start on line 2. */
function errorsOf(lines: string): string[] {
  return moduleErrors(functionWith(lines));
}

describe('the pretty form with a mistake', () => {
  it.each([
    [
      'an unknown enumeration value',
      '%0 = stablehlo.compare LESS, %f, %g : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xi1>',
      "2:24 E1006 expected one of EQ, NE, GE, GT, LE, LT, found 'LESS'",
    ],
    [
      'a type too many',
      '%0 = stablehlo.transpose %f, dims = [1, 0] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x4xf32>',
      '2:26 E1109 1 operand and 2 types are given',
    ],
    [
      'a missing literal',
      '%0 = stablehlo.transpose %f, [1, 0] : (tensor<4x8xf32>) -> tensor<8x4xf32>',
      "2:30 E1006 expected 'dims', found '['",
    ],
    [
      'an attribute that is given twice',
      '%0 = stablehlo.transpose %f, dims = [1, 0] {permutation = array<i64: 1, 0>} : (tensor<4x8xf32>) -> tensor<8x4xf32>',
      "2:77 E1902 the attribute 'permutation' is given twice",
    ],
    [
      'a tuple of another type',
      '%0 = stablehlo.tuple %f : tensor<4x8xf32>',
      '2:27 E1903 expected a tuple type, found tensor<4x8xf32>',
    ],
    [
      'complex parts of a real result',
      '%0 = stablehlo.complex %f, %g : tensor<4x8xf32>',
      '2:33 E1903 expected a tensor of complex elements, found tensor<4x8xf32>',
    ],
    [
      'padding that is no list of pairs',
      '%0 = stablehlo.convolution(%f, %g) dim_numbers = [b, f]x[i, o]->[b, f], window = {pad = [[1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>',
      '2:89 E1904 pad must be a list of pairs [low, high]',
    ],
    [
      'a constant that is no tensor',
      '%0 = stablehlo.constant 4 : i32',
      "2:25 E1905 expected a constant tensor such as 'dense<1> : tensor<2xi32>'",
    ],
    [
      'too few types in a loop',
      '%0 = stablehlo.while(%a = %f, %b = %g) : tensor<4x8xf32> cond { stablehlo.return %p : tensor<i1> } do { stablehlo.return %a, %b : tensor<4x8xf32>, tensor<4x8xf32> }',
      '2:40 E1906 2 values are carried, but 1 types given',
    ],
    [
      'a reduction by an op that does not commute',
      '%0 = stablehlo.reduce(%f init: %s) applies stablehlo.subtract across dimensions = [0] : (tensor<4x8xf32>, tensor<f32>) -> tensor<8xf32>',
      "2:44 E1907 'stablehlo.subtract' cannot be applied: it is no commutative op of two operands",
    ],
    [
      'a format that is none',
      '%0 = stablehlo.reduce_precision %f, format = m5 : tensor<4x8xf32>',
      "2:46 E1006 expected a format such as 'e5m10', found 'm5'",
    ],
    [
      'a number out of the range of its type',
      '%0 = stablehlo.iota dim = 9223372036854775808 : tensor<4xi32>',
      '2:27 E1504 the number is out of range for i64',
    ],
    [
      'a slice range without a limit',
      '%0 = stablehlo.slice %f [0, 1:2] : (tensor<4x8xf32>) -> tensor<1x1xf32>',
      "2:27 E1006 expected ':', found ','",
    ],
  ])('reports %s', (_name, lines, message) => {
    expect(errorsOf(lines)[0]).toBe(message);
  });

  it('reports a function with a body whose arguments have no names', () => {
    expect(moduleErrors('func.func @f(tensor<f32>) { return }')[0]).toBe(
      '1:27 E1908 a function with a body must name its arguments',
    );
  });
});

describe('forms of older texts', () => {
  it.each([
    [
      'a loop on several lines',
      '%0 = stablehlo.while(%a = %n) : tensor<i32> cond {\nstablehlo.return %p : tensor<i1>\n} do {\nstablehlo.return %a : tensor<i32>\n}',
      '%0 = stablehlo.while(%iterArg = %arg4) : tensor<i32>\ncond {\n  stablehlo.return %arg5 : tensor<i1>\n} do {\n  stablehlo.return %iterArg : tensor<i32>\n}',
    ],
    [
      'a functional type where one type is enough',
      '%0 = stablehlo.add %f, %g : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>',
      '%0 = stablehlo.add %arg0, %arg1 : tensor<4x8xf32>',
    ],
    [
      'a select with all its types',
      '%0 = stablehlo.select %p, %f, %g : (tensor<i1>, tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>',
      '%0 = stablehlo.select %arg5, %arg0, %arg1 : tensor<i1>, tensor<4x8xf32>',
    ],
    [
      'the generic form of an op that has a pretty one',
      '%0 = "stablehlo.slice"(%f) {start_indices = array<i64: 0, 0>, limit_indices = array<i64: 1, 2>, strides = array<i64: 1, 2>} : (tensor<4x8xf32>) -> tensor<1x1xf32>',
      '%0 = stablehlo.slice %arg0 [0:1, 0:2:2] : (tensor<4x8xf32>) -> tensor<1x1xf32>',
    ],
  ])('read %s', (_name, lines, printed) => {
    expect(printedLines(lines)).toBe(printed);
  });
});
