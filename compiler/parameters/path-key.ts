/**
 * The RNG key of a parameter: a function of a seed and of the parameter's own name, so that adding a layer changes no other parameter.
 */
import { threefry2x32 } from '../../ir/ops/shared/counter-random.ts';

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
