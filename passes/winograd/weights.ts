/** Weights of a convolution, transformed: `[planes, C, K]`. Those of a constant are transformed here. */
import { denseAttr } from '../../ir/attributes.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { constantOf, createConstant } from '../constants.ts';
import type { ExpandKit } from '../expand-kit.ts';

import { crop, onValues } from './on-values.ts';
import { alongEach, type Arithmetic, grid, tileInputs, transformWindow, windowPlaces } from './transforms.ts';
import type { Windows } from './windows.ts';

export function transformedWeights(kit: ExpandKit, weights: Value, windows: Windows): Value {
  return constantWeights(kit, weights, windows) ?? computedWeights(kit, weights, windows);
}

/** At each place of the window, in the order in which the image meets them. */
function placesOf({ attrs, taken }: Windows): readonly (readonly number[])[] {
  const isReversed = taken.map((dimension) => attrs.window_reversal?.[dimension] === true);
  return grid(taken.length, windowPlaces).map((at) =>
    at.map((place, position) => (isReversed[position] === true ? windowPlaces - 1 - place : place)),
  );
}

function computedWeights(kit: ExpandKit, weights: Value, windows: Windows): Value {
  const { attrs, taken, inputFeatures, outputFeatures } = windows;
  const { dimension_numbers: dims } = attrs;
  const order = [
    ...dims.kernel_spatial_dimensions,
    dims.kernel_input_feature_dimension,
    dims.kernel_output_feature_dimension,
  ];
  const inOrder = kit.transpose(kit.convert(weights, windows.element), order);
  const places = placesOf(windows).map((at) =>
    at.reduce((value, place, position) => crop(kit, value, taken[position] ?? 0, place, 1), inOrder),
  );
  const planes = alongEach(places, taken.length, windowPlaces, transformWindow, onValues(kit));
  return kit.concatenate(
    planes.map((plane) => kit.reshape(plane, [1, inputFeatures, outputFeatures])),
    0,
  );
}

/** Of a constant's elements; integers stay exact in f32 as far as they are transformed. */
function onArrays(element: Windows['element']): Arithmetic<Float32Array> {
  const scaled =
    (factor: number) =>
    (operand: Float32Array): Float32Array =>
      factor === 1 ? operand : operand.map((value) => factor * value);
  return {
    add: (lhs, rhs) => lhs.map((value, at) => value + (rhs[at] ?? 0)),
    subtract: (lhs, rhs) => lhs.map((value, at) => value - (rhs[at] ?? 0)),
    atEnds: scaled(element === 'f32' ? 1 : 2),
    between: scaled(element === 'f32' ? 0.5 : 1),
  };
}

function constantWeights(kit: ExpandKit, weights: Value, windows: Windows): Value | undefined {
  const known = constantOf(weights);
  const tensor = known === undefined ? undefined : tensorOfConstant(known);
  if (tensor?.kind !== 'tensor') return undefined;
  const { values, shape } = tensor;
  const { inputFeatures, outputFeatures, taken, element } = windows;
  const { dimension_numbers: dims } = windows.attrs;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((all, size) => all * size, 1));
  const stepOf = (axis: number | undefined): number => strides[axis ?? 0] ?? 0;
  const [input, output] = [dims.kernel_input_feature_dimension, dims.kernel_output_feature_dimension].map(stepOf);
  const places = placesOf(windows).map((at) => {
    const start = at.reduce(
      (sum, place, position) => sum + place * stepOf(dims.kernel_spatial_dimensions[taken[position] ?? 0]),
      0,
    );
    return matrixAt(values as ArrayLike<number>, start, [inputFeatures, outputFeatures], [input ?? 0, output ?? 0]);
  });
  const planes = alongEach(places, taken.length, windowPlaces, transformWindow, onArrays(element));
  const count = tileInputs ** taken.length * inputFeatures * outputFeatures;
  const all = element === 'f32' ? new Float32Array(count) : new Int16Array(count);
  for (const [plane, matrix] of planes.entries()) all.set(matrix, plane * matrix.length);
  const type = tensorType([planes.length, inputFeatures, outputFeatures], element);
  return createConstant(kit.rewriter, kit.anchor, denseAttr(type, { splat: false, values: all }));
}

function matrixAt(
  values: ArrayLike<number>,
  start: number,
  [rows, columns]: readonly [number, number],
  [row, column]: readonly [number, number],
): Float32Array {
  const matrix = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 1) matrix[i * columns + j] = values[start + i * row + j * column] ?? 0;
  return matrix;
}
