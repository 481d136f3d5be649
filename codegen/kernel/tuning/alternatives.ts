/**
 * Other schedules for a kernel, near the heuristic's: each decision changed on its own first, then the best of them together. None sums in another
 * order than the combiner permits; the tables' own check (schedule-data.ts) sees to that, whoever proposes.
 */
import { likelyPoints } from '../extent.ts';
import { axisOf } from '../lower-context.ts';
import type { Schedule } from '../schedule.ts';
import type { AxisId, Stage, StructuredKernel } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import {
  type ContractionData,
  type LoopData,
  type ScheduleData,
  scheduleData,
  scheduleOfData,
  type StageData,
} from './schedule-data.ts';

export interface Alternative {
  readonly data: ScheduleData;
  readonly schedule: Schedule;
}

/** Those that fit, each once, without the one given. */
export function alternatives(kernel: StructuredKernel, from: Schedule, target: TargetInfo): readonly Alternative[] {
  const data = scheduleData(kernel, from);
  if (data === undefined) return [];
  const proposals = data.flatMap((stage, index) => {
    const own = kernel.stages[index];
    if (own === undefined) return [];
    const others = stageAlternatives(kernel, own, from, stage, target);
    return others.map((other) => data.with(index, other));
  });
  return fitting(kernel, [...proposals, ...sharedVectors(kernel, data, target)], data, target);
}

function fitting(
  kernel: StructuredKernel,
  proposals: readonly ScheduleData[],
  given: ScheduleData,
  target: TargetInfo,
): readonly Alternative[] {
  const seen = new Set([JSON.stringify(given)]);
  return proposals.flatMap((data): readonly Alternative[] => {
    const text = JSON.stringify(data);
    if (seen.has(text)) return [];
    seen.add(text);
    const outcome = scheduleOfData(kernel, data, target);
    return outcome.kind === 'schedule' ? [{ data, schedule: outcome.schedule }] : [];
  });
}

function stageAlternatives(
  kernel: StructuredKernel,
  stage: Stage,
  from: Schedule,
  data: StageData,
  target: TargetInfo,
): readonly StageData[] {
  switch (data.kind) {
    case 'loops':
      return loopAlternatives(kernel, stage, data, target);
    case 'contraction':
      return tileAlternatives(kernel, stage, from, data, target);
    case 'window':
      return [1, 2, 3, 4, 5, 6, 8, 10, 12].flatMap((tile) =>
        [0.5, 1, 2].map((scale) => ({ ...data, tile, bandRows: Math.max(1, Math.round(data.bandRows * scale)) })),
      );
    default:
      return data satisfies never;
  }
}

/** Loops: the axis along lanes, how often the innermost is unrolled, which axis lies inside. */
function loopAlternatives(
  kernel: StructuredKernel,
  stage: Stage,
  data: LoopData,
  { vectorBits }: TargetInfo,
): readonly StageData[] {
  const lanes = data.vector?.lanes ?? vectorBits / 8 / widestBytes(kernel, stage);
  const vectors = stage.axes.map((axis): LoopData => {
    return { kind: 'loops', order: withLast(kernel, data.order, axis), vector: { axis, lanes }, unroll: data.unroll };
  });
  const { turned } = data;
  const blocks =
    turned === undefined ? [] : [8, 16, 32, 64].map((block) => ({ ...data, turned: { ...turned, block } }));
  const scalar: LoopData = { kind: 'loops', order: data.order, unroll: data.unroll };
  const orders = data.order.map((axis): LoopData => ({ ...data, order: withLast(kernel, data.order, axis) }));
  const bases = [data, ...blocks, ...(lanes > 1 ? vectors : []), scalar, ...orders];
  return bases.flatMap((base) => [1, 2, 4, 8].map((unroll) => ({ ...base, unroll })));
}

function widestBytes(kernel: StructuredKernel, { writes }: Stage): number {
  const bytes = writes.map(({ buffer }) =>
    elementBytes(kernel.buffers.find(({ id }) => id === buffer)?.dtype ?? 'f32'),
  );
  return Math.max(1, ...bytes);
}

/** The axis innermost among those of its kind. */
function withLast(kernel: StructuredKernel, order: readonly number[], axis: number): readonly number[] {
  const kindOf = (id: number): string => axisOf(kernel, id as AxisId).kind;
  const outer = order.filter((each) => kindOf(each) !== 'reduction');
  const inner = order.filter((each) => kindOf(each) === 'reduction');
  const move = (list: readonly number[]): readonly number[] =>
    list.includes(axis) ? [...list.filter((each) => each !== axis), axis] : list;
  return [...move(outer), ...move(inner)];
}

/** Stages that share loops, all along one axis. */
function sharedVectors(
  kernel: StructuredKernel,
  data: ScheduleData,
  { vectorBits }: TargetInfo,
): readonly ScheduleData[] {
  if (kernel.stages.length < 2 || data.some(({ kind }) => kind !== 'loops')) return [];
  const lanes = vectorBits / 32;
  return kernel.axes.map(({ id }) =>
    data.map((stage) => (stage.kind === 'loops' ? { ...stage, vector: { axis: id, lanes } } : stage)),
  );
}

/** Register tiles that the registers hold, blocks of half and twice the size, packed or not. */
function tileAlternatives(
  kernel: StructuredKernel,
  stage: Stage,
  from: Schedule,
  data: ContractionData,
  { vectorRegisters }: TargetInfo,
): readonly StageData[] {
  const schedule = from.stages.get(stage.id);
  if (schedule?.kind !== 'contraction') return [];
  const { lanes, k, m, n } = schedule;
  const extent = (axes: readonly AxisId[]): number => likelyPoints(kernel, axes);
  const tiled = (tile: { readonly mr: number; readonly nr: number }, base = data): ContractionData => ({
    ...base,
    ...tile,
    mc: roundUp(base.mc, tile.mr),
    nc: roundUp(base.nc, tile.nr),
  });
  const tiles = registerTiles(vectorRegisters, lanes, extent(m), extent(n));
  const blocks: ContractionData[] = [0.5, 2, 4].flatMap((scale) => [
    { ...data, kc: Math.min(Math.max(8, roundUp(data.kc * scale, 8)), Math.max(1, extent(k))) },
    { ...data, mc: roundUp(Math.max(data.mr, data.mc * scale), data.mr) },
    { ...data, nc: roundUp(Math.max(data.nr, data.nc * scale), data.nr) },
  ]);
  const whole = { ...data, kc: extent(k) };
  const sides = (['panel', 'direct'] as const).flatMap((rhs) =>
    (['panel', 'direct', 'image'] as const).flatMap((lhs) =>
      (['rows', 'columns'] as const).map((inner): ContractionData => ({ ...data, rhs, lhs, inner })),
    ),
  );
  return [...tiles.map((tile) => tiled(tile)), ...blocks, whole, ...sides];
}

function registerTiles(
  registers: number,
  lanes: number,
  rows: number,
  columns: number,
): readonly { readonly mr: number; readonly nr: number }[] {
  const tiles: { mr: number; nr: number }[] = [];
  for (let vectors = 1; vectors <= 6 && (vectors - 1) * lanes < columns; vectors += 1)
    for (let mr = 1; mr <= Math.min(8, rows); mr += 1)
      if (mr * vectors >= 4 && mr * vectors + Math.min(mr, vectors) <= registers)
        tiles.push({ mr, nr: vectors * lanes });
  return tiles;
}

function roundUp(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step;
}
