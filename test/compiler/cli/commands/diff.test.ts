import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../compiler/cli/commands.ts';
import { runCli } from '../../../../compiler/cli/program.ts';
import { collectingTerminal } from '../collecting-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function diff(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = collectingTerminal();
  const code = await runCli(['diff', ...argv], terminal, commands);
  return { code, ...terminal.written };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const type = 'tensor<?x3xf32, #tessera.tensor<dims = [n <= 8, _]>>';
const model = file(
  'model.mlir',
  `func.func @main(%x: ${type}) -> ${type} {
  %0 = stablehlo.tanh %x : ${type}
  return %0 : ${type}
}`,
);
const program = file('model.tess', 'export fn twice[n](x: f32[n, 3]) -> (y: f32[n, 3]) = (y: tanh(x) * 2)\n');
const none = { code: 0, out: 'no difference between reference, kernel, wasm\n', err: '' };

describe('tessera diff', () => {
  it('runs all targets on numbers made up', async () => {
    expect(await diff(model)).toEqual(none);
    expect(await diff(model, '--dim', 'n=7')).toEqual(none);
  });

  it('runs a program of the language for the sizes given', async () => {
    expect(await diff(program, '--dim', 'n=7')).toEqual(none);
  });

  it('wants the sizes of a program', async () => {
    const { code, err } = await diff(program);
    expect(code).toBe(1);
    expect(err).toContain('leaves `n` open');
  });

  it('refuses a size that is not there, or too large', async () => {
    expect((await diff(model, '--dim', 'm=7')).err).toContain("has no dimension 'm'");
    expect((await diff(model, '--dim', 'n=9')).err).toContain('the dimension n is 9, but it is at most 8');
  });

  it('gives parameters what a file or a seed makes of them', async () => {
    const scaled = file(
      'scaled.tess',
      `export model Scaled {
  param w: f32[3] = ones
  export fn predict[n](x: f32[n, 3]) -> (y: f32[n, 3]) = (y: x * w)
}
`,
    );
    expect(await diff(scaled, '--dim', 'n=2', '--seed', '4')).toEqual(none);
    expect((await diff(scaled, '--dim', 'n=2', '--seed', 'four')).code).toBe(2);
    const missing = await diff(scaled, '--dim', 'n=2', '--params', join(folder, 'none.safetensors'));
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('none.safetensors');
    expect((await diff(model, '--params', 'x.safetensors')).err).toContain('--params is for programs of the language');
  });

  it('wants two targets that exist', async () => {
    expect((await diff(model, '--targets', 'wasm')).code).toBe(2);
    expect((await diff(model, '--targets', 'wasm,abacus')).code).toBe(2);
    expect(await diff(model, '--targets', 'wasm,kernel')).toEqual({
      ...none,
      out: 'no difference between wasm, kernel\n',
    });
  });
});
