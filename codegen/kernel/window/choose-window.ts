/**
 * Which reductions are windows that slide over memory with nothing else to sum: depthwise convolutions and pooling. Neighbouring results
 * share what they read, so a register tile is several results along the axis that slides, a vector of those along lanes, and the window
 * unrolled.
 */
import { mostElements } from '../contraction/choose-image.ts';
import { imageShape } from '../contraction/image.ts';
import { extentOf, mostPoints } from '../extent.ts';
import { affineIndex, axesOfAccess, axesOfIndex, rowMajorStride, walkValues } from '../lower-affine.ts';
import { elementaryOps } from '../scalar-ops.ts';
import type { WindowSchedule } from '../schedule.ts';
import type { AxisId, Stage, StructuredKernel, ValueExpr } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import { chooseApart } from './choose-apart.ts';
import { isClamped, isMostlyInside } from './clamped.ts';
import type { LoadValue } from './window-reads.ts';

/** Undefined when the stage is none: loops are right for it. */
export function chooseWindowSchedule(
  kernel: StructuredKernel,
  stage: Stage,
  target: TargetInfo,
): WindowSchedule | undefined {
  const loads = windowLoads(kernel, stage);
  const [write] = stage.writes;
  if (loads === undefined || write === undefined || target.kind !== 'cpu' || kernel.stages.length > 1) return undefined;
  const k = stage.axes.filter((axis) => kindOf(kernel, axis) === 'reduction');
  const parallel = stage.axes.filter((axis) => kindOf(kernel, axis) === 'parallel');
  const most = lanesOf(kernel, stage, target);
  const contiguous = parallel.filter((axis) =>
    loads.every((load) => isAlong(kernel, load, axis) || mayBePacked(kernel, load, axis, target)),
  );
  const wide = contiguous.filter((axis) => mostPoints(kernel, [axis]) >= most);
  // Three channels do not fill a vector, but have the window unrolled.
  const [along, lanes] = wide.length > 0 ? [wide, most] : [contiguous, 1];
  // What slides is read by the vector where it can be.
  const isRead = (axis: AxisId): boolean => loads.some((load) => slides(kernel, load) && movesWith(load, axis));
  const isWritten = (axis: AxisId): boolean => strideIn(kernel, write, axis) === 1;
  const vector =
    along.find((axis) => isRead(axis) && isWritten(axis)) ??
    along.find(isRead) ??
    along.find(isWritten) ??
    along.find((axis) => loads.some(({ access }) => strideIn(kernel, access, axis) === 1));
  const window = mostPoints(kernel, k);
  if (parallel.length + k.length < stage.axes.length || most < 2) return undefined;
  const [only, ...more] = loads;
  const lanesAlong = vector === undefined ? undefined : { axis: vector, lanes };
  const apart =
    only === undefined || more.length > 0
      ? undefined
      : chooseApart(kernel, stage, only, { parallel, k, vector: lanesAlong, most }, target);
  if (apart !== undefined || vector === undefined) return apart;
  if (window < 2 || window > mostPlaces) return undefined;
  const row = slidingAxis(kernel, loads, parallel, k, vector);
  if (row === undefined) return undefined;
  const isStill = (axis: AxisId): boolean => loads.every((load) => !slides(kernel, load) || !movesWith(load, axis));
  const around = parallel.filter((axis) => axis !== row && axis !== vector);
  const beside = around.find((axis) => isStill(axis) && isFew(kernel, axis));
  // An image is of bands of the last.
  const others = around.filter((axis) => axis !== beside);
  const outer = [...others.filter(isStill), ...others.filter((axis) => !isStill(axis))];
  const copies = beside === undefined ? 1 : mostPoints(kernel, [beside]);
  const shape = { row, k, window: window * copies, loads, copies };
  const rolled = rolledAxes(stage, shape);
  const unrolled = mostPoints(kernel, k.slice(rolled)) * copies;
  const tile = tileOf(kernel, stage, { ...shape, window: unrolled }, target);
  const schedule: WindowSchedule = {
    kind: 'window',
    outer,
    row,
    tile,
    vector: { axis: vector, lanes },
    k,
    ...(beside === undefined ? {} : { beside }),
    ...(rolled === 0 ? {} : { rolled }),
    bandRows: 1,
  };
  const isImage = loads.some((load) => load.access.guards.length > 0 && !isClamped(kernel, stage, load, vector));
  if (!isImage) return schedule;
  const isDirect = loads.every(
    (load) => load.access.guards.length === 0 || isMostlyInside(kernel, load, { row, vector, outer }),
  );
  return isDirect ? { ...schedule, isDirect } : withBand(kernel, schedule, loads, target);
}

/** Places of a window that are unrolled. */
const mostPlaces = 64;

/** The loads of the values; undefined when there is anything but arithmetic on loads, or more than one has guards. */
function windowLoads(kernel: StructuredKernel, stage: Stage): readonly LoadValue[] | undefined {
  const { combiner, values, writes } = stage;
  if (combiner === undefined || writes.some(({ guards }) => guards.length > 0)) return undefined;
  const loads = new Set<LoadValue>();
  let isPlain = true;
  walkValues(values, (value) => {
    if (value.kind === 'load') loads.add(value);
    isPlain &&= value.kind !== 'index' && value.kind !== 'guarded';
  });
  const list = [...loads];
  const isAffine = list.every(({ access }) =>
    access.indices.every((index) => {
      const affine = affineIndex(index);
      return affine !== undefined && [...affine.coefficients.values()].every((each) => typeof each === 'number');
    }),
  );
  const written = new Set(writes.map(({ buffer }) => kernel.buffers.find(({ id }) => id === buffer)?.aliasClass));
  const isRead = list.some(({ access: { buffer } }) =>
    written.has(kernel.buffers.find(({ id }) => id === buffer)?.aliasClass),
  );
  const guarded = list.filter(({ access }) => access.guards.length > 0);
  return isPlain && isAffine && !isRead && guarded.length < 2 && list.length > 0 ? list : undefined;
}

/** Along lanes a load is one vector, or one element for all. */
function isAlong(kernel: StructuredKernel, { access }: LoadValue, vector: AxisId): boolean {
  const stride = strideIn(kernel, access, vector);
  return (stride === 1 || stride === 0) && !access.guards.some(({ index }) => isMoved(index, vector) && stride === 0);
}

/** Whether its windows overlap: an axis of the result and one of the window move one index of it. */
function slides(kernel: StructuredKernel, { access }: LoadValue): boolean {
  return access.indices.some((expr) => {
    const kinds = [...axesOfIndex(expr)].map((axis) => kindOf(kernel, axis));
    return kinds.includes('parallel') && kinds.includes('reduction');
  });
}

function movesWith({ access }: LoadValue, axis: AxisId): boolean {
  return axesOfAccess(access).has(axis);
}

/** Of the second cache, for factors that are packed along lanes when a tile of the kernel begins. */
const packedShare = 1 / 4;

/** A factor of which there is little, whose elements along lanes lie apart: the weights of several features of a channel. */
function mayBePacked(kernel: StructuredKernel, load: LoadValue, vector: AxisId, { caches }: TargetInfo): boolean {
  const { access, dtype } = load;
  const bytes = mostPoints(kernel, [...axesOfAccess(access)]) * elementBytes(dtype);
  const isNumber = typeof strideIn(kernel, access, vector) === 'number';
  return access.guards.length === 0 && !slides(kernel, load) && isNumber && bytes <= caches.l2 * packedShare;
}

/** Points beside each other that a tile may have all of. */
const mostBeside = 4;

function isFew(kernel: StructuredKernel, axis: AxisId): boolean {
  const points = mostPoints(kernel, [axis]);
  return points > 1 && points <= mostBeside && typeof extentOf(kernel, axis) === 'number';
}

function isMoved(index: LoadValue['access']['indices'][number], axis: AxisId): boolean {
  return (affineIndex(index)?.coefficients.get(axis) ?? 0) !== 0;
}

/** An axis whose neighbours read what the window has in common: it moves a dimension that an axis of the window moves as well. */
function slidingAxis(
  kernel: StructuredKernel,
  loads: readonly LoadValue[],
  parallel: readonly AxisId[],
  k: readonly AxisId[],
  vector: AxisId,
): AxisId | undefined {
  const isAlongWindow = (axis: AxisId): boolean =>
    loads.some(({ access }) =>
      access.indices.some((index) => isMoved(index, axis) && k.some((reduced) => isMoved(index, reduced))),
    );
  return parallel.findLast((axis) => axis !== vector && mostPoints(kernel, [axis]) > 1 && isAlongWindow(axis));
}

interface Shape {
  readonly row: AxisId;
  readonly k: readonly AxisId[];
  readonly window: number;
  readonly loads: readonly LoadValue[];
  /** Sums of each result. */
  readonly copies: number;
}

/** Sums that a tile has at least: each of two multiply-adds a cycle waits four for the one before. */
const enoughSums = 8;

/**
 * Axes of the window that are loops: those that do not move with the row, where unrolling them too would leave too few sums in a tile. (Zen 5,
 * depthwise 7x7 over 28x28x240 30 -> 44.5 GFLOP/s, over 28x28x30 27 -> 38, 5x5 over 56x56x120 42 -> 45.)
 */
function rolledAxes(stage: Stage, { row, k, window, loads, copies }: Shape): number {
  const from = k.findIndex((axis) =>
    loads.some(({ access }) => access.indices.some((index) => isMoved(index, row) && isMoved(index, axis))),
  );
  return from > 0 && !isFolded(stage) && (window / copies) * enoughSums > mostUnrolled ? from : 0;
}

/** Vectors that a tile may keep: sums, what does not slide, and one element of what does. */
const leastTile = 2;

/** Results of a tile: as many as the registers hold beside a row of weights, in tiles of about one size, and not too much code. */
function tileOf(
  kernel: StructuredKernel,
  stage: Stage,
  { row, k, window, loads, copies }: Shape,
  target: TargetInfo,
): number {
  const slides = loads.find(({ access }) => axesOfAccess(access).has(row));
  const along = k.filter((axis) => slides?.access.indices.some((index) => isMoved(index, row) && isMoved(index, axis)));
  // Weights that one element of what slides meets: all of the window's from the axis on that moves with the row.
  const from = Math.min(...along.map((axis) => k.indexOf(axis)));
  const kept =
    loads.length > 1 ? k.slice(from).reduce((product, axis) => product * mostPoints(kernel, [axis]), copies) : 0;
  const room = target.vectorRegisters - 2 - Math.min(kept, 8);
  const code = Math.floor(mostUnrolled / window);
  const columns = isFolded(stage) ? foldedResults(kernel, slides, row, along) : Infinity;
  const sums = Math.max(leastTile, Math.min(8, room, code * copies, columns, isLong(stage) ? 4 : 8));
  const most = Math.max(1, Math.floor(sums / copies));
  const extent = mostPoints(kernel, [row]);
  return Math.min(extent, Math.ceil(extent / Math.ceil(extent / most)));
}

/**
 * Columns that the windows of a folded tile read: each is a stream from memory. Zen 5, maximum of 3x3, stride 2, of 112x112x64: 71, 76, 80 us
 * for 9, 13, 17 columns.
 */
const mostColumns = 12;

function isFolded({ combiner }: Stage): boolean {
  const [result] = combiner?.results ?? [];
  return result?.kind === 'binary' && (result.op === 'maximum' || result.op === 'minimum');
}

/** Results whose windows read no more columns together. */
function foldedResults(
  kernel: StructuredKernel,
  slides: LoadValue | undefined,
  row: AxisId,
  along: readonly AxisId[],
): number {
  const moves = slides?.access.indices.map((each) => affineIndex(each)?.coefficients).find((each) => each?.has(row));
  const stride = Math.abs(Number(moves?.get(row) ?? 1));
  const window = along.reduce(
    (sum, axis) => sum + Math.abs(Number(moves?.get(axis) ?? 1)) * (mostPoints(kernel, [axis]) - 1),
    1,
  );
  return Math.floor((mostColumns - window) / Math.max(1, stride)) + 1;
}

/** Steps of a tile's code. */
const mostUnrolled = 160;

/** An elementary function is tens of instructions, for each result of a tile. */
function isLong({ values, finish = [] }: Stage): boolean {
  let hasElementary = false;
  walkValues([...values, ...finish], (value) => {
    hasElementary ||= (value.kind === 'unary' || value.kind === 'binary') && elementaryOps.has(value.op);
  });
  return hasElementary;
}

/** The axis around the rows in bands whose image, where there are guards, lies in a part of the second cache. */
function withBand(
  kernel: StructuredKernel,
  schedule: WindowSchedule,
  loads: readonly LoadValue[],
  target: TargetInfo,
): WindowSchedule | undefined {
  const guarded = loads.find(({ access }) => access.guards.length > 0);
  if (guarded === undefined) return schedule;
  const elements = (bandRows: number): number =>
    imageShape(kernel, guarded.access, windowImageAxes({ ...schedule, bandRows }))?.elements ?? Infinity;
  const most = mostElements(guarded, target);
  const [one, two] = [elements(1), elements(2)];
  if (one > most) return undefined;
  const rows = Math.floor((most - one) / Math.max(1, two - one)) + 1;
  const band = schedule.outer.at(-1);
  return { ...schedule, bandRows: Math.max(1, Math.min(rows, band === undefined ? 1 : mostPoints(kernel, [band]))) };
}

/** What an image of the load that has guards covers. */
export function windowImageAxes({ outer, row, vector, k, bandRows }: WindowSchedule): {
  readonly axes: readonly AxisId[];
  readonly band: AxisId | undefined;
  readonly bandRows: number;
} {
  const band = outer.at(-1);
  return { axes: [...(band === undefined ? [] : [band]), row, vector.axis, ...k], band, bandRows };
}

function lanesOf(
  kernel: StructuredKernel,
  { values, finish = [], writes, combiner }: Stage,
  target: TargetInfo,
): number {
  let bytes = 1;
  let isVector = true;
  const note = (dtype: ValueExpr['dtype']): void => {
    if (dtype === 'i1') return;
    isVector &&= dtype !== 'f16' && dtype !== 'bf16' && dtype !== 'index';
    bytes = Math.max(bytes, elementBytes(dtype));
  };
  walkValues([...values, ...finish], ({ dtype }) => note(dtype));
  combiner?.dtypes.forEach(note);
  for (const { buffer } of writes) note(kernel.buffers.find(({ id }) => id === buffer)?.dtype ?? 'f32');
  return isVector ? target.vectorBits / 8 / bytes : 1;
}

function strideIn(kernel: StructuredKernel, access: LoadValue['access'], axis: AxisId): unknown {
  return rowMajorStride(kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [], access, axis);
}

function kindOf({ axes }: StructuredKernel, id: AxisId): string | undefined {
  return axes.find((axis) => axis.id === id)?.kind;
}
