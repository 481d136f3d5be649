/** What this machine and engine can do now: the yardsticks of a profile. */
import { machineProbes, relaxedProbe } from '../../../codegen/wasm/machine-probes.ts';
import { median } from './statistics.ts';

export interface MeasuredPeak {
  /** Multiply-adds in registers; a product and a sum without relaxed SIMD. */
  readonly flopsPerSecond: number;
  /** Read and written by a copy larger than the caches. */
  readonly copyBytesPerSecond: number;
}

let isRelaxedKnown: boolean | undefined;

export function hasRelaxedSimd(): boolean {
  isRelaxedKnown ??= WebAssembly.validate(relaxedProbe());
  return isRelaxedKnown;
}

/** Some tenths of a second. */
export class PeakProbe {
  readonly #peak: (iterations: number, seed: number) => number;
  readonly #copy: () => void;
  readonly #flops: number;
  readonly #copiedBytes: number;
  readonly #flopSamples: number[] = [];
  readonly #copySamples: number[] = [];

  constructor({ relaxed }: { readonly relaxed: boolean }) {
    const { bytes, flops, copiedBytes } = machineProbes({ relaxed });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    this.#peak = exports['peak'] as (iterations: number, seed: number) => number;
    this.#copy = exports['copy'] as () => void;
    this.#flops = flops;
    this.#copiedBytes = copiedBytes;
    for (let call = 0; call < 20; call += 1) this.#peak(20_000, 0.5);
    (exports['touch'] as () => void)();
    this.#copy();
  }

  /** To be called between rounds, so that it sees the machine as they do. */
  sample(): void {
    const iterations = 100_000;
    this.#flopSamples.push((this.#flops * iterations) / secondsOf(() => void this.#peak(iterations, 0.5)));
    this.#copySamples.push(this.#copiedBytes / secondsOf(this.#copy));
  }

  /** Of the rates that were seen, the median; the multiply-adds' best, for nothing slows them but others. */
  get measured(): MeasuredPeak {
    return {
      flopsPerSecond: Math.max(...this.#flopSamples),
      copyBytesPerSecond: median(this.#copySamples),
    };
  }
}

function secondsOf(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1e3;
}
