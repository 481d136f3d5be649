/**
 * Stages apart for what lies in turns along an axis: where an element comes from is asked of `i % 2` when two tensors are put together element by
 * element. Each residue becomes a stage of its own, which need not ask, over an axis of so many fewer points.
 *
 *     out[i] = i % 2 < 1 ? x[i / 2] : y[i / 2]    ->    out[2 j] = x[j];  out[2 j + 1] = y[j]
 *
 * Not along the innermost dimension that is written, where vectors would be written apart. For stages that stand alone.
 */
import { hasAxis } from '../kernel/lower-affine.ts';
import { guardsOfStage } from '../kernel/lower-invariants.ts';
import type { AxisId, IndexExpr, UnnumberedStage } from '../kernel/structured-kernel.ts';
import { replaceAxis } from './replace-axis.ts';
import type { AxisSplitting } from './split-axes.ts';

/** Residues of one axis, and stages in all: each is code of its own. */
const mostResidues = 4;
const mostStages = 16;

export function peelResidues(stage: UnnumberedStage, splitting: AxisSplitting): readonly UnnumberedStage[] {
  if (stage.combiner !== undefined || stage.writes.length !== 1) return [stage];
  const innermost = stage.writes[0]?.indices.findLast(({ kind }) => kind !== 'constant');
  let stages: readonly UnnumberedStage[] = [stage];
  for (const id of stage.axes) {
    const extent = splitting.axisOf(id)?.extent;
    const residues = typeof extent === 'number' ? askedResidues(stage, id, extent) : undefined;
    if (residues === undefined || typeof extent !== 'number' || extent < residues) continue;
    if (innermost !== undefined && hasAxis(innermost, id)) continue;
    if (stages.length * residues > mostStages) break;
    const outer = outerAxes(id, extent, residues, splitting);
    stages = stages.flatMap((each) =>
      outer.map((axis, residue) => atResidue(each, id, axis, residues, residue, splitting)),
    );
  }
  return stages;
}

/** An axis a residue; those of one extent share theirs. */
function outerAxes(id: AxisId, extent: number, residues: number, splitting: AxisSplitting): readonly IndexExpr[] {
  const axis = splitting.axisOf(id);
  const made = new Map<number, IndexExpr>();
  return Array.from({ length: residues }, (_, residue) => {
    const points = Math.ceil((extent - residue) / residues);
    const isOne = axis === undefined || points === 1;
    const known = made.get(points) ?? (isOne ? splitting.algebra.zero : splitting.newAxis(axis, points));
    made.set(points, known);
    return known;
  });
}

function atResidue(
  stage: UnnumberedStage,
  id: AxisId,
  outer: IndexExpr,
  residues: number,
  residue: number,
  { algebra }: AxisSplitting,
): UnnumberedStage {
  const whole = algebra.offset(algebra.scale(outer, residues), residue);
  return replaceAxis(stage, id, whole, [outer], algebra);
}

/** The divisor, when guards ask for remainders of the axis by it and no other; the extent of a short axis that they ask for itself. */
function askedResidues(stage: UnnumberedStage, id: AxisId, extent: number): number | undefined {
  const divisors = new Set<number>();
  const visit = (index: IndexExpr): void => {
    if (index.kind === 'add') index.terms.forEach(visit);
    else if (index.kind === 'multiply' || index.kind === 'floor-divide') visit(index.operand);
    else if (index.kind === 'modulo') {
      if (hasAxis(index.operand, id) && typeof index.divisor === 'number') divisors.add(index.divisor);
      visit(index.operand);
    }
  };
  for (const { index } of guardsOfStage(stage))
    if (hasAxis(index, id) && extent <= mostResidues) divisors.add(extent);
    else visit(index);
  const [divisor] = divisors;
  return divisors.size === 1 && divisor !== undefined && divisor <= mostResidues ? divisor : undefined;
}
