/**
 * Random numbers by place, not by order: number `index` of the field that a seed and a path name. So a parameter's value depends on
 * nothing but the seed, its own name and its shape, and adding a layer changes no other.
 */
import { threefry2x32 } from '../../ir/ops/shared/counter-random.ts';

/** Uniform numbers are odd multiples of half of this: 52 bits, and neither 0 nor 1. */
const step = 2 ** -52;

export class RandomField {
  readonly #key0: number;
  readonly #key1: number;
  readonly #words = new Uint32Array(2);

  /** `seed` counts modulo 2^64. */
  constructor(seed: bigint, path: string) {
    const [key0, key1] = hashPath(seed, path);
    this.#key0 = key0;
    this.#key1 = key1;
  }

  /** Number `index` of the field, uniform in the open interval (0, 1). */
  uniform(index: number): number {
    const words = this.#words;
    words[0] = index;
    words[1] = Math.floor(index / 2 ** 32);
    threefry2x32(words, this.#key0, this.#key1);
    return ((words[1] ?? 0) * 2 ** 20 + ((words[0] ?? 0) >>> 12) + 0.5) * step;
  }
}

/**
 * 64 bits of a seed and the UTF-8 bytes of a path: Threefry-2x32 as a hash, chained as Davies and Meyer do with the seed first. The length
 * is the last block, so that no two paths are padded to the same blocks.
 */
export function hashPath(seed: bigint, path: string): readonly [number, number] {
  const bytes = new TextEncoder().encode(path);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8 + 8);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, bytes.length, true);
  const state = new Uint32Array([Number(seed & 0xffff_ffffn), Number((seed >> 32n) & 0xffff_ffffn)]);
  const words = new Uint32Array(2);
  for (let at = 0; at < padded.length; at += 8) {
    words.set(state);
    threefry2x32(words, view.getUint32(at, true), view.getUint32(at + 4, true));
    state[0] = (state[0] ?? 0) ^ (words[0] ?? 0);
    state[1] = (state[1] ?? 0) ^ (words[1] ?? 0);
  }
  return [state[0] ?? 0, state[1] ?? 0];
}
