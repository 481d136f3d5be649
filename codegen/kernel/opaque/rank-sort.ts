/**
 * Sort of a short line by ranks: how many elements come before each one is where it goes. All pairs are compared, in vectors and without a
 * branch, which for some dozens of elements takes a tenth of the time of merging them.
 *
 *     for i { keys[i] = key(i) }
 *     for each vector own of keys {
 *       for j before it { rank += own >= keys[j] }     equal elements keep their order
 *       within it       { both, by lane }
 *       for j after it  { rank += keys[j] < own }
 *     }
 *     for i { to[rank[i]] = from[i] }
 */
import type { LoopBuilder } from '../loop-builder.ts';
import {
  add, and, compare, constant, convert, load, loadSplat, not, or,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { addSizes, type Size } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { type KernelDType, vector } from '../value-type.ts';
import { type Line, mergingNanoseconds } from './merge-sort.ts';
import { numbersOfLanes, type OpaqueBuilder } from './opaque-loops.ts';
import { countingNanoseconds, orderedKey, orderedKeyDType, type RadixKey, type RadixPlan } from './radix-sort.ts';

type KeyType = Pick<RadixKey, 'dtype'>;

export interface RankSort {
  readonly loops: LoopBuilder;
  readonly keys: readonly RadixKey[];
  readonly lanes: number;
  /** Of each key, the line and a vector more. */
  readonly lines: readonly FlatBuffer[];
  /** i32, as long. */
  readonly ranks: FlatBuffer;
}

/** Longer lines are sorted otherwise whatever the estimates say: what the pairs take grows with the square. */
const mostElements = 1 << 10;

/** Elements up to which comparing all pairs beats merging and counting. */
export function longestRanked(keys: readonly KeyType[], plan: RadixPlan, target: TargetInfo): number {
  const isBest = (elements: number): boolean =>
    rankingNanoseconds(keys, elements, target) <
    Math.min(mergingNanoseconds(elements), countingNanoseconds(plan, elements));
  let most = 1;
  while (most < mostElements && isBest(most + 1)) most++;
  return most;
}

/** On a Zen 5 under V8: a vector of pairs takes 0.3 for each key, an element 1.5. */
export function rankingNanoseconds(keys: readonly KeyType[], elements: number, target: TargetInfo): number {
  const lanes = keyLanes(keys, target);
  return 0.3 * keys.length * elements * Math.ceil(elements / lanes) + 1.5 * elements;
}

function keyLanes(keys: readonly KeyType[], { vectorBits }: TargetInfo): number {
  const bits = keys.some((key) => orderedKeyDType(key) === 'i64') ? 64 : 32;
  return Math.max(1, vectorBits / bits);
}

/** Allocates the scratch for lines of at most so many elements. */
export function rankBuffers(
  builder: OpaqueBuilder,
  keys: readonly RadixKey[],
  length: Size,
  target: TargetInfo,
): RankSort {
  const lanes = keyLanes(keys, target);
  const size = addSizes(length, lanes);
  const line = (name: string, dtype: KernelDType): FlatBuffer => builder.scratch(name, dtype, [size]);
  return {
    loops: builder.loops,
    keys,
    lanes,
    lines: keys.map((key, place) => line(`keys${place}`, orderedKeyDType(key))),
    ranks: line('ranks', 'i32'),
  };
}

export function rankSort(state: RankSort, length: Expr, source: Line, target: Line): void {
  const { loops, ranks } = state;
  computeKeys(state, length, source);
  computeRanks(state, length);
  loops.for({ to: length, name: 'i' }, (i) => {
    const rank = loops.let('rank', convert('index', load(ranks, i)));
    for (const [column, read] of source.read.entries()) target.write[column]?.(rank, read(i));
  });
}

/** And behind the line such as come before none. */
function computeKeys({ loops, keys, lines, lanes }: RankSort, length: Expr, { read }: Line): void {
  loops.for({ to: length, name: 'i' }, (i) => {
    const columns = read.map((column) => loops.let('x', column(i)));
    for (const [place, key] of keys.entries()) {
      const line = lines[place];
      if (line !== undefined) loops.store(line, i, orderedKey(loops, key, columns));
    }
  });
  for (const line of lines) {
    const last = line.dtype === 'i64' ? (1n << 63n) - 1n : 2 ** 31 - 1;
    loops.store(line, length, constant(vector(line.dtype, lanes), last));
  }
}

function computeRanks({ loops, lines, lanes, ranks }: RankSort, length: Expr): void {
  const lane = loops.let('lane', numbersOfLanes(lanes));
  const count = (sum: Expr, isBefore: Expr): Expr => add(sum, convert('i32', isBefore));
  loops.for({ to: length, step: lanes, name: 'block' }, (block) => {
    const own = lines.map((line) => loops.let('own', load(line, block, lanes)));
    const other = (at: Expr): readonly Expr[] => lines.map((line) => loops.let('other', loadSplat(line, at, lanes)));
    const places = Array.from({ length: lanes }, (_, place) => place);
    const zero = constant(vector('i32', lanes), 0);
    const [before] = loops.for(
      { to: block, step: lanes, name: 'j' },
      [{ name: 'rank', initial: zero }],
      (j, [rank]) => [places.reduce((sum, place) => count(sum, not(isLess(own, other(add(j, place))))), rank)],
    );
    const within = places.reduce((sum, place) => {
      const keys = other(add(block, place));
      const earlier = and(compare('gt', lane, place), not(isLess(own, keys)));
      return count(sum, or(earlier, and(compare('lt', lane, place), isLess(keys, own))));
    }, before);
    const [rank] = loops.for(
      { from: add(block, lanes), to: length, step: lanes, name: 'j' },
      [{ name: 'rank', initial: within }],
      (j, [sum]) => [places.reduce((total, place) => count(total, isLess(other(add(j, place)), own)), sum)],
    );
    loops.store(ranks, block, rank);
  });
}

/** Of keys, the most significant first. */
function isLess(left: readonly Expr[], right: readonly Expr[]): Expr {
  const [[a, ...restOfLeft], [b, ...restOfRight]] = [left, right];
  if (a === undefined || b === undefined) return constant(vector('i1', 1), 0);
  const less = compare('lt', a, b);
  return restOfLeft.length === 0 ? less : or(less, and(compare('eq', a, b), isLess(restOfLeft, restOfRight)));
}
