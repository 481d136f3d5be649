/** The command `npm run bench`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { makeProbes } from './probes.ts';
import { rows } from './rows/rows.ts';
import { type Contestant, medianOf, runRounds, type RowResult, spreadOf } from './rounds.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help === true) {
  console.log('npm run bench -- [--only NAME] [--rounds N] [--json FILE]');
  process.exit(0);
}

interface ReportRow {
  readonly name: string;
  readonly target: string;
  /** GFLOP/s, or GB/s where a row says so. */
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours to the best peer. */
  readonly ratio: number;
  /** Share of the measured peak. */
  readonly ofPeak: number;
  /** Half the distance of the quartiles over the median, ours. */
  readonly spread: number;
}

const probes = makeProbes();
const report: ReportRow[] = [];
const chosen = rows.filter(({ name }) => name.includes(options.only ?? ''));
if (chosen.length === 0) {
  console.error(`no row has '${options.only ?? ''}' in its name; there are ${rows.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
let peakSamples: number[] = [];
let copySamples: number[] = [];
for (const row of chosen) {
  const contestants: readonly Contestant[] = await row.contestants();
  const results: readonly RowResult[] = await runRounds(contestants, probes, Number(options.rounds));
  peakSamples =
    results.find(({ name }) => name === 'multiply-add peak')?.samples.map((ms) => probes.flops / ms / 1e6) ?? [];
  copySamples = results.find(({ name }) => name === 'copy')?.samples.map((ms) => probes.copiedBytes / ms / 1e6) ?? [];
  const figure = ({ samples }: RowResult): number => row.flops / medianOf(samples) / 1e6;
  const ours = results.find(({ name }) => name === 'tessera');
  if (ours === undefined) throw new Error(`row ${row.name} has no tessera`);
  const peers = Object.fromEntries(
    results
      .filter(({ name }) => !['tessera', 'multiply-add peak', 'copy'].includes(name))
      .map((result) => [result.name, figure(result)]),
  );
  const best = Math.max(...Object.values(peers));
  report.push({
    name: row.name,
    target: row.target,
    ours: figure(ours),
    peers,
    ratio: figure(ours) / best,
    ofPeak: figure(ours) / medianOf(peakSamples),
    spread: spreadOf(ours.samples),
  });
  print(report.at(-1));
}
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
const versions = versionsOf(['onnxruntime-web', '@tensorflow/tfjs-backend-wasm']);
const peak = { multiplyAddGflops: medianOf(peakSamples), copyGBs: medianOf(copySamples) };
const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${process.version}; one thread; peak ${peak.multiplyAddGflops.toFixed(1)} GFLOP/s, copy ${peak.copyGBs.toFixed(1)} GB/s; ${list.join(', ')}`,
);
if (options.json !== undefined) {
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, node: process.version, versions, peak, rows: report }, undefined, 1)}\n`,
  );
}
process.exit(0);

/** Of peers, from their packages: what is measured, whatever package.json asks for. */
function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  const version = (name: string): string => {
    const manifest = new URL(`node_modules/${name}/package.json`, import.meta.url);
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
  };
  return Object.fromEntries(packages.map((name) => [name, version(name)]));
}

function print(row: ReportRow | undefined): void {
  if (row === undefined) return;
  const peers = Object.entries(row.peers).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(
    `${row.name}: tessera ${row.ours.toFixed(1)} GFLOP/s (${(100 * row.ofPeak).toFixed(0)} % of the peak, spread ${(100 * row.spread).toFixed(0)} %), ${peers.join(', ')}; ${row.ratio.toFixed(2)}x the best peer`,
  );
}
