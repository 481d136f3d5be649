/**
 * Schedules as plain data, and back: what a table of tuned ones holds. Only what a heuristic decides is there; roles of axes, lanes of a
 * contraction, layouts, tiles and places follow from the kernel, so that a table stays good while those change.
 */
import { linksOf } from '../chain/links.ts';
import { contractionRoles, mayReadColumns } from '../contraction/choose-schedule.ts';
import { canKeepRawSums } from '../contraction/raw-sums.ts';
import { chooseSchedule, completeSchedule } from '../heuristics.ts';
import { axisOf } from '../lower-context.ts';
import { sharedAxes } from '../lower-fusion.ts';
import { mayRegroupNumbers, shortReduction } from '../regrouping.ts';
import type { ContractionSchedule, LoopSchedule, Schedule, StageSchedule, WindowSchedule } from '../schedule.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { AxisId, Stage, StageId, StructuredKernel } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';

export interface LoopData {
  readonly kind: 'loops';
  /** Numbers of axes, outermost first. */
  readonly order: readonly number[];
  readonly vector?: { readonly axis: number; readonly lanes: number };
  readonly unroll: number;
  readonly stream?: { readonly rows: number; readonly columns: number };
  readonly turned?: { readonly axis: number; readonly block: number };
}

export interface WindowData {
  readonly kind: 'window';
  readonly tile: number;
  readonly bandRows: number;
}

export interface ContractionData {
  readonly kind: 'contraction';
  readonly mr: number;
  readonly nr: number;
  readonly kc: number;
  readonly mc: number;
  readonly nc: number;
  readonly rhs: 'panel' | 'direct';
  readonly lhs: 'panel' | 'direct' | 'image';
  readonly inner?: 'rows' | 'columns';
}

export type StageData = LoopData | ContractionData | WindowData;

/** One entry a stage, in the kernel's order. */
export type ScheduleData = readonly StageData[];

/** Undefined for a schedule of a GPU. */
export function scheduleData(kernel: StructuredKernel, { stages }: Schedule): ScheduleData | undefined {
  const data = kernel.stages.map(({ id }) => stageData(stages.get(id)));
  return data.every((each) => each !== undefined) ? data : undefined;
}

function stageData(schedule: StageSchedule | undefined): StageData | undefined {
  if (schedule?.kind === 'loops') {
    const { order, unroll, stream, turned } = schedule;
    const vector = schedule.vector && { axis: schedule.vector.axis, lanes: schedule.vector.lanes };
    return {
      kind: 'loops',
      order,
      ...(vector && { vector }),
      unroll,
      ...(stream && { stream }),
      ...(turned && { turned }),
    };
  }
  if (schedule?.kind === 'window') return { kind: 'window', tile: schedule.tile, bandRows: schedule.bandRows };
  if (schedule?.kind !== 'contraction') return undefined;
  const { mr, nr, kc, mc, nc, rhs, lhs, inner } = schedule;
  return { kind: 'contraction', mr, nr, kc, mc, nc, rhs, lhs, ...(inner === undefined ? {} : { inner }) };
}

export type ScheduleOutcome =
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | { readonly kind: 'problem'; readonly problem: string };

/** The schedule that data stand for; or why they do not fit the kernel, whose axes are collapsed. */
export function scheduleOfData(kernel: StructuredKernel, data: ScheduleData, target: TargetInfo): ScheduleOutcome {
  if (data.length !== kernel.stages.length)
    return { kind: 'problem', problem: `it has ${data.length} stages, the kernel ${kernel.stages.length}` };
  const stages = new Map<StageId, StageSchedule>();
  const known = chooseSchedule(kernel, target);
  for (const [index, stage] of kernel.stages.entries()) {
    const each = data[index];
    const found = stageSchedule(kernel, stage, each, known.stages.get(stage.id));
    if (typeof found === 'string') return { kind: 'problem', problem: `stage ${index}: ${found}` };
    stages.set(stage.id, found);
  }
  const problem = sharedProblem(kernel, stages);
  return problem === undefined
    ? { kind: 'schedule', schedule: completeSchedule(kernel, stages, target) }
    : { kind: 'problem', problem };
}

function stageSchedule(
  kernel: StructuredKernel,
  stage: Stage,
  data: StageData | undefined,
  base: StageSchedule | undefined,
): StageSchedule | string {
  switch (data?.kind) {
    case undefined:
      return 'it is missing';
    case 'loops':
      return loopSchedule(kernel, stage, data, base);
    case 'contraction':
      return contraction(kernel, stage, data, base);
    case 'window':
      return windowSchedule(data, base);
    default:
      return data satisfies never;
  }
}

const mostWindowTile = 16;

function windowSchedule({ tile, bandRows }: WindowData, base: StageSchedule | undefined): WindowSchedule | string {
  if (base?.kind !== 'window') return 'it is no window that slides';
  if (tile > mostWindowTile) return `${tile} results are no register tile`;
  return bandRows > base.bandRows * 4 ? `a band of ${bandRows} rows is too large` : { ...base, tile, bandRows };
}

const mostUnroll = 16;
const mostLanes = 64;

function loopSchedule(
  kernel: StructuredKernel,
  stage: Stage,
  data: LoopData,
  base: StageSchedule | undefined,
): LoopSchedule | string {
  const order = data.order as readonly AxisId[];
  const isPermutation = order.length === stage.axes.length && stage.axes.every((axis) => order.includes(axis));
  if (!isPermutation) return `the order ${order.join(', ')} is none of its axes ${stage.axes.join(', ')}`;
  const isReduced = (axis: AxisId): boolean => axisOf(kernel, axis).kind === 'reduction';
  if (order.some((axis, at) => isReduced(axis) && order.slice(at).some((after) => !isReduced(after))))
    return 'a reduction is outside of another axis';
  const mayChange = stage.combiner !== undefined && mayRegroupNumbers(stage.combiner);
  if (!mayChange && !isSameOrder(order.filter(isReduced), stage.axes.filter(isReduced)))
    return 'it sums in another order than the combiner permits';
  const isSequential = stage.axes.some((axis) => axisOf(kernel, axis).kind === 'sequential');
  if (isSequential && !isSameOrder(order, stage.axes)) return 'it reorders a sequential axis';
  const known = base?.kind === 'loops' ? base : undefined;
  const vector = laneAxis(data, known);
  const { unroll } = data;
  const isLong = mayChange && hasLongReduction(kernel, stage);
  if (vector !== undefined) {
    if (!stage.axes.includes(vector.axis)) return `it has no axis ${vector.axis} to run along lanes`;
    if (!Number.isInteger(Math.log2(vector.lanes)) || vector.lanes > mostLanes)
      return `there are no vectors of ${vector.lanes} lanes`;
    const { kind } = axisOf(kernel, vector.axis);
    if (kind === 'sequential' || (kind === 'reduction' && !isLong))
      return `the axis ${vector.axis} may not run along lanes`;
  }
  if (unroll > mostUnroll) return `it is unrolled ${unroll} times; ${mostUnroll} are the most`;
  if (stage.combiner !== undefined && unroll > 1 && !isLong)
    return 'it sums in another order than the combiner permits';
  const { stream } = data;
  const turned = data.turned as LoopSchedule['turned'];
  const isAlongSame = known !== undefined && known.vector?.axis === vector?.axis;
  if (stream !== undefined && !(isAlongSame && stream.columns <= 4 * (known.stream?.columns ?? 0)))
    return 'its rows cannot stream by';
  if (turned !== undefined && !(isAlongSame && known.turned?.axis === turned.axis && turned.block <= mostTurnedBlock))
    return 'its reads cannot be turned';
  // What is reduced together has room for so many sums of each.
  const jam = isAlongSame && unroll === known.unroll ? known.jam : undefined;
  return {
    kind: 'loops',
    order,
    vector,
    unroll,
    ...(stream && { stream }),
    ...(turned && { turned }),
    ...(jam && { jam }),
  };
}

const mostTurnedBlock = 256;

/** As the heuristic has it, where it is the same: with what it says of the ends. */
function laneAxis({ vector }: LoopData, known: LoopSchedule | undefined): LoopSchedule['vector'] {
  if (vector === undefined) return undefined;
  const isKnown = known?.vector?.axis === vector.axis && known.vector.lanes === vector.lanes;
  return isKnown ? known.vector : { axis: vector.axis as AxisId, lanes: vector.lanes };
}

function isSameOrder(a: readonly AxisId[], b: readonly AxisId[]): boolean {
  return a.every((axis, index) => axis === b[index]);
}

export function hasLongReduction(kernel: StructuredKernel, { axes }: Stage): boolean {
  const reduced = axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  const elements = maxSize(productOfSizes(reduced.map(({ extent }) => extent)));
  return elements === undefined || elements >= shortReduction;
}

const mostRows = 32;
const mostColumnVectors = 16;
const mostBlock = 1 << 20;

/** Panels that a kernel packs lie on its stack. */
const mostPanelBytes = 2 << 20;

function contraction(
  kernel: StructuredKernel,
  stage: Stage,
  data: ContractionData,
  base: StageSchedule | undefined,
): ContractionSchedule | string {
  if (base?.kind !== 'contraction') return 'it is no contraction';
  const { mr, nr, kc, mc, nc, rhs, lhs, inner } = data;
  const { lanes } = base;
  if (mr > mostRows || nr > mostColumnVectors * lanes || nr % lanes !== 0)
    return `${mr} x ${nr} is no register tile of vectors of ${lanes}`;
  if (mc % mr !== 0 || nc % nr !== 0) return `blocks of ${mc} x ${nc} are not made of tiles of ${mr} x ${nr}`;
  if (Math.max(kc, mc, nc) > mostBlock) return 'its blocks are larger than any cache';
  const bytes = elementBytes(stage.combiner?.dtypes[0] ?? 'f32');
  const deepest = maxSize(productOfSizes(base.k.map((axis) => axisOf(kernel, axis).extent))) ?? Infinity;
  const depth = canKeepRawSums(kernel, stage) ? Math.min(kc, deepest) : deepest;
  if (depth * Math.max(lhs === 'panel' ? mc : 0, rhs === 'panel' ? nc : 0) * bytes > mostPanelBytes)
    return `its panels take more than ${mostPanelBytes} bytes`;
  if (lhs === 'image' && base.lhs !== 'image') return 'it has no padding to make an image of';
  const roles = contractionRoles(kernel, stage);
  if (rhs === 'direct' && (roles === undefined || !mayReadColumns(kernel, roles)))
    return 'its columns cannot be read where they lie';
  return { ...base, mr, nr, kc, mc, nc, rhs, lhs, ...(inner === undefined ? {} : { inner }) };
}

/** Stages that share loops run along a shared axis all together, or none of them. */
function sharedProblem(kernel: StructuredKernel, stages: Schedule['stages']): string | undefined {
  if (kernel.links !== undefined)
    return linksOf(kernel).reduce<string | undefined>((found, link) => found ?? sharedProblem(link, stages), undefined);
  if (!kernel.stages.every(({ id }) => stages.get(id)?.kind === 'loops')) return undefined;
  const shared = sharedAxes(kernel);
  const vectors = kernel.stages.map(({ id }) => {
    const each = stages.get(id);
    return each?.kind === 'loops' ? each.vector : undefined;
  });
  const [first] = vectors;
  const isAlong = vectors.some((vector) => vector !== undefined && shared.includes(vector.axis));
  const isAll = vectors.every((vector) => vector?.axis === first?.axis && vector?.lanes === first?.lanes);
  return isAlong && !isAll ? 'stages that share an axis run along different lanes' : undefined;
}
