/** Weights of a network, by name: the same seeded numbers for us and for every peer. */
import type { Parameter } from '../../dist/compiler/api/index.js';
import { encodeSafetensors } from '../../dist/compiler/files/safetensors.js';
import { Tensor } from '../../dist/ir/evaluator/tensor.js';
import { seeded, sizeOf, type Value } from '../values.ts';

export class Weights {
  readonly #parameters: ReadonlyMap<string, readonly number[]>;
  readonly #values = new Map<string, Value<Float32Array>>();

  constructor(parameters: readonly Pick<Parameter, 'name' | 'shape'>[]) {
    this.#parameters = new Map(parameters.map(({ name, shape }) => [name, shape]));
  }

  get names(): readonly string[] {
    return [...this.#parameters.keys()];
  }

  get bytes(): number {
    return this.names.reduce((sum, name) => sum + 4 * sizeOf(this.dims(name)), 0);
  }

  dims(name: string): readonly number[] {
    const dims = this.#parameters.get(name);
    if (dims === undefined) throw new Error(`there is no weight ${name}`);
    return dims;
  }

  get(name: string): Value<Float32Array> {
    const made = this.#values.get(name) ?? valueOf(name, this.dims(name), 1 + this.names.indexOf(name));
    this.#values.set(name, made);
    return made;
  }

  /** A file of the format safetensors. */
  safetensors(): Uint8Array {
    const tensors = this.names.map((name): readonly [string, Tensor] => {
      const { dims, data } = this.get(name);
      return [name, new Tensor('f32', dims, data)];
    });
    return Buffer.concat(encodeSafetensors(new Map(tensors)));
  }
}

/** As far from 0 as what they meet makes them: an output keeps about the variance of its inputs. */
function valueOf(name: string, dims: readonly number[], seed: number): Value<Float32Array> {
  const { data } = seeded(dims, seed);
  const kind = name.slice(name.lastIndexOf('.') + 1);
  if (kind === 'scale') return { dims, data: data.map((element) => 1 + element / 5) };
  if (dims.length < 2) return { dims, data: data.map((element) => element / 5) };
  const inputs = sizeOf(dims.slice(0, -1));
  // Variance 1.5 / inputs, between what keeps the variance of all and of what a rectifier lets through; seeded() has 1 / 12.
  const factor = Math.sqrt(18 / inputs);
  return { dims, data: data.map((element) => factor * element) };
}
