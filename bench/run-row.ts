/** The process of one row: contestants are set up, compared, timed in rounds, and reported. */
import { differenceOf } from './compare.ts';
import { makeProbes } from './probes.ts';
import { type Measured, type ReportRow, reportRow } from './report.ts';
import { runRounds } from './rounds.ts';
import {
  type Contestant,
  type Contestants,
  type Entry,
  peerNames,
  placementOf,
  type Row,
  type Settings,
} from './row.ts';
import { medianOf } from './statistics.ts';

const probeNames = { multiplyAdd: 'multiply-add peak', copy: 'copy' };

export async function runRow(row: Row, settings: Omit<Settings, 'placement'>, rounds: number): Promise<ReportRow> {
  const { contestants, missing } = await setUp(await row.contestants(), { ...settings, placement: placementOf(row) });
  await compareResults(row, contestants);
  const probes = makeProbes(settings.relaxed);
  const all = [
    ...[...contestants].map(([name, { call }]) => ({ name, call })),
    { name: probeNames.multiplyAdd, call: probes.multiplyAdd },
    { name: probeNames.copy, call: probes.copy },
  ];
  const samples = new Map(await runRounds(all, rounds));
  const take = (name: string): number => {
    const median = medianOf(samples.get(name) ?? []);
    samples.delete(name);
    return median;
  };
  const peak = {
    multiplyAddGflops: probes.flops / take(probeNames.multiplyAdd) / 1e6,
    copyGBs: probes.copiedBytes / take(probeNames.copy) / 1e6,
  };
  const compilation = contestants.get('tessera')?.compilation;
  if (compilation === undefined) throw new Error('tessera does not say how it was compiled');
  const measured: Measured = { samples, peak, threads: settings.threads, missing, compilation };
  return reportRow(row, peerNames, measured);
}

interface SetUp {
  readonly contestants: ReadonlyMap<string, Contestant>;
  readonly missing: Readonly<Record<string, string>>;
}

/** A peer that cannot be loaded is missing; we cannot be. */
async function setUp({ tessera, variants = {}, ...peers }: Contestants, settings: Settings): Promise<SetUp> {
  const contestants = new Map([['tessera', await tessera(settings)]]);
  const missing: Record<string, string> = {};
  for (const name of peerNames) {
    const peer = peers[name];
    const made = typeof peer === 'function' ? await attempt(peer, settings) : peer.missing;
    if (typeof made === 'string') missing[name] = made;
    else contestants.set(name, made);
  }
  for (const [name, entry] of Object.entries(variants)) contestants.set(name, await entry(settings));
  return { contestants, missing };
}

/** Set up and called once, or why that does not work. */
async function attempt(entry: Entry, settings: Settings): Promise<Contestant | string> {
  try {
    const contestant = await entry(settings);
    await contestant.call();
    return contestant;
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function compareResults({ tolerance }: Row, contestants: ReadonlyMap<string, Contestant>): Promise<void> {
  const results = [];
  for (const [name, { call, outputs }] of contestants) {
    if (outputs === undefined) continue;
    await call();
    results.push({ name, values: await outputs() });
  }
  const [first, ...rest] = results;
  for (const { name, values } of rest) {
    const difference = first && differenceOf(values, first.values, tolerance);
    if (difference !== undefined) throw new Error(`${name} against ${first?.name}: ${difference}`);
  }
}
