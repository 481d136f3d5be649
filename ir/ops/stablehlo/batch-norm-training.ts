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

export const batchNormTraining = defineOp({
  name: 'stablehlo.batch_norm_training',
  code: 'E2303',
  summary: 'The operand normalised feature by feature with its own mean and variance, and these two.',
  spec: 'spec.md#batch_norm_training',
  operands: [
    { name: 'operand', type: normalized },
    { name: 'scale', type: perFeature },
    { name: 'offset', type: perFeature },
  ],
  results: [
    { name: 'output', type: normalized },
    { name: 'batch_mean', type: perFeature },
    { name: 'batch_var', type: perFeature },
  ],
  attributes: batchNormAttributes,
  constraints: {
    C1: '0 <= feature_index < rank(operand)',
    C2: 'operand, scale, offset, batch_mean, batch_var and output have the same baseline_element_type',
    C3: 'size(scale) = dim(operand, feature_index)',
    C4: 'size(offset) = dim(operand, feature_index)',
    C5: 'size(batch_mean) = dim(operand, feature_index)',
    C6: 'size(batch_var) = dim(operand, feature_index)',
    C7: 'baseline_type(output) = baseline_type(operand)',
  },
  resultConstraint: 'C2, C5, C6, C7',
  inferTypes(site, check) {
    const [operand, scale, offset] = [operandTensor(site, 0), operandTensor(site, 1), operandTensor(site, 2)];
    const axis = site.attrs.feature_index;
    if (!checkBatchNorm(operand, [scale, offset], axis, check)) return undefined;
    const features = featureCount(
      operand,
      axis,
      [
        [scale, 'C3'],
        [offset, 'C4'],
      ],
      check,
    );
    if (features === undefined) return undefined;
    const element = (index: number) => resultTensor(site, index)?.element ?? operand.element;
    return [
      tensorType(operand.shape.with(axis, features), element(0)),
      tensorType([features], element(1)),
      tensorType([features], element(2)),
    ];
  },
  verify(site, check) {
    const results = [0, 1, 2].flatMap((index) => resultTensor(site, index) ?? []);
    checkBatchNorm(operandTensor(site, 0), results, site.attrs.feature_index, check);
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const [scale, offset] = [floatSlots(tensorInput(inputs, 1)), floatSlots(tensorInput(inputs, 2))];
    const view = new FeatureView(operand, site.attrs.feature_index);
    const mean = view.sums((value) => value).map((sum) => sum / view.count);
    const variance = view
      .sums((value, feature) => (value - (mean[feature] ?? 0)) * (value - (mean[feature] ?? 0)))
      .map((sum) => sum / view.count);
    const values = normalize(view, { scale, offset, mean, variance }, site.attrs.epsilon);
    return [
      tensorOfFloats(context, operand.dtype, operand.shape, values),
      tensorOfFloats(context, operand.dtype, [view.features], mean),
      tensorOfFloats(context, operand.dtype, [view.features], variance),
    ];
  },
});
