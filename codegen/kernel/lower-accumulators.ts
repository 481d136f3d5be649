/** Accumulators of a reduction or a scan: their first values, the next ones, sets and lanes combined in a fixed tree, what they give. */
import { productOf } from './contraction/product.ts';
import { innerPoint, laneOf, type LoweringContext, type Point } from './lower-context.ts';
import { emitNamed, emitValue, emitWrites, spread } from './lower-values.ts';
import { constant, fma, laneReduce, type LaneReduceOp } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import type { Combiner, Stage } from './structured-kernel.ts';
import { vector } from './value-type.ts';

export type Accumulators = readonly Expr[];

/**
 * The sets of accumulators a nest carries: `unroll` sets of the widest kind, and for the elements beyond the last whole vector, when lanes
 * run along a reduction axis, one of narrower vectors, where vectors are several registers side by side, and one of scalars.
 */
export interface AccumulatorSets {
  readonly sets: number;
  readonly lanes: number;
  /** Of the narrower vectors; as many as `lanes` where there are none. */
  readonly endLanes?: number;
  readonly hasScalars: boolean;
}

/** What is combined, and in which accumulators. */
export interface Accumulation {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly combiner: Combiner;
  readonly layout: AccumulatorSets;
}

type Join = (a: Accumulators, b: Accumulators) => Accumulators;

/** Of a list in parts of so many elements. */
export function partOf<T>(list: readonly T[], part: number, length: number): readonly T[] {
  return list.slice(part * length, (part + 1) * length);
}

export function initialAccumulators(
  { dtypes, identity }: Combiner,
  { sets, lanes, endLanes = lanes, hasScalars }: AccumulatorSets,
): Accumulators {
  const set = (width: number): Accumulators =>
    dtypes.map((dtype, position) => constant(vector(dtype, width), identity[position] ?? 0));
  const vectors = Array.from({ length: sets }, () => set(lanes)).flat();
  return [...vectors, ...(endLanes < lanes ? set(endLanes) : []), ...(hasScalars ? set(1) : [])];
}

/** The number of the set that vectors of so many lanes are combined into. */
export function setOf(
  { sets, lanes, endLanes = lanes, hasScalars }: AccumulatorSets,
  width: number,
  copy: number,
): number {
  if (endLanes < lanes && width === endLanes) return sets;
  return hasScalars && width === 1 ? sets + (endLanes < lanes ? 1 : 0) : copy;
}

/** The next accumulators of one set, after the element at the point. */
export function accumulateElement(
  { context, stage, combiner }: Pick<Accumulation, 'context' | 'stage' | 'combiner'>,
  point: Point,
  accumulators: Accumulators,
): Accumulators {
  const fused = multiplyAdd(context, point, stage, accumulators);
  if (fused !== undefined) return [fused];
  const elements = stage.values.map((value) =>
    isPlain(combiner) ? emitValue(context, point, value) : emitNamed(context, point, value, 'e'),
  );
  return combine(context, point, combiner, accumulators, elements);
}

/**
 * Of a sum of products of floats, which may be rounded once (docs/numerics.md). Squares bring one load each, so that the sums would wait for
 * a multiply-add where they do not for an addition (Zen 5, squares of 1 M: 46 us, fused 69).
 */
function multiplyAdd(context: LoweringContext, point: Point, stage: Stage, [sum]: Accumulators): Expr | undefined {
  const product = productOf(stage);
  if (product?.left === product?.right) return undefined;
  if (sum === undefined || product?.op !== 'multiply' || (product.dtype !== 'f32' && product.dtype !== 'f64'))
    return undefined;
  const [left, right] = [product.left, product.right].map((factor) =>
    spread(emitValue(context, point, factor), sum.type.lanes),
  );
  return left === undefined || right === undefined ? undefined : fma(left, right, sum);
}

/** The next accumulators; each element is spread to the lanes of its accumulator. */
export function combine(
  context: LoweringContext,
  point: Point,
  combiner: Combiner,
  accumulators: Accumulators,
  elements: readonly Expr[],
): Accumulators {
  const lanes = accumulators[0]?.type.lanes ?? 1;
  const at = innerPoint(point, { accumulators, elements: elements.map((element) => spread(element, lanes)) });
  return combiner.results.map((result) => spread(emitValue(context, at, result), lanes));
}

/** Two sets of accumulators as one. */
export function joinAccumulators(
  context: LoweringContext,
  point: Point,
  combiner: Combiner,
  left: Accumulators,
  right: Accumulators,
): Accumulators {
  return combine(context, point, { ...combiner, results: combiner.join ?? combiner.results }, left, right);
}

/** One accumulator, and `accumulator op element`. */
function isPlain({ results }: Combiner): boolean {
  const [result] = results;
  if (results.length !== 1 || result?.kind !== 'binary') return false;
  const kinds = [result.lhs.kind, result.rhs.kind].sort();
  return kinds[0] === 'accumulator' && kinds[1] === 'element';
}

const laneReduceOps: ReadonlySet<string> = new Set<LaneReduceOp>([
  'add', 'multiply', 'minimum', 'maximum', 'and', 'or', 'xor',
]); // prettier-ignore

function laneReduceOp(combiner: Combiner): LaneReduceOp | undefined {
  const [result] = combiner.results;
  if (!isPlain(combiner) || result?.kind !== 'binary' || !laneReduceOps.has(result.op)) return undefined;
  return result.op as LaneReduceOp;
}

/** Whether vectors of any number of lanes are combined by one operation. */
export function isLaneReducible(combiner: Combiner): boolean {
  return laneReduceOp(combiner) !== undefined;
}

/** Set 0 with set 1, 2 with 3 and so on, then the lanes in halves, then those of the narrower vectors, then the scalars. */
export function combineSets(of: Accumulation, point: Point, state: Accumulators): Accumulators {
  const { context, combiner, layout } = of;
  const count = combiner.dtypes.length;
  const join: Join = (a, b) => joinAccumulators(context, point, combiner, a, b);
  const sets = Array.from({ length: layout.sets }, (_, set) => partOf(state, set, count));
  const total = combineInPairs(sets, join, context);
  if (!layout.hasScalars) return total;
  const [first = [], second] = [0, 1]
    .map((at) => partOf(state, layout.sets + at, count))
    .filter((set) => set.length > 0);
  const lanes = combineLanes(of, point, total);
  return second === undefined ? join(lanes, first) : join(join(lanes, combineLanes(of, point, first)), second);
}

function combineInPairs(sets: readonly Accumulators[], join: Join, { builder }: LoweringContext): Accumulators {
  let level = sets;
  while (level.length > 1) {
    const next: Accumulators[] = [];
    for (let position = 0; position < level.length; position += 2) {
      const [a = [], b] = level.slice(position, position + 2);
      next.push(b === undefined ? a : join(a, b).map((expr) => builder.let('sum', expr)));
    }
    level = next;
  }
  return level[0] ?? [];
}

function combineLanes({ context, combiner, layout }: Accumulation, point: Point, total: Accumulators): Accumulators {
  const { builder } = context;
  const op = laneReduceOp(combiner);
  if (op !== undefined) return total.map((expr) => builder.let('sum', laneReduce(op, expr)));
  const named = total.map((expr) => builder.let('sum', expr));
  let level: readonly Accumulators[] = Array.from({ length: layout.lanes }, (_, lane) =>
    named.map((expr) => laneOf(expr, lane)),
  );
  while (level.length > 1) {
    const half = Math.ceil(level.length / 2);
    const right = level.slice(half);
    level = level.slice(0, half).map((a, position) => {
      const b = right[position];
      if (b === undefined) return a;
      return joinAccumulators(context, point, combiner, a, b).map((expr) => builder.let('sum', expr));
    });
  }
  return level[0] ?? [];
}

/** What the last accumulators give, written. */
export function emitFinish(context: LoweringContext, point: Point, stage: Stage, accumulators: Accumulators): void {
  const at = innerPoint(point, { accumulators: accumulators.map((expr) => context.builder.let('sum', expr)) });
  const roots = stage.finish;
  const isSingle = stage.writes.length === 1;
  const exprs =
    roots === undefined
      ? at.accumulators
      : roots.map((value) => (isSingle ? emitValue(context, at, value) : emitNamed(context, at, value, 'v')));
  emitWrites(context, at, stage, exprs);
}
