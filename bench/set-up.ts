/** Contestants before anything is timed: set up, and found to compute the same. */
import { differenceOf, exact } from './compare.ts';
import { type Contestant, type Contestants, type Entry, peerNames, type Row, type Settings } from './row.ts';

export interface SetUp {
  readonly contestants: ReadonlyMap<string, Contestant>;
  readonly missing: Readonly<Record<string, string>>;
}

/** Ours again, beside ours on several threads. */
const oneThread = 'tessera, 1 thread';

/** All are called once. A peer that cannot be loaded or called is missing; we cannot be. */
export async function setUp({ tessera, variants = {}, ...peers }: Contestants, settings: Settings): Promise<SetUp> {
  const contestants = new Map([['tessera', await started(tessera, settings)]]);
  const missing: Record<string, string> = {};
  for (const name of peerNames) {
    const peer = peers[name];
    const made = typeof peer === 'function' ? await attempt(peer, settings) : peer.missing;
    if (typeof made === 'string') missing[name] = made;
    else contestants.set(name, made);
  }
  if (settings.threads > 1) contestants.set(oneThread, await started(tessera, { ...settings, threads: 1 }));
  for (const [name, entry] of Object.entries(variants)) contestants.set(name, await started(entry, settings));
  return { contestants, missing };
}

async function started(entry: Entry, settings: Settings): Promise<Contestant> {
  const contestant = await entry(settings);
  await contestant.call();
  return contestant;
}

/** Or why that does not work. */
async function attempt(entry: Entry, settings: Settings): Promise<Contestant | string> {
  try {
    return await started(entry, settings);
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Of the calls that were made. Throws where results differ; the number of threads may not change a bit. */
export async function compareResults(
  { tolerance }: Pick<Row, 'tolerance'>,
  contestants: ReadonlyMap<string, Contestant>,
): Promise<void> {
  const results = [];
  for (const [name, { outputs }] of contestants)
    if (outputs !== undefined) results.push({ name, values: await outputs() });
  const [first, ...rest] = results;
  for (const { name, values } of rest) {
    const difference = first && differenceOf(values, first.values, name === oneThread ? exact : tolerance);
    if (difference !== undefined) throw new Error(`${name} against ${first?.name}: ${difference}`);
  }
}
