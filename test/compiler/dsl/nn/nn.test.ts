import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type InputArray, type OutputArray, parameters, run } from '../../../../compiler/api/index.ts';
import { bytesInMemory } from '../../../../compiler/files/byte-source.ts';
import { encodeSafetensors, openSafetensors } from '../../../../compiler/files/safetensors.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { filled } from '../../../samples/filled.ts';
import { expectNear, numbersOf } from '../../../samples/sample.ts';

const layers = { main: 'layers.tess', files: { 'layers.tess': bytesOf('layers.tess') } };
const recorded = openSafetensors(bytesInMemory(bytesOf('expected.safetensors')), 'expected.safetensors');

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, import.meta.url)));
}

function expected(name: string): ReturnType<typeof filled> {
  const tensor = recorded.tensors.get(name)?.read();
  if (tensor === undefined || !(tensor.values instanceof Float32Array)) throw new Error(`${name} is not recorded`);
  return { data: tensor.values, shape: tensor.shape };
}

const inputs = {
  x: filled('x', 3, 6),
  other: filled('other', 3, 6),
  s: filled('s', 2, 9, 4),
  image: filled('image', 2, 7, 6, 4),
  wide: filled('wide', 2, 5, 8),
  tokens: { data: Int32Array.of(0, 3, 6, 2, 2, 5), shape: [2, 3] },
  labels: { data: Int32Array.of(1, 5, 0), shape: [3] },
};

const signatures: Readonly<Record<string, readonly (keyof typeof inputs)[]>> = {
  activations: ['x'],
  losses: ['x', 'other', 'labels'],
  f_embedding: ['tokens'],
};

function argumentsOf(fn: string): Readonly<Record<string, (typeof inputs)[keyof typeof inputs]>> {
  const known = signatures[fn] ?? [inputOf(fn)];
  return Object.fromEntries(known.map((name) => [name, inputs[name]]));
}

function inputOf(fn: string): keyof typeof inputs {
  if (/dense|linear|mlp|ln|rms/.test(fn)) return 'x';
  if (/attn|block/.test(fn)) return 'wide';
  return /conv1d|up1d|rnn|lstm|gru/.test(fn) ? 's' : 'image';
}

/** Every parameter and state of the model made of its name, as a file. */
function weights(): Uint8Array {
  const list = parameters(layers);
  if (!list.ok) throw new Error(list.text);
  const tensors = list.parameters.map(({ name, shape, initial }): [string, Tensor] => {
    const { dtype, data } = initial();
    const values = dtype === 'f32' ? filled(name, ...shape).data : data;
    return [name, new Tensor(dtype === 'f32' ? 'f32' : 'ui32', shape, values)];
  });
  return Buffer.concat(encodeSafetensors(new Map(tensors)));
}

const source = { ...layers, files: { ...layers.files, 'weights.safetensors': new Uint8Array(weights()) } };

function outputsOf(
  fn: string,
  target: 'reference' | 'wasm',
  given: Readonly<Record<string, InputArray>> = argumentsOf(fn),
): Readonly<Record<string, OutputArray>> {
  const result = run(source, given, { fn, target, params: 'weights.safetensors' });
  if (!result.ok) throw new Error(result.text);
  return result.outputs;
}

const functions = [...recorded.tensors.keys()].filter((name) => name.startsWith('f_'));

describe('nn gives what JAX gives', () => {
  it.each(functions)('%s', (fn) => {
    const reference = outputsOf(fn, 'reference');
    const wanted = Object.fromEntries(
      Object.keys(reference).map((name) => [name, expected(name === 'out' ? fn : name)]),
    );
    expectNear(reference, wanted, 2e-5);
    expectNear(outputsOf(fn, 'wasm'), reference, 1e-5);
  });

  it.each(['activations', 'losses'])('%s', (fn) => {
    const reference = outputsOf(fn, 'reference');
    expectNear(reference, Object.fromEntries(Object.keys(reference).map((name) => [name, expected(name)])), 1e-5);
    expectNear(outputsOf(fn, 'wasm'), reference, 1e-5);
  });
});

describe('nn.Dropout', () => {
  it('keeps three quarters of the elements and scales them up, with another key next time', () => {
    const many = filled('many', 100, 100);
    const first = outputsOf('f_dropout', 'reference', { many });
    const kept = numbersOf(first['out']?.data).filter((value) => value !== 0);
    expect(kept.length).toBeGreaterThan(7200);
    expect(kept.length).toBeLessThan(7800);
    const [before] = many.data;
    const [after] = numbersOf(first['out']?.data);
    expect(after === 0 || Math.abs((after ?? 0) - (before ?? 0) / 0.75) < 1e-6).toBe(true);
    expect(numbersOf(first['dropout.key']?.data)).toHaveLength(2);
  });
});
