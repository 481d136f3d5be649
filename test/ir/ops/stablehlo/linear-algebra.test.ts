import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

describe('cholesky', () => {
  it('gives the lower factor', () => {
    const text = `func.func @main() -> tensor<3x3xf32> {
      %a = stablehlo.constant dense<[[1.0, 99.0, 99.0], [2.0, 20.0, 99.0], [3.0, 26.0, 70.0]]> : tensor<3x3xf32>
      %0 = stablehlo.cholesky %a, lower = true : tensor<3x3xf32>
      return %0 : tensor<3x3xf32>
    }`;
    expect(values(text)).toEqual([[1, 0, 0, 2, 4, 0, 3, 5, 6]]);
  });

  it('gives the upper factor, of complex matrices, batch by batch', () => {
    const text = `func.func @main() -> tensor<2x2x2xcomplex<f64>> {
      %a = stablehlo.constant dense<[[[(4.0, 0.0), (2.0, 6.0)], [(9.0, 9.0), (14.0, 0.0)]], [[(1.0, 0.0), (0.0, 0.0)], [(0.0, 0.0), (9.0, 0.0)]]]> : tensor<2x2x2xcomplex<f64>>
      %0 = stablehlo.cholesky %a : tensor<2x2x2xcomplex<f64>>
      return %0 : tensor<2x2x2xcomplex<f64>>
    }`;
    const withoutSigns = values(text).map((list) => list.map((value) => Number(value) + 0));
    expect(withoutSigns).toEqual([[2, 0, 1, 3, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 3, 0]]);
  });

  it('gives NaN for a matrix that is not positive definite', () => {
    const text = `func.func @main() -> tensor<1x1xf32> {
      %a = stablehlo.constant dense<-1.0> : tensor<1x1xf32>
      %0 = stablehlo.cholesky %a, lower = true : tensor<1x1xf32>
      return %0 : tensor<1x1xf32>
    }`;
    expect(values(text)).toEqual([[NaN]]);
  });

  it.each([
    ['C1', 'tensor<2x2xf32>', 'tensor<3x3xf32>'],
    ['C2', 'tensor<2xf32>', 'tensor<2xf32>'],
    ['C3', 'tensor<2x3xf32>', 'tensor<2x3xf32>'],
  ])('names %s', (id, operand, result) => {
    expect(problems(opText('stablehlo.cholesky', 'lower = true', [operand], [result]))).toEqual([
      expect.stringContaining(`cholesky ${id}`),
    ]);
  });
});

interface Options {
  readonly left?: boolean;
  readonly lower?: boolean;
  readonly unit?: boolean;
  readonly transpose?: 'NO_TRANSPOSE' | 'TRANSPOSE' | 'ADJOINT';
}

function attributes({ left = true, lower = true, unit = false, transpose = 'NO_TRANSPOSE' }: Options): string {
  return `left_side = ${left}, lower = ${lower}, unit_diagonal = ${unit}, transpose_a = #stablehlo<transpose ${transpose}>`;
}

/** Solves with `a = [[2, 3], [5, 4]]`, of which one triangle is read. */
function solve(b: string, options: Options): number[] {
  const type = 'tensor<2x2xf64>';
  const text = `func.func @main() -> ${type} {
    %a = stablehlo.constant dense<[[2.0, 3.0], [5.0, 4.0]]> : ${type}
    %b = stablehlo.constant dense<${b}> : ${type}
    %0 = "stablehlo.triangular_solve"(%a, %b) {${attributes(options)}} : (${type}, ${type}) -> ${type}
    return %0 : ${type}
  }`;
  return values(text)[0]?.map(Number) ?? [];
}

describe('triangular_solve', () => {
  it.each<readonly [string, Options, string]>([
    ['[[2, 0], [5, 4]] x = b', {}, '[[2.0, 4.0], [9.0, 18.0]]'],
    ['[[2, 3], [0, 4]] x = b', { lower: false }, '[[5.0, 10.0], [4.0, 8.0]]'],
    ['[[2, 5], [0, 4]] x = b', { transpose: 'TRANSPOSE' }, '[[7.0, 14.0], [4.0, 8.0]]'],
    ['[[2, 0], [3, 4]] x = b', { lower: false, transpose: 'ADJOINT' }, '[[2.0, 4.0], [7.0, 14.0]]'],
    ['[[1, 0], [5, 1]] x = b', { unit: true }, '[[1.0, 2.0], [6.0, 12.0]]'],
    ['x [[2, 0], [5, 4]] = b', { left: false }, '[[12.0, 8.0], [7.0, 4.0]]'],
    ['x [[2, 5], [0, 4]] = b', { left: false, transpose: 'TRANSPOSE' }, '[[2.0, 13.0], [2.0, 9.0]]'],
    ['x [[2, 3], [0, 4]] = b', { left: false, lower: false }, '[[2.0, 11.0], [2.0, 7.0]]'],
  ])('solves %s', (_, options, b) => {
    const expected = options.left === false ? [1, 2, 1, 1] : [1, 2, 1, 2];
    expect(solve(b, options)).toEqual(expected);
  });

  it('conjugates for ADJOINT', () => {
    const type = 'tensor<1x1xcomplex<f64>>';
    const text = `func.func @main() -> ${type} {
      %a = stablehlo.constant dense<(0.0, 2.0)> : ${type}
      %b = stablehlo.constant dense<(4.0, 0.0)> : ${type}
      %0 = "stablehlo.triangular_solve"(%a, %b) {${attributes({ transpose: 'ADJOINT' })}} : (${type}, ${type}) -> ${type}
      return %0 : ${type}
    }`;
    expect(values(text)[0]?.[1]).toBe(2);
  });

  it.each([
    ['C1', 'tensor<2x2xf32>', 'tensor<2x2xf64>', 'tensor<2x2xf64>'],
    ['C2', 'tensor<2x2xf32>', 'tensor<2xf32>', 'tensor<2xf32>'],
    ['C3', 'tensor<3x2x2xf32>', 'tensor<4x2x2xf32>', 'tensor<4x2x2xf32>'],
    ['C3', 'tensor<2x3xf32>', 'tensor<2x2xf32>', 'tensor<2x2xf32>'],
    ['C3', 'tensor<2x2xf32>', 'tensor<3x2xf32>', 'tensor<3x2xf32>'],
    ['C4', 'tensor<2x2xf32>', 'tensor<2x3xf32>', 'tensor<2x2xf32>'],
  ])('names %s', (id, a, b, result) => {
    expect(problems(opText('stablehlo.triangular_solve', attributes({}), [a, b], [result]))).toEqual([
      expect.stringContaining(`triangular_solve ${id}`),
    ]);
  });
});
