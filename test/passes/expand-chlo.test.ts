import { describe, expect, it } from 'vitest';
import { chloOps } from '../../ir/ops/families/chlo.ts';
import { expandChlo } from '../../passes/expand-chlo.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, load, runPass } from './pass-fixture.ts';

/** One function that applies an op to as many f32 operands as it takes. */
function apply(op: string, element = 'f32', result = element): string {
  const [from, to] = [`tensor<4x${element}>`, `tensor<4x${result}>`];
  const line = `%0 = "${op}"(%x) : (${from}) -> ${to}`;
  return inFunction(`(%x: ${from}) -> ${to}`, `${line}\nreturn %0 : ${to}`);
}

describe('expand-chlo', () => {
  it('makes an op its formula', () => {
    const before = apply('chlo.atan');
    const after = inFunction(
      '(%x: tensor<4xf32>) -> tensor<4xf32>',
      `%c = stablehlo.constant dense<1.0> : tensor<4xf32>
      %0 = stablehlo.atan2 %x, %c : tensor<4xf32>
      return %0 : tensor<4xf32>`,
    );
    expectRewrite(expandChlo, before, after);
  });

  it('leaves the error function to kernels where it is told to', () => {
    const text = apply('chlo.erf');
    expect(runPass(expandChlo, text, { keepErf: true }).text).toContain('chlo.erf');
    expect(runPass(expandChlo, text).text).not.toContain('chlo.erf');
  });

  it('computes narrow formats in f32', () => {
    const after = inFunction(
      '(%x: tensor<4xbf16>) -> tensor<4xbf16>',
      `%0 = stablehlo.convert %x : (tensor<4xbf16>) -> tensor<4xf32>
      %c = stablehlo.constant dense<1.0> : tensor<4xf32>
      %1 = stablehlo.atan2 %0, %c : tensor<4xf32>
      %2 = stablehlo.convert %1 : (tensor<4xf32>) -> tensor<4xbf16>
      return %2 : tensor<4xbf16>`,
    );
    expectRewrite(expandChlo, apply('chlo.atan', 'bf16'), after);
  });

  it('replaces ops by those of StableHLO with the same meaning', () => {
    expectRewrite(expandChlo, apply('chlo.tan'), apply('stablehlo.tan'));
  });

  it('leaves a module without chlo as it is', () => {
    expectUnchanged(expandChlo, apply('stablehlo.exponential'));
  });

  it('finds ops in regions', () => {
    const before = `func.func @f(%p: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = "stablehlo.if"(%p) ({
        %1 = chlo.square %x : tensor<4xf32> -> tensor<4xf32>
        stablehlo.return %1 : tensor<4xf32>
      }, {
        stablehlo.return %x : tensor<4xf32>
      }) : (tensor<i1>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }`;
    expectRewrite(
      expandChlo,
      before,
      before.replace('chlo.square %x : tensor<4xf32> -> tensor<4xf32>', 'stablehlo.multiply %x, %x : tensor<4xf32>'),
    );
  });

  it('makes each constant of a formula once', () => {
    const { text } = runPass(expandChlo, apply('chlo.digamma'));
    const constants = text.split('\n').filter((line) => line.includes('stablehlo.constant'));
    const values = constants.map((line) => line.replace(/.*dense</, ''));
    expect(new Set(values).size).toBe(values.length);
  });

  it('gives all ops of an expansion the location of the op', () => {
    const line = '%0 = "chlo.lgamma"(%x) : (tensor<4xf32>) -> tensor<4xf32> loc("model.py":7:3)';
    const module = load(inFunction('(%x: tensor<4xf32>) -> tensor<4xf32>', `${line}\nreturn %0 : tensor<4xf32>`));
    runPasses(module, [{ pass: expandChlo, options: {} }], new DiagnosticSink());
    const locations = new Set<unknown>();
    module.walk((op) => {
      if (op.name.startsWith('stablehlo.')) locations.add(op.location);
    });
    expect([...locations]).toEqual([expect.objectContaining({ kind: 'file', file: 'model.py', line: 7, column: 3 })]);
  });

  it('leaves nothing behind where it gives up, so that a second run finds nothing', () => {
    const type = 'tensor<?xf8E4M3FN>';
    const text = inFunction(
      `(%x: ${type}, %y: ${type}) -> ${type}`,
      `%0 = "chlo.broadcast_next_after"(%x, %y) : (${type}, ${type}) -> ${type}\nreturn %0 : ${type}`,
    );
    expectUnchanged(expandChlo, text);
  });

  it.each(
    chloOps
      .filter(({ operands, traits }) => traits.has('elementwise') && operands.length === 1)
      .map(({ name, results }) => ({
        name,
        result: results[0]?.type.describe.includes('boolean') === true ? 'i1' : 'f32',
      })),
  )('leaves no $name after one run', ({ name, result }) => {
    const isComplexOnly = name === 'chlo._asin_acos_kernel';
    const { text } = runPass(expandChlo, isComplexOnly ? apply(name, 'complex<f32>') : apply(name, 'f32', result));
    expect(text).not.toContain('chlo.');
    expect(runPass(expandChlo, text).changed).toBe(false);
  });
});
