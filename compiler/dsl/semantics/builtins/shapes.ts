/** Functions that move elements: reshapes, transposes, concatenations, cuts. */
import type { BoundArguments } from '../bound-arguments.ts';
import { areCompatible, commonShape, stretch } from '../broadcasting.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { elaborationOf } from '../elaboration.ts';
import {
  addDimensions,
  areDifferentSizes,
  compareDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  divideExactly,
  productOf,
  shapeText,
} from '../dimension.ts';
import { gatherAlong, scatterAlong, takeAlong } from '../gathering.ts';
import { dimAt } from '../tensor-ops.ts';
import { tensorText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { dtypeInfo } from '../../../../ir/dtype.ts';
import { builtin } from './define.ts';

const one = constantDimension(1);

/** Sizes with one -1 worked out from the number of elements. */
function fullShape(
  x: TensorValue,
  dims: readonly Dimension[],
  args: BoundArguments,
  site: CallSite,
): readonly Dimension[] {
  const open = dims.findIndex((dim) => constantOf(dim) === -1);
  if (open === -1) return dims;
  if (dims.findLastIndex((dim) => constantOf(dim) === -1) !== open) {
    site.fail('E6313', 'only one of the sizes may be -1: it is worked out from the others', {
      span: args.span('shape'),
    });
  }
  const others = productOf(dims.toSpliced(open, 1));
  const size = divideExactly(productOf(x.dims), others);
  if (size !== undefined) return dims.with(open, size);
  return site.fail('E6313', `the elements of ${tensorText(x)} do not divide by ${shapeText([others])}`, {
    span: args.span('shape'),
  });
}

function reshaped(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const dims = fullShape(x, args.dimensions('shape') ?? [], args, site);
  const negative = dims.find((dim) => (constantOf(dim) ?? 0) < 0);
  if (negative !== undefined) site.fail('E6320', `a size of ${shapeText([negative])}`, { span: args.span('shape') });
  if (areDifferentSizes(productOf(x.dims), productOf(dims))) {
    site.fail(
      'E6313',
      `${tensorText(x)} has ${shapeText([productOf(x.dims)])} elements, ${shapeText(dims)} has ${shapeText([productOf(dims)])}`,
      {
        span: args.span('shape'),
        notes: [{ message: `this is ${tensorText(x)}`, span: x.origin }],
        hint: 'one of the sizes may be -1',
      },
    );
  }
  return site.ops.reshape(x, dims);
}

function transposed(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const rank = x.dims.length;
  const axes = args.ints('axes')?.map((axis) => (axis < 0 ? axis + rank : axis));
  if (axes === undefined) {
    if (rank < 2) site.fail('E6315', `${tensorText(x)} has no two axes to swap`, { span: args.span('x') });
    return site.ops.transpose(x, [...x.dims.keys()].slice(0, -2).concat(rank - 1, rank - 2));
  }
  const isPermutation = axes.length === rank && axes.toSorted((a, b) => a - b).every((axis, index) => axis === index);
  if (!isPermutation) {
    site.fail('E6315', `(${axes.join(', ')}) is no order of the ${rank} axes of ${tensorText(x)}`, {
      span: args.span('axes'),
    });
  }
  return site.ops.transpose(x, axes);
}

/** The tensors of a list, alike in dtype. */
function tensorsOf(args: BoundArguments, name: string, site: CallSite): readonly TensorValue[] {
  const values = args.list(name) ?? [];
  const dtype = values.find((value) => value.kind === 'tensor')?.dtype;
  const tensors = values.map((value) => args.asTensor(value, name, args.span(name), dtype));
  const [first] = tensors;
  if (first === undefined) return args.wrong(name, 'a list of tensors', args.required(name));
  const other = tensors.find((x) => x.dtype !== first.dtype);
  if (other !== undefined) {
    site.fail('E6302', `\`${args.builtin.name}\` of ${tensorText(first)} and ${tensorText(other)}`, {
      span: args.span(name),
    });
  }
  return tensors;
}

function concatenated(args: BoundArguments, site: CallSite): Value {
  const xs = tensorsOf(args, 'xs', site);
  const [first] = xs;
  if (first === undefined) return site.fail('E6705', 'nothing to concatenate');
  const axis = args.axisOrFirst('axis', first.dims.length);
  if (first.dims.length === 0) site.fail('E6315', 'scalars do not concatenate: use `stack`', { span: args.span('xs') });
  for (const x of xs) {
    const fits =
      x.dims.length === first.dims.length &&
      x.dims.every((dim, at) => at === axis || areCompatible(dim, dimAt(first, at)));
    if (fits) continue;
    site.fail('E6316', `${tensorText(first)} and ${tensorText(x)} do not concatenate along axis ${axis}`, {
      span: args.span('xs'),
      notes: [first, x].map((part) => ({ message: `this is ${tensorText(part)}`, span: part.origin })),
      hint: 'all other axes must have the same sizes',
    });
  }
  return site.ops.concatenate(xs, axis);
}

function stacked(args: BoundArguments, site: CallSite): Value {
  const xs = tensorsOf(args, 'xs', site);
  const [first] = xs;
  if (first === undefined) return site.fail('E6705', 'nothing to stack');
  const rank = first.dims.length + 1;
  const axis = args.axisOrFirst('axis', rank);
  const parts = xs.map((x) => {
    const fits = x.dims.length === first.dims.length && x.dims.every((dim, at) => areCompatible(dim, dimAt(first, at)));
    if (!fits)
      site.fail('E6316', `${tensorText(first)} and ${tensorText(x)} do not stack`, {
        span: args.span('xs'),
        hint: 'they must have one shape',
      });
    return site.ops.reshape(x, first.dims.toSpliced(axis, 0, one));
  });
  return site.ops.concatenate(parts, axis);
}

/** The part of `axis` from `start` on with `size` elements. */
function cut(x: TensorValue, axis: number, start: Dimension, size: Dimension, site: CallSite): TensorValue {
  const starts = x.dims.map((_, at) => (at === axis ? start : constantDimension(0)));
  const limits = x.dims.with(axis, addDimensions(start, size));
  return site.ops.slice(
    x,
    starts,
    limits,
    x.dims.map(() => 1),
    x.dims.with(axis, size),
  );
}

function splitParts(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const axis = args.axisOrFirst('axis', x.dims.length);
  const size = dimAt(x, axis);
  const parts = args.required('parts');
  const sizes =
    parts.kind === 'int'
      ? equalParts(x, size, site.ops.number(parts.value), axis, args, site)
      : (args.dimensions('parts') ?? []);
  const total = sizes.reduce(addDimensions, constantDimension(0));
  if (compareDimensions(total, size) === 'different') {
    site.fail('E6317', `parts of ${shapeText(sizes)} do not add up to axis ${axis} of ${tensorText(x)}`, {
      span: args.span('parts'),
    });
  }
  let start = constantDimension(0);
  const fields = sizes.map((part) => {
    const value = cut(x, axis, start, part, site);
    start = addDimensions(start, part);
    return { name: undefined, value };
  });
  return { kind: 'tuple', fields };
}

function equalParts(
  x: TensorValue,
  size: Dimension,
  count: number,
  axis: number,
  args: BoundArguments,
  site: CallSite,
): readonly Dimension[] {
  const part = count > 0 ? divideExactly(size, constantDimension(count)) : undefined;
  if (part === undefined) {
    return site.fail('E6317', `axis ${axis} of ${tensorText(x)} does not split into ${count} equal parts`, {
      span: args.span('parts'),
      hint: 'give the sizes: `split(x, [2, 3], axis: 0)`',
    });
  }
  // Each part is an op.
  elaborationOf(site).burn(site.span, 4 * count);
  return new Array<Dimension>(count).fill(part);
}

function broadcastTo(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const dims = args.dimensions('shape') ?? [];
  const common = commonShape(x.dims, dims);
  const fits = common?.length === dims.length && common.every((dim, axis) => dim === dims[axis]);
  if (!fits)
    site.fail('E6301', `${tensorText(x)} does not stretch to ${shapeText(dims)}`, { span: args.span('shape') });
  return stretch(x, dims, site);
}

function padded(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const pairs = args.pairs('widths', 'a width or a pair for each axis');
  if (pairs.length !== x.dims.length) {
    site.fail('E6315', `${pairs.length} widths for the ${x.dims.length} axes of ${tensorText(x)}`, {
      span: args.span('widths'),
    });
  }
  const value = args.has('value') ? args.tensor('value', x.dtype) : site.ops.constant(0, x.dtype);
  return site.ops.pad(
    x,
    site.ops.convert(value, x.dtype),
    pairs.map(([low]) => low),
    pairs.map(([, high]) => high),
  );
}

function dynamicPart(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const axis = args.axisOrFirst('axis', x.dims.length);
  const start = integerScalar(args, 'start', site);
  const size = args.dimension('size') ?? one;
  const starts = startsAlong(x, axis, start, site);
  return site.ops.dynamicSlice(x, starts, x.dims.with(axis, size));
}

function integerScalar(args: BoundArguments, name: string, site: CallSite): TensorValue {
  const start = args.tensorOf(name, ['integer', 'unsigned']);
  if (start.dims.length > 0)
    site.fail('E6315', `\`${name}\` is a scalar, not ${tensorText(start)}`, { span: args.span(name) });
  return start;
}

function startsAlong(x: TensorValue, axis: number, start: TensorValue, site: CallSite): readonly TensorValue[] {
  return x.dims.map((_, at) => (at === axis ? start : site.ops.constant(0, start.dtype)));
}

function dynamicUpdate(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const update = args.tensor('update', x.dtype);
  const axis = args.axisOrFirst('axis', x.dims.length);
  const fits =
    update.dims.length === x.dims.length &&
    update.dims.every((dim, at) => at === axis || areCompatible(dim, dimAt(x, at)));
  if (!fits || update.dtype !== x.dtype) {
    site.fail('E6316', `${tensorText(update)} is no part along axis ${axis} of ${tensorText(x)}`, {
      span: args.span('update'),
    });
  }
  return site.ops.dynamicUpdateSlice(x, update, startsAlong(x, axis, integerScalar(args, 'start', site), site));
}

function repeated(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const axis = args.axisOrFirst('axis', x.dims.length);
  const count = args.dimension('count') ?? one;
  const wide = site.ops.broadcast(
    x,
    x.dims.map((_, at) => (at <= axis ? at : at + 1)),
    x.dims.toSpliced(axis + 1, 0, count),
  );
  return site.ops.reshape(wide, x.dims.with(axis, productOf([dimAt(x, axis), count])));
}

function tiled(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const axis = args.axisOrFirst('axis', x.dims.length);
  const count = args.dimension('count') ?? one;
  const wide = site.ops.broadcast(
    x,
    x.dims.map((_, at) => (at < axis ? at : at + 1)),
    x.dims.toSpliced(axis, 0, count),
  );
  return site.ops.reshape(wide, x.dims.with(axis, productOf([dimAt(x, axis), count])));
}

function taken(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const positions = args.tensorOf('positions', ['integer', 'unsigned']);
  if (x.dims.length === 0) site.fail('E6315', 'a scalar has no axis to take from', { span: args.span('x') });
  return gatherAlong(x, args.axisOrFirst('axis', x.dims.length), positions, site);
}

function takenAlong(args: BoundArguments, site: CallSite): Value {
  const x = args.tensor('x');
  const positions = args.tensorOf('positions', ['integer', 'unsigned']);
  const axis = args.axis('axis', x.dims.length) ?? x.dims.length - 1;
  const fits =
    positions.dims.length === x.dims.length &&
    positions.dims.every((dim, at) => at === axis || areCompatible(dim, dimAt(x, at)));
  if (!fits) {
    site.fail('E6316', `${tensorText(positions)} does not fit ${tensorText(x)} but for axis ${axis}`, {
      span: args.span('positions'),
    });
  }
  return takeAlong(x, axis, positions, site);
}

function scattered(name: string, combiner: 'add' | 'maximum' | 'minimum' | undefined, doc: string): Builtin {
  return builtin(`${name}(x, positions, updates, axis: = 0)`, doc, (args, site) => {
    const x = args.tensor('x');
    const positions = args.tensorOf('positions', ['integer', 'unsigned']);
    const axis = args.axisOrFirst('axis', x.dims.length);
    const wanted = x.dims.toSpliced(axis, 1, ...positions.dims);
    const updates = args.tensor('updates', x.dtype);
    const common = commonShape(updates.dims, wanted);
    if (
      updates.dtype !== x.dtype ||
      common?.length !== wanted.length ||
      !common.every((dim, at) => areCompatible(dim, wanted[at] ?? dim))
    ) {
      site.fail(
        'E6310',
        `the updates are ${tensorText(updates)}, the places take ${shapeText(wanted)} of ${tensorText(x)}`,
        {
          span: args.span('updates'),
        },
      );
    }
    return scatterAlong(x, axis, positions, stretch(updates, wanted, site), combiner, site);
  });
}

export const shapeBuiltins: readonly Builtin[] = [
  builtin(
    'reshape(x, shape)',
    'The elements in row-major order in another shape; one size may be -1. `f32[n, 6] -> f32[n, 2, 3]`.',
    reshaped,
  ),
  builtin(
    'flatten(x, from: = 0, to: = last)',
    'Axes `from` to `to` as one. `f32[n, 2, 3] -> f32[n, 6]` with `from: 1`.',
    (args, site) => {
      const x = args.tensor('x');
      const rank = x.dims.length;
      if (rank === 0) return site.ops.reshape(x, [one]);
      const from = args.axis('from', rank) ?? 0;
      const to = args.axis('to', rank) ?? rank - 1;
      if (from > to) site.fail('E6314', `axis ${from} is behind axis ${to}`, { span: args.span('from') });
      const merged = productOf(x.dims.slice(from, to + 1));
      return site.ops.reshape(x, x.dims.toSpliced(from, to + 1 - from, merged));
    },
  ),
  builtin(
    'transpose(x, axes = the last two swapped)',
    'The axes in another order: axis `i` of the result is axis `axes[i]` of `x`. `f32[n, m] -> f32[m, n]`.',
    transposed,
  ),
  builtin(
    'concat(xs, axis: = 0)',
    'The tensors of a list one after the other along an axis. `[f32[a, n], f32[b, n]] -> f32[a + b, n]`.',
    concatenated,
  ),
  builtin(
    'stack(xs, axis: = 0)',
    'The tensors of a list, all of one shape, along a new axis. `[f32[n]; 3] -> f32[3, n]`.',
    stacked,
  ),
  builtin(
    'split(x, parts, axis: = 0)',
    'A tuple of parts along an axis: a number of equal ones, or a list of sizes. `f32[n, 6] -> (f32[n, 3], f32[n, 3])` with `2, axis: 1`.',
    splitParts,
  ),
  builtin('broadcast(x, shape)', 'The tensor stretched to a shape, by the rules of broadcasting.', broadcastTo),
  builtin('expand(x, axis)', 'A new axis of size 1. `f32[n] -> f32[n, 1]` with `axis: 1`.', (args, site) => {
    const x = args.tensor('x');
    const axis = args.axisOrFirst('axis', x.dims.length + 1);
    return site.ops.reshape(x, x.dims.toSpliced(axis, 0, one));
  }),
  builtin(
    'squeeze(x, axis = all of size 1, axes: = all of size 1)',
    'The tensor without axes of size 1. `f32[n, 1] -> f32[n]`.',
    (args, site) => {
      const x = args.tensor('x');
      const axes = args.axes('axis', x.dims.length) ?? args.axes('axes', x.dims.length);
      for (const axis of axes ?? []) {
        if (compareDimensions(dimAt(x, axis), one) !== 'different') continue;
        site.fail('E6316', `axis ${axis} of ${tensorText(x)} does not have size 1`, {
          span: args.has('axis') ? args.span('axis') : args.span('axes'),
        });
      }
      const goes = (dim: Dimension, axis: number): boolean =>
        axes === undefined ? constantOf(dim) === 1 : axes.includes(axis);
      return site.ops.reshape(
        x,
        x.dims.filter((dim, axis) => !goes(dim, axis)),
      );
    },
  ),
  builtin(
    'pad(x, widths, value = 0)',
    'Elements of `value` around the tensor: a width or a pair `(before, after)` for each axis; negative widths cut.',
    padded,
  ),
  builtin('reverse(x, axis = all, axes: = all)', 'The elements in reverse order along the axes.', (args, site) => {
    const x = args.tensor('x');
    const axes = args.axes('axis', x.dims.length) ?? args.axes('axes', x.dims.length) ?? [...x.dims.keys()];
    return site.ops.reverse(x, axes);
  }),
  builtin(
    'repeat(x, count, axis: = 0)',
    'Each element `count` times in a row along an axis: `[1, 2] -> [1, 1, 2, 2]`.',
    repeated,
  ),
  builtin('tile(x, count, axis: = 0)', 'The whole `count` times along an axis: `[1, 2] -> [1, 2, 1, 2]`.', tiled),
  builtin(
    'dynamic_slice(x, start, size, axis: = 0)',
    '`size` elements of an axis from a run-time position on, which clamps so that they fit.',
    dynamicPart,
  ),
  builtin(
    'dynamic_update_slice(x, update, start, axis: = 0)',
    '`x` with a part along an axis replaced, from a run-time position on, which clamps.',
    dynamicUpdate,
  ),
  builtin(
    'take(x, positions, axis: = 0)',
    'The slices of an axis at the positions, which clamp. `f32[v, d], i32[n] -> f32[n, d]`.',
    taken,
  ),
  builtin(
    'take_along(x, positions, axis: = last)',
    'One element for each position, along an axis. `f32[n, v], i32[n, k] -> f32[n, k]`.',
    takenAlong,
  ),
  scattered(
    'scatter',
    undefined,
    '`x` with the slices of an axis at the positions replaced by the updates; positions outside are left out.',
  ),
  scattered(
    'scatter_add',
    'add',
    '`x` with the updates added to the slices of an axis at the positions. `f32[v, d], i32[n], f32[n, d] -> f32[v, d]`.',
  ),
  scattered('scatter_max', 'maximum', '`x` with the slices at the positions raised to the updates.'),
  scattered('scatter_min', 'minimum', '`x` with the slices at the positions lowered to the updates.'),
  builtin('size(x, axis = all)', 'The number of elements along the axes, as a compile-time integer.', (args) => {
    const x = args.tensor('x');
    const axes = args.axes('axis', x.dims.length) ?? [...x.dims.keys()];
    return { kind: 'int', value: productOf(axes.map((axis) => dimAt(x, axis))) };
  }),
  builtin('bits_of(x, dtype)', 'The same bits as elements of another dtype of the same width.', (args, site) => {
    const x = args.tensor('x');
    const dtype = args.dtype('dtype') ?? x.dtype;
    if (dtypeInfo(dtype).bits !== dtypeInfo(x.dtype).bits) {
      site.fail('E6318', `${tensorText(x)} has elements of another width`, { span: args.span('dtype') });
    }
    return site.ops.bitcast(x, dtype, x.dims);
  }),
];
