import { describe, expect, it } from 'vitest';
import { compile, type ModelSource } from '../../../compiler/api/index.ts';
import { commands } from '../../../compiler/cli/commands.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { collectingTerminal } from '../cli/collecting-terminal.ts';
import { TemporaryFolder } from '../cli/run-cli.ts';
import { readFileSync } from 'node:fs';

const layer = `func.func @main(%x: tensor<4x2xf32>, %w: tensor<2x8xf32>) -> tensor<4x8xf32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x2xf32>, tensor<2x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
`;

const net: ModelSource = { main: 'models/net.mlir', files: { 'models/net.mlir': layer } };

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('compile', () => {
  it('gives the files that the command writes, to the byte', async () => {
    const compiled = compile(net, { relaxed: true });
    if (!compiled.ok) throw new Error(compiled.text);
    expect(compiled.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(compiled.artifacts.map(({ name }) => name)).toEqual(['net.wasm', 'net.js', 'net.d.ts', 'net.relaxed.wasm']);
    const folder = new TemporaryFolder();
    const code = await runCli(
      ['compile', folder.file('net.mlir', layer), '--relaxed', '-o', folder.path],
      collectingTerminal(),
      commands,
    );
    expect(code).toBe(0);
    for (const { name, bytes } of compiled.artifacts) {
      expect(text(bytes), name).toBe(text(readFileSync(folder.file(name))));
    }
  });

  it('runs what it compiled, through the loader that ships', async () => {
    const compiled = compile(net);
    if (!compiled.ok) throw new Error(compiled.text);
    const model = await compiled.instantiate();
    const inputs = { arg0: new Float32Array(8).fill(2), arg1: new Float32Array(16).fill(3) };
    expect(model.predictSync(inputs)).toEqual({ out0: new Float32Array(32).fill(12) });
    expect(() => model.predictSync({ arg0: inputs.arg0 })).toThrow('the input arg1 is missing');
  });

  it.each([
    ['plan', 'net.plan', 'plan @main'],
    ['kernel', 'net.kernel', 'kernel '],
    ['wat', 'net.wat', '(module'],
    ['stablehlo', 'net.mlir', 'stablehlo.dot_general'],
  ] as const)('shows the stage %s', (emit, name, expected) => {
    const shown = compile(net, { emit });
    if (!shown.ok) throw new Error(shown.text);
    expect(shown.artifacts[0].name).toBe(name);
    expect(text(shown.artifacts[0].bytes)).toContain(expected);
  });

  it('reads files through a function as well, and bytes as text', () => {
    const asked: string[] = [];
    const bytes = new TextEncoder().encode(layer);
    const files = (path: string): Uint8Array => {
      asked.push(path);
      return bytes;
    };
    expect(compile({ main: 'a.mlir', files }, { name: 'other' })).toMatchObject({ ok: true });
    expect(asked).toEqual(['a.mlir']);
  });

  it('gives diagnostics as data: place, notes, hint, and the text of a terminal', () => {
    const wrong = layer.replace('stablehlo.dot_general', 'stablehlo.dot_generl');
    const failed = compile({ main: 'net.mlir', files: { 'net.mlir': wrong } });
    expect(failed).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'E1101',
          severity: 'error',
          kind: 'user',
          file: 'net.mlir',
          line: 2,
          column: 8,
          endLine: 2,
          endColumn: 28,
        },
      ],
    });
    const [{ span, hint } = {}] = failed.diagnostics;
    expect(wrong.slice(...(span ?? [0, 0]))).toBe('stablehlo.dot_generl');
    expect(hint).toContain('stablehlo.dot_general');
    expect(failed.text).toContain('net.mlir:2:8: error[E1101]');
    expect(failed.text).toContain('^~~~');
  });

  it.each([
    ['a file that is not there', { main: 'ner.mlir', files: net.files }, {}, 'E5013'],
    ['what only objects inherit', { main: 'toString', files: {} }, {}, 'E5013'],
    ['a kind of model that is not read', { main: 'a.onnx', files: { 'a.onnx': '' } }, {}, 'E5010'],
    ['a function that is not there', net, { fn: 'absent' }, 'E5009'],
    ['a name that is no file name', net, { name: '../net' }, 'E5016'],
  ])('reports %s', (_, source, options, code) => {
    expect(compile(source, options)).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  it('says which file was meant', () => {
    const failed = compile({ main: 'models/ner.mlir', files: net.files });
    expect(failed.diagnostics[0]?.hint).toBe("did you mean 'models/net.mlir'?");
  });

  it('throws for what only a program can get wrong', () => {
    expect(() => compile(net, { emit: 'punch-cards' as 'plan' })).toThrow(TypeError);
  });
});
