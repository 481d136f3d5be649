/**
 * Rows of several stages, of which the last runs in the loops of the next row's first: quotients keep the divider busy, and a maximum the
 * other units.
 *
 *     first(0); for i { between(i); if i + 1 < n { first(i + 1) with last(i) at each of its points } else { last(i) } }
 *
 * Nothing is computed in another order within a row, so the bits are the same.
 */
import { add, compare, constant, index, size } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import { axisOf, bindAxis, bufferOf, innerPoint, type LoweringContext, type Point } from './lower-context.ts';
import { fitsRegister, sharedAxes } from './lower-fusion.ts';
import { guardsOfStage, hoistInvariants } from './lower-invariants.ts';
import { emitReduction } from './lower-reduction.ts';
import { emitScratch, insideBuffers } from './lower-scratch.ts';
import { emitPoint } from './lower-stage.ts';
import type { LoopSchedule, Schedule } from './schedule.ts';
import { equalSizes } from './size.ts';
import { readsOf } from './stage-reads.ts';
import type { AxisId, Combiner, Stage, StructuredKernel } from './structured-kernel.ts';
import { scalar } from './value-type.ts';

export interface Overlap {
  /** The innermost axis that all stages share. */
  readonly row: AxisId;
  /** A reduction along `reduced`, which only variables are left of. */
  readonly first: Stage & { readonly combiner: Combiner };
  readonly reduced: AxisId;
  readonly between: readonly Stage[];
  /** Elementwise, over as many points along `along`. */
  readonly last: Stage;
  readonly along: AxisId;
}

/** Undefined where the last stage of a row cannot run in the loops of the next one's first. */
export function overlapOf(kernel: StructuredKernel, stages: Schedule['stages']): Overlap | undefined {
  const shared = sharedAxes(kernel);
  const row = shared.at(-1);
  const [first, ...others] = kernel.stages;
  const last = others.pop();
  const combiner = first?.combiner;
  if (row === undefined || first === undefined || last === undefined) return undefined;
  if (combiner === undefined || last.combiner !== undefined) return undefined;
  const open = ({ axes }: Stage): readonly AxisId[] => axes.filter((axis) => !shared.includes(axis));
  const [reduced, along] = [onlyOf(open(first)), onlyOf(open(last))];
  if (reduced === undefined || along === undefined) return undefined;
  const overlap: Overlap = { row, first: { ...first, combiner }, reduced, between: others, last, along };
  return isSequenceOfVariables(kernel, overlap, shared) && haveOneLoop(kernel, stages, overlap) ? overlap : undefined;
}

function onlyOf(axes: readonly AxisId[]): AxisId | undefined {
  return axes.length === 1 ? axes[0] : undefined;
}

/** The first stage leaves variables of what no stage writes, so that it can run before another row is done. */
function isSequenceOfVariables(kernel: StructuredKernel, { first }: Overlap, shared: readonly AxisId[]): boolean {
  const classOf = (access: { readonly buffer: Parameters<typeof bufferOf>[1] }): number =>
    bufferOf(kernel, access.buffer).aliasClass;
  const written = new Set(kernel.stages.flatMap(({ writes }) => writes.map(classOf)));
  return (
    readsOf(first).every((access) => !written.has(classOf(access))) &&
    first.writes.every(({ buffer }) => {
      const scratch = bufferOf(kernel, buffer);
      return scratch.role === 'scratch' && fitsRegister(kernel, scratch, shared);
    })
  );
}

/** Both run along as many elements in vectors of as many lanes, once, without conditions. */
function haveOneLoop(kernel: StructuredKernel, stages: Schedule['stages'], overlap: Overlap): boolean {
  const { first, last, reduced, along } = overlap;
  const [one, other] = [stages.get(first.id), stages.get(last.id)];
  if (one?.kind !== 'loops' || other?.kind !== 'loops') return false;
  const isPlain = [one, other].every(({ stream, jam, turned }) => (stream ?? jam ?? turned) === undefined);
  const lanes = [one.vector?.axis === reduced, other.vector?.axis === along];
  const [left, right] = [axisOf(kernel, reduced), axisOf(kernel, along)];
  return (
    isPlain &&
    lanes.every(Boolean) &&
    one.vector?.lanes === other.vector?.lanes &&
    left.kind === 'reduction' &&
    right.kind === 'parallel' &&
    equalSizes(left.extent, right.extent) &&
    first.combiner.unlessNan === undefined &&
    (first.chunks ?? []).length === 0 &&
    kernel.stages.every((stage) => guardsOfStage(stage).length === 0)
  );
}

/** The axes around the rows are bound. */
export function emitOverlapped(
  context: LoweringContext,
  point: Point,
  overlap: Overlap,
  emit: (point: Point, stage: Stage) => void,
): void {
  const { builder, kernel } = context;
  const { row, first, between, last } = overlap;
  const { name, extent } = axisOf(kernel, row);
  const { from, to, extents = [extent] } = point.ranges.get(row) ?? { from: index(0), to: size(extent) };
  const hasRows = extents.every((rows) => typeof rows === 'number' && rows > 0);
  const at = (i: Expr): Point => bindAxis(innerPoint(point), row, i);
  emitScratch(context, point, sharedAxes(kernel), insideBuffers(context), () => {
    builder.if(hasRows ? constant(scalar('i1'), 1) : compare('lt', from, to), () => {
      emit(at(from), first);
      builder.for({ name, from, to }, registersOf(context, first), (i, values) => {
        setRegisters(context, first, values);
        for (const stage of between) emit(at(i), stage);
        const next = builder.let('next', add(i, 1));
        return builder.choose(
          compare('lt', next, to),
          () => {
            emitTogether(context, overlap, at(next), at(i));
            const results = registersOf(context, first);
            setRegisters(context, first, values);
            return results;
          },
          () => {
            emit(at(i), last);
            return values;
          },
          values.map(() => 'row'),
        );
      });
    });
  });
}

function emitTogether(context: LoweringContext, overlap: Overlap, next: Point, here: Point): void {
  const { first, reduced, last, along } = overlap;
  hoistInvariants(context, here, last);
  const beside = (each: Point): void => {
    const lanes = each.vector?.axis === reduced ? each.vector.lanes : 1;
    emitPoint(context, bindAxis(here, along, each.axes.get(reduced) ?? index(0), lanes), last);
  };
  const loops = { context, stage: first, schedule: loopsOf(context, first), combiner: first.combiner, beside };
  emitReduction(loops, next, [reduced]);
}

function loopsOf({ schedule }: LoweringContext, { id }: Stage): LoopSchedule {
  const found = schedule.stages.get(id);
  return found?.kind === 'loops' ? found : { kind: 'loops', order: [], vector: undefined, unroll: 1 };
}

function registersOf({ places }: LoweringContext, { writes }: Stage): readonly Expr[] {
  return writes.flatMap(({ buffer }) => {
    const place = places.get(buffer);
    return place?.kind === 'register' && place.value !== undefined ? [place.value] : [];
  });
}

function setRegisters({ places }: LoweringContext, { writes }: Stage, values: readonly Expr[]): void {
  writes.forEach(({ buffer }, position) => places.set(buffer, { kind: 'register', value: values[position] }));
}
