/** Sizes that a function leaves open, from the command line to the call. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../../compiler/cli/commands.ts';
import { runCli } from '../../../../compiler/cli/program.ts';
import type * as Loader from '../../../../runtime/js/load.js';
import { collectingTerminal } from '../collecting-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-sizes-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = collectingTerminal();
  const code = await runCli(argv, terminal, commands);
  return { code, ...terminal.written };
}

let builds = 0;

async function build(text: string, ...options: string[]): Promise<{ code: number; err: string; path: string }> {
  builds += 1;
  const path = join(folder, `build${builds}`);
  writeFileSync(`${path}.mlir`, text);
  const { code, err } = await run('compile', `${path}.mlir`, '--name', 'net', '-o', path, ...options);
  return { code, err, path };
}

async function load(text: string, ...options: string[]): Promise<Loader.Model> {
  const { code, err, path } = await build(text, ...options);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { load: loadModel } = (await import(pathToFileURL(join(path, 'net.js')).href)) as typeof Loader;
  return loadModel();
}

const type = 'tensor<?x2xf32>';
const sum = `func.func @main(%x: ${type}, %y: ${type}) -> ${type} {
  %0 = stablehlo.add %x, %y : ${type}
  return %0 : ${type}
}`;
const pair = ['--dim', 'arg0_0=n', '--dim', 'arg1_0=n'];

function rows(count: number, value: number): Float32Array {
  return new Float32Array(2 * count).fill(value);
}

describe('an open size', () => {
  it('is compiled once and takes any size up to its bound', async () => {
    const model = await load(sum, ...pair, '--dim', 'n=..8');
    for (const n of [0, 1, 3, 8])
      expect(model.predictSync({ arg0: rows(n, 1), arg1: rows(n, 2) })).toEqual({ out0: rows(n, 3) });
  });

  it('is checked by the loader', async () => {
    const model = await load(sum, ...pair, '--dim', 'n=..8');
    const call = (arg0: Loader.Input, arg1: Loader.Input) => (): unknown => model.predictSync({ arg0, arg1 });
    expect(call(rows(9, 1), rows(9, 2))).toThrow(expect.objectContaining({ code: 'too-large', expected: 8, got: 9 }));
    expect(call(rows(3, 1), rows(4, 2))).toThrow(
      expect.objectContaining({ code: 'wrong-length', expected: 6, got: 8 }),
    );
    expect(call({ data: rows(3, 1), shape: [2, 3] }, rows(3, 2))).toThrow(
      expect.objectContaining({ code: 'wrong-shape', expected: [2, 2], got: [2, 3] }),
    );
    expect(call({ data: rows(3, 1), shape: [3, 2] }, { data: rows(3, 1), shape: [3, 2] })()).toEqual({
      out0: rows(3, 2),
    });
  });

  it('is cut and gathered from, at positions known at run time, which clamp', async () => {
    const [open, row] = [
      'tensor<?x2xf32, #tessera.tensor<dims = [n <= 8, _]>>',
      'tensor<?x1xf32, #tessera.tensor<dims = [n <= 8, _]>>',
    ];
    const model = await load(`func.func @main(%x: ${open}, %i: tensor<i32>) -> (${row}, ${row}) {
  %zero = stablehlo.constant dense<0> : tensor<1xi32>
  %ones = stablehlo.constant dense<1> : tensor<2xi32>
  %n = stablehlo.get_dimension_size %x, dim = 0 : (${open}) -> tensor<i32>
  %rows = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %at = stablehlo.reshape %i : (tensor<i32>) -> tensor<1xi32>
  %starts = stablehlo.concatenate %zero, %at, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %size = stablehlo.slice %ones [0:1] : (tensor<2xi32>) -> tensor<1xi32>
  %end = stablehlo.add %at, %size : tensor<1xi32>
  %limits = stablehlo.concatenate %rows, %end, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %cut = stablehlo.real_dynamic_slice %x, %starts, %limits, %ones : (${open}, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> ${row}
  %sizes = stablehlo.concatenate %rows, %size, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %taken = "stablehlo.dynamic_gather"(%x, %at, %sizes) {
    dimension_numbers = #stablehlo.gather<offset_dims = [0, 1], start_index_map = [1]>
  } : (${open}, tensor<1xi32>, tensor<2xi32>) -> ${row}
  return %cut, %taken : ${row}, ${row}
}`);
    for (const n of [0, 1, 5, 8]) {
      const data = Float32Array.from({ length: 2 * n }, (_, index) => index);
      for (const position of [0, 1, 7, -3]) {
        const column = Float32Array.from({ length: n }, (_, index) => 2 * index + Math.min(1, Math.max(0, position)));
        const outputs = model.predictSync({ arg0: { data, shape: [n, 2] }, arg1: Int32Array.of(position) });
        expect(outputs).toEqual({ out0: column, out1: column });
      }
    }
  });

  it('of several sizes makes a variant each, which the shapes of a call choose', async () => {
    const model = await load(sum, ...pair, '--dim', 'n=1,4');
    for (const n of [4, 1, 4])
      expect(model.predictSync({ arg0: rows(n, 1), arg1: rows(n, 2) })).toEqual({ out0: rows(n, 3) });
    const out0 = rows(4, 0);
    model.predictInto({ arg0: rows(4, 5), arg1: rows(4, 6) }, { out0 });
    expect(out0).toEqual(rows(4, 11));
    expect(() => model.predictSync({ arg0: rows(2, 1), arg1: rows(2, 1) })).toThrow(
      expect.objectContaining({
        code: 'no-variant',
        expected: [
          [
            [1, 2],
            [1, 2],
          ],
          [
            [4, 2],
            [4, 2],
          ],
        ],
        got: [[4], [4]],
      }),
    );
    expect(() => model.predictSync({ arg0: rows(4, 1) })).toThrow(expect.objectContaining({ code: 'missing-input' }));
  });

  it('of several sizes keeps the weights of each variant apart', async () => {
    const weights = `func.func @main(%x: ${type}) -> tensor<?x3xf32> {
  %w = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${type}, tensor<2x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}`;
    const model = await load(weights, '--dim', 'arg0_0=1,5', '--relaxed');
    for (const n of [1, 5]) {
      const { out0 } = model.predictSync({ arg0: rows(n, 1) });
      expect(out0).toEqual(Float32Array.from({ length: 3 * n }, (_, at) => [5, 7, 9][at % 3] ?? 0));
    }
    const { path } = await build(weights, '--dim', 'main.arg0_0=1,5');
    expect(readFileSync(join(path, 'net.d.ts'), 'utf8')).toContain(
      '/** f32 [1, 3] or [5, 3] */\n  out0: Float32Array;',
    );
  });

  it('without a bound is an error that lists it', async () => {
    const { code, err } = await build(sum);
    expect(code).toBe(1);
    expect(err).toContain('error[E5017]: @main leaves open arg0_0 (dimension 0 of arg0), arg1_0 (dimension 0 of arg1)');
  });

  it.each([
    ['no size', ['--dim', 'n'], 2, '--dim wants NAME=SIZE'],
    ['a size twice', ['--dim', 'n=1', '--dim', 'n=2'], 2, "--dim is given twice for 'n'"],
    ['an unknown one', ['--dim', 'm=1'], 1, "error[E5011]: @main has no open dimension 'm'; it has arg0_0, arg1_0"],
    ['another function', ['--dim', 'f.n=1'], 1, 'error[E5009]'],
    ['two that meet', ['--dim', 'arg0_0=..4', '--dim', 'arg1_0=..4'], 1, 'hint: --dim arg1_0=arg0_0'],
  ])('is refused: %s', async (_, options, code, message) => {
    const result = await build(sum, ...options);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
  });

  it('past 4 GiB of memory is an error that says what takes it', async () => {
    const { code, err } = await build(sum, ...pair, '--dim', 'n=..500000000');
    expect(code).toBe(1);
    expect(err).toContain(
      '@main needs 11.2 GiB of memory (0.0 of constants, 0.0 of temporaries, 7.5 of inputs, 3.7 of outputs)',
    );
  });
});

describe('a person at a terminal', () => {
  it('sees what is being done, and how large the files are', async () => {
    const terminal = { ...collectingTerminal(), isInteractive: true };
    const path = join(folder, 'shown.mlir');
    writeFileSync(path, sum);
    expect(await runCli(['compile', path, ...pair, '--dim', 'n=4', '-o', folder], terminal, commands)).toBe(0);
    expect(terminal.written.err).toContain('\r\u001b[K2/');
    expect(terminal.written.err).toMatch(/shown\.wasm {2}\d+(?: bytes|\.\d KB)\n.*shown\.js {2}\d+\.\d KB\n/);
  });
});
