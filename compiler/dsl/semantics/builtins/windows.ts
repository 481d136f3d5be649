/** Convolutions and pooling. Images are channels last, `[n, spatial..., c]`; kernels `[spatial..., in, out]`. */
import { convolution } from '../../../../ir/ops/stablehlo/convolution.ts';
import { reduceWindow } from '../../../../ir/ops/stablehlo/reduce-window.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import { areCompatible } from '../broadcasting.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import {
  addDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  dimensionText,
  divideDown,
  divideExactly,
  multiplyDimensions,
  subtractDimensions,
} from '../dimension.ts';
import { type Combiner, dimAt } from '../tensor-ops.ts';
import { tensorText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

/** One spatial axis of a window, all sizes but the image's known. */
interface WindowAxis {
  readonly size: number;
  readonly stride: number;
  /** Distance of neighbours within the window. */
  readonly dilation: number;
  /** Distance that the elements of the image are spread to. */
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

const constant = constantDimension;

/** The number of places of a window along an axis: `floor((padded - reach) / stride) + 1`. */
function places(image: Dimension, axis: WindowAxis, at: number, site: CallSite): Dimension {
  const spread =
    axis.spread === 1
      ? image
      : addDimensions(multiplyDimensions(subtractDimensions(image, constant(1)), constant(axis.spread)), constant(1));
  const reach = (axis.size - 1) * axis.dilation + 1;
  const room = subtractDimensions(addDimensions(spread, constant(axis.low + axis.high)), constant(reach));
  if ((constantOf(room) ?? 0) < 0) {
    site.fail(
      'E6707',
      `a window of ${reach} does not fit axis ${at}, which has ${dimensionText(image)} elements and ${axis.low + axis.high} of padding`,
      {
        hint: 'pad it (`pad: "same"`), or take a smaller window',
      },
    );
  }
  return addDimensions(divideDown(room, constant(axis.stride)) ?? room, constant(1));
}

/** The number of places along every spatial axis. */
function allPlaces(
  images: readonly Dimension[],
  axes: readonly Omit<WindowAxis, 'low' | 'high'>[],
  padding: readonly (readonly [number, number])[],
  site: CallSite,
): readonly Dimension[] {
  return images.map((image, at) => {
    const axis = axes[at];
    const [low, high] = padding[at] ?? [0, 0];
    return axis === undefined ? image : places(image, { ...axis, low, high }, at + 1, site);
  });
}

/** `pad` as `"valid"`, `"same"` (as many places as the stride gives, more padding at the end), `"causal"`, a width, or pairs. */
function paddings(
  args: BoundArguments,
  images: readonly Dimension[],
  axes: readonly Omit<WindowAxis, 'low' | 'high'>[],
  site: CallSite,
): readonly (readonly [number, number])[] {
  const pad = args.value('pad');
  if (pad?.kind === 'str') {
    const choice = args.choice('pad', ['valid', 'same', 'causal']);
    return axes.map((axis, index) => namedPadding(choice ?? 'valid', images[index] ?? constant(1), axis, site));
  }
  if (pad === undefined) return axes.map(() => [0, 0]);
  if (pad.kind === 'int') return axes.map(() => [site.ops.number(pad.value), site.ops.number(pad.value)]);
  const pairs = args.pairs('pad', 'a width or a pair for each spatial axis');
  if (pairs.length !== axes.length) {
    site.fail('E6315', `${pairs.length} paddings for ${axes.length} spatial axes`, { span: args.span('pad') });
  }
  return pairs;
}

function namedPadding(
  choice: 'valid' | 'same' | 'causal',
  image: Dimension,
  { size, stride, dilation }: Omit<WindowAxis, 'low' | 'high'>,
  site: CallSite,
): readonly [number, number] {
  const reach = (size - 1) * dilation;
  if (choice === 'valid') return [0, 0];
  if (choice === 'causal') return [reach, 0];
  if (stride === 1) return [reach >> 1, reach - (reach >> 1)];
  const n = site.ops.number(image);
  const total = Math.max(0, (Math.ceil(n / stride) - 1) * stride + reach + 1 - n);
  return [total >> 1, total - (total >> 1)];
}

function positive(args: BoundArguments, name: string, rank: number, site: CallSite): readonly number[] {
  const values = args.ints(name, rank) ?? new Array<number>(rank).fill(1);
  if (values.length !== rank)
    site.fail('E6315', `${values.length} numbers for ${rank} spatial axes`, { span: args.span(name) });
  const bad = values.find((value) => value < 1);
  if (bad !== undefined) site.fail('E6707', `\`${name}\` is ${bad}, and must be at least 1`, { span: args.span(name) });
  return values;
}

function convolved(args: BoundArguments, site: CallSite): Value {
  const x = args.tensorOf('x', ['float', 'integer', 'unsigned', 'complex']);
  const w = args.tensor('w', x.dtype);
  const rank = x.dims.length - 2;
  if (rank < 1 || w.dims.length !== x.dims.length) {
    site.fail('E6315', `\`conv\` of ${tensorText(x)} with ${tensorText(w)}`, {
      hint: 'the image is `[n, spatial..., c]`, the kernel `[spatial..., in, out]`, of the same rank',
    });
  }
  if (x.dtype !== w.dtype)
    site.fail('E6302', `\`conv\` of ${tensorText(x)} with ${tensorText(w)}`, { hint: 'nothing casts by itself' });
  const groups = args.int('groups') ?? 1;
  checkChannels(x, w, groups, site);
  const strides = positive(args, 'stride', rank, site);
  const dilations = positive(args, 'dilation', rank, site);
  const spreads = positive(args, 'input_dilation', rank, site);
  const images = x.dims.slice(1, -1);
  const partial = images.map((_, at) => ({
    size: site.ops.number(dimAt(w, at)),
    stride: strides[at] ?? 1,
    dilation: dilations[at] ?? 1,
    spread: spreads[at] ?? 1,
  }));
  const padding = paddings(args, images, partial, site);
  const out = allPlaces(images, partial, padding, site);
  const spatial = images.map((_, at) => at + 1);
  const attrs = {
    window_strides: strides,
    padding,
    lhs_dilation: spreads,
    rhs_dilation: dilations,
    dimension_numbers: {
      input_batch_dimension: 0,
      input_feature_dimension: rank + 1,
      input_spatial_dimensions: spatial,
      kernel_input_feature_dimension: rank,
      kernel_output_feature_dimension: rank + 1,
      kernel_spatial_dimensions: images.map((_, at) => at),
      output_batch_dimension: 0,
      output_feature_dimension: rank + 1,
      output_spatial_dimensions: spatial,
    },
    feature_group_count: groups,
    batch_group_count: 1,
  };
  const dims = [dimAt(x, 0), ...out, dimAt(w, rank + 1)];
  return site.ops.make(convolution, [x, w], attrs, { dtype: x.dtype, dims });
}

function checkChannels(x: TensorValue, w: TensorValue, groups: number, site: CallSite): void {
  const channels = dimAt(x, x.dims.length - 1);
  const perGroup = divideExactly(channels, constant(groups));
  const features = divideExactly(dimAt(w, w.dims.length - 1), constant(groups));
  const wanted = dimAt(w, w.dims.length - 2);
  if (perGroup !== undefined && features !== undefined && areCompatible(perGroup, wanted)) return;
  const within = groups === 1 ? '' : ` in ${groups} groups`;
  site.fail(
    'E6708',
    `the image has ${dimensionText(channels)} channels${within}, the kernel takes ${dimensionText(wanted)}`,
    {
      notes: [x, w].map((part) => ({ message: `this is ${tensorText(part)}`, span: part.origin })),
      hint: 'images are `[n, spatial..., c]`, kernels `[spatial..., in, out]`; a depthwise kernel is `[spatial..., 1, c]` with `groups: c`',
    },
  );
}

/** A reduction over windows of the spatial axes of `[n, spatial..., c]`. */
function pooled(args: BoundArguments, combiner: Combiner, site: CallSite): Value {
  const x = args.tensorOf('x', ['float', 'integer', 'unsigned']);
  const rank = x.dims.length - 2;
  if (rank < 1)
    site.fail('E6315', `${tensorText(x)} has no spatial axes`, {
      span: args.span('x'),
      hint: 'the image is `[n, spatial..., c]`',
    });
  const sizes = positive(args, 'size', rank, site);
  const strides = args.has('stride') ? positive(args, 'stride', rank, site) : sizes;
  const dilations = positive(args, 'dilation', rank, site);
  const images = x.dims.slice(1, -1);
  const partial = images.map((_, at) => ({
    size: sizes[at] ?? 1,
    stride: strides[at] ?? 1,
    dilation: dilations[at] ?? 1,
    spread: 1,
  }));
  const padding = paddings(args, images, partial, site);
  const out = allPlaces(images, partial, padding, site);
  const around = (values: readonly number[]): readonly number[] => [1, ...values, 1];
  const attrs = {
    window_dimensions: around(sizes),
    window_strides: around(strides),
    window_dilations: around(dilations),
    padding: [[0, 0], ...padding, [0, 0]],
  };
  const dims = [dimAt(x, 0), ...out, dimAt(x, rank + 1)];
  const region = site.ops.combinerRegion(x.dtype, combiner);
  return site.ops.make(reduceWindow, [x, site.ops.identity(x.dtype, combiner)], attrs, { dtype: x.dtype, dims }, [
    region,
  ]);
}

const poolSignature = '(x, size, stride: = size, pad: = "valid", dilation: = 1)';

export const windowBuiltins: readonly Builtin[] = [
  builtin(
    'conv(x, w, stride: = 1, pad: = "valid", dilation: = 1, input_dilation: = 1, groups: = 1)',
    'The convolution (without flipping the kernel) of images with a kernel, in any number of spatial axes. ' +
      '`f32[n, h, w, c], f32[kh, kw, c / groups, o] -> f32[n, oh, ow, o]`. `pad` is "valid", "same", "causal", a width, or a pair for each axis. ' +
      '`input_dilation` spreads the image, which makes it a transposed convolution.',
    convolved,
  ),
  builtin(
    `window_max${poolSignature}`,
    'The largest element of each window. `f32[n, h, w, c] -> f32[n, h / size, w / size, c]`.',
    (args, site) => pooled(args, 'maximum', site),
  ),
  builtin(`window_min${poolSignature}`, 'The smallest element of each window.', (args, site) =>
    pooled(args, 'minimum', site),
  ),
  builtin(`window_sum${poolSignature}`, 'The sum of each window; what lies outside counts as 0.', (args, site) =>
    pooled(args, 'add', site),
  ),
];
