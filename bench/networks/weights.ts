/** Weights of a network, by name: the same seeded numbers for us and for every peer. */
import type { Parameter } from '../../dist/compiler/api/index.js';
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

  /** A file of the format safetensors: the length of a header in JSON, the header, the numbers. */
  safetensors(): Uint8Array {
    let at = 0;
    const header: Record<string, object> = {};
    for (const name of this.names) {
      const { dims, data } = this.get(name);
      header[name] = { dtype: 'F32', shape: dims, data_offsets: [at, at + data.byteLength] };
      at += data.byteLength;
    }
    const text = new TextEncoder().encode(JSON.stringify(header));
    const start = Math.ceil(text.length / 8) * 8;
    const file = new Uint8Array(8 + start + at).fill(0x20, 8, 8 + start);
    new DataView(file.buffer).setBigUint64(0, BigInt(start), true);
    file.set(text, 8);
    let offset = 8 + start;
    for (const name of this.names) {
      const { data } = this.get(name);
      file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
      offset += data.byteLength;
    }
    return file;
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
