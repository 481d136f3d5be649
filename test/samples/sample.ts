/** A sample's files, and what its functions give on every target. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type InputArray, parameters, run, type RunOptions } from '../../compiler/api/index.ts';
import { npyToTensor, decodeNpy } from '../../compiler/files/npy.ts';
import { openSafetensors } from '../../compiler/files/safetensors.ts';
import { bytesInMemory } from '../../compiler/files/byte-source.ts';
import type { DType } from '../../ir/dtype.ts';
import type { ElementsArray } from '../../ir/elements.ts';
import { shapeSize } from '../../ir/evaluator/tensor.ts';
import { type Filled, filled } from './filled.ts';

type Inputs = Readonly<Record<string, InputArray>>;
type Outputs = Readonly<Record<string, { readonly data: ElementsArray; readonly shape: readonly number[] }>>;

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../samples/${path}`, import.meta.url)));
}

/** An .npy file of the samples. */
export function recorded(
  path: string,
  dtype: DType = 'f32',
): { readonly data: ElementsArray; readonly shape: readonly number[] } {
  const { values, shape } = npyToTensor(decodeNpy(bytesOf(path), path), dtype, path);
  return { data: values, shape };
}

/** The tensors of a sample's weights.safetensors. */
export function trained(name: string): Inputs {
  const path = `${name}/weights.safetensors`;
  const { tensors } = openSafetensors(bytesInMemory(bytesOf(path)), path);
  return Object.fromEntries(
    [...tensors].map(([key, stored]) => [key, { data: stored.read().values, shape: stored.shape }]),
  );
}

export class Sample {
  readonly #source: { readonly main: string; readonly files: Readonly<Record<string, Uint8Array>> };

  constructor(name: string) {
    const main = `samples/${name}/${name}.tess`;
    this.#source = { main, files: { [main]: bytesOf(`${name}/${name}.tess`) } };
  }

  /** Every parameter and state made of its name. */
  filledParameters(options: RunOptions): Readonly<Record<string, Filled>> {
    const list = parameters(this.#source, options);
    if (!list.ok) throw new Error(list.text);
    return Object.fromEntries(list.parameters.map(({ name, shape }) => [name, filled(name, ...shape)]));
  }

  /** What the reference evaluator gives, which WebAssembly has given too: floats within `tolerance` relative to 1 or more. */
  run(inputs: Inputs, options: RunOptions = {}, tolerance = 1e-5): Outputs {
    const reference = this.#runOn('reference', inputs, options);
    expectNear(this.#runOn('wasm', inputs, options), reference, tolerance);
    return reference;
  }

  #runOn(target: 'reference' | 'wasm', inputs: Inputs, options: RunOptions): Outputs {
    const result = run(this.#source, inputs, { ...options, target });
    if (!result.ok) throw new Error(`${target}: ${result.text}`);
    return result.outputs;
  }
}

/** The elements as numbers. */
export function numbersOf(data: ElementsArray | undefined): readonly number[] {
  return Array.from({ length: data?.length ?? 0 }, (_, at) => Number(data?.[at]));
}

export function expectNear(actual: Outputs, expected: Outputs, tolerance: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, { data, shape }] of Object.entries(expected)) {
    const got = actual[name];
    if (got === undefined) throw new Error(`there is no ${name}`);
    expect(got.shape).toEqual(shape);
    expect(got.data).toHaveLength(shapeSize(shape));
    expect(largestDifference(got.data, data), name).toBeLessThanOrEqual(tolerance);
  }
}

/** The largest difference of two elements, relative to the size of the expected one where that is above 1; NaN counts as infinite. */
function largestDifference(actual: ElementsArray, expected: ElementsArray): number {
  let largest = 0;
  for (let at = 0; at < expected.length; at++) {
    const [a, b] = [Number(actual[at]), Number(expected[at])];
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(b));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
