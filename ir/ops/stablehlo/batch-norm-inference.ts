import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import {
  batchNormAttributes,
  checkBatchNorm,
  featureCount,
  FeatureView,
  normalize,
  normalized,
  perFeature,
} from '../shared/batch-normalization.ts';
import { floatSlots, tensorOfFloats } from '../shared/float-values.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const batchNormInference = defineOp({
  name: 'stablehlo.batch_norm_inference',
  code: 'E2302',
  summary: 'The operand normalised feature by feature with a given mean and variance, then scaled and shifted.',
  spec: 'spec.md#batch_norm_inference',
  operands: [
    { name: 'operand', type: normalized },
    { name: 'scale', type: perFeature },
    { name: 'offset', type: perFeature },
    { name: 'mean', type: perFeature },
    { name: 'variance', type: perFeature },
  ],
  results: [{ name: 'result', type: normalized }],
  attributes: batchNormAttributes,
  constraints: {
    C1: '0 <= feature_index < rank(operand)',
    C2: 'operand, scale, offset, mean, variance and result have the same baseline_element_type',
    C3: 'size(scale) = dim(operand, feature_index)',
    C4: 'size(offset) = dim(operand, feature_index)',
    C5: 'size(mean) = dim(operand, feature_index)',
    C6: 'size(variance) = dim(operand, feature_index)',
    C7: 'baseline_type(operand) = baseline_type(result)',
  },
  resultConstraint: 'C2, C7',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const vectors = [1, 2, 3, 4].map((index) => operandTensor(site, index));
    const axis = site.attrs.feature_index;
    if (!checkBatchNorm(operand, vectors, axis, check)) return undefined;
    const ids = ['C3', 'C4', 'C5', 'C6'];
    const features = featureCount(
      operand,
      axis,
      vectors.map((type, index) => [type, ids[index] ?? '']),
      check,
    );
    if (features === undefined) return undefined;
    return [tensorType(operand.shape.with(axis, features), resultTensor(site)?.element ?? operand.element)];
  },
  verify(site, check) {
    const result = resultTensor(site);
    if (result !== undefined) checkBatchNorm(operandTensor(site, 0), [result], site.attrs.feature_index, check);
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => floatSlots(tensorInput(inputs, index)));
    const none = new Float64Array();
    const statistics = { scale: scale ?? none, offset: offset ?? none, mean: mean ?? none, variance: variance ?? none };
    const view = new FeatureView(operand, site.attrs.feature_index);
    const values = normalize(view, statistics, site.attrs.epsilon);
    return [tensorOfFloats(context, operand.dtype, operand.shape, values)];
  },
});
