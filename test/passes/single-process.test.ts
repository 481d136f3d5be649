import { describe, it } from 'vitest';
import { singleProcess } from '../../passes/single-process.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

describe('single-process', () => {
  it('removes tokens from barriers', () => {
    expectRewrite(
      singleProcess,
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xf32>',
        `%t = stablehlo.create_token : !stablehlo.token
         %u = stablehlo.after_all %t, %t : !stablehlo.token
         %0:2 = stablehlo.optimization_barrier %x, %u : tensor<4xf32>, !stablehlo.token
         return %0#0 : tensor<4xf32>`,
      ),
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xf32>',
        `%0 = stablehlo.optimization_barrier %x : tensor<4xf32>
         return %0 : tensor<4xf32>`,
      ),
    );
  });

  it('removes tokens from what loops and branches carry', () => {
    const loop = (tokens: boolean): string => {
      const [type, value] = tokens ? [', !stablehlo.token', ', %t'] : ['', ''];
      return inFunction(
        '(%n: tensor<i32>, %p: tensor<i1>) -> tensor<i32>',
        `${tokens ? '%t = stablehlo.create_token : !stablehlo.token' : ''}
         %zero = stablehlo.constant dense<0> : tensor<i32>
         %one = stablehlo.constant dense<1> : tensor<i32>
         %0:${tokens ? 2 : 1} = "stablehlo.while"(%zero${value}) ({
         ^bb0(%i: tensor<i32>${tokens ? ', %u: !stablehlo.token' : ''}):
           %c = stablehlo.compare LT, %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %c : tensor<i1>
         }, {
         ^bb0(%i: tensor<i32>${tokens ? ', %u: !stablehlo.token' : ''}):
           %j = stablehlo.add %i, %one : tensor<i32>
           stablehlo.return %j${tokens ? ', %u' : ''} : tensor<i32>${type}
         }) : (tensor<i32>${type}) -> (tensor<i32>${type})
         %1:${tokens ? 2 : 1} = "stablehlo.if"(%p) ({
           stablehlo.return %0#0${tokens ? ', %0#1' : ''} : tensor<i32>${type}
         }, {
           stablehlo.return %one${value} : tensor<i32>${type}
         }) : (tensor<i1>) -> (tensor<i32>${type})
         return %1#0 : tensor<i32>`,
      );
    };
    expectRewrite(singleProcess, loop(true), loop(false));
  });

  it('removes sharding constraints', () => {
    expectRewrite(
      singleProcess,
      `sdy.mesh @mesh = <["x"=1]>
       ${inFunction(
         '(%x: tensor<4xf32>) -> tensor<4xf32>',
         `%0 = sdy.sharding_constraint %x <@mesh, [{"x"}]> : tensor<4xf32>
          %1 = stablehlo.negate %0 : tensor<4xf32>
          return %1 : tensor<4xf32>`,
       )}`,
      `sdy.mesh @mesh = <["x"=1]>
       ${inFunction(
         '(%x: tensor<4xf32>) -> tensor<4xf32>',
         `%0 = stablehlo.negate %x : tensor<4xf32>
          return %0 : tensor<4xf32>`,
       )}`,
    );
  });

  it('leaves tokens at the boundary of a function', () => {
    expectUnchanged(
      singleProcess,
      inFunction('(%t: !stablehlo.token) -> !stablehlo.token', 'return %t : !stablehlo.token'),
    );
  });
});
