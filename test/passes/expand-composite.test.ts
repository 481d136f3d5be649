import { describe, expect, it } from 'vitest';
import { expandComposite } from '../../passes/expand-composite.ts';
import { inline } from '../../passes/inline.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { runPass } from './pass-fixture.ts';

const square = `func.func private @square(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.multiply %x, %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}`;

function caller(line: string): string {
  return `func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    ${line}
    return %0 : tensor<4xf32>
  }
  ${square}`;
}

const attributes = '{decomposition = @square, composite_attributes = {power = 2 : i32}, version = 1 : i32}';
const composite = `%0 = stablehlo.composite "my.square" %x ${attributes} : (tensor<4xf32>) -> tensor<4xf32>`;

describe('expand-composite', () => {
  it('makes a composite a call of its decomposition', () => {
    expectRewrite(
      expandComposite,
      caller(composite),
      caller('%0 = call @square(%x) : (tensor<4xf32>) -> tensor<4xf32>'),
    );
  });

  it('leaves what inlining makes the body', () => {
    const { text } = runPass(inline, runPass(expandComposite, caller(composite)).text);
    expect(text).toContain('stablehlo.multiply %arg0, %arg0');
    expect(text).not.toContain('@square');
  });

  it('leaves a module without composites as it is', () => {
    expectUnchanged(expandComposite, square.replace('private ', ''));
  });
});
