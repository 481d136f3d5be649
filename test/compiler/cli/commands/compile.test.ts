import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../compiler/cli/commands.ts';
import { runCli } from '../../../../compiler/cli/program.ts';
import { collectingTerminal } from '../collecting-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-compile-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = collectingTerminal();
  const code = await runCli(argv, terminal, commands);
  return { code, ...terminal.written };
}

function model(text: string): string {
  const path = join(folder, 'model.mlir');
  writeFileSync(path, text);
  return path;
}

const layer = `func.func @main(%x: tensor<4x2xf32>, %w: tensor<2x8xf32>) -> tensor<4x8xf32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x2xf32>, tensor<2x8xf32>) -> tensor<4x8xf32>
  %1 = stablehlo.negate %0 : tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}`;

describe('tessera compile', () => {
  it.each([
    ['stablehlo', 'stablehlo.dot_general'],
    ['plan', 'plan @main(arg0: f32[4, 2], arg1: f32[2, 8]) -> (out0: f32[4, 8])'],
    ['kernel', 'kernel '],
  ])('shows the stage %s', async (emit, expected) => {
    const { code, out, err } = await run('compile', model(layer), '--emit', emit);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(expected);
  });

  it('writes to a file when asked to, and nothing else', async () => {
    const path = join(folder, 'plan.txt');
    expect(await run('compile', model(layer), '--emit', 'plan', '-o', path)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toContain('plan @main');
  });

  it('says which op has no kernel yet, and where', async () => {
    const text = `func.func @main(%x: tensor<4x!stablehlo.token>) {\n  return\n}`;
    expect((await run('compile', model(text), '--emit', 'plan')).code).toBe(1);
    const custom = `func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.custom_call @elsewhere(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}`;
    const { code, err } = await run('compile', model(custom), '--emit', 'plan');
    expect(code).toBe(1);
    expect(err).toContain('model.mlir:2:8: unsupported[');
  });

  it('wants to know what to emit', async () => {
    expect((await run('compile', model(layer))).code).toBe(2);
  });
});
