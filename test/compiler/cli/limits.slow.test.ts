/** The limits of `tessera compile` on large models, on the built program: docs/architecture.md has what was measured. */
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from './measured-compile.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-limits-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Functions of a module: the count that its section 3 begins with. */
function definedFunctions(module: Uint8Array): number {
  let at = 8;
  const unsigned = (): number => {
    const byte = module[at++] ?? 0;
    return byte < 128 ? byte : (byte & 127) + 128 * unsigned();
  };
  for (let id = module[at++]; id !== undefined; id = module[at++]) {
    const size = unsigned();
    if (id === 3) return unsigned();
    at += size;
  }
  return 0;
}

describe('tessera compile', () => {
  it('takes a gigabyte of weights with less than 3 GB of memory', () => {
    const [rows, columns] = [15_625, 16_000];
    const path = join(folder, 'weights.mlir');
    const file = openSync(path, 'w');
    const [x, w, y] = [`tensor<1x${rows}xf32>`, `tensor<${rows}x${columns}xf32>`, `tensor<1x${columns}xf32>`];
    writeSync(file, `func.func @main(%x: ${x}) -> ${y} {\n  %w = stablehlo.constant dense<"0x`);
    // One row of numbers without a pattern, again and again.
    const row = Float32Array.from({ length: columns }, (_, at) => ((at * 40_503) % 65_536) / 65_536 - 0.5);
    const digits = Buffer.from(Buffer.from(row.buffer).toString('hex').repeat(125));
    for (let at = 0; at < rows / 125; at += 1) writeSync(file, digits);
    writeSync(
      file,
      `"> : ${w}\n  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${x}, ${w}) -> ${y}\n  return %0 : ${y}\n}\n`,
    );
    closeSync(file);
    const { code, err, bytes } = compile(folder, path, '-o', 'weights');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(statSync(join(folder, 'weights', 'weights.wasm')).size).toBeGreaterThan(1e9);
    expect(bytes).toBeLessThan(3e9);
    rmSync(path);
    rmSync(join(folder, 'weights'), { recursive: true });
  });

  it('makes 2,000 kernels in 30 s of processor time', () => {
    const layers = Array.from({ length: 1000 }, (_, at) => {
      const width = 64 + at;
      const [x, h] = ['tensor<8x64xf32>', `tensor<8x${width}xf32>`];
      return `  %w${at} = stablehlo.iota dim = 0 : tensor<64x${width}xf32>
  %a${at} = stablehlo.dot_general %x${at}, %w${at}, contracting_dims = [1] x [0] : (${x}, tensor<64x${width}xf32>) -> ${h}
  %t${at} = stablehlo.tanh %a${at} : ${h}
  %v${at} = stablehlo.iota dim = 1 : tensor<${width}x64xf32>
  %x${at + 1} = stablehlo.dot_general %t${at}, %v${at}, contracting_dims = [1] x [0] : (${h}, tensor<${width}x64xf32>) -> ${x}`;
    });
    const path = join(folder, 'kernels.mlir');
    const type = 'tensor<8x64xf32>';
    writeFileSync(
      path,
      `func.func @main(%x0: ${type}) -> ${type} {\n${layers.join('\n')}\n  return %x1000 : ${type}\n}`,
    );
    const { code, err, seconds } = compile(folder, path, '-o', 'kernels');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(seconds).toBeLessThan(30);
    // Each of the code, and the one that calls them.
    expect(definedFunctions(readFileSync(join(folder, 'kernels', 'kernels.wasm')))).toBeGreaterThanOrEqual(2001);
  });

  it('writes the same bytes from one folder as from another', () => {
    const models = { one: 'model.mlir', two: join('..', 'two', 'model.mlir') };
    const [first, second] = Object.entries(models).map(([name, path]) => {
      const cwd = join(folder, name);
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'model.mlir'), readFileSync('samples/mlp.mlir'));
      const output = name === 'one' ? 'out' : join(folder, 'elsewhere');
      expect(compile(cwd, path, '--relaxed', '-o', output).code).toBe(0);
      const written = resolve(cwd, output);
      return readdirSync(written).map((file) => [file, readFileSync(join(written, file)).toString('base64')]);
    });
    expect(first?.map(([file]) => file)).toEqual(['model.d.ts', 'model.js', 'model.relaxed.wasm', 'model.wasm']);
    expect(second).toEqual(first);
  });
});
