/**
 * Reshapes as index maps: dimensions of the two shapes are paired in groups of equal products, so that only what is really split
 * or merged is linearised and delinearised.
 *
 *     [2, 3, 4] -> [6, 2, 2]: {2, 3 | 6}, {4 | 2, 2}
 */
import { productOfSizes, type Size } from '../kernel/size.ts';
import type { IndexExpr } from '../kernel/structured-kernel.ts';
import type { IndexAlgebra } from './index-algebra.ts';
import { equalProducts, multiplyProducts, sizeProduct, type SizeProduct } from './size-product.ts';

interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Indices into a tensor of shape `from` of the element that has `indices` in shape `to`. */
export function reshapeIndices(
  indices: readonly IndexExpr[],
  from: readonly Size[],
  to: readonly Size[],
  algebra: IndexAlgebra,
): IndexExpr[] {
  const result = from.map(() => algebra.zero);
  for (const group of pairDimensions(from, to)) {
    const sizes = group.to.map((axis) => to[axis] ?? 1);
    const linear = linearise(
      group.to.map((axis) => indices[axis] ?? algebra.zero),
      sizes,
      algebra,
    );
    const parts = delinearise(
      linear,
      group.from.map((axis) => from[axis] ?? 1),
      algebra,
    );
    for (const [position, axis] of group.from.entries()) result[axis] = parts[position] ?? algebra.zero;
  }
  return result;
}

/** The row-major position. */
export function linearise(indices: readonly IndexExpr[], shape: readonly Size[], algebra: IndexAlgebra): IndexExpr {
  return algebra.add(...indices.map((index, axis) => algebra.scale(index, productOfSizes(shape.slice(axis + 1)))));
}

function delinearise(position: IndexExpr, shape: readonly Size[], algebra: IndexAlgebra): IndexExpr[] {
  return shape.map((size, axis) => {
    const index = algebra.floorDivide(position, productOfSizes(shape.slice(axis + 1)));
    return axis === 0 ? index : algebra.modulo(index, size);
  });
}

/** Dimensions of size 1 are in no group: their index is 0. */
function pairDimensions(from: readonly Size[], to: readonly Size[]): Group[] {
  const [left, right] = [from, to].map((shape) => [...shape.keys()].filter((axis) => shape[axis] !== 1));
  const groups: Group[] = [];
  let [fromAxes, toAxes]: [number[], number[]] = [[], []];
  let [fromSize, toSize]: [SizeProduct | undefined, SizeProduct | undefined] = [unit, unit];
  const [fromRest, toRest] = [[...(left ?? [])], [...(right ?? [])]];
  while (fromRest.length > 0 || toRest.length > 0) {
    const takesFrom = fromRest.length > 0 && (toRest.length === 0 || isLess(fromSize, toSize) || fromAxes.length === 0);
    const axis = takesFrom ? fromRest.shift() : toRest.shift();
    if (axis === undefined) break;
    if (takesFrom) {
      fromAxes.push(axis);
      fromSize = times(fromSize, from[axis]);
    } else {
      toAxes.push(axis);
      toSize = times(toSize, to[axis]);
    }
    if (toAxes.length === 0 || fromAxes.length === 0 || !equalProducts(fromSize, toSize)) continue;
    groups.push({ from: fromAxes, to: toAxes });
    [fromAxes, toAxes] = [[], []];
    [fromSize, toSize] = [unit, unit];
  }
  if (fromAxes.length > 0 || toAxes.length > 0) groups.push({ from: fromAxes, to: toAxes });
  return groups;
}

const unit: SizeProduct = { factor: 1, symbols: [] };

function times(product: SizeProduct | undefined, size: Size | undefined): SizeProduct | undefined {
  const factor = sizeProduct(size ?? 1);
  return product === undefined || factor === undefined ? undefined : multiplyProducts(product, factor);
}

/** Which side takes the next dimension: the one whose product has less in it. */
function isLess(a: SizeProduct | undefined, b: SizeProduct | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.symbols.length === b.symbols.length ? a.factor < b.factor : a.symbols.length < b.symbols.length;
}
