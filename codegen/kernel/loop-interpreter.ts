/**
 * Runs any loop kernel, GPU schedules included, over typed arrays in storage form, exactly as docs/kernel-ir.md says. It is the reference
 * for the printers, and the checker of the schedules: out-of-range accesses, reads of what nothing has written, races and barriers
 * that not all invocations reach throw an InvariantError that prints the statement.
 *
 * A kernel is compiled once to closures over slots (loop-interpreter-{scalars,vectors,statements,control}.ts).
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { ElementsArray } from '../../ir/elements.ts';
import type { FlatBuffer, FlatBufferId, LoopKernel } from './loop-ir.ts';
import { compileBody, defineParameters, hasParallelism } from './loop-interpreter-control.ts';
import { type Frame, Layout, Site } from './loop-interpreter-frame.ts';
import { allocateMemory, Memory, Segments, Tracker } from './loop-interpreter-memory.ts';
import { evaluateSize, type Size, sizeText } from './size.ts';

export interface InterpreterOptions {
  /** What `may-fuse` does: two roundings (`separate`, unless given) or one. */
  readonly multiplyAdd?: 'separate' | 'fused';
  /**
   * Which elements of a parameter hold values, 1 each; the interpreter sets those that the kernel writes. Without an entry, a buffer with
   * access `write` begins with nothing initialised, any other with everything.
   */
  readonly initialised?: ReadonlyMap<FlatBufferId, Uint8Array>;
}

type CompiledKernel = (
  buffers: ReadonlyMap<FlatBufferId, ElementsArray>,
  symbols: ReadonlyMap<string, number>,
  tileBegin: number,
  tileEnd: number,
  initialised: ReadonlyMap<FlatBufferId, Uint8Array> | undefined,
) => void;

const compiled = {
  separate: new WeakMap<LoopKernel, CompiledKernel>(),
  fused: new WeakMap<LoopKernel, CompiledKernel>(),
};

/** Runs the tiles from `tileBegin` to `tileEnd`. Each array has at least as many elements as its buffer. */
export function interpretKernel(
  kernel: LoopKernel,
  buffers: ReadonlyMap<FlatBufferId, ElementsArray>,
  symbols: ReadonlyMap<string, number>,
  tileBegin: number,
  tileEnd: number,
  { multiplyAdd = 'separate', initialised }: InterpreterOptions = {},
): void {
  const known = compiled[multiplyAdd].get(kernel);
  const run = known ?? compileKernel(kernel, multiplyAdd === 'fused');
  if (known === undefined) compiled[multiplyAdd].set(kernel, run);
  run(buffers, symbols, tileBegin, tileEnd, initialised);
}

function compileKernel(kernel: LoopKernel, fusesMultiplyAdd: boolean): CompiledKernel {
  const layout = new Layout(kernel, fusesMultiplyAdd);
  const tiles = defineParameters(layout);
  const { exec } = compileBody(kernel.body, layout);
  const tracksRaces = hasParallelism(kernel.body);
  const site = new Site(kernel, undefined);
  return (buffers, symbols, tileBegin, tileEnd, initialised) => {
    const sizeOf = (size: Size): number => evaluateSize(size, symbols) ?? site.fail(`no value for ${sizeText(size)}`);
    const run = { segments: new Segments(), groups: 0, sizeOf };
    const numbers = new Float64Array(layout.numbers);
    for (const [size, slot] of layout.sizes) numbers[slot] = sizeOf(size);
    numbers[tiles.tileBegin] = tileBegin;
    numbers[tiles.tileEnd] = tileEnd;
    const memory = bindParameters(kernel, buffers, sizeOf, initialised, tracksRaces ? run.segments : undefined);
    const frame: Frame = {
      numbers,
      bigints: [],
      vectors: [],
      memory,
      run,
      segment: 0,
      group: 0,
      invocation: -1,
      interval: 0,
    };
    exec(frame);
  };
}

function bindParameters(
  kernel: LoopKernel,
  buffers: ReadonlyMap<FlatBufferId, ElementsArray>,
  sizeOf: (size: Size) => number,
  initialised: ReadonlyMap<FlatBufferId, Uint8Array> | undefined,
  segments: Segments | undefined,
): Memory[] {
  const trackers = new Map<ArrayBufferLike, Map<number, Tracker>>();
  return kernel.buffers.map((buffer) => {
    const size = sizeOf(buffer.size);
    const values = buffers.get(buffer.id);
    checkArray(kernel, buffer, size, values);
    const shadow = initialised?.get(buffer.id) ?? (buffer.access === 'write' ? new Uint8Array(size) : undefined);
    if (segments === undefined) return new Memory(buffer, size, values, shadow, undefined);
    // Buffers that are updated in place share their memory, and so what is known of its accesses.
    const places = trackers.get(values.buffer) ?? new Map<number, Tracker>();
    trackers.set(values.buffer, places);
    const tracker = places.get(values.byteOffset) ?? new Tracker(segments, values.length);
    places.set(values.byteOffset, tracker);
    return new Memory(buffer, size, values, shadow, tracker);
  });
}

function checkArray(
  kernel: LoopKernel,
  { name, dtype }: FlatBuffer,
  size: number,
  values: ElementsArray | undefined,
): asserts values is ElementsArray {
  if (values === undefined) throw new InvariantError(`kernel ${kernel.name}: no array for ${name}`);
  if (values.constructor !== allocateMemory(dtype, 0).constructor)
    throw new InvariantError(
      `kernel ${kernel.name}: ${name} has elements of ${dtype}, not in a ${values.constructor.name}`,
    );
  if (values.length < size)
    throw new InvariantError(`kernel ${kernel.name}: ${name} has ${size} elements, its array ${values.length}`);
}
