/** What can be said of an index without running it: the axes it moves with, its stride along one, its least and greatest value. */
import { layoutStrides, rowMajorLayout } from './physical-layout.ts';
import { addSizes, maxSize, multiplySizes, rangeOfSize, type Size, sizeOf } from './size.ts';
import type { Access, AxisId, Guard, IndexExpr, ValueExpr } from './structured-kernel.ts';

/** `sum of coefficient * axis + offset`. */
export interface AffineIndex {
  readonly coefficients: ReadonlyMap<AxisId, Size>;
  readonly offset: Size;
}

/** Undefined when the index divides or loads. */
export function affineIndex(index: IndexExpr): AffineIndex | undefined {
  switch (index.kind) {
    case 'axis':
      return { coefficients: new Map([[index.axis, 1]]), offset: 0 };
    case 'constant':
      return { coefficients: new Map(), offset: index.value };
    case 'size':
      return { coefficients: new Map(), offset: index.size };
    case 'add':
      return index.terms.map(affineIndex).reduce(sumOfAffine, { coefficients: new Map(), offset: 0 });
    case 'multiply':
      return scaleAffine(affineIndex(index.operand), index.factor);
    case 'floor-divide':
    case 'modulo':
    case 'loaded':
      return undefined;
    default:
      return index satisfies never;
  }
}

function sumOfAffine(a: AffineIndex | undefined, b: AffineIndex | undefined): AffineIndex | undefined {
  if (a === undefined || b === undefined) return undefined;
  const coefficients = new Map(a.coefficients);
  for (const [axis, value] of b.coefficients) coefficients.set(axis, addSizes(coefficients.get(axis) ?? 0, value));
  return { coefficients, offset: addSizes(a.offset, b.offset) };
}

function scaleAffine(affine: AffineIndex | undefined, factor: Size): AffineIndex | undefined {
  if (affine === undefined) return undefined;
  const coefficients = new Map([...affine.coefficients].map(([axis, value]) => [axis, multiplySizes(value, factor)]));
  return { coefficients, offset: multiplySizes(affine.offset, factor) };
}

/** How far the index moves when the axis advances by one; undefined when that differs from place to place. */
export function strideAlong(index: IndexExpr, axis: AxisId): Size | undefined {
  switch (index.kind) {
    case 'axis':
      return index.axis === axis ? 1 : 0;
    case 'constant':
    case 'size':
      return 0;
    case 'add':
      return sumOfStrides(index.terms.map((term) => strideAlong(term, axis)));
    case 'multiply': {
      const stride = strideAlong(index.operand, axis);
      return stride === undefined ? undefined : multiplySizes(stride, index.factor);
    }
    case 'floor-divide':
    case 'modulo':
      return strideAlong(index.operand, axis) === 0 ? 0 : undefined;
    case 'loaded':
      return axesOfValue(index.value).has(axis) ? undefined : 0;
    default:
      return index satisfies never;
  }
}

function sumOfStrides(strides: readonly (Size | undefined)[]): Size | undefined {
  let sum: Size = 0;
  for (const stride of strides) {
    if (stride === undefined) return undefined;
    sum = addSizes(sum, stride);
  }
  return sum;
}

/** The index is this axis and nothing else. */
export function isAxis(index: IndexExpr | undefined, axis: AxisId): boolean {
  return index?.kind === 'axis' && index.axis === axis;
}

const noAxes: ReadonlySet<AxisId> = new Set();
const axesOfValues = new WeakMap<ValueExpr, ReadonlySet<AxisId>>();

function union(sets: readonly ReadonlySet<AxisId>[]): ReadonlySet<AxisId> {
  const [first = noAxes, ...rest] = sets.filter((set) => set.size > 0);
  if (rest.every((set) => set === first)) return first;
  return new Set([first, ...rest].flatMap((set) => [...set]));
}

export function axesOfIndex(index: IndexExpr): ReadonlySet<AxisId> {
  switch (index.kind) {
    case 'axis':
      return new Set([index.axis]);
    case 'constant':
    case 'size':
      return noAxes;
    case 'add':
      return union(index.terms.map(axesOfIndex));
    case 'multiply':
    case 'floor-divide':
    case 'modulo':
      return axesOfIndex(index.operand);
    case 'loaded':
      return axesOfValue(index.value);
    default:
      return index satisfies never;
  }
}

/** Whether the index has the axis itself; what it loads has accesses of its own. */
export function hasAxis(index: IndexExpr, axis: AxisId): boolean {
  switch (index.kind) {
    case 'axis':
      return index.axis === axis;
    case 'add':
      return index.terms.some((term) => hasAxis(term, axis));
    case 'multiply':
    case 'floor-divide':
    case 'modulo':
      return hasAxis(index.operand, axis);
    case 'constant':
    case 'size':
    case 'loaded':
      return false;
    default:
      return index satisfies never;
  }
}

function axesOfGuards(guards: readonly Guard[]): readonly ReadonlySet<AxisId>[] {
  return guards.map((guard) => axesOfIndex(guard.index));
}

export function axesOfAccess({ indices, guards }: Access): ReadonlySet<AxisId> {
  return union([...indices.map(axesOfIndex), ...axesOfGuards(guards)]);
}

/** The axes that a value depends on, through indices and guards as well. */
export function axesOfValue(value: ValueExpr): ReadonlySet<AxisId> {
  const known = axesOfValues.get(value);
  if (known !== undefined) return known;
  const axes = union([...ownAxes(value), ...operandsOfValue(value).map(axesOfValue)]);
  axesOfValues.set(value, axes);
  return axes;
}

function ownAxes(value: ValueExpr): readonly ReadonlySet<AxisId>[] {
  if (value.kind === 'load') return [axesOfAccess(value.access)];
  if (value.kind === 'index') return [axesOfIndex(value.index)];
  return value.kind === 'guarded' ? axesOfGuards(value.guards) : [];
}

/** The values a value is computed from; not those that its indices load. */
export function operandsOfValue(value: ValueExpr): readonly ValueExpr[] {
  switch (value.kind) {
    case 'constant':
    case 'index':
    case 'guarded':
    case 'accumulator':
    case 'element':
      return [];
    case 'load':
      return value.otherwise === undefined ? [] : [value.otherwise];
    case 'unary':
    case 'convert':
    case 'bitcast':
      return [value.operand];
    case 'binary':
    case 'compare':
      return [value.lhs, value.rhs];
    case 'select':
      return [value.predicate, value.onTrue, value.onFalse];
    default:
      return value satisfies never;
  }
}

/** The values that an index loads, outermost only. */
export function loadedValues(index: IndexExpr): readonly ValueExpr[] {
  switch (index.kind) {
    case 'axis':
    case 'constant':
    case 'size':
      return [];
    case 'add':
      return index.terms.flatMap(loadedValues);
    case 'multiply':
    case 'floor-divide':
    case 'modulo':
      return loadedValues(index.operand);
    case 'loaded':
      return [index.value];
    default:
      return index satisfies never;
  }
}

function indicesOfValue(value: ValueExpr): readonly IndexExpr[] {
  if (value.kind === 'load') return [...value.access.indices, ...value.access.guards.map(({ index }) => index)];
  if (value.kind === 'index') return [value.index];
  return value.kind === 'guarded' ? value.guards.map(({ index }) => index) : [];
}

/** Every value below the roots once, operands first, those that indices load included. */
export function walkValues(roots: readonly ValueExpr[], visit: (value: ValueExpr) => void): void {
  walkBelow(roots, (value) => [...operandsOfValue(value), ...indicesOfValue(value).flatMap(loadedValues)], visit);
}

/** Every value that the roots are computed from once, operands first; not those that only indices load. */
export function walkOperands(roots: readonly ValueExpr[], visit: (value: ValueExpr) => void): void {
  walkBelow(roots, operandsOfValue, visit);
}

/** With a stack of its own: chains of ops may be thousands long. */
function walkBelow(
  roots: readonly ValueExpr[],
  below: (value: ValueExpr) => readonly ValueExpr[],
  visit: (value: ValueExpr) => void,
): void {
  const seen = new Set<ValueExpr>();
  const open: { readonly value: ValueExpr; readonly rest: ValueExpr[] }[] = [];
  const enter = (value: ValueExpr): void => {
    if (seen.has(value)) return;
    seen.add(value);
    open.push({ value, rest: [...below(value)].reverse() });
  };
  for (const root of roots) {
    enter(root);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest.pop();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      open.pop();
      visit(top.value);
    }
  }
}

/** `at most` and `at least` of an index, where known; axes run over [0, extent). */
export interface IndexRange {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

export function rangeOfIndex(index: IndexExpr, extentOf: (axis: AxisId) => Size): IndexRange {
  const below = (operand: IndexExpr): IndexRange => rangeOfIndex(operand, extentOf);
  switch (index.kind) {
    case 'axis': {
      const most = maxSize(extentOf(index.axis));
      return { least: 0, most: most === undefined ? undefined : Math.max(0, most - 1) };
    }
    case 'constant':
      return { least: index.value, most: index.value };
    case 'size': {
      const { low, high } = rangeOfSize(index.size);
      return { least: finite(low), most: finite(high) };
    }
    case 'add':
      return index.terms.map(below).reduce((a, b) => ({ least: plus(a.least, b.least), most: plus(a.most, b.most) }));
    case 'multiply':
      return scaledRange(below(index.operand), index.factor);
    case 'floor-divide':
      return dividedRange(below(index.operand), index.divisor);
    case 'modulo': {
      const divisor = maxSize(index.divisor);
      return { least: 0, most: divisor === undefined ? undefined : divisor - 1 };
    }
    case 'loaded':
      return { least: 0, most: maxSize(index.limit) };
    default:
      return index satisfies never;
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function scaledRange({ least, most }: IndexRange, factor: Size): IndexRange {
  if (typeof factor !== 'number') return { least: least !== undefined && least >= 0 ? 0 : undefined, most: undefined };
  const scale = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * factor);
  return factor >= 0 ? { least: scale(least), most: scale(most) } : { least: scale(most), most: scale(least) };
}

function dividedRange({ least, most }: IndexRange, divisor: Size): IndexRange {
  if (typeof divisor !== 'number') return { least: least !== undefined && least >= 0 ? 0 : undefined, most: undefined };
  const divide = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.floor(value / divisor);
  return { least: divide(least), most: divide(most) };
}

export const subtractSizes = (lhs: Size, rhs: Size): Size => addSizes(lhs, multiplySizes(rhs, -1));
export const floorDivideSizes = (lhs: Size, rhs: Size): Size => sizeOf('floor-divide', lhs, rhs);

/** Row-major strides of a shape, in elements. */
export function rowMajorStrides(shape: readonly Size[]): readonly Size[] {
  return layoutStrides(rowMajorLayout(shape.length), shape);
}

/** How far an access of a row-major buffer moves along an axis; undefined when that differs from place to place. */
export function rowMajorStride(shape: readonly Size[], { indices }: Access, axis: AxisId): Size | undefined {
  const strides = rowMajorStrides(shape);
  return sumOfStrides(
    indices.map((index, dimension) => {
      const stride = strideAlong(index, axis);
      return stride === undefined ? undefined : multiplySizes(stride, strides[dimension] ?? 0);
    }),
  );
}
