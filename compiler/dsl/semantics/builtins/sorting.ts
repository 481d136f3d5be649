/** Order along an axis. */
import { dtypeInfo } from '../../../../ir/dtype.ts';
import { topK } from '../../../../ir/ops/chlo/top-k.ts';
import { compare } from '../../../../ir/ops/stablehlo/compare.ts';
import { sort } from '../../../../ir/ops/stablehlo/sort.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { compareDimensions, constantDimension, dimensionText, isAtLeast, subtractDimensions } from '../dimension.ts';
import { dimAt, type TensorShape } from '../tensor-ops.ts';
import { typeOf, typeText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

function sortable(args: BoundArguments, site: CallSite): TensorValue {
  const x = args.tensorOf('x', ['float', 'integer', 'unsigned']);
  if (x.dims.length === 0) site.fail('E6315', 'a scalar has no order', { span: args.span('x') });
  return x;
}

/** Sorts `x` and what goes along with it, stably; NaN is last in ascending order, first in descending. */
function sorted(
  x: TensorValue,
  along: readonly TensorValue[],
  args: BoundArguments,
  site: CallSite,
): readonly TensorValue[] {
  const axis = args.axis('axis', x.dims.length) ?? x.dims.length - 1;
  const descending = args.bool('descending') ?? false;
  const operands = [x, ...along];
  const scalars = operands.flatMap(({ dtype }): readonly TensorShape[] => [
    { dtype, dims: [] },
    { dtype, dims: [] },
  ]);
  const region = site.ops.region(scalars, ([a, b]) => {
    if (a === undefined || b === undefined) return [];
    const isFloat = dtypeInfo(x.dtype).kind === 'float';
    const attrs = {
      comparison_direction: descending ? ('GT' as const) : ('LT' as const),
      ...(isFloat ? { compare_type: 'TOTALORDER' as const } : {}),
    };
    return [site.ops.make(compare, [a, b], attrs, { dtype: 'i1', dims: [] })];
  });
  return site.ops.makeMany(sort, operands, { dimension: axis, is_stable: true }, operands, [region]);
}

function positionsAlong(x: TensorValue, args: BoundArguments, site: CallSite): TensorValue {
  return site.ops.iota('i32', x.dims, args.axis('axis', x.dims.length) ?? x.dims.length - 1);
}

function largest(args: BoundArguments, site: CallSite): Value {
  const x = sortable(args, site);
  const k = args.dimension('k') ?? constantDimension(1);
  const last = dimAt(x, x.dims.length - 1);
  if (isAtLeast(subtractDimensions(k, last), 1) && compareDimensions(k, last) === 'different') {
    site.fail('E6309', `the ${dimensionText(k)} largest of ${dimensionText(last)} in \`${typeText(typeOf(x))}\``, {
      span: args.span('k'),
    });
  }
  const dims = x.dims.with(x.dims.length - 1, k);
  const shapes: readonly TensorShape[] = [
    { dtype: x.dtype, dims },
    { dtype: 'i32', dims },
  ];
  const [values, positions] = site.ops.makeMany(topK, [x], { k: site.ops.number(k) }, shapes);
  if (values === undefined || positions === undefined) return x;
  return {
    kind: 'tuple',
    fields: [
      { name: 'values', value: values },
      { name: 'positions', value: positions },
    ],
  };
}

export const sortingBuiltins: readonly Builtin[] = [
  builtin(
    'sort(x, axis: = last, descending: = false)',
    'The elements in order along an axis; stable, NaN last in ascending order.',
    (args, site) => {
      const x = sortable(args, site);
      return sorted(x, [], args, site)[0] ?? x;
    },
  ),
  builtin(
    'argsort(x, axis: = last, descending: = false)',
    'The positions that put the elements in order: `i32` of the same shape.',
    (args, site) => {
      const x = sortable(args, site);
      return sorted(x, [positionsAlong(x, args, site)], args, site)[1] ?? x;
    },
  ),
  builtin(
    'sort_by(x, values, axis: = last, descending: = false)',
    'The elements of `values` in the order of `x`; both have one shape.',
    (args, site) => {
      const x = sortable(args, site);
      const values = args.tensor('values');
      const fits =
        values.dims.length === x.dims.length &&
        values.dims.every((dim, at) => compareDimensions(dim, dimAt(x, at)) !== 'different');
      if (!fits)
        site.fail('E6316', `\`${typeText(typeOf(values))}\` is not in the shape of \`${typeText(typeOf(x))}\``, {
          span: args.span('values'),
        });
      return sorted(x, [values], args, site)[1] ?? values;
    },
  ),
  builtin(
    'top_k(x, k)',
    'The `k` largest elements of the last axis, in descending order, and where they are: `f32[n, v] -> (values: f32[n, k], positions: i32[n, k])`.',
    largest,
  ),
];
