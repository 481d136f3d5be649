/** Sums of products of two tensors: the evaluation of dot, dot_general and einsum. */
import type { ElementsArray } from '../../elements.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import { otherAxes } from './axis-lists.ts';
import { type ContractionArithmetic, withContractionArithmetic } from './contraction-arithmetic.ts';
import { pick, stridedOffsets } from './strided-offsets.ts';

/**
 * One index of the contraction, and the step it makes in each tensor, in elements; undefined where it does not occur. An
 * index that the result lacks is summed over.
 */
export interface ContractionLoop {
  readonly size: number;
  readonly lhs: number | undefined;
  readonly rhs: number | undefined;
  readonly result: number | undefined;
}

/** Axes in pairs: the nth of one side goes with the nth of the other. */
export interface ContractionAxes {
  readonly lhsBatching: readonly number[];
  readonly rhsBatching: readonly number[];
  readonly lhsContracting: readonly number[];
  readonly rhsContracting: readonly number[];
}

/** As the attribute of a dot_general has them. */
export interface DotDimensionNumbers {
  readonly lhs_batching_dimensions: readonly number[];
  readonly rhs_batching_dimensions: readonly number[];
  readonly lhs_contracting_dimensions: readonly number[];
  readonly rhs_contracting_dimensions: readonly number[];
}

/** `rhsAxis` renames the axes of a right side that lacks some. */
export function contractionAxes(
  dims: DotDimensionNumbers,
  rhsAxis: (axis: number) => number = (axis) => axis,
): ContractionAxes {
  return {
    lhsBatching: dims.lhs_batching_dimensions,
    rhsBatching: dims.rhs_batching_dimensions.map(rhsAxis),
    lhsContracting: dims.lhs_contracting_dimensions,
    rhsContracting: dims.rhs_contracting_dimensions.map(rhsAxis),
  };
}

/** `dim(lhs, batching) + dim(lhs, others) + dim(rhs, others)`. */
export function contractedShape(lhs: readonly number[], rhs: readonly number[], axes: ContractionAxes): number[] {
  const lhsFree = otherAxes(lhs.length, [...axes.lhsBatching, ...axes.lhsContracting]);
  const rhsFree = otherAxes(rhs.length, [...axes.rhsBatching, ...axes.rhsContracting]);
  return [...pick(lhs, axes.lhsBatching), ...pick(lhs, lhsFree), ...pick(rhs, rhsFree)];
}

/** The loops of a dot_general whose result has `contractedShape`. */
export function loopsOfAxes(lhs: readonly number[], rhs: readonly number[], axes: ContractionAxes): ContractionLoop[] {
  const [lhsSteps, rhsSteps] = [rowMajorStrides(lhs), rowMajorStrides(rhs)];
  const resultSteps = rowMajorStrides(contractedShape(lhs, rhs, axes));
  const lhsFree = otherAxes(lhs.length, [...axes.lhsBatching, ...axes.lhsContracting]);
  const rhsFree = otherAxes(rhs.length, [...axes.rhsBatching, ...axes.rhsContracting]);
  let position = 0;
  const loop = (lhsAxis: number | undefined, rhsAxis: number | undefined, inResult: boolean): ContractionLoop => ({
    size: (lhsAxis === undefined ? rhs[rhsAxis ?? 0] : lhs[lhsAxis]) ?? 0,
    lhs: lhsAxis === undefined ? undefined : lhsSteps[lhsAxis],
    rhs: rhsAxis === undefined ? undefined : rhsSteps[rhsAxis],
    result: inResult ? resultSteps[position++] : undefined,
  });
  return [
    ...axes.lhsBatching.map((axis, pair) => loop(axis, axes.rhsBatching[pair], true)),
    ...lhsFree.map((axis) => loop(axis, undefined, true)),
    ...rhsFree.map((axis) => loop(undefined, axis, true)),
    ...axes.lhsContracting.map((axis, pair) => loop(axis, axes.rhsContracting[pair], false)),
  ];
}

/** Fills a zeroed result. Terms are added in row-major order of the summed indices, first to last. */
export function contractTensors(lhs: Tensor, rhs: Tensor, loops: readonly ContractionLoop[], result: Tensor): void {
  if (result.size === 0) return;
  const summed = loops.filter((loop) => loop.result === undefined);
  const kept = loops.filter((loop) => loop.result !== undefined);
  const batch = kept.filter((loop) => loop.lhs !== undefined && loop.rhs !== undefined);
  const rows = kept.filter((loop) => loop.rhs === undefined);
  const columns = kept.filter((loop) => loop.lhs === undefined);
  const termCount = sizeOf(summed);
  if (termCount === 0) return;
  withContractionArithmetic(result.dtype, [lhs, rhs], termCount, (arithmetic) => {
    // The longer side becomes the inner loop.
    if (sizeOf(columns) >= sizeOf(rows)) {
      const left = load(arithmetic, lhs, 'lhs', [...batch, ...rows, ...summed]);
      const right = load(arithmetic, rhs, 'rhs', [...batch, ...summed, ...columns]);
      const sums = multiplyMatrices(arithmetic, left, right, sizesOf(batch, rows, columns, termCount));
      arithmetic.store(sums, result, offsetsOf('result', [...batch, ...rows, ...columns]));
    } else {
      const left = load(arithmetic, rhs, 'rhs', [...batch, ...columns, ...summed]);
      const right = load(arithmetic, lhs, 'lhs', [...batch, ...summed, ...rows]);
      const sums = multiplyMatrices(arithmetic, left, right, sizesOf(batch, columns, rows, termCount));
      arithmetic.store(sums, result, offsetsOf('result', [...batch, ...columns, ...rows]));
    }
  });
}

function sizeOf(loops: readonly ContractionLoop[]): number {
  return shapeSize(loops.map((loop) => loop.size));
}

function offsetsOf(side: 'lhs' | 'rhs' | 'result', loops: readonly ContractionLoop[]): Uint32Array {
  return stridedOffsets(
    loops.map((loop) => loop.size),
    loops.map((loop) => loop[side] ?? 0),
  );
}

function load<A extends ElementsArray>(
  arithmetic: ContractionArithmetic<A>,
  tensor: Tensor,
  side: 'lhs' | 'rhs',
  loops: readonly ContractionLoop[],
): A {
  return arithmetic.load(tensor, offsetsOf(side, loops));
}

interface MatrixSizes {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

function sizesOf(
  batch: readonly ContractionLoop[],
  rows: readonly ContractionLoop[],
  columns: readonly ContractionLoop[],
  terms: number,
): MatrixSizes {
  return { batch: sizeOf(batch), rows: sizeOf(rows), columns: sizeOf(columns), terms };
}

/** `[batch, rows, terms] x [batch, terms, columns] -> [batch, rows, columns]`. */
function multiplyMatrices<A extends ElementsArray>(
  arithmetic: ContractionArithmetic<A>,
  lhs: A,
  rhs: A,
  { batch, rows, columns, terms }: MatrixSizes,
): A {
  const sums = arithmetic.zeros(batch * rows * columns);
  for (let line = 0; line < batch * rows; line++) {
    const matrix = Math.floor(line / rows) * terms;
    for (let term = 0; term < terms; term++) {
      arithmetic.multiplyAdd(sums, line * columns, lhs, line * terms + term, rhs, (matrix + term) * columns, columns);
    }
  }
  return sums;
}
