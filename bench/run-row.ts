/** The process of one row: contestants are set up, compared, timed in rounds, and reported. */
import { makeProbes } from './probes.ts';
import { type Measured, type ReportRow, reportRow } from './report.ts';
import { runRounds } from './rounds.ts';
import { peerNames, placementOf, type Row, type Settings } from './row.ts';
import { compareResults, setUp } from './set-up.ts';
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
