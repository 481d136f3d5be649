import { i64List } from '../../attribute-schema.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandGroup } from '../../op-site.ts';
import { isTensor, tensorType } from '../../types.ts';
import { allWithin, describeList, isUnique, otherAxes } from '../shared/axis-lists.ts';
import { reduceBoxes } from '../shared/box-reduction.ts';
import { offsetsIn } from '../shared/index-space.ts';
import { promoteTensor } from '../shared/promotion.ts';
import { perTensor, scalarPerTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { checkReducer } from '../shared/reducer-signature.ts';
import { describeTypes } from '../shared/region-signature.ts';
import { requireRegion, requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, dimAt, mergeShapes } from '../shared/shapes.ts';
import { fillTensor } from '../shared/strided-copy.ts';
import { pick } from '../shared/strided-offsets.ts';

export const reduce = defineOp({
  name: 'stablehlo.reduce',
  code: 'E2217',
  summary: 'The inputs combined along some dimensions by a reducer, from initial values.',
  spec: 'spec.md#reduce',
  operands: [
    { name: 'inputs', type: perTensor, arity: 'variadic' },
    { name: 'init_values', type: scalarPerTensor, arity: 'variadic' },
  ],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: { dimensions: i64List() },
  regions: [{ name: 'body' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: 'same(shape(inputs...))',
    C2: 'element_type(inputs...) = element_type(init_values...)',
    C3: '0 < size(inputs) = size(init_values) = size(results) = N',
    C4: '0 <= dimensions < rank(inputs[0])',
    C5: 'is_unique(dimensions)',
    C6: 'body has type (tensor<E0>, ..., tensor<EN-1>, tensor<E0>, ..., tensor<EN-1>) -> (tensor<E0>, ..., tensor<EN-1>) where is_promotable(element_type(inputs[i]), Ei)',
    C7: 'shape(results...) = shape(inputs...) except that the dimensions are not included',
    C8: 'element_type(results[i]) = Ei',
  },
  resultConstraint: 'C7, C8',
  assembly: 'custom<ReduceOp>($inputs, $init_values, $dimensions, $body)',
  inferTypes(site, check) {
    const inputs = operandGroup(site, 'inputs').filter(isTensor);
    const inits = operandGroup(site, 'init_values').filter(isTensor);
    const { dimensions } = site.attrs;
    const isSome = inputs.length > 0 && (site.op === undefined || site.resultTypes.length === inputs.length);
    if (!check.require(isSome, 'C3', () => `${inputs.length} inputs, ${site.resultTypes.length} results`))
      return undefined;
    const shapes = inputs.map((input) => input.shape);
    const isSame = check.require(allCompatibleShapes(shapes), 'C1', () => `they are ${describeTypes(inputs)}`);
    check.require(
      inputs.every((input, index) => input.element === inits[index]?.element),
      'C2',
      () => `the inputs are ${describeTypes(inputs)}, the initial values ${describeTypes(inits)}`,
    );
    const rank = shapes[0]?.length ?? 0;
    const dims = (): string => `dimensions are ${describeList(dimensions)}, the rank is ${rank}`;
    const isInRange = check.require(allWithin(dimensions, 0, rank), 'C4', dims);
    check.require(isUnique(dimensions), 'C5', dims);
    const elements = checkReducer(
      requireRegion(site),
      inputs.map((input) => input.element),
      check,
      'C6',
    );
    if (elements === undefined || !isInRange || !isSame) return undefined;
    const merged = mergeShapes(shapes);
    const shape = otherAxes(rank, dimensions).map((axis) => dimAt(merged, axis));
    return elements.map((element) => tensorType(shape, element));
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const count = inputs.length / 2;
    const dtypes = site.resultTypes.map((_, index) => resultDType(requireResult(site, index), context));
    const tensors = dtypes.map((dtype, index) => promoteTensor(tensorInput(inputs, index), dtype, context));
    const { shape } = tensorInput(inputs, 0);
    const strides = rowMajorStrides(shape);
    const kept = otherAxes(shape.length, site.attrs.dimensions);
    const reduced = otherAxes(shape.length, kept);
    const accumulators = dtypes.map((dtype, index) => {
      const result = context.allocate(dtype, pick(shape, kept));
      fillTensor(result, promoteTensor(tensorInput(inputs, count + index), dtype, context));
      return result;
    });
    const reduction = {
      body: requireRegion(site),
      inputs: tensors,
      accumulators,
      resultStrides: pick(strides, kept),
      offsets: offsetsIn(pick(shape, reduced), pick(strides, reduced), context),
    };
    reduceBoxes(reduction, context);
    return accumulators;
  },
});
