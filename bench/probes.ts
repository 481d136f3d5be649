/** What the machine can do: multiply-adds in registers, and copying memory. Both in WebAssembly, as the contestants are. */
import { machineProbes, relaxedProbe } from '../dist/codegen/wasm/machine-probes.js';

export interface Probes {
  readonly multiplyAdd: () => void;
  /** Floating-point operations of one call. */
  readonly flops: number;
  readonly copy: () => void;
  /** Bytes read and written by one call. */
  readonly copiedBytes: number;
}

const iterations = 400_000;

/** Whether this engine has relaxed SIMD. */
export const hasRelaxedSimd = WebAssembly.validate(relaxedProbe() as Uint8Array<ArrayBuffer>);

/** Without relaxed SIMD the peak is that of a multiplication and an addition. */
export function makeProbes(relaxed: boolean): Probes {
  const { bytes, flops, copiedBytes } = machineProbes({ relaxed });
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module);
  const peak = exports['peak'] as (count: number, seed: number) => number;
  (exports['touch'] as () => void)();
  return {
    multiplyAdd: () => void peak(iterations, 0.5),
    flops: flops * iterations,
    copy: exports['copy'] as () => void,
    copiedBytes,
  };
}
