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

export async function runRounds(all: readonly Timed[], rounds: number): Promise<Samples> {
  const samples = new Map(all.map(({ name }): [string, number[]] => [name, []]));
  for (const { call } of all) await repeat(call, warmUpMilliseconds, warmUpCalls);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const contestant = all[(turn + round) % all.length];
      if (contestant !== undefined)
        samples.get(contestant.name)?.push(await repeat(contestant.call, sampleMilliseconds, 1));
    }
  }
  return samples;
}

/** Milliseconds a call. */
async function repeat(call: () => unknown, atLeastMilliseconds: number, atLeastCalls: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < atLeastMilliseconds || calls < atLeastCalls) {
    const result = call();
    if (result instanceof Promise) await result;
    calls++;
    elapsed = performance.now() - start;
  }
  return elapsed / calls;
}
