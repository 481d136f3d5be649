/** What a machine can do, measured beside what is compiled for it: multiply-adds in registers, and copying memory. */
import { WasmModuleBuilder, type FunctionBuilder, type Local, type WasmExpr } from './builder.ts';

export interface MachineProbes {
  readonly bytes: Uint8Array;
  /** Of a call of the export `peak(iterations, seed)`, for each iteration. */
  readonly flops: number;
  /** Read and written by a call of the export `copy()`, once `touch()` was called. */
  readonly copiedBytes: number;
}

/** Enough independent sums to hide the latency of a multiply-add. */
const sums = 12;

/** Larger than the caches of most machines. */
const copyBytes = 64 << 20;

/** A module that is nothing but one relaxed multiply-add: engines that take it have relaxed SIMD. */
export function relaxedProbe(): Uint8Array {
  return machineProbes({ relaxed: true }).bytes;
}

/** Without relaxed SIMD the peak is that of a product and a sum; operands vary, or the engine would take the product out of the loop. */
export function machineProbes({ relaxed }: { readonly relaxed: boolean }): MachineProbes {
  const module = new WasmModuleBuilder(relaxed ? ['simd', 'relaxed-simd'] : ['simd']);
  try {
    module.memory((2 * copyBytes) / 65_536);
    module.function('peak', ['i32', 'f32'], 'f32', (f) => peakLoop(f, relaxed));
    module.exportFunction('peak', 'peak');
    module.function('copy', [], undefined, (f) => f.memoryCopy(f.i32(copyBytes), f.i32(0), f.i32(copyBytes)));
    module.exportFunction('copy', 'copy');
    // Memory that nobody has written is one page of zeros to many systems.
    module.function('touch', [], undefined, (f) => f.memoryFill(f.i32(0), f.i32(1), f.i32(copyBytes)));
    module.exportFunction('touch', 'touch');
    return { bytes: module.finish({ text: false }).bytes, flops: 2 * 4 * sums, copiedBytes: 2 * copyBytes };
  } finally {
    module.dispose();
  }
}

function peakLoop(f: FunctionBuilder, relaxed: boolean): void {
  const [count, seed] = [f.parameter(0), f.parameter(1)];
  const held = (value: WasmExpr): (() => WasmExpr) => f.hold('v128', f.unary('SplatVecF32x4', value));
  const x = held(f.get(seed));
  const y = held(f.binary('SubFloat32', f.get(seed), f.f32(0.25)));
  const locals = Array.from({ length: sums }, (_, index): Local => {
    const local = f.local('v128');
    f.set(local, f.unary('SplatVecF32x4', f.f32((index + 1) / 10)));
    return local;
  });
  const next = (sum: Local): WasmExpr =>
    relaxed
      ? f.ternary('RelaxedMaddVecF32x4', f.get(sum), x(), y())
      : f.binary('AddVecF32x4', f.binary('MulVecF32x4', f.get(sum), x()), y());
  f.repeat(() => {
    for (const sum of locals) f.set(sum, next(sum));
    f.set(count, f.binary('SubInt32', f.get(count), f.i32(1)));
    return () => f.get(count);
  });
  const total = locals.map((local) => f.get(local)).reduce((all, each) => f.binary('AddVecF32x4', all, each));
  f.emit(f.extract('ExtractLaneVecF32x4', total, 0));
}
