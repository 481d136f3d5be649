/** The block ciphers of ir/ops/shared/counter-random.ts as loop expressions on ui32 words. */
import type { LoopBuilder } from '../loop-builder.ts';
import { add, binary, constant, convert, multiply, or, xor } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { scalar } from '../value-type.ts';

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

const word = (value: number): Expr => constant(scalar('ui32'), value);

export const lowWord = (value: Expr): Expr => convert('ui32', value);
export const highWord = (value: Expr): Expr => convert('ui32', binary('shift-right-logical', value, 32n));

/** ui64 of two words. */
export function joinWords(low: Expr, high: Expr): Expr {
  return or(binary('shift-left', convert('ui64', high), 32n), convert('ui64', low));
}

/** Threefry-2x32 with 20 rounds; counter and key are ui64. */
export function threefry(loops: LoopBuilder, counter: Expr, key: Expr): readonly [Expr, Expr] {
  const [key0, key1] = [loops.let('key0', lowWord(key)), loops.let('key1', highWord(key))];
  const keys = [key0, key1, loops.let('key2', xor(xor(key0, key1), 0x1bd11bda))] as const;
  let x = loops.let('x', add(lowWord(counter), key0));
  let y = loops.let('y', add(highWord(counter), key1));
  for (let group = 0; group < 5; group++) {
    for (const distance of rotations[group % 2 === 0 ? 0 : 1]) {
      x = loops.let('x', add(x, y));
      const rotated = or(binary('shift-left', y, distance), binary('shift-right-logical', y, 32 - distance));
      y = loops.let('y', xor(rotated, x));
    }
    x = loops.let('x', add(x, keys[(group + 1) % 3] ?? key0));
    y = loops.let('y', add(add(y, keys[(group + 2) % 3] ?? key0), group + 1));
  }
  return [x, y];
}

/** Philox-4x32 with 10 rounds; the two halves of the counter and the key are ui64. */
export function philox(loops: LoopBuilder, low: Expr, high: Expr, key: Expr): readonly [Expr, Expr, Expr, Expr] {
  let words = [lowWord(low), highWord(low), lowWord(high), highWord(high)] as const;
  let [key0, key1] = [loops.let('key0', lowWord(key)), loops.let('key1', highWord(key))];
  for (let round = 0; round < 10; round++) {
    const [x0, x1, x2, x3] = words.map((each) => loops.let('x', each)) as unknown as typeof words;
    const product0 = loops.let('p', multiply(convert('ui64', x0), BigInt(0xd2511f53)));
    const product1 = loops.let('p', multiply(convert('ui64', x2), BigInt(0xcd9e8d57)));
    words = [
      xor(xor(highWord(product1), x1), key0),
      lowWord(product1),
      xor(xor(highWord(product0), x3), key1),
      lowWord(product0),
    ];
    key0 = loops.let('key0', add(key0, word(0x9e3779b9)));
    key1 = loops.let('key1', add(key1, word(0xbb67ae85)));
  }
  return words.map((each) => loops.let('x', each)) as unknown as typeof words;
}
