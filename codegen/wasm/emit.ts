/** A plan to a WebAssembly module: exports `memory` and `run(symbols...)`; inputs and outputs are at the addresses of its signature. */
import { writeConstants } from '../plan/constant-bytes.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget } from '../kernel/target-info.ts';
import { leafSteps, type Plan, type PlanCall, planKernels } from '../plan/plan.ts';
import { sharedWork, type SharingLimits, type TileShare } from '../plan/shared-work.ts';
import { type WasmFeature, WasmModuleBuilder } from './builder.ts';
import { mapMemory, type MemoryMap, pageBytes } from './memory-map.ts';
import { needsRemainder, printKernel, stackBytesOf } from './print-kernel.ts';
import { markModule, markName, printPlan } from './print-plan.ts';
import { addRemainder } from './remainder.ts';
import { contentHash } from '../../ir/content-hash.ts';
import { runName, sectionName, type Signature, type SignatureThreads, signatureOf } from './signature.ts';
import { controlBytes, ThreadPool } from './thread-pool.ts';
import { appendSections, type DataSegment, unshareMemory, withoutEmptyData } from './wasm-binary.ts';

export interface WasmOptions {
  /** With relaxed SIMD: multiply-adds may round once. Needs Node 22, or a browser of 2023. */
  readonly relaxed: boolean;
  /** For a profile: the host is told after each step (print-plan.ts). */
  readonly isMarked?: boolean;
  /** A module that several threads may run (thread-pool.ts), and what of it they share. */
  readonly threads?: SharingLimits | undefined;
}

export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
}

interface Code {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly maps: readonly MemoryMap[];
  readonly threads: SignatureThreads | undefined;
}

/** Deterministic: the same plan gives the same bytes. */
export function emitWasm(plan: Plan, options: WasmOptions): WasmModule {
  return emitVariants([plan], options);
}

/** One module for plans of one function at several sizes; equal kernels and the memory are shared. */
export function emitVariants(plans: readonly Plan[], options: WasmOptions): WasmModule {
  const { bytes: code, maps, threads } = emitCode(plans, options, { text: false });
  const signature = signatureOf(plans, maps, { ...options, threads });
  const json = (value: Signature): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const draft = json(signature);
  const segment = dataSegment(plans, maps, { isPassive: threads !== undefined });
  const bytes = appendSections(code, segment, { name: sectionName, contents: draft });
  if (threads !== undefined) unshareMemory(bytes);
  const signed = { ...signature, hash: contentHash(bytes) };
  bytes.set(json(signed), bytes.length - draft.length);
  return { bytes, signature: signed };
}

/** The text form, without constants. */
export function emitWat(plan: Plan, options: WasmOptions): string {
  return emitCode([plan], options, { text: true }).text;
}

function targetOf({ relaxed }: WasmOptions): TargetInfo {
  return relaxed ? relaxedWasmTarget : wasmTarget;
}

function emitCode(plans: readonly Plan[], options: WasmOptions, { text }: { readonly text: boolean }): Code {
  const { relaxed, isMarked = false, threads: limits } = options;
  const features: WasmFeature[] = ['simd'];
  if (relaxed) features.push('relaxed-simd');
  if (limits !== undefined) features.push('atomics');
  const module = new WasmModuleBuilder(features);
  try {
    const kernels = [...new Set(plans.flatMap(planKernels))];
    const stackBytes = Math.max(0, ...kernels.map(({ body }) => stackBytesOf(body)));
    const maps = mapMemory(plans, stackBytes, limits === undefined ? 0 : controlBytes(kernels));
    const pages = Math.max(...maps.map((map) => map.pages));
    const threads = limits && { pages, stackPages: Math.ceil(stackBytes / pageBytes) };
    if (threads === undefined) module.memory(pages);
    else module.sharedMemory(pages);
    if (kernels.some(needsRemainder)) addRemainder(module);
    if (isMarked) module.importFunction(markName, markModule, ['i32']);
    const printed = new Map<LoopKernel, string>();
    for (const kernel of kernels) printed.set(kernel, printKernel(module, kernel, { relaxed }));
    const shares = new Map(limits && plans.flatMap((plan) => [...sharedWork(plan, targetOf(options), limits)]));
    const pool = threads && addPool(module, plans, { maps, printed, threads, shares });
    const shared = pool && { pool, shares };
    plans.forEach((plan, index) => {
      const map = maps[index];
      if (map === undefined) return;
      const run = printPlan(module, plan, map, { kernels: printed, shared, isMarked });
      const isShared = leafSteps(plan.steps).some((step) => step.kind === 'call' && shares.has(step));
      const outer = isShared && pool !== undefined ? pool.runner(run, plan.symbols.length) : run;
      module.exportFunction(outer, runName(index));
    });
    const code = module.finish({ text });
    return { ...code, bytes: threads === undefined ? code.bytes : withoutEmptyData(code.bytes), maps, threads };
  } finally {
    module.dispose();
  }
}

interface PoolParts {
  readonly maps: readonly MemoryMap[];
  readonly printed: ReadonlyMap<LoopKernel, string>;
  readonly threads: SignatureThreads;
  readonly shares: ReadonlyMap<PlanCall, TileShare>;
}

/** For the kernels that threads share somewhere. */
function addPool(
  module: WasmModuleBuilder,
  plans: readonly Plan[],
  { maps, printed, threads, shares }: PoolParts,
): ThreadPool {
  const shared = new Set([...shares.keys()].map(({ kernel }) => kernel));
  const { control = 0, stack = 0 } = maps[0] ?? {};
  const constants = dataSegment(plans, maps, { isPassive: true }) ?? noConstants;
  return new ThreadPool(
    module,
    { control, stack, ...threads, constants },
    new Map([...printed].filter(([kernel]) => shared.has(kernel))),
  );
}

/** The code of a module for threads names a segment. */
const noConstants: DataSegment = { address: 0, length: 0, isPassive: true, write: () => undefined };

/** The constants of all plans, which lie one after the other. */
function dataSegment(
  plans: readonly Plan[],
  maps: readonly MemoryMap[],
  { isPassive }: { readonly isPassive: boolean },
): DataSegment | undefined {
  const areas = plans.flatMap((plan, index) => {
    const address = maps[index]?.constants ?? 0;
    return plan.constantBytes === 0 ? [] : [{ plan, address, end: address + plan.constantBytes }];
  });
  const [first, last] = [areas[0], areas.at(-1)];
  if (first === undefined || last === undefined) return isPassive ? noConstants : undefined;
  const write = (target: Uint8Array): void => {
    for (const { plan, address, end } of areas)
      writeConstants(plan, target.subarray(address - first.address, end - first.address));
  };
  return { address: first.address, length: last.end - first.address, isPassive, write };
}
