/** Functions over trees: tuples, records and lists of tensors, such as the parameters of a model. Unrolled at compile time. */
import { add } from '../../../../ir/ops/stablehlo/add.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { constantDimension } from '../dimension.ts';
import { UnknownOperand } from '../language-error.ts';
import { joinPath } from '../leaves.ts';
import { alike } from '../operators.ts';
import { describeKind } from '../type-text.ts';
import { type TensorValue, unknownValue, type Value } from '../values.ts';
import { builtin } from './define.ts';

export const treeBuiltins: readonly Builtin[] = [
  builtin(
    'tree.map(fn, ...trees)',
    'The tree of what `fn` gives for each leaf, of one tree or of several with the same fields: `tree.map(fn(p, g) = p - 0.1 * g, p, g)`.',
    (args, site) => {
      const [first, ...others] = args.rest.map(({ value }) => value);
      if (first === undefined) site.fail('E6701', '`tree.map` needs a tree', { hint: '`tree.map(fn(x) = ..., t)`' });
      return first === undefined ? unknownValue : mapTrees([first, ...others], args, site, '');
    },
  ),
  builtin('tree.leaves(tree)', 'The tensors of a tree, in order, as a list.', (args) => ({
    kind: 'list',
    elements: leavesOf(args.required('tree')),
  })),
  builtin('tree.count(tree)', 'How many tensors a tree has, as a compile-time integer.', (args) => ({
    kind: 'int',
    value: constantDimension(leavesOf(args.required('tree')).length),
  })),
  builtin('tree.sum(tree)', 'The sum of the leaves of a tree, which broadcast together.', (args, site) => {
    const [first, ...rest] = leavesOf(args.required('tree'));
    if (first === undefined) return { kind: 'float', value: 0, text: undefined };
    return rest.reduce((sum, leaf) => plus(sum, leaf, site), first);
  }),
];

function plus(a: Value, b: Value, site: CallSite): TensorValue {
  const { span } = site;
  const [x, y] = alike('tree.sum', { value: a, span }, { value: b, span }, site);
  return site.ops.elementwise(add, [x, y]);
}

function leavesOf(value: Value): readonly Value[] {
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (value.kind === 'tuple') return value.fields.flatMap((field) => leavesOf(field.value));
  return value.kind === 'list' ? value.elements.flatMap(leavesOf) : [value];
}

function mapTrees(trees: readonly Value[], args: BoundArguments, site: CallSite, path: string): Value {
  const [first, ...others] = trees;
  if (first === undefined || trees.some((tree) => tree.kind === 'unknown')) throw new UnknownOperand();
  if (first.kind === 'tuple') {
    const fields = first.fields.map(({ name, value }, index) => {
      const step = name ?? String(index);
      const parts = others.map((other, at) => fieldOf(first, other, index, at, args, site, joinPath(path, step)));
      return { name, value: mapTrees([value, ...parts], args, site, joinPath(path, step)) };
    });
    return { kind: 'tuple', fields };
  }
  if (first.kind === 'list') {
    const elements = first.elements.map((element, index) => {
      const parts = others.map((other, at) => elementOf(first, other, index, at, args, site, path));
      return mapTrees([element, ...parts], args, site, joinPath(path, String(index)));
    });
    return { ...first, elements };
  }
  for (const [at, other] of others.entries()) {
    if (other.kind === 'tuple' || other.kind === 'list') differ(first, other, at, args, site, path);
  }
  const span = args.span('fn');
  return site.call(
    args.required('fn'),
    trees.map((value) => ({ name: undefined, value, span })),
  );
}

function fieldOf(
  first: Extract<Value, { kind: 'tuple' }>,
  other: Value,
  index: number,
  at: number,
  args: BoundArguments,
  site: CallSite,
  path: string,
): Value {
  const field = other.kind === 'tuple' && other.fields.length === first.fields.length ? other.fields[index] : undefined;
  if (field === undefined || field.name !== first.fields[index]?.name)
    return differ(first, other, at, args, site, path);
  return field.value;
}

function elementOf(
  first: Extract<Value, { kind: 'list' }>,
  other: Value,
  index: number,
  at: number,
  args: BoundArguments,
  site: CallSite,
  path: string,
): Value {
  const isSame = other.kind === 'list' && other.elements.length === first.elements.length;
  const element = isSame ? other.elements[index] : undefined;
  return element ?? differ(first, other, at, args, site, path);
}

function differ(a: Value, b: Value, at: number, args: BoundArguments, site: CallSite, path: string): never {
  const place = path === '' ? '' : ` at \`${path}\``;
  return site.fail('E6710', `the trees differ${place}: ${describeKind(a)} and ${describeKind(b)}`, {
    span: args.rest[at + 1]?.span ?? site.span,
  });
}
