import { i64List, i64Matrix, optional } from '../../attribute-schema.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandGroup } from '../../op-site.ts';
import { isTensor, tensorType } from '../../types.ts';
import { reduceBoxes } from '../shared/box-reduction.ts';
import { mayRunOn, runOn } from '../shared/cumulative-reduction.ts';
import { offsetsIn } from '../shared/index-space.ts';
import { padTensor } from '../shared/padding.ts';
import { promoteTensor } from '../shared/promotion.ts';
import { perTensor, scalarPerTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { checkReducer } from '../shared/reducer-signature.ts';
import { describeTypes } from '../shared/region-signature.ts';
import { requireRegion, requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, mergeShapes } from '../shared/shapes.ts';
import { fillTensor } from '../shared/strided-copy.ts';
import {
  checkWindow,
  cumulativeWindow,
  type Window,
  windowCount,
  windowCounts,
  windowOf,
} from '../shared/window-geometry.ts';

const windowIds = {
  dimensions: ['C4', 'C5'],
  strides: ['C6', 'C7'],
  baseDilations: ['C8', 'C9'],
  windowDilations: ['C10', 'C11'],
  padding: 'C12',
} as const;

export const reduceWindow = defineOp({
  name: 'stablehlo.reduce_window',
  code: 'E2218',
  summary: 'Each window of the padded inputs combined by a reducer, from initial values.',
  spec: 'spec.md#reduce_window',
  operands: [
    { name: 'inputs', type: perTensor, arity: 'variadic' },
    { name: 'init_values', type: scalarPerTensor, arity: 'variadic' },
  ],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    window_dimensions: i64List(),
    window_strides: optional(i64List()),
    base_dilations: optional(i64List()),
    window_dilations: optional(i64List()),
    padding: optional(i64Matrix()),
  },
  regions: [{ name: 'body' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: '0 < size(inputs) = size(init_values) = size(results) = N',
    C2: 'same(shape(inputs...))',
    C3: 'element_type(inputs...) = element_type(init_values...)',
    C4: 'size(window_dimensions) = rank(inputs[0])',
    C5: '0 < window_dimensions',
    C6: 'size(window_strides) = rank(inputs[0])',
    C7: '0 < window_strides',
    C8: 'size(base_dilations) = rank(inputs[0])',
    C9: '0 < base_dilations',
    C10: 'size(window_dilations) = rank(inputs[0])',
    C11: '0 < window_dilations',
    C12: 'shape(padding) = [rank(inputs[0]), 2]',
    C13: 'body has type (tensor<E0>, ..., tensor<EN-1>, tensor<E0>, ..., tensor<EN-1>) -> (tensor<E0>, ..., tensor<EN-1>) where is_promotable(element_type(inputs[i]), Ei)',
    C14: 'same(shape(results...))',
    C15: 'shape(results[0]) = num_windows',
    C16: 'element_type(results[i]) = Ei',
  },
  resultConstraint: 'C14, C15, C16',
  inferTypes(site, check) {
    const inputs = operandGroup(site, 'inputs').filter(isTensor);
    const inits = operandGroup(site, 'init_values').filter(isTensor);
    const isSome = inputs.length > 0 && (site.op === undefined || site.resultTypes.length === inputs.length);
    if (!check.require(isSome, 'C1', () => `${inputs.length} inputs, ${site.resultTypes.length} results`))
      return undefined;
    const shapes = inputs.map((input) => input.shape);
    const isSame = check.require(allCompatibleShapes(shapes), 'C2', () => `they are ${describeTypes(inputs)}`);
    check.require(
      inputs.every((input, index) => input.element === inits[index]?.element),
      'C3',
      () => `the inputs are ${describeTypes(inputs)}, the initial values ${describeTypes(inits)}`,
    );
    const rank = shapes[0]?.length ?? 0;
    const isWindow = checkWindow(rank, site.attrs, windowIds, check);
    const inputElements = inputs.map((input) => input.element);
    const elements = checkReducer(requireRegion(site), inputElements, check, 'C13');
    if (elements === undefined || !isWindow || !isSame) return undefined;
    const shape = windowCounts(mergeShapes(shapes), windowOf(rank, site.attrs));
    return elements.map((element) => tensorType(shape, element));
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const count = inputs.length / 2;
    const { shape } = tensorInput(inputs, 0);
    const window = windowOf(shape.length, site.attrs);
    const dtypes = Array.from({ length: count }, (_, index) => resultDType(requireResult(site, index), context));
    const promoted = (from: number): Tensor[] =>
      dtypes.map((dtype, index) => promoteTensor(tensorInput(inputs, from + index), dtype, context));
    const [values, inits] = [promoted(0), promoted(count)];
    const growing = cumulativeWindow(shape, window);
    if (growing !== undefined) {
      const running = { body: requireRegion(site), inputs: values, inits, window: growing };
      if (mayRunOn(running, context)) return runOn(running, context);
    }
    const resultShape = shape.map((size, axis) => windowCount(size, window, axis));
    const accumulators: Tensor[] = [];
    const padded: Tensor[] = [];
    for (const [index, dtype] of dtypes.entries()) {
      const [init, value] = [inits[index], values[index]];
      if (init === undefined || value === undefined) continue;
      const accumulator = context.allocate(dtype, resultShape);
      fillTensor(accumulator, init);
      accumulators.push(accumulator);
      if (accumulator.size > 0) padded.push(padForWindows(value, init, window, context));
    }
    const [first] = padded;
    if (first === undefined) return accumulators;
    const strides = rowMajorStrides(first.shape);
    const reduction = {
      body: requireRegion(site),
      inputs: padded,
      accumulators,
      resultStrides: strides.map((stride, axis) => stride * (window.strides[axis] ?? 1)),
      offsets: offsetsIn(
        window.dimensions,
        strides.map((stride, axis) => stride * (window.windowDilations[axis] ?? 1)),
        context,
      ),
    };
    reduceBoxes(reduction, context);
    return accumulators;
  },
});

/** `pad(input, init, low, high, base_dilations - 1)`. */
function padForWindows(input: Tensor, init: Tensor, window: Window, context: EvaluationContext): Tensor {
  const { low, high, baseDilations } = window;
  return padTensor(input, init, { low, high, interior: baseDilations.map((dilation) => dilation - 1) }, context);
}
