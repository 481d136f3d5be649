/** A plan to a WebAssembly module: exports `memory` and `run(symbols...)`; inputs and outputs are at the addresses of its signature. */
import { writeConstants } from '../plan/constant-bytes.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { type Plan, planKernels } from '../plan/plan.ts';
import { WasmModuleBuilder } from './builder.ts';
import { mapMemory, type MemoryMap } from './memory-map.ts';
import { needsRemainder, printKernel, stackBytesOf } from './print-kernel.ts';
import { markModule, markName, printPlan } from './print-plan.ts';
import { addRemainder } from './remainder.ts';
import { contentHash, runName, sectionName, type Signature, signatureOf } from './signature.ts';
import { appendSections, type DataSegment } from './wasm-binary.ts';

export interface WasmOptions {
  /** With relaxed SIMD: multiply-adds may round once. Needs Node 22, or a browser of 2023. */
  readonly relaxed: boolean;
  /** For a profile: the host is told after each step (print-plan.ts). */
  readonly isMarked?: boolean;
}

export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
}

interface Code {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly maps: readonly MemoryMap[];
}

/** Deterministic: the same plan gives the same bytes. */
export function emitWasm(plan: Plan, options: WasmOptions): WasmModule {
  return emitVariants([plan], options);
}

/** One module for plans of one function at several sizes; equal kernels and the memory are shared. */
export function emitVariants(plans: readonly Plan[], options: WasmOptions): WasmModule {
  const { bytes: code, maps } = emitCode(plans, options, { text: false });
  const signature = signatureOf(plans, maps, options);
  const json = (value: Signature): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const draft = json(signature);
  const bytes = appendSections(code, dataSegment(plans, maps), { name: sectionName, contents: draft });
  const signed = { ...signature, hash: contentHash(bytes) };
  bytes.set(json(signed), bytes.length - draft.length);
  return { bytes, signature: signed };
}

/** The text form, without constants. */
export function emitWat(plan: Plan, options: WasmOptions): string {
  return emitCode([plan], options, { text: true }).text;
}

function emitCode(
  plans: readonly Plan[],
  { relaxed, isMarked = false }: WasmOptions,
  { text }: { readonly text: boolean },
): Code {
  const module = new WasmModuleBuilder(relaxed ? ['simd', 'relaxed-simd'] : ['simd']);
  try {
    const kernels = [...new Set(plans.flatMap(planKernels))];
    const maps = mapMemory(plans, Math.max(0, ...kernels.map(({ body }) => stackBytesOf(body))));
    module.memory(Math.max(...maps.map(({ pages }) => pages)));
    if (kernels.some(needsRemainder)) addRemainder(module);
    if (isMarked) module.importFunction(markName, markModule, ['i32']);
    const printed = new Map<LoopKernel, string>();
    for (const kernel of kernels) printed.set(kernel, printKernel(module, kernel, { relaxed }));
    plans.forEach((plan, index) => {
      const map = maps[index];
      if (map !== undefined) module.exportFunction(printPlan(module, plan, map, printed, { isMarked }), runName(index));
    });
    return { ...module.finish({ text }), maps };
  } finally {
    module.dispose();
  }
}

/** The constants of all plans, which lie one after the other. */
function dataSegment(plans: readonly Plan[], maps: readonly MemoryMap[]): DataSegment | undefined {
  const areas = plans.flatMap((plan, index) => {
    const address = maps[index]?.constants ?? 0;
    return plan.constantBytes === 0 ? [] : [{ plan, address, end: address + plan.constantBytes }];
  });
  const [first, last] = [areas[0], areas.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const write = (target: Uint8Array): void => {
    for (const { plan, address, end } of areas)
      writeConstants(plan, target.subarray(address - first.address, end - first.address));
  };
  return { address: first.address, length: last.end - first.address, write };
}
