import { describe, expect, it } from 'vitest';
import { loopInvariantCodeMotion } from '../../passes/loop-invariant-code-motion.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

const signature = '(%a: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32>';

function loop(before: string, inside: string): string {
  return `
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %five = stablehlo.constant dense<5> : tensor<i32>
    ${before}
    %0:2 = stablehlo.while(%i = %zero, %s = %x) : tensor<i32>, tensor<4xf32>
    cond {
      %p = stablehlo.compare LT, %i, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %n = stablehlo.add %i, %one : tensor<i32>
      ${inside}
      %t = stablehlo.add %s, %c : tensor<4xf32>
      stablehlo.return %n, %t : tensor<i32>, tensor<4xf32>
    }
    return %0#1 : tensor<4xf32>`;
}

describe('loop-invariant-code-motion', () => {
  it('moves what uses nothing of the loop before it, and what follows from that', () => {
    const ops = `
      %b = stablehlo.multiply %a, %a : tensor<4xf32>
      %c = stablehlo.negate %b : tensor<4xf32>`;
    expectRewrite(loopInvariantCodeMotion, inFunction(signature, loop('', ops)), inFunction(signature, loop(ops, '')));
  });

  it('leaves what depends on a carry', () => {
    const ops = '%c = stablehlo.multiply %s, %a : tensor<4xf32>';
    expectUnchanged(loopInvariantCodeMotion, inFunction(signature, loop('', ops)));
  });

  it('leaves effects', () => {
    const ops = '%c = stablehlo.custom_call @read(%a) {has_side_effect = true} : (tensor<4xf32>) -> tensor<4xf32>';
    expectUnchanged(loopInvariantCodeMotion, inFunction(signature, loop('', ops)));
  });

  it('leaves what takes more memory than its operands, unless told to', () => {
    const text = inFunction(
      '(%a: tensor<f32>, %x: tensor<4xf32>) -> tensor<4xf32>',
      loop('', '%c = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> tensor<4xf32>'),
    );
    expectUnchanged(loopInvariantCodeMotion, text);
    expect(runPass(loopInvariantCodeMotion, text, { grow: true }).changed).toBe(true);
  });

  it('moves an op out of several loops at once', () => {
    const inner = `
      %1:2 = stablehlo.while(%j = %zero, %u = %s) : tensor<i32>, tensor<4xf32>
      cond {
        %p = stablehlo.compare LT, %j, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %p : tensor<i1>
      } do {
        %m = stablehlo.add %j, %one : tensor<i32>
        %b = stablehlo.multiply %a, %a : tensor<4xf32>
        %v = stablehlo.add %u, %b : tensor<4xf32>
        stablehlo.return %m, %v : tensor<i32>, tensor<4xf32>
      }
      %c = stablehlo.negate %1#1 : tensor<4xf32>`;
    const { text } = runPass(loopInvariantCodeMotion, inFunction(signature, loop('', inner)));
    expect(text.indexOf('stablehlo.multiply')).toBeLessThan(text.indexOf('stablehlo.while'));
  });
});
