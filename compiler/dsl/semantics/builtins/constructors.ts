/** Tensors from nothing: zeros, ones, positions, literals. */
import { type DType, dtypeInfo } from '../../../../ir/dtype.ts';
import { allocateElements, type ElementsArray } from '../../../../ir/elements.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../../../../ir/numerics/index.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { constantDimension, constantOf, shapeText } from '../dimension.ts';
import type { LanguageType } from '../language-type.ts';
import { describeKind, typeText } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

/** A value of a type with every leaf made by `leaf`: tensors, tuples, records, lists of known length. */
export function valueOfType(
  type: LanguageType,
  leaf: (type: Extract<LanguageType, { kind: 'tensor' }>) => Value,
  site: CallSite,
): Value {
  switch (type.kind) {
    case 'tensor': {
      const negative = type.dims.find((dim) => (constantOf(dim) ?? 0) < 0);
      if (negative !== undefined) site.fail('E6320', `a size of ${shapeText([negative])} in \`${typeText(type)}\``);
      return leaf(type);
    }
    case 'tuple':
      return {
        kind: 'tuple',
        fields: type.fields.map(({ name, type: field }) => ({ name, value: valueOfType(field, leaf, site) })),
      };
    case 'list': {
      const count = type.count === undefined ? undefined : constantOf(type.count);
      if (count === undefined && type.count !== undefined) {
        return { kind: 'list', elements: [valueOfType(type.element, leaf, site)], count: type.count };
      }
      if (count === undefined) return site.fail('E6705', `the length of \`${typeText(type)}\` is not known`);
      return { kind: 'list', elements: Array.from({ length: count }, () => valueOfType(type.element, leaf, site)) };
    }
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'dtype':
    case 'type':
    case 'tree':
    case 'fn':
    case 'model':
    case 'unknown':
      return site.fail('E6705', `\`${typeText(type)}\` is no type of tensors`);
  }
}

/** `zeros(f32[n, h])`; of a tensor or a tree, one like it. */
function filled(name: string, number: number, doc: string): Builtin {
  return builtin(`${name}(type)`, doc, (args, site) => {
    const like = args.required('type');
    return fill(like, (dtype, dims) => site.ops.constant(number, dtype, dims), args, site);
  });
}

function fill(
  like: Value,
  make: (dtype: DType, dims: TensorValue['dims']) => Value,
  args: BoundArguments,
  site: CallSite,
): Value {
  if (like.kind === 'tensor') return make(like.dtype, like.dims);
  if (like.kind === 'tuple') {
    const fields = like.fields.map((field) => ({ name: field.name, value: fill(field.value, make, args, site) }));
    return { kind: 'tuple', fields };
  }
  if (like.kind === 'list') {
    return { ...like, elements: like.elements.map((element) => fill(element, make, args, site)) };
  }
  return valueOfType(args.type('type') ?? { kind: 'unknown' }, (type) => make(type.dtype, type.dims), site);
}

interface Literal {
  readonly sizes: readonly number[];
  readonly leaves: readonly Value[];
}

/** The leaves of nested lists in row-major order; reports lists of different lengths. */
function literalOf(value: Value, args: BoundArguments, site: CallSite): Literal {
  if (value.kind !== 'list') return { sizes: [], leaves: [value] };
  const parts = value.elements.map((element) => literalOf(element, args, site));
  const [first] = parts;
  if (first === undefined) return { sizes: [0], leaves: [] };
  const ragged = parts.find((part) => part.sizes.join() !== first.sizes.join());
  if (ragged !== undefined)
    site.fail('E6316', 'the inner lists have different lengths', { span: args.span('elements') });
  return { sizes: [parts.length, ...first.sizes], leaves: parts.flatMap((part) => part.leaves) };
}

function literalTensorOf(args: BoundArguments, site: CallSite): Value {
  const { sizes, leaves } = literalOf(args.required('elements'), args, site);
  const hasFloats = leaves.some(({ kind }) => kind === 'float');
  const hasBools = leaves.some(({ kind }) => kind === 'bool');
  const dtype = args.dtype('dtype') ?? (hasFloats ? 'f32' : hasBools ? 'i1' : 'i32');
  const values = allocateElements(dtype, leaves.length);
  for (const [index, leaf] of leaves.entries()) storeLeaf(values, index, leaf, dtype, args, site);
  return site.ops.dense(values, dtype, sizes);
}

function storeLeaf(
  values: ElementsArray,
  index: number,
  leaf: Value,
  dtype: DType,
  args: BoundArguments,
  site: CallSite,
): void {
  const number =
    leaf.kind === 'int'
      ? (constantOf(leaf.value) ?? 1)
      : leaf.kind === 'float'
        ? (leaf.value ?? 1)
        : leaf.kind === 'bool'
          ? Number(leaf.value ?? false)
          : undefined;
  if (number === undefined) {
    return site.fail('E6705', `the elements are compile-time numbers, not ${describeKind(leaf)}`, {
      span: args.span('elements'),
      hint: 'tensors are put together with `stack`',
    });
  }
  const { kind, storage } = dtypeInfo(dtype);
  if (leaf.kind === 'float' && kind !== 'float') {
    site.fail('E6303', `${leaf.text ?? number} is no ${dtype}`, { span: args.span('elements') });
  }
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(number);
  else if (isFloatFormatName(dtype) && storage !== 'f32' && storage !== 'f64')
    values[index] = encodeFloat(number, floatFormats[dtype]);
  else values[index] = number;
}

export const constructorBuiltins: readonly Builtin[] = [
  filled('zeros', 0, 'Zeros of a type, or like a tensor or tree: `zeros(f32[n, h])`, `zeros(x)`.'),
  filled('ones', 1, 'Ones of a type, or like a tensor or tree.'),
  builtin('full(type, value)', 'One number in every place: `full(f32[n], 0.5)`.', (args, site) => {
    const make = (dtype: DType, dims: TensorValue['dims']): Value => {
      const value = args.tensor('value', dtype);
      if (value.dims.length > 0) site.fail('E6315', 'the value is a scalar', { span: args.span('value') });
      return site.ops.broadcast(site.ops.convert(value, dtype), [], dims);
    };
    return fill(args.required('type'), make, args, site);
  }),
  builtin('iota(n, dtype = i32)', '0 to `n - 1`: `i32[n]`. Of a type, positions along `axis`.', (args, site) =>
    site.ops.iota(args.dtype('dtype') ?? 'i32', [args.dimension('n') ?? constantDimension(0)], 0),
  ),
  builtin(
    'positions(type, axis: = last)',
    'The position of each element along an axis: `positions(i32[n, t], axis: 1)`.',
    (args, site) => {
      const type = args.type('type');
      if (type?.kind !== 'tensor') return args.wrong('type', 'a type of tensors', args.required('type'));
      return site.ops.iota(type.dtype, type.dims, args.axis('axis', type.dims.length) ?? type.dims.length - 1);
    },
  ),
  builtin('eye(n, dtype = f32)', 'The identity matrix: `f32[n, n]`.', (args, site) => {
    const n = args.dimension('n') ?? constantDimension(0);
    const rows = site.ops.iota('i32', [n, n], 0);
    const columns = site.ops.iota('i32', [n, n], 1);
    return site.ops.convert(site.ops.compare('EQ', rows, columns), args.dtype('dtype') ?? 'f32');
  }),
  builtin(
    'tensor(elements, dtype = f32 of fractions else i32)',
    'A constant from nested lists of numbers: `tensor([[1.0, 2.0], [3.0, 4.0]])`.',
    literalTensorOf,
  ),
];
