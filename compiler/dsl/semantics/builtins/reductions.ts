/** Functions that combine the elements along axes. */
import { dtypeInfo, type DType } from '../../../../ir/dtype.ts';
import type { OpDefinition } from '../../../../ir/op-definition.ts';
import { maximum } from '../../../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../../../ir/ops/stablehlo/minimum.ts';
import { and } from '../../../../ir/ops/stablehlo/and.ts';
import { or } from '../../../../ir/ops/stablehlo/or.ts';
import { dimMax } from '../../../../ir/dimension.ts';
import { reduce } from '../../../../ir/ops/stablehlo/reduce.ts';
import { reduceWindow } from '../../../../ir/ops/stablehlo/reduce-window.ts';
import { isTensor } from '../../../../ir/types.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import {
  constantDimension,
  constantOf,
  isAtLeast,
  type Dimension,
  productOf,
  subtractDimensions,
} from '../dimension.ts';
import { alike } from '../operators.ts';
import { elaborationOf } from '../elaboration.ts';
import { refuseOpenSize } from '../refuse-open-size.ts';
import { type Combiner, dimAt, identityNumber } from '../tensor-ops.ts';
import { tensorText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

/** The axes of `axis` or `axes`; all of them when neither is given. */
function axesOf(args: BoundArguments, x: TensorValue): readonly number[] {
  const rank = x.dims.length;
  return args.axes('axis', rank) ?? args.axes('axes', rank) ?? x.dims.map((_, axis) => axis);
}

/** With `keep` the reduced axes stay, with size 1. */
function kept(
  x: TensorValue,
  result: TensorValue,
  axes: readonly number[],
  keep: boolean,
  site: CallSite,
): TensorValue {
  if (!keep) return result;
  return site.ops.reshape(
    result,
    x.dims.map((dim, axis) => (axes.includes(axis) ? constantDimension(1) : dim)),
  );
}

function reduction(args: BoundArguments, x: TensorValue, combiner: Combiner, site: CallSite): TensorValue {
  const axes = axesOf(args, x);
  return kept(x, site.ops.reduce(x, axes, combiner), axes, args.bool('keep') ?? false, site);
}

const numbers = ['float', 'integer', 'unsigned', 'complex'] as const;

/** `max(x, axis:)` reduces, `max(a, b, ...)` is elementwise; of compile-time numbers both give one. */
function extreme(name: 'max' | 'min', definition: OpDefinition, combiner: 'maximum' | 'minimum'): Builtin {
  const word = name === 'max' ? 'largest' : 'smallest';
  return builtin(
    `${name}(x, ...others, axis: = all, axes: = all, keep: = false)`,
    `With one operand, the ${word} element along the axes; with several, the ${word} of each place, the operands broadcast. ` +
      'NaN when one of them is. `f32[n, d] -> f32[n]` with `axis: 1`.',
    (args, site) => {
      if (args.rest.length > 0) return extremeOf(name, definition, args, site);
      const value = args.required('x');
      if (value.kind === 'list' || value.kind === 'tuple') return extremeOfList(name, definition, args, site);
      return reduction(args, args.tensorOf('x', ['float', 'integer', 'unsigned']), combiner, site);
    },
  );
}

function extremeOfList(name: 'max' | 'min', definition: OpDefinition, args: BoundArguments, site: CallSite): Value {
  const values = args.list('x') ?? [];
  const [first, ...rest] = values;
  if (first === undefined) return site.fail('E6705', `\`${name}\` of an empty list`, { span: args.span('x') });
  return rest.reduce((best, value) => extremeOfTwo(name, definition, best, value, args, site), first);
}

function extremeOf(name: 'max' | 'min', definition: OpDefinition, args: BoundArguments, site: CallSite): Value {
  return args.rest.reduce(
    (best, { value }) => extremeOfTwo(name, definition, best, value, args, site),
    args.required('x'),
  );
}

function extremeOfTwo(
  name: 'max' | 'min',
  definition: OpDefinition,
  a: Value,
  b: Value,
  args: BoundArguments,
  site: CallSite,
): Value {
  if (a.kind === 'int' && b.kind === 'int') return { kind: 'int', value: extremeSize(name, a.value, b.value, site) };
  const x = numberOf(a);
  const y = numberOf(b);
  if (x !== undefined && y !== undefined) {
    return { kind: 'float', value: name === 'max' ? Math.max(x, y) : Math.min(x, y), text: undefined };
  }
  const [lhs, rhs] = alike(name, { value: a, span: args.span('x') }, { value: b, span: site.span }, site);
  return site.ops.elementwise(definition, [lhs, rhs]);
}

function numberOf(value: Value): number | undefined {
  if (value.kind === 'float') return value.value;
  return value.kind === 'int' ? constantOf(value.value) : undefined;
}

/** Where the order depends on sizes that are not bound, the first is taken: it is looked at again once they are. */
function extremeSize(name: 'max' | 'min', a: Dimension, b: Dimension, site: CallSite): Dimension {
  const isAtLeastB = isAtLeast(subtractDimensions(a, b), 0);
  const isAtMostB = isAtLeast(subtractDimensions(b, a), 0);
  if (isAtLeastB) return name === 'max' ? a : b;
  const el = elaborationOf(site);
  if (!isAtMostB && !el.isGeneric) refuseOpenSize(el, site.span);
  return isAtMostB && name === 'max' ? b : a;
}

/** The position of the first extreme element, or of the first NaN: a reduction of pairs. */
function argExtreme(name: 'argmax' | 'argmin', combiner: 'maximum' | 'minimum'): Builtin {
  const word = name === 'argmax' ? 'largest' : 'smallest';
  return builtin(
    `${name}(x, axis: = last, keep: = false)`,
    `The position of the ${word} element along an axis, the first of equal ones; of the first NaN when there is one. \`f32[n, d] -> i32[n]\` with \`axis: 1\`.`,
    (args, site) => {
      const x = args.tensorOf('x', ['float', 'integer', 'unsigned']);
      if (x.dims.length === 0) site.fail('E6315', `\`${name}\` of a scalar`, { span: args.span('x') });
      const axis = args.axis('axis', x.dims.length) ?? x.dims.length - 1;
      if (constantOf(dimAt(x, axis)) === 0) {
        site.fail('E6322', `axis ${axis} of ${tensorText(x)} has no elements, so none is the ${word}`, {
          span: args.span('x'),
          notes: [{ message: `this is ${tensorText(x)}`, span: x.origin }],
        });
      }
      const positions = site.ops.iota('i32', x.dims, axis);
      const result = reducePairs(x, positions, axis, combiner, site);
      return kept(x, result, [axis], args.bool('keep') ?? false, site);
    },
  );
}

function reducePairs(
  x: TensorValue,
  positions: TensorValue,
  axis: number,
  combiner: 'maximum' | 'minimum',
  site: CallSite,
): TensorValue {
  const { ops } = site;
  const element = { dtype: x.dtype, dims: [] };
  const position = { dtype: 'i32' as const, dims: [] };
  const region = ops.region([element, position, element, position], (args) => {
    const [a, i, b, j] = args;
    if (a === undefined || i === undefined || b === undefined || j === undefined) return [];
    const better = ops.compare(combiner === 'maximum' ? 'GT' : 'LT', a, b);
    const isFloat = dtypeInfo(x.dtype).kind === 'float';
    // NaN beats everything, and the one on the left was there first.
    const takesA = isFloat ? ops.elementwise(or, [better, ops.compare('NE', a, a)]) : better;
    const isFirst = ops.elementwise(and, [ops.compare('EQ', a, b), ops.compare('LT', i, j)]);
    return [ops.select(takesA, a, b), ops.select(ops.elementwise(or, [takesA, isFirst]), i, j)];
  });
  const dims = x.dims.toSpliced(axis, 1);
  const operands = [x, positions, ops.constant(identityNumber(x.dtype, combiner), x.dtype), ops.constant(0, 'i32')];
  const shapes = [
    { dtype: x.dtype, dims },
    { dtype: 'i32' as const, dims },
  ];
  const [, result] = ops.makeMany(reduce, operands, { dimensions: [axis] }, shapes, [region]);
  return result ?? positions;
}

/** A window for each place, of all elements up to it: kernels and the evaluator take one step an element (`isCumulativeWindow`). */
function cumulative(name: string, combiner: Combiner, doc: string): Builtin {
  return builtin(`${name}(x, axis: = last, reverse: = false)`, doc, (args, site) => {
    const x = args.tensorOf(
      'x',
      combiner === 'add' || combiner === 'multiply' ? numbers : ['float', 'integer', 'unsigned'],
    );
    if (x.dims.length === 0) return x;
    const axis = args.axis('axis', x.dims.length) ?? x.dims.length - 1;
    const isReverse = args.bool('reverse') ?? false;
    const before = Math.max(0, mostOf(x, axis, site) - 1);
    if (before === 0) return x;
    const attrs = {
      window_dimensions: x.dims.map((_, at) => (at === axis ? before + 1 : 1)),
      padding: x.dims.map((_, at) => (at !== axis ? [0, 0] : isReverse ? [0, before] : [before, 0])),
    };
    return site.ops.make(reduceWindow, [x, site.ops.identity(x.dtype, combiner)], attrs, x, [
      site.ops.combinerRegion(x.dtype, combiner),
    ]);
  });
}

/** The size along an axis, or its bound where it stays open with one. */
function mostOf(x: TensorValue, axis: number, site: CallSite): number {
  const dim = dimAt(x, axis);
  const { type } = x.ir;
  const bound = isTensor(type) ? dimMax(type.shape[axis] ?? 1) : undefined;
  return constantOf(dim) ?? bound ?? site.ops.number(dim);
}

export const reductionBuiltins: readonly Builtin[] = [
  builtin(
    'sum(x, axis = all, axes: = all, keep: = false)',
    'The sum along the axes. Booleans count as i32. `f32[n, d] -> f32[n]` with `axis: 1`.',
    (args, site) => {
      const x = countable(args.tensorOf('x', [...numbers, 'boolean']), site);
      return reduction(args, x, 'add', site);
    },
  ),
  builtin(
    'prod(x, axis = all, axes: = all, keep: = false)',
    'The product along the axes; of a list of compile-time integers, theirs.',
    (args, site) => {
      if (args.required('x').kind === 'list') return { kind: 'int', value: productOf(args.dimensions('x') ?? []) };
      return reduction(args, args.tensorOf('x', numbers), 'multiply', site);
    },
  ),
  builtin('all(x, axis = all, axes: = all, keep: = false)', 'True where all elements are.', (args, site) =>
    reduction(args, args.tensorOf('x', ['boolean']), 'and', site),
  ),
  builtin('any(x, axis = all, axes: = all, keep: = false)', 'True where one element is.', (args, site) =>
    reduction(args, args.tensorOf('x', ['boolean']), 'or', site),
  ),
  extreme('max', maximum, 'maximum'),
  extreme('min', minimum, 'minimum'),
  argExtreme('argmax', 'maximum'),
  argExtreme('argmin', 'minimum'),
  cumulative('cumsum', 'add', 'The sums of the elements up to each one, along an axis: `[1, 2, 3] -> [1, 3, 6]`.'),
  cumulative('cumprod', 'multiply', 'The products of the elements up to each one, along an axis.'),
  cumulative('cummax', 'maximum', 'The largest of the elements up to each one, along an axis.'),
  cumulative('cummin', 'minimum', 'The smallest of the elements up to each one, along an axis.'),
];

function countable(x: TensorValue, site: CallSite): TensorValue {
  const dtype: DType = dtypeInfo(x.dtype).kind === 'boolean' ? 'i32' : x.dtype;
  return site.ops.convert(x, dtype);
}
