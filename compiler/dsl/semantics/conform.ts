/**
 * Matches a value with a declared type: binders that are open take what the value says, compile-time numbers take the dtype that is
 * declared, and whatever does not fit is reported with both types and where each came from.
 */
import type { Note } from '../../../ir/diagnostics/diagnostic.ts';
import type { DType } from '../../../ir/dtype.ts';
import type { Span } from '../../../ir/source.ts';
import type { LanguageCode } from '../diagnostics/catalog-language.ts';
import type { BinderSlot } from './binder-slot.ts';
import { constantDimension, type Dimension, dimensionText, shapeText } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { isSlot, type OpenDim, type OpenType, openTypeText, solvedDims } from './open-type.ts';
import { Solver } from './solver.ts';
import { describeKind, dtypeText, typeOf, typeText } from './type-text.ts';
import { type ListValue, type TensorValue, type TupleValue, unknownValue, type Value } from './values.ts';

/** What is matched, for messages: `subject` is `x` of `logits`, the value "the argument". */
export interface MatchSource {
  readonly subject: string;
  readonly value: string;
  /** The value's place. */
  readonly span: Span;
  /** The declaration's place. */
  readonly declared: Span | undefined;
}

export function conform(
  el: Elaboration,
  value: Value,
  type: OpenType,
  source: MatchSource,
  solver = new Solver(),
): Value {
  return new Matcher(el, source, solver, type, value).match(value, type, '');
}

class Matcher {
  readonly #el: Elaboration;
  readonly #source: MatchSource;
  readonly #solver: Solver;
  readonly #wholeType: OpenType;
  readonly #wholeValue: Value;

  constructor(el: Elaboration, source: MatchSource, solver: Solver, type: OpenType, value: Value) {
    this.#el = el;
    this.#source = source;
    this.#solver = solver;
    this.#wholeType = type;
    this.#wholeValue = value;
  }

  /** `path` is the part of the whole value at hand: `.k`, `[0]`. */
  match(value: Value, type: OpenType, path: string): Value {
    if (value.kind === 'unknown') return value;
    switch (type.kind) {
      case 'unknown':
        return value;
      case 'tensor':
      case 'open-tensor':
        return this.#tensor(value, type.dtype, type.dims, path);
      case 'slot':
        return this.#slot(value, type.slot, path);
      case 'list':
      case 'open-list':
        return this.#list(value, type.element, type.count, path);
      case 'tuple':
      case 'open-tuple':
        return this.#tuple(value, type.fields, path);
      case 'int':
        // `2 ** i` is one or the other by what `i` is.
        if (isOpenFloat(value)) return unknownValue;
        return value.kind === 'int' ? value : this.#wrongKind(value, path, 'a compile-time integer');
      case 'float':
        return this.#float(value, path);
      case 'bool':
        return value.kind === 'bool' ? value : this.#wrongKind(value, path, '`true` or `false`, known at compile time');
      case 'str':
        return value.kind === 'str' ? value : this.#wrongKind(value, path, 'a string');
      case 'dtype':
        return value.kind === 'dtype' ? value : this.#wrongKind(value, path, 'a dtype such as `f32`');
      case 'type':
        return value.kind === 'type' || value.kind === 'dtype' ? value : this.#wrongKind(value, path, 'a type');
      case 'tree':
        return isTree(value) ? value : this.#wrongKind(value, path, 'a tensor or a tree of tensors');
      case 'fn':
        return isCallable(value) ? value : this.#wrongKind(value, path, 'a function');
      case 'model':
        return value.kind === 'instance' ? value : this.#wrongKind(value, path, `a model \`${type.name}\``);
    }
  }

  #float(value: Value, path: string): Value {
    if (value.kind === 'float' || value.kind === 'int') return value;
    return this.#wrongKind(value, path, 'a compile-time number');
  }

  #tensor(value: Value, dtype: DType | BinderSlot, dims: readonly OpenDim[], path: string): Value {
    const wanted = isSlot(dtype) ? undefined : dtype;
    if (isLiteral(value) && dims.length === 0) {
      const known = wanted ?? (isSlot(dtype) && dtype.solution?.kind === 'dtype' ? dtype.solution.dtype : undefined);
      return literalTensor(
        value,
        known ?? defaultDType(value.kind),
        this.#source.span,
        this.#el.site(this.#source.span),
      );
    }
    if (value.kind !== 'tensor') return this.#wrongKind(value, path, `a tensor \`${this.#text(path, dtype, dims)}\``);
    if (isSlot(dtype)) this.#bindDType(dtype, value, path);
    else if (value.dtype !== dtype) this.#wrongDType(dtype, value, path);
    this.#dims(value, dims, path);
    return value;
  }

  #bindDType(slot: BinderSlot, value: TensorValue, path: string): void {
    if (slot.solution?.kind === 'dtype') {
      if (slot.solution.dtype !== value.dtype) this.#wrongDType(slot.solution.dtype, value, path);
      return;
    }
    slot.solution = { kind: 'dtype', dtype: value.dtype };
    slot.reason = { text: this.#source.subject, span: this.#source.span };
  }

  #dims(value: TensorValue, dims: readonly OpenDim[], path: string): void {
    const rest = dims.findIndex(isSlot);
    const least = rest === -1 ? dims.length : dims.length - 1;
    if (rest === -1 ? value.dims.length !== least : value.dims.length < least) this.#wrongRank(value, path);
    const taken = value.dims.length - least;
    let axis = 0;
    for (const dim of dims) {
      if (isSlot(dim)) {
        this.#bindDims(dim, value.dims.slice(axis, axis + taken), value, path);
        axis += taken;
      } else this.#dim(dim, value, axis++, path);
    }
  }

  #dim(declared: Dimension, value: TensorValue, axis: number, path: string): void {
    const actual = value.dims[axis] ?? constantDimension(0);
    if (declared === actual) return;
    this.#solver.equate(declared, actual, {
      reason: { text: this.#source.subject, span: this.#source.span },
      mismatch: (wanted) => this.#wrongSize(wanted, actual, axis, value, path),
    });
  }

  #bindDims(slot: BinderSlot, dims: readonly Dimension[], value: TensorValue, path: string): void {
    const known = solvedDims(slot);
    if (known === undefined) {
      slot.solution = { kind: 'list', elements: dims.map((dim) => ({ kind: 'int', value: dim })) };
      slot.reason = { text: this.#source.subject, span: this.#source.span };
      return;
    }
    if (known.length !== dims.length) this.#wrongRank(value, path);
    for (const [index, dim] of dims.entries()) {
      const declared = known[index];
      if (declared === undefined || declared === dim) continue;
      this.#solver.equate(declared, dim, {
        reason: { text: this.#source.subject, span: this.#source.span },
        mismatch: (wanted) => this.#wrongSize(wanted, dim, value.dims.indexOf(dim), value, path),
      });
    }
  }

  #slot(value: Value, slot: BinderSlot, path: string): Value {
    if (slot.kind === 'dtype') return this.#tensor(value, slot, [], path);
    const { solution } = slot;
    if (solution?.kind === 'type') return this.match(value, solution.type, path);
    if (slot.kind === 'tree' && !isTree(value)) this.#wrongKind(value, path, 'a tensor or a tree of tensors');
    slot.solution = { kind: 'type', type: typeOf(value) };
    slot.reason = { text: this.#source.subject, span: this.#source.span };
    return value;
  }

  #list(value: Value, element: OpenType, count: Dimension | undefined, path: string): Value {
    if (value.kind !== 'list') return this.#wrongKind(value, path, 'a list');
    const length = value.count ?? constantDimension(value.elements.length);
    if (count !== undefined && count !== length) {
      this.#solver.equate(count, length, {
        reason: { text: this.#source.subject, span: this.#source.span },
        mismatch: (wanted) => this.#wrongCount(dimensionText(wanted), value, path),
      });
    }
    return mapList(value, (item, index) => this.match(item, element, `${path}[${index}]`));
  }

  #tuple(
    value: Value,
    fields: readonly { readonly name: string | undefined; readonly type: OpenType }[],
    path: string,
  ): Value {
    if (value.kind !== 'tuple') return this.#wrongKind(value, path, `\`${openTypeText(this.#wholeType)}\``);
    const isRecord = value.fields.some((field) => field.name !== undefined);
    if (value.fields.length !== fields.length) {
      this.#wrongCount(String(fields.length), value, path);
    }
    const matched = fields.map(({ name, type }, index) => {
      const given =
        isRecord && name !== undefined ? value.fields.find((field) => field.name === name) : value.fields[index];
      if (given === undefined || (given.name !== undefined && name !== undefined && given.name !== name)) {
        return this.#wrongField(name ?? String(index), value, path);
      }
      return { name: name ?? given.name, value: this.match(given.value, type, `${path}.${name ?? index}`) };
    });
    return { kind: 'tuple', fields: matched };
  }

  // -------------------------------------------------------------------------------------------------------- messages

  #text(path: string, dtype: DType | BinderSlot, dims: readonly OpenDim[]): string {
    return path === '' ? openTypeText(this.#wholeType) : openTypeText({ kind: 'open-tensor', dtype, dims });
  }

  #wrongKind(value: Value, path: string, wanted: string): never {
    const isPhase = value.kind === 'tensor' && /compile-time/.test(wanted);
    return this.#fail(
      isPhase ? 'E6220' : 'E6201',
      `${this.#part(path)} is ${wanted}, but ${this.#source.value}${path} is ${describeKind(value)}`,
      value,
      isPhase ? 'a tensor is only known at run time' : this.#kindHint(value, wanted),
    );
  }

  #kindHint(value: Value, wanted: string): string {
    if (value.kind === 'tuple' && value.fields.length === 0) {
      return 'the value of a block is its last expression; an `if` without `else` has none';
    }
    if (value.kind === 'tensor' && value.dtype === 'i1' && wanted.startsWith('`true`')) {
      return `at run time its type is \`bool${shapeText(value.dims)}\``;
    }
    return `the type is \`${openTypeText(this.#wholeType)}\``;
  }

  #wrongDType(wanted: DType, value: TensorValue, path: string): never {
    return this.#fail(
      'E6219',
      this.#both(value, path),
      value,
      `nothing casts by itself: \`${dtypeText(wanted)}(...)\` converts`,
    );
  }

  #wrongRank(value: TensorValue, path: string): never {
    return this.#fail(
      'E6331',
      this.#both(value, path),
      value,
      `the ranks differ: this one has ${countText(value.dims.length, 'axis', 'axes')}`,
    );
  }

  #wrongSize(wanted: Dimension, actual: Dimension, axis: number, value: TensorValue, path: string): never {
    const hint = `axis ${axis} is ${dimensionText(actual)}, not ${dimensionText(wanted)}`;
    return this.#fail('E6330', this.#both(value, path), value, hint);
  }

  #wrongCount(wanted: string, value: ListValue | TupleValue, path: string): never {
    const got = value.kind === 'list' ? value.elements.length : value.fields.length;
    const message = `${this.#part(path)} has ${wanted} ${value.kind === 'list' ? 'elements' : 'fields'}, but ${this.#source.value}${path} has ${got}`;
    return this.#fail('E6218', message, value, `the type is \`${openTypeText(this.#wholeType)}\``);
  }

  #wrongField(name: string, value: TupleValue, path: string): never {
    const names = value.fields.map((field, index) => `\`${field.name ?? index}\``).join(', ');
    return this.#fail(
      'E6218',
      `${this.#part(path)} has a field \`${name}\`, but ${this.#source.value}${path} has ${names}`,
      value,
      `the type is \`${openTypeText(this.#wholeType)}\``,
    );
  }

  #part(path: string): string {
    return path === '' ? this.#source.subject : `\`${path.replace(/^\./, '')}\` of ${this.#source.subject}`;
  }

  #both(value: TensorValue, path: string): string {
    const declared = openTypeText(this.#wholeType);
    const whole = path === '' ? value : this.#wholeValue;
    return `${this.#source.subject} is \`${declared}\`, but ${this.#source.value} is \`${typeText(typeOf(whole))}\``;
  }

  #fail(code: LanguageCode, message: string, value: Value, hint?: string): never {
    return this.#el.fail(code, this.#source.span, message, { notes: this.#notes(value), hint });
  }

  #notes(value: Value): readonly Note[] {
    const notes: Note[] = [];
    const { declared, span } = this.#source;
    if (declared !== undefined) notes.push({ message: 'declared here', span: declared });
    if (value.kind === 'tensor' && !isSameSpan(value.origin, span)) {
      notes.push({ message: `\`${typeText(typeOf(value))}\` comes from here`, span: value.origin });
    }
    for (const slot of this.#solver.slots) {
      if (slot.solution?.kind !== 'int' || slot.reason === undefined || isSameSpan(slot.reason.span, span)) continue;
      notes.push({
        message: `${slot.name} is ${dimensionText(slot.solution.value)}, from ${slot.reason.text}`,
        span: slot.reason.span,
      });
    }
    return notes;
  }
}

function isOpenFloat(value: Value): boolean {
  return value.kind === 'float' && value.value === undefined;
}

function mapList(list: ListValue, visit: (item: Value, index: number) => Value): ListValue {
  let isSame = true;
  const elements = list.elements.map((item, index) => {
    const matched = visit(item, index);
    isSame &&= matched === item;
    return matched;
  });
  return isSame ? list : { ...list, elements };
}

/** Tensors, and tuples, records and lists of them. */
export function isTree(value: Value): boolean {
  switch (value.kind) {
    case 'tensor':
    case 'unknown':
      return true;
    case 'tuple':
      return value.fields.every((field) => isTree(field.value));
    case 'list':
      return value.elements.every(isTree);
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'model':
    case 'module':
    case 'str':
    case 'type':
      return false;
  }
}

export function isCallable(value: Value): boolean {
  return ['fn', 'builtin', 'model', 'instance', 'dtype'].includes(value.kind);
}

function defaultDType(kind: 'int' | 'float' | 'bool'): DType {
  return kind === 'int' ? 'i32' : kind === 'float' ? 'f32' : 'i1';
}

function isSameSpan(a: Span, b: Span): boolean {
  return a.source === b.source && a.start === b.start && a.end === b.end;
}

function countText(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
