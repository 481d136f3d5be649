/** A plan to a WebAssembly module: exports `memory` and `run(symbols...)`; inputs and outputs are at the addresses of its signature. */
import { writeConstants } from '../plan/constant-bytes.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { type Plan, planKernels } from '../plan/plan.ts';
import { WasmModuleBuilder } from './builder.ts';
import { mapMemory, type MemoryMap } from './memory-map.ts';
import { needsRemainder, printKernel, stackBytesOf } from './print-kernel.ts';
import { printPlan } from './print-plan.ts';
import { addRemainder } from './remainder.ts';
import { contentHash, sectionName, type Signature, signatureOf } from './signature.ts';
import { appendSections, type DataSegment } from './wasm-binary.ts';

export interface WasmOptions {
  /** With relaxed SIMD: multiply-adds may round once. Needs Node 22, or a browser of 2023. */
  readonly relaxed: boolean;
}

export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
}

interface Code {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly map: MemoryMap;
}

/** Deterministic: the same plan gives the same bytes. */
export function emitWasm(plan: Plan, options: WasmOptions): WasmModule {
  const { bytes: code, map } = emitCode(plan, options, { text: false });
  const signature = signatureOf(plan, map, options);
  const json = (value: Signature): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const draft = json(signature);
  const bytes = appendSections(code, dataSegment(plan, map), { name: sectionName, contents: draft });
  const signed = { ...signature, hash: contentHash(bytes) };
  bytes.set(json(signed), bytes.length - draft.length);
  return { bytes, signature: signed };
}

/** The text form, without constants. */
export function emitWat(plan: Plan, options: WasmOptions): string {
  return emitCode(plan, options, { text: true }).text;
}

function emitCode(plan: Plan, { relaxed }: WasmOptions, { text }: { readonly text: boolean }): Code {
  const module = new WasmModuleBuilder(relaxed ? ['simd', 'relaxed-simd'] : ['simd']);
  try {
    const kernels = planKernels(plan);
    const map = mapMemory(plan, Math.max(0, ...kernels.map(({ body }) => stackBytesOf(body))));
    module.memory(map.pages);
    if (kernels.some(needsRemainder)) addRemainder(module);
    const printed = new Map<LoopKernel, string>();
    for (const kernel of kernels) printed.set(kernel, printKernel(module, kernel, { relaxed }));
    module.exportFunction(printPlan(module, plan, map, printed), 'run');
    return { ...module.finish({ text }), map };
  } finally {
    module.dispose();
  }
}

function dataSegment(plan: Plan, map: MemoryMap): DataSegment | undefined {
  if (plan.constantBytes === 0) return undefined;
  return { address: map.constants, length: plan.constantBytes, write: (target) => writeConstants(plan, target) };
}
