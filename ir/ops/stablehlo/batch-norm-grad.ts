import { compatibleDims, describeDim } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import {
  batchNormAttributes,
  checkBatchNorm,
  featureCount,
  FeatureView,
  normalized,
  perFeature,
} from '../shared/batch-normalization.ts';
import { floatSlots, tensorOfFloats } from '../shared/float-values.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { compatibleShapes, describeShape, dimAt, mergeShapes } from '../shared/shapes.ts';

export const batchNormGrad = defineOp({
  name: 'stablehlo.batch_norm_grad',
  code: 'E2301',
  summary: 'The gradients of batch_norm_training with respect to operand, scale and offset.',
  spec: 'spec.md#batch_norm_grad',
  operands: [
    { name: 'operand', type: normalized },
    { name: 'scale', type: perFeature },
    { name: 'mean', type: perFeature },
    { name: 'variance', type: perFeature },
    { name: 'grad_output', type: normalized },
  ],
  results: [
    { name: 'grad_operand', type: normalized },
    { name: 'grad_scale', type: perFeature },
    { name: 'grad_offset', type: perFeature },
  ],
  attributes: batchNormAttributes,
  constraints: {
    C1: '0 <= feature_index < rank(operand)',
    C2: 'operand, scale, mean, variance, grad_output, grad_operand, grad_scale and grad_offset have the same baseline_element_type',
    C3: 'operand, grad_output and grad_operand have the same shape',
    C4: 'scale, mean, variance, grad_scale and grad_offset have the same shape',
    C5: 'size(scale) = dim(operand, feature_index)',
  },
  resultConstraint: 'C2, C3, C4',
  inferTypes(site, check) {
    const [operand, scale, mean, variance] = [0, 1, 2, 3].map((index) => operandTensor(site, index));
    const gradient = operandTensor(site, 4);
    if (operand === undefined || scale === undefined || mean === undefined || variance === undefined) return undefined;
    const axis = site.attrs.feature_index;
    if (!checkBatchNorm(operand, [scale, mean, variance, gradient], axis, check)) return undefined;
    const shapes = (): string => `${describeShape(operand.shape)} and ${describeShape(gradient.shape)}`;
    if (!check.require(compatibleShapes(operand.shape, gradient.shape), 'C3', shapes)) return undefined;
    for (const vector of [mean, variance]) {
      const [size, expected] = [dimAt(vector.shape, 0), dimAt(scale.shape, 0)];
      const sizes = (): string => `${describeDim(size)} and ${describeDim(expected)}`;
      if (!check.require(compatibleDims(size, expected), 'C4', sizes)) return undefined;
    }
    const vectors = [scale, mean, variance].map((type) => [type, 'C5'] as const);
    const features = featureCount(operand, axis, vectors, check);
    if (features === undefined) return undefined;
    const shape = mergeShapes([operand.shape, gradient.shape]).with(axis, features);
    const element = (index: number) => resultTensor(site, index)?.element ?? operand.element;
    return [tensorType(shape, element(0)), tensorType([features], element(1)), tensorType([features], element(2))];
  },
  verify(site, check) {
    const results = [0, 1, 2].flatMap((index) => resultTensor(site, index) ?? []);
    checkBatchNorm(operandTensor(site, 0), results, site.attrs.feature_index, check);
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const view = new FeatureView(operand, site.attrs.feature_index);
    const [scale, mean, variance] = [1, 2, 3].map((index) => floatSlots(tensorInput(inputs, index)));
    const gradient = floatSlots(tensorInput(inputs, 4));
    const centered = view.map((value, feature) => value - (mean?.[feature] ?? 0));
    const deviation = (variance ?? new Float64Array()).map((value) => Math.sqrt(value + site.attrs.epsilon));
    const sum = view.sums((_value, _feature, index) => gradient[index] ?? 0);
    const product = view.sums((_value, _feature, index) => (gradient[index] ?? 0) * (centered[index] ?? 0));
    const gradOperand = view.map((_, feature, index) => {
      const spread = deviation[feature] ?? 1;
      const correction =
        ((product[feature] ?? 0) * (centered[index] ?? 0)) / ((variance?.[feature] ?? 0) + site.attrs.epsilon);
      const inner = (gradient[index] ?? 0) * view.count - (sum[feature] ?? 0) - correction;
      return ((scale?.[feature] ?? 0) / spread / view.count) * inner;
    });
    const gradScale = product.map((value, feature) => value / (deviation[feature] ?? 1));
    return [
      tensorOfFloats(context, operand.dtype, operand.shape, gradOperand),
      tensorOfFloats(context, operand.dtype, [view.features], gradScale),
      tensorOfFloats(context, operand.dtype, [view.features], sum),
    ];
  },
});
