/** Runs a structured kernel of f32 in the interpreter, for tests of which bits a schedule gives. */
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import type { FlatBufferId } from '../../../codegen/kernel/loop-ir.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { Schedule } from '../../../codegen/kernel/schedule.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import type { ElementsArray } from '../../../ir/elements.ts';

/** What the last buffer holds then, of inputs whose sums depend on their order. */
export function runLastBuffer(kernel: StructuredKernel, schedule: Schedule): ElementsArray | undefined {
  const loops = lower(kernel, schedule, wasmTarget);
  const memory = new Map<FlatBufferId, ElementsArray>();
  for (const { id, size } of loops.buffers)
    memory.set(
      id,
      Float32Array.from({ length: Number(size) }, (_, i) => 1 / (3 + ((i * 37) % 101))),
    );
  interpretKernel(loops, memory, new Map(), 0, Number(loops.tiles));
  return memory.get(loops.buffers.at(-1)?.id ?? (0 as FlatBufferId));
}
