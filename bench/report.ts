/** What a run says: for each row a line for people, and the JSON that `--json` writes. */
import { type Compilation, type Peak, type Placement, placementOf, type Row } from './row.ts';
import { medianOf, spreadOf } from './statistics.ts';
import type { Samples } from './rounds.ts';

export interface ReportRow {
  readonly name: string;
  readonly target: 'wasm';
  readonly placement: Placement;
  /** Of the figures. */
  readonly unit: Row['unit'];
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours to the best peer; absent without peers. */
  readonly ratio?: number;
  /** Share of the measured peak: of multiply-adds for GFLOP/s, of copying for GB/s; times threads. */
  readonly ofPeak: number;
  /** Half the distance of the quartiles over the median, ours. */
  readonly spread: number;
  /** A call, ours. */
  readonly milliseconds: number;
  /** A call, by the cost model, with this run's peaks; on one thread only. */
  readonly predicted?: number;
  /** Other programs of ours. */
  readonly variants?: Readonly<Record<string, number>>;
  /** Peers without a figure, and why. */
  readonly missing?: Readonly<Record<string, string>>;
  /** Of our module, without constants. */
  readonly moduleBytes: number;
  readonly compileSeconds: number;
  readonly peak: Peak;
}

export interface Report {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number };
  readonly node: string;
  readonly date: string;
  readonly threads: number;
  readonly relaxed: boolean;
  readonly rounds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly peak: Peak;
  readonly rows: readonly ReportRow[];
  /** Rows without figures, and why. */
  readonly errors: readonly { readonly name: string; readonly message: string }[];
}

export interface Measured {
  readonly samples: Samples;
  readonly peak: Peak;
  readonly threads: number;
  readonly missing: Readonly<Record<string, string>>;
  readonly compilation: Compilation;
}

export function reportRow(
  row: Row,
  peers: readonly string[],
  { samples, peak, threads, missing, compilation }: Measured,
): ReportRow {
  const ours = samples.get('tessera') ?? [];
  const perCall = row.unit === 'GFLOP/s' ? row.flops : row.dataBytes + row.weightBytes;
  const figure = (times: readonly number[]): number => perCall / medianOf(times) / 1e6;
  const figures = (wanted: (name: string) => boolean): Readonly<Record<string, number>> =>
    Object.fromEntries([...samples].filter(([name]) => wanted(name)).map(([name, times]) => [name, figure(times)]));
  const peerFigures = figures((name) => peers.includes(name));
  const variants = figures((name) => name !== 'tessera' && !peers.includes(name));
  const best = Math.max(...Object.values(peerFigures));
  return {
    name: row.name,
    target: 'wasm',
    placement: placementOf(row),
    unit: row.unit,
    ours: figure(ours),
    peers: peerFigures,
    ...(Number.isFinite(best) ? { ratio: figure(ours) / best } : {}),
    ofPeak: figure(ours) / (row.unit === 'GFLOP/s' ? peak.multiplyAddGflops * threads : peak.copyGBs),
    spread: spreadOf(ours),
    milliseconds: medianOf(ours),
    ...(threads === 1 ? { predicted: compilation.predict(peak) } : {}),
    ...(Object.keys(variants).length === 0 ? {} : { variants }),
    ...(Object.keys(missing).length === 0 ? {} : { missing }),
    moduleBytes: compilation.moduleBytes,
    compileSeconds: compilation.seconds,
    peak,
  };
}

export function lineOf(row: ReportRow): string {
  const { unit } = row;
  const others = [...Object.entries(row.peers), ...Object.entries(row.variants ?? {})];
  const list = others.map(([name, value]) => `${name} ${number(value)}`).join(', ');
  const ofPeak = `${percent(row.ofPeak)} of ${unit === 'GFLOP/s' ? 'the peak' : 'copying'}`;
  const ratio = row.ratio === undefined ? '' : `; ${row.ratio.toFixed(2)}x the best peer`;
  const predicted = row.predicted === undefined ? '' : `, ${number(row.predicted)} predicted`;
  const time = `${number(row.milliseconds)} ms${predicted}`;
  return `${row.name}: tessera ${number(row.ours)} ${unit} (${ofPeak}, spread ${percent(row.spread)}, ${time}), ${list}${ratio}`;
}

/** Every reason once, with its peers' rows. */
export function missingLines(rows: readonly ReportRow[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, missing = {} } of rows)
    for (const [peer, reason] of Object.entries(missing)) {
      const key = `${peer}: ${reason}`;
      reasons.set(key, [...(reasons.get(key) ?? []), name]);
    }
  return [...reasons].map(([reason, names]) => `no figure of ${reason} (${names.join('; ')})`);
}

/** How many predictions are within a factor of 1.5 of what was measured; undefined where nothing was predicted. */
export function predictionLine(rows: readonly ReportRow[]): string | undefined {
  const factors = rows.flatMap(({ predicted, milliseconds }) =>
    predicted === undefined ? [] : [Math.max(predicted / milliseconds, milliseconds / predicted)],
  );
  if (factors.length === 0) return undefined;
  const close = factors.filter((factor) => factor <= 1.5).length;
  return `predicted within 1.5x: ${close} of ${factors.length} rows (${percent(close / factors.length)})`;
}

export function headLine(report: Omit<Report, 'rows' | 'errors'>): string {
  const { machine, node, threads, relaxed, peak, versions } = report;
  const engine = `Node ${node}, ${relaxed ? 'with' : 'without'} relaxed SIMD`;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const peaks = `peak ${number(peak.multiplyAddGflops)} GFLOP/s, copy ${number(peak.copyGBs)} GB/s`;
  const count = `${threads} thread${threads === 1 ? '' : 's'}`;
  return `${machine.cpu}, ${machine.cores} cores, ${engine}; ${count}; ${peaks}; ${list.join(', ')}; ${report.date}`;
}

/** Three digits that count. */
export function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
