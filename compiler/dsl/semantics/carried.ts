/**
 * What a loop at run time carries from one turn to the next: the tensors inside whatever tuples and lists they stand in. What is known at
 * compile time cannot change.
 */
import type { Span } from '../../../ir/source.ts';
import { compareDimensions, constantDimension } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { describeKind, dtypeText, typeOf, typeText } from './type-text.ts';
import type { ListValue, TensorValue, Value } from './values.ts';

/** What is carried, for messages: `pos`, "the carry of `scan`". */
export interface CarrySource {
  readonly name: string;
  /** The loop. */
  readonly span: Span;
  readonly declared: Span | undefined;
}

type Node =
  | { readonly kind: 'fixed'; readonly value: Value }
  | { readonly kind: 'leaf'; readonly index: number }
  | {
      readonly kind: 'tuple';
      readonly fields: readonly { readonly name: string | undefined; readonly node: Node }[];
    }
  | { readonly kind: 'list'; readonly list: ListValue; readonly nodes: readonly Node[] };

/** How one value is carried. */
export class CarryPlan {
  /** The tensors on entry. */
  readonly initial: TensorValue[] = [];
  readonly #el: Elaboration;
  readonly #source: CarrySource;
  readonly #root: Node;

  /** `after` is what a turn makes of `before`. */
  constructor(el: Elaboration, before: Value, after: Value, source: CarrySource) {
    this.#el = el;
    this.#source = source;
    this.#root = this.#plan(before, after, '');
  }

  /** The value with these tensors in the carried places. */
  rebuild(args: readonly TensorValue[]): Value {
    const build = (node: Node): Value => {
      switch (node.kind) {
        case 'fixed':
          return node.value;
        case 'leaf': {
          const arg = args[node.index];
          if (arg === undefined) throw new UnknownOperand();
          return arg;
        }
        case 'tuple':
          return { kind: 'tuple', fields: node.fields.map(({ name, node: field }) => ({ name, value: build(field) })) };
        case 'list':
          return { ...node.list, elements: node.nodes.map(build) };
      }
    };
    return build(this.#root);
  }

  /** The tensors for the next turn, of the same types as the initial ones. */
  take(after: Value): readonly TensorValue[] {
    const taken: TensorValue[] = [];
    this.#take(this.#root, after, '', taken);
    return taken;
  }

  #plan(before: Value, after: Value, path: string): Node {
    if (before.kind === 'unknown' || after.kind === 'unknown') throw new UnknownOperand();
    switch (before.kind) {
      // Also where this turn leaves it as it is: `a := b` changes `a` only from the second turn on.
      case 'tensor':
        return this.#leaf(before);
      case 'int':
      case 'float':
      case 'bool':
        return this.#literal(before, after, path);
      case 'tuple': {
        if (after.kind !== 'tuple' || after.fields.length !== before.fields.length)
          return this.#changed(before, after, path);
        const fields = before.fields.map(({ name, value }, index) => ({
          name,
          node: this.#plan(value, after.fields[index]?.value ?? value, `${path}.${name ?? index}`),
        }));
        return { kind: 'tuple', fields };
      }
      case 'list': {
        if (after.kind !== 'list' || after.elements.length !== before.elements.length)
          return this.#changed(before, after, path);
        const nodes = before.elements.map((value, index) =>
          this.#plan(value, after.elements[index] ?? value, `${path}[${index}]`),
        );
        return { kind: 'list', list: before, nodes };
      }
      case 'alias':
      case 'builtin':
      case 'dtype':
      case 'fn':
      case 'instance':
      case 'model':
      case 'module':
      case 'str':
      case 'type':
        return before === after ? { kind: 'fixed', value: before } : this.#compileTime(before, path);
    }
  }

  #leaf(initial: TensorValue): Node {
    return { kind: 'leaf', index: this.initial.push(initial) - 1 };
  }

  /** A number on entry becomes a scalar of the dtype that the loop makes of it. */
  #literal(before: Value, after: Value, path: string): Node {
    if (isLiteral(after) && sameLiteral(before, after)) return { kind: 'fixed', value: before };
    if (after.kind !== 'tensor' || !isLiteral(before)) return this.#compileTime(before, path);
    if (after.dims.length > 0) return this.#changed(before, after, path);
    return this.#leaf(literalTensor(before, after.dtype, this.#source.span, this.#el.site(this.#source.span)));
  }

  #take(node: Node, after: Value, path: string, taken: TensorValue[]): void {
    if (after.kind === 'unknown') throw new UnknownOperand();
    switch (node.kind) {
      case 'fixed': {
        const { value } = node;
        if (value !== after && !(isLiteral(value) && sameLiteral(value, after))) this.#compileTime(value, path);
        return;
      }
      case 'leaf':
        taken.push(this.#fitting(node.index, after, path));
        return;
      case 'tuple': {
        const fields = after.kind === 'tuple' ? after.fields : [];
        for (const [index, { name, node: field }] of node.fields.entries()) {
          this.#take(field, fields[index]?.value ?? { kind: 'unknown' }, `${path}.${name ?? index}`, taken);
        }
        return;
      }
      case 'list': {
        const elements = after.kind === 'list' ? after.elements : [];
        for (const [index, element] of node.nodes.entries()) {
          this.#take(element, elements[index] ?? { kind: 'unknown' }, `${path}[${index}]`, taken);
        }
      }
    }
  }

  #fitting(index: number, after: Value, path: string): TensorValue {
    const before = this.initial[index];
    if (before === undefined) throw new UnknownOperand();
    if (isLiteral(after) && before.dims.length === 0) {
      return literalTensor(after, before.dtype, this.#source.span, this.#el.site(this.#source.span));
    }
    if (after.kind !== 'tensor' || !isSameType(before, after)) return this.#changed(before, after, path);
    return after;
  }

  #changed(before: Value, after: Value, path: string): never {
    const { name, span, declared } = this.#source;
    const notes = declared === undefined ? [] : [{ message: 'declared here', span: declared }];
    const origin = after.kind === 'tensor' ? [{ message: 'the new value', span: after.origin }] : [];
    return this.#el.fail(
      'E6408',
      span,
      `${name}${path} is \`${typeText(typeOf(before))}\` before a turn of the loop and \`${typeText(typeOf(after))}\` after it`,
      { notes: [...notes, ...origin], hint: 'what a loop carries at run time keeps its type' },
    );
  }

  #compileTime(before: Value, path: string): never {
    const { name, span, declared } = this.#source;
    const notes = declared === undefined ? [] : [{ message: 'declared here', span: declared }];
    const dtype = before.kind === 'int' ? 'i32' : before.kind === 'bool' ? 'i1' : 'f32';
    const hint = isLiteral(before)
      ? `start from a run-time value: \`${dtypeText(dtype)}(...)\``
      : 'only tensors, and tuples and lists of them, change at run time';
    return this.#el.fail(
      'E6409',
      span,
      `${name}${path} is ${describeKind(before)}, known at compile time, but changes in a loop that runs at run time`,
      { notes, hint },
    );
  }
}

export function isSameType(a: TensorValue, b: TensorValue): boolean {
  if (a.dtype !== b.dtype || a.dims.length !== b.dims.length) return false;
  return a.dims.every((dim, axis) => compareDimensions(dim, b.dims[axis] ?? constantDimension(-1)) !== 'different');
}

export function sameLiteral(a: Value, b: Value): boolean {
  if (a.kind === 'int' && b.kind === 'int') return a.value === b.value;
  if (a.kind === 'float' && b.kind === 'float') return Object.is(a.value, b.value);
  return a.kind === 'bool' && b.kind === 'bool' && a.value === b.value;
}
