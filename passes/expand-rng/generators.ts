/**
 * Threefry-2x32 with 20 rounds and Philox-4x32 with 10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) on tensors of
 * unsigned words, whose sums wrap.
 */
import type { Value } from '../../ir/operation.ts';
import { shiftLeft } from '../../ir/ops/stablehlo/shift-left.ts';
import { shiftRightLogical } from '../../ir/ops/stablehlo/shift-right-logical.ts';
import { dtypeOf, type ExpandKit } from '../expand-kit.ts';

/** A tensor of unsigned integers, or a scalar to be spread over one. */
export class Word {
  readonly kit: ExpandKit;
  readonly value: Value;

  constructor(kit: ExpandKit, value: Value) {
    this.kit = kit;
    this.value = value;
  }

  plus = (other: Word | number): Word => this.#with(this.kit.add(this.value, this.#lift(other)));
  times = (other: number): Word => this.#with(this.kit.multiply(this.value, this.#lift(other)));
  xor = (other: Word | number): Word => this.#with(this.kit.xor(this.value, this.#lift(other)));
  shiftedLeft = (bits: number): Word => this.#with(this.kit.elementwise(shiftLeft, [this.value, this.#lift(bits)]));
  shiftedRight = (bits: number): Word =>
    this.#with(this.kit.elementwise(shiftRightLogical, [this.value, this.#lift(bits)]));

  rotatedLeft(bits: number): Word {
    return this.#with(this.kit.or(this.shiftedLeft(bits).value, this.shiftedRight(32 - bits).value));
  }

  as(element: 'ui32' | 'ui64'): Word {
    return this.#with(this.kit.convert(this.value, element));
  }

  #with(value: Value): Word {
    return new Word(this.kit, value);
  }

  #lift(other: Word | number): Value {
    const shape = this.kit.sizesOf(this.value);
    const scalar = typeof other === 'number' ? this.kit.scalar(other, dtypeOf(this.value)) : other.value;
    return this.kit.broadcast(scalar, [], shape);
  }
}

export type WordPair = readonly [low: Word, high: Word];
export type WordQuad = readonly [Word, Word, Word, Word];

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

export function threefry(counter: WordPair, key: WordPair): WordPair {
  const parity = key[0].xor(key[1]).xor(0x1bd11bda);
  const keys = [key[0], key[1], parity];
  let x = counter[0].plus(key[0]);
  let y = counter[1].plus(key[1]);
  for (let group = 0; group < 5; group++) {
    for (const distance of rotations[group % 2 === 0 ? 0 : 1]) {
      x = x.plus(y);
      y = y.rotatedLeft(distance).xor(x);
    }
    x = x.plus(keys[(group + 1) % 3] ?? parity);
    y = y.plus((keys[(group + 2) % 3] ?? parity).plus(group + 1));
  }
  return [x, y];
}

const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const keySteps = [0x9e3779b9, 0xbb67ae85] as const;

export function philox(counter: WordQuad, key: WordPair): WordQuad {
  let [x0, x1, x2, x3] = counter;
  let [key0, key1] = key;
  for (let round = 0; round < 10; round++) {
    const [low0, high0] = product(x0, multipliers[0]);
    const [low1, high1] = product(x2, multipliers[1]);
    [x0, x1, x2, x3] = [high1.xor(x1).xor(key0), low1, high0.xor(x3).xor(key1), low0];
    key0 = key0.plus(keySteps[0]);
    key1 = key1.plus(keySteps[1]);
  }
  return [x0, x1, x2, x3];
}

function product(x: Word, factor: number): WordPair {
  const wide = x.as('ui64').times(factor);
  return [wide.as('ui32'), wide.shiftedRight(32).as('ui32')];
}
