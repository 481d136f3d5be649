/**
 * The ops that care for order: those that read each element many times, in a window, and pack nothing. Lanes along a dimension that the
 * window slides over meet its padding and its strides; lanes along features do not.
 *
 * Convolutions with more than one input feature a group are contractions: their operands are packed, in whatever order they lie. Measured
 * in WebAssembly, a 3x3 convolution of 56x56x64 takes as long in NCHW as in NHWC (0.98), and so do those of 28x28x128 (1.02) and 7x7x512
 * (0.95); a depthwise one of 56x56x64 takes 3.6 times as long.
 */
import { type DimensionOrder, isRowMajor } from '../../ir/dimension-order.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { reduceWindow } from '../../ir/ops/stablehlo/reduce-window.ts';
import { windowOf } from '../../ir/ops/shared/window-geometry.ts';
import { elementsOf } from '../fuse/op-kind.ts';
import { match } from '../match.ts';
import { innermost } from './relations.ts';
import { elementBytesOf, rankOf, shapeOf, strayBytes } from './tensor-bytes.ts';

/** A value an op touches, and the order in which it would like it. */
export interface Wish {
  readonly value: Value;
  readonly order: DimensionOrder;
  /** Transposes between the value and the operand, first to last: kernels read through them. */
  readonly views: readonly Operation[];
}

/** What the operand is read from: transposes are never in memory between kernels. */
function readThrough(operand: Value, wanted: DimensionOrder): Wish {
  const views: Operation[] = [];
  let [value, order] = [operand, wanted];
  for (let view = match(value, transpose); view !== undefined; view = match(value, transpose)) {
    const { permutation } = view.attrs;
    order = order.map((dimension) => permutation[dimension] ?? dimension);
    value = view.op.operand(0);
    views.unshift(view.op);
  }
  return { value, order, views };
}

/** Whether lanes along a dimension of the operand are side by side in row-major memory of what it is read from. */
function isInRowMajorStep(operand: Value, dimension: number): boolean {
  const rank = rankOf(operand);
  const { value, order } = readThrough(operand, innerLast(rank, dimension));
  return innermost(value, innerLast(rank, rank - 1)) === innermost(value, order);
}

/** An op that may compute along another dimension than the innermost. */
export interface WindowOp {
  readonly op: Operation;
  readonly operands: readonly Wish[];
  readonly results: readonly Wish[];
  /** Bytes read when it computes along the innermost dimension of row-major memory, and along that of its wishes. */
  readonly rowMajorBytes: number;
  readonly wishedBytes: number;
}

/** Undefined for ops that care for no order, and for those that have what they want when all is row-major. */
export function windowOp(op: Operation): WindowOp | undefined {
  const found = op.name === reduceWindow.name ? pooling(op) : op.name === convolution.name ? depthwise(op) : undefined;
  if (found === undefined || found.wishedBytes >= found.rowMajorBytes) return undefined;
  return [...found.operands, ...found.results].some(({ order }) => !isRowMajor(order)) ? found : undefined;
}

/** How a window moves along one dimension. */
interface Slide {
  readonly size: number;
  readonly stride: number;
  readonly isPadded: boolean;
}

/** Bytes for each element read, with lanes along a dimension. */
function laneBytes(bytes: number, extent: unknown, { stride, isPadded }: Slide): number {
  const isShort = typeof extent === 'number' && extent * bytes < strayBytes;
  if (isPadded || isShort) return Math.max(bytes, strayBytes);
  return Math.min(Math.max(bytes, strayBytes), bytes * stride);
}

const still: Slide = { size: 1, stride: 1, isPadded: false };

function isStill({ size, stride, isPadded }: Slide): boolean {
  return size === 1 && stride === 1 && !isPadded;
}

/** The dimensions in their order, but this one last. */
function innerLast(rank: number, inner: number): DimensionOrder {
  return [...Array.from({ length: rank }, (_, dimension) => dimension).filter((each) => each !== inner), inner];
}

function pooling(op: Operation): WindowOp | undefined {
  const count = op.results.length;
  const operands = op.operands.slice(0, count);
  const [result, rank] = [op.result(), rankOf(op.result())];
  const window = windowOf(rank, attributesOf<typeof reduceWindow.attributes>(op));
  const slides = Array.from({ length: rank }, (_, dimension): Slide => {
    const at = (list: readonly number[], otherwise: number): number => list[dimension] ?? otherwise;
    const isPadded = at(window.low, 0) > 0 || at(window.high, 0) > 0 || at(window.baseDilations, 1) > 1;
    return { size: at(window.dimensions, 1), stride: at(window.strides, 1), isPadded };
  });
  const shape = shapeOf(result);
  const now = innermost(result, innerLast(rank, rank - 1));
  const inner = slides.findLastIndex((slide, dimension) => isStill(slide) && shape[dimension] !== 1);
  if (now === undefined || inner < 0) return undefined;
  const reads = elementsOf(result) * slides.reduce((product, { size }) => product * size, 1);
  const bytes = elementBytesOf(result);
  const cost = (dimension: number): number =>
    count * reads * laneBytes(bytes, shape[dimension], slides[dimension] ?? still);
  const stray = count * reads * Math.max(bytes, strayBytes);
  const order = innerLast(rank, inner);
  return {
    op,
    operands: operands.map((operand) => readThrough(operand, order)),
    results: op.results.map((value) => ({ value, order, views: [] })),
    rowMajorBytes: operands.every((operand) => isInRowMajorStep(operand, now)) ? cost(now) : stray,
    wishedBytes: cost(inner),
  };
}

/** One input feature for each output feature: nothing is summed but the window, so that there is nothing to pack for. */
function depthwise(op: Operation): WindowOp | undefined {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  const { dimension_numbers: dims } = attrs;
  const [lhs, rhs, result] = [op.operand(0), op.operand(1), op.result()];
  if (attrs.batch_group_count !== 1 || shapeOf(rhs)[dims.kernel_input_feature_dimension] !== 1) return undefined;
  if (attrs.feature_group_count < 2) return undefined;
  const {
    input_spatial_dimensions: input,
    kernel_spatial_dimensions: kernel,
    output_spatial_dimensions: output,
  } = dims;
  const byPlace = (spatial: readonly number[]): readonly number[] =>
    [...output.keys()].sort((a, b) => (output[a] ?? 0) - (output[b] ?? 0)).map((axis) => spatial[axis] ?? 0);
  const wishes = {
    lhs: [dims.input_batch_dimension, ...byPlace(input), dims.input_feature_dimension],
    rhs: [...byPlace(kernel), dims.kernel_input_feature_dimension, dims.kernel_output_feature_dimension],
    result: [dims.output_batch_dimension, ...byPlace(output), dims.output_feature_dimension],
  };
  const now = innermost(result, innerLast(rankOf(result), rankOf(result) - 1));
  if (now === undefined) return undefined;
  const slides = output.map((_, axis): Slide => {
    const [low = 0, high = 0] = attrs.padding?.[axis] ?? [];
    const isPadded = low > 0 || high > 0 || (attrs.lhs_dilation?.[axis] ?? 1) > 1;
    const size = shapeOf(rhs)[kernel[axis] ?? 0];
    return { size: typeof size === 'number' ? size : 1, stride: attrs.window_strides?.[axis] ?? 1, isPadded };
  });
  const bytes = elementBytesOf(lhs);
  const reads = elementsOf(result) * slides.reduce((product, { size }) => product * size, 1);
  const inFeatures = laneBytes(bytes, shapeOf(lhs)[dims.input_feature_dimension], still);
  const axis = output.indexOf(now);
  // Along features or batches of row-major memory where these are not innermost: one by one.
  const isInner = isInRowMajorStep(lhs, (axis < 0 ? dims.input_feature_dimension : input[axis]) ?? 0);
  const inRowMajor = isInner
    ? laneBytes(bytes, shapeOf(result)[now], slides[axis] ?? still)
    : Math.max(bytes, strayBytes);
  return {
    op,
    operands: [readThrough(lhs, wishes.lhs), readThrough(rhs, wishes.rhs)],
    results: [{ value: result, order: wishes.result, views: [] }],
    rowMajorBytes: reads * inRowMajor,
    wishedBytes: reads * inFeatures,
  }; // prettier-ignore
}
