/** A kernel of the usual schedule in the interpreter. */
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import type { FlatBufferId } from '../../../codegen/kernel/loop-ir.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import { evaluateSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import type { ElementsArray } from '../../../ir/elements.ts';

/** The outputs, for inputs whose sums depend on their order; `given` are the sizes bound late. */
export function interpretedOutputs(
  kernel: StructuredKernel,
  given: Readonly<Record<string, number>> = {},
): readonly ElementsArray[] {
  const symbols = new Map(Object.entries(given));
  const { loops } = compileKernel(kernel, wasmTarget);
  const arrays = loops.buffers.map(({ size, access }) =>
    Float32Array.from({ length: evaluateSize(size, symbols) ?? 0 }, (_, i) =>
      access === 'read' ? 1 / (3 + ((i * 37) % 101)) : 0,
    ),
  );
  const memory = new Map<FlatBufferId, ElementsArray>();
  loops.buffers.forEach(({ id }, i) => memory.set(id, arrays[i] ?? new Float32Array()));
  interpretKernel(loops, memory, symbols, 0, evaluateSize(loops.tiles, symbols) ?? 0);
  return arrays.filter((_, i) => loops.buffers[i]?.access === 'write');
}
