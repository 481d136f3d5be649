import { i64List } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { isTensor, tensorType } from '../../types.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { describeList } from '../shared/axis-lists.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { scalarElements } from '../shared/reducer-signature.ts';
import { ElementColumns, isBulkRegion, passedArguments, ScalarKernel } from '../shared/region-kernel.ts';
import { describeSignature, describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion, requireResult } from '../shared/results.ts';
import { resultDType, tensorInputs } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, mergeShapes } from '../shared/shapes.ts';

export const map = defineOp({
  name: 'stablehlo.map',
  code: 'E2214',
  summary: 'A scalar function applied to the elements of the inputs at each index.',
  spec: 'spec.md#map',
  operands: [{ name: 'inputs', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { dimensions: i64List() },
  regions: [{ name: 'computation' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: 'shape(inputs...) = shape(result)',
    C2: '0 < size(inputs) = N',
    C3: 'dimensions = range(rank(inputs[0]))',
    C4: "computation has type (tensor<E0>, ..., tensor<EN-1>) -> tensor<E'> where Ei = element_type(inputs[i]) and E' = element_type(result)",
  },
  resultConstraint: 'C1, C4',
  inferTypes(site, check) {
    const inputs = site.operandTypes.filter(isTensor);
    if (!check.require(inputs.length > 0, 'C2', () => 'there are no inputs')) return undefined;
    const shapes = inputs.map((input) => input.shape);
    const isSame = check.require(allCompatibleShapes(shapes), 'C1', () => `they are ${describeTypes(inputs)}`);
    const { dimensions } = site.attrs;
    const rank = shapes[0]?.length ?? 0;
    check.require(
      dimensions.length === rank && dimensions.every((axis, index) => axis === index),
      'C3',
      () => `dimensions are ${describeList(dimensions)}, the rank is ${rank}`,
    );
    const body = requireRegion(site);
    const taken = scalarElements(regionInputs(body));
    const given = scalarElements(regionOutputs(body));
    const [element] = given ?? [];
    const fits =
      taken?.length === inputs.length &&
      given?.length === 1 &&
      inputs.every((input, index) => elementsCompatible(input.element, taken[index] ?? input.element));
    const signature = (): string => `it is ${describeSignature(body)}, the inputs are ${describeTypes(inputs)}`;
    if (!check.require(fits, 'C4', signature) || element === undefined || !isSame) return undefined;
    return [tensorType(mergeShapes(shapes), element)];
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const body = requireRegion(site);
    const tensors = tensorInputs(inputs);
    const shape = tensors[0]?.shape ?? [];
    if (isBulkRegion(body) && passedArguments(body) === undefined) return context.apply(body, inputs);
    const result = context.allocate(resultDType(requireResult(site), context), shape);
    const dtypes = tensors.map((tensor) => tensor.dtype);
    const kernel = new ScalarKernel(body, dtypes, context);
    const from = new ElementColumns(tensors);
    const to = new ElementColumns([result]);
    for (let position = 0; position < result.size; position++) {
      kernel.load(from, position, 0);
      kernel.applyTo(to, position);
    }
    return [result];
  },
});
