import { i64List, i64Matrix, optional } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { promoteTensor } from '../shared/promotion.ts';
import { updateInOrder } from '../shared/ordered-update.ts';
import { perTensor, scalarPerTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { checkReducer, scalarElements } from '../shared/reducer-signature.ts';
import { describeSignature, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion, requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { compatibleShapes, describeShape } from '../shared/shapes.ts';
import { fillTensor } from '../shared/strided-copy.ts';
import { checkWindow, windowCounts, windowOf } from '../shared/window-geometry.ts';
import { selectInWindows } from '../shared/window-selection.ts';

const windowIds = { dimensions: ['C4', 'C5'], strides: ['C6', 'C7'], padding: 'C8' } as const;

export const selectAndScatter = defineOp({
  name: 'stablehlo.select_and_scatter',
  code: 'E2222',
  summary: 'Each element of source combined into the place that `select` picks from its window of the operand.',
  spec: 'spec.md#select_and_scatter',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'source', type: perTensor },
    { name: 'init_value', type: scalarPerTensor },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: {
    window_dimensions: optional(i64List()),
    window_strides: optional(i64List()),
    padding: optional(i64Matrix()),
  },
  regions: [{ name: 'select' }, { name: 'scatter' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: 'element_type(operand) = element_type(source)',
    C2: 'shape(source) = num_windows',
    C3: 'element_type(init_value) = element_type(operand)',
    C4: 'size(window_dimensions) = rank(operand)',
    C5: '0 < window_dimensions',
    C6: 'size(window_strides) = rank(operand)',
    C7: '0 < window_strides',
    C8: 'shape(padding) = [rank(operand), 2]',
    C9: 'select has type (tensor<E>, tensor<E>) -> tensor<i1> where E = element_type(operand)',
    C10: 'scatter has type (tensor<E>, tensor<E>) -> tensor<E> where is_promotable(element_type(operand), E)',
    C11: 'shape(operand) = shape(result)',
    C12: 'element_type(result) = E',
  },
  resultConstraint: 'C11, C12',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const source = operandTensor(site, 1);
    const init = operandTensor(site, 2);
    const element = operand.element;
    check.require(source.element === element, 'C1', () => `they are ${operand.text} and ${source.text}`);
    check.require(init.element === element, 'C3', () => `they are ${init.text} and ${operand.text}`);
    const rank = operand.shape.length;
    if (checkWindow(rank, site.attrs, windowIds, check)) {
      const counts = windowCounts(operand.shape, windowOf(rank, site.attrs));
      check.require(
        compatibleShapes(source.shape, counts),
        'C2',
        () => `the source has shape ${describeShape(source.shape)}, there are ${describeShape(counts)} windows`,
      );
    }
    const select = requireRegion(site, 0);
    const taken = scalarElements(regionInputs(select));
    const given = scalarElements(regionOutputs(select));
    const isSelect =
      taken?.length === 2 &&
      taken.every((other) => elementsCompatible(other, element)) &&
      given?.length === 1 &&
      given[0] === 'i1';
    check.require(isSelect, 'C9', () => `it is ${describeSignature(select)}`);
    const elements = checkReducer(requireRegion(site, 1), [element], check, 'C10');
    return elements?.map((result) => tensorType(operand.shape, result));
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const operand = tensorInput(inputs, 0);
    const dtype = resultDType(requireResult(site), context);
    const source = promoteTensor(tensorInput(inputs, 1), dtype, context);
    const result = context.allocate(dtype, operand.shape);
    fillTensor(result, promoteTensor(tensorInput(inputs, 2), dtype, context));
    const window = windowOf(operand.rank, site.attrs);
    const targets = selectInWindows(requireRegion(site, 0), operand, source.shape, window, context);
    updateInOrder(requireRegion(site, 1), [result], [source], targets, context);
    return [result];
  },
});
