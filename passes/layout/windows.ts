/**
 * The ops that care for order: those that read each element many times, in a window. Lanes along a dimension that the window slides over
 * meet its padding and its strides; lanes along features do not.
 */
import { dimMax } from '../../ir/dimension.ts';
import { type DimensionOrder, isRowMajor } from '../../ir/dimension-order.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { reduceWindow } from '../../ir/ops/stablehlo/reduce-window.ts';
import { windowOf } from '../../ir/ops/shared/window-geometry.ts';
import { elementsOf } from '../fuse/op-kind.ts';
import { match } from '../match.ts';
import { innermost, isPointWindow } from './relations.ts';
import { elementBytesOf, rankOf, shapeOf, strayBytes } from './tensor-bytes.ts';

/** A value an op touches, and the order in which it would like it. */
export interface Wish {
  readonly value: Value;
  readonly order: DimensionOrder;
  /** Of a result: the op computes along it and nothing else. */
  readonly isBinding?: true;
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
  const found = op.name === reduceWindow.name ? pooling(op) : op.name === convolution.name ? convolved(op) : undefined;
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

/** With one input feature for each output feature, nothing is summed but the window; else it is a contraction. */
function convolved(op: Operation): WindowOp | undefined {
  const { batch_group_count: batches, feature_group_count: groups, dimension_numbers: dims } =
    attributesOf<typeof convolution.attributes>(op); // prettier-ignore
  if (batches !== 1 || isPointWindow(op)) return undefined;
  const isDepthwise = groups > 1 && shapeOf(op.operand(1))[dims.kernel_input_feature_dimension] === 1;
  return isDepthwise ? depthwise(op) : contracted(op);
}

/**
 * What a multiply-add of a contraction takes, in bytes that are moved in that time. Its columns are the innermost dimension of the result:
 * features, or pixels, with which operands have to be packed, and whose rows are short. Measured in WebAssembly with relaxed SIMD (Zen 5):
 * 3x3 convolutions of 56x56x64, 28x28x128 and 14x14x256 run at 65 and at 35 to 43 GFLOP/s, 7x7 with stride 2 of 224x224x3 at 66 and at 18,
 * 1x1 with stride 2 at 65 and 25, four groups of 28x28x64 at 62 and 27; what is moved, in a cache, at 60 GB/s.
 */
const multiplyAddBytes = { features: 1.9, pixels: 3.4 };

function contracted(op: Operation): WindowOp | undefined {
  const wishes = convolutionOrders(op);
  const [lhs, rhs, result] = [op.operand(0), op.operand(1), op.result()];
  const { kernel_output_feature_dimension: outputs } =
    attributesOf<typeof convolution.attributes>(op).dimension_numbers;
  const depth = elementsOf(rhs) / Math.max(1, dimMax(shapeOf(rhs)[outputs] ?? 1) ?? 1);
  const multiplyAdds = elementsOf(result) * depth;
  const rank = rankOf(result);
  const isNow = isInRowMajorStep(lhs, wishes.lhs.at(-1) ?? 0) && wishes.result.at(-1) === rank - 1;
  return {
    op,
    operands: [readThrough(lhs, wishes.lhs)],
    results: [{ value: result, order: wishes.result, views: [], isBinding: true }],
    rowMajorBytes: multiplyAdds * (isNow ? multiplyAddBytes.features : multiplyAddBytes.pixels),
    wishedBytes: multiplyAdds * multiplyAddBytes.features,
  };
}

/** Features innermost. */
function convolutionOrders(op: Operation): Readonly<Record<'lhs' | 'rhs' | 'result', DimensionOrder>> {
  const { dimension_numbers: dims } = attributesOf<typeof convolution.attributes>(op);
  const { output_spatial_dimensions: output } = dims;
  const byPlace = (spatial: readonly number[]): readonly number[] =>
    [...output.keys()].sort((a, b) => (output[a] ?? 0) - (output[b] ?? 0)).map((axis) => spatial[axis] ?? 0);
  return {
    lhs: [dims.input_batch_dimension, ...byPlace(dims.input_spatial_dimensions), dims.input_feature_dimension],
    rhs: [
      ...byPlace(dims.kernel_spatial_dimensions),
      dims.kernel_input_feature_dimension,
      dims.kernel_output_feature_dimension,
    ],
    result: [dims.output_batch_dimension, ...byPlace(output), dims.output_feature_dimension],
  };
}

function depthwise(op: Operation): WindowOp | undefined {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  const { dimension_numbers: dims } = attrs;
  const [lhs, rhs, result] = [op.operand(0), op.operand(1), op.result()];
  const {
    input_spatial_dimensions: input,
    kernel_spatial_dimensions: kernel,
    output_spatial_dimensions: output,
  } = dims;
  const wishes = convolutionOrders(op);
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
  // Along features, a weight for each lane; along pixels one for all.
  const isAlongFeatures = now === dims.output_feature_dimension;
  const isWeightInStep = isInRowMajorStep(rhs, dims.kernel_output_feature_dimension);
  const weights = isAlongFeatures && !isWeightInStep ? strayBytes - bytes : 0;
  return {
    op,
    operands: [readThrough(lhs, wishes.lhs), readThrough(rhs, wishes.rhs)],
    results: [{ value: result, order: wishes.result, views: [] }],
    rowMajorBytes: reads * (inRowMajor + Math.max(0, weights)),
    wishedBytes: reads * inFeatures,
  };
}
