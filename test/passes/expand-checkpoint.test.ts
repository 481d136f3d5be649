import { describe, expect, it } from 'vitest';
import { expandCheckpoint } from '../../passes/expand-checkpoint.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

const checkpointed = inFunction(
  '(%x: tensor<2xf32>) -> tensor<2xf32>',
  `%0 = "tessera.checkpoint"() ({
     %1 = stablehlo.multiply %x, %x : tensor<2xf32>
     %2 = stablehlo.add %1, %x : tensor<2xf32>
     stablehlo.return %2 : tensor<2xf32>
   }) : () -> tensor<2xf32>
   return %0 : tensor<2xf32>`,
);

describe('expand-checkpoint', () => {
  it('puts the ops of a body in its place', () => {
    const outcome = runPass(expandCheckpoint, checkpointed);
    expect(outcome.text).not.toContain('checkpoint');
    expect(differenceOfTexts(checkpointed, outcome.text)).toBeUndefined();
    expect(runPass(expandCheckpoint, outcome.text).changed).toBe(false);
  });

  it('takes stop_gradient for its operands', () => {
    expectRewrite(
      expandCheckpoint,
      inFunction(
        '(%x: tensor<f32>) -> tensor<f32>',
        `%0 = "tessera.stop_gradient"(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>`,
      ),
      inFunction('(%x: tensor<f32>) -> tensor<f32>', 'return %x : tensor<f32>'),
    );
  });

  it('leaves a gradient to differentiation', () => {
    expectUnchanged(
      expandCheckpoint,
      inFunction(
        '(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>)',
        `%0:2 = "tessera.gradient"(%x) ({
         ^bb0(%a: tensor<f32>):
           %1 = stablehlo.sine %a : tensor<f32>
           stablehlo.return %1 : tensor<f32>
         }) : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
         return %0#0, %0#1 : tensor<f32>, tensor<f32>`,
      ),
    );
  });
});
