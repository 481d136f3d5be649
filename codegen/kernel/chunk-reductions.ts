/**
 * Long reductions are taken in parts, so that threads may share one: at most sixteen, of at least `chunkElements` elements that lie together
 * in memory, whole rows of it where lanes run along columns. Which elements are in a part depends on extents alone, for late ones by the same
 * formulas at run time; so results are the same bits for any number of threads, for one, and for a target without them.
 *
 *     sum over i < 1000000 of x[i]     ->     p[c] = sum over i in part c of x[i];  p[0] + p[1] + ... + p[15]
 */
import { productOf } from './contraction/product.ts';
import { axesOfAccess, axesOfValue, rowMajorStride, walkValues } from './lower-affine.ts';
import { axisOf, bufferOf } from './lower-context.ts';
import { mayRegroup } from './regrouping.ts';
import { ceilDivideSizes, maxSize, multiplySizes, productOfSizes, type Size, sizeOf } from './size.ts';
import type { Access, AxisId, Chunk, Stage, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';

/** Enough for some threads to end at about the same time. */
const mostParts = 16;

/** Points that a part reduces at least; and accumulators of all parts of a row of columns, at most. */
const leastReduced = 256;
const mostAccumulators = 1 << 14;

/** Of the innermost axis, parts are so many vectors that only the last has elements left over. */
const stepOfParts = 16;

export function chunkReductions(kernel: StructuredKernel, { gpu, chunkElements }: TargetInfo): StructuredKernel {
  if (gpu !== undefined) return kernel;
  let isChanged = false;
  const stages = kernel.stages.map((stage) => {
    const chunks = chunksOf(kernel, stage, chunkElements);
    isChanged ||= chunks.length > 0;
    return chunks.length === 0 ? stage : { ...stage, chunks };
  });
  return isChanged ? { ...kernel, stages } : kernel;
}

function chunksOf(kernel: StructuredKernel, stage: Stage, leastElements: number): readonly Chunk[] {
  const { combiner } = stage;
  if (combiner === undefined || !mayRegroup(combiner) || isContraction(stage)) return [];
  const axes = stage.axes.map((axis) => axisOf(kernel, axis));
  if (axes.some(({ kind }) => kind === 'sequential')) return [];
  const reduced = axes.filter(({ kind }) => kind === 'reduction');
  let parts = partsOf(productOfSizes(reduced.map(({ extent }) => extent)), columnsOf(kernel, stage), leastElements);
  const chunks: Chunk[] = [];
  for (const [position, { id, extent }] of reduced.entries()) {
    if (parts === 1) break;
    const step = position === reduced.length - 1 ? stepOfParts : 1;
    const wanted = atLeastOne(sizeOf('minimum', parts, sizeOf('floor-divide', extent, step)));
    const size = multiplySizes(ceilDivideSizes(extent, multiplySizes(wanted, step)), step);
    // A late size may have parts without elements at the end: a known one leaves them out.
    const count = typeof extent === 'number' && typeof size === 'number' ? Math.ceil(extent / size) : wanted;
    if (count !== 1) chunks.push({ axis: id, size, count, part: undefined });
    parts = sizeOf('floor-divide', parts, wanted);
  }
  return chunks;
}

function atLeastOne(size: Size): Size {
  return sizeOf('maximum', size, 1);
}

function partsOf(reduced: Size, columns: Size, leastElements: number): Size {
  const elements = multiplySizes(reduced, columns);
  if ((maxSize(elements) ?? Infinity) < 2 * leastElements) return 1;
  const limits = [
    sizeOf('floor-divide', elements, leastElements),
    sizeOf('floor-divide', reduced, leastReduced),
    sizeOf('floor-divide', mostAccumulators, atLeastOne(columns)),
  ];
  return atLeastOne(limits.reduce<Size>((least, limit) => sizeOf('minimum', least, limit), mostParts));
}

/** Columns that lie side by side in memory at each point of the reduction; 1 where its own points do. */
function columnsOf(kernel: StructuredKernel, { axes, values }: Stage): Size {
  const reads: Access[] = [];
  walkValues(values, (value) => {
    if (value.kind === 'load') reads.push(value.access);
  });
  const [main] = reads.toSorted((a, b) => axesOfAccess(b).size - axesOfAccess(a).size);
  if (main === undefined) return 1;
  const { shape } = bufferOf(kernel, main.buffer);
  const innermost = axes.find((axis) => rowMajorStride(shape, main, axis) === 1);
  if (innermost === undefined) return 1;
  const { kind, extent } = axisOf(kernel, innermost);
  return kind === 'reduction' ? 1 : extent;
}

/** Has rows or columns of its own: it is a product of matrices or of a matrix and a vector, whose sums keep their order. */
function isContraction(stage: Stage): boolean {
  const product = productOf(stage);
  if (product === undefined) return false;
  const moves = [product.left, product.right].map((factor): ReadonlySet<AxisId> => axesOfValue(factor));
  return stage.axes.some((axis) => !moves.every((factor) => factor.has(axis)));
}
