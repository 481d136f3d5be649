/**
 * Convolutions with windows of three places by fewer multiplications: products of transformed tiles with transformed weights.
 *
 *     %y = stablehlo.convolution(%x, %w) ... : (tensor<1x56x56x64xf32>, tensor<3x3x64x64xf32>) -> tensor<1x56x56x64xf32>
 *       ->
 *     %v = sums of 4x4 places of %x, every second of which begins a tile : tensor<16x1x784x64xf32>
 *     %u = sums of the places of %w : tensor<16x64x64xf32>, a constant where %w is one
 *     %m = stablehlo.dot_general %v, %u, batching_dims = [0] x [0], contracting_dims = [3] x [1] : ... -> tensor<16x1x784x64xf32>
 *     %y = sums of 3x3 places of %m, tiles of 2x2 results side by side : tensor<1x56x56x64xf32>
 *
 * 16 multiplications give 4 results where 36 did (winograd/transforms.ts). It is taken for f32 of precision DEFAULT, which
 * asks for speed, and, exactly, for integers that fit 16 bits (their weights twice as large a dimension, their sums halved at the end); for
 * strides and dilations of 1, one group, windows of 3 or 1 places in each dimension, and sizes for which it is estimated to be faster
 * (winograd/is-worthwhile.ts). What becomes of rounding, infinities and NaN is in docs/numerics.md. Run it once constants are folded, and
 * before passes that simplify what it makes, `pair-products`, `layout` and `fuse`.
 */
import type { Operation, Value } from '../ir/operation.ts';
import { convolution } from '../ir/ops/stablehlo/convolution.ts';
import { dotGeneral } from '../ir/ops/stablehlo/dot-general.ts';
import { shiftRightArithmetic } from '../ir/ops/stablehlo/shift-right-arithmetic.ts';
import { type ElementType, tensorType } from '../ir/types.ts';
import type { ExpandKit } from './expand-kit.ts';
import { type NotExpanded, notExpanded, runExpansions } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass, type PassContext } from './pass.ts';
import { type ConvolutionSize, estimatedGain, reasonAgainst } from './winograd/is-worthwhile.ts';
import { crop, onValues } from './winograd/on-values.ts';
import {
  alongEach,
  grid,
  tileInputs,
  tileResults,
  transformInput,
  transformProducts,
  windowPlaces,
} from './winograd/transforms.ts';
import { transformedWeights } from './winograd/weights.ts';
import { product, sizeOfConvolution, type Windows, windowsOf } from './winograd/windows.ts';

export const winograd = definePass({
  name: 'winograd',
  summary: 'take convolutions of three places with fewer multiplications',
  run: (module, context) =>
    runExpansions(module, context, new Map([[convolution.name, (kit, op) => transformed(kit, op, context)]])),
});

function transformed(kit: ExpandKit, op: Operation, context: PassContext): readonly Value[] | NotExpanded | undefined {
  const windows = windowsOf(op);
  if (windows === undefined) return undefined;
  const size = sizeOfConvolution(op, windows);
  const reason = reasonAgainst(size);
  if (reason !== undefined) return notExpanded(reason);
  context.remark(op, gainText(size));
  const inputs = inputTiles(kit, kit.convert(op.operand(0), windows.element), windows);
  const weights = transformedWeights(kit, op.operand(1), windows);
  return [results(kit, products(kit, inputs, weights, tensorOf(op.result()).element), windows)];
}

function gainText(size: ConvolutionSize): string {
  const given = tileResults ** size.rank;
  const direct = given * windowPlaces ** size.rank;
  const speed = estimatedGain(size).toFixed(2);
  return `${tileInputs ** size.rank} multiplications for ${given} results in place of ${direct}: estimated ${speed} of the speed`;
}

/** `[planes, N, tiles, C]`, from the image with its padding: tiles overlap by two places. */
function inputTiles(kit: ExpandKit, input: Value, windows: Windows): Value {
  const { attrs, batch, inputFeatures, inputs, padding, taken, tiles } = windows;
  const { dimension_numbers: dims } = attrs;
  const order = [dims.input_batch_dimension, ...dims.input_spatial_dimensions, dims.input_feature_dimension];
  const low = padding.map(([before = 0]) => before);
  const high = padding.map(([before = 0, after = 0], dimension) =>
    taken.includes(dimension) ? 2 * (tiles[dimension] ?? 0) + 2 - (inputs[dimension] ?? 0) - before : after,
  );
  const image = kit.pad(kit.transpose(input, order), [0, ...low, 0], [0, ...high, 0]);
  // Each taken dimension in pairs: the places of tile t are both of pair t and both of pair t + 1.
  const pairs = kit.reshape(image, [
    batch,
    ...tiles.flatMap((count, dimension) => (taken.includes(dimension) ? [count + 1, 2] : [count])),
    inputFeatures,
  ]);
  const axes = taken.map((dimension) => 1 + dimension + taken.indexOf(dimension));
  const shape = [1, batch, product(tiles), inputFeatures];
  const places = grid(taken.length, tileInputs).map((at) => {
    const cut = at.reduce((value, place, position) => {
      const axis = axes[position] ?? 0;
      const inPair = crop(kit, value, axis + 1, place % 2, 1);
      return crop(kit, inPair, axis, Math.floor(place / 2), tiles[taken[position] ?? 0] ?? 0);
    }, pairs);
    return kit.reshape(cut, [batch, ...tiles, inputFeatures]);
  });
  const planes = alongEach(places, taken.length, tileInputs, transformInput, onValues(kit));
  return kit.concatenate(
    planes.map((plane) => kit.reshape(plane, shape)),
    0,
  );
}

/** `[planes, N, tiles, C] x [planes, C, K] -> [planes, N, tiles, K]`. */
function products(kit: ExpandKit, inputs: Value, weights: Value, element: ElementType): Value {
  const dims = {
    lhs_batching_dimensions: [0],
    rhs_batching_dimensions: [0],
    lhs_contracting_dimensions: [3],
    rhs_contracting_dimensions: [1],
  };
  const [planes = 1, batch = 1, tiles = 1] = tensorOf(inputs).shape;
  const type = tensorType([planes, batch, tiles, tensorOf(weights).shape[2] ?? 1], element);
  return kit.make(dotGeneral, [inputs, weights], { dot_dimension_numbers: dims }, type);
}

/** `[planes, N, tiles, K]` to the result of the convolution: tiles side by side, what is past its ends cut off. */
function results(kit: ExpandKit, sums: Value, windows: Windows): Value {
  const { element, attrs, batch, outputFeatures, results: given, taken, tiles } = windows;
  const planes = grid(taken.length, tileInputs).map((_, plane) =>
    kit.reshape(crop(kit, sums, 0, plane, 1), [batch, ...tiles, outputFeatures]),
  );
  const apart = [
    batch,
    ...tiles.flatMap((count, dimension) => (taken.includes(dimension) ? [count, 1] : [count])),
    outputFeatures,
  ];
  const axes = taken.map((dimension, position) => 2 + dimension + position);
  let parts = alongEach(planes, taken.length, tileInputs, transformProducts, onValues(kit)).map((part) =>
    kit.reshape(element === 'i16' ? halved(kit, part, taken.length) : part, apart),
  );
  for (const axis of axes.toReversed())
    parts = Array.from({ length: parts.length / tileResults }, (_, position) =>
      kit.concatenate(parts.slice(position * tileResults, (position + 1) * tileResults), axis),
    );
  const [tiled] = parts;
  const whole = tiles.map((count, dimension) => (taken.includes(dimension) ? tileResults * count : count));
  let result = kit.reshape(tiled ?? sums, [batch, ...whole, outputFeatures]);
  for (const dimension of taken) result = crop(kit, result, 1 + dimension, 0, given[dimension] ?? 0);
  const { dimension_numbers: dims } = attrs;
  const from = [dims.output_batch_dimension, ...dims.output_spatial_dimensions, dims.output_feature_dimension];
  return kit.transpose(
    result,
    from.map((_, axis) => from.indexOf(axis)),
  );
}

/** Weights of integers are twice as large for each dimension; their sums are even as often. */
function halved(kit: ExpandKit, sum: Value, times: number): Value {
  return kit.elementwise(shiftRightArithmetic, [sum, kit.constantLike(times, sum)]);
}
