/** Chooses a schedule for a kernel: always a right one, and for the common shapes a good one. */
import { chainSchedule } from './chain/choose-chain.ts';
import { linksOf } from './chain/links.ts';
import { chooseContractionSchedule, packsColumns, rowElements, rowsForLoops } from './contraction/choose-schedule.ts';
import { contractionTiles } from './contraction/contraction-tiles.ts';
import { chooseWorkgroupContraction } from './contraction/choose-workgroup.ts';
import { contractionLayouts } from './contraction/panel-layout.ts';
import { chooseLoopSchedules } from './heuristics-loops.ts';
import { chooseRowSchedule } from './heuristics-row.ts';
import { walkValues } from './lower-affine.ts';
import { axisOf } from './lower-context.ts';
import {
  droppedDimensions,
  elementsInside,
  fitsRegister,
  independentAxes,
  isAllLoops,
  sharedAxes,
} from './lower-fusion.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { type Overlap, overlapOf } from './lower-overlap.ts';
import type { PhysicalLayout } from './physical-layout.ts';
import { elementaryOps } from './scalar-ops.ts';
import type { AxisTile, ContractionSchedule, Schedule, StageSchedule } from './schedule.ts';
import { maxSize, multiplySizes, type Size } from './size.ts';
import type { AxisId, BufferId, KernelBuffer, Stage, StageId, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';
import { elementBytes } from './value-type.ts';
import { chooseWindowSchedule } from './window/choose-window.ts';

/** Scratch up to this many bytes lies on the stack, each row of it in the same place: the longest rows that are kept. */
const mostStackBytes = 1 << 20;

/** Of a node of a stage at one point: in lanes; alone; and how many nodes an elementary function is worth. */
const vectorNanoseconds = 0.08;
const scalarNanoseconds = 0.4;
const functionNodes = 12;

/** Of a point of the divided axis, where there is nothing to do at it. */
const leastNanoseconds = 1e-3;

/** Points of an axis along lanes that a tile takes at least: a row of it is then some lines of the cache. */
const leastColumns = 256;

/** Tiles of a window over an image that threads may divide. */
const leastBands = 6;

/** Rows of a tile that run one in the other, and tiles of such rows that threads may divide. */
const mostOverlapped = 32;
const leastTiles = 16;

export function chooseSchedule(kernel: StructuredKernel, target: TargetInfo): Schedule {
  const { gpu } = target;
  const workgroups = gpu && (chooseWorkgroupContraction(kernel, gpu) ?? chooseRowSchedule(kernel, gpu));
  return workgroups ?? completeSchedule(kernel, chooseStages(kernel, target), target);
}

/** With the tiles, layouts and places that follow from the schedules of the stages. */
export function completeSchedule(kernel: StructuredKernel, stages: Schedule['stages'], target: TargetInfo): Schedule {
  if (kernel.links !== undefined) {
    const links = linksOf(kernel).map((link) => completeSchedule(link, ownStages(link, stages), target));
    return chainSchedule(kernel, links, target);
  }
  const shared = isAllLoops(stages) ? sharedAxes(kernel) : [];
  const overlap = shared.length > 0 ? overlapOf(kernel, stages) : undefined;
  const tiles = chooseTiles(kernel, stages, shared, overlap, target);
  const layouts = new Map<BufferId, PhysicalLayout>();
  for (const stage of kernel.stages) {
    const schedule = stages.get(stage.id);
    if (schedule?.kind !== 'contraction') continue;
    for (const [buffer, layout] of contractionLayouts(kernel, stage, schedule, tiles)) layouts.set(buffer, layout);
  }
  const spaces = chooseSpaces(kernel, shared);
  return {
    tiles,
    stages,
    layouts,
    spaces,
    workgroup: undefined,
    ...(overlap === undefined ? {} : { overlapsRows: true }),
  };
}

function ownStages(link: StructuredKernel, stages: Schedule['stages']): Schedule['stages'] {
  return new Map([...stages].filter(([id]) => link.stages.some((stage) => stage.id === id)));
}

function chooseStages(kernel: StructuredKernel, target: TargetInfo): ReadonlyMap<StageId, StageSchedule> {
  if (kernel.links !== undefined) return new Map(linksOf(kernel).flatMap((link) => [...chooseStages(link, target)]));
  const chosen = new Map<StageId, StageSchedule>();
  for (const stage of kernel.stages) {
    const contraction = chooseContractionSchedule(kernel, stage, target);
    const window =
      contraction === undefined || contraction.batch.length > 0
        ? chooseWindowSchedule(kernel, stage, target)
        : undefined;
    // A product for each channel, of few features: lanes along channels.
    const isWindow = contraction === undefined || contraction.batch.some((axis) => axis === window?.vector.axis);
    const schedule = isWindow ? undefined : contraction;
    if (schedule !== undefined) chosen.set(stage.id, withFewRows(kernel, stage, schedule, target));
    if (isWindow && window !== undefined) chosen.set(stage.id, window);
  }
  const loops = kernel.stages.filter(({ id }) => !chosen.has(id));
  const shared = chosen.size === 0 ? sharedAxes(kernel) : [];
  const schedules = chooseLoopSchedules(kernel, loops, shared, target);
  loops.forEach(({ id }, position) => {
    const schedule = schedules[position];
    if (schedule !== undefined) chosen.set(id, schedule);
  });
  return chosen;
}

function withFewRows(
  kernel: StructuredKernel,
  stage: Stage,
  schedule: ContractionSchedule,
  target: TargetInfo,
): ContractionSchedule {
  const below = rowsForLoops(kernel, stage, schedule);
  const [loops] = below === 0 ? [] : chooseLoopSchedules(kernel, [stage], [], target);
  return loops === undefined ? schedule : { ...schedule, fewRows: { below, loops } };
}

export function chooseSpaces(kernel: StructuredKernel, shared: readonly AxisId[]): Schedule['spaces'] {
  const scratch = kernel.buffers.filter(({ role }) => role === 'scratch');
  return new Map(scratch.map((buffer) => [buffer.id, spaceOf(kernel, buffer, shared)] as const));
}

type Space = Schedule['spaces'] extends ReadonlyMap<BufferId, infer S> ? S : never;

function spaceOf(kernel: StructuredKernel, buffer: KernelBuffer, shared: readonly AxisId[]): Space {
  if (fitsRegister(kernel, buffer, shared)) return 'register';
  const elements = elementsInside(buffer, droppedDimensions(kernel, buffer.id, shared));
  const isSmall = typeof elements === 'number' && elements * elementBytes(buffer.dtype) <= mostStackBytes;
  return isSmall ? 'stack' : 'arena';
}

/** The outermost axis that all stages share, or that the one stage has, in parts of about the time of a tile. */
function chooseTiles(
  kernel: StructuredKernel,
  stages: ReadonlyMap<StageId, StageSchedule>,
  shared: readonly AxisId[],
  overlap: Overlap | undefined,
  target: TargetInfo,
): readonly AxisTile[] {
  const [stage] = kernel.stages;
  if (stage === undefined) return [];
  const schedule = stages.get(stage.id);
  if (kernel.stages.length === 1 && schedule?.kind === 'contraction') {
    const bytes = elementBytes(stage.combiner?.dtypes[0] ?? 'f32');
    return contractionTiles(kernel, {
      schedule,
      bytes,
      target,
      packsColumns: packsColumns(kernel, stage, schedule),
      rowElements: rowElements(kernel, stage, schedule),
    });
  }
  const axis =
    kernel.stages.length === 1 ? outermostParallel(kernel, schedule) : (shared[0] ?? independentAxes(kernel)[0]);
  if (axis === undefined) return [];
  const nanoseconds = kernel.stages.reduce(
    (sum, each) => sum + pointsInside(kernel, each, axis) * pointNanoseconds(each, stages.get(each.id)),
    0,
  );
  const wanted =
    2 ** Math.max(0, Math.ceil(Math.log2(target.tileNanoseconds / Math.max(nanoseconds, leastNanoseconds))));
  const { extent } = axisOf(kernel, axis);
  const band = schedule?.kind === 'window' && axis === schedule.outer.at(-1) ? schedule.bandRows : 1;
  const points = Math.max(
    wanted,
    isAlongLanes(stages, axis) ? leastColumns : 1,
    // Each image of a band copies what its neighbours have in common again.
    target.hasThreads ? Math.min(band, Math.ceil((maxSize(extent) ?? band) / leastBands)) : band,
    axis === overlap?.row ? overlappedRows(extent, target) : 1,
  );
  return typeof extent === 'number' && extent <= points ? [] : [{ axis, size: points }];
}

/** The first row of a tile and the last have nobody to run with. */
function overlappedRows(extent: Size, { hasThreads }: TargetInfo): number {
  return hasThreads ? Math.min(mostOverlapped, Math.ceil((maxSize(extent) ?? 1) / leastTiles)) : mostOverlapped;
}

function isAlongLanes(stages: ReadonlyMap<StageId, StageSchedule>, axis: AxisId): boolean {
  return [...stages.values()].some((stage) => stage.kind === 'loops' && stage.vector?.axis === axis);
}

function outermostParallel(kernel: StructuredKernel, schedule: StageSchedule | undefined): AxisId | undefined {
  const order = schedule?.kind === 'loops' ? schedule.order : schedule?.kind === 'window' ? schedule.outer : [];
  return order.find((axis) => axisOf(kernel, axis).kind === 'parallel' && axisOf(kernel, axis).extent !== 1);
}

/** What the stage takes at a point, about. */
function pointNanoseconds(stage: Stage, schedule: StageSchedule | undefined): number {
  let nodes = stage.writes.length;
  walkValues([...rootsOfStage(stage), ...(stage.combiner?.results ?? [])], (value) => {
    const isFunction = (value.kind === 'unary' || value.kind === 'binary') && elementaryOps.has(value.op);
    nodes += isFunction ? functionNodes : 1;
  });
  const isVector = schedule?.kind !== 'loops' || schedule.vector !== undefined;
  return nodes * (isVector ? vectorNanoseconds : scalarNanoseconds);
}

/** Points of the stage at one index of the axis, at most. */
function pointsInside(kernel: StructuredKernel, stage: Stage, axis: AxisId): number {
  const others = stage.axes.filter((each) => each !== axis).map((each) => axisOf(kernel, each).extent);
  return maxSize(others.reduce<Size>(multiplySizes, 1)) ?? 1;
}
