import { bool, i64, withDefault } from '../../attribute-schema.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { isTensor, tensorType } from '../../types.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { sortLines } from '../shared/comparator-sort.ts';
import { offsetsIn } from '../shared/index-space.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { scalarElements } from '../shared/reducer-signature.ts';
import { gatherElements } from '../shared/region-kernel.ts';
import { describeSignature, describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion } from '../shared/results.ts';
import { tensorInputs } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, mergeShapes } from '../shared/shapes.ts';

export const sort = defineOp({
  name: 'stablehlo.sort',
  code: 'E2225',
  summary: 'The inputs sorted together along a dimension by a comparator; always stable here.',
  spec: 'spec.md#sort',
  operands: [{ name: 'inputs', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: { dimension: withDefault(i64(), -1), is_stable: withDefault(bool(), false) },
  regions: [{ name: 'comparator' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: '0 < size(inputs)',
    C2: 'type(inputs...) = type(results...)',
    C3: 'same(shape(inputs...) + shape(results...))',
    C4: '-R <= dimension < R, where R = rank(inputs[0])',
    C5: 'comparator has type (tensor<E0>, tensor<E0>, ..., tensor<EN-1>, tensor<EN-1>) -> tensor<i1> where Ei = element_type(inputs[i])',
  },
  resultConstraint: 'C2, C3',
  inferTypes(site, check) {
    const inputs = site.operandTypes.filter(isTensor);
    const isSome = inputs.length > 0 && (site.op === undefined || site.resultTypes.length === inputs.length);
    if (!check.require(isSome, 'C1', () => `${inputs.length} inputs, ${site.resultTypes.length} results`))
      return undefined;
    const shapes = inputs.map((input) => input.shape);
    const isSame = check.require(allCompatibleShapes(shapes), 'C3', () => `they are ${describeTypes(inputs)}`);
    const axis = site.attrs.dimension;
    const rank = shapes[0]?.length ?? 0;
    // Rank 0 has no dimension to name; the default of -1 is let through, as upstream does.
    const isAxis = rank === 0 ? axis === -1 || axis === 0 : axis >= -rank && axis < rank;
    check.require(isAxis, 'C4', () => `dimension is ${axis}, the rank ${rank}`);
    const comparator = requireRegion(site);
    const taken = scalarElements(regionInputs(comparator));
    const given = scalarElements(regionOutputs(comparator));
    const fits =
      taken?.length === 2 * inputs.length &&
      taken.every((element, index) => elementsCompatible(element, inputs[index >> 1]?.element ?? element)) &&
      given?.length === 1 &&
      given[0] === 'i1';
    check.require(fits, 'C5', () => `it is ${describeSignature(comparator)}, the inputs are ${describeTypes(inputs)}`);
    if (!isSame) return undefined;
    const shape = mergeShapes(shapes);
    return inputs.map((input) => tensorType(shape, input.element));
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const tensors = tensorInputs(inputs);
    const shape = tensors[0]?.shape ?? [];
    const axis = site.attrs.dimension < 0 ? site.attrs.dimension + shape.length : site.attrs.dimension;
    const length = shape[axis] ?? 1;
    const lines = linePositions(shape, axis, context);
    const order = Float64Array.from(lines);
    sortLines(requireRegion(site), tensors, order, length, context);
    const sources = new Float64Array(order.length);
    for (const [at, position] of lines.entries()) sources[position] = order[at] ?? 0;
    return tensors.map((tensor) => {
      const result = context.allocate(tensor.dtype, shape);
      gatherElements(tensor, sources, result);
      return result;
    });
  },
});

/** Positions of all elements, line by line along `axis`. */
function linePositions(shape: readonly number[], axis: number, context: EvaluationContext): Float64Array {
  const strides = rowMajorStrides(shape);
  const outer = shape.map((_, position) => position).filter((position) => position !== axis);
  const inOrder = axis >= 0 && axis < shape.length ? [...outer, axis] : outer;
  return offsetsIn(
    inOrder.map((position) => shape[position] ?? 1),
    inOrder.map((position) => strides[position] ?? 1),
    context,
  );
}
