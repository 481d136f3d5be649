import { describe, expect, it } from 'vitest';
import { sinkTranspose } from '../../passes/sink-transpose.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

const two = '(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<3x2xf32>';

describe('sink-transpose', () => {
  it('makes one of two equal transposes', () => {
    expectRewrite(
      sinkTranspose,
      inFunction(
        two,
        `%0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %1 = stablehlo.transpose %b, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %2 = stablehlo.add %0, %1 : tensor<3x2xf32>
         return %2 : tensor<3x2xf32>`,
      ),
      inFunction(
        two,
        `%0 = stablehlo.add %a, %b : tensor<2x3xf32>
         %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         return %1 : tensor<3x2xf32>`,
      ),
    );
  });

  it('takes splats, constants, broadcasts, iotas and scalar bounds along', () => {
    expectRewrite(
      sinkTranspose,
      inFunction(
        '(%a: tensor<2x3xf32>, %b: tensor<3xf32>, %low: tensor<f32>) -> tensor<3x2xf32>',
        `%s = stablehlo.constant dense<2.0> : tensor<3x2xf32>
         %c = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
         %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %1 = stablehlo.broadcast_in_dim %b, dims = [0] : (tensor<3xf32>) -> tensor<3x2xf32>
         %2 = stablehlo.iota dim = 0 : tensor<3x2xf32>
         %3 = stablehlo.add %0, %1 : tensor<3x2xf32>
         %4 = stablehlo.multiply %3, %s : tensor<3x2xf32>
         %5 = stablehlo.subtract %4, %c : tensor<3x2xf32>
         %6 = stablehlo.clamp %low, %5, %2 : (tensor<f32>, tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
         return %6 : tensor<3x2xf32>`,
      ),
      inFunction(
        '(%a: tensor<2x3xf32>, %b: tensor<3xf32>, %low: tensor<f32>) -> tensor<3x2xf32>',
        `%0 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
         %1 = stablehlo.add %a, %0 : tensor<2x3xf32>
         %s = stablehlo.constant dense<2.0> : tensor<2x3xf32>
         %2 = stablehlo.multiply %1, %s : tensor<2x3xf32>
         %c = stablehlo.constant dense<[[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]> : tensor<2x3xf32>
         %3 = stablehlo.subtract %2, %c : tensor<2x3xf32>
         %4 = stablehlo.iota dim = 1 : tensor<2x3xf32>
         %5 = stablehlo.clamp %low, %3, %4 : (tensor<f32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
         %6 = stablehlo.transpose %5, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         return %6 : tensor<3x2xf32>`,
      ),
    );
  });

  it('leaves transposes of different permutations, and operands it would have to transpose', () => {
    expectUnchanged(
      sinkTranspose,
      inFunction(
        '(%a: tensor<3x3x3xf32>, %b: tensor<3x3x3xf32>) -> tensor<3x3x3xf32>',
        `%0 = stablehlo.transpose %a, dims = [1, 0, 2] : (tensor<3x3x3xf32>) -> tensor<3x3x3xf32>
         %1 = stablehlo.transpose %b, dims = [2, 1, 0] : (tensor<3x3x3xf32>) -> tensor<3x3x3xf32>
         %2 = stablehlo.add %0, %1 : tensor<3x3x3xf32>
         return %2 : tensor<3x3x3xf32>`,
      ),
    );
    expectUnchanged(
      sinkTranspose,
      inFunction(
        '(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<3x2xf32>',
        `%0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %1 = stablehlo.add %0, %b : tensor<3x2xf32>
         return %1 : tensor<3x2xf32>`,
      ),
    );
  });

  it('does not move more bytes than before', () => {
    expectUnchanged(
      sinkTranspose,
      inFunction(
        '(%a: tensor<2x3xf32>) -> tensor<3x2xf64>',
        `%0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %1 = stablehlo.convert %0 : (tensor<3x2xf32>) -> tensor<3x2xf64>
         return %1 : tensor<3x2xf64>`,
      ),
    );
  });

  it('leaves a transpose that stays for another use', () => {
    expectUnchanged(
      sinkTranspose,
      inFunction(
        '(%a: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>)',
        `%0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
         %1 = stablehlo.negate %0 : tensor<3x2xf32>
         return %0, %1 : tensor<3x2xf32>, tensor<3x2xf32>`,
      ),
    );
  });

  it('takes a long chain of transposes and ops in few steps', () => {
    const lines = Array.from({ length: 2000 }, (_, index) => {
      const [from, to] = index % 2 === 0 ? ['2x3', '3x2'] : ['3x2', '2x3'];
      const operand = index === 0 ? '%a' : `%e${index - 1}`;
      return `%t${index} = stablehlo.transpose ${operand}, dims = [1, 0] : (tensor<${from}xf32>) -> tensor<${to}xf32>
        %e${index} = stablehlo.negate %t${index} : tensor<${to}xf32>`;
    });
    const text = inFunction(
      '(%a: tensor<2x3xf32>) -> tensor<2x3xf32>',
      `${lines.join('\n')}\nreturn %e1999 : tensor<2x3xf32>`,
    );
    expect(runPass(sinkTranspose, text).text).not.toContain('transpose');
  });
});
