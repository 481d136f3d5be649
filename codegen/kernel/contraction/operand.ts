/**
 * How a register tile reads an operand: from panels, packed beforehand or by the kernel, or where it lies. A reader gives one expression
 * a row (a scalar spread over the lanes) or a column vector, at an index k within the current block of k.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { axesOfAccess } from '../lower-affine.ts';
import { add, index, load, loadSplat, multiply, shuffle, size } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { axisOf, bindAxis, type BufferPlace, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { accessStride, addressOf, emitIndex, emitValue, spread } from '../lower-values.ts';
import { equalSizes, multiplySizes, type Size } from '../size.ts';
import type { Access, AxisId, ValueExpr } from '../structured-kernel.ts';
import { bindLinear, type AxisGroup, extentOfAxes } from './axis-group.ts';
import { elementBytes } from '../value-type.ts';
import { panelLayout } from './panel-layout.ts';
import { type LoadValue, mainLoad } from './product.ts';

export type MemoryPlace = Extract<BufferPlace, { readonly kind: 'memory' }>;

/** Rows or columns of a register tile: `count` of them from `first` (linear), `lanes` consecutive points each. */
export interface Strip {
  readonly first: Expr;
  readonly count: number;
  readonly lanes: number;
}

/**
 * The row or column at a position of the strip, `step` iterations after k, of `steps` that are taken together. It is emitted where it is
 * asked for: registers are few.
 */
export type Reader = (k: Expr, steps: number) => (step: number, position: number) => Expr;

/** A reader of a run of k, or of a block of k that is one. */
export type RunReader = (run: Expr | undefined) => Reader;

export interface Operand {
  readonly factor: ValueExpr;
  /** The rows' operand is spread over the lanes of the columns. */
  readonly side: 'lhs' | 'rhs';
  readonly along: readonly AxisId[];
  readonly k: readonly AxisId[];
  readonly tile: number;
  /** Lanes of the product; those of a strip of rows are 1. */
  readonly lanes: number;
}

/** Panels of `tile` elements, contiguous along k: element (i, k) of a panel at `k * tile + i`. */
export interface Panels {
  readonly buffer: FlatBuffer;
  /** Where the panel that begins at a linear index is, at the first k of the block; the point has the group bound to it. */
  readonly base: (point: Point, first: Expr) => Expr;
  readonly tile: number;
}

function wideLoad(buffer: FlatBuffer, at: Expr, strip: Strip, lanes: number): Expr {
  return strip.lanes === 1 && lanes > 1 ? loadSplat(buffer, at, lanes) : load(buffer, at, strip.lanes);
}

/** Reads one panel, or several side by side; `lanes` is the width of the product's vectors. */
export function panelReader(
  context: LoweringContext,
  point: Point,
  { factor }: Pick<Operand, 'factor'>,
  group: AxisGroup,
  panels: Panels,
  strip: Strip,
  lanes: number,
): Reader {
  const { builder } = context;
  const { buffer, tile } = panels;
  const bases = Array.from({ length: Math.ceil((strip.count * strip.lanes) / tile) }, (_, panel) => {
    const first = add(strip.first, panel * tile);
    const bound = point.ranges.size === 0 ? point : bindLinear(context, point, group, first);
    return builder.let('panel', panels.base(bound, first));
  });
  return (k) => {
    const moved = multiply(k, tile);
    const starts = bases.map((base) => builder.let('at', add(base, moved)));
    return (step, position) => {
      const within = position * strip.lanes;
      const start = starts[Math.floor(within / tile)] ?? moved;
      const raw = builder.let('x', wideLoad(buffer, add(start, step * tile + (within % tile)), strip, lanes));
      return applyFactor(context, point, factor, raw, lanes);
    };
  };
}

/** The factor's own arithmetic (a conversion, a sign) on what its load gave. */
export function applyFactor(context: LoweringContext, point: Point, factor: ValueExpr, raw: Expr, lanes: number): Expr {
  const main = mainLoad(factor);
  if (main === undefined || factor === main) return raw;
  const inner = innerPoint(point);
  inner.emitted.set(main, raw);
  return spread(context.builder.let('x', emitValue(context, inner, factor)), lanes);
}

/** Panels of a constant that was packed beforehand; undefined when it was not. */
export function constantPanels(
  context: LoweringContext,
  { factor, along, k, tile }: Operand,
  kFrom: Expr,
): Panels | undefined {
  const main = mainLoad(factor);
  const place = main === undefined ? undefined : context.places.get(main.access.buffer);
  if (main === undefined || place?.kind !== 'memory' || !context.schedule.layouts.has(main.access.buffer))
    return undefined;
  const expected = panelLayout(context.kernel, main.access, { along, k, tile });
  if (expected === undefined || !equalLayouts(expected, place.layout)) return undefined;
  const kExtent = extentOfAxes(context, k);
  return {
    buffer: place.buffer,
    tile,
    base: (point, first) => {
      const outer = batchOffset(context, point, place, main.access, [...along, ...k]);
      return add(add(outer, multiply(globalIndex(context, point, along, first), size(kExtent))), multiply(kFrom, tile));
    },
  };
}

function equalLayouts(a: MemoryPlace['layout'], b: MemoryPlace['layout']): boolean {
  return (
    a.parts.length === b.parts.length &&
    a.parts.every((part, position) => {
      const other = b.parts[position];
      return part.dimension === other?.dimension && part.role === other.role && part.size === other.size;
    })
  );
}

/** The linear index over whole axes, where the point's are those of a tile. */
function globalIndex(context: LoweringContext, point: Point, along: readonly AxisId[], first: Expr): Expr {
  const isWhole = along.every((axis) => !point.ranges.has(axis));
  if (isWhole) return first;
  let linear: Expr = index(0);
  for (const axis of along) {
    const value = point.axes.get(axis);
    if (value === undefined) throw new InvariantError(`kernel ${context.kernel.name}: an axis of a panel is not bound`);
    linear = add(multiply(linear, size(axisOf(context.kernel, axis).extent)), value);
  }
  return linear;
}

/** The part of the address that is the same for the whole panel. */
function batchOffset(
  context: LoweringContext,
  point: Point,
  place: MemoryPlace,
  access: Access,
  moving: readonly AxisId[],
): Expr {
  let offset: Expr = index(0);
  for (const [position, { dimension }] of place.layout.parts.entries()) {
    const expr = access.indices[dimension];
    if (expr === undefined || (expr.kind === 'axis' && moving.includes(expr.axis))) continue;
    offset = add(offset, multiply(emitIndex(context, point, expr), size(place.strides[position] ?? 0)));
  }
  return context.builder.let('batch', offset);
}

/** Where the elements of an operand lie: where the kernel was given them, or in an image of its own. */
export interface Located {
  readonly buffer: FlatBuffer;
  /** The arithmetic on what is loaded; undefined when there is none left. */
  readonly factor: ValueExpr | undefined;
  /** The axes of the group and of k that are not bound are at their first point. */
  readonly address: (point: Point) => Expr;
  readonly stride: (axis: AxisId) => Size | undefined;
}

/** Runs of k: the innermost axes of k along which an operand is linear; the others are walked around them. */
export interface Runs {
  readonly outer: readonly AxisId[];
  readonly inner: readonly AxisId[];
}

/** How an operand that is read where it lies moves along its rows or columns, and along k. */
export interface DirectAccess {
  readonly located: Located;
  readonly runs: Runs;
}

/** Undefined when the operand must be packed: guards, indices that are loaded or divided, columns that do not lie side by side. */
export function directAccess(context: LoweringContext, operand: Operand): DirectAccess | undefined {
  const located = locate(context, operand);
  if (located === undefined) return undefined;
  const { side, lanes, along, k } = operand;
  if (side === 'rhs' && lanes > 1 && linearStride(context, located, along) !== 1) return undefined;
  const inner = linearSuffix(context, located, k);
  const isWalked = inner.length < k.length;
  if (isWalked && (inner.length === 0 || typeof extentOfAxes(context, inner) !== 'number')) return undefined;
  return { located, runs: { outer: k.slice(0, k.length - inner.length), inner } };
}

/** Where the kernel was given the operand; undefined when not every element of it is there: guards, indices that are loaded or divided. */
export function locate(context: LoweringContext, operand: Operand): Located | undefined {
  const main = mainLoad(operand.factor);
  const place = main === undefined ? undefined : context.places.get(main.access.buffer);
  if (main === undefined || place?.kind !== 'memory' || place.lanes > 1 || place.dropped.size > 0) return undefined;
  if (main.access.guards.length > 0 || readsLoadedIndex(main, operand.k)) return undefined;
  if (place.layout.parts.some(({ role }) => role !== 'whole')) return undefined;
  return {
    buffer: place.buffer,
    factor: operand.factor,
    address: (point) => addressOf(context, point, place, main.access),
    stride: (axis) => accessStride(place, main.access, axis),
  };
}

/** The longest list of innermost axes along which the operand is linear. */
export function linearSuffix(
  context: LoweringContext,
  located: Pick<Located, 'stride'>,
  axes: readonly AxisId[],
): readonly AxisId[] {
  let from = axes.length;
  while (from > 0 && linearStride(context, located, axes.slice(from - 1)) !== undefined) from -= 1;
  return axes.slice(from);
}

/** How far the address moves when the linear index over the axes advances by one; undefined when that differs. */
export function linearStride(
  context: LoweringContext,
  { stride }: Pick<Located, 'stride'>,
  axes: readonly AxisId[],
): Size | undefined {
  let total: Size | undefined;
  let expected: Size = 0;
  for (const axis of axes.toReversed()) {
    const { extent } = axisOf(context.kernel, axis);
    const own = stride(axis);
    if (own === undefined) return undefined;
    if (extent === 1) continue;
    if (total !== undefined && !equalSizes(own, expected)) return undefined;
    total ??= own;
    expected = multiplySizes(own, extent);
  }
  return total ?? 0;
}

/** A gathered index that moves with k. */
function readsLoadedIndex({ access }: LoadValue, k: readonly AxisId[]): boolean {
  const axes = axesOfAccess(access);
  return k.some((axis) => axes.has(axis) && !access.indices.every((each) => each.kind !== 'loaded'));
}

/** One row takes an element for each row of columns: a vector of steps is loaded at once, and its lanes are spread in registers. */
function isSpreadTogether({ buffer, factor }: Located, { count }: Strip, steps: number, lanes: number): boolean {
  const isPlain = factor === undefined || factor.kind === 'load';
  return isPlain && count === 1 && lanes > 1 && steps % lanes === 0 && elementBytes(buffer.dtype) >= 4;
}

function spreadSteps(
  { builder }: LoweringContext,
  buffer: FlatBuffer,
  at: Expr,
  lanes: number,
): (step: number) => Expr {
  const vectors = new Map<number, Expr>();
  return (step) => {
    const first = step - (step % lanes);
    const loaded = vectors.get(first) ?? builder.let('x', load(buffer, add(at, first), lanes));
    vectors.set(first, loaded);
    return builder.let('x', shuffle(loaded, loaded, Array<number>(lanes).fill(step % lanes)));
  };
}

/**
 * Reads the operand where it lies. The point has the axes of k outside of runs bound, but neither the strip's nor those inside; `kFrom` is
 * the first place of the run that k counts from.
 */
export function directReader(
  context: LoweringContext,
  point: Point,
  located: Located,
  run: readonly AxisId[],
  group: AxisGroup,
  kFrom: Expr,
  strip: Strip,
  lanes: number,
): Reader {
  const { builder } = context;
  const kStride = linearStride(context, located, run) ?? 0;
  const axes = group.axes.map(({ axis }) => axis);
  const stride = linearStride(context, located, axes);
  const start = (first: Expr): Expr => {
    const atStart = run.reduce((at, axis) => bindAxis(at, axis, index(0)), bindLinear(context, point, group, first));
    return builder.let('row', add(located.address(atStart), multiply(kFrom, size(kStride))));
  };
  const isLinear = typeof stride === 'number' && axes.slice(1).every((axis) => !point.ranges.has(axis));
  const points = (position: number): Expr => add(strip.first, position * strip.lanes);
  const rows = isLinear
    ? [start(strip.first)]
    : Array.from({ length: strip.count }, (_, position) => start(points(position)));
  return (at, steps) => {
    const moved = multiply(at, size(kStride));
    const addresses = rows.map((row) => builder.let('at', add(row, moved)));
    if (kStride === 1 && isSpreadTogether(located, strip, steps, lanes))
      return spreadSteps(context, located.buffer, addresses[0] ?? moved, lanes);
    return (step, position) => {
      const base = addresses[isLinear ? 0 : position] ?? moved;
      const within = isLinear ? position * strip.lanes * stride : 0;
      const address = add(add(base, within), multiply(index(step), size(kStride)));
      const raw = builder.let('x', wideLoad(located.buffer, address, strip, lanes));
      return located.factor === undefined ? raw : applyFactor(context, point, located.factor, raw, lanes);
    };
  };
}
