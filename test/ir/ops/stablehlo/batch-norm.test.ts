import { describe, expect, it } from 'vitest';
import { opText, problems, values } from '../run-text.ts';

const x = '%x = stablehlo.constant dense<[[[1.0, 2.0], [3.0, 4.0]], [[3.0, 4.0], [1.0, 2.0]]]> : tensor<2x2x2xf64>';
const attributes = 'epsilon = 0.0 : f32, feature_index = 2 : i64';
const [t, v] = ['tensor<2x2x2xf64>', 'tensor<2xf64>'];

function vector(name: string, value: string): string {
  return `%${name} = stablehlo.constant dense<${value}> : ${v}`;
}

describe('batch norm', () => {
  it('in training normalises with the statistics of the batch, and gives them', () => {
    const text = `func.func @main() -> (${t}, ${v}, ${v}) {
      ${x}\n${vector('s', '[1.0, 10.0]')}\n${vector('o', '[1.0, 0.0]')}
      %0:3 = "stablehlo.batch_norm_training"(%x, %s, %o) {${attributes}} : (${t}, ${v}, ${v}) -> (${t}, ${v}, ${v})
      return %0#0, %0#1, %0#2 : ${t}, ${v}, ${v}
    }`;
    expect(values(text)).toEqual([
      [0, -10, 2, 10, 2, 10, 0, -10],
      [2, 3],
      [1, 1],
    ]);
  });

  it('in inference normalises with given statistics', () => {
    const text = `func.func @main() -> ${t} {
      ${x}\n${vector('s', '[1.0, 2.0]')}\n${vector('o', '[0.0, 1.0]')}\n${vector('m', '[1.0, 2.0]')}\n${vector('w', '[4.0, 1.0]')}
      %0 = "stablehlo.batch_norm_inference"(%x, %s, %o, %m, %w) {${attributes}} : (${t}, ${v}, ${v}, ${v}, ${v}) -> ${t}
      return %0 : ${t}
    }`;
    expect(values(text)).toEqual([[0, 1, 1, 5, 1, 5, 0, 1]]);
  });

  it('has a gradient of zero for the operand where the gradient of the output is constant', () => {
    const text = `func.func @main() -> (${t}, ${v}, ${v}) {
      ${x}\n${vector('s', '[1.0, 1.0]')}\n${vector('m', '[2.0, 3.0]')}\n${vector('w', '[1.0, 1.0]')}
      %g = stablehlo.constant dense<0.5> : ${t}
      %0:3 = "stablehlo.batch_norm_grad"(%x, %s, %m, %w, %g) {${attributes}} : (${t}, ${v}, ${v}, ${v}, ${t}) -> (${t}, ${v}, ${v})
      return %0#0, %0#1, %0#2 : ${t}, ${v}, ${v}
    }`;
    expect(values(text)).toEqual([new Array(8).fill(0), [0, 0], [2, 2]]);
  });

  it.each([
    ['batch_norm_training C1', 'epsilon = 0.0 : f32, feature_index = 3 : i64', [t, v, v], [t, v, v]],
    ['batch_norm_training C2', attributes, [t, 'tensor<2xf32>', v], [t, v, v]],
    ['batch_norm_training C3', attributes, [t, 'tensor<3xf64>', v], [t, v, v]],
    ['batch_norm_training C4', attributes, [t, v, 'tensor<3xf64>'], [t, v, v]],
    ['batch_norm_training C2, C5, C6, C7', attributes, [t, v, v], [t, 'tensor<3xf64>', v]],
    ['batch_norm_inference C5', attributes, [t, v, v, 'tensor<1xf64>', v], [t]],
    ['batch_norm_inference C6', attributes, [t, v, v, v, 'tensor<1xf64>'], [t]],
    ['batch_norm_inference C2, C7', attributes, [t, v, v, v, v], ['tensor<2x2x1xf64>']],
    ['batch_norm_grad C3', attributes, [t, v, v, v, 'tensor<2x1x2xf64>'], [t, v, v]],
    ['batch_norm_grad C4', attributes, [t, v, v, 'tensor<1xf64>', t], [t, v, v]],
    ['batch_norm_grad C5', attributes, [t, 'tensor<3xf64>', 'tensor<3xf64>', 'tensor<3xf64>', t], [t, v, v]],
  ] as const)('names %s', (expected, given, operands, results) => {
    const op = `stablehlo.${expected.split(' ')[0]}`;
    expect(problems(opText(op, given, operands, results))).toEqual([expect.stringContaining(expected)]);
  });
});
