/** Which contractions get the micro-kernel generator, and with what tiles: from the registers and caches of the target and the extents. */
import { countedPoints, extentOf, unlimited } from '../extent.ts';
import { axesOfValue, strideAlong } from '../lower-affine.ts';
import { layoutStrides, rowMajorLayout } from '../physical-layout.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { addSizes, equalSizes, maxSize, multiplySizes, productOfSizes, type Size } from '../size.ts';
import type { Access, Axis, AxisId, Stage, StructuredKernel, ValueExpr } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, type KernelDType } from '../value-type.ts';
import { cacheBlocks, type Extents } from './cache-blocks.ts';
import { fitsImage, imageRows, isWindow } from './choose-image.ts';
import { panelLayout } from './panel-layout.ts';
import { mainLoad, orientProduct, productOf } from './product.ts';
import { canKeepRawSums } from './raw-sums.ts';
import { registerTile, type Tile as RegisterTile, timePerRow } from './register-budget.ts';

/** The axes of a contraction by what moves with them, and the factor of the columns. */
export interface Roles {
  readonly m: readonly AxisId[];
  readonly n: readonly AxisId[];
  readonly k: readonly AxisId[];
  readonly batch: readonly AxisId[];
  readonly lhs: ValueExpr;
  readonly rhs: ValueExpr;
}

/** How far the address of a row-major access moves with an axis; undefined when that differs. */
function rowMajorStride(kernel: StructuredKernel, { buffer, indices }: Access, axis: AxisId): Size | undefined {
  const shape = kernel.buffers.find(({ id }) => id === buffer)?.shape ?? [];
  const strides = layoutStrides(rowMajorLayout(shape.length), shape);
  let total: Size = 0;
  for (const [dimension, index] of indices.entries()) {
    const stride = strideAlong(index, axis);
    if (stride === undefined) return undefined;
    total = addSizes(total, multiplySizes(stride, strides[dimension] ?? 0));
  }
  return total;
}

/** The same for the linear index over several axes: a depthwise window moves over rows with gaps between them, and has none. */
function linearStride(kernel: StructuredKernel, access: Access, axes: readonly AxisId[]): Size | undefined {
  let innermost: Size | undefined;
  let expected: Size = 0;
  for (const axis of axes.toReversed()) {
    const stride = rowMajorStride(kernel, access, axis);
    if (stride === undefined) return undefined;
    const extent = extentOf(kernel, axis);
    if (extent === 1) continue;
    if (innermost !== undefined && !equalSizes(stride, expected)) return undefined;
    innermost ??= stride;
    expected = multiplySizes(stride, extent);
  }
  return innermost ?? 0;
}

/** The columns are the side along which the output is contiguous; undefined when the stage is no contraction, or neither side is. */
export function contractionRoles(kernel: StructuredKernel, stage: Stage): Roles | undefined {
  const product = productOf(stage);
  const [write] = stage.writes;
  if (product === undefined || write === undefined) return undefined;
  const { left, right } = product;
  const axes = stage.axes.flatMap((id): readonly Axis[] => kernel.axes.filter((axis) => axis.id === id));
  if (axes.some(({ kind }) => kind === 'sequential')) return undefined;
  const idsOf = (test: (axis: Axis) => boolean): readonly AxisId[] => axes.filter(test).map(({ id }) => id);
  const inLeft = (id: AxisId): boolean => axesOfValue(left).has(id);
  const inRight = (id: AxisId): boolean => axesOfValue(right).has(id);
  const isFree = ({ kind }: Axis): boolean => kind === 'parallel';
  const k = idsOf(({ kind }) => kind === 'reduction');
  const ofLeft = idsOf((axis) => isFree(axis) && inLeft(axis.id) && !inRight(axis.id));
  const ofRight = idsOf((axis) => isFree(axis) && inRight(axis.id) && !inLeft(axis.id));
  const batch = idsOf((axis) => isFree(axis) && inLeft(axis.id) === inRight(axis.id));
  const unit = stage.axes.find((id) => extentOf(kernel, id) !== 1 && rowMajorStride(kernel, write, id) === 1);
  if (unit !== undefined && ofRight.includes(unit))
    return { m: ofLeft, n: last(ofRight, unit), k, batch, lhs: left, rhs: right };
  if (unit !== undefined && ofLeft.includes(unit) && isOneFeature(kernel, left, unit, ofRight, k))
    return { m: last(ofLeft, unit), n: ofRight, k, batch, lhs: left, rhs: right };
  if (unit !== undefined && ofLeft.includes(unit))
    return { m: ofRight, n: last(ofLeft, unit), k, batch, lhs: right, rhs: left };
  return undefined;
}

/**
 * A window over a picture of features that gives one feature: pixels, which do not lie side by side, cannot be columns, so that the one
 * feature is, with lanes that nobody wants beside it.
 */
function isOneFeature(
  kernel: StructuredKernel,
  rows: ValueExpr,
  pixel: AxisId,
  features: readonly AxisId[],
  k: readonly AxisId[],
): boolean {
  const main = mainLoad(rows);
  const isWindowed = k.filter((axis) => extentOf(kernel, axis) !== 1).length > 1;
  const isOne = features.length > 0 && features.every((axis) => extentOf(kernel, axis) === 1);
  return isOne && isWindowed && main !== undefined && rowMajorStride(kernel, main.access, pixel) !== 1;
}

/** The axes with this one innermost. */
function last(axes: readonly AxisId[], inner: AxisId): readonly AxisId[] {
  return [...axes.filter((axis) => axis !== inner), inner];
}

function accumulatorLanes(dtype: KernelDType, { vectorBits }: TargetInfo): number | undefined {
  if (dtype !== 'f32' && dtype !== 'f64' && dtype !== 'i32' && dtype !== 'ui32' && dtype !== 'i64' && dtype !== 'ui64')
    return undefined;
  return Math.max(1, vectorBits / 8 / elementBytes(dtype));
}

/** Undefined when a plain loop is better: no contraction, too small, no side along lanes, or operands that would be packed for one use. */
export function chooseContractionSchedule(
  kernel: StructuredKernel,
  stage: Stage,
  target: TargetInfo,
): ContractionSchedule | undefined {
  const roles = contractionRoles(kernel, stage);
  const [dtype] = stage.combiner?.dtypes ?? [];
  if (roles === undefined || dtype === undefined || target.kind !== 'cpu') return undefined;
  const lanes = accumulatorLanes(dtype, target);
  const extents = extentsOf(kernel, roles);
  if (lanes === undefined || !isWorthwhile(extents)) return undefined;
  const { mr, vectors } = registerTile(
    target,
    dtype,
    extents.n < lanes ? Math.min(extents.m, narrowRows) : extents.m,
    Math.ceil(extents.n / lanes),
  );
  const tile = { mr, nr: vectors * lanes };
  const rhs = columnsKind(kernel, roles, extents, tile, lanes);
  if (rhs === undefined) return undefined;
  const lhs = rowsKind(kernel, roles, extents, tile, target);
  const deepest = maxSize(productOfSizes(roles.k.map((id) => extentOf(kernel, id))));
  if (deepest === undefined && !canKeepRawSums(kernel, stage)) return undefined;
  const isPassing = rhs === 'panel' && extents.m <= mr && isReady(kernel, roles, tile);
  const blocked = { ...tile, rhs: isPassing ? 'passing' : rhs, bytes: elementBytes(dtype) } as const;
  const blocks = cacheBlocks(extents, blocked, target);
  const { m, n, k, batch } = roles;
  const across = tilesAcross(kernel, roles, lhs, { mr, vectors }, target);
  const schedule: ContractionSchedule = {
    kind: 'contraction', m, n, k, batch, lanes, ...tile, ...blocks, rhs, lhs, ...across,
  }; // prettier-ignore
  return lhs === 'image' ? { ...schedule, mc: imageRows(kernel, schedule, roles.lhs, target) } : schedule;
}

/** A row at a place of its own costs an addition now and then, and code: so much of the time must be gained. */
const leastGain = 0.03;

/**
 * Short rows of a picture, of which tiles would be ends for the most part, are taken together: 7x7 in tiles of six rows are eight of these
 * and one more, not seven times four and three. (Zen 5, 3x3, one thread, relaxed, GFLOP/s: 7x7x160 48 -> 57, 8x8x64 56 -> 61, 13x13x96 50 -> 57,
 * 14x14x256 58.6 -> 60.7, 16x16x32 59 -> 62 of a peak of 64.)
 */
function tilesAcross(
  kernel: StructuredKernel,
  roles: Roles,
  lhs: ContractionSchedule['lhs'],
  tile: RegisterTile,
  target: TargetInfo,
): Pick<ContractionSchedule, 'rowAxes'> {
  const { m, k } = roles;
  const main = mainLoad(roles.lhs);
  const [outer, inner] = m.slice(-2).map((axis) => extentOf(kernel, axis));
  if (m.length < 2 || lhs === 'panel' || main === undefined) return {};
  if (typeof outer !== 'number' || typeof inner !== 'number' || outer < 2 || inner === 0) return {};
  const isLinear = lhs === 'direct' && linearStride(kernel, main.access, m.slice(-2)) !== undefined;
  if (isLinear || (lhs === 'image' && !fitsImage(kernel, roles.lhs, { m, k, rowAxes: 2 }, target))) return {};
  const isGain = timePerRow(outer * inner, tile) < timePerRow(inner, tile) * (1 - leastGain);
  return isGain ? { rowAxes: 2 } : {};
}

function extentsOf(kernel: StructuredKernel, { m, n, k }: Roles): Extents {
  return { m: countedPoints(kernel, m), n: countedPoints(kernel, n), k: countedPoints(kernel, k) };
}

/** Whatever the number of rows: one of a batch is summed in the same order as many. */
function isWorthwhile({ m, n, k }: Extents): boolean {
  return n > 0 && k > 0 && m > 0;
}

interface Tile {
  readonly mr: number;
  readonly nr: number;
}

/** Rows of a tile whose columns do not fill a vector: what is stored lane by lane is long, and more rows gain nothing. */
const narrowRows = 8;

/** Rows that repay packing what does not lie in rows of columns. */
const leastRows = 4;

/** The number of rows under which plain loops are better, where it is known only at run time: as {@link chooseContractionSchedule} does for rows that are known. */
export function rowsForLoops(
  kernel: StructuredKernel,
  stage: Stage,
  { m, k, n, nr, rhs, lanes }: ContractionSchedule,
): number {
  const roles = contractionRoles(kernel, stage);
  const main = roles === undefined ? undefined : mainLoad(roles.rhs);
  const isLate = m.some((id) => typeof extentOf(kernel, id) !== 'number');
  if (roles === undefined || !isLate || rhs === 'direct' || main === undefined) return 0;
  const isNarrow = extentsOf(kernel, roles).n < lanes;
  if (!isNarrow && isUnitStride(kernel, main.access, n)) return 0;
  return isPackedBefore(kernel, main.access, n, k, nr) ? 0 : leastRows;
}

function isUnitStride(kernel: StructuredKernel, access: Access, n: readonly AxisId[]): boolean {
  const inner = n.at(-1);
  return inner !== undefined && access.guards.length === 0 && rowMajorStride(kernel, access, inner) === 1;
}

/**
 * Constants are panels for nothing; else packing must be repaid by as many rows as it takes to load and store each element. Columns that do
 * not fill a vector are packed too, with zeros beside them.
 */
function columnsKind(
  kernel: StructuredKernel,
  roles: Roles,
  { m, n }: Extents,
  tile: Tile,
  lanes: number,
): 'panel' | 'direct' | undefined {
  if (isReady(kernel, roles, tile)) return 'panel';
  if (n >= lanes && mayReadColumns(kernel, roles)) return m <= 2 * tile.mr ? 'direct' : 'panel';
  return m >= leastRows ? 'panel' : undefined;
}

/** Whether columns are constants, which are panels before the kernel runs. */
function isReady(kernel: StructuredKernel, roles: Roles, { nr }: Tile): boolean {
  const main = mainLoad(roles.rhs);
  return main !== undefined && isPackedBefore(kernel, main.access, roles.n, roles.k, nr);
}

/** Whether columns lie so that they need no packing. */
export function mayReadColumns(kernel: StructuredKernel, roles: Roles): boolean {
  const main = mainLoad(roles.rhs);
  return (
    main !== undefined &&
    main.access.guards.length === 0 &&
    linearStride(kernel, main.access, roles.n) === 1 &&
    linearStride(kernel, main.access, roles.k) !== undefined
  );
}

/**
 * Rows that lie along k are spread from where they lie: packing them would cost an element's load and store for as many multiply-adds as
 * there are vectors of columns, and gains nothing (Zen 5: 12 products 128x64x128 take 0.94 of the time, 1024x1024x1024 0.95).
 */
function rowsKind(
  kernel: StructuredKernel,
  roles: Roles,
  { n }: Extents,
  { mr, nr }: Tile,
  target: TargetInfo,
): ContractionSchedule['lhs'] {
  const main = mainLoad(roles.lhs);
  if (main !== undefined && mr > 1 && isPackedBefore(kernel, main.access, roles.m, roles.k, mr)) return 'panel';
  const isGuarded = main === undefined || main.access.guards.length > 0;
  const areRowsAlongK =
    main !== undefined &&
    main === roles.lhs &&
    !isGuarded &&
    linearStride(kernel, main.access, roles.k) === 1 &&
    linearStride(kernel, main.access, roles.m) !== undefined;
  if (areRowsAlongK) return 'direct';
  if (isWindow(kernel, roles.lhs, roles, target)) return isGuarded || main !== roles.lhs ? 'image' : 'direct';
  return mr > 1 && n > 2 * nr ? 'panel' : 'direct';
}

/** A constant whose panels are made at compile time. */
function isPackedBefore(
  kernel: StructuredKernel,
  access: Access,
  along: readonly AxisId[],
  k: readonly AxisId[],
  tile: number,
): boolean {
  const isConstant = kernel.buffers.find(({ id }) => id === access.buffer)?.isConstant === true;
  return isConstant && panelLayout(kernel, access, { along, k, tile }) !== undefined;
}

/** Whether the kernel packs the columns when it runs. */
export function packsColumns(kernel: StructuredKernel, stage: Stage, schedule: ContractionSchedule): boolean {
  return schedule.rhs === 'panel' && !areColumnsConstant(kernel, stage, schedule);
}

/** Elements of the memory that the rows are read from. */
export function rowElements(kernel: StructuredKernel, stage: Stage, { n }: ContractionSchedule): number {
  const product = productOf(stage);
  const main = product === undefined ? undefined : mainLoad(orientProduct(product, n).lhs);
  const shape = kernel.buffers.find(({ id }) => id === main?.access.buffer)?.shape ?? [];
  return maxSize(productOfSizes(shape)) ?? unlimited;
}

function areColumnsConstant(kernel: StructuredKernel, stage: Stage, { n, k, nr }: ContractionSchedule): boolean {
  const roles = contractionRoles(kernel, stage);
  const main = roles === undefined ? undefined : mainLoad(roles.rhs);
  return main !== undefined && isPackedBefore(kernel, main.access, n, k, nr);
}
