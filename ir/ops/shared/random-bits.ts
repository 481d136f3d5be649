/**
 * The bit streams of rng_bit_generator, laid out as XLA lays them out (xla/hlo/builder/lib/prng.cc and
 * rng_bit_generator_expander.cc), so that results agree with XLA's bit for bit.
 */
import { dtypeInfo } from '../../dtype.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { wrapInt } from '../../numerics/index.ts';
import { philox4x32, threefry2x32 } from './counter-random.ts';

function lowWord(value: bigint): number {
  return Number(value & 0xffff_ffffn);
}

function highWord(value: bigint): number {
  return Number((value >> 32n) & 0xffff_ffffn);
}

/** Writes raw bits to element `index`: elements narrower than 32 bits take the low ones of `low`. */
class BitWriter {
  readonly #words: Uint32Array | undefined;
  readonly #target: Tensor;
  readonly #isWide: boolean;

  constructor(target: Tensor) {
    const { values, dtype } = target;
    const { bits } = dtypeInfo(dtype);
    this.#target = target;
    this.#isWide = bits === 64;
    this.#words = bits >= 32 ? new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4) : undefined;
  }

  write(index: number, low: number, high: number): void {
    if (this.#words === undefined) {
      const { bits, kind } = dtypeInfo(this.#target.dtype);
      this.#target.values[index] = wrapInt(low, { width: bits, signed: kind === 'integer' });
    } else if (this.#isWide) {
      this.#words[2 * index] = low;
      this.#words[2 * index + 1] = high;
    } else this.#words[index] = low;
  }
}

/** Fills `target` from the state `[key, counter]`; gives the new state. */
export function fillThreefry(target: Tensor, key: bigint, counter: bigint): bigint[] {
  const { bits } = dtypeInfo(target.dtype);
  const blocks = bits === 64 ? target.size : fillThreefryHalves(target, key, counter);
  if (bits === 64) {
    const writer = new BitWriter(target);
    const words = new Uint32Array(2);
    for (let index = 0; index < blocks; index++) {
      threefryBlock(words, key, counter + BigInt(index));
      writer.write(index, words[0] ?? 0, words[1] ?? 0);
    }
  }
  return [key, BigInt.asUintN(64, counter + BigInt(blocks))];
}

function threefryBlock(words: Uint32Array, key: bigint, counter: bigint): void {
  words[0] = lowWord(counter);
  words[1] = highWord(counter);
  threefry2x32(words, lowWord(key), highWord(key));
}

/**
 * Elements of up to 32 bits: one dimension is halved (the first even one, else the first of the largest), each block gives the
 * two elements that share a position in the half. Returns the number of blocks.
 */
function fillThreefryHalves(target: Tensor, key: bigint, counter: bigint): number {
  const writer = new BitWriter(target);
  const words = new Uint32Array(2);
  if (target.rank === 0) {
    threefryBlock(words, key, counter);
    writer.write(0, words[0] ?? 0, 0);
    return 1;
  }
  const { shape } = target;
  const even = shape.findIndex((size) => size % 2 === 0);
  const axis = even >= 0 ? even : shape.indexOf(Math.max(...shape));
  const size = shape[axis] ?? 0;
  const half = Math.ceil(size / 2);
  const inner = rowMajorStrides(shape)[axis] ?? 1;
  const blocks = target.size === 0 ? 0 : (target.size / size) * half;
  for (let block = 0; block < blocks; block++) {
    threefryBlock(words, key, counter + BigInt(block));
    const outer = Math.floor(block / (half * inner));
    const pair = 2 * (Math.floor(block / inner) % half);
    const at = (outer * size + pair) * inner + (block % inner);
    writer.write(at, words[0] ?? 0, 0);
    if (pair + 1 < size) writer.write(at + inner, words[1] ?? 0, 0);
  }
  return blocks;
}

/** Fills `target` from a key and a 128-bit counter; gives the counter after it. Blocks of four words are used in order. */
export function fillPhilox(target: Tensor, key: bigint, counter: bigint): bigint {
  const isWide = dtypeInfo(target.dtype).bits === 64;
  const perBlock = isWide ? 2 : 4;
  const blocks = Math.ceil(target.size / perBlock);
  const writer = new BitWriter(target);
  const words = new Uint32Array(4);
  for (let block = 0; block < blocks; block++) {
    const at = counter + BigInt(block);
    words.set([lowWord(at), highWord(at), lowWord(at >> 64n), highWord(at >> 64n)]);
    philox4x32(words, lowWord(key), highWord(key));
    for (let index = 0; index < perBlock && block * perBlock + index < target.size; index++) {
      if (isWide) writer.write(block * 2 + index, words[2 * index] ?? 0, words[2 * index + 1] ?? 0);
      else writer.write(block * 4 + index, words[index] ?? 0, 0);
    }
  }
  return BigInt.asUintN(128, counter + BigInt(blocks));
}
