/** The parts of a long reduction (`Stage.chunks`): one after the other inside a kernel, or the one that a point stands for. */
import { axisOf, innerPoint, type LoweringContext, type Point } from './lower-context.ts';
import { add, minimum, multiply, size } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import type { Chunk, Stage } from './structured-kernel.ts';

/** What to do at the point of a part, with what has been carried there. */
export type ChunkBody = (point: Point, state: readonly Expr[]) => readonly Expr[];

/** A loop over the parts that are not a point's own; the body once where there are none. */
export function overChunks(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  state: readonly Expr[],
  body: ChunkBody,
): readonly Expr[] {
  const visit = (chunks: readonly Chunk[], at: Point, carried: readonly Expr[]): readonly Expr[] => {
    const [chunk, ...rest] = chunks;
    if (chunk === undefined) return body(at, carried);
    const { name } = axisOf(context.kernel, chunk.axis);
    const range = { name: `${name}_part`, to: size(chunk.count) };
    return context.builder.for(range, carried, (number, inner) =>
      visit(rest, inChunk(context, innerPoint(at), chunk, number), inner),
    );
  };
  return visit(openChunks(stage), point, state);
}

export function openChunks({ chunks = [] }: Stage): readonly Chunk[] {
  return chunks.filter(({ part }) => part === undefined);
}

/** The point with the ranges of the parts that its axes name. */
export function inOwnChunks(context: LoweringContext, point: Point, { chunks = [] }: Stage): Point {
  let at = point;
  for (const chunk of chunks) {
    const number = chunk.part === undefined ? undefined : point.axes.get(chunk.part);
    if (number !== undefined) at = inChunk(context, at, chunk, number);
  }
  return at;
}

function inChunk({ kernel, builder }: LoweringContext, point: Point, chunk: Chunk, number: Expr): Point {
  const { extent, name } = axisOf(kernel, chunk.axis);
  const isExact = typeof extent === 'number' && extent === Number(chunk.size) * Number(chunk.count);
  const begin = multiply(number, size(chunk.size));
  // Parts of a late size may begin past its end.
  const from = builder.let(`${name}0`, typeof extent === 'number' ? begin : minimum(begin, size(extent)));
  const end = add(from, size(chunk.size));
  const to = isExact ? end : builder.let(`${name}1`, minimum(end, size(extent)));
  return {
    ...point,
    ranges: new Map(point.ranges).set(chunk.axis, { from, to, extents: isExact ? [Number(chunk.size)] : undefined }),
  };
}
