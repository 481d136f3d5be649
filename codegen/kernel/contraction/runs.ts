/**
 * Runs of k: where an operand is read where it lies, k is walked in runs along which that moves by one distance: a 3x3 convolution over
 * memory with features innermost has three, of 3 times as many steps as there are features.
 */
import { add, divide, index } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import { axisOf, type LoweringContext, type Point } from '../lower-context.ts';
import type { AxisId } from '../structured-kernel.ts';
import { axisGroup, bindLinear } from './axis-group.ts';
import { imageStride, type ImageShape } from './image.ts';
import { linearSuffix, type DirectAccess, type Operand } from './operand.ts';
import type { KBlock } from './pack.ts';

/** How the tiles get an operand: read where it lies, from an image of it, or from panels. */
export interface OperandSource {
  readonly operand: Operand;
  readonly direct: DirectAccess | undefined;
  readonly image: ImageShape | undefined;
  /** In panels that were packed beforehand. */
  readonly isConstant: boolean;
}

/** All of k is `outer` axes of runs around `inner` ones of `length` points together. */
export interface RunsOfK {
  readonly outer: readonly AxisId[];
  readonly inner: readonly AxisId[];
  readonly length: number;
}

/** Runs of at most `longest` steps along which all operands are linear that are not in panels; undefined when k is one run. */
export function runsOfK(
  context: LoweringContext,
  sources: readonly OperandSource[],
  k: readonly AxisId[],
  longest: number,
): RunsOfK | undefined {
  let inner = k;
  for (const { direct, image } of sources) {
    const own =
      image === undefined
        ? direct?.runs.inner
        : linearSuffix(context, { stride: (axis) => imageStride(image, axis) }, k);
    if (own !== undefined && own.length < inner.length) inner = own;
  }
  const extentOf = (axis: AxisId): number => {
    const { extent } = axisOf(context.kernel, axis);
    return typeof extent === 'number' ? extent : Infinity;
  };
  const lengthOf = (axes: readonly AxisId[]): number => axes.reduce((length, axis) => length * extentOf(axis), 1);
  if (inner.length === k.length) return undefined;
  while (inner.length > 1 && lengthOf(inner) > longest) inner = inner.slice(1);
  const outer = k.slice(0, k.length - inner.length);
  return { outer, inner, length: lengthOf(inner) };
}

/** Binds the axes around a run. */
export function bindRun(context: LoweringContext, point: Point, { outer }: RunsOfK, run: Expr): Point {
  return bindLinear(context, point, axisGroup(context, point, outer), run);
}

/** The runs of a block of k, which begins and ends with one. */
export interface RunRange {
  readonly from: Expr;
  readonly to: Expr;
  readonly length: number;
}

export function runsOfBlock(builder: LoopBuilder, { length }: RunsOfK, { from, count }: KBlock): RunRange {
  const first = builder.let('run', divide(from, index(length)));
  return { from: first, to: builder.let('runs', add(first, divide(count, index(length)))), length };
}
