/**
 * Reducers that choose one of two candidates, a value with its index: argmax and argmin as frameworks write them, comparisons and selects and
 * nothing else. Met in the order of their indices, candidates may be chosen in groups, if any grouping chooses the same; that is tried
 * out on all that comparisons can tell apart. Groups whose indices lie between each other's are put in order first:
 *
 * Some choose alike in any grouping of numbers, but not of NaN (`a >= b ? a : b` forgets what came before one): they are regrouped, and do it
 * again in order where an element was NaN.
 *
 *     join((a, i), (b, j)) = i <= j ? choose((a, i), (b, j)) : choose((b, j), (a, i))
 */
import { affineIndex, operandsOfValue } from '../kernel/lower-affine.ts';
import type { AxisId, Combiner, ValueExpr } from '../kernel/structured-kernel.ts';
import { isFloatKernelDType } from '../kernel/value-type.ts';
import { substituteLeaves } from './combiners.ts';
import { accumulatorValue, binary, compareValues, constantValue, elementValue, selectValue } from './expressions.ts';

/** The combiner with what it takes to regroup it; itself when it is none of these. `isReduced`: which axes are reduced. */
export function withJoin(
  combiner: Combiner,
  values: readonly ValueExpr[],
  isReduced: (axis: AxisId) => boolean,
): Combiner {
  const { results, dtypes, identity, isAssociative } = combiner;
  if (isAssociative || results.length !== 2 || !results.every(onlyChooses)) return combiner;
  const place = [0, 1].find((index) => growsAlong(values[index], isReduced));
  const [valueType, indexType] = [dtypes[place === 0 ? 1 : 0], dtypes[place ?? 0]];
  if (place === undefined || valueType === undefined || indexType === undefined || isFloatKernelDType(indexType))
    return combiner;
  // What a reduction starts from comes before all elements.
  const isFirst = Number(identity[place] ?? 1) <= 0;
  const isFloat = isFloatKernelDType(valueType);
  if (!isFirst || !isGrouping(results, place, isFloat ? floats : integers)) return combiner;
  const inOrder = { ...combiner, results: withoutOrder(results, place) };
  const flags = { isAssociative: true, isCommutative: true, mayReassociate: true };
  const grouping = { ...inOrder, ...flags, join: joinOf(results, dtypes, place) };
  if (!isFloat || isGrouping(results, place, [...floats, NaN])) return grouping;
  return { ...inOrder, unlessNan: watchingNan(grouping, grouping.join, 1 - place) };
}

/** With an accumulator more: whether the value of an element was NaN. */
function watchingNan(combiner: Combiner, join: readonly ValueExpr[], value: number): Combiner {
  const { dtypes, identity, results } = combiner;
  const met = accumulatorValue('i1', dtypes.length);
  const element = elementValue(dtypes[value] ?? 'f32', value);
  return {
    ...combiner,
    dtypes: [...dtypes, 'i1'],
    identity: [...identity, 0],
    results: [...results, binary('or', met, compareValues('ne', element, element))],
    join: [...join, binary('or', met, elementValue('i1', dtypes.length))],
  };
}

const integers = [-2, -1, 0, 1, 2];
const floats = [-Infinity, -1, -0, 0, 1, Infinity];

function onlyChooses(root: ValueExpr): boolean {
  const isChoice = (value: ValueExpr): boolean =>
    value.kind === 'accumulator' ||
    value.kind === 'element' ||
    value.kind === 'select' ||
    value.kind === 'compare' ||
    (value.kind === 'binary' && (value.op === 'minimum' || value.op === 'maximum')) ||
    (value.dtype === 'i1' && (value.kind === 'unary' || value.kind === 'binary'));
  const open = [root];
  let count = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    count += 1;
    if (!isChoice(value) || count > 200) return false;
    open.push(...operandsOfValue(value));
  }
  return true;
}

/** The number of an element along the one axis that is reduced. */
function growsAlong(value: ValueExpr | undefined, isReduced: (axis: AxisId) => boolean): boolean {
  if (value?.kind !== 'index') return false;
  const affine = affineIndex(value.index);
  const moving = [...(affine?.coefficients ?? [])].filter(([, factor]) => factor !== 0);
  const [only, ...others] = moving;
  return only !== undefined && others.length === 0 && isReduced(only[0]) && only[1] === 1 && affine?.offset === 0;
}

/** Value and index, in the reducer's order. */
type Candidate = readonly [number, number];

/** Every grouping of three candidates of these values with growing indices chooses the same one, but for the sign of zero; and of equals the same. */
function isGrouping(results: readonly ValueExpr[], place: number, numbers: readonly number[]): boolean {
  const candidate = (value: number, index: number): Candidate => (place === 0 ? [index, value] : [value, index]);
  const choose = (a: Candidate, b: Candidate): Candidate => [
    evaluateChoice(results[0], a, b),
    evaluateChoice(results[1], a, b),
  ];
  const isSame = (a: Candidate, b: Candidate): boolean => a.every((number, at) => sameNumber(number, b[at] ?? NaN));
  return numbers.every((x) =>
    numbers.every((y) =>
      numbers.every((z) => {
        const [a, b, c] = [candidate(x, 0), candidate(y, 1), candidate(z, 2)];
        const isAssociative = isSame(choose(choose(a, b), c), choose(a, choose(b, c)));
        const isChosen = [a, b].some((each) => isSame(each, choose(a, b)));
        return isAssociative && isChosen && isSame(choose(a, a), a);
      }),
    ),
  );
}

function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function evaluateChoice(value: ValueExpr | undefined, a: Candidate, b: Candidate): number {
  const of = (operand: ValueExpr): number => evaluateChoice(operand, a, b);
  switch (value?.kind) {
    case 'accumulator':
      return a[value.index] ?? NaN;
    case 'element':
      return b[value.index] ?? NaN;
    case 'select':
      return of(value.predicate) === 0 ? of(value.onFalse) : of(value.onTrue);
    case 'compare':
      return Number(comparisons[value.op](of(value.lhs), of(value.rhs)));
    case 'unary':
      return value.op === 'not' ? 1 - of(value.operand) : NaN;
    case 'binary': {
      const [x, y] = [of(value.lhs), of(value.rhs)];
      if (value.op === 'and' || value.op === 'minimum') return Math.min(x, y);
      if (value.op === 'or' || value.op === 'maximum') return Math.max(x, y);
      return value.op === 'xor' ? Math.abs(x - y) : NaN;
    }
    case undefined:
    case 'constant':
    case 'load':
    case 'convert':
    case 'bitcast':
    case 'index':
    case 'guarded':
      return NaN;
    default:
      return value satisfies never;
  }
}

const comparisons = {
  eq: (a: number, b: number) => a === b,
  ne: (a: number, b: number) => a !== b,
  lt: (a: number, b: number) => a < b,
  le: (a: number, b: number) => a <= b,
  gt: (a: number, b: number) => a > b,
  ge: (a: number, b: number) => a >= b,
} as const;

/** What compares the indices is known where elements come in order: that of an accumulator is less (or equal, and then it is the same). */
function withoutOrder(roots: readonly ValueExpr[], place: number): readonly ValueExpr[] {
  const known = new Map<ValueExpr, ValueExpr>();
  const isIndex = (value: ValueExpr): boolean => 'index' in value && value.index === place;
  const visit = (value: ValueExpr): ValueExpr => {
    const made = known.get(value) ?? simplified(value);
    known.set(value, made);
    return made;
  };
  const simplified = (value: ValueExpr): ValueExpr => {
    if (value.kind === 'compare' && isIndex(value.lhs) && isIndex(value.rhs) && value.lhs.kind !== value.rhs.kind) {
      const isForwards = value.lhs.kind === 'accumulator';
      const holds = value.op === 'ne' || (isForwards ? ['lt', 'le'] : ['gt', 'ge']).includes(value.op);
      return constantValue('i1', holds ? 1 : 0);
    }
    if (value.kind === 'select')
      return withoutRepeat({
        ...value,
        predicate: visit(value.predicate),
        onTrue: visit(value.onTrue),
        onFalse: visit(value.onFalse),
      });
    if (value.kind !== 'binary') return value;
    const isExtreme = value.op === 'minimum' || value.op === 'maximum';
    if (isExtreme && isIndex(value.lhs) && isIndex(value.rhs)) {
      const wanted = value.op === 'minimum' ? 'accumulator' : 'element';
      return value.lhs.kind === wanted ? value.lhs : value.rhs;
    }
    if (isExtreme) return value;
    const [lhs, rhs] = [visit(value.lhs), visit(value.rhs)];
    const [constant, other] = lhs.kind === 'constant' ? [lhs, rhs] : [rhs, lhs];
    if (constant.kind !== 'constant' || value.op === 'xor') return { ...value, lhs, rhs };
    const isNeutral = (value.op === 'and') === (constant.value === 1);
    return isNeutral ? other : constant;
  };
  return roots.map(visit);
}

type Select = Extract<ValueExpr, { readonly kind: 'select' }>;

/** `x == y ? a : x >= y ? a : b` is the inner choice. */
function withoutRepeat(outer: Select): ValueExpr {
  const { predicate: equal, onFalse: inner } = outer;
  if (equal.kind !== 'compare' || equal.op !== 'eq' || inner.kind !== 'select') return outer;
  const { predicate, onTrue } = inner;
  if (predicate.kind !== 'compare' || (predicate.op !== 'ge' && predicate.op !== 'le')) return outer;
  const isImplied = isSameLeaf(equal.lhs, predicate.lhs) && isSameLeaf(equal.rhs, predicate.rhs);
  return isImplied && isSameLeaf(outer.onTrue, onTrue) ? inner : outer;
}

function isSameLeaf(a: ValueExpr, b: ValueExpr): boolean {
  const isLeaf = a.kind === 'accumulator' || a.kind === 'element';
  return a === b || (isLeaf && a.kind === b.kind && a.index === b.index);
}

function joinOf(results: readonly ValueExpr[], dtypes: Combiner['dtypes'], place: number): readonly ValueExpr[] {
  const indexType = dtypes[place] ?? 'i32';
  const inOrder = compareValues('le', accumulatorValue(indexType, place), elementValue(indexType, place));
  const left = dtypes.map((dtype, index) =>
    selectValue(inOrder, accumulatorValue(dtype, index), elementValue(dtype, index)),
  );
  const right = dtypes.map((dtype, index) =>
    selectValue(inOrder, elementValue(dtype, index), accumulatorValue(dtype, index)),
  );
  const known = new Map<ValueExpr, ValueExpr>();
  const choose = (leaf: ValueExpr): ValueExpr => {
    if (leaf.kind !== 'accumulator' && leaf.kind !== 'element') return leaf;
    return (leaf.kind === 'accumulator' ? left : right)[leaf.index] ?? leaf;
  };
  return results.map((result) => substituteLeaves(result, choose, known));
}
