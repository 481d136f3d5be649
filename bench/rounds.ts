/** Interleaved rounds: everyone once a round, in an order that rotates, so that a noisy machine hits all alike. */
export interface Timed {
  readonly name: string;
  readonly call: () => unknown;
}

/** Milliseconds a call, one sample a round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** A sample is the mean over at least this long. */
const sampleMilliseconds = 40;
/** Engines compile what runs often a second time, on another thread: until that is done, it is not the program that is timed. */
const warmUpMilliseconds = 250;
const warmUpCalls = 3;
const longestWarmUpMilliseconds = 2000;
/** Who has been timed for so long is left out of further rounds: one that takes 20 s for what others do in 0.2 s would take all the time. */
const longestMilliseconds = 10_000;

export async function runRounds(
  all: readonly Timed[],
  rounds: number,
  longest: number = longestMilliseconds,
): Promise<Samples> {
  const samples = new Map(all.map(({ name }): [string, number[]] => [name, []]));
  const spent = new Map<string, number>();
  for (const { call } of all) await repeat(call, isWarm);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const contestant = all[(turn + round) % all.length];
      if (contestant === undefined || (spent.get(contestant.name) ?? 0) > longest) continue;
      const { elapsed, calls } = await repeat(contestant.call, isSampled);
      samples.get(contestant.name)?.push(elapsed / calls);
      spent.set(contestant.name, (spent.get(contestant.name) ?? 0) + elapsed);
    }
  }
  return samples;
}

interface Calls {
  readonly calls: number;
  readonly elapsed: number;
}

function isWarm({ calls, elapsed }: Calls): boolean {
  return elapsed >= longestWarmUpMilliseconds || (elapsed >= warmUpMilliseconds && calls >= warmUpCalls);
}

function isSampled({ elapsed }: Calls): boolean {
  return elapsed >= sampleMilliseconds;
}

/** At least once. */
async function repeat(call: () => unknown, isEnough: (done: Calls) => boolean): Promise<Calls> {
  const start = performance.now();
  let done: Calls = { calls: 0, elapsed: 0 };
  do {
    const result = call();
    if (result instanceof Promise) await result;
    done = { calls: done.calls + 1, elapsed: performance.now() - start };
  } while (!isEnough(done));
  return done;
}
