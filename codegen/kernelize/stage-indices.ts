/** Over which axes a stage runs: an index for each dimension of the values it computes. */
import { attributesOf } from '../../ir/op-site.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import { ceilDivideSizes } from '../kernel/size.ts';
import type { IndexExpr } from '../kernel/structured-kernel.ts';
import type { NodeGroup, Read } from './kernel-nodes.ts';
import { axesIn, type StageState } from './stage-state.ts';

/** An index for each dimension of the group's values: those given, and new axes. */
export function chooseIndices(
  state: StageState,
  group: NodeGroup,
  given: readonly (IndexExpr | undefined)[],
): IndexExpr[] {
  const split = groupedFeatures(group);
  return group.shape.map((extent, axis) => {
    if (extent === 1) return state.algebra.zero;
    if (split === undefined || split.axis !== axis) return given[axis] ?? state.parallelIndex(extent);
    const within = ceilDivideSizes(extent, split.count);
    const whole = state.algebra.scale(state.parallelIndex(split.count), within);
    return state.algebra.add(whole, state.parallelIndex(within));
  });
}

/**
 * Leading axes that the group has in common with those who read it, or with another result: rows that several stages run over. Only
 * leading ones, since a loop around all of them must then be the outermost of each.
 */
export function sharedIndices(state: StageState, group: NodeGroup): (IndexExpr | undefined)[] {
  const reads = state.readsOf(group);
  const shared: (IndexExpr | undefined)[] = group.shape.map(() => undefined);
  let position = 0;
  for (const [axis, extent] of group.shape.entries()) {
    if (extent === 1) continue;
    const read = reads.length > 0 ? readIndex(state, reads, axis, position) : undefined;
    const index = [read, siblingIndex(state, group, axis, shared)].find((each) => state.isParallel(each, extent));
    if (index === undefined) break;
    shared[axis] = index;
    position += 1;
  }
  return shared;
}

function readIndex(state: StageState, reads: readonly Read[], axis: number, position: number): IndexExpr | undefined {
  const index = reads[0]?.indices[axis];
  const isCommon = reads.every(({ indices, by }) => {
    const axes = axesIn(state.indicesOf(by));
    return indices[axis] === index && index?.kind === 'axis' && axes[position] === index.axis;
  });
  return isCommon ? index : undefined;
}

/** The next axis of a stage that begins with the same ones; of a reduction, as long as it runs along rows. */
function siblingIndex(
  state: StageState,
  group: NodeGroup,
  axis: number,
  shared: readonly (IndexExpr | undefined)[],
): IndexExpr | undefined {
  const [op] = group.ops;
  if (group.kind === 'reducer') {
    if (op?.name !== reduce.name) return undefined;
    const { dimensions } = attributesOf<typeof reduce.attributes>(op);
    if (dimensions.some((reduced) => reduced <= axis)) return undefined;
  }
  const prefix = axesIn(shared.filter((index) => index !== undefined));
  const extent = group.shape[axis] ?? 1;
  for (const made of state.made.values()) {
    const axes = axesIn(made.indices);
    const next = axes[prefix.length];
    if (made.stages.length === 0 || next === undefined || prefix.some((id, at) => axes[at] !== id)) continue;
    const index = state.algebra.axis(next, state.axes.get(next)?.extent ?? extent);
    if (state.isParallel(index, extent)) return index;
  }
  return undefined;
}

/** The output features of a grouped convolution are groups times features: two axes, so that the group is one of the batch. */
function groupedFeatures(group: NodeGroup): { readonly axis: number; readonly count: number } | undefined {
  const [op] = group.ops;
  if (op?.name !== convolution.name) return undefined;
  const { dimension_numbers: dims, ...attrs } = attributesOf<typeof convolution.attributes>(op);
  const count = attrs.feature_group_count * attrs.batch_group_count;
  const axis = dims.output_feature_dimension;
  return count === 1 || group.shape[axis] === count ? undefined : { axis, count };
}
