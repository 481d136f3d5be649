/** Which stage becomes the last step of a reduction or contraction: it then works on the accumulators, before anything is stored. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import { equalSizes } from '../kernel/size.ts';
import type { IndexExpr } from '../kernel/structured-kernel.ts';
import type { NodeGroup, Read } from './kernel-nodes.ts';
import { axesIn, type StageState } from './stage-state.ts';

export interface Epilogue {
  readonly group: NodeGroup;
  /** Where it reads the reduction's results. */
  readonly indices: readonly IndexExpr[];
}

/** The one stage that reads these results, each at its own place: it becomes the reduction's last step. */
export function epilogueOf(state: StageState, group: NodeGroup): Epilogue | undefined {
  const place = ownPlaceRead(state, group);
  if (place === undefined) return undefined;
  const isTaken = state.groups.some(
    (other) =>
      other !== group &&
      !state.made.has(other) &&
      isContraction(other) &&
      !isContraction(group) &&
      ![...group.needs].some((value) => other.values.includes(value)) &&
      ownPlaceRead(state, other)?.by === place.by,
  );
  return isTaken ? undefined : { group: place.by, indices: place.indices };
}

/** A read of the group's values, when all are by one pointwise stage, at an index that stands for all points of that stage. */
function ownPlaceRead(state: StageState, group: NodeGroup): Read | undefined {
  const reads = state.readsOf(group);
  const [first] = reads;
  if (group.kind !== 'reducer' || first === undefined || first.by.kind !== 'pointwise') return undefined;
  const made = state.made.get(first.by);
  if (made === undefined || made.isEpilogue === true) return undefined;
  const key = state.algebra.key(first.indices);
  const isSame = reads.every(
    ({ by, indices, isGuarded }) => by === first.by && !isGuarded && state.algebra.key(indices) === key,
  );
  if (!isSame) return undefined;
  const axes = new Set(axesIn(made.indices));
  const isOwn = first.indices.every((index, axis) => {
    if (index.kind !== 'axis') return group.shape[axis] === 1;
    return axes.delete(index.axis) && equalSizes(state.axes.get(index.axis)?.extent ?? -1, group.shape[axis] ?? 1);
  });
  return isOwn && axes.size === 0 ? first : undefined;
}

/** The epilogue's indices, when the reduction runs over `now` where it was read at `before`. */
export function remap(
  group: NodeGroup,
  indices: readonly IndexExpr[],
  before: readonly IndexExpr[],
  now: readonly IndexExpr[],
): IndexExpr[] {
  return group.shape.map((_, axis) => {
    const index = indices[axis];
    const at = index?.kind === 'axis' ? before.indexOf(index) : -1;
    const mapped = at < 0 ? index : now[at];
    if (mapped === undefined) throw new InvariantError('an epilogue without an index');
    return mapped;
  });
}

export function isContraction(group: NodeGroup): boolean {
  return group.ops.some((op) => op.name === dotGeneral.name || op.name === convolution.name);
}
