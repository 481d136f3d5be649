import { describe, expect, it } from 'vitest';
import { printModule } from '../../ir/text/printer.ts';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { inline } from '../../passes/inline.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { load, runPass } from './pass-fixture.ts';

describe('inline', () => {
  it('puts the bodies of called functions in place of the calls, inner calls first', () => {
    expectRewrite(
      inline,
      `func.func @f(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @g(%x) : (tensor<f32>) -> tensor<f32>
         %1 = call @g(%0) : (tensor<f32>) -> tensor<f32>
         return %1 : tensor<f32>
       }
       func.func private @g(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @h(%x) : (tensor<f32>) -> tensor<f32>
         %1 = stablehlo.add %0, %x : tensor<f32>
         return %1 : tensor<f32>
       }
       func.func private @h(%x: tensor<f32>) -> tensor<f32> {
         %0 = stablehlo.negate %x : tensor<f32>
         return %0 : tensor<f32>
       }`,
      `func.func @f(%x: tensor<f32>) -> tensor<f32> {
         %0 = stablehlo.negate %x : tensor<f32>
         %1 = stablehlo.add %0, %x : tensor<f32>
         %2 = stablehlo.negate %1 : tensor<f32>
         %3 = stablehlo.add %2, %1 : tensor<f32>
         return %3 : tensor<f32>
       }`,
    );
  });

  it('keeps public functions, and inlines into regions', () => {
    expectRewrite(
      inline,
      `func.func @f(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
         %0 = "stablehlo.if"(%p) ({
           %1 = func.call @g(%x) : (tensor<f32>) -> tensor<f32>
           stablehlo.return %1 : tensor<f32>
         }, {
           stablehlo.return %x : tensor<f32>
         }) : (tensor<i1>) -> tensor<f32>
         return %0 : tensor<f32>
       }
       func.func @g(%x: tensor<f32>) -> tensor<f32> {
         %0 = stablehlo.negate %x : tensor<f32>
         return %0 : tensor<f32>
       }`,
      `func.func @f(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
         %0 = "stablehlo.if"(%p) ({
           %1 = stablehlo.negate %x : tensor<f32>
           stablehlo.return %1 : tensor<f32>
         }, {
           stablehlo.return %x : tensor<f32>
         }) : (tensor<i1>) -> tensor<f32>
         return %0 : tensor<f32>
       }
       func.func @g(%x: tensor<f32>) -> tensor<f32> {
         %0 = stablehlo.negate %x : tensor<f32>
         return %0 : tensor<f32>
       }`,
    );
  });

  it('leaves declarations, and functions that call themselves through others', () => {
    expectUnchanged(
      inline,
      `func.func private @elsewhere(tensor<f32>) -> tensor<f32>
       func.func @f(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @elsewhere(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>
       }`,
    );
    const { text, changed } = runPass(
      inline,
      `func.func @f(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @g(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>
       }
       func.func private @g(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @h(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>
       }
       func.func private @h(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @g(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>
       }`,
    );
    expect(changed).toBe(false);
    expect(text).toContain('call @h');
  });

  it('stops at the limit where functions double each other, and says so', () => {
    const functions = Array.from({ length: 40 }, (_, index) => {
      const callee =
        index === 0 ? 'stablehlo.negate %x : tensor<f32>' : `call @f${index - 1}(%x) : (tensor<f32>) -> tensor<f32>`;
      return `func.func private @f${index}(%x: tensor<f32>) -> tensor<f32> {
        %0 = ${callee}
        %1 = ${callee.replace('%x', '%0')}
        return %1 : tensor<f32>
      }`;
    });
    const text = `${functions.join('\n')}
      func.func @f(%x: tensor<f32>) -> tensor<f32> {
        %0 = call @f39(%x) : (tensor<f32>) -> tensor<f32>
        return %0 : tensor<f32>
      }`;
    const { remarks } = runPass(inline, text, { limit: 10_000 });
    expect(remarks[0]).toMatch(/^inline: not inlined: \d+ more ops would be past the limit$/);
  });

  it('says at each inlined op where it was called', () => {
    const module = load(`func.func @f(%x: tensor<f32>) -> tensor<f32> {
        %0 = call @g(%x) : (tensor<f32>) -> tensor<f32> loc("model.py":3:4)
        return %0 : tensor<f32>
      }
      func.func private @g(%x: tensor<f32>) -> tensor<f32> {
        %0 = stablehlo.negate %x : tensor<f32> loc("layers.py":9:2)
        return %0 : tensor<f32>
      }`);
    runPasses(module, [{ pass: inline, options: {} }], new DiagnosticSink());
    expect(printModule(module, { locations: true })).toMatch(
      /callsite\("layers.py":9:2 at "model.py":3:4\)|callsite\(#loc\d* at #loc\d*\)/,
    );
  });
});
