import { type AttributesOf, i64List, optional, struct, withDefault } from '../../attribute-schema.ts';
import { compatibleDims, describeDim, mergeDims } from '../../dimension.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { operandTensor, type OpSite, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorType, type TensorType, type Type } from '../../types.ts';
import { allWithin, describeList, isUnique, otherAxes } from '../shared/axis-lists.ts';
import { checkPrecisionConfig, dotAlgorithm, precisionConfig } from '../shared/precision.ts';
import { isPerAxis, isQuantized, perTensor } from '../shared/quantization.ts';
import { checkContractionElements } from '../shared/quantized-contraction.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';
import { contractedShape, contractionAxes, contractTensors, loopsOfAxes } from '../shared/tensor-contraction.ts';

const dimensionFields = {
  lhs_batching_dimensions: withDefault(i64List(), []),
  rhs_batching_dimensions: withDefault(i64List(), []),
  lhs_contracting_dimensions: withDefault(i64List(), []),
  rhs_contracting_dimensions: withDefault(i64List(), []),
};

type DotDimensions = AttributesOf<typeof dimensionFields>;

const attributes = {
  dot_dimension_numbers: struct('stablehlo', 'dot', dimensionFields),
  precision_config: precisionConfig,
  algorithm: optional(dotAlgorithm),
};

type Site = OpSite<typeof attributes>;

function lists(a: readonly number[], b: readonly number[]): () => string {
  return () => `${describeList(a)} and ${describeList(b)}`;
}

function ofRank(axes: readonly number[], type: TensorType): () => string {
  return () => `${describeList(axes)} of rank ${type.shape.length}`;
}

/** C1 to C8: the dimension numbers name axes that there are, each once. */
function checkAxes(lhs: TensorType, rhs: TensorType, dims: DotDimensions, check: ConstraintCheck): boolean {
  const { lhs_batching_dimensions: lhsBatch, rhs_batching_dimensions: rhsBatch } = dims;
  const { lhs_contracting_dimensions: lhsSum, rhs_contracting_dimensions: rhsSum } = dims;
  const checks = [
    check.require(lhsBatch.length === rhsBatch.length, 'C1', lists(lhsBatch, rhsBatch)),
    check.require(lhsSum.length === rhsSum.length, 'C2', lists(lhsSum, rhsSum)),
    check.require(isUnique([...lhsBatch, ...lhsSum]), 'C3', lists(lhsBatch, lhsSum)),
    check.require(isUnique([...rhsBatch, ...rhsSum]), 'C4', lists(rhsBatch, rhsSum)),
    check.require(allWithin(lhsBatch, 0, lhs.shape.length), 'C5', ofRank(lhsBatch, lhs)),
    check.require(allWithin(lhsSum, 0, lhs.shape.length), 'C6', ofRank(lhsSum, lhs)),
    check.require(allWithin(rhsBatch, 0, rhs.shape.length), 'C7', ofRank(rhsBatch, rhs)),
    check.require(allWithin(rhsSum, 0, rhs.shape.length), 'C8', ofRank(rhsSum, rhs)),
  ];
  return checks.every(Boolean);
}

/** C9, C10: paired axes have the same size. */
function checkPairedSizes(
  types: readonly [TensorType, TensorType],
  pairs: readonly [readonly number[], readonly number[]],
  check: ConstraintCheck,
  id: string,
): boolean {
  return pairs[0].every((lhsAxis, position) => {
    const rhsAxis = pairs[1][position] ?? 0;
    const [lhsDim, rhsDim] = [dimAt(types[0].shape, lhsAxis), dimAt(types[1].shape, rhsAxis)];
    return check.require(
      compatibleDims(lhsDim, rhsDim),
      id,
      () =>
        `dimension ${lhsAxis} of lhs has size ${describeDim(lhsDim)}, dimension ${rhsAxis} of rhs ${describeDim(rhsDim)}`,
    );
  });
}

function inferTypes(site: Site, check: ConstraintCheck): readonly Type[] | undefined {
  const [lhs, rhs] = [operandTensor(site, 0), operandTensor(site, 1)];
  const dims = site.attrs.dot_dimension_numbers;
  const { lhs_batching_dimensions: lhsBatch, rhs_batching_dimensions: rhsBatch } = dims;
  const { lhs_contracting_dimensions: lhsSum, rhs_contracting_dimensions: rhsSum } = dims;
  if (!checkAxes(lhs, rhs, dims, check)) return undefined;
  const batchFits = checkPairedSizes([lhs, rhs], [lhsBatch, rhsBatch], check, 'C9');
  const sumFits = checkPairedSizes([lhs, rhs], [lhsSum, rhsSum], check, 'C10');
  if (!batchFits || !sumFits) return undefined;
  const shape = [
    ...lhsBatch.map((axis, position) => mergeDims(dimAt(lhs.shape, axis), dimAt(rhs.shape, rhsBatch[position] ?? 0))),
    ...otherAxes(lhs.shape.length, [...lhsBatch, ...lhsSum]).map((axis) => dimAt(lhs.shape, axis)),
    ...otherAxes(rhs.shape.length, [...rhsBatch, ...rhsSum]).map((axis) => dimAt(rhs.shape, axis)),
  ];
  return [tensorType(shape, resultTensor(site)?.element ?? lhs.element)];
}

function verify(site: Site, check: ConstraintCheck): void {
  const [lhs, rhs] = [operandTensor(site, 0), operandTensor(site, 1)];
  const { precision_config: precisions, algorithm, dot_dimension_numbers: dims } = site.attrs;
  checkPrecisionConfig(precisions, check, 'C11');
  checkContractionElements(lhs, rhs, resultTensor(site), check, {
    sameElement: 'C13',
    quantizedTogether: 'C14',
    sameStorage: 'C17',
    sameExpressed: 'C18',
    perTensor: 'C19',
    hybrid: 'C20',
  });
  if (isQuantized(rhs.element)) {
    const zeros = rhs.element.zeroPoints;
    check.require(
      zeros.every((zero) => zero === 0n),
      'C15',
      () => `they are ${zeros.join(', ')}`,
    );
  }
  if (isPerAxis(rhs.element)) {
    const axis = rhs.element.dimension;
    check.require(!dims.rhs_contracting_dimensions.includes(axis), 'C16', () => `the axis is ${axis}`);
  }
  if (algorithm === undefined) return;
  check.require(
    (precisions ?? []).every((precision) => precision === 'DEFAULT'),
    'C21',
    () => `${precisions?.join(', ')}`,
  );
  check.require(algorithm.lhs_component_count > 0, 'C22', () => `it is ${algorithm.lhs_component_count}`);
  check.require(algorithm.rhs_component_count > 0, 'C23', () => `it is ${algorithm.rhs_component_count}`);
  check.require(algorithm.num_primitive_operations > 0, 'C24', () => `it is ${algorithm.num_primitive_operations}`);
}

export const dotGeneral = defineOp({
  name: 'stablehlo.dot_general',
  code: 'E2307',
  summary: 'Sums of products of two tensors over contracting dimensions, batch by batch.',
  spec: 'spec.md#dot_general',
  operands: [
    { name: 'lhs', type: perTensor },
    { name: 'rhs', type: anyTensor },
  ],
  results: [{ name: 'result', type: anyTensor }],
  attributes,
  constraints: {
    C1: 'size(lhs_batching_dimensions) = size(rhs_batching_dimensions)',
    C2: 'size(lhs_contracting_dimensions) = size(rhs_contracting_dimensions)',
    C3: 'is_unique(lhs_batching_dimensions + lhs_contracting_dimensions)',
    C4: 'is_unique(rhs_batching_dimensions + rhs_contracting_dimensions)',
    C5: '0 <= lhs_batching_dimensions < rank(lhs)',
    C6: '0 <= lhs_contracting_dimensions < rank(lhs)',
    C7: '0 <= rhs_batching_dimensions < rank(rhs)',
    C8: '0 <= rhs_contracting_dimensions < rank(rhs)',
    C9: 'dim(lhs, lhs_batching_dimensions...) = dim(rhs, rhs_batching_dimensions...)',
    C10: 'dim(lhs, lhs_contracting_dimensions...) = dim(rhs, rhs_contracting_dimensions...)',
    C11: 'size(precision_config) = 2, or there is none',
    C12: 'shape(result) = dim(lhs, lhs_batching_dimensions) + dim(lhs, lhs_result_dimensions) + dim(rhs, rhs_result_dimensions)',
    C13: 'element_type(lhs) = element_type(rhs)',
    C14: 'is_quantized(lhs) = is_quantized(result) and is_quantized(rhs)',
    C15: 'zero_points(rhs) = 0',
    C16: 'quantization_dimension(rhs) not in rhs_contracting_dimensions',
    C17: 'storage_type(lhs) = storage_type(rhs)',
    C18: 'expressed_type(lhs) = expressed_type(rhs) = expressed_type(result)',
    C19: 'if is_per_tensor_quantized(rhs), then is_per_tensor_quantized(result)',
    C20: 'element_type(lhs) = expressed_type(rhs) = element_type(result)',
    C21: 'precision_config... = DEFAULT where there is an algorithm',
    C22: '0 < lhs_component_count',
    C23: '0 < rhs_component_count',
    C24: '0 < num_primitive_operations',
  },
  resultConstraint: 'C12',
  assembly:
    '$lhs `,` $rhs `,` custom<DotDimensionNumbers>($dot_dimension_numbers) `` custom<PrecisionConfigAndAlgorithm>($precision_config, $algorithm) attr-dict `:` functional-type(operands, results)',
  inferTypes,
  verify,
  evaluate(site, inputs, context) {
    const [lhs, rhs] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const axes = contractionAxes(site.attrs.dot_dimension_numbers);
    const dtype = resultDType(requireResult(site), context);
    const result = context.allocate(dtype, contractedShape(lhs.shape, rhs.shape, axes));
    contractTensors(lhs, rhs, loopsOfAxes(lhs.shape, rhs.shape, axes), result);
    return [result];
  },
});
