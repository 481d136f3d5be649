/**
 * Windows whose rows and columns may be combined apart: each dimension of the operand is moved by one axis of the window and one of the
 * result at most, and the order of combining is free. Then a window of 13 x 13 is 13 rows, and of what these give 13 columns.
 *
 *     out[y, x] = max over i, j of in[y + i, x + j]     ->     a[y, p] = max over i of in[y + i, p];   out[y, x] = max over j of a[y, x + j]
 */
import { guardsOf } from '../contraction/image.ts';
import { extentOf } from '../extent.ts';
import { add, index, maximum, minimum, multiply, size as sizeExpr, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { affineIndex } from '../lower-affine.ts';
import { maxSize, type Size } from '../size.ts';
import type { AxisId, Combiner, Stage, StructuredKernel } from '../structured-kernel.ts';
import type { LoadValue } from './window-reads.ts';

/** A dimension that a window moves along: place `i` of the window of result `r` is its element `first + stride * r + dilation * i`. */
export interface Line {
  readonly dimension: number;
  /** Of the results; undefined where there is one. */
  readonly axis: AxisId | undefined;
  readonly stride: number;
  readonly dilation: number;
  readonly first: number;
  /** Elements of the dimension. */
  readonly size: Size;
  readonly window: number;
  readonly results: Size;
  /** Windows may reach over its ends. */
  readonly isPadded: boolean;
}

const free: ReadonlySet<string> = new Set(['maximum', 'minimum', 'add', 'multiply', 'and', 'or', 'xor']);

/** Operations to which an element may be given twice. */
const idempotent: ReadonlySet<string> = new Set(['maximum', 'minimum', 'and', 'or']);

export function isIdempotent({ results: [result] }: Combiner): boolean {
  return result?.kind === 'binary' && idempotent.has(result.op);
}

/** Undefined when the order matters, or windows move otherwise. */
export function linesOf(kernel: StructuredKernel, stage: Stage, load: LoadValue): readonly Line[] | undefined {
  const { combiner, values } = stage;
  if (combiner === undefined || values.length !== 1 || !isFree(combiner)) return undefined;
  const { access, otherwise } = load;
  const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  const guards = guardsOf(access, shape);
  if (guards === undefined) return undefined;
  const isPadding = values[0] === load && otherwise?.kind === 'constant' && isNeutral(combiner, otherwise.value);
  if (guards.size > 0 && !isPadding) return undefined;
  const seen = new Set<AxisId>();
  const lines: Line[] = [];
  for (const [dimension, expr] of access.indices.entries()) {
    const moves = affineIndex(expr);
    if (moves === undefined) return undefined;
    const along = [...moves.coefficients].filter(([, factor]) => factor !== 0);
    const reduced = along.filter(([axis]) => isReduction(kernel, axis));
    if (along.some(([axis]) => seen.has(axis))) return undefined;
    for (const [axis] of along) if (reduced.length > 0) seen.add(axis);
    const isPadded = guards.has(dimension);
    if (reduced.length === 0 && !isPadded) continue;
    const [within] = reduced;
    const slides = along.filter(([axis]) => !isReduction(kernel, axis));
    const [slide] = slides;
    if (within === undefined || reduced.length > 1 || slides.length > 1) return undefined;
    const [dilation, stride] = [within[1], slide?.[1] ?? 1];
    const { offset } = moves;
    const window = extentOf(kernel, within[0]);
    if (typeof dilation !== 'number' || typeof stride !== 'number' || typeof offset !== 'number') return undefined;
    if (typeof window !== 'number' || window < 1 || dilation < 1 || stride < 1) return undefined;
    lines.push({
      dimension,
      axis: slide?.[0],
      stride,
      dilation,
      first: offset,
      size: shape[dimension] ?? 1,
      window,
      results: slide === undefined ? 1 : extentOf(kernel, slide[0]),
      isPadded,
    });
  }
  const k = stage.axes.filter((axis) => isReduction(kernel, axis));
  const isWhole = k.every((axis) => seen.has(axis)) && lines.every(({ results }) => maxSize(results) !== undefined);
  // What slides nowhere is a plain reduction, with an order of its own.
  return isWhole && lines.some(({ axis }) => axis !== undefined) ? lines : undefined;
}

function isReduction(kernel: StructuredKernel, id: AxisId): boolean {
  return kernel.axes.find((axis) => axis.id === id)?.kind === 'reduction';
}

function isFree({ results, isCommutative, mayReassociate }: Combiner): boolean {
  const [result] = results;
  if (results.length !== 1 || result?.kind !== 'binary' || !isCommutative || !mayReassociate) return false;
  const kinds = [result.lhs.kind, result.rhs.kind];
  return free.has(result.op) && kinds.includes('accumulator') && kinds.includes('element');
}

/** Padding that may be left out: zeros of a sum are added at its end, whatever their sign, where padding is what windows begin with. */
function isNeutral({ identity: [identity] }: Combiner, value: number | bigint): boolean {
  return Object.is(value, identity) || (value === 0 && identity === 0);
}

/** Elements of the dimension, with its padding, that all results read. */
export function positionsOf({ stride, dilation, window }: Line, results: number): number {
  return results === 0 ? 0 : (results - 1) * stride + (window - 1) * dilation + 1;
}

/** Of the positions that results read, those that have an element. */
export function positionsThere(line: Line): { readonly from: Expr; readonly to: Expr } {
  const { first, size: whole, results, stride } = line;
  const all = positionsOf(line, 1);
  const most = add(multiply(subtract(sizeExpr(results), 1), stride), all);
  return { from: index(Math.max(0, -first)), to: maximum(minimum(most, subtract(sizeExpr(whole), first)), 0) };
}
