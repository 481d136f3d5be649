/** Runs one loop kernel as WebAssembly, and in the interpreter, on the same arrays. */
import { printKernel, needsRemainder } from '../../../codegen/wasm/print-kernel.ts';
import { addRemainder } from '../../../codegen/wasm/remainder.ts';
import { WasmModuleBuilder } from '../../../codegen/wasm/builder.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { evaluateSize } from '../../../codegen/kernel/size.ts';
import { type ElementsArray, elementsBytes } from '../../../ir/elements.ts';

export function kernelModule(
  kernel: LoopKernel,
  { relaxed = false, pages = 64 }: { readonly relaxed?: boolean; readonly pages?: number } = {},
): { readonly bytes: Uint8Array; readonly text: string } {
  const module = new WasmModuleBuilder(relaxed ? ['simd', 'relaxed-simd'] : ['simd']);
  try {
    module.memory(pages);
    if (needsRemainder(kernel)) addRemainder(module);
    module.exportFunction(printKernel(module, kernel, { relaxed }), 'kernel');
    return module.finish({ text: true });
  } finally {
    module.dispose();
  }
}

export function kernelWat(kernel: LoopKernel, options: { readonly relaxed?: boolean } = {}): string {
  return kernelModule(kernel, options).text;
}

/** Arrays in the order of the kernel's buffers; they are changed as the kernel does. */
export function runInWasm(
  kernel: LoopKernel,
  arrays: readonly ElementsArray[],
  symbols: ReadonlyMap<string, number> = new Map(),
): void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernelModule(kernel).bytes));
  const memory = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer);
  let next = 1024;
  const addresses = arrays.map((array) => {
    const at = next;
    next = Math.ceil((at + array.byteLength + 64) / 64) * 64;
    memory.set(elementsBytes(array), at);
    return at;
  });
  const values = kernel.symbols.map((name) => symbols.get(name) ?? 0);
  const tiles = evaluateSize(kernel.tiles, symbols) ?? 0;
  (exports['kernel'] as (...operands: number[]) => void)(...addresses, ...values, 0, tiles, next);
  for (const [index, array] of arrays.entries()) {
    const at = addresses[index] ?? 0;
    elementsBytes(array).set(memory.subarray(at, at + array.byteLength));
  }
}

export function runInInterpreter(
  kernel: LoopKernel,
  arrays: readonly ElementsArray[],
  symbols: ReadonlyMap<string, number> = new Map(),
): void {
  const buffers = new Map(kernel.buffers.map((buffer, index) => [buffer.id, arrays[index] ?? new Uint8Array()]));
  interpretKernel(kernel, buffers, symbols, 0, evaluateSize(kernel.tiles, symbols) ?? 0);
}

/** The arrays after the kernel ran in WebAssembly and in the interpreter. */
export function runBoth(
  kernel: LoopKernel,
  arrays: readonly ElementsArray[],
  symbols: ReadonlyMap<string, number> = new Map(),
): { readonly wasm: readonly ElementsArray[]; readonly reference: readonly ElementsArray[] } {
  const [wasm, reference] = [arrays.map((array) => array.slice()), arrays.map((array) => array.slice())];
  runInWasm(kernel, wasm, symbols);
  runInInterpreter(kernel, reference, symbols);
  return { wasm, reference };
}
