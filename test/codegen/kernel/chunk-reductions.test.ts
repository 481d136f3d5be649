/** Long reductions in parts: the same numbers, and the same bits as one kernel, as several, with sizes known or bound late. */
import { describe, expect, it } from 'vitest';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { dimSymbol } from '../../../ir/dimension.ts';
import { chunkReductions } from '../../../codegen/kernel/chunk-reductions.ts';
import { compileKernel, compileKernels, type LoweredKernel } from '../../../codegen/kernel/compile-kernel.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import type { FlatBufferId } from '../../../codegen/kernel/loop-ir.ts';
import { evaluateSize, productOfSizes, type Size, symbolSize } from '../../../codegen/kernel/size.ts';
import type { BufferId, KernelBuffer, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget, withThreads } from '../../../codegen/kernel/target-info.ts';
import { evaluateStructured } from './structured-evaluator.ts';
import * as samples from './structured-samples.ts';

/** Parts of few elements; tiles of any work. */
const alone: TargetInfo = { ...wasmTarget, chunkElements: 64 };
const shared = withThreads(alone);

type Fill = (at: number) => number;

/** Sums that depend on their order; and sums that are exact in any. */
const uneven: Fill = (at) => Math.fround(1 / (3 + ((at * 37) % 101)));
const whole: Fill = (at) => ((at * 7919) % 13) - 4;

function inputsOf(kernel: StructuredKernel, fill: Fill, symbols: ReadonlyMap<string, number>) {
  const memory = new Map<BufferId, ElementsArray>();
  const of = ({ id, dtype, shape, role }: Omit<KernelBuffer, 'name' | 'aliasClass' | 'isConstant'>): ElementsArray => {
    const count = evaluateSize(productOfSizes(shape), symbols) ?? 0;
    const array = memory.get(id) ?? allocateElements(dtype === 'index' ? 'i64' : dtype, count);
    if (!memory.has(id) && role === 'in') array.forEach((_, at) => (array[at] = fill(at) as never));
    memory.set(id, array);
    return array;
  };
  for (const buffer of kernel.buffers) if (buffer.role !== 'scratch') of(buffer);
  return { memory, of };
}

/** The outputs of the calls, one after the other; their tiles from the last to the first. */
function run(kernel: StructuredKernel, calls: readonly LoweredKernel[], fill: Fill, n = 0): readonly ElementsArray[] {
  const symbols = new Map([['n', n]]);
  const { of } = inputsOf(kernel, fill, symbols);
  for (const { loops, parameters } of calls) {
    const flat = new Map<FlatBufferId, ElementsArray>();
    loops.buffers.forEach(({ id }, index) => {
      const buffer = parameters[index];
      const original = kernel.buffers.find((each) => each.id === buffer?.id);
      if (buffer !== undefined) flat.set(id, of({ ...buffer, role: original?.role ?? 'scratch' }));
    });
    for (let tile = (evaluateSize(loops.tiles, symbols) ?? 0) - 1; tile >= 0; tile -= 1)
      interpretKernel(loops, flat, symbols, tile, tile + 1);
  }
  return kernel.buffers.filter(({ role }) => role === 'out').map(of);
}

function evaluated(kernel: StructuredKernel, fill: Fill): readonly ElementsArray[] {
  const { memory, of } = inputsOf(kernel, fill, new Map());
  evaluateStructured(kernel, memory, new Map());
  return kernel.buffers.filter(({ role }) => role === 'out').map(of);
}

/** Images whose channels are summed: two axes are reduced, and the one between them is not. */
function sumChannels(images: Size, channels: number, pixels: number): StructuredKernel {
  const k = new samples.KernelMaker();
  const [c, n, p] = [k.axis('c', channels), k.axis('n', images, 'reduction'), k.axis('p', pixels, 'reduction')];
  const x = k.buffer('x', 'in', 'f32', images, channels, pixels);
  const out = k.buffer('out', 'out', 'f32', channels);
  const combiner = samples.reduceBy('add', 'f32', 0);
  k.stage([c, n, p], [samples.read(x, n, c, p)], [samples.access(out, [c])], { combiner });
  return k.kernel('sum_channels');
}

/** Of two lines, which share no axis but the one that is summed. */
function dotProduct(n: Size): StructuredKernel {
  const k = new samples.KernelMaker();
  const j = k.axis('j', n, 'reduction');
  const [x, y] = [k.buffer('x', 'in', 'f32', n), k.buffer('y', 'in', 'f32', n)];
  const out = k.buffer('out', 'out', 'f32');
  const product = samples.binary('multiply', samples.read(x, j), samples.read(y, j));
  k.stage([j], [product], [samples.access(out, [])], { combiner: samples.reduceBy('add', 'f32', 0) });
  return k.kernel('dot');
}

const makers: readonly (readonly [string, (n: Size) => StructuredKernel])[] = [
  ['one row', (n) => samples.sumRows(1, n)],
  ['three rows', (n) => samples.sumRows(3, n)],
  ['a product of two lines', (n) => dotProduct(n)],
  ['a few columns', (n) => samples.sumColumns(n, 5)],
  ['columns in vectors', (n) => samples.sumColumns(n, 12)],
  ['the greatest and where it is', (n) => samples.argmaxRows(1, n)],
  ['a normalised row', (n) => samples.normaliseRows(1, n)],
  ['normalised rows', (n) => samples.normaliseRows(2, n)],
  ['channels of images', (n) => sumChannels(n, 3, 90)],
];

describe.each(makers)('%s', (name, make) => {
  const late = make(symbolSize(dimSymbol('n', 5000)));
  const lateCalls = [compileKernels(late, alone).calls, compileKernels(late, shared).calls];

  it.each([0, 31, 521, 1601])('n = %i: one kernel or several, known or late, one result', (n) => {
    const kernel = make(n);
    const one = compileKernels(kernel, alone).calls;
    const several = compileKernels(kernel, shared).calls;
    expect(one).toHaveLength(1);
    expect(run(kernel, several, whole)).toEqual(run(kernel, one, whole));
    // The identity of an argmax of nothing depends on who asks.
    if (n > 0) expect(run(kernel, one, whole)).toEqual(evaluated(kernel, whole));
    const expected = run(kernel, one, uneven);
    expect(run(kernel, several, uneven)).toEqual(expected);
    for (const calls of lateCalls) expect(run(late, calls, uneven, n), name).toEqual(expected);
  });
});

describe('parts', () => {
  const partsOf = (kernel: StructuredKernel, target = wasmTarget): readonly number[] =>
    (chunkReductions(kernel, target).stages[0]?.chunks ?? []).map(({ count }) => Number(count));

  it('are made where there is much to reduce to little, whole rows of memory each', () => {
    expect(partsOf(samples.sumRows(1, 2 ** 20))).toEqual([16]);
    expect(partsOf(samples.sumRows(1, 299_993))).toEqual([9]);
    expect(partsOf(samples.sumColumns(1_000_000, 8))).toEqual([16]);
    expect(partsOf(samples.sumColumns(25_088, 64))).toEqual([16]);
    expect(partsOf(sumChannels(8, 3, 50_176))).toEqual([8]);
    expect(partsOf(sumChannels(2, 3, 200_704))).toEqual([2, 6]);
  });

  it('are not made of short rows, however many, nor of many columns', () => {
    expect(partsOf(samples.sumRows(100_000, 1000))).toEqual([]);
    expect(partsOf(samples.sumRows(1, 60_000))).toEqual([]);
    expect(partsOf(samples.sumColumns(1000, 20_000))).toEqual([]);
    expect(partsOf(samples.sumColumns(49, 10_000))).toEqual([]);
  });

  it('do not depend on rows beside, multiply-adds or threads', () => {
    for (const target of [relaxedWasmTarget, withThreads(wasmTarget)])
      expect(partsOf(samples.sumRows(1000, 2 ** 18), target)).toEqual(partsOf(samples.sumRows(1, 2 ** 18)));
  });

  it('are tiles where there are few others', () => {
    const tiles = (kernel: StructuredKernel): readonly unknown[] =>
      compileKernels(kernel, withThreads(wasmTarget)).calls.map(({ loops }) => loops.tiles);
    expect(tiles(samples.sumRows(1, 2 ** 20))).toEqual([16, 1]);
    expect(tiles(samples.sumRows(64, 2 ** 20))).toEqual([64]);
    expect(tiles(samples.normaliseRows(1, 2 ** 20)).slice(0, 2)).toEqual([16, 1]);
  });

  it('keep what is summed in order in order', () => {
    const kernel = samples.sumRows(1, 2 ** 20);
    const [stage] = kernel.stages;
    const { combiner } = stage ?? {};
    if (stage === undefined || combiner === undefined) throw new Error('a sum is expected');
    const inOrder = { ...stage, combiner: { ...combiner, isCommutative: false } };
    expect(partsOf({ ...kernel, stages: [inOrder] })).toEqual([]);
    expect(compileKernel({ ...kernel, stages: [inOrder] }, wasmTarget).loops.tiles).toBe(1);
  });
});
