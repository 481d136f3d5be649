/** What a row of the benchmark is: one computation, and who competes in it. Rows are cheap to list; what they need is made when they run. */
import type { Tolerance } from './compare.ts';
import type { Elements } from './values.ts';

/** Options of a run that contestants follow. */
export interface Settings {
  readonly threads: number;
  /** Whether our module may use relaxed SIMD: not under `--baseline`, nor in an engine without it. */
  readonly relaxed: boolean;
  readonly placement: Placement;
}

/**
 * Where our inputs and outputs are. `copied`: a call takes JavaScript arrays and gives fresh ones. `resident`: they stay in the memory of
 * the module, so that a row bound by memory measures the kernel. docs/bench.md says what each peer does.
 */
export type Placement = 'copied' | 'resident';

export interface Contestant {
  /** What is timed. */
  readonly call: () => unknown;
  /** Results of the last call, in the order that all contestants agree on; never timed. Absent where they are not to be compared. */
  readonly outputs?: () => readonly Elements[] | Promise<readonly Elements[]>;
  readonly compilation?: Compilation;
}

/** Measured in the rounds of a row, on one thread. */
export interface Peak {
  readonly multiplyAddGflops: number;
  /** Of `memory.copy` on 64 MiB, read and written. */
  readonly copyGBs: number;
}

export interface Compilation {
  /** Without constants. */
  readonly moduleBytes: number;
  readonly seconds: number;
  /** Milliseconds of a call by the cost model, on a machine of these peaks. */
  readonly predict: (peak: Peak) => number;
}

/** Sets a contestant up: compiles, loads weights. */
export type Entry = (settings: Settings) => Promise<Contestant>;

/** Of a peer that lacks an operation. */
export interface Missing {
  readonly missing: string;
}

export const peerNames = ['onnxruntime-web', 'tfjs-wasm', 'jax-js'] as const;
export type PeerName = (typeof peerNames)[number];

/** Every peer is here or says why not. `variants` are further programs of ours, beside which ours is reported. */
export interface Contestants extends Readonly<Record<PeerName, Entry | Missing>> {
  readonly tessera: Entry;
  readonly variants?: Readonly<Record<string, Entry>>;
}

export interface Row {
  readonly name: string;
  readonly unit: 'GFLOP/s' | 'GB/s';
  /** Operations of one call, a multiply-add counted as two. */
  readonly flops: number;
  /** Of inputs and outputs of one call. */
  readonly dataBytes: number;
  /** Of constants. */
  readonly weightBytes: number;
  /** Where the usual one does not fit, see compare.ts. */
  readonly tolerance?: Tolerance;
  readonly contestants: () => Contestants | Promise<Contestants>;
}

/** Below so many operations for each byte that goes in or out, a row would time copying to and from JavaScript. */
const copiedIntensity = 20;

/** The same rule for every row: docs/bench.md. */
export function placementOf({ flops, dataBytes }: Pick<Row, 'flops' | 'dataBytes'>): Placement {
  return flops >= copiedIntensity * dataBytes ? 'copied' : 'resident';
}
