/** The m, n or k axes of a contraction seen as one: a linear index over them, outermost first, and the axes' values at a place of it. */
import { add, binary, divide, multiply, size, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { axisOf, bindAxis, type LoweringContext, type Point } from '../lower-context.ts';
import { productOfSizes, type Size } from '../size.ts';
import type { AxisId } from '../structured-kernel.ts';

export interface GroupAxis {
  readonly axis: AxisId;
  /** First value here: that of the tile, where the axis is divided among tiles. */
  readonly from: Expr;
  readonly extent: Expr;
}

export interface AxisGroup {
  readonly axes: readonly GroupAxis[];
  /** Points of all axes together. */
  readonly extent: Expr;
  /** The extent when it is a constant. */
  readonly known: number | undefined;
  /** The few values that the extent may have, where it is known that far: of a tile, that of the last one too. */
  readonly possible: readonly number[] | undefined;
}

/** The group of those axes that are not bound yet. */
export function axisGroup(context: LoweringContext, point: Point, ids: readonly AxisId[]): AxisGroup {
  const axes = ids.filter((id) => !point.axes.has(id)).map((axis) => groupAxis(context, point, axis));
  const extent = axes.map((each) => each.extent).reduce((a, b) => multiply(a, b), size(1));
  const known = knownIndex(extent);
  return { axes, extent, known, possible: known === undefined ? possibleExtents(point, axes) : [known] };
}

function possibleExtents(point: Point, axes: readonly GroupAxis[]): readonly number[] | undefined {
  let products: readonly number[] = [1];
  for (const { axis, extent } of axes) {
    const known = knownIndex(extent);
    const own = known === undefined ? point.ranges.get(axis)?.extents : [known];
    if (own === undefined) return undefined;
    products = products.flatMap((product) => own.map((each) => product * each));
  }
  return [...new Set(products)];
}

function groupAxis({ kernel, builder }: LoweringContext, point: Point, axis: AxisId): GroupAxis {
  const range = point.ranges.get(axis);
  if (range === undefined) return { axis, from: size(0), extent: size(axisOf(kernel, axis).extent) };
  return { axis, from: range.from, extent: builder.let('extent', distance(range.from, range.to)) };
}

/** `to - from`; a constant when one is the other plus a constant. */
function distance(from: Expr, to: Expr): Expr {
  if (to.kind === 'binary' && to.op === 'add' && to.lhs === from) return to.rhs;
  return subtract(to, from);
}

export function knownIndex(expr: Expr): number | undefined {
  return expr.kind === 'constant' ? Number(expr.value) : undefined;
}

/** Binds the group's axes to a linear index; `lanes` consecutive points along the innermost one are vector lanes. */
export function bindLinear(
  { builder }: LoweringContext,
  point: Point,
  group: AxisGroup,
  linear: Expr,
  lanes = 1,
): Point {
  let rest = linear;
  let bound = point;
  for (const [position, { axis, from, extent }] of [...group.axes.entries()].reverse()) {
    const isOuter = position === 0;
    const isInner = position === group.axes.length - 1;
    const place = isOuter || knownIndex(extent) === 1 ? rest : binary('remainder', rest, extent);
    const value = knownIndex(extent) === 1 && !isOuter ? from : add(place, from);
    bound = bindAxis(bound, axis, builder.let('at', value), isInner ? lanes : 1);
    if (!isOuter) rest = builder.let('rest', divide(rest, extent));
  }
  return bound;
}

/** Whether vectors of `lanes` consecutive points that begin at a multiple of `lanes` stay within one run of the innermost axis. */
export function keepsLanes({ axes }: AxisGroup, lanes: number): boolean {
  if (axes.length <= 1) return true;
  const inner = knownIndex(axes.at(-1)?.extent ?? size(1));
  return inner !== undefined && inner % lanes === 0;
}

export function extentOfAxes(context: LoweringContext, ids: readonly AxisId[]): Size {
  return productOfSizes(ids.map((id) => axisOf(context.kernel, id).extent));
}
