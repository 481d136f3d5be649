/** The result shape of a convolution, and the checks of its attributes against its operands' shapes. */
import { compatibleDims, describeDim, type Dim, dimMax, dimSymbol, dynamicDim, mapDims } from '../../dimension.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { TensorType } from '../../types.ts';
import { allAtLeast, allWithin, describeList, isUnique } from './axis-lists.ts';
import type { DynamicConvAttributes, Padding } from './convolution-attributes.ts';
import { checkPrecisionConfig } from './precision.ts';
import { isPerAxis } from './quantization.ts';
import { checkContractionElements } from './quantized-contraction.ts';
import { describeShape, dimAt } from './shapes.ts';

/** How the window moves along one spatial dimension. */
export interface WindowAxis {
  readonly stride: number;
  readonly low: number;
  readonly high: number;
  readonly lhsDilation: number;
  readonly rhsDilation: number;
  readonly reversed: boolean;
}

/** The window of a verified op, one entry a spatial dimension. */
export function windowAxes(attrs: DynamicConvAttributes, padding: Padding | undefined): WindowAxis[] {
  return attrs.dimension_numbers.input_spatial_dimensions.map((_, axis) => ({
    stride: attrs.window_strides?.[axis] ?? 1,
    low: padding?.[axis]?.[0] ?? 0,
    high: padding?.[axis]?.[1] ?? 0,
    lhsDilation: attrs.lhs_dilation?.[axis] ?? 1,
    rhsDilation: attrs.rhs_dilation?.[axis] ?? 1,
    reversed: attrs.window_reversal?.[axis] ?? false,
  }));
}

/** `num_windows` of C25. */
export function windowCount(input: number, kernel: number, axis: WindowAxis): number {
  const dilatedInput = input === 0 ? 0 : (input - 1) * axis.lhsDilation + 1;
  const padded = axis.low + dilatedInput + axis.high;
  const window = kernel === 0 ? 0 : (kernel - 1) * axis.rhsDilation + 1;
  return padded <= 0 || window > padded ? 0 : Math.floor((padded - window) / axis.stride) + 1;
}

/** As `windowCount`, of sizes that may be unknown. */
function windowCountDim(input: Dim, kernel: Dim, axis: WindowAxis): Dim {
  if (typeof kernel === 'number') return mapDims((size) => windowCount(size, kernel, axis), input);
  const most = dimMax(input);
  return most === undefined ? dynamicDim : dimSymbol('', windowCount(most, 0, axis));
}

/** C2, C3, C5 to C9: the lists have an entry for each spatial dimension. */
function checkWindow(
  attrs: DynamicConvAttributes,
  count: number,
  check: ConstraintCheck,
  strides: 'exact' | 'at-least',
): boolean {
  const { window_strides, lhs_dilation, rhs_dilation, window_reversal } = attrs;
  const sized = (list: readonly unknown[] | undefined, id: string, surplus: boolean): boolean => {
    const size = list?.length ?? count;
    return check.require(size === count || (surplus && size > count), id, () => `there are ${size}, N - 2 is ${count}`);
  };
  const positive = (list: readonly number[] | undefined, id: string): boolean =>
    check.require(allAtLeast(list ?? [], 1), id, () => describeList(list ?? []));
  return [
    sized(window_strides, 'C2', strides === 'at-least'),
    positive(window_strides, 'C3'),
    sized(lhs_dilation, 'C5', false),
    positive(lhs_dilation, 'C6'),
    sized(rhs_dilation, 'C7', false),
    positive(rhs_dilation, 'C8'),
    sized(window_reversal, 'C9', false),
  ].every(Boolean);
}

/** C12, C13, C17 to C20: each side names every one of its dimensions once. */
function checkDimensionNumbers(attrs: DynamicConvAttributes, rank: number, check: ConstraintCheck): boolean {
  const dims = attrs.dimension_numbers;
  const side = (
    spatial: readonly number[],
    others: readonly number[],
    ids: readonly [size: string, axes: string],
  ): boolean => {
    const all = [...others, ...spatial];
    const sized = check.require(spatial.length === rank - 2, ids[0], () => `there are ${spatial.length}, N is ${rank}`);
    return (
      check.require(isUnique(all) && allWithin(all, 0, rank), ids[1], () => `${describeList(all)}, N is ${rank}`) &&
      sized
    );
  };
  return [
    side(dims.input_spatial_dimensions, [dims.input_batch_dimension, dims.input_feature_dimension], ['C12', 'C13']),
    side(
      dims.kernel_spatial_dimensions,
      [dims.kernel_input_feature_dimension, dims.kernel_output_feature_dimension],
      ['C17', 'C18'],
    ),
    side(dims.output_spatial_dimensions, [dims.output_batch_dimension, dims.output_feature_dimension], ['C19', 'C20']),
  ].every(Boolean);
}

/** C10, C11, C14 to C16, C21 to C23. */
function checkGroups(lhs: TensorType, rhs: TensorType, attrs: DynamicConvAttributes, check: ConstraintCheck): boolean {
  const { dimension_numbers: dims, feature_group_count: features, batch_group_count: batches } = attrs;
  const positive = [
    check.require(features > 0, 'C21', () => `it is ${features}`),
    check.require(batches > 0, 'C22', () => `it is ${batches}`),
    check.require(features === 1 || batches === 1, 'C23', () => `they are ${features} and ${batches}`),
  ];
  if (!positive.every(Boolean)) return false;
  const divides = (dim: Dim, count: number, id: string): boolean =>
    check.require(typeof dim !== 'number' || dim % count === 0, id, () => `${describeDim(dim)} % ${count}`);
  const inputFeatures = dimAt(lhs.shape, dims.input_feature_dimension);
  const kernelFeatures = dimAt(rhs.shape, dims.kernel_input_feature_dimension);
  const outputFeatures = dimAt(rhs.shape, dims.kernel_output_feature_dimension);
  const whole = [
    divides(dimAt(lhs.shape, dims.input_batch_dimension), batches, 'C10'),
    divides(inputFeatures, features, 'C11'),
    divides(outputFeatures, batches, 'C15'),
    divides(outputFeatures, features, 'C16'),
  ];
  if (!whole.every(Boolean)) return false;
  const expected = mapDims((size) => Math.floor(size / features), inputFeatures);
  return check.require(
    compatibleDims(expected, kernelFeatures),
    'C14',
    () => `${describeDim(kernelFeatures)}, expected ${describeDim(expected)}`,
  );
}

/** How the spatial sizes of the result are found: from padding, or not before run time. */
export type SpatialPadding = Padding | 'none' | 'dynamic';

/** Checks C1 to C23 and gives the result's shape; undefined after a report. */
export function convolutionShape(
  lhs: TensorType,
  rhs: TensorType,
  attrs: DynamicConvAttributes,
  padding: SpatialPadding,
  check: ConstraintCheck,
): readonly Dim[] | undefined {
  const rank = lhs.shape.length;
  const sameRank = rank === rhs.shape.length && rank >= 2;
  const shapes = (): string => `the shapes are ${describeShape(lhs.shape)} and ${describeShape(rhs.shape)}`;
  if (!check.require(sameRank, 'C1', shapes)) return undefined;
  const window = checkWindow(attrs, rank - 2, check, padding === 'dynamic' ? 'at-least' : 'exact');
  const padded = typeof padding === 'string' || checkPadding(padding, rank - 2, check);
  const numbered = checkDimensionNumbers(attrs, rank, check);
  if (!window || !padded || !numbered || !checkGroups(lhs, rhs, attrs, check)) return undefined;
  const dims = attrs.dimension_numbers;
  const shape = new Array<Dim>(rank).fill(dynamicDim);
  shape[dims.output_batch_dimension] = mapDims(
    (size) => Math.floor(size / attrs.batch_group_count),
    dimAt(lhs.shape, dims.input_batch_dimension),
  );
  shape[dims.output_feature_dimension] = dimAt(rhs.shape, dims.kernel_output_feature_dimension);
  if (padding === 'dynamic') return shape;
  for (const [axis, window] of windowAxes(attrs, padding === 'none' ? undefined : padding).entries()) {
    const input = dimAt(lhs.shape, dims.input_spatial_dimensions[axis] ?? 0);
    const kernel = dimAt(rhs.shape, dims.kernel_spatial_dimensions[axis] ?? 0);
    shape[dims.output_spatial_dimensions[axis] ?? 0] = windowCountDim(input, kernel, window);
  }
  return shape;
}

function checkPadding(padding: Padding, count: number, check: ConstraintCheck): boolean {
  const fits = padding.length === count && padding.every((pair) => pair.length === 2);
  return check.require(fits, 'C4', () => `there are ${padding.length} rows of ${padding[0]?.length ?? 2}`);
}

/** C24, C27 to C34. */
export function verifyConvolution(
  lhs: TensorType,
  rhs: TensorType,
  result: TensorType | undefined,
  attrs: DynamicConvAttributes,
  check: ConstraintCheck,
): void {
  const dims = attrs.dimension_numbers;
  checkPrecisionConfig(attrs.precision_config, check, 'C24');
  checkContractionElements(lhs, rhs, result, check, {
    sameElement: 'C27',
    quantizedTogether: 'C28',
    sameStorage: 'C31',
    sameExpressed: 'C32',
    perTensor: 'C33',
    hybrid: 'C34',
  });
  if (isPerAxis(rhs.element)) {
    const axis = rhs.element.dimension;
    check.require(axis === dims.kernel_output_feature_dimension, 'C29', () => `the axis is ${axis}`);
  }
  if (result !== undefined && isPerAxis(result.element)) {
    const axis = result.element.dimension;
    check.require(axis === dims.output_feature_dimension, 'C30', () => `the axis is ${axis}`);
  }
}
