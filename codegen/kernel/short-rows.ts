/**
 * Rows of fewer elements than it takes to sum them in any order but theirs: lanes along a row leave some of it to scalars, and find nothing to
 * do in its sums; lanes across rows load and store one element at a time, and compute on all. Which takes fewer instructions is counted.
 *
 *     softmax of [100000, 10], Zen 5: lanes across rows take half of the time
 *
 * They are lanes of several registers side by side: elementary functions test their range together, and the sums, in order, of more rows are
 * under way at once (Zen 5, relaxed: softmax of [4096, 10] 1.7 times the speed, [1000, 31] 1.5; layer norm of [4096, 10] 1.35, [1000, 31] 1.16).
 */
import { axesOfAccess, rowMajorStride, walkValues } from './lower-affine.ts';
import { axisOf, bufferOf } from './lower-context.ts';
import { readsOfStage } from './lower-fusion.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { shortReduction } from './regrouping.ts';
import { elementaryOps } from './scalar-ops.ts';
import type { LaneAxis, LoopSchedule } from './schedule.ts';
import { maxSize, productOfSizes } from './size.ts';
import type { Access, AxisId, Stage, StructuredKernel } from './structured-kernel.ts';

type Vector = LoopSchedule['vector'];

/** Instructions that an elementary function is worth. */
const functionWork = 20;

/** Of the stages of rows: whether lanes are better across them, along `rows`, than as `inner` says of each stage. */
export function prefersAcrossRows(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  inner: readonly Vector[],
  rows: NonNullable<Vector>,
): boolean {
  let [along, across] = [0, 0];
  for (const [position, stage] of stages.entries()) {
    const own = stage.axes.filter((axis) => !shared.includes(axis));
    const points = productOfSizes(own.map((axis) => axisOf(kernel, axis).extent));
    if (typeof points !== 'number' || points >= shortReduction) return false;
    along += workAlong(kernel, stage, points, inner[position]);
    across += (points * workOf(stage)) / rows.lanes + points * spreading(kernel, stage, rows);
  }
  return across < along;
}

/** Registers of a vector, at most, and lanes: what lies apart is loaded lane by lane. */
const mostRegisters = 4;
const mostLanes = 16;

/** Of as many registers as there are rows for. Sums keep their order, whatever the lanes. */
export function wideRows(kernel: StructuredKernel, { axis, lanes }: LaneAxis): LaneAxis {
  const rows = maxSize(axisOf(kernel, axis).extent) ?? Infinity;
  const most = Math.min(mostRegisters * lanes, mostLanes, rows);
  let wide = lanes;
  while (2 * wide <= most) wide *= 2;
  return wide === lanes ? { axis, lanes } : { axis, lanes: wide, endLanes: lanes };
}

/** Of one row, with lanes along it where there are any. */
function workAlong(kernel: StructuredKernel, stage: Stage, points: number, vector: Vector): number {
  const extent = vector === undefined ? 1 : Number(axisOf(kernel, vector.axis).extent);
  const lanes = vector?.lanes ?? 1;
  const steps = Math.floor(extent / lanes) + (extent % lanes);
  return (points / extent) * steps * workOf(stage);
}

/** Instructions at a point. */
function workOf(stage: Stage): number {
  let work = stage.writes.length;
  walkValues([...rootsOfStage(stage), ...(stage.combiner?.results ?? [])], (value) => {
    const isFunction = (value.kind === 'unary' || value.kind === 'binary') && elementaryOps.has(value.op);
    work += isFunction ? functionWork : 1;
  });
  return work;
}

/** Instructions that bring the elements of several rows together, or apart, at a point of one. Scratch lies as lanes want it. */
function spreading(kernel: StructuredKernel, stage: Stage, { axis, lanes }: NonNullable<Vector>): number {
  const isSpread = (access: Access): boolean => {
    const { role, shape } = bufferOf(kernel, access.buffer);
    const stride = rowMajorStride(shape, access, axis);
    return role !== 'scratch' && axesOfAccess(access).has(axis) && stride !== 1;
  };
  return ([...readsOfStage(stage), ...stage.writes].filter(isSpread).length * (2 * lanes - 1)) / lanes;
}
