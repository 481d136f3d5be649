/** How large the code of networks is and how long `tessera compile` takes for them, on the built program: docs/bench.md has the figures. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parameters } from '../../../compiler/api/parameters.ts';
import { encodeSafetensors } from '../../../compiler/files/safetensors.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { compile, type Run } from './measured-compile.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-networks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers without a pattern, of which nothing can be folded. */
function writeWeights(main: string, settings: Readonly<Record<string, number>>): void {
  const listed = parameters({ main, files: { [main]: readFileSync(join(folder, main)) } }, { settings });
  if (!listed.ok) throw new Error(listed.text);
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const tensors = listed.parameters.map(({ name, shape }): readonly [string, Tensor] => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return [name, new Tensor('f32', shape, Float32Array.from({ length }, next))];
  });
  writeFileSync(join(folder, 'weights.safetensors'), Buffer.concat(encodeSafetensors(new Map(tensors))));
}

interface Compiled extends Run {
  /** Of each module, without its data section: the weights. */
  readonly kilobytes: Readonly<Record<string, number>>;
}

function compileNetwork(
  name: string,
  settings: Readonly<Record<string, number>>,
  ...argv: readonly string[]
): Compiled {
  const main = `${name}.tess`;
  copyFileSync(join('bench', 'networks', main), join(folder, main));
  writeWeights(main, settings);
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const run = compile(folder, main, '--params', 'weights.safetensors', ...set, ...argv, '-o', 'out');
  const modules = readdirSync(join(folder, 'out')).filter((file) => file.endsWith('.wasm'));
  const sizes = modules.map((file): [string, number] => [
    file,
    codeBytes(readFileSync(join(folder, 'out', file))) / 1024,
  ]);
  rmSync(join(folder, 'out'), { recursive: true });
  return { ...run, kilobytes: Object.fromEntries(sizes) };
}

/** All bytes but those of section 11. */
function codeBytes(module: Uint8Array): number {
  let at = 8;
  let total = at;
  const unsigned = (): number => {
    const byte = module[at++] ?? 0;
    return byte < 128 ? byte : (byte & 127) + 128 * unsigned();
  };
  while (at < module.length) {
    const start = at;
    const id = module[at++];
    const size = unsigned();
    at += size;
    if (id !== 11) total += at - start;
  }
  return total;
}

/** Processor time is that of all threads together. */
function expectWithin(compiled: Compiled, most: { readonly seconds: number; readonly kilobytes: number }): void {
  expect({ code: compiled.code, err: compiled.err }).toEqual({ code: 0, err: '' });
  for (const size of Object.values(compiled.kilobytes)) expect(size).toBeLessThan(most.kilobytes);
  expect(compiled.seconds).toBeLessThan(most.seconds);
}

describe('tessera compile', () => {
  it.each([1, 3, 64])('makes less than 12 KB of code of an MLP, batch %i', (n) => {
    const compiled = compileNetwork('mlp', {}, '--dim', `n=${n}`, '--relaxed');
    expectWithin(compiled, { seconds: 3, kilobytes: 12 });
  });

  it('makes less than 150 KB of code of ResNet-50, in 20 s of processor time', () => {
    expectWithin(compileNetwork('resnet-50', {}, '--dim', 'n=1', '--relaxed'), { seconds: 20, kilobytes: 150 });
  });

  it('compiles BERT base, of 12 layers and 340 MB of weights, in 60 s of processor time', () => {
    const compiled = compileNetwork('bert', { depth: 12 }, '--dim', 'n=1', '--dim', 't=128');
    expectWithin(compiled, { seconds: 60, kilobytes: 100 });
  });
});
