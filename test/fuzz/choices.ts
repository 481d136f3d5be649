/**
 * What a random program is made of: a list of numbers, drawn and shrunk by fast-check. A shorter list, or smaller numbers, give a
 * simpler program; past its end every choice is the first.
 */
import fc from 'fast-check';

/** Lists of choices for programs of up to about fifteen ops. */
export const choiceLists: fc.Arbitrary<number[]> = fc.noBias(
  fc.array(fc.nat(0xffff), { minLength: 24, maxLength: 260, size: 'max' }),
);

/** The list of a seed; the same everywhere. */
export function choicesOf(seed: number): readonly number[] {
  const [list] = fc.sample(choiceLists, { seed, numRuns: 1 });
  return list ?? [];
}

export class Choices {
  readonly #list: readonly number[];
  #at = 0;

  constructor(list: readonly number[]) {
    this.#list = list;
  }

  get isSpent(): boolean {
    return this.#at >= this.#list.length;
  }

  /** A whole number below `limit`. */
  nat(limit: number): number {
    const choice = this.#list[this.#at++] ?? 0;
    return choice % Math.max(1, limit);
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.nat(most - least + 1);
  }

  /** True once in `every` times, and not when choices are spent. */
  chance(every: number): boolean {
    return this.nat(every) === every - 1;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.nat(list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** Some of the list, in order. */
  some<T>(list: readonly T[]): readonly T[] {
    return list.filter(() => this.chance(2));
  }

  shuffled<T>(list: readonly T[]): readonly T[] {
    const rest = [...list];
    return list.flatMap(() => rest.splice(this.nat(rest.length), 1));
  }
}
