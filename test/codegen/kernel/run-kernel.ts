/** Runs a structured kernel twice, by nested loops and as loop IR in the interpreter, and compares every output, bit by bit. */
import { expect } from 'vitest';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import type { FlatBufferId, LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import { verifyLoopKernel } from '../../../codegen/kernel/loop-verifier.ts';
import { parameterBuffers } from '../../../codegen/kernel/lower-context.ts';
import type { Schedule } from '../../../codegen/kernel/schedule.ts';
import { evaluateSize, productOfSizes } from '../../../codegen/kernel/size.ts';
import type { BufferId, KernelBuffer, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { evaluateStructured } from './structured-evaluator.ts';

type Symbols = Readonly<Record<string, number>>;

const smallIntegers = Array.from({ length: 13 }, (_, value) => value - 4);

/** Some of a few numbers, from a fixed sequence; small integers are exact in every order. */
function fill(array: ElementsArray, seed: number, numbers: readonly number[]): ElementsArray {
  let state = seed * 7919 + 17;
  for (let i = 0; i < array.length; i += 1) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    const value = numbers[Math.floor(state / 65536) % numbers.length] ?? 0;
    array[i] = (array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt(value) : value) as never;
  }
  return array;
}

function elementsOf({ dtype, shape }: KernelBuffer, symbols: ReadonlyMap<string, number>): ElementsArray {
  const count = evaluateSize(productOfSizes(shape), symbols) ?? 0;
  return allocateElements(dtype === 'index' ? 'i64' : dtype, count);
}

/** The outputs, by name, in both ways. */
export function expectSameResults(
  kernel: StructuredKernel,
  schedule: Schedule,
  loops: LoopKernel,
  given: Symbols = {},
  numbers: readonly number[] = smallIntegers,
): void {
  const symbols = new Map(Object.entries(given));
  verifyLoopKernel(loops);
  const memory = (): Map<BufferId, ElementsArray> =>
    new Map(
      kernel.buffers
        .filter(({ role }) => role !== 'scratch')
        .map((buffer) => {
          const array = elementsOf(buffer, symbols);
          return [
            buffer.id,
            buffer.role === 'in' || buffer.role === 'inout' ? fill(array, buffer.id + 1, numbers) : array,
          ] as const;
        }),
    );
  const wanted = memory();
  evaluateStructured(kernel, wanted, symbols);
  const got = memory();
  const flat = new Map<FlatBufferId, ElementsArray>();
  parameterBuffers(kernel, schedule).forEach((buffer, position) => {
    const parameter = loops.buffers[position];
    if (parameter !== undefined) flat.set(parameter.id, got.get(buffer.id) ?? elementsOf(buffer, symbols));
  });
  const tiles = evaluateSize(loops.tiles, symbols) ?? 0;
  interpretKernel(loops, flat, symbols, 0, tiles);
  for (const { id, name, role } of kernel.buffers)
    if (role === 'out' || role === 'inout')
      expect(got.get(id), `${name} of ${loopKernelText(loops)}`).toEqual(wanted.get(id));
}
