import { compatibleDims, describeDim } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorType, type TensorType } from '../../types.ts';
import { checkPrecisionConfig, precisionConfig } from '../shared/precision.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';
import { contractedShape, contractTensors, loopsOfAxes } from '../shared/tensor-contraction.ts';

function isVectorOrMatrix({ shape }: TensorType): boolean {
  return shape.length === 1 || shape.length === 2;
}

export const dot = defineOp({
  name: 'stablehlo.dot',
  code: 'E2306',
  summary:
    'The matrix or inner product of two vectors or matrices: the last dimension of lhs against the first of rhs.',
  spec: 'StablehloOps.td#dot',
  operands: [
    { name: 'lhs', type: perTensor },
    { name: 'rhs', type: perTensor },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: { precision_config: precisionConfig },
  constraints: {
    C1: 'rank(lhs) and rank(rhs) are 1 or 2',
    C2: 'dim(lhs, -1) = dim(rhs, 0)',
    C3: 'shape(result) = shape(lhs)[:-1] + shape(rhs)[1:]',
    C4: 'size(precision_config) = 2, or there is none',
  },
  resultConstraint: 'C3',
  assembly:
    '$lhs `,` $rhs `` custom<PrecisionConfig>($precision_config) attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const [lhs, rhs] = [operandTensor(site, 0), operandTensor(site, 1)];
    const shapes = (): string => `${describeShape(lhs.shape)} and ${describeShape(rhs.shape)}`;
    if (!check.require(isVectorOrMatrix(lhs) && isVectorOrMatrix(rhs), 'C1', shapes)) return undefined;
    const [last, first] = [dimAt(lhs.shape, lhs.shape.length - 1), dimAt(rhs.shape, 0)];
    const sizes = (): string => `${describeDim(last)} and ${describeDim(first)}`;
    if (!check.require(compatibleDims(last, first), 'C2', sizes)) return undefined;
    return [tensorType([...lhs.shape.slice(0, -1), ...rhs.shape.slice(1)], resultTensor(site)?.element ?? lhs.element)];
  },
  verify(site, check) {
    checkPrecisionConfig(site.attrs.precision_config, check, 'C4');
  },
  evaluate(site, inputs, context) {
    const [lhs, rhs] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const axes = { lhsBatching: [], rhsBatching: [], lhsContracting: [lhs.rank - 1], rhsContracting: [0] };
    const dtype = resultDType(requireResult(site), context);
    const result = context.allocate(dtype, contractedShape(lhs.shape, rhs.shape, axes));
    contractTensors(lhs, rhs, loopsOfAxes(lhs.shape, rhs.shape, axes), result);
    return [result];
  },
});
