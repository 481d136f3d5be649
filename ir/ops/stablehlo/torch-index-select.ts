import { i64 } from '../../attribute-schema.ts';
import { compatibleDims } from '../../dimension.ts';
import { rowMajorStrides, shapeSize } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { integers, tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { wordsOf } from '../shared/element-words.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';
import { clampStart } from '../shared/slicing.ts';
import { StridedCopy } from '../shared/strided-copy.ts';

export const torchIndexSelect = defineOp({
  name: 'stablehlo.torch_index_select',
  code: 'E2226',
  summary: 'Slices of the operand along a dimension, picked by an index tensor; indices are moved into bounds.',
  spec: 'StablehloOps.td#torch_index_select',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'index', type: tensorOf(integers) },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: { dim: i64(), batch_dims: i64() },
  constraints: {
    C1: '0 <= dim < rank(operand)',
    C2: '0 <= batch_dims <= min(dim, rank(index))',
    C3: 'dim(operand, d) = dim(index, d) for d < batch_dims',
    C4: 'shape(result) = shape(operand)[:dim] + shape(index)[batch_dims:] + shape(operand)[dim + 1:]',
    C5: 'element_type(result) = element_type(operand)',
  },
  resultConstraint: 'C4, C5',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const index = operandTensor(site, 1);
    const { dim, batch_dims: batch } = site.attrs;
    const rank = operand.shape.length;
    const isAxis = check.require(dim >= 0 && dim < rank, 'C1', () => `dim is ${dim}, the rank ${rank}`);
    const isBatch = batch >= 0 && batch <= Math.min(dim, index.shape.length);
    const ranks = (): string => `batch_dims is ${batch}, dim ${dim}, the rank of the index ${index.shape.length}`;
    if (!check.require(isBatch, 'C2', ranks) || !isAxis) return undefined;
    const shapes = (): string => `the shapes are ${describeShape(operand.shape)} and ${describeShape(index.shape)}`;
    for (let axis = 0; axis < batch; axis++)
      check.require(compatibleDims(dimAt(operand.shape, axis), dimAt(index.shape, axis)), 'C3', shapes);
    const shape = [...operand.shape.slice(0, dim), ...index.shape.slice(batch), ...operand.shape.slice(dim + 1)];
    return [tensorType(shape, operand.element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const index = tensorInput(inputs, 1);
    const { dim, batch_dims: batch } = site.attrs;
    const size = operand.shape[dim] ?? 0;
    const before = operand.shape.slice(0, dim);
    const picks = index.shape.slice(batch);
    const after = operand.shape.slice(dim + 1);
    const result = context.allocate(operand.dtype, [...before, ...picks, ...after]);
    if (size === 0 && result.size > 0) throw context.failure('E4015', 'an index into a dimension of size 0');
    const row = shapeSize(after);
    const pickCount = shapeSize(picks);
    const outer = shapeSize(before);
    const outerPerBatch = shapeSize(before.slice(batch));
    const copy = new StridedCopy(operand.dtype, after, rowMajorStrides(after), rowMajorStrides(after));
    const source = wordsOf(operand);
    const target = wordsOf(result);
    for (let at = 0; at < outer; at++) {
      const indexRow = Math.floor(at / outerPerBatch) * pickCount;
      for (let pick = 0; pick < pickCount; pick++) {
        const chosen = clampStart(index.integer(indexRow + pick), size - 1);
        copy.run(source, (at * size + chosen) * row, target, (at * pickCount + pick) * row);
      }
    }
    return [result];
  },
});
