/** Softmax, layer norm and reductions on a GPU: a row a workgroup, where rows are independent and what lies between stages is small. */
import { axisOf } from './lower-context.ts';
import { droppedDimensions, elementsInside, fitsRegister, sharedAxes } from './lower-fusion.ts';
import { mayRegroup } from './regrouping.ts';
import type { Schedule, StageSchedule } from './schedule.ts';
import { maxSize, productOfSizes } from './size.ts';
import type { AxisId, BufferId, Stage, StageId, StructuredKernel } from './structured-kernel.ts';
import type { GpuLimits } from './target-info.ts';
import { elementBytes } from './value-type.ts';

export function chooseRowSchedule(kernel: StructuredKernel, limits: GpuLimits): Schedule | undefined {
  const row = rowAxes(kernel);
  const stages = new Map<StageId, StageSchedule>();
  const invocations = chooseInvocations(kernel, row, limits);
  for (const stage of kernel.stages) {
    const along = axisAlong(kernel, stage, row);
    if (along === undefined) return undefined;
    stages.set(stage.id, { kind: 'workgroup-row', row, along, invocations });
  }
  const spaces = rowSpaces(kernel, row, limits);
  const hasReduction = kernel.stages.some(({ combiner }) => combiner !== undefined);
  if (!hasReduction || spaces === undefined) return undefined;
  return { tiles: [], stages, layouts: new Map(), spaces, workgroup: [invocations, 1, 1] };
}

function rowAxes(kernel: StructuredKernel): readonly AxisId[] {
  const [stage] = kernel.stages;
  if (kernel.stages.length !== 1 || stage === undefined) return sharedAxes(kernel);
  return stage.axes.filter((axis) => axisOf(kernel, axis).kind === 'parallel');
}

/** The innermost axis that is not the row's: of a reduction, one it reduces. */
function axisAlong(kernel: StructuredKernel, stage: Stage, row: readonly AxisId[]): AxisId | undefined {
  const open = stage.axes.filter((axis) => !row.includes(axis));
  if (open.some((axis) => axisOf(kernel, axis).kind === 'sequential')) return undefined;
  if (stage.combiner === undefined) return open.at(-1);
  const isWhole = open.every((axis) => axisOf(kernel, axis).kind === 'reduction');
  return isWhole && mayRegroup(stage.combiner) ? open.at(-1) : undefined;
}

/** As many as the longest row has elements, to a power of two. */
function chooseInvocations(kernel: StructuredKernel, row: readonly AxisId[], limits: GpuLimits): number {
  const longest = Math.max(
    1,
    ...kernel.stages.map(({ axes }) => {
      const open = axes.filter((axis) => !row.includes(axis));
      return maxSize(productOfSizes(open.map((axis) => axisOf(kernel, axis).extent))) ?? Infinity;
    }),
  );
  const most = 2 ** Math.floor(Math.log2(limits.maxWorkgroupInvocations));
  return Math.min(most, 2 ** Math.ceil(Math.log2(longest)));
}

function rowSpaces(
  kernel: StructuredKernel,
  row: readonly AxisId[],
  { maxWorkgroupBytes }: GpuLimits,
): Schedule['spaces'] | undefined {
  const spaces = new Map<BufferId, 'register' | 'workgroup'>();
  let bytes = 0;
  for (const buffer of kernel.buffers) {
    if (buffer.role !== 'scratch') continue;
    const elements = elementsInside(buffer, droppedDimensions(kernel, buffer.id, row));
    const isVariable = fitsRegister(kernel, buffer, row);
    if (!isVariable) bytes += (maxSize(elements) ?? Infinity) * elementBytes(buffer.dtype);
    spaces.set(buffer.id, isVariable ? 'register' : 'workgroup');
  }
  // The partial results of the reductions take their part.
  return bytes <= maxWorkgroupBytes / 2 ? spaces : undefined;
}
