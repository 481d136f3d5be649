import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

describe('dot', () => {
  it('gives a scalar for two vectors, and a vector for a matrix and a vector', () => {
    const text = `func.func @main() -> (tensor<i32>, tensor<2xi32>) {
      %m = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
      %v = stablehlo.constant dense<[10, 100]> : tensor<2xi32>
      %0 = stablehlo.dot %v, %v : (tensor<2xi32>, tensor<2xi32>) -> tensor<i32>
      %1 = stablehlo.dot %m, %v, precision = [DEFAULT, HIGHEST] : (tensor<2x2xi32>, tensor<2xi32>) -> tensor<2xi32>
      return %0, %1 : tensor<i32>, tensor<2xi32>
    }`;
    expect(values(text)).toEqual([[10100], [210, 430]]);
  });

  it.each([
    ['C1', ['tensor<2x2x2xf32>', 'tensor<2xf32>'], 'tensor<2x2xf32>'],
    ['C2', ['tensor<2x3xf32>', 'tensor<2xf32>'], 'tensor<2xf32>'],
    ['C3', ['tensor<2x3xf32>', 'tensor<3xf32>'], 'tensor<3xf32>'],
  ] as const)('names %s', (id, operands, result) => {
    expect(problems(opText('stablehlo.dot', '', operands, [result]))).toEqual([expect.stringContaining(id)]);
  });
});
