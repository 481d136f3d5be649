/**
 * Fewer axes, same kernel: axes of one point vanish, and two axes that every access treats as one become one.
 *
 *     for i in 2, j in 3: out[i, j] = x[i, j] + 1     ->     for j in 6: out[j] = x[j] + 1
 *
 * A dimension that is read at `i * 3 + j`, which a reshape makes of it, has the pair already. Two axes of a contraction that become one are both of m, or both of n, or of k: what reads one of them reads both. Constants keep their
 * dimensions: panels are packed of the tensor's own.
 */
import { productOf } from './contraction/product.ts';
import { hasAxis, isAxis, walkValues } from './lower-affine.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { mapValue } from './map-value.ts';
import { multiplySizes, equalSizes, type Size } from './size.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  Guard,
  IndexExpr,
  KernelBuffer,
  Stage,
  StructuredKernel,
  ValueExpr,
} from './structured-kernel.ts';

export function collapseAxes(kernel: StructuredKernel): StructuredKernel {
  let current = isContraction(kernel) ? kernel : dropUnitAxes(kernel);
  for (;;) {
    const pair = mergeablePair(current);
    if (pair === undefined) return current;
    current = mergePair(current, pair);
  }
}

function isContraction({ stages }: StructuredKernel): boolean {
  return stages.some((stage) => productOf(stage) !== undefined);
}

function dropUnitAxes(kernel: StructuredKernel): StructuredKernel {
  const dropped = new Set(kernel.axes.filter(({ extent }) => extent === 1).map(({ id }) => id));
  if (dropped.size === 0) return kernel;
  const zero: IndexExpr = { kind: 'constant', value: 0 };
  const rewrite: Rewrite = {
    axis: (index) => (dropped.has(index.axis) ? zero : index),
    access: (access) => access,
  };
  return rewriteKernelAccesses(
    kernel,
    kernel.axes.filter(({ id }) => !dropped.has(id)),
    kernel.buffers,
    rewrite,
  );
}

interface Pair {
  readonly outer: Axis;
  readonly inner: Axis;
  /** The dimension of `outer` in each buffer that has the pair. */
  readonly dimensions: ReadonlyMap<BufferId, number>;
}

function mergeablePair(kernel: StructuredKernel): Pair | undefined {
  const uses = kernel.stages.map(usesOfStage);
  for (const inner of kernel.axes)
    for (const outer of kernel.axes) {
      if (outer === inner || outer.kind !== inner.kind || outer.kind === 'sequential') continue;
      if (!kernel.stages.every((stage) => areNeighbours(stage, outer.id, inner.id))) continue;
      const dimensions = pairDimensions(kernel, uses, outer, inner);
      if (dimensions !== undefined) return { outer, inner, dimensions };
    }
  return undefined;
}

/** Next to each other in the stage's order, or both not in it. */
function areNeighbours({ axes }: Stage, outer: AxisId, inner: AxisId): boolean {
  const position = axes.indexOf(outer);
  return position < 0 ? !axes.includes(inner) : axes[position + 1] === inner;
}

interface StageUses {
  readonly accesses: readonly Access[];
  /** Indices outside of accesses: guards, and indices as values. */
  readonly others: readonly IndexExpr[];
}

function usesOfStage(stage: Stage): StageUses {
  const accesses: Access[] = [...stage.writes];
  const others: IndexExpr[] = [];
  walkValues(rootsOfStage(stage), (value) => {
    if (value.kind === 'load') accesses.push(value.access);
    if (value.kind === 'index') others.push(value.index);
    if (value.kind === 'guarded') others.push(...value.guards.map(({ index }) => index));
  });
  for (const { guards } of accesses) others.push(...guards.map(({ index }) => index));
  return { accesses, others };
}

/** Where the pair lies in each buffer; undefined when something uses the axes in another way. */
function pairDimensions(
  kernel: StructuredKernel,
  uses: readonly StageUses[],
  outer: Axis,
  inner: Axis,
): ReadonlyMap<BufferId, number> | undefined {
  const touches = (index: IndexExpr): boolean => hasAxis(index, outer.id) || hasAxis(index, inner.id);
  if (uses.some(({ others }) => others.some(touches))) return undefined;
  const dimensions = new Map<BufferId, number>();
  const linear = new Set<BufferId>();
  for (const access of uses.flatMap(({ accesses }) => accesses)) {
    if (!access.indices.some(touches)) continue;
    const touching = access.indices.filter(touches);
    if (touching.length === 1 && touching.every((index) => withoutOuter(index, outer, inner) !== undefined)) {
      linear.add(access.buffer);
      continue;
    }
    const dimension = access.indices.findIndex((index) => isAxis(index, outer.id));
    const { shape = [], isConstant = false } = kernel.buffers.find(({ id }) => id === access.buffer) ?? {};
    if (isConstant && isContraction(kernel)) return undefined;
    const isPair = dimension >= 0 && isAxis(access.indices[dimension + 1], inner.id);
    const others = access.indices.filter((_, at) => at !== dimension && at !== dimension + 1);
    const extent = shape[dimension + 1];
    if (!isPair || others.some(touches) || extent === undefined || !equalSizes(extent, inner.extent)) return undefined;
    if ((dimensions.get(access.buffer) ?? dimension) !== dimension) return undefined;
    dimensions.set(access.buffer, dimension);
  }
  return [...linear].some((buffer) => dimensions.has(buffer)) ? undefined : dimensions;
}

/** `outer * (extent of inner) + inner + rest` as `inner + rest`; undefined for what is not of this form. */
function withoutOuter(index: IndexExpr, outer: Axis, inner: Axis): IndexExpr | undefined {
  if (index.kind !== 'add') return undefined;
  const isOuter = (term: IndexExpr): boolean =>
    term.kind === 'multiply' && isAxis(term.operand, outer.id) && equalSizes(term.factor, inner.extent);
  const terms = index.terms.filter((term) => !isOuter(term));
  const rest = terms.filter((term) => !isAxis(term, inner.id));
  const isPair = index.terms.length - terms.length === 1 && terms.length - rest.length === 1;
  if (!isPair || rest.some((term) => hasAxis(term, outer.id) || hasAxis(term, inner.id))) return undefined;
  const [only, second] = terms;
  return only !== undefined && second === undefined ? only : { ...index, terms };
}

/** The inner axis takes the extent of both; each buffer that has the pair has one dimension less. */
function mergePair(kernel: StructuredKernel, { outer, inner, dimensions }: Pair): StructuredKernel {
  const extent = multiplySizes(outer.extent, inner.extent);
  const axes = kernel.axes
    .filter(({ id }) => id !== outer.id)
    .map((axis) => (axis.id === inner.id ? { ...axis, extent } : axis));
  const buffers = kernel.buffers.map((buffer) => mergeDimensions(buffer, dimensions.get(buffer.id)));
  const shapes = new Map(kernel.buffers.map(({ id, shape }) => [id, shape] as const));
  return rewriteKernelAccesses(kernel, axes, buffers, {
    axis: (index) => index,
    access: (access) => {
      const dimension = dimensions.get(access.buffer);
      if (dimension === undefined)
        return { ...access, indices: access.indices.map((index) => withoutOuter(index, outer, inner) ?? index) };
      const width = shapes.get(access.buffer)?.[dimension + 1];
      if (width === undefined) return access;
      return { ...access, indices: mergeIndices(access.indices, dimension, width, outer.id) };
    },
  });
}

function mergeDimensions(buffer: KernelBuffer, dimension: number | undefined): KernelBuffer {
  if (dimension === undefined) return buffer;
  const { shape } = buffer;
  const merged = multiplySizes(shape[dimension] ?? 1, shape[dimension + 1] ?? 1);
  return { ...buffer, shape: [...shape.slice(0, dimension), merged, ...shape.slice(dimension + 2)] };
}

function mergeIndices(
  indices: readonly IndexExpr[],
  dimension: number,
  width: Size,
  outer: AxisId,
): readonly IndexExpr[] {
  const [high, low] = indices.slice(dimension, dimension + 2);
  if (high === undefined || low === undefined) return indices;
  const scaled: IndexExpr = { kind: 'multiply', operand: high, factor: width };
  const merged: IndexExpr = isAxis(high, outer) ? low : { kind: 'add', terms: [scaled, low] };
  return [...indices.slice(0, dimension), merged, ...indices.slice(dimension + 2)];
}

export interface Rewrite {
  readonly axis: (index: Extract<IndexExpr, { readonly kind: 'axis' }>) => IndexExpr;
  /** Of an access whose indices have been rewritten. */
  readonly access: (access: Access) => Access;
}

function rewriteKernelAccesses(
  kernel: StructuredKernel,
  axes: readonly Axis[],
  buffers: readonly KernelBuffer[],
  rewrite: Rewrite,
): StructuredKernel {
  const kept = new Set(axes.map(({ id }) => id));
  const values = new ValueRewriter(rewrite);
  // Operands first: the rewriting below finds them done and does not recurse.
  for (const stage of kernel.stages) walkValues(rootsOfStage(stage), values.value);
  const stages = kernel.stages.map((stage) => ({
    ...stage,
    axes: stage.axes.filter((axis) => kept.has(axis)),
    values: stage.values.map(values.value),
    finish: stage.finish?.map(values.value),
    writes: stage.writes.map(values.access),
  }));
  return { ...kernel, axes, buffers, stages };
}

/** Keeps what does not change, and what is shared shared. */
export class ValueRewriter {
  readonly #rewrite: Rewrite;
  readonly #values = new Map<ValueExpr, ValueExpr>();
  readonly #guards = new Map<Guard, Guard>();

  constructor(rewrite: Rewrite) {
    this.#rewrite = rewrite;
  }

  readonly value = (value: ValueExpr): ValueExpr => {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const rewritten = mapValue(value, this);
    this.#values.set(value, rewritten);
    return rewritten;
  };

  readonly access = (access: Access): Access =>
    this.#rewrite.access({
      ...access,
      indices: access.indices.map(this.index),
      guards: access.guards.map(this.guard),
    });

  readonly guard = (guard: Guard): Guard => {
    const known = this.#guards.get(guard);
    if (known !== undefined) return known;
    const rewritten = { ...guard, index: this.index(guard.index) };
    this.#guards.set(guard, rewritten);
    return rewritten;
  };

  readonly index = (index: IndexExpr): IndexExpr => {
    switch (index.kind) {
      case 'axis':
        return this.#rewrite.axis(index);
      case 'constant':
      case 'size':
        return index;
      case 'add':
        return { ...index, terms: index.terms.map(this.index) };
      case 'multiply':
      case 'floor-divide':
      case 'modulo':
        return { ...index, operand: this.index(index.operand) };
      case 'loaded':
        return { ...index, value: this.value(index.value) };
      default:
        return index satisfies never;
    }
  };
}
