/**
 * How the elements that a consumer reads lie to those that a producer gives, through the views between them: what decides whether the
 * two can run in one loop.
 */
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { isTensor } from '../../ir/types.ts';

/**
 * - `same`: element by element. `permuted`: the same with dimensions in another order.
 * - `rows`: each element for a whole row of the consumer: its dimensions are the consumer's leading ones.
 * - `spread`: each element for several, in another way. `other`: split or merged dimensions, slices, reversals.
 */
export type Relation = 'same' | 'permuted' | 'rows' | 'spread' | 'other';

/** Where each dimension of the producer's value is in the consumer's operand; undefined where that cannot be said. */
export type DimensionMap = readonly number[] | undefined;

export function identityMap(value: Value): DimensionMap {
  return shapeOf(value).map((_, axis) => axis);
}

/** The map after a view. */
export function mapThrough(map: DimensionMap, view: Operation): DimensionMap {
  if (map === undefined) return undefined;
  switch (view.name) {
    case 'stablehlo.transpose': {
      const { permutation } = attributesOf<typeof transpose.attributes>(view);
      return map.map((axis) => (axis < 0 ? -1 : permutation.indexOf(axis)));
    }
    case 'stablehlo.broadcast_in_dim': {
      const { broadcast_dimensions: dims } = attributesOf<typeof broadcastInDim.attributes>(view);
      const from = shapeOf(view.operand(0));
      return map.map((axis) => (axis < 0 || from[axis] === 1 ? -1 : (dims[axis] ?? -1)));
    }
    case 'stablehlo.reshape':
      return mapThroughReshape(map, shapeOf(view.operand(0)), shapeOf(view.result()));
    default:
      return undefined;
  }
}

/** Only dimensions of size 1 may come and go. */
function mapThroughReshape(map: readonly number[], from: readonly unknown[], to: readonly unknown[]): DimensionMap {
  const kept = [...from.keys()].filter((axis) => from[axis] !== 1);
  const now = [...to.keys()].filter((axis) => to[axis] !== 1);
  if (kept.length !== now.length || kept.some((axis, index) => from[axis] !== to[now[index] ?? -1])) return undefined;
  return map.map((axis) => (axis < 0 ? -1 : (now[kept.indexOf(axis)] ?? -1)));
}

function shapeOf({ type }: Value): readonly unknown[] {
  return isTensor(type) ? type.shape : [];
}

export function relationOf(source: Value, map: DimensionMap, operand: Value): Relation {
  if (map === undefined) return 'other';
  const from = shapeOf(source);
  const to = shapeOf(operand);
  const places = map.filter((_, axis) => from[axis] !== 1);
  const wide = [...to.keys()].filter((axis) => to[axis] !== 1);
  const isLeading = places.every((place, index) => place === wide[index]);
  if (places.length === wide.length) return isLeading ? 'same' : 'permuted';
  return isLeading ? 'rows' : 'spread';
}
