/**
 * One loop over one axis: split where guards change, strip-mined for vectors and unrolling, with what the loop carries. Guards that are
 * affine in the axis alone become loop bounds, so that the code inside has no conditions.
 *
 *     for i in 0..n: x = 0 <= i - p < m ? load[i - p] : 0
 *     ->  for i in 0..p: x = 0;  for i in p..p+m: x = load[i - p];  for i in p+m..n: x = 0
 */
import { affineIndex, floorDivideSizes, subtractSizes } from './lower-affine.ts';
import { axisOf, bindAxis, type LoweringContext, type Point } from './lower-context.ts';
import { add, constantValue, divide, index, maximum, minimum, multiply, size, subtract } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import type { LoopSchedule } from './schedule.ts';
import { addSizes, ceilDivideSizes, equalSizes, type Size, sizeOf } from './size.ts';
import type { AxisId, Guard, Stage } from './structured-kernel.ts';

/** A stage that becomes plain loops, and how. */
export interface StageLoops {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly schedule: LoopSchedule;
}

export interface LoopPlan {
  readonly axis: AxisId;
  /** 1 for a scalar loop. */
  readonly lanes: number;
  /** Lanes of the vectors that what is left beyond the last whole one begins with. */
  readonly endLanes?: number;
  /** Copies of the body. */
  readonly unroll: number;
  /** Guards of the code inside. */
  readonly guards: readonly Guard[];
}

/** Emits the body at a point; gives what the loop carries next. `copy` counts the copies of an unrolled body. */
export type LoopBody = (point: Point, state: readonly Expr[], copy: number) => readonly Expr[];

/** Emits all copies of an unrolled body, each at a point of its own. */
export type GroupBody = (points: readonly Point[], state: readonly Expr[]) => readonly Expr[];

/** Most copies of a body that splits may make, all loops around it together. */
const mostCopies = 12;

export function emitLoop(
  context: LoweringContext,
  point: Point,
  plan: LoopPlan,
  state: readonly Expr[],
  body: LoopBody,
): readonly Expr[] {
  const { lanes, endLanes = lanes, unroll } = plan;
  const steps: readonly Step[] = [
    { lanes, copies: unroll },
    { lanes, copies: 1 },
    { lanes: endLanes, copies: 1 },
    { lanes: 1, copies: 1 },
  ];
  return emitGroups(context, point, { ...plan, steps }, state, (points, before) =>
    points.reduce((carried, at, copy) => body(at, carried, copy), before),
  );
}

/** Points that one iteration takes: vectors of so many lanes, so many of them. */
interface Step {
  readonly lanes: number;
  readonly copies: number;
}

/** What is left beyond the last whole step is for the next one that is smaller; the last is a single point. */
export interface GroupPlan extends Pick<LoopPlan, 'axis' | 'guards'> {
  readonly steps: readonly Step[];
}

export function emitGroups(
  context: LoweringContext,
  point: Point,
  plan: GroupPlan,
  state: readonly Expr[],
  body: GroupBody,
): readonly Expr[] {
  let carried = state;
  for (const region of splitByGuards(context, point, plan)) {
    const inside: Point = { ...point, known: region.known, copies: region.copies };
    carried = emitStrips(context, inside, plan, region, carried, body);
  }
  return carried;
}

interface Region {
  readonly from: Expr;
  readonly to: Expr;
  /** `to - from`, where that is known and they are not. */
  readonly length?: number | undefined;
  readonly known: ReadonlyMap<Guard, boolean>;
  readonly copies: number;
}

/** Where a guard holds: [from, to). */
interface Interval {
  readonly from: Size;
  readonly to: Size;
}

function splitByGuards(context: LoweringContext, point: Point, plan: GroupPlan): readonly Region[] {
  const { extent } = axisOf(context.kernel, plan.axis);
  const { from, to, extents } = point.ranges.get(plan.axis) ?? { from: index(0), to: size(extent), extents: [] };
  const bounds = { from, to };
  const intervals = new Map<Guard, Interval>();
  for (const guard of plan.guards) {
    const interval = point.known.has(guard) ? undefined : guardInterval(guard, plan.axis);
    if (interval !== undefined) intervals.set(guard, interval);
  }
  const [length] = extents?.length === 1 ? extents : [];
  const whole: Region = { ...bounds, length, known: point.known, copies: point.copies };
  const parts = splitExtent([...new Set(intervals.values())], extent);
  const copies = point.copies * parts.length;
  if (parts.length === 0 || copies > mostCopies) return [whole];
  return parts.map(({ from, to, holds }, position) => {
    const known = new Map(point.known);
    for (const [guard, interval] of intervals) known.set(guard, holds(interval));
    return {
      from: position === 0 ? bounds.from : maximum(bounds.from, size(from)),
      to: position === parts.length - 1 ? bounds.to : minimum(bounds.to, size(to)),
      known,
      copies,
    };
  });
}

/** `0 <= c * axis + offset < extent` solved for the axis; undefined when other axes take part. */
function guardInterval({ index: expr, extent }: Guard, axis: AxisId): Interval | undefined {
  const affine = affineIndex(expr);
  if (affine === undefined) return undefined;
  const moving = [...affine.coefficients].filter(([, value]) => value !== 0);
  const [first] = moving;
  if (first === undefined || moving.length !== 1 || first[0] !== axis || typeof first[1] !== 'number') return undefined;
  const factor = first[1];
  const { offset } = affine;
  if (factor > 0) {
    const negated = subtractSizes(0, offset);
    return { from: ceilDivideSizes(negated, factor), to: ceilDivideSizes(subtractSizes(extent, offset), factor) };
  }
  const past = floorDivideSizes(subtractSizes(offset, extent), -factor);
  return { from: addSizes(past, 1), to: addSizes(floorDivideSizes(offset, -factor), 1) };
}

/** A part of the extent over which every guard holds throughout or nowhere. */
interface Part {
  readonly from: Size;
  readonly to: Size;
  readonly holds: (interval: Interval) => boolean;
}

/** Empty when the order of the cuts is not known. */
function splitExtent(intervals: readonly Interval[], extent: Size): readonly Part[] {
  const [first] = intervals;
  if (first === undefined) return [];
  const ends = intervals.flatMap(({ from, to }) => [from, to]).filter((end) => typeof end === 'number');
  if (typeof extent === 'number' && ends.length === 2 * intervals.length) return splitNumber(ends, extent);
  if (!intervals.every((each) => equalIntervals(each, first))) return [];
  const from = clampSize(first.from, extent);
  const to = clampSize(first.to, extent);
  const end = equalSizes(from, 0) ? to : sizeOf('maximum', from, to);
  const parts: readonly Part[] = [
    { from: 0, to: from, holds: () => false },
    { from, to: end, holds: () => true },
    { from: end, to: extent, holds: () => false },
  ];
  return parts.filter((part) => !equalSizes(part.from, part.to));
}

function splitNumber(ends: readonly number[], extent: number): readonly Part[] {
  const cuts = [...new Set([0, ...ends.filter((end) => end > 0 && end < extent), extent])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, position) => {
    const to = cuts[position + 1] ?? extent;
    return { from, to, holds: (each) => Number(each.from) <= from && to <= Number(each.to) };
  });
}

function clampSize(value: Size, extent: Size): Size {
  return equalSizes(value, extent) ? extent : sizeOf('minimum', sizeOf('maximum', value, 0), extent);
}

function equalIntervals(a: Interval, b: Interval): boolean {
  return equalSizes(a.from, b.from) && equalSizes(a.to, b.to);
}

function emitStrips(
  context: LoweringContext,
  point: Point,
  { axis, steps }: GroupPlan,
  { from, to, length }: Region,
  state: readonly Expr[],
  body: GroupBody,
): readonly Expr[] {
  let begin = from;
  let carried = state;
  let stepBefore = Infinity;
  for (const strip of steps) {
    const step = strip.lanes * strip.copies;
    if (step >= stepBefore || begin === to) continue;
    stepBefore = step;
    const isWhole = step === 1 || (begin === from && length !== undefined && length % step === 0);
    const end = isWhole ? to : wholeSteps(context, begin, to, step);
    carried = emitRange(context, point, { axis, ...strip, from: begin, to: end }, carried, body);
    begin = end;
  }
  return carried;
}

/** The end of the last whole step. */
function wholeSteps(context: LoweringContext, from: Expr, to: Expr, step: number): Expr {
  const [first, last] = [constantValue(from), constantValue(to)];
  if (first !== undefined && last !== undefined) {
    const count = Math.max(0, Math.floor((Number(last) - Number(first)) / step));
    return index(Number(first) + count * step);
  }
  const count = divide(subtract(to, from), step);
  return context.builder.let('whole', add(from, multiply(count, step)));
}

interface Strip extends Step {
  readonly axis: AxisId;
  readonly from: Expr;
  readonly to: Expr;
}

function emitRange(
  context: LoweringContext,
  point: Point,
  strip: Strip,
  state: readonly Expr[],
  body: GroupBody,
): readonly Expr[] {
  const { axis, lanes, copies } = strip;
  const [first, last] = [constantValue(strip.from), constantValue(strip.to)];
  if (first !== undefined && last !== undefined && Number(first) >= Number(last)) return state;
  const run = (base: Expr, before: readonly Expr[]): readonly Expr[] => {
    const points = Array.from({ length: copies }, (_, copy) => bindAxis(point, axis, add(base, copy * lanes), lanes));
    return body(points, before);
  };
  const step = lanes * copies;
  if (first !== undefined && last !== undefined && Number(last) - Number(first) === step) return run(strip.from, state);
  const { name } = axisOf(context.kernel, axis);
  return context.builder.for({ name, from: strip.from, to: strip.to, step }, state, run);
}
