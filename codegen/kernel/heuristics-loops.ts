/** The schedule of a stage that runs as plain loops: order, vector axis, unrolling. Read from strides and extents alone. */
import { productOf } from './contraction/product.ts';
import { isHalfDType } from './half-floats.ts';
import { axesOfAccess, operandsOfValue, rowMajorStride, walkOperands, walkValues } from './lower-affine.ts';
import { axisOf, bufferOf } from './lower-context.ts';
import { droppedDimensions, readsOfStage } from './lower-fusion.ts';
import { isLaneReducible } from './lower-accumulators.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { mayRegroup, mayRegroupNumbers, shortReduction } from './regrouping.ts';
import type { UnaryOp } from './scalar-ops.ts';
import type { LoopSchedule } from './schedule.ts';
import { prefersAcrossRows, wideRows } from './short-rows.ts';
import { maxSize, productOfSizes, type Size } from './size.ts';
import type { Access, AxisId, Combiner, Stage, StructuredKernel, ValueExpr } from './structured-kernel.ts';
import { lineBytes, type TargetInfo } from './target-info.ts';
import { elementBytes, type KernelDType } from './value-type.ts';

type Vector = LoopSchedule['vector'];

/** Of stages that share the loops over some axes: lanes run along one of those in all stages, or along none in any. */
export function chooseLoopSchedules(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  target: TargetInfo,
): readonly LoopSchedule[] {
  const inner = stages.map((stage) => bestVector(kernel, stage, shared, target, (axis) => !shared.includes(axis)));
  const innerGain = inner.reduce((sum, choice) => sum + (choice?.gain ?? 0), 0);
  const along = bestShared(kernel, stages, shared, target);
  const isAlong = along !== undefined && along.gain > innerGain;
  const common = isAlong
    ? along.vector
    : acrossRows(
        kernel,
        stages,
        shared,
        inner.map((choice) => choice?.vector),
        target,
      );
  const isShared = common !== undefined;
  return stages.map((stage, position) => {
    const across = isShared ? undefined : chooseTurned(kernel, stage, shared, target);
    if (across !== undefined) return across;
    const vector = isShared ? common : inner[position]?.vector;
    const order = chooseOrder(kernel, stage, vector?.axis);
    const unroll = vector?.endLanes === undefined ? chooseUnroll(kernel, stage, order, vector) : 1;
    const stream = isShared ? undefined : chooseStream(kernel, stage, shared, { vector, unroll }, target);
    const wide = isShared ? undefined : sideBySide(kernel, stage, order, vector, unroll);
    if (wide !== undefined) return { kind: 'loops', order, vector: wide, unroll: 1 };
    const jam = stream === undefined ? chooseJam(kernel, stage, shared, { vector, unroll }, target) : undefined;
    if (jam !== undefined) return { kind: 'loops', order: withInnermost(kernel, order, jam.axis), vector, unroll, jam };
    return { kind: 'loops', order, vector, unroll, ...(stream === undefined ? {} : { stream }) };
  });
}

/**
 * Functions whose copies are worth being lanes of one: they share a test for arguments near the ends of the range, and their many constants,
 * and take turns in the registers (Zen 5: exp 1.4 times the speed, log 2, erf 1.1).
 */
const sideBySideOps: ReadonlySet<UnaryOp> = new Set(['exp', 'logistic', 'log', 'tanh', 'erf'] as const);

function sideBySide(
  kernel: StructuredKernel,
  stage: Stage,
  order: readonly AxisId[],
  vector: Vector,
  unroll: number,
): Vector {
  if (vector === undefined || unroll === 1 || vector.axis !== order.at(-1)) return undefined;
  if (stage.combiner !== undefined && !sumsSideBySide(kernel, stage, stage.combiner)) return undefined;
  let isWorthIt = false;
  walkValues(rootsOfStage(stage), (value) => {
    isWorthIt ||= value.kind === 'unary' && sideBySideOps.has(value.op) && !isHalfDType(value.dtype);
  });
  const lanes = vector.lanes * unroll;
  const extent = maxSize(axisOf(kernel, vector.axis).extent) ?? Infinity;
  return isWorthIt && runsAlongMemory(kernel, stage, vector.axis) && extent >= lanes
    ? { ...vector, lanes, endLanes: vector.lanes }
    : undefined;
}

/** Along one axis: with several, whether there are enough elements for it would depend on which of them are bound late. */
function sumsSideBySide(kernel: StructuredKernel, { axes }: Stage, combiner: Combiner): boolean {
  const reduced = axes.filter((axis) => axisOf(kernel, axis).kind === 'reduction');
  return reduced.length === 1 && combiner.unlessNan === undefined && isLaneReducible(combiner);
}

/** Copies of the stage's operations in one block of lanes x lanes, at most. */
const mostTurnedNodes = 256;

/**
 * Of an elementwise stage that writes along one axis and reads along another: the reads are turned in registers. 1024 x 1024 f32 on Zen 5:
 * 25 times the speed of loads lane by lane, 1000 x 1003 five times; blocks of a line by a line were the best over all of 960 x 1056,
 * 1024 x 1024 and 4096 x 4096.
 */
function chooseTurned(
  kernel: StructuredKernel,
  stage: Stage,
  shared: readonly AxisId[],
  target: TargetInfo,
): LoopSchedule | undefined {
  const lanes = lanesOf(kernel, stage, target);
  const isFree = stage.axes.every((axis) => axisOf(kernel, axis).kind === 'parallel');
  if (stage.combiner !== undefined || lanes < 2 || !isFree) return undefined;
  const stride = (access: Access, axis: AxisId): Size | undefined =>
    rowMajorStride(bufferOf(kernel, access.buffer).shape, access, axis);
  const isOpen = (axis: AxisId): boolean => !shared.includes(axis) && mayRunAlongLanes(kernel, stage, axis, lanes);
  const open = stage.axes.filter(isOpen);
  const reads = readsOfStage(stage);
  const columns = open.find((axis) => stage.writes.every((access) => stride(access, axis) === 1));
  if (columns === undefined) return undefined;
  const across = reads.filter((access) => ![0, 1, undefined].includes(stride(access, columns) as number | undefined));
  const turns = (axis: AxisId): number => across.filter((access) => stride(access, axis) === 1).length;
  const [rows] = open.filter((axis) => axis !== columns && turns(axis) > 0).toSorted((a, b) => turns(b) - turns(a));
  let nodes = 0;
  walkValues(rootsOfStage(stage), () => (nodes += 1));
  if (rows === undefined || nodes * lanes > mostTurnedNodes) return undefined;
  const order = [...stage.axes.filter((axis) => axis !== rows && axis !== columns), rows, columns];
  const block = Math.max(lanes, lineBytes / widestBytes(kernel, stage));
  return { kind: 'loops', order, vector: { axis: columns, lanes }, unroll: 1, turned: { axis: rows, block } };
}

/** Operations of the rows that pass at once, at most. */
const mostStreamedNodes = 96;

/**
 * Of a reduction whose lanes run along another axis than those it reduces: a step of the reduction goes to another row of memory, so that
 * one column after the other would come back to each line of the cache when it is gone. Sixteen rows at a time load and store an
 * accumulator once for sixteen elements (Zen 5, sums down the columns of 1024 x 1024 f32: 12 times the speed of one vector of columns
 * after the other; of 1021 x 1023: twice). Rows that stay in the first cache are taken as they come.
 */
function chooseStream(
  kernel: StructuredKernel,
  stage: Stage,
  shared: readonly AxisId[],
  { vector, unroll }: Pick<LoopSchedule, 'vector' | 'unroll'>,
  { caches }: TargetInfo,
): LoopSchedule['stream'] {
  const { combiner } = stage;
  if (combiner === undefined || vector === undefined || shared.includes(vector.axis)) return undefined;
  const columns = axisOf(kernel, vector.axis);
  if (columns.kind !== 'parallel') return undefined;
  const sums = combiner.dtypes.reduce((sum, dtype) => sum + elementBytes(dtype), 0);
  // Their accumulators, on the stack, have half of the first cache; the rows need the rest.
  const columnsOf = (bytes: number): number =>
    Math.max(vector.lanes, 2 ** Math.floor(Math.log2(caches.l1 / 2 / bytes)));
  if (isScan(kernel, stage)) return { rows: 1, columns: columnsOf(sums) };
  if (!runsAlongMemory(kernel, stage, vector.axis)) return undefined;
  const reduced = stage.axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  // Which order a late number of rows is taken in is known only at run time.
  const elements = productOfSizes(reduced.map(({ extent }) => extent));
  const bytes = Number(elements) * (maxSize(columns.extent) ?? Infinity) * widestBytes(kernel, stage);
  if (typeof elements !== 'number' || bytes <= caches.l1 / 2) return undefined;
  const rows = streamedRows(stage, combiner, unroll, Number(reduced.at(-1)?.extent));
  return rows < 4 ? undefined : { rows, columns: columnsOf(sums * unroll) };
}

/**
 * Of a sum of products whose lanes run along what is summed, a row times the rows of a matrix say: rows together that share the larger factor,
 * along the axis with which it does not move, else the smaller one's elements would be loaded as often as the larger one's. As many as have
 * room for their sums in registers. Zen 5, three rows with multiply-adds beside two, which stayed in half of the first cache as those without
 * do: one row times 512 rows of 128 1.14 times the speed, 256 of 4096 1.2 to 1.3, three rows times 512 of 512 1.17, 128 of 8192 1.6. Without
 * multiply-adds V8 11 takes 1.1 times as long for three rows, and 1.3 for two of 4096.
 */
function chooseJam(
  kernel: StructuredKernel,
  stage: Stage,
  shared: readonly AxisId[],
  { vector, unroll }: Pick<LoopSchedule, 'vector' | 'unroll'>,
  { vectorRegisters, caches, fma }: TargetInfo,
): LoopSchedule['jam'] {
  const isAlong = vector !== undefined && axisOf(kernel, vector.axis).kind === 'reduction';
  if (productOf(stage) === undefined || !isAlong || (stage.chunks ?? []).length > 0) return undefined;
  const stillAlong = (axis: AxisId): number =>
    Math.max(0, ...readsOfStage(stage).map((read) => (axesOfAccess(read).has(axis) ? 0 : elementsOf(kernel, read))));
  const isOpen = (id: AxisId): boolean => {
    const { kind, extent } = axisOf(kernel, id);
    return kind === 'parallel' && extent !== 1 && !shared.includes(id) && stillAlong(id) > 0;
  };
  const [axis] = stage.axes.filter(isOpen).toSorted((a, b) => stillAlong(b) - stillAlong(a));
  if (axis === undefined) return undefined;
  const rowBytes = reducedElements(kernel, stage) * widestBytes(kernel, stage);
  const mostCached = fma === 'none' ? Math.floor(caches.l1 / 2 / rowBytes) : Infinity;
  const mostSums = Math.floor((vectorRegisters - busyRegisters[fma]) / unroll);
  const count = Math.min(mostSums, mostCached, maxSize(axisOf(kernel, axis).extent) ?? mostSums);
  return count > 1 ? { axis, count } : undefined;
}

function reducedElements(kernel: StructuredKernel, { axes }: Stage): number {
  const reduced = axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  return maxSize(productOfSizes(reduced.map(({ extent }) => extent))) ?? Infinity;
}

/** What several sums load and multiply, and what the engine keeps: without multiply-adds it loads an element of each set ahead. */
const busyRegisters = { exact: 4, relaxed: 4, none: 8 };

function elementsOf(kernel: StructuredKernel, { buffer }: Access): number {
  return maxSize(productOfSizes(bufferOf(kernel, buffer).shape)) ?? Infinity;
}

/** The order with this axis last of those that are not reduced. */
function withInnermost(kernel: StructuredKernel, order: readonly AxisId[], axis: AxisId): readonly AxisId[] {
  const isReduced = (each: AxisId): boolean => axisOf(kernel, each).kind === 'reduction';
  const outer = order.filter((each) => !isReduced(each) && each !== axis);
  return [...outer, axis, ...order.filter(isReduced)];
}

function streamedRows(stage: Stage, combiner: Combiner, unroll: number, extent: number): number {
  let nodes = 0;
  for (const roots of [stage.values, combiner.results]) walkOperands(roots, () => (nodes += 1));
  let rows = 16;
  while (rows > unroll && (rows * nodes > mostStreamedNodes || extent < 2 * rows)) rows /= 2;
  return rows;
}

/** What moves with the axis lies side by side. */
function runsAlongMemory(kernel: StructuredKernel, stage: Stage, axis: AxisId): boolean {
  return [...readsOfStage(stage), ...stage.writes].every((access) => {
    const stride = rowMajorStride(bufferOf(kernel, access.buffer).shape, access, axis);
    return stride === 0 || stride === 1;
  });
}

/** Reduction axes inside; the vector axis innermost among those of its kind. */
function chooseOrder(kernel: StructuredKernel, stage: Stage, innermost: AxisId | undefined): readonly AxisId[] {
  const isReduced = (axis: AxisId): boolean => axisOf(kernel, axis).kind === 'reduction';
  const vectorLast = (axes: readonly AxisId[]): readonly AxisId[] => [
    ...axes.filter((axis) => axis !== innermost),
    ...axes.filter((axis) => axis === innermost),
  ];
  const outer = stage.axes.filter((axis) => !isReduced(axis));
  const inner = stage.axes.filter(isReduced);
  // A sequential axis may not be moved past another; that of a scan lies inside.
  const isParallel = (axis: AxisId): boolean => axisOf(kernel, axis).kind === 'parallel';
  const isFree = outer.every(isParallel) || (isScan(kernel, stage) && outer.slice(0, -1).every(isParallel));
  return [...(isFree ? vectorLast(outer) : outer), ...(mayReorder(stage) ? vectorLast(inner) : inner)];
}

function isScan(kernel: StructuredKernel, { combiner, axes }: Stage): boolean {
  return combiner !== undefined && axes.some((axis) => axisOf(kernel, axis).kind === 'sequential');
}

function mayReorder({ combiner }: Stage): boolean {
  return combiner !== undefined && mayRegroup(combiner);
}

interface VectorChoice {
  readonly vector: Vector;
  readonly gain: number;
}

function lanesOf(kernel: StructuredKernel, stage: Stage, { vectorBits }: TargetInfo): number {
  return vectorBits / 8 / widestBytes(kernel, stage);
}

function bestVector(
  kernel: StructuredKernel,
  stage: Stage,
  shared: readonly AxisId[],
  target: TargetInfo,
  isAllowed: (axis: AxisId) => boolean,
): VectorChoice | undefined {
  const lanes = lanesOf(kernel, stage, target);
  if (lanes < 2) return undefined;
  let best: VectorChoice | undefined;
  for (const axis of stage.axes) {
    if (!isAllowed(axis) || !mayRunAlongLanes(kernel, stage, axis, lanes)) continue;
    const gain = vectorGain(kernel, stage, axis, shared);
    if (gain > 0 && (best === undefined || gain >= best.gain)) best = { vector: { axis, lanes }, gain };
  }
  return best;
}

/** The shared axis that is best for all stages together; each must be able to run along it, with as many lanes. */
function bestShared(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  target: TargetInfo,
): VectorChoice | undefined {
  const [lanes = 1, ...others] = new Set(stages.map((stage) => lanesOf(kernel, stage, target)));
  if (lanes < 2 || others.length > 0) return undefined;
  let best: VectorChoice | undefined;
  for (const axis of shared) {
    if (!stages.every((stage) => mayRunAlongLanes(kernel, stage, axis, lanes))) continue;
    const gain = stages.reduce((sum, stage) => sum + vectorGain(kernel, stage, axis, shared), 0);
    if (gain > 0 && (best === undefined || gain >= best.gain)) best = { vector: { axis, lanes }, gain };
  }
  return best;
}

/** Lanes across the rows that the stages share, where they are short. */
function acrossRows(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  inner: readonly Vector[],
  target: TargetInfo,
): Vector {
  const [lanes = 1, ...others] = new Set(stages.map((stage) => lanesOf(kernel, stage, target)));
  const axis = shared.at(-1);
  if (lanes < 2 || others.length > 0 || axis === undefined) return undefined;
  const rows = { axis, lanes };
  const mayRun = stages.every((stage) => mayRunAlongLanes(kernel, stage, axis, lanes));
  return mayRun && prefersAcrossRows(kernel, stages, shared, inner, rows) ? wideRows(kernel, rows) : undefined;
}

function mayRunAlongLanes(kernel: StructuredKernel, stage: Stage, id: AxisId, lanes: number): boolean {
  const { kind, extent } = axisOf(kernel, id);
  if (kind === 'reduction') return hasLongReduction(kernel, stage);
  return kind === 'parallel' && (typeof extent !== 'number' || extent >= lanes);
}

/**
 * May be regrouped, and has enough elements to be worth it: twice as many where accumulators join in another way than with elements, which
 * takes as long as some forty of these (argmax on Zen 5).
 */
function hasLongReduction(kernel: StructuredKernel, { combiner, axes }: Stage): boolean {
  if (combiner === undefined || !mayRegroupNumbers(combiner)) return false;
  const extents = axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  const elements = maxSize(productOfSizes(extents.map(({ extent }) => extent)));
  const joins = (combiner.unlessNan ?? combiner).join !== undefined;
  return elements === undefined || elements >= (joins ? 2 : 1) * shortReduction;
}

/**
 * Accesses that become one vector, less those that fall apart into lanes; what a long reduction does once, at its end, hardly counts beside
 * what it does at each point. Scratch that has one place a point of the axis does not count.
 */
function vectorGain(kernel: StructuredKernel, stage: Stage, axis: AxisId, shared: readonly AxisId[]): number {
  const { combiner, finish, writes } = stage;
  const gainOf = (accesses: readonly Access[]): number =>
    accesses.reduce((sum, access) => sum + accessGain(kernel, access, axis, shared), 0);
  const isLong = combiner !== undefined && hasLongReduction(kernel, stage);
  if (!isLong) return gainOf([...readsOfStage(stage), ...writes]);
  const inside = readsOfStage({ ...stage, finish: undefined, writes: [] });
  const atEnd = readsOfStage({ ...stage, values: [], finish });
  return gainOf(inside) + gainOf([...atEnd, ...writes]) / shortReduction;
}

function accessGain(kernel: StructuredKernel, access: Access, axis: AxisId, shared: readonly AxisId[]): number {
  if (!axesOfAccess(access).has(axis)) return 0;
  const { id, role, shape } = bufferOf(kernel, access.buffer);
  const isHere = role === 'scratch' && [...droppedDimensions(kernel, id, shared).values()].includes(axis);
  const stride = isHere ? 0 : rowMajorStride(shape, access, axis);
  return stride === 1 ? 2 : stride === -1 ? 1 : stride === 0 ? 0 : -1;
}

/** Bytes of the widest number in the stage: a vector of it fills a register, narrower ones part of one. */
function widestBytes(kernel: StructuredKernel, stage: Stage): number {
  let widest = 1;
  const isMoved = stage.combiner === undefined && stage.values.every(({ kind }) => kind === 'load');
  const note = (dtype: KernelDType): void => {
    // Half floats are computed in f32, and moved as they are.
    if (dtype !== 'i1') widest = Math.max(widest, isHalfDType(dtype) && !isMoved ? 4 : elementBytes(dtype));
  };
  // What indices load is computed lane by lane, whatever its type.
  const roots = [...stage.values, ...(stage.finish ?? []), ...(stage.combiner?.results ?? [])];
  walkOperands(roots, ({ dtype }) => note(dtype));
  for (const { buffer } of stage.writes) note(bufferOf(kernel, buffer).dtype);
  return widest;
}

/** Four independent accumulators hide the latency of an add; short bodies are repeated to hide the loop. */
function chooseUnroll(kernel: StructuredKernel, stage: Stage, order: readonly AxisId[], vector: Vector): number {
  const innermost = order.at(-1);
  if (innermost === undefined) return 1;
  const lanes = vector?.axis === innermost ? vector.lanes : 1;
  const extent = maxSize(axisOf(kernel, innermost).extent) ?? Infinity;
  const nodes = countNodes(rootsOfStage(stage));
  const wanted = nodes <= 6 ? 4 : nodes <= 16 ? 2 : 1;
  if (isScan(kernel, stage)) return wanted;
  // A sum is taken in the same order whether its extents are known or bound late.
  const accumulators = stage.combiner?.dtypes.length ?? 0;
  if (accumulators > 0) return hasLongReduction(kernel, stage) ? Math.ceil(wanted / accumulators) : 1;
  return extent >= wanted * lanes * 2 ? wanted : 1;
}

/** What is computed from sizes alone counts as the one number that it is where they are known: sums are taken in the same order. */
function countNodes(roots: readonly ValueExpr[]): number {
  const numbers = new Set<ValueExpr>();
  const counted = new Set<ValueExpr>(roots);
  walkValues(roots, (value) => {
    const operands = operandsOfValue(value);
    const isNumber =
      value.kind === 'constant' ||
      (value.kind === 'index' && value.index.kind === 'size') ||
      (operands.length > 0 && value.kind !== 'load' && operands.every((operand) => numbers.has(operand)));
    if (isNumber) numbers.add(value);
    else for (const each of [value, ...operands]) counted.add(each);
  });
  return counted.size;
}
