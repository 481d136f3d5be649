/**
 * Axes that are only ever divided: an axis of 64 that is read as `i / 16` and `i % 16` (heads merged by a reshape) becomes two, of 4 and
 * 16, so that every index is a sum again. For stages that stand alone; contractions linearise their axes themselves.
 */
import { loadedValues, walkValues } from '../kernel/lower-affine.ts';
import type { Access, Axis, AxisId, IndexExpr, ValueExpr, UnnumberedStage } from '../kernel/structured-kernel.ts';
import type { IndexAlgebra } from './index-algebra.ts';
import { replaceAxis } from './replace-axis.ts';

export interface AxisSplitting {
  readonly algebra: IndexAlgebra;
  axisOf(id: AxisId): Axis | undefined;
  /** A new axis like another, of this extent. */
  newAxis(like: Axis, extent: number): IndexExpr;
}

/** Inner parts shorter than this leave too little for vectors. */
const leastInner = 8;

/** The stage with such axes split. */
export function splitAxes(stage: UnnumberedStage, splitting: AxisSplitting): UnnumberedStage {
  let current = stage;
  for (const id of stage.axes) {
    const axis = splitting.axisOf(id);
    if (axis === undefined || typeof axis.extent !== 'number') continue;
    const divisor = divisorOf(current, axis.id, axis.extent);
    if (divisor === undefined) continue;
    const outer = splitting.newAxis(axis, axis.extent / divisor);
    const inner = splitting.newAxis(axis, divisor);
    const whole = splitting.algebra.add(splitting.algebra.scale(outer, divisor), inner);
    current = replaceAxis(current, id, whole, [outer, inner], splitting.algebra);
  }
  return current;
}

/** The least number that the axis itself is divided by, when it fills the extent and the axis is used no other way when it is read. */
function divisorOf(stage: UnnumberedStage, axis: AxisId, extent: number): number | undefined {
  const divisors = new Set<number>();
  const visit = (index: IndexExpr): void => {
    if (index.kind === 'add') index.terms.forEach(visit);
    else if (index.kind === 'multiply') visit(index.operand);
    else if (index.kind === 'floor-divide' || index.kind === 'modulo') {
      const { operand, divisor } = index;
      if (operand.kind === 'axis' && operand.axis === axis && typeof divisor === 'number') divisors.add(divisor);
      else visit(operand);
    }
  };
  forEachAccess(stage, ({ indices, guards }) => {
    indices.forEach(visit);
    for (const { index } of guards) visit(index);
  });
  const least = Math.min(...divisors);
  return least >= leastInner && least < extent && extent % least === 0 ? least : undefined;
}

function rootsOf(stage: UnnumberedStage): readonly ValueExpr[] {
  const written = stage.writes.flatMap(({ indices }) => indices.flatMap(loadedValues));
  return [...stage.values, ...(stage.combiner?.results ?? []), ...(stage.finish ?? []), ...written];
}

function forEachAccess(stage: UnnumberedStage, visit: (access: Access) => void): void {
  walkValues(rootsOf(stage), (value) => {
    if (value.kind === 'load') visit(value.access);
  });
  stage.writes.forEach(visit);
}
