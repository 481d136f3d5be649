/** Direct convolution: for every output position, the kernel positions that meet the input. */
import type { ElementsArray } from '../../elements.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import { type ContractionArithmetic, withContractionArithmetic } from './contraction-arithmetic.ts';
import type { DynamicConvAttributes, Padding } from './convolution-attributes.ts';
import { type WindowAxis, windowAxes, windowCount } from './convolution-shape.ts';
import { forEachIndex } from './index-space.ts';
import { pick, stridedOffsets } from './strided-offsets.ts';

/** The result's shape for operands of these shapes; all has been verified. */
export function convolvedShape(
  lhs: readonly number[],
  rhs: readonly number[],
  attrs: DynamicConvAttributes,
  padding: Padding | undefined,
): number[] {
  const dims = attrs.dimension_numbers;
  const shape = new Array<number>(lhs.length).fill(0);
  shape[dims.output_batch_dimension] = (lhs[dims.input_batch_dimension] ?? 0) / attrs.batch_group_count;
  shape[dims.output_feature_dimension] = rhs[dims.kernel_output_feature_dimension] ?? 0;
  for (const [axis, window] of windowAxes(attrs, padding).entries()) {
    const input = lhs[dims.input_spatial_dimensions[axis] ?? 0] ?? 0;
    const kernel = rhs[dims.kernel_spatial_dimensions[axis] ?? 0] ?? 0;
    shape[dims.output_spatial_dimensions[axis] ?? 0] = windowCount(input, kernel, window);
  }
  return shape;
}

/** The operands in canonical order: input `[b, 0.., f]`, kernel `[0.., i, o]`, output `[b, 0.., f]`. */
interface CanonicalSizes {
  readonly batch: number;
  readonly input: readonly number[];
  readonly inputFeatures: number;
  readonly kernel: readonly number[];
  readonly kernelFeatures: number;
  readonly outputBatch: number;
  readonly output: readonly number[];
  readonly outputFeatures: number;
  readonly featureGroups: number;
  readonly batchGroups: number;
}

/** Fills a zeroed result of `convolvedShape`. */
export function convolve(
  lhs: Tensor,
  rhs: Tensor,
  attrs: DynamicConvAttributes,
  padding: Padding | undefined,
  result: Tensor,
): void {
  if (result.size === 0 || lhs.size === 0 || rhs.size === 0) return;
  const dims = attrs.dimension_numbers;
  const inputAxes = [dims.input_batch_dimension, ...dims.input_spatial_dimensions, dims.input_feature_dimension];
  const kernelAxes = [
    ...dims.kernel_spatial_dimensions,
    dims.kernel_input_feature_dimension,
    dims.kernel_output_feature_dimension,
  ];
  const outputAxes = [dims.output_batch_dimension, ...dims.output_spatial_dimensions, dims.output_feature_dimension];
  const sizes: CanonicalSizes = {
    batch: lhs.shape[dims.input_batch_dimension] ?? 0,
    input: pick(lhs.shape, dims.input_spatial_dimensions),
    inputFeatures: lhs.shape[dims.input_feature_dimension] ?? 0,
    kernel: pick(rhs.shape, dims.kernel_spatial_dimensions),
    kernelFeatures: rhs.shape[dims.kernel_input_feature_dimension] ?? 0,
    outputBatch: result.shape[dims.output_batch_dimension] ?? 0,
    output: pick(result.shape, dims.output_spatial_dimensions),
    outputFeatures: result.shape[dims.output_feature_dimension] ?? 0,
    featureGroups: attrs.feature_group_count,
    batchGroups: attrs.batch_group_count,
  };
  const terms = shapeSize(sizes.kernel) * sizes.kernelFeatures;
  withContractionArithmetic(result.dtype, [lhs, rhs], terms, (arithmetic) => {
    const input = arithmetic.load(lhs, canonicalOffsets(lhs, inputAxes));
    const kernel = arithmetic.load(rhs, canonicalOffsets(rhs, kernelAxes));
    const sums = sumWindows(arithmetic, input, kernel, sizes, windowAxes(attrs, padding));
    arithmetic.store(sums, result, canonicalOffsets(result, outputAxes));
  });
}

function canonicalOffsets(tensor: Tensor, axes: readonly number[]): Uint32Array {
  return stridedOffsets(pick(tensor.shape, axes), pick(rowMajorStrides(tensor.shape), axes));
}

/**
 * For each output index of one dimension and each kernel index, the input index they meet at, or -1 in the padding or
 * between dilated elements: `[output, kernel]`.
 */
function meetingPoints(input: number, kernel: number, output: number, axis: WindowAxis): Int32Array {
  const points = new Int32Array(output * kernel).fill(-1);
  for (let at = 0; at < output; at++) {
    for (let tap = 0; tap < kernel; tap++) {
      const offset = axis.reversed ? kernel - 1 - tap : tap;
      const position = at * axis.stride + offset * axis.rhsDilation - axis.low;
      if (position < 0 || position % axis.lhsDilation !== 0) continue;
      const index = position / axis.lhsDilation;
      if (index < input) points[at * kernel + tap] = index;
    }
  }
  return points;
}

/** Lists the taps of a window: pairs of a kernel position and an input position, both flat over the spatial dimensions. */
class WindowTaps {
  readonly kernelAt: Int32Array;
  /** -1 where the tap falls in the padding. */
  readonly inputAt: Int32Array;
  count = 0;
  readonly #sizes: CanonicalSizes;
  readonly #points: readonly Int32Array[];
  readonly #withPadding: boolean;

  constructor(sizes: CanonicalSizes, axes: readonly WindowAxis[], withPadding: boolean) {
    const capacity = shapeSize(sizes.kernel);
    this.kernelAt = new Int32Array(capacity);
    this.inputAt = new Int32Array(capacity);
    this.#sizes = sizes;
    this.#withPadding = withPadding;
    this.#points = axes.map((axis, spatial) =>
      meetingPoints(sizes.input[spatial] ?? 0, sizes.kernel[spatial] ?? 0, sizes.output[spatial] ?? 0, axis),
    );
  }

  /** Those of the window at an output index. */
  find(outputIndex: readonly number[]): void {
    this.count = 0;
    this.#axis(0, outputIndex, 0, 0);
  }

  #axis(spatial: number, outputIndex: readonly number[], kernelAt: number, inputAt: number): void {
    const points = this.#points[spatial];
    if (points === undefined) {
      this.kernelAt[this.count] = kernelAt;
      this.inputAt[this.count++] = inputAt;
      return;
    }
    const kernel = this.#sizes.kernel[spatial] ?? 0;
    const row = (outputIndex[spatial] ?? 0) * kernel;
    for (let tap = 0; tap < kernel; tap++) {
      const point = inputAt < 0 ? -1 : (points[row + tap] ?? -1);
      if (point < 0 && !this.#withPadding) continue;
      const next = point < 0 ? -1 : inputAt * (this.#sizes.input[spatial] ?? 0) + point;
      this.#axis(spatial + 1, outputIndex, kernelAt * kernel + tap, next);
    }
  }
}

/** Sums in canonical output order. Padding is left out unless the kernel has a NaN or an infinity, which times 0 is NaN. */
function sumWindows<A extends ElementsArray>(
  arithmetic: ContractionArithmetic<A>,
  input: A,
  kernel: A,
  sizes: CanonicalSizes,
  axes: readonly WindowAxis[],
): A {
  const { kernelFeatures, outputFeatures, outputBatch } = sizes;
  const groups = sizes.featureGroups * sizes.batchGroups;
  const perGroup = outputFeatures / groups;
  const inputPositions = shapeSize(sizes.input);
  const outputPositions = shapeSize(sizes.output);
  const sums = arithmetic.zeros(outputBatch * outputPositions * outputFeatures);
  const nothing = arithmetic.zeros(1);
  const taps = new WindowTaps(sizes, axes, !arithmetic.allFinite(kernel));
  forEachIndex(sizes.output, (index, position) => {
    taps.find(index);
    for (let group = 0; group < groups; group++) {
      const firstBatch = sizes.batchGroups === 1 ? 0 : group * outputBatch;
      const firstFeature = sizes.featureGroups === 1 ? 0 : group * kernelFeatures;
      for (let batch = 0; batch < outputBatch; batch++) {
        const sumAt = (batch * outputPositions + position) * outputFeatures + group * perGroup;
        for (let tap = 0; tap < taps.count; tap++) {
          const inputAt = taps.inputAt[tap] ?? -1;
          const from = ((firstBatch + batch) * inputPositions + inputAt) * sizes.inputFeatures + firstFeature;
          const weights = (taps.kernelAt[tap] ?? 0) * kernelFeatures;
          for (let feature = 0; feature < kernelFeatures; feature++) {
            const weightAt = (weights + feature) * outputFeatures + group * perGroup;
            if (inputAt < 0) arithmetic.multiplyAdd(sums, sumAt, nothing, 0, kernel, weightAt, perGroup);
            else arithmetic.multiplyAdd(sums, sumAt, input, from + feature, kernel, weightAt, perGroup);
          }
        }
      }
    }
  });
  return sums;
}
