/** What `tessera compile --threads` writes, in Node; test/compiler/browser has it in Chromium. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../compiler/cli/commands.ts';
import { runCli } from '../../../../compiler/cli/program.ts';
import { encodeNpy } from '../../../../compiler/files/npy.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import type * as Loader from '../../../../runtime/js/load.js';
import { collectingTerminal } from '../collecting-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = collectingTerminal();
  const code = await runCli(argv, terminal, commands);
  return { code, ...terminal.written };
}

const type = 'tensor<256x512xf32>';
const path = join(folder, 'net.mlir');
writeFileSync(
  path,
  `func.func @main(%x: ${type}) -> ${type} {
  %w = stablehlo.constant dense<0.5> : ${type}
  %0 = stablehlo.tanh %x : ${type}
  %1 = stablehlo.multiply %0, %w : ${type}
  return %1 : ${type}
}`,
);
const arg0 = Float32Array.from({ length: 256 * 512 }, (_, index) => Math.sin(index));

const compileTo = async (name: string): Promise<string> => {
  const to = join(folder, name);
  expect(await run('compile', path, '--threads', '--relaxed', '-o', to)).toEqual({ code: 0, out: '', err: '' });
  return to;
};
const importFrom = async (from: string): Promise<typeof Loader> =>
  (await import(pathToFileURL(join(from, 'net.js')).href)) as typeof Loader;

describe('the stages of a compilation', () => {
  it('are those for several threads under --threads', async () => {
    const sum = join(folder, 'sum.mlir');
    writeFileSync(
      sum,
      `func.func @main(%x: tensor<300000xf32>) -> tensor<f32> {
  %0 = stablehlo.constant dense<0.0> : tensor<f32>
  %1 = stablehlo.reduce(%x init: %0) applies stablehlo.add across dimensions = [0] : (tensor<300000xf32>, tensor<f32>) -> tensor<f32>
  return %1 : tensor<f32>
}`,
    );
    const calls = async (...options: readonly string[]): Promise<number> => {
      const { code, out } = await run('compile', sum, '--emit', 'plan', ...options);
      expect(code).toBe(0);
      return out.split('\n').filter((line) => line.includes('call ')).length;
    };
    // The sum in one kernel; its parts, which threads share, and what joins them.
    expect([await calls(), await calls('--threads')]).toEqual([1, 2]);
    expect((await run('compile', sum, '--emit', 'wat', '--threads')).out).toContain('atomic');
  });
});

describe('a model compiled with --threads', () => {
  let out: string;
  let loader: typeof Loader;
  beforeAll(async () => {
    out = await compileTo('out');
    loader = await importFrom(out);
  });

  it('gives the same bits on 1, 2 and 4 threads, and in two hundred calls in a row', async () => {
    const [one, two, four] = await Promise.all([1, 2, 4].map((threads) => loader.load(undefined, { threads })));
    expect([one, two, four].map((model) => model?.threads)).toEqual([1, 2, 4]);
    const bitsOf = (model: Loader.Model | undefined): string => {
      const values = model?.predictSync({ arg0 })['out0'];
      return Buffer.from(values?.buffer ?? new ArrayBuffer(0)).toString('base64');
    };
    const expected = bitsOf(one);
    expect(bitsOf(two) === expected && bitsOf(four) === expected).toBe(true);
    const out0 = new Float32Array(arg0.length);
    for (let call = 0; call < 200; call += 1) two?.predictInto({ arg0 }, { out0 });
    expect(Buffer.from(out0.buffer).toString('base64') === expected).toBe(true);
    for (const model of [one, two, four]) disposeOf(model);
  });

  it('makes instances with threads of their own, which need not be there for a call', async () => {
    const model = await loader.load(undefined, { threads: 2 });
    const other = model.instantiate();
    expect(other.predictSync({ arg0 })).toEqual(model.predictSync({ arg0 }));
    await other.ready;
    expect(other.predictSync({ arg0 })).toEqual(model.predictSync({ arg0 }));
    disposeOf(model);
    expect(() => model.predictSync({ arg0 })).toThrow('disposed');
    expect(other.predictSync({ arg0 })['out0']?.length).toBe(arg0.length);
    disposeOf(other);
  });

  it('takes bytes, which it leaves as they are, and runs a compiled module on one thread', async () => {
    const bytes = new Uint8Array(readFileSync(join(out, 'net.wasm')));
    const before = bytes.slice();
    const model = await loader.load(bytes, { threads: 2 });
    expect(model.threads).toBe(2);
    expect(Buffer.from(bytes).equals(Buffer.from(before))).toBe(true);
    const alone = await loader.load(new WebAssembly.Module(bytes), { threads: 2 });
    expect(alone.threads).toBe(1);
    expect(alone.predictSync({ arg0 })).toEqual(model.predictSync({ arg0 }));
    disposeOf(model);
  });

  it('says so when its worker is missing', async () => {
    const broken = await compileTo('broken');
    rmSync(join(broken, 'net.worker.js'));
    const { load } = await importFrom(broken);
    await expect(load(undefined, { threads: 2 })).rejects.toMatchObject({ code: 'no-worker' });
    expect((await load(undefined, { threads: 1 })).threads).toBe(1);
  });

  it('lets a process end that has not disposed of it', () => {
    const script = `import { load } from './net.js';
      const model = await load(undefined, { threads: 2 });
      console.log((await model.predict({ arg0: new Float32Array(${arg0.length}) })).out0.length);`;
    writeFileSync(join(out, 'ends.mjs'), script);
    const text = execFileSync(process.execPath, [join(out, 'ends.mjs')], { encoding: 'utf8', timeout: 20_000 });
    expect(text.trim()).toBe(String(arg0.length));
  });

  it('has its threads alone to pay for them: the loader of others is as small as ever', async () => {
    const plain = join(folder, 'plain');
    await run('compile', path, '-o', plain);
    expect(readFileSync(join(plain, 'net.js')).length).toBeLessThan(12 << 10);
    expect(readFileSync(join(out, 'net.js')).length).toBeLessThan(15 << 10);
    expect(readFileSync(join(plain, 'net.js'), 'utf8')).not.toContain('SharedArrayBuffer');
  });
});

function disposeOf(model: Loader.Model | undefined): void {
  const dispose: symbol = Symbol.dispose ?? Symbol.for('Symbol.dispose');
  (model as unknown as Record<symbol, () => void> | undefined)?.[dispose]?.();
}

describe('tessera run --threads', () => {
  it('gives the bits of one thread', async () => {
    const input = join(folder, 'x.npy');
    writeFileSync(input, encodeNpy(new Tensor('f32', [256, 512], arg0)));
    const outputs = ['1', '3'].map((threads) => ({ threads, file: join(folder, `out${threads}.npy`) }));
    for (const { threads, file } of outputs)
      expect(
        await run('run', path, '--target', 'wasm', '--threads', threads, '--arg0', input, '--out', `out0=${file}`),
      ).toEqual({ code: 0, out: '', err: '' });
    const [one, three] = outputs.map(({ file }) => readFileSync(file));
    expect(one?.equals(three ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    [['--threads', '0', '--target', 'wasm'], '--threads wants 1 to 64'],
    [['--threads', '2'], '--threads wants --target wasm'],
  ])('refuses %j', async (options, message) => {
    const { code, err } = await run('run', path, ...options);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
