/** The attributes of convolution and dynamic_conv, and the constraints the two share, under the same ids. */
import {
  type AttributesOf,
  boolList,
  i64,
  i64List,
  i64Matrix,
  optional,
  struct,
  withDefault,
} from '../../attribute-schema.ts';
import { precisionConfig } from './precision.ts';

const dimensionNumbers = struct('stablehlo', 'conv', {
  input_batch_dimension: i64(),
  input_feature_dimension: i64(),
  input_spatial_dimensions: withDefault(i64List(), []),
  kernel_input_feature_dimension: i64(),
  kernel_output_feature_dimension: i64(),
  kernel_spatial_dimensions: withDefault(i64List(), []),
  output_batch_dimension: i64(),
  output_feature_dimension: i64(),
  output_spatial_dimensions: withDefault(i64List(), []),
});

/** Of dynamic_conv; convolution has `padding` too. What is left out is 1 (strides, dilations), 0 (padding) or false. */
export const dynamicConvAttributes = {
  window_strides: optional(i64List()),
  lhs_dilation: optional(i64List()),
  rhs_dilation: optional(i64List()),
  window_reversal: optional(boolList()),
  dimension_numbers: dimensionNumbers,
  feature_group_count: i64(),
  batch_group_count: i64(),
  precision_config: precisionConfig,
};

export const convolutionAttributes = { ...dynamicConvAttributes, padding: optional(i64Matrix()) };

export type DynamicConvAttributes = AttributesOf<typeof dynamicConvAttributes>;

/** `[low, high]` of each spatial dimension. */
export type Padding = readonly (readonly number[])[];

export const convolutionConstraints = {
  C1: 'N = rank(lhs) = rank(rhs)',
  C2: 'size(window_strides) = N - 2',
  C3: '0 < window_strides',
  C4: 'shape(padding) = [N - 2, 2]',
  C5: 'size(lhs_dilation) = N - 2',
  C6: '0 < lhs_dilation',
  C7: 'size(rhs_dilation) = N - 2',
  C8: '0 < rhs_dilation',
  C9: 'size(window_reversal) = N - 2',
  C10: 'dim(lhs, input_batch_dimension) % batch_group_count = 0',
  C11: 'dim(lhs, input_feature_dimension) % feature_group_count = 0',
  C12: 'size(input_spatial_dimensions) = N - 2',
  C13: 'the input dimensions are unique, and 0 <= input_dimensions < N',
  C14: 'dim(rhs, kernel_input_feature_dimension) = dim(lhs, input_feature_dimension) / feature_group_count',
  C15: 'dim(rhs, kernel_output_feature_dimension) % batch_group_count = 0',
  C16: 'dim(rhs, kernel_output_feature_dimension) % feature_group_count = 0',
  C17: 'size(kernel_spatial_dimensions) = N - 2',
  C18: 'the kernel dimensions are unique, and 0 <= kernel_dimensions < N',
  C19: 'size(output_spatial_dimensions) = N - 2',
  C20: 'the output dimensions are unique, and 0 <= output_dimensions < N',
  C21: '0 < feature_group_count',
  C22: '0 < batch_group_count',
  C23: 'feature_group_count = 1 or batch_group_count = 1',
  C24: 'size(precision_config) = 2, or there is none',
  C25: 'shape(result) = batches, windows and output features, each at its output dimension',
  C26: 'rank(result) = N',
  C27: 'element_type(lhs) = element_type(rhs)',
  C28: 'is_quantized(lhs) = is_quantized(result) and is_quantized(rhs)',
  C29: 'quantization_dimension(rhs) = kernel_output_feature_dimension',
  C30: 'quantization_dimension(result) = output_feature_dimension',
  C31: 'storage_type(lhs) = storage_type(rhs)',
  C32: 'expressed_type(lhs) = expressed_type(rhs) = expressed_type(result)',
  C33: 'if is_per_tensor_quantized(rhs), then is_per_tensor_quantized(result)',
  C34: 'element_type(lhs) = expressed_type(rhs) = element_type(result)',
} as const;
