import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

/** A module whose `@main` returns one result of this type. */
function returning(type: string, body: string): string {
  return `func.func @main() -> ${type} {\n${body}\n  return %r : ${type}\n}`;
}

describe('dot_general', () => {
  it('multiplies matrices', () => {
    const text = returning(
      'tensor<2x2xf32>',
      `%a = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
       %b = stablehlo.constant dense<[[1.0, 0.0], [0.0, 1.0], [2.0, 3.0]]> : tensor<3x2xf32>
       %r = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>`,
    );
    expect(values(text)).toEqual([[7, 11, 16, 23]]);
  });

  it('puts batching dimensions first, then those of lhs, then those of rhs', () => {
    const text = returning(
      'tensor<2x3x1xi64>',
      `%a = stablehlo.constant dense<[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]> : tensor<3x2x2xi64>
       %b = stablehlo.constant dense<[[[1], [10]], [[100], [1000]]]> : tensor<2x2x1xi64>
       %r = stablehlo.dot_general %a, %b, batching_dims = [1] x [1], contracting_dims = [2] x [0] : (tensor<3x2x2xi64>, tensor<2x2x1xi64>) -> tensor<2x3x1xi64>`,
    );
    expect(values(text)).toEqual([[201n, 605n, 1009n, 4030n, 8070n, 12110n]]);
  });

  it('gives zero where nothing is summed', () => {
    const text = returning(
      'tensor<2x1xf32>',
      `%a = stablehlo.constant dense<> : tensor<2x0xf32>
       %b = stablehlo.constant dense<> : tensor<0x1xf32>
       %r = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<2x0xf32>, tensor<0x1xf32>) -> tensor<2x1xf32>`,
    );
    expect(values(text)).toEqual([[0, 0]]);
  });

  it('wraps integers exactly, 64-bit ones too', () => {
    const text = returning(
      'tensor<i64>',
      `%a = stablehlo.constant dense<[9223372036854775807, 3037000500]> : tensor<2xi64>
       %b = stablehlo.constant dense<[3, 3037000500]> : tensor<2xi64>
       %r = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0] : (tensor<2xi64>, tensor<2xi64>) -> tensor<i64>`,
    );
    const exact = 9223372036854775807n * 3n + 3037000500n * 3037000500n;
    expect(values(text)).toEqual([[BigInt.asIntN(64, exact)]]);
  });

  it('accumulates i8 in the wider type of the result', () => {
    const text = returning(
      'tensor<i32>',
      `%a = stablehlo.constant dense<[-128, 127]> : tensor<2xi8>
       %r = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0] : (tensor<2xi8>, tensor<2xi8>) -> tensor<i32>`,
    );
    expect(values(text)).toEqual([[128 * 128 + 127 * 127]]);
  });

  it('rounds a sum of f16 at the end only', () => {
    const text = returning(
      'tensor<f16>',
      `%a = stablehlo.constant dense<[2048.0, 1.0, 1.0]> : tensor<3xf16>
       %b = stablehlo.constant dense<1.0> : tensor<3xf16>
       %r = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0] : (tensor<3xf16>, tensor<3xf16>) -> tensor<f16>`,
    );
    expect(values(text)).toEqual([[2050]]);
  });

  it('multiplies complex numbers', () => {
    const text = returning(
      'tensor<complex<f32>>',
      `%a = stablehlo.constant dense<[(1.0, 2.0), (0.0, 1.0)]> : tensor<2xcomplex<f32>>
       %b = stablehlo.constant dense<[(3.0, -1.0), (0.0, 1.0)]> : tensor<2xcomplex<f32>>
       %r = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0] : (tensor<2xcomplex<f32>>, tensor<2xcomplex<f32>>) -> tensor<complex<f32>>`,
    );
    expect(values(text)).toEqual([[4, 5]]);
  });

  it('multiplies 512 x 512 matrices in well under two seconds', () => {
    const type = 'tensor<512x512xf32>';
    const text = returning(
      type,
      `%a = stablehlo.constant dense<0.5> : ${type}
       %r = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0] : (${type}, ${type}) -> ${type}`,
    );
    const start = performance.now();
    const [result] = values(text);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(result?.[0]).toBe(128);
  });
});

/** A dot_general with these dimension numbers. */
function dot(dims: string, operands: readonly [string, string], result: string, rest = ''): string[] {
  return problems(
    opText('stablehlo.dot_general', `dot_dimension_numbers = #stablehlo.dot<${dims}>${rest}`, operands, [result]),
  );
}

describe('the constraints of dot_general', () => {
  const matrices = ['tensor<2x3xf32>', 'tensor<3x4xf32>'] as const;
  const product = 'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]';

  it.each([
    ['C1', 'lhs_batching_dimensions = [0]'],
    ['C2', 'lhs_contracting_dimensions = [1]'],
    [
      'C3',
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [0], rhs_contracting_dimensions = [1]',
    ],
    [
      'C4',
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]',
    ],
    ['C5', 'lhs_batching_dimensions = [2], rhs_batching_dimensions = [0]'],
    ['C6', 'lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [0]'],
    ['C7', 'lhs_batching_dimensions = [0], rhs_batching_dimensions = [-1]'],
    ['C8', 'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [2]'],
    ['C9', 'lhs_batching_dimensions = [0], rhs_batching_dimensions = [0]'],
    ['C10', 'lhs_contracting_dimensions = [0], rhs_contracting_dimensions = [0]'],
  ])('names %s', (id, dims) => {
    expect(dot(dims, matrices, 'tensor<2x4xf32>')).toEqual([expect.stringContaining(`E2307 dot_general ${id}: `)]);
  });

  it('names C11 when there is one precision', () => {
    const rest = ', precision_config = [#stablehlo<precision HIGH>]';
    expect(dot(product, matrices, 'tensor<2x4xf32>', rest)).toEqual([expect.stringContaining('C11')]);
  });

  it('names C12 when the result has another shape', () => {
    expect(dot(product, matrices, 'tensor<4x2xf32>')).toEqual([expect.stringContaining('C12')]);
  });

  it('names C13 when the operands differ in type', () => {
    expect(dot(product, ['tensor<2x3xf32>', 'tensor<3x4xf64>'], 'tensor<2x4xf32>')).toEqual([
      expect.stringContaining('C13'),
    ]);
  });

  const q8 = '!quant.uniform<i8:f32, 0.5>';
  const perAxis = (axis: number, count: number, storage = 'i8', zero = '') =>
    `!quant.uniform<${storage}:f32:${axis}, {${new Array<string>(count).fill(`0.5${zero}`).join(', ')}}>`;

  it.each([
    ['C14', [`tensor<2x3x${q8}>`, `tensor<3x4x${q8}>`], 'tensor<2x4xf32>'],
    ['C15', [`tensor<2x3x${q8}>`, 'tensor<3x4x!quant.uniform<i8:f32, 0.5:3>>'], `tensor<2x4x${q8}>`],
    ['C16', [`tensor<2x3x${q8}>`, `tensor<3x4x${perAxis(0, 3)}>`], `tensor<2x4x${q8}>`],
    ['C17', [`tensor<2x3x${q8}>`, 'tensor<3x4x!quant.uniform<i4:f32, 0.5>>'], `tensor<2x4x${q8}>`],
    ['C18', [`tensor<2x3x${q8}>`, 'tensor<3x4x!quant.uniform<i8:bf16, 0.5>>'], `tensor<2x4x${q8}>`],
    ['C19', [`tensor<2x3x${q8}>`, `tensor<3x4x${q8}>`], `tensor<2x4x${perAxis(1, 4)}>`],
    ['C20', ['tensor<2x3xf64>', `tensor<3x4x${q8}>`], 'tensor<2x4xf64>'],
  ] as const)('names %s', (id, operands, result) => {
    expect(dot(product, operands, result)).toEqual([expect.stringContaining(`dot_general ${id}: `)]);
  });

  it('takes a quantised product, and a hybrid one', () => {
    expect(dot(product, [`tensor<2x3x${q8}>`, `tensor<3x4x${q8}>`], `tensor<2x4x${q8}>`)).toEqual([]);
    expect(dot(product, ['tensor<2x3xf32>', `tensor<3x4x${perAxis(1, 4)}>`], 'tensor<2x4xf32>')).toEqual([]);
  });

  it.each([
    ['C21', ', precision_config = [#stablehlo<precision HIGH>, #stablehlo<precision DEFAULT>]', [1, 1, 1]],
    ['C22', '', [0, 1, 1]],
    ['C23', '', [1, 0, 1]],
    ['C24', '', [1, 1, -1]],
  ] as const)('names %s', (id, precision, [lhs, rhs, primitives]) => {
    const algorithm = `, algorithm = #stablehlo.dot_algorithm<lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = ${lhs}, rhs_component_count = ${rhs}, num_primitive_operations = ${primitives}, allow_imprecise_accumulation = false>`;
    expect(dot(product, matrices, 'tensor<2x4xf32>', precision + algorithm)).toEqual([
      expect.stringContaining(`dot_general ${id}: `),
    ]);
  });

  it('accepts sizes that are not known', () => {
    expect(dot(product, ['tensor<?x3xf32>', 'tensor<?x4xf32>'], 'tensor<2x4xf32>')).toEqual([]);
  });
});
