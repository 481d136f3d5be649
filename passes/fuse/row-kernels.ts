/** Reductions along rows: softmax, layer norm and their like run in one loop over the rows, in which several stages read the row again. */
import { dimMax } from '../../ir/dimension.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import { isTensor } from '../../ir/types.ts';
import type { Group } from './block-graph.ts';
import { smallRatio } from './limits.ts';
import { bytesOf } from './op-kind.ts';

/** The rows of a reduction over trailing dimensions: their sizes; undefined for any other. */
function rowsOf(op: Operation): readonly unknown[] | undefined {
  if (op.name !== 'stablehlo.reduce') return undefined;
  const { type } = op.operand(0);
  if (!isTensor(type)) return undefined;
  const { dimensions } = attributesOf<typeof reduce.attributes>(op);
  const wide = [...type.shape.keys()].filter((axis) => type.shape[axis] !== 1);
  const kept = wide.filter((axis) => !dimensions.includes(axis));
  return kept.every((axis, index) => axis === wide[index]) ? kept.map((axis) => type.shape[axis]) : undefined;
}

/**
 * The rows that the reductions of a group run along; undefined when one does not run along rows, or they differ. One that only combines
 * what the rows have given does not count.
 */
export function groupRows(group: Group): string | undefined {
  const largest = reducedBytes(group);
  const main = group.reducers.filter((op) => bytesOf(op.operand(0)) * smallRatio > largest);
  const rows = main.map((op) => rowsOf(op)?.map(sizeText).join('x'));
  const [first] = rows;
  return rows.every((each) => each === first) ? first : undefined;
}

function sizeText(dim: unknown): string {
  return typeof dim === 'number' ? String(dim) : JSON.stringify(dim);
}

/** Bytes of one row of the group's largest reduction. */
export function rowBytes(group: Group): number {
  return Math.max(0, ...group.reducers.map((op) => bytesOf(op.operand(0)) / Math.max(1, rowCount(op.result()))));
}

function rowCount({ type }: Value): number {
  return isTensor(type) ? type.shape.reduce<number>((count, dim) => count * (dimMax(dim) ?? 64), 1) : 1;
}

/** Bytes that the group's reductions read. */
export function reducedBytes(group: Group): number {
  return Math.max(0, ...group.reducers.map((op) => bytesOf(op.operand(0))));
}
