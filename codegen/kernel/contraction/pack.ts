/**
 * Packs an operand into panels while the kernel runs. Guards of padding and dilation are applied here, so that the loop over k has no
 * branch; those that do not move with the innermost axis of k are tested once a run of it.
 */
import { axesOfIndex } from '../lower-affine.ts';
import { add, compare, constant, divide, index, maximum, minimum, multiply, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { accessStride, emitGuards, emitValue, spread } from '../lower-values.ts';
import type { AxisId, Guard } from '../structured-kernel.ts';
import { vector } from '../value-type.ts';
import { type AxisGroup, axisGroup, bindLinear, keepsLanes, knownIndex } from './axis-group.ts';
import type { Operand } from './operand.ts';
import { mainLoad } from './product.ts';

/** A block of k: `count` points from `from`; `isWhole` when it is all of k. */
export interface KBlock {
  readonly from: Expr;
  readonly count: Expr;
  readonly isWhole: boolean;
}

/** One panel: `count` rows or columns from `first`, `tile` elements an index of k, from `at` in `to`. */
export interface PanelTarget {
  readonly to: FlatBuffer;
  readonly at: Expr;
  readonly first: Expr;
  readonly count: Expr;
  readonly tile: Expr;
}

/** Packs a panel; columns past `count` become zeros when `padded`. */
export function packPanel(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  target: PanelTarget,
  padded: boolean,
): void {
  const count = knownIndex(target.count);
  const { lanes, tile } = operand;
  if (lanes > 1 && count === tile && tile % lanes === 0 && isAlongLanes(context, operand, group))
    return packVectors(context, point, operand, group, block, target);
  packElements(context, point, operand, group, block, target);
  if (padded && count !== tile) padPanel(context, operand, block, target);
}

/** Consecutive columns are consecutive in memory. */
function isAlongLanes(context: LoweringContext, { factor, lanes }: Operand, group: AxisGroup): boolean {
  const inner = group.axes.at(-1)?.axis;
  const main = mainLoad(factor);
  const place = main === undefined ? undefined : context.places.get(main.access.buffer);
  if (main === undefined || inner === undefined || place?.kind !== 'memory' || !keepsLanes(group, lanes)) return false;
  if (main.access.guards.some((guard) => axesOfIndex(guard.index).has(inner))) return false;
  return accessStride(place, main.access, inner) === 1;
}

function packVectors(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  { to, at, first }: PanelTarget,
): void {
  const { builder } = context;
  const { factor, lanes, tile } = operand;
  const columns = Array.from({ length: tile / lanes }, (_, position) =>
    bindLinear(context, point, group, add(first, position * lanes), lanes),
  );
  for (const [position, column] of columns.entries())
    forEachK(context, column, operand, block, (bound, offset) => {
      const value = spread(emitValue(context, bound, factor), lanes);
      builder.store(to, add(add(at, multiply(offset, tile)), position * lanes), value);
    });
}

function packElements(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  target: PanelTarget,
): void {
  const { builder } = context;
  const { factor } = operand;
  const { to, at, first, count, tile } = target;
  const rows = knownIndex(count);
  const isGuarded = (mainLoad(factor)?.access.guards.length ?? 1) > 0;
  if (rows !== undefined && rows <= mostTogether && !isGuarded)
    return packTogether(context, point, operand, group, block, target, rows);
  builder.for({ to: count, name: 'row' }, (row) => {
    const bound = bindLinear(context, point, group, builder.let('i', add(first, row)));
    const start = builder.let('to', add(at, row));
    forEachK(context, bound, operand, block, (inner, offset) => {
      builder.store(to, add(start, multiply(offset, tile)), emitValue(context, inner, factor));
    });
  });
}

/** More rows or columns than any tile has on targets of up to 32 registers. */
const mostTogether = 16;

/**
 * All rows at a step of k and then at the next: what indices compute of k, divisions after a transposed reshape say, is computed once for
 * all, and stores follow each other (Zen 5, 128 rows of 12 heads of 64 in the product after attention: 3.08 -> 2.72 ms; 300x200x250 with the left side transposed 1.08).
 */
function packTogether(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  { to, at, first, tile }: PanelTarget,
  count: number,
): void {
  const { builder } = context;
  const rows = Array.from({ length: count }, (_, row) => bindLinear(context, point, group, add(first, row)));
  forEachK(context, point, operand, block, (inner, offset) => {
    const start = builder.let('to', add(at, multiply(offset, tile)));
    for (const [row, bound] of rows.entries()) {
      const each = innerPoint(inner, { axes: new Map([...inner.axes, ...bound.axes]) });
      builder.store(to, add(start, row), emitValue(context, each, operand.factor));
    }
  });
}

function padPanel(
  { builder }: LoweringContext,
  { tile }: Operand,
  { count: depth }: KBlock,
  target: PanelTarget,
): void {
  const { to, at, count } = target;
  builder.for({ to: depth, name: 'k' }, (k) => {
    const row = builder.let('to', add(at, multiply(k, tile)));
    builder.for({ from: count, to: tile, name: 'j' }, (j) => {
      builder.store(to, add(row, j), constant(vector(to.dtype, 1), 0));
    });
  });
}

type KBody = (point: Point, offset: Expr) => void;

/** The points of a block of k in linear order, with their offset in it. */
function forEachK(context: LoweringContext, point: Point, operand: Operand, block: KBlock, body: KBody): void {
  const { builder } = context;
  const group = axisGroup(context, point, operand.k);
  const inner = group.axes.at(-1);
  if (inner === undefined) return builder.for({ to: block.count, name: 'k' }, (k) => body(innerPoint(point), k));
  if (group.axes.length === 1)
    return withGuards(context, point, operand, inner.axis, (known) =>
      builder.for({ to: block.count, name: 'k' }, (k) => body(bindAxis(known, inner.axis, add(block.from, k)), k)),
    );
  if (knownIndex(inner.extent) !== undefined) return forEachRun(context, point, operand, group, block, body);
  // An inner extent of 0 must not be divided by.
  builder.if(compare('gt', block.count, 0), () => forEachRun(context, innerPoint(point), operand, group, block, body));
}

/** A run is the part of the block that has one value of all axes of k but the innermost. */
function forEachRun(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  body: KBody,
): void {
  const { builder } = context;
  const inner = group.axes.at(-1);
  if (inner === undefined || knownIndex(block.count) === 0) return;
  const { axis, extent } = inner;
  const outer = axisGroup(context, point, operand.k.slice(0, -1));
  const end = builder.let('end', add(block.from, block.count));
  const runs = block.isWhole
    ? { from: index(0), to: outer.extent }
    : { from: divide(block.from, extent), to: add(divide(subtract(end, 1), extent), 1) };
  builder.for({ ...runs, name: 'run' }, (run) => {
    const bound = bindLinear(context, point, outer, run);
    const start = builder.let('start', multiply(run, extent));
    const from = block.isWhole ? index(0) : builder.let('k0', maximum(subtract(block.from, start), 0));
    const to = block.isWhole ? extent : builder.let('k1', minimum(subtract(end, start), extent));
    withGuards(context, bound, operand, axis, (known) =>
      builder.for({ from, to, name: 'k' }, (k) =>
        body(bindAxis(known, axis, k), block.isWhole ? add(start, k) : subtract(add(start, k), block.from)),
      ),
    );
  });
}

/** Tests the guards that do not move with the axis, or with the lanes, before the loop over it. */
function withGuards(
  context: LoweringContext,
  point: Point,
  { factor }: Operand,
  axis: AxisId,
  body: (point: Point) => void,
): void {
  const guards = mainLoad(factor)?.access.guards.filter((guard) => isOuter(point, guard, axis)) ?? [];
  if (guards.length === 0) return body(point);
  const holds = emitGuards(context, point, guards);
  const branch = (value: boolean) => (): void => {
    const known = new Map(point.known);
    for (const guard of guards) known.set(guard, value);
    body(innerPoint(point, { known }));
  };
  context.builder.if(holds, branch(true), branch(false));
}

function isOuter(point: Point, guard: Guard, axis: AxisId): boolean {
  const axes = axesOfIndex(guard.index);
  return !axes.has(axis) && (point.vector === undefined || !axes.has(point.vector.axis));
}
