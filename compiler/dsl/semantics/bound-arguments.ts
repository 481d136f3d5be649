/**
 * The arguments of one call of a builtin, by the names of its parameters, read as what the builtin wants: `a.tensor('x')` gives a tensor
 * or reports what is wrong with the argument at its place. Missing optional arguments give undefined.
 */
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import type { Span } from '../../../ir/source.ts';
import type { ArgumentValue, Builtin } from './builtin.ts';
import type { CallSite } from './call-site.ts';
import { constantOf, type Dimension } from './dimension.ts';
import { UnknownOperand } from './language-error.ts';
import { literalTensor, type Literal } from './literals.ts';
import { nearest as nearestName } from '../../../ir/text/edit-distance.ts';
import type { LanguageType } from './language-type.ts';
import { describeKind, tensorText } from './type-text.ts';
import type { StringValue, TensorValue, Value } from './values.ts';

export class BoundArguments {
  readonly site: CallSite;
  readonly builtin: Builtin;
  readonly #values: ReadonlyMap<string, ArgumentValue>;
  readonly #rest: readonly ArgumentValue[];

  private constructor(
    builtin: Builtin,
    site: CallSite,
    values: ReadonlyMap<string, ArgumentValue>,
    rest: readonly ArgumentValue[],
  ) {
    this.builtin = builtin;
    this.site = site;
    this.#values = values;
    this.#rest = rest;
  }

  /** Matches arguments with parameters, by position, then by name. */
  static bind(builtin: Builtin, args: readonly ArgumentValue[], site: CallSite): BoundArguments {
    const values = new Map<string, ArgumentValue>();
    const rest: ArgumentValue[] = [];
    const positional = builtin.parameters.filter((parameter) => !parameter.nameOnly && !parameter.rest);
    const takesRest = builtin.parameters.some((parameter) => parameter.rest);
    let position = 0;
    for (const arg of args) {
      if (arg.value.kind === 'unknown') throw new UnknownOperand();
      if (arg.name === undefined) {
        const parameter = positional[position++];
        if (parameter !== undefined && (!takesRest || parameter.defaultText === undefined)) {
          values.set(parameter.name, arg);
        } else if (takesRest) rest.push(arg);
        else tooMany(builtin, arg, site);
      } else bindNamed(builtin, arg, arg.name, values, site);
    }
    for (const { name, defaultText, rest: isRest } of builtin.parameters) {
      if (defaultText !== undefined || isRest || values.has(name)) continue;
      site.fail('E6701', `\`${builtin.name}\` needs \`${name}\``, {
        hint: `its signature is \`${builtin.signature}\``,
      });
    }
    return new BoundArguments(builtin, site, values, rest);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  span(name: string): Span {
    return this.#values.get(name)?.span ?? this.site.span;
  }

  /** The argument as it is. */
  value(name: string): Value | undefined {
    return this.#values.get(name)?.value;
  }

  required(name: string): Value {
    const value = this.value(name);
    if (value === undefined) this.site.fail('E6701', `\`${this.builtin.name}\` needs \`${name}\``);
    return value;
  }

  /** Arguments of the `...` parameter. */
  get rest(): readonly ArgumentValue[] {
    return this.#rest;
  }

  /** A tensor; a literal becomes a scalar of `dtype` (f32 of floats, i32 of integers unless given). */
  tensor(name: string, dtype?: DType): TensorValue {
    return this.asTensor(this.required(name), name, this.span(name), dtype);
  }

  asTensor(value: Value, name: string, span: Span, dtype?: DType): TensorValue {
    if (value.kind === 'tensor') return value;
    if (value.kind === 'int' || value.kind === 'float' || value.kind === 'bool') {
      return literalTensor(value, dtype ?? defaultDType(value), span, this.site);
    }
    return this.wrong(name, 'a tensor', value, span);
  }

  /** A tensor whose dtype is of one of the kinds. */
  tensorOf(name: string, kinds: readonly ('float' | 'integer' | 'unsigned' | 'boolean' | 'complex')[]): TensorValue {
    const wantsFloat = kinds.includes('float') && !kinds.includes('integer');
    const value = this.required(name);
    const x = this.tensor(name, wantsFloat && value.kind === 'int' ? 'f32' : undefined);
    const { kind } = dtypeInfo(x.dtype);
    if (!kinds.includes(kind)) {
      const cure = kinds.every((wanted) => wanted === 'boolean')
        ? 'compare first: `x > 0`'
        : `convert with \`${wantsFloat ? 'f32' : 'i32'}(...)\``;
      this.site.fail('E6318', `\`${this.builtin.name}\` does not take ${tensorText(x)}`, {
        span: this.span(name),
        hint: `it takes ${kinds.map(kindName).join(' or ')}; ${cure}`,
      });
    }
    return x;
  }

  /** The dtype of a dtype argument. */
  dtype(name: string): DType | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind === 'dtype') return value.dtype;
    return this.wrong(name, 'a dtype such as `f32`', value);
  }

  /** The type of a type argument: `f32[n, h]`, `f32`, `[Kv[n]; 2]`. */
  type(name: string): LanguageType | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind === 'dtype') return { kind: 'tensor', dtype: value.dtype, dims: [] };
    if (value.kind === 'type') return value.type;
    return this.wrong(name, 'a type such as `f32[n, 3]`', value);
  }

  /** A compile-time integer, maybe with variables. */
  dimension(name: string): Dimension | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return value.kind === 'int' ? value.value : this.wrong(name, 'a compile-time integer', value);
  }

  /** A compile-time integer; a placeholder while it depends on open sizes. */
  int(name: string): number | undefined {
    const dimension = this.dimension(name);
    return dimension === undefined ? undefined : this.site.ops.number(dimension);
  }

  float(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind === 'float') return value.value ?? 1;
    if (value.kind === 'int') return constantOf(value.value) ?? 1;
    return this.wrong(name, 'a compile-time number', value);
  }

  bool(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return value.kind === 'bool' ? (value.value ?? false) : this.wrong(name, '`true` or `false`', value);
  }

  /** One of the strings. */
  choice<C extends string>(name: string, choices: readonly C[]): C | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind !== 'str') return this.wrong(name, choices.map((choice) => `"${choice}"`).join(' or '), value);
    const found = choices.find((choice) => choice === value.value);
    return found ?? this.#wrongChoice(name, choices, value);
  }

  #wrongChoice(name: string, choices: readonly string[], value: StringValue): never {
    const nearest = nearestName(value.value, choices);
    const all = choices.map((choice) => `"${choice}"`).join(', ');
    return this.site.fail('E6706', `\`${name}\` of \`${this.builtin.name}\` is one of ${all}, not "${value.value}"`, {
      span: this.span(name),
      hint: nearest === undefined ? undefined : `did you mean "${nearest}"?`,
    });
  }

  string(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return value.kind === 'str' ? value.value : this.wrong(name, 'a string', value);
  }

  /** A list or tuple, or one value as a list of one. */
  list(name: string): readonly Value[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind === 'list') {
      if (value.count !== undefined) throw new UnknownOperand();
      return value.elements;
    }
    if (value.kind === 'tuple') return value.fields.map((field) => field.value);
    return [value];
  }

  /** Sizes: `(n, 3)`, `[n, 3]` or one integer. */
  dimensions(name: string): readonly Dimension[] | undefined {
    return this.list(name)?.map((value) =>
      value.kind === 'int' ? value.value : this.wrong(name, 'compile-time integers', value),
    );
  }

  /** Compile-time integers: `(1, 2)`, or one that stands for `count` of them. */
  ints(name: string, count?: number): readonly number[] | undefined {
    const dims = this.dimensions(name)?.map((dim) => this.site.ops.number(dim));
    const [only] = dims ?? [];
    const isOne = this.value(name)?.kind === 'int';
    return isOne && count !== undefined && only !== undefined ? new Array<number>(count).fill(only) : dims;
  }

  /** What lies before and after an axis, for each element of a list: a width for both, or a pair. `wanted` says so in a message. */
  pairs(name: string, wanted: string): readonly (readonly [number, number])[] {
    const { ops } = this.site;
    return (this.list(name) ?? []).map((entry) => {
      if (entry.kind === 'int') return [ops.number(entry.value), ops.number(entry.value)];
      const ends =
        entry.kind === 'tuple' ? entry.fields.map(({ value }) => value) : entry.kind === 'list' ? entry.elements : [];
      const [low, high] = ends;
      if (ends.length !== 2 || low?.kind !== 'int' || high?.kind !== 'int') return this.wrong(name, wanted, entry);
      return [ops.number(low.value), ops.number(high.value)];
    });
  }

  /** An axis of a tensor of this rank, counted from 0. */
  axis(name: string, rank: number): number | undefined {
    const axis = this.int(name);
    return axis === undefined ? undefined : this.#inRank(name, axis, rank);
  }

  /** The first axis where none is given; a scalar has none. */
  axisOrFirst(name: string, rank: number): number {
    return this.#inRank(name, this.int(name) ?? 0, rank);
  }

  /** Axes, each once, ascending; one integer is a list of one. */
  axes(name: string, rank: number): readonly number[] | undefined {
    const axes = this.ints(name)?.map((axis) => this.#inRank(name, axis, rank));
    if (axes !== undefined && new Set(axes).size < axes.length) {
      this.site.fail('E6314', `\`${name}\` names an axis twice`, { span: this.span(name) });
    }
    return axes?.toSorted((a, b) => a - b);
  }

  #inRank(name: string, axis: number, rank: number): number {
    if (axis < -rank || axis >= rank) {
      const range = rank === 0 ? 'a scalar has no axes' : `the tensor has axes 0 to ${rank - 1}`;
      this.site.fail('E6314', `there is no axis ${axis}: ${range}`, { span: this.span(name) });
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** Reports that the argument is not what the parameter takes. */
  wrong(name: string, wanted: string, value: Value, span = this.span(name)): never {
    if (value.kind === 'unknown') throw new UnknownOperand();
    const message = `\`${name}\` of \`${this.builtin.name}\` is ${wanted}, not ${describeKind(value)}`;
    return this.site.fail('E6705', message, { span, hint: `the signature is \`${this.builtin.signature}\`` });
  }
}

function bindNamed(
  builtin: Builtin,
  arg: ArgumentValue,
  name: string,
  values: Map<string, ArgumentValue>,
  site: CallSite,
): void {
  const parameter = builtin.parameters.find((candidate) => candidate.name === name && !candidate.rest);
  if (parameter === undefined) {
    const nearest = nearestName(
      name,
      builtin.parameters.map((candidate) => candidate.name),
    );
    const hint = nearest === undefined ? `its signature is \`${builtin.signature}\`` : `did you mean \`${nearest}\`?`;
    site.fail('E6703', `\`${builtin.name}\` has no parameter \`${name}\``, { span: arg.nameSpan ?? arg.span, hint });
  }
  if (values.has(name)) {
    site.fail('E6704', `\`${name}\` of \`${builtin.name}\` is given twice`, { span: arg.span });
  }
  values.set(name, arg);
}

function tooMany(builtin: Builtin, arg: ArgumentValue, site: CallSite): never {
  const byName = builtin.parameters.filter((parameter) => parameter.nameOnly).map((parameter) => parameter.name);
  const hint =
    byName.length === 0
      ? ''
      : `; ${byName.map((name) => `\`${name}:\``).join(', ')} ${byName.length === 1 ? 'is' : 'are'} given by name`;
  return site.fail('E6702', `\`${builtin.name}\` takes fewer arguments`, {
    span: arg.span,
    hint: `its signature is \`${builtin.signature}\`${hint}`,
  });
}

function defaultDType(value: Literal): DType {
  return value.kind === 'int' ? 'i32' : value.kind === 'float' ? 'f32' : 'i1';
}

function kindName(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    float: 'floats',
    integer: 'integers',
    unsigned: 'unsigned integers',
    boolean: 'booleans',
    complex: 'complex numbers',
  };
  return names[kind] ?? kind;
}
