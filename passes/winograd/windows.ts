/** Which convolutions are taken with fewer multiplications, and what is known of them. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import { type Dim, isStaticDim } from '../../ir/dimension.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { constantOf } from '../constants.ts';
import { tensorOf } from '../op-kit.ts';
import { rangeOf } from '../value-range.ts';
import { tileResults, windowPlaces } from './transforms.ts';
import type { ConvolutionSize } from './is-worthwhile.ts';

type Attributes = AttributesOf<typeof convolution.attributes>;

/** A convolution that can be taken so; lists have an entry a spatial dimension. */
export interface Windows {
  /** What is computed with: transforms of narrow integers are exact in 16 bits, their products in 32. */
  readonly element: 'f32' | 'i16';
  readonly attrs: Attributes;
  readonly batch: Dim;
  readonly inputFeatures: number;
  readonly outputFeatures: number;
  readonly inputs: readonly number[];
  readonly results: readonly number[];
  readonly padding: readonly (readonly number[])[];
  /** Those with windows of three places. */
  readonly taken: readonly number[];
  /** Tiles where it is taken, else results. */
  readonly tiles: readonly number[];
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

export function sizeOfConvolution(op: Operation, windows: Windows): ConvolutionSize {
  return {
    rank: windows.taken.length,
    results: product(windows.results),
    tiles: product(windows.tiles),
    inputFeatures: windows.inputFeatures,
    outputFeatures: windows.outputFeatures,
    isConstant: constantOf(op.operand(1)) !== undefined,
  };
}

/** Undefined for a convolution of another kind. */
export function windowsOf(op: Operation): Windows | undefined {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  const [lhs, rhs, result] = [op.operand(0), op.operand(1), op.result()].map(tensorOf);
  if (lhs === undefined || rhs === undefined || result === undefined || !isPlain(attrs)) return undefined;
  const { dimension_numbers: dims } = attrs;
  const sizes = (shape: readonly Dim[], axes: readonly number[]): number[] =>
    axes.flatMap((axis) => shape[axis] ?? []).filter(isStaticDim);
  const spatial = dims.input_spatial_dimensions.length;
  const places = sizes(rhs.shape, dims.kernel_spatial_dimensions);
  const [inputs, given] = [
    sizes(lhs.shape, dims.input_spatial_dimensions),
    sizes(result.shape, dims.output_spatial_dimensions),
  ];
  const [inputFeatures] = sizes(rhs.shape, [dims.kernel_input_feature_dimension]);
  const [outputFeatures] = sizes(rhs.shape, [dims.kernel_output_feature_dimension]);
  const batch = lhs.shape[dims.input_batch_dimension];
  const areKnown = [places, inputs, given].every(({ length }) => length === spatial);
  if (!areKnown || inputFeatures === undefined || outputFeatures === undefined) return undefined;
  if (batch === undefined || (!isStaticDim(batch) && batch.name === '')) return undefined;
  const taken = [...places.keys()].filter((dimension) => places[dimension] === windowPlaces);
  if (taken.length === 0 || !places.every((count) => count === 1 || count === windowPlaces)) return undefined;
  const element = elementOf(op, attrs, taken.length, product(places) * inputFeatures);
  if (element === undefined) return undefined;
  return {
    element,
    attrs,
    batch,
    inputFeatures,
    outputFeatures,
    inputs,
    results: given,
    padding: places.map((_, dimension) => attrs.padding?.[dimension] ?? [0, 0]),
    taken,
    tiles: given.map((count, dimension) => (taken.includes(dimension) ? Math.ceil(count / tileResults) : count)),
  };
}

/** f32 where speed goes before accuracy; integers of which no transform and no sum of `depth` products leaves its type. */
function elementOf(op: Operation, attrs: Attributes, rank: number, depth: number): Windows['element'] | undefined {
  const values = [op.operand(0), op.operand(1), op.result()];
  const elements = values.map((value) => tensorOf(value).element);
  const isFast = attrs.precision_config?.every((precision) => precision === 'DEFAULT') !== false;
  if (elements.every((element) => element === 'f32')) return isFast ? 'f32' : undefined;
  const [input, weight] = [greatestOf(op.operand(0)), greatestOf(op.operand(1))];
  if (elements[2] !== 'i32' || input === undefined || weight === undefined) return undefined;
  // A tile is sums of two of its places a dimension; weights are taken twice as large, so that nothing is halved but the results.
  const isNarrow = input * 2 ** rank < 2 ** 15 && weight * windowPlaces ** rank < 2 ** 15;
  return isNarrow && input * weight * depth * tileResults ** rank < 2 ** 31 ? 'i16' : undefined;
}

function greatestOf(value: Value): number | undefined {
  const range = rangeOf(value);
  return range && Math.max(-range.least, range.greatest);
}

/** Strides and dilations of 1, and one group. */
function isPlain(attrs: Attributes): boolean {
  const steps = [attrs.window_strides, attrs.lhs_dilation, attrs.rhs_dilation];
  const areOne = steps.every((list) => list === undefined || list.every((step) => step === 1));
  return areOne && attrs.feature_group_count === 1 && attrs.batch_group_count === 1;
}
