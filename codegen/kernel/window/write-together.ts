/**
 * The results of a channel that lie side by side, a vector of channels each, written as vectors of memory:
 *
 *     a = [a0, a1, a2, a3],  b = [b0, b1, b2, b3]     ->     [a0, b0, a1, b1], [a2, b2, a3, b3]
 */
import { rowMajorStride } from '../lower-affine.ts';
import { innerPoint, type Point } from '../lower-context.ts';
import { add, shuffle } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { addressOf, emitValue, spread } from '../lower-values.ts';
import type { Window } from './window-reads.ts';

/** False, and nothing written, where they do not lie so, or are no power of two. */
export function writeTogether(
  { context, stage, schedule }: Window,
  points: readonly Point[],
  sums: readonly (readonly Expr[])[],
): boolean {
  const { beside, vector } = schedule;
  const [write, ...others] = stage.writes;
  const [first] = points;
  const lanes = first?.vector?.lanes ?? 1;
  if (beside === undefined || write === undefined || others.length > 0 || first === undefined || lanes === 1)
    return false;
  const place = context.places.get(write.buffer);
  const shape = context.kernel.buffers.find(({ id }) => id === write.buffer)?.shape ?? [];
  const isSide =
    rowMajorStride(shape, write, beside) === 1 && rowMajorStride(shape, write, vector.axis) === points.length;
  if (!isSide || place?.kind !== 'memory' || (points.length & (points.length - 1)) !== 0) return false;
  const values = points.flatMap((point, at) => {
    const inside = innerPoint(point, { accumulators: sums[at] ?? [] });
    const [value] = stage.finish ?? [];
    const result = value === undefined ? sums[at]?.[0] : emitValue(context, inside, value);
    return result === undefined ? [] : [context.builder.let('v', spread(result, lanes))];
  });
  const address = context.builder.let('a', addressOf(context, innerPoint(first), place, write));
  interleaved(context.builder.let.bind(context.builder), values).forEach((value, at) =>
    context.builder.store(place.buffer, add(address, at * lanes), value),
  );
  return true;
}

/** Lane i of each in turn: those at even places are interleaved, those at odd ones, and then both. */
function interleaved(name: (text: string, value: Expr) => Expr, values: readonly Expr[]): readonly Expr[] {
  if (values.length === 1) return values;
  const [even, odd] = [0, 1].map((side) =>
    interleaved(
      name,
      values.filter((_, at) => at % 2 === side),
    ),
  );
  if (even === undefined || odd === undefined) return values;
  return even.flatMap((a, at) => zipped(name, a, odd[at] ?? a));
}

function zipped(name: (text: string, value: Expr) => Expr, a: Expr, b: Expr): readonly Expr[] {
  const { lanes } = a.type;
  const pick = (from: number): readonly number[] =>
    Array.from({ length: lanes }, (_, lane) => from + Math.floor(lane / 2) + (lane % 2) * lanes);
  return [0, lanes / 2].map((from) => name('v', shuffle(a, b, pick(from))));
}
