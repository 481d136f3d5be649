import { describe, expect, it } from 'vitest';
import { printModule } from '../../../ir/text/printer.ts';
import { printedLines } from './op-lines.ts';
import { readModule } from './read.ts';

describe('value names', () => {
  it('number results, and those of one op together', () => {
    expect(
      printedLines(
        '%a = stablehlo.abs %f : tensor<4x8xf32>\n%b:2 = stablehlo.optimization_barrier %f, %g : tensor<4x8xf32>, tensor<4x8xf32>\n%c2 = stablehlo.add %b#1, %a : tensor<4x8xf32>',
      ),
    ).toBe(
      [
        '%0 = stablehlo.abs %arg0 : tensor<4x8xf32>',
        '%1:2 = stablehlo.optimization_barrier %arg0, %arg1 : tensor<4x8xf32>, tensor<4x8xf32>',
        '%2 = stablehlo.add %1#1, %0 : tensor<4x8xf32>',
      ].join('\n'),
    );
  });

  it('tell constants of integers from others, and keep names apart', () => {
    expect(
      printedLines(
        ['i32', 'i1', 'ui8', 'f32', 'complex<f32>']
          .map((dtype, index) => `%x${index} = stablehlo.constant dense<[]> : tensor<0x${dtype}>`)
          .join('\n'),
      ).match(/^%\w+/gm),
    ).toEqual(['%c', '%c_0', '%c_1', '%cst', '%cst_2']);
  });

  it('go on inside a region, and start again in the next', () => {
    const branch = '%x = stablehlo.negate %f : tensor<4x8xf32>\nstablehlo.return %x : tensor<4x8xf32>';
    const text = printedLines(
      `%0 = stablehlo.abs %f : tensor<4x8xf32>\n%1 = "stablehlo.if"(%p) ({\n${branch}\n}, {\n${branch}\n}) : (tensor<i1>) -> tensor<4x8xf32>\n%2 = stablehlo.abs %1 : tensor<4x8xf32>`,
    );
    expect(text.match(/%\d+(?= =)/g)).toEqual(['%0', '%1', '%3', '%3', '%2']);
  });

  it('start again in the next function', () => {
    const body = '(%x: tensor<f32>) -> tensor<f32> {\n%y = stablehlo.abs %x : tensor<f32>\nreturn %y : tensor<f32>\n}';
    const text = printModule(readModule(`func.func @f${body}\nfunc.func @g${body}`));
    expect(text.match(/%0 = stablehlo.abs %arg0/g)).toHaveLength(2);
  });
});
