/**
 * Rows on a GPU: a workgroup a row, whose invocations stride along it; a reduction leaves a partial result an invocation in workgroup
 * memory and combines them in a tree.
 *
 *     workgroup row { alloc part[N]; invocation t {
 *       for j = t to extent step N: acc = combine(acc, x[row, j])
 *       part[t] = acc; barrier; for s = N/2, N/4, ..., 1: if t < s { part[t] = combine(part[t], part[t + s]) }; barrier
 *       for j = t to extent step N: out[row, j] = f(x[row, j], part[0])
 *     } }
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { add, binary, compare, constant, divide, load, size } from './loop-expressions.ts';
import type { Expr, FlatBuffer } from './loop-ir.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point, startPoint } from './lower-context.ts';
import { guardsOfStage } from './lower-invariants.ts';
import { emitLoop } from './lower-loops.ts';
import { combine, joinAccumulators } from './lower-accumulators.ts';
import { mayRegroup } from './regrouping.ts';
import { emitScratch, insideBuffers } from './lower-scratch.ts';
import { emitNamed, emitValue, emitWrite, emitWrites } from './lower-values.ts';
import type { Schedule, WorkgroupRowSchedule } from './schedule.ts';
import { productOfSizes, type Size } from './size.ts';
import type { AxisId, Combiner, Stage, StageId, StructuredKernel } from './structured-kernel.ts';
import { scalar } from './value-type.ts';

export interface WorkgroupRows {
  readonly row: readonly AxisId[];
  readonly invocations: number;
  readonly along: ReadonlyMap<StageId, AxisId>;
}

/** Undefined when not all stages are scheduled in rows. */
export function workgroupRows(kernel: StructuredKernel, schedule: Schedule): WorkgroupRows | undefined {
  const stages = kernel.stages.map(({ id }) => [id, schedule.stages.get(id)] as const);
  const rows = stages.filter(
    (entry): entry is readonly [StageId, WorkgroupRowSchedule] => entry[1]?.kind === 'workgroup-row',
  );
  const [first] = rows;
  if (first === undefined || rows.length !== stages.length) return undefined;
  const [, { row, invocations }] = first;
  if (!rows.every(([, each]) => each.invocations === invocations && each.row.join() === row.join()))
    throw new InvariantError(`kernel ${kernel.name}: stages with different rows`);
  if (!Number.isInteger(Math.log2(invocations)))
    throw new InvariantError(`kernel ${kernel.name}: ${invocations} invocations do not halve`);
  return { row, invocations, along: new Map(rows.map(([id, each]) => [id, each.along])) };
}

/** Gives the number of rows. */
export function emitWorkgroupRows(context: LoweringContext, rows: WorkgroupRows): Size {
  const { builder, kernel } = context;
  const extents = rows.row.map((axis) => axisOf(kernel, axis).extent);
  builder.for({ mode: 'workgroup', name: 'row', from: builder.tileBegin, to: builder.tileEnd }, (group) => {
    const point = bindRow(context, rows.row, group);
    emitScratch(context, point, rows.row, insideBuffers(context), () =>
      withPartials(context, rows, kernel.stages, new Map(), (partials) => {
        builder.for({ mode: 'invocation', name: 't', to: rows.invocations }, (invocation) => {
          emitStages({ context, rows, partials, invocation }, innerPoint(point));
        });
      }),
    );
  });
  return productOfSizes(extents);
}

function bindRow(context: LoweringContext, row: readonly AxisId[], group: Expr): Point {
  const { builder, kernel } = context;
  let rest = group;
  let point = startPoint();
  for (const [position, axis] of [...row.entries()].reverse()) {
    const { extent, name } = axisOf(kernel, axis);
    const at = position === 0 ? rest : builder.let(name, binary('remainder', rest, size(extent)));
    if (position > 0) rest = builder.let('rest', divide(rest, size(extent)));
    point = bindAxis(point, axis, at);
  }
  return point;
}

type Partials = ReadonlyMap<StageId, readonly FlatBuffer[]>;

/** A partial result an invocation and accumulator, for each reduction. */
function withPartials(
  context: LoweringContext,
  rows: WorkgroupRows,
  stages: readonly Stage[],
  known: Partials,
  body: (partials: Partials) => void,
): void {
  const [stage, ...rest] = stages;
  if (stage === undefined) return body(known);
  const next = (buffers: readonly FlatBuffer[]): void => {
    const dtype = stage.combiner?.dtypes[buffers.length];
    if (dtype === undefined) return withPartials(context, rows, rest, new Map(known).set(stage.id, buffers), body);
    const options = { name: 'part', dtype, size: rows.invocations };
    context.builder.alloc(options, 'workgroup', (buffer) => next([...buffers, buffer]));
  };
  next([]);
}

interface Invocation {
  readonly context: LoweringContext;
  readonly rows: WorkgroupRows;
  readonly partials: Partials;
  readonly invocation: Expr;
}

function emitStages(at: Invocation, point: Point): void {
  const { kernel, builder } = at.context;
  kernel.stages.forEach((stage, position) => {
    if (position > 0) builder.barrier();
    if (stage.combiner === undefined) emitElements(at, innerPoint(point), stage);
    else emitRowReduction(at, innerPoint(point), stage, stage.combiner);
  });
}

/** Every invocation's elements along the row, and all of the stage's other axes at each. */
function forOwnElements(
  { context, rows, invocation }: Invocation,
  point: Point,
  stage: Stage,
  state: readonly Expr[],
  body: (point: Point, state: readonly Expr[]) => readonly Expr[],
): readonly Expr[] {
  const along = rows.along.get(stage.id);
  if (along === undefined) throw new InvariantError(`kernel ${context.kernel.name}: no axis along the row`);
  const { extent, name } = axisOf(context.kernel, along);
  const others = stage.axes.filter((axis) => axis !== along && !rows.row.includes(axis));
  const nest = (at: Point, axes: readonly AxisId[], carried: readonly Expr[]): readonly Expr[] => {
    const [axis, ...rest] = axes;
    if (axis === undefined) return body(at, carried);
    const plan = { axis, lanes: 1, unroll: 1, guards: guardsOfStage(stage) };
    return emitLoop(context, at, plan, carried, (inner, next) => nest(inner, rest, next));
  };
  if (!stage.axes.includes(along)) return nest(point, others, state);
  const range = { name, from: invocation, to: size(extent), step: rows.invocations };
  return context.builder.for(range, state, (i, carried) => nest(bindAxis(point, along, i), others, carried));
}

function emitElements(at: Invocation, point: Point, stage: Stage): void {
  const { context } = at;
  forOwnElements(at, point, stage, [], (inner) => {
    const exprs = (stage.finish ?? stage.values).map((value) => emitNamed(context, inner, value, 'v'));
    emitWrites(context, inner, stage, exprs);
    return [];
  });
}

function emitRowReduction(at: Invocation, point: Point, stage: Stage, combiner: Combiner): void {
  const { context, rows, partials, invocation } = at;
  const { builder } = context;
  if (!mayRegroup(combiner)) throw new InvariantError(`kernel ${context.kernel.name}: a row reduced out of order`);
  const buffers = partials.get(stage.id) ?? [];
  const initial = combiner.dtypes.map((dtype, i) => constant(scalar(dtype), combiner.identity[i] ?? 0));
  const own = forOwnElements(at, point, stage, initial, (inner, state) => {
    const elements = stage.values.map((value) => emitNamed(context, inner, value, 'e'));
    return combine(context, inner, combiner, state, elements);
  });
  buffers.forEach((buffer, i) => builder.store(buffer, invocation, own[i] ?? 0));
  builder.barrier();
  for (let half = rows.invocations / 2; half >= 1; half /= 2) {
    builder.if(compare('lt', invocation, half), () => {
      const named = (index: Expr): readonly Expr[] => buffers.map((buffer) => builder.let('part', load(buffer, index)));
      const [left, right] = [named(invocation), named(add(invocation, half))];
      const joined = joinAccumulators(context, innerPoint(point), combiner, left, right);
      const results = joined.map((expr) => builder.let('part', expr));
      buffers.forEach((buffer, i) => builder.store(buffer, invocation, results[i] ?? 0));
    });
    builder.barrier();
  }
  emitRowResult(at, point, stage, buffers);
}

/** Every invocation has the result for the stages to come; one of them writes it to memory. */
function emitRowResult(
  { context, invocation }: Invocation,
  point: Point,
  stage: Stage,
  buffers: readonly FlatBuffer[],
): void {
  const { builder, places } = context;
  const accumulators = buffers.map((buffer) => builder.let('total', load(buffer, 0)));
  const at = innerPoint(point, { accumulators });
  const exprs = stage.finish?.map((value) => builder.let('total', emitValue(context, at, value))) ?? accumulators;
  stage.writes.forEach((access, position) => {
    const expr = exprs[position];
    if (expr === undefined) return;
    const write = (): void => emitWrite(context, innerPoint(at), access, expr);
    if (places.get(access.buffer)?.kind === 'register') write();
    else builder.if(compare('eq', invocation, 0), write);
  });
}
