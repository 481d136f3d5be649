import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../compiler/cli/commands.ts';
import { runCli } from '../../../../compiler/cli/program.ts';
import type * as Loader from '../../../../runtime/js/load.js';
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

  it('takes convolutions with fewer multiplications, but for --direct-sums', async () => {
    const [image, weights] = ['tensor<1x28x28x32xf32>', 'tensor<3x3x32x32xf32>'];
    const path = model(`func.func @main(%x: ${image}, %w: ${weights}) -> ${image} {
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (${image}, ${weights}) -> ${image}
  return %0 : ${image}
}`);
    const emit = ['compile', path, '--emit', 'stablehlo'];
    expect((await run(...emit)).out).not.toContain('stablehlo.convolution');
    expect((await run(...emit, '--direct-sums')).out).toContain('stablehlo.convolution');
  });

  it('writes to a file when asked to, and nothing else', async () => {
    const path = join(folder, 'plan.txt');
    expect(await run('compile', model(layer), '--emit', 'plan', '-o', path)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toContain('plan @main');
  });

  it('writes a module, its loader and their types, the same bytes each time', async () => {
    const [first, second] = ['one', 'two'].map((name) => join(folder, name));
    for (const path of [first, second])
      expect(await run('compile', model(layer), '--name', 'net', '--relaxed', '-o', path ?? '')).toEqual({
        code: 0,
        out: '',
        err: '',
      });
    for (const name of ['net.wasm', 'net.relaxed.wasm', 'net.js', 'net.d.ts'])
      expect(readFileSync(join(second ?? '', name))).toEqual(readFileSync(join(first ?? '', name)));
    expect(readFileSync(join(first ?? '', 'net.d.ts'), 'utf8')).toContain(
      '/** f32 [4, 2] */\n  arg0: Input<Float32Array>;',
    );
  });

  it('writes what runs without tessera, and refuses what does not fit', async () => {
    const path = join(folder, 'run');
    await run('compile', model(layer), '--name', 'net', '-o', path);
    const { load } = (await import(pathToFileURL(join(path, 'net.js')).href)) as typeof Loader;
    const loaded = await load();
    const [x, w] = [new Float32Array(8).fill(2), new Float32Array(16).fill(3)];
    expect(loaded.predictSync({ arg0: x, arg1: w })).toEqual({ out0: new Float32Array(32).fill(-12) });
    expect(await loaded.predict({ arg0: x, arg1: w })).toEqual({ out0: new Float32Array(32).fill(-12) });
    const out0 = new Float32Array(32);
    loaded.instantiate().predictInto({ arg0: x, arg1: w }, { out0 });
    expect(out0[31]).toBe(-12);
    const arg1 = loaded.memoryOf('arg1');
    (arg1 as Float32Array).set(w);
    expect(loaded.predictSync({ arg0: x, arg1 })).toEqual({ out0: new Float32Array(32).fill(-12) });
    // It is read where it lies, and by this instance alone.
    arg1.fill(4 as never);
    expect(loaded.predictSync({ arg0: x, arg1 })).toEqual({ out0: new Float32Array(32).fill(-16) });
    expect(loaded.instantiate().predictSync({ arg0: x, arg1 })).toEqual({ out0: new Float32Array(32).fill(-16) });
    expect(() => loaded.memoryOf('w')).toThrow('no input w has memory of its own');
    expect(() => loaded.predictSync({ arg0: x })).toThrow('the input arg1 is missing');
    expect(() => loaded.predictSync({ arg0: x, arg1: new Float64Array(16) })).toThrow('wants a Float32Array');
    expect(() => loaded.predictSync({ arg0: x, arg1: x })).toThrow('arg1 has 16 elements, not 8');
  });

  it('makes a loader that refuses the module of another build', async () => {
    const path = join(folder, 'stale');
    await run('compile', model(layer), '--name', 'net', '-o', path);
    const old = readFileSync(join(path, 'net.wasm'));
    await run('compile', model(layer.replace('negate', 'abs')), '--name', 'net', '-o', path);
    const { load } = (await import(pathToFileURL(join(path, 'net.js')).href)) as typeof Loader;
    await expect(load(old)).rejects.toMatchObject({ code: 'stale' });
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

  it('refuses settings of what is no program, and a file where its folder would be', async () => {
    const path = model(layer);
    const set = await run('compile', path, '--set', 'a=3', '-o', folder);
    expect(set.code).toBe(1);
    expect(set.err).toContain('error[E5008]: --set a: it is for programs of the language');
    const taken = await run('compile', path, '-o', path);
    expect(taken.code).toBe(1);
    expect(taken.err).toContain('hint: -o names the folder to write to');
  });

  it('knows what it can emit', async () => {
    expect((await run('compile', model(layer), '--emit', 'punch-cards')).code).toBe(2);
  });
});
