import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

const constants = `
  %a = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = stablehlo.constant dense<[[1.0, 10.0], [100.0, 1000.0]]> : tensor<2x2xf32>`;

function einsum(config: string, result: string): number[] {
  const text = `func.func @main() -> ${result} {${constants}
    %r = stablehlo.einsum %a, %b, config = "${config}" : (tensor<2x2xf32>, tensor<2x2xf32>) -> ${result}
    return %r : ${result}
  }`;
  return values(text)[0]?.map(Number) ?? [];
}

function unary(config: string, result: string): number[] {
  const text = `func.func @main() -> ${result} {${constants}
    %r = stablehlo.unary_einsum %a, config = "${config}" : (tensor<2x2xf32>) -> ${result}
    return %r : ${result}
  }`;
  return values(text)[0]?.map(Number) ?? [];
}

describe('einsum', () => {
  it.each([
    ['ab,bc->ac', 'tensor<2x2xf32>', [201, 2010, 403, 4030]],
    ['ab,ab->ab', 'tensor<2x2xf32>', [1, 20, 300, 4000]],
    ['ab,cb->ca', 'tensor<2x2xf32>', [21, 43, 2100, 4300]],
    ['ab,cd->', 'tensor<f32>', [11110]],
    ['...b,b...->...', 'tensor<2xf32>', [201, 4030]],
    ['aa,bb->ab', 'tensor<2x2xf32>', [1, 1000, 4, 4000]],
  ])('computes %s', (config, result, expected) => {
    expect(einsum(config, result)).toEqual(expected);
  });

  it.each([
    ['ab->a', 'tensor<2xf32>', [3, 7]],
    ['ab->ba', 'tensor<2x2xf32>', [1, 3, 2, 4]],
    ['aa->a', 'tensor<2xf32>', [1, 4]],
    ['aa->', 'tensor<f32>', [5]],
  ])('of one operand computes %s', (config, result, expected) => {
    expect(unary(config, result)).toEqual(expected);
  });

  it.each([
    ['C1', 'ab,bc'],
    ['C1', 'a....b,bc->ac'],
    ['C2', 'ab->ab'],
    ['C2', 'abc,bc->a'],
    ['C3', 'ab,ac->bc'],
    ['C4', 'ab,bc->ad'],
    ['C4', 'ab,bc->aa'],
    ['C5', 'ab,bc->ca'],
  ])('names %s for %s', (id, config) => {
    const text = opText(
      'stablehlo.einsum',
      `einsum_config = "${config}"`,
      ['tensor<2x3xf32>', 'tensor<3x4xf32>'],
      ['tensor<2x4xf32>'],
    );
    expect(problems(text)).toEqual([expect.stringContaining(id)]);
  });
});
