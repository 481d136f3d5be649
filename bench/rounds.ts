/** Interleaved rounds: every contestant once a round, in an order that rotates. */
import type { Probes } from './probes.ts';

export interface Contestant {
  readonly name: string;
  /** One call; the first result is checked against the others'. */
  readonly run: () => Float32Array | Promise<Float32Array>;
}

export interface RowResult {
  readonly name: string;
  /** Milliseconds a call, one sample a round. */
  readonly samples: readonly number[];
}

/** A sample is the mean over at least this long. */
const sampleMilliseconds = 40;

export async function runRounds(
  contestants: readonly Contestant[],
  probes: Probes,
  rounds: number,
): Promise<readonly RowResult[]> {
  await compareResults(contestants);
  const all: readonly { readonly name: string; readonly run: () => unknown }[] = [
    ...contestants,
    { name: 'multiply-add peak', run: probes.multiplyAdd },
    { name: 'copy', run: probes.copy },
  ];
  const samples = all.map((): number[] => []);
  for (const { run } of all) await sample(run);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const index = (turn + round) % all.length;
      const contestant = all[index];
      if (contestant !== undefined) samples[index]?.push(await sample(contestant.run));
    }
  }
  return all.map(({ name }, index) => ({ name, samples: samples[index] ?? [] }));
}

async function sample(run: () => unknown): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < sampleMilliseconds) {
    const result = run();
    if (result instanceof Promise) await result;
    calls++;
    elapsed = performance.now() - start;
  }
  return elapsed / calls;
}

/** Throws when a contestant computes something else: 1e-3 absolute or relative, for sums in another order. */
async function compareResults(contestants: readonly Contestant[]): Promise<void> {
  const [first, ...rest] = contestants;
  if (first === undefined) return;
  const expected = Float32Array.from(await first.run());
  for (const { name, run } of rest) {
    const actual = await run();
    for (let index = 0; index < expected.length; index++) {
      const [a, e] = [actual[index] ?? NaN, expected[index] ?? NaN];
      if (!(Math.abs(a - e) <= 1e-3 * Math.max(1, Math.abs(e)))) {
        throw new Error(`${name} gives ${a} at ${index}, ${first.name} ${e}`);
      }
    }
  }
}

export function medianOf(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Half the interquartile range over the median. */
export function spreadOf(samples: readonly number[]): number {
  return (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2 / medianOf(samples);
}

function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
