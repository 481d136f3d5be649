/**
 * Structured kernel and schedule -> loop IR. Stages that share parallel axes run inside one loop over them (a softmax is one pass over
 * each row, its scratch in variables or on the stack); tiles of the outer axes are what threads divide.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { emitChain } from './chain/lower-chain.ts';
import { lowerContraction } from './contraction/lower-contraction.ts';
import { invocationsOf, lowerWorkgroupContraction, workgroupContraction } from './contraction/workgroup-contraction.ts';
import { add, binary, compare, divide, minimum, multiply, size } from './loop-expressions.ts';
import type { Expr, LoopKernel } from './loop-ir.ts';
import {
  axisOf, innerPoint, type LoweringContext, makeContext, type Point, startPoint,
 type TileRange } from './lower-context.ts'; // prettier-ignore
import { sharedAxes } from './lower-fusion.ts';
import { guardsOfStage } from './lower-invariants.ts';
import { emitLoop } from './lower-loops.ts';
import { emitOverlapped, type Overlap, overlapOf } from './lower-overlap.ts';
import { emitWorkgroupRows, workgroupRows } from './lower-row.ts';
import { emitScratch, insideBuffers } from './lower-scratch.ts';
import { emitStage } from './lower-stage.ts';
import type { AxisTile, ContractionSchedule, LoopSchedule, Schedule, StageSchedule } from './schedule.ts';
import { ceilDivideSizes, productOfSizes, type Size } from './size.ts';
import type { AxisId, Stage, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';
import { lowerWindow } from './window/lower-window.ts';

/** The loop kernel's parameters are `parameterBuffers(kernel, schedule)`, in order. */
export function lower(kernel: StructuredKernel, schedule: Schedule, target: TargetInfo): LoopKernel {
  const context = makeContext(kernel, schedule, target);
  const rows = workgroupRows(kernel, schedule);
  const { name, location } = kernel;
  if (rows !== undefined) {
    const tiles = emitWorkgroupRows(context, rows);
    return context.builder.kernel({ name, location, tiles, workgroup: [rows.invocations, 1, 1] });
  }
  const contraction = workgroupContraction(kernel, schedule);
  if (contraction !== undefined) {
    const tiles = lowerWorkgroupContraction(context, contraction.stage, contraction.schedule);
    return context.builder.kernel({ name, location, tiles, workgroup: [invocationsOf(contraction.schedule), 1, 1] });
  }
  const { chain } = schedule;
  const tiles = emitTiles(context, startPoint(), (point) =>
    chain === undefined ? emitStages(context, point) : emitChain(context, point, chain, emitStages),
  );
  return context.builder.kernel({ name, location, tiles });
}

/** The loop over tiles, if there are any; gives their number. */
function emitTiles(context: LoweringContext, point: Point, body: (point: Point) => void): Size {
  const { builder, kernel, schedule } = context;
  const { tiles } = schedule;
  if (tiles.length === 0) {
    body(point);
    return 1;
  }
  const counts = tiles.map((tile) => ceilDivideSizes(axisOf(kernel, tile.axis).extent, tile.size));
  builder.for({ mode: 'parallel', name: 'tile', from: builder.tileBegin, to: builder.tileEnd }, (tile) => {
    body({ ...point, ranges: tileRanges(context, tiles, counts, tile) });
  });
  return productOfSizes(counts);
}

function tileRanges(
  { builder, kernel }: LoweringContext,
  tiles: readonly AxisTile[],
  counts: readonly Size[],
  tile: Expr,
): Point['ranges'] {
  const ranges = new Map<AxisId, TileRange>();
  let rest = tile;
  for (const [position, { axis, size: points }] of [...tiles.entries()].reverse()) {
    const count = counts[position] ?? 1;
    const { extent, name } = axisOf(kernel, axis);
    const place = position === 0 ? rest : binary('remainder', rest, size(count));
    if (position > 0) rest = builder.let('rest', divide(rest, size(count)));
    const from = builder.let(`${name}0`, multiply(place, points));
    const end = add(from, points);
    const isExact = typeof extent === 'number' && extent % points === 0;
    const to = isExact ? end : builder.let(`${name}1`, minimum(end, size(extent)));
    ranges.set(axis, { from, to, extents: typeof extent === 'number' ? tileExtents(extent, points) : undefined });
  }
  return ranges;
}

function tileExtents(extent: number, points: number): readonly number[] {
  const last = extent % points;
  return [...(extent < points ? [] : [points]), ...(last === 0 ? [] : [last])];
}

function emitStages(context: LoweringContext, point: Point): void {
  const { kernel } = context;
  const isLoops = kernel.stages.every((stage) => scheduleOf(context, stage).kind === 'loops');
  const shared = isLoops ? sharedAxes(kernel) : [];
  const along = sharedVector(context, shared);
  const overlap = overlapHere(context, point);
  if (overlap !== undefined)
    return emitShared(context, point, shared.slice(0, -1), undefined, (at) =>
      emitOverlapped(context, at, overlap, (inner, stage) => emitScheduled(context, inner, stage)),
    );
  emitShared(context, point, shared, along, (at) => {
    emitScratch(context, at, shared, insideBuffers(context), () => {
      for (const stage of kernel.stages) emitScheduled(context, isWhole(at, stage) ? at : innerPoint(at), stage);
    });
  });
}

function overlapHere({ kernel, schedule }: LoweringContext, point: Point): Overlap | undefined {
  const overlap = schedule.overlapsRows === true ? overlapOf(kernel, schedule.stages) : undefined;
  return overlap === undefined || point.axes.has(overlap.row) ? undefined : overlap;
}

/** Nothing is open: what the stage computes is there for the stages after it. */
function isWhole(point: Point, { axes, combiner }: Stage): boolean {
  return combiner === undefined && axes.every((axis) => point.axes.has(axis));
}

function scheduleOf({ kernel, schedule }: LoweringContext, stage: Stage): StageSchedule {
  const found = schedule.stages.get(stage.id);
  if (found === undefined) throw new InvariantError(`kernel ${kernel.name}: stage ${stage.id} has no schedule`);
  return found;
}

/** A shared axis that every stage runs along lanes. */
function sharedVector(context: LoweringContext, shared: readonly AxisId[]): LoopSchedule['vector'] {
  const vectors = context.kernel.stages.map((stage) => {
    const schedule = scheduleOf(context, stage);
    return schedule.kind === 'loops' ? schedule.vector : undefined;
  });
  const [first] = vectors;
  if (first === undefined || !shared.includes(first.axis)) return undefined;
  return vectors.every((each) => each?.axis === first.axis && each.lanes === first.lanes) ? first : undefined;
}

function emitShared(
  context: LoweringContext,
  point: Point,
  axes: readonly AxisId[],
  along: LoopSchedule['vector'],
  body: (point: Point) => void,
): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return body(point);
  if (point.axes.has(axis)) return emitShared(context, point, rest, along, body);
  const { lanes, endLanes = lanes } = along?.axis === axis ? along : { lanes: 1 };
  const plan = { axis, lanes, endLanes, unroll: 1, guards: context.kernel.stages.flatMap(guardsOfStage) };
  emitLoop(context, point, plan, [], (at) => {
    emitShared(context, at, rest, along, body);
    return [];
  });
}

function emitScheduled(context: LoweringContext, point: Point, stage: Stage): void {
  const schedule = scheduleOf(context, stage);
  switch (schedule.kind) {
    case 'loops':
      return emitStage(context, point, stage, schedule);
    case 'contraction':
      return emitContraction(context, point, stage, schedule);
    case 'window':
      return lowerWindow(context, point, stage, schedule);
    case 'workgroup-contraction':
    case 'workgroup-row':
      throw new InvariantError(`kernel ${context.kernel.name}: schedule ${schedule.kind} is not lowered here`);
    default:
      return schedule satisfies never;
  }
}

function emitContraction(context: LoweringContext, point: Point, stage: Stage, schedule: ContractionSchedule): void {
  const { fewRows, m } = schedule;
  const asTiles = (at: Point): void => lowerContraction(context, at, stage, schedule);
  if (fewRows === undefined) return asTiles(point);
  const rows = productOfSizes(m.map((axis) => axisOf(context.kernel, axis).extent));
  context.builder.if(
    compare('lt', size(rows), fewRows.below),
    () => emitStage(context, innerPoint(point), stage, fewRows.loops),
    () => asTiles(innerPoint(point)),
  );
}
