/**
 * The hidden state of `rng`. The specification leaves it open; here the nth rng of an evaluation, in each process, draws from
 * Threefry-2x32 with the process in the key and `n` in the upper counter word. So a program gives the same numbers
 * whenever and wherever it is evaluated, and different ones at each draw.
 */
import type { EvaluationContext, EvaluationHost } from '../../evaluator/runtime-value.ts';
import { threefry2x32 } from './counter-random.ts';

/** The low word of the key; the process is the high one. */
export const hiddenSeed = 0x7e55e7a0;

/** Draws made so far, by evaluation and process. */
const draws = new WeakMap<EvaluationHost, Map<number, number>>();

export class RandomStream {
  readonly #process: number;
  readonly #draw: number;
  readonly #words = new Uint32Array(2);
  #counter = 0;

  /** The next stream of this evaluation and process. */
  constructor(context: EvaluationContext) {
    const { replicaId, partitionId } = context.process ?? { replicaId: 0, partitionId: 0 };
    this.#process = replicaId * 65536 + partitionId;
    const counts = draws.get(context.host) ?? new Map<number, number>();
    draws.set(context.host, counts);
    this.#draw = counts.get(this.#process) ?? 0;
    counts.set(this.#process, this.#draw + 1);
  }

  /** 64 random bits. */
  nextBits(): bigint {
    const words = this.#next();
    return (BigInt(words[1] ?? 0) << 32n) | BigInt(words[0] ?? 0);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  nextFraction(): number {
    const words = this.#next();
    return ((words[0] ?? 0) >>> 5) / 134217728 + ((words[1] ?? 0) >>> 6) / 9007199254740992;
  }

  #next(): Uint32Array {
    this.#words[0] = this.#counter++;
    this.#words[1] = this.#draw;
    threefry2x32(this.#words, hiddenSeed, this.#process);
    return this.#words;
  }
}
