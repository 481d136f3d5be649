/** What the three batch norm ops have in common: their operands, their checks, and statistics per feature. */
import { float, i64 } from '../../attribute-schema.ts';
import { compatibleDims, describeDim, type Dim, mergeDims } from '../../dimension.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { type TypeConstraint } from '../../type-constraints.ts';
import { elementText, isTensor, type TensorType } from '../../types.ts';
import { floatSlots } from './float-values.ts';
import { perTensorOf } from './quantization.ts';
import { dimAt } from './shapes.ts';

export const batchNormAttributes = { epsilon: float('f32'), feature_index: i64() };

export const normalized: TypeConstraint = perTensorOf(['float', 'quantized']);

/** One value a feature. */
export const perFeature: TypeConstraint = Object.freeze({
  describe: `1-dimensional ${normalized.describe}`,
  accepts: (type: Parameters<TypeConstraint['accepts']>[0]) =>
    normalized.accepts(type) && isTensor(type) && type.shape.length === 1,
});

/** C1 and C2, under the same ids in all three ops. */
export function checkBatchNorm(
  operand: TensorType,
  others: readonly TensorType[],
  featureIndex: number,
  check: ConstraintCheck,
): boolean {
  const rank = operand.shape.length;
  const inRange = featureIndex >= 0 && featureIndex < rank;
  const indexed = check.require(inRange, 'C1', () => `feature_index is ${featureIndex}, the rank ${rank}`);
  const odd = others.find((type) => !elementsCompatible(type.element, operand.element));
  const elements = (): string => `${elementText(operand.element)} and ${elementText(odd?.element ?? operand.element)}`;
  return check.require(odd === undefined, 'C2', elements) && indexed;
}

/** The number of features, from the operand and from what has one value for each; undefined after a report under its id. */
export function featureCount(
  operand: TensorType,
  featureIndex: number,
  vectors: readonly (readonly [type: TensorType, id: string])[],
  check: ConstraintCheck,
): Dim | undefined {
  let count = dimAt(operand.shape, featureIndex);
  for (const [type, id] of vectors) {
    const size = dimAt(type.shape, 0);
    const known = count;
    const detail = (): string => `${describeDim(size)}, there are ${describeDim(known)} features`;
    if (!check.require(compatibleDims(known, size), id, detail)) return undefined;
    count = mergeDims(known, size);
  }
  return count;
}

/** The elements of a tensor by feature: element `i` belongs to feature `floor(i / inner) % features`. */
export class FeatureView {
  readonly values: Float64Array;
  readonly features: number;
  /** Elements of each feature. */
  readonly count: number;
  readonly #inner: number;

  constructor(tensor: Tensor, featureIndex: number) {
    this.values = floatSlots(tensor);
    this.features = tensor.shape[featureIndex] ?? 0;
    this.count = this.features === 0 ? 0 : tensor.size / this.features;
    this.#inner = tensor.shape.slice(featureIndex + 1).reduce((product, size) => product * size, 1);
  }

  featureOf(index: number): number {
    return Math.floor(index / this.#inner) % this.features;
  }

  /** The sum over each feature of `term(value, feature, index)`. */
  sums(term: (value: number, feature: number, index: number) => number): Float64Array {
    const sums = new Float64Array(this.features);
    for (let index = 0; index < this.values.length; index++) {
      const feature = this.featureOf(index);
      sums[feature] = (sums[feature] ?? 0) + term(this.values[index] ?? 0, feature, index);
    }
    return sums;
  }

  /** As many values, each from its own. */
  map(compute: (value: number, feature: number, index: number) => number): Float64Array {
    return this.values.map((value, index) => compute(value, this.featureOf(index), index));
  }
}

/** `scale * (operand - mean) / sqrt(variance + epsilon) + offset`. */
export function normalize(
  view: FeatureView,
  statistics: {
    readonly scale: Float64Array;
    readonly offset: Float64Array;
    readonly mean: Float64Array;
    readonly variance: Float64Array;
  },
  epsilon: number,
): Float64Array {
  const { scale, offset, mean, variance } = statistics;
  const deviation = variance.map((value) => Math.sqrt(value + epsilon));
  return view.map((value, feature) => {
    const centered = (value - (mean[feature] ?? 0)) / (deviation[feature] ?? 1);
    return (scale[feature] ?? 0) * centered + (offset[feature] ?? 0);
  });
}
