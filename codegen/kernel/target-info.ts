/** What a schedule and the kernel passes need to know of a target. Nothing else may depend on which target it is. */

export interface TargetInfo {
  readonly name: string;
  readonly kind: 'cpu' | 'gpu';
  /** Width of a vector register; 32 when there are only scalars. */
  readonly vectorBits: number;
  /** Architectural vector registers a kernel may count on. */
  readonly vectorRegisters: number;
  /** `relaxed`: rounds once or twice as the engine likes. */
  readonly fma: 'exact' | 'relaxed' | 'none';
  /** Bytes. */
  readonly caches: { readonly l1: number; readonly l2: number };
  /** Widest address arithmetic: offsets past 2^31 elements need 64. */
  readonly indexBits: 32 | 64;
  /** Arithmetic it has beside f32 and i32; what is missing is expanded or unsupported. */
  readonly arithmetic: { readonly f64: boolean; readonly i64: boolean; readonly f16: boolean; readonly bf16: boolean };
  /** An instruction for `dot-pairs`. */
  readonly hasPairProducts: boolean;
  /** Masked loads and stores without a branch. */
  readonly hasMasks: boolean;
  readonly hasGather: boolean;
  /** A maximum of floats that lets NaN through and tells zeros apart costs no more than such a minimum. */
  readonly hasMaximum: boolean;
  /** What it cannot keep of IEEE 754 (docs/numerics.md). */
  readonly flushesDenormals: boolean;
  readonly mayIgnoreNan: boolean;
  readonly gpu: GpuLimits | undefined;
  /** The work of a tile, about: what is worth handing to another thread. */
  readonly tileNanoseconds: number;
  /** Elements of a part of a long reduction, at least (chunk-reductions.ts). */
  readonly chunkElements: number;
  /** Whether threads divide tiles: else none are made that cost one thread something. */
  readonly hasThreads: boolean;
}

export interface GpuLimits {
  readonly maxWorkgroupInvocations: number;
  readonly maxWorkgroupBytes: number;
  readonly subgroupSize: number | undefined;
}

/** Bytes of a line of the cache; 64 or 128 on what we know. */
export const lineBytes = 64;

/** WebAssembly with 128-bit SIMD. V8 maps locals to the 16 xmm or 32 neon registers of the machine; 16 is what can be counted on. */
export const wasmTarget: TargetInfo = Object.freeze({
  name: 'wasm',
  kind: 'cpu',
  vectorBits: 128,
  vectorRegisters: 16,
  fma: 'none',
  caches: { l1: 32 << 10, l2: 1 << 20 },
  indexBits: 32,
  arithmetic: { f64: true, i64: true, f16: false, bf16: false },
  hasPairProducts: true,
  hasMasks: false,
  hasGather: false,
  hasMaximum: false,
  flushesDenormals: false,
  mayIgnoreNan: false,
  gpu: undefined,
  tileNanoseconds: 10_000,
  chunkElements: 1 << 15,
  hasThreads: false,
});

/** The same with relaxed SIMD: `f32x4.relaxed_madd`. */
export const relaxedWasmTarget: TargetInfo = Object.freeze({ ...wasmTarget, name: 'wasm-relaxed', fma: 'relaxed' });

/** The same machine, where threads share a call. Results are the same bits. */
export function withThreads(target: TargetInfo): TargetInfo {
  return { ...target, hasThreads: true };
}

/** WebGPU's guaranteed limits. */
export const webgpuTarget: TargetInfo = Object.freeze({
  ...wasmTarget,
  name: 'webgpu',
  kind: 'gpu',
  fma: 'relaxed',
  hasPairProducts: false,
  arithmetic: { f64: false, i64: false, f16: false, bf16: false },
  flushesDenormals: true,
  mayIgnoreNan: true,
  hasMaximum: true,
  gpu: { maxWorkgroupInvocations: 256, maxWorkgroupBytes: 16_384, subgroupSize: undefined },
});
