/** Expressions, patterns and types as layouts. */
import type {
  Argument,
  Binary,
  Block,
  Call,
  Comprehension,
  Expr,
  If,
  IndexItem,
  Lambda,
  Parameter,
  Pattern,
  Range,
  Unary,
} from '../syntax/ast.ts';
import type { Span } from '../../../ir/source.ts';
import { infixRow, operatorRows, prefixRow } from '../syntax/operators.ts';
import type { CommentCursor } from './comment-cursor.ts';
import {
  choice,
  concat,
  group,
  hardLine,
  ifBroken,
  indent,
  join,
  type Layout,
  line,
  lineComment,
  nothing,
  softLine,
  text,
} from './layout.ts';

/** Tighter than every operator: nothing but a name, a literal or something in brackets stands there. */
const tightest = operatorRows.length;

export interface Element {
  readonly span: Span;
  readonly make: () => Layout;
}

export abstract class ExpressionLayout {
  protected readonly comments: CommentCursor;
  readonly #parenthesised: ReadonlySet<Expr>;
  /** Within the brackets of an index or a type, `*` and `/` are set without blanks: `f32[n, 4*h]`. */
  #isTight = false;

  constructor(comments: CommentCursor, parenthesised: ReadonlySet<Expr>) {
    this.comments = comments;
    this.#parenthesised = parenthesised;
  }

  protected abstract block(block: Block): Layout;

  protected source({ source, start, end }: Span): string {
    return new TextDecoder().decode(source.bytes.subarray(start, end));
  }

  /** An expression where any may stand, after the comments before it. */
  protected expression(expr: Expr): Layout {
    return this.#operand(expr, 0);
  }

  /** An expression where only rows from `row` on may stand without parentheses. */
  #operand(expr: Expr, row: number): Layout {
    const before = this.comments.takeBefore(expr.span.start);
    const isTight = this.#isTight;
    const inParentheses = this.#needsParentheses(expr, row);
    if (inParentheses) this.#isTight = false;
    const inner = this.#bare(expr);
    this.#isTight = isTight;
    const whole = inParentheses ? group('(', indent(softLine, inner), softLine, ')') : inner;
    return before.length === 0 ? whole : concat(...before.flatMap((comment) => [comment.text, hardLine]), whole);
  }

  #needsParentheses(expr: Expr, row: number): boolean {
    const own = rowOf(expr);
    if (row === 0) return false;
    if (own === undefined) return row > 0 && row <= tightest && isOpenEnded(expr);
    return own < row || this.#parenthesised.has(expr);
  }

  /** As the operand of a call, an index or a member. */
  #postfixOperand(expr: Expr): Layout {
    const isBare = expr.kind !== 'int' && expr.kind !== 'float' && !isOpenEnded(expr) && rowOf(expr) === undefined;
    return isBare ? this.#operand(expr, 0) : group('(', indent(softLine, this.#operand(expr, 0)), softLine, ')');
  }

  #bare(expr: Expr): Layout {
    switch (expr.kind) {
      case 'int':
      case 'float':
      case 'string':
      case 'name':
      case 'bool':
        return text(this.source(expr.span));
      case 'error':
        return text(this.source(expr.span));
      case 'member':
        return concat(this.#postfixOperand(expr.operand), '.', expr.name.text);
      case 'call':
        return this.#call(expr);
      case 'index': {
        const operand = this.#postfixOperand(expr.operand);
        return concat(
          operand,
          this.#tightly(() =>
            this.list(
              '[',
              expr.items.map((item) => this.#indexItem(item)),
              ']',
              expr.span.end,
            ),
          ),
        );
      }
      case 'unary':
        return this.#unary(expr);
      case 'binary':
        return this.#binary(expr);
      case 'range':
        return this.#range(expr);
      case 'tuple':
        return this.#tuple(expr);
      case 'list':
        return this.#loosely(() =>
          this.list(
            '[',
            expr.elements.map((element) => this.#element(element)),
            ']',
            expr.span.end,
          ),
        );
      case 'repeat':
        return this.#loosely(() => concat('[', this.expression(expr.value), '; ', this.expression(expr.count), ']'));
      case 'comprehension':
        return this.#loosely(() => this.#comprehension(expr));
      case 'if':
        return this.#loosely(() => group(this.#conditional(expr)));
      case 'lambda':
        return this.#loosely(() => this.#lambda(expr));
      case 'fn-type':
        return this.#loosely(() => {
          const elements = expr.parameters.map((parameter) => this.#element(parameter));
          const end = this.comments.closingAfter(expr.parameters.at(-1)?.span.end ?? expr.span.start);
          const parameters = this.list('(', elements, ')', end);
          return concat('fn', parameters, ' -> ', this.expression(expr.result));
        });
      case 'place':
        return concat('&', this.expression(expr.place));
      case 'block':
        return this.#loosely(() => group(this.block(expr)));
      default:
        return expr satisfies never;
    }
  }

  #tightly(make: () => Layout): Layout {
    return this.#withTight(true, make);
  }

  #loosely(make: () => Layout): Layout {
    return this.#withTight(false, make);
  }

  #withTight(isTight: boolean, make: () => Layout): Layout {
    const outer = this.#isTight;
    this.#isTight = isTight;
    const layout = make();
    this.#isTight = outer;
    return layout;
  }

  // ----------------------------------------------------------------------------------------------------------- operators

  #unary({ operator, operand }: Unary): Layout {
    const sign = operator === 'not' ? 'not ' : '-';
    const isDouble = operand.kind === 'unary' && operand.operator === operator;
    return concat(sign, this.#operand(operand, isDouble ? tightest : prefixRow(operator)));
  }

  /** A row of operators of one tightness breaks before all of them, or before none. */
  #binary(expr: Binary): Layout {
    const row = infixRow(expr.operator);
    const isRight = operatorRows[row]?.associativity === 'right';
    const isLeft = operatorRows[row]?.associativity === 'left';
    const { first, rest } = isLeft ? this.#row(expr, row) : { first: expr.lhs, rest: [expr] };
    const lowest = isLeft ? row : row + 1;
    // What is open at its end would take in the operator, that of the loosest row too.
    const parts = [this.#operand(first, isOpenEnded(first) ? Math.max(1, lowest) : lowest)];
    for (const { operator, rhs } of rest) {
      const isNegativePower = isRight && rhs.kind === 'unary' && rhs.operator === '-' && !this.#parenthesised.has(rhs);
      const layout = this.#operand(rhs, isNegativePower ? prefixRow('-') : isRight ? row : row + 1);
      parts.push(this.#isTight && isTightRow(row) ? concat(operator, layout) : concat(line, `${operator} `, layout));
    }
    return group(parts[0] ?? nothing, indent(...parts.slice(1)));
  }

  /** `a + b - c`: its first operand, and the operations after it from left to right. */
  #row(expr: Binary, row: number): { readonly first: Expr; readonly rest: readonly Binary[] } {
    const rest: Binary[] = [expr];
    let first: Expr = expr.lhs;
    while (first.kind === 'binary' && infixRow(first.operator) === row && !this.#parenthesised.has(first)) {
      rest.unshift(first);
      first = first.lhs;
    }
    return { first, rest };
  }

  #range({ lower, upper, step }: Range): Layout {
    const row = infixRow('..') + 1;
    const bounds = concat(this.#operand(lower, row), '..', this.#operand(upper, row));
    return step === undefined ? bounds : concat(bounds, ' by ', this.#operand(step, row));
  }

  // ------------------------------------------------------------------------------------------------------------ brackets

  #element(expr: Expr): Element {
    return { span: expr.span, make: () => this.expression(expr) };
  }

  #tuple({ fields, span }: Expr & { readonly kind: 'tuple' }): Layout {
    const [only] = fields;
    const isSingle = fields.length === 1 && only?.name === undefined;
    const elements = fields.map(({ name, value, span }) => ({
      span,
      make: () => concat(name === undefined ? '' : `${name.text}: `, this.expression(value)),
    }));
    return this.#loosely(() => this.list('(', elements, ')', span.end, isSingle ? ',' : ''));
  }

  /** `(a, b)`, or one element a line with a comma after each. `always` stands after the last one in any case. */
  protected list(open: string, elements: readonly Element[], close: string, end: number, always = ''): Layout {
    const lines = this.#elements(elements, end);
    const dangling = this.comments.takeBefore(end);
    if (elements.length === 0 && dangling.length === 0) return text(`${open}${close}`);
    const last = elements.length === 0 ? nothing : always === '' ? ifBroken(',') : text(always);
    const parts = lines.flatMap(({ layout, trailing }, index) => {
      const comma = index === lines.length - 1 ? last : text(',');
      return [index === 0 ? softLine : line, layout, comma, ...trailing];
    });
    const rest = dangling.flatMap((comment) => [hardLine, text(comment.text)]);
    return group(open, indent(...parts, ...rest), softLine, close);
  }

  #elements(elements: readonly Element[], end: number): { layout: Layout; trailing: readonly Layout[] }[] {
    return elements.map(({ span, make }, index) => {
      const before = this.comments.takeBefore(span.start).flatMap((comment) => [text(comment.text), hardLine]);
      const layout = concat(...before, make());
      const limit = elements[index + 1]?.span.start ?? end;
      const trailing = this.comments.takeAfter(span.end, limit).map((comment) => lineComment(comment.text));
      return { layout, trailing };
    });
  }

  #comprehension({ value, pattern, sequence, condition, span }: Comprehension): Layout {
    const parts = [this.expression(value), line, 'for ', this.pattern(pattern), ' in ', this.expression(sequence)];
    if (condition !== undefined) parts.push(line, 'if ', this.expression(condition));
    const dangling = this.comments.takeBefore(span.end).flatMap((comment) => [hardLine, text(comment.text)]);
    return group('[', indent(softLine, ...parts, ...dangling), softLine, ']');
  }

  #indexItem(item: IndexItem): Element {
    return { span: item.span, make: () => this.#indexItemLayout(item) };
  }

  #indexItemLayout(item: IndexItem): Layout {
    switch (item.kind) {
      case 'at':
        return item.value.kind === 'range'
          ? concat('(', this.expression(item.value), ')')
          : this.expression(item.value);
      case 'rest':
        return text(`...${item.name?.text ?? ''}`);
      case 'new-axis':
        return text('new');
      case 'slice': {
        const { lower, upper, step } = item;
        const row = infixRow('..') + 1;
        const [from, to] = [lower, upper].map((bound) => (bound === undefined ? nothing : this.#operand(bound, row)));
        const bounds =
          lower === undefined && upper === undefined ? text(':') : concat(from ?? nothing, '..', to ?? nothing);
        return step === undefined ? bounds : concat(bounds, ' by ', this.#operand(step, row));
      }
      default:
        return item satisfies never;
    }
  }

  // --------------------------------------------------------------------------------------------------- calls and lambdas

  /** When the last argument has an inside of its own, the others stay beside the name where they can. */
  #call(call: Call): Layout {
    const callee = this.#postfixOperand(call.callee);
    return this.#loosely(() => {
      const last = call.arguments.at(-1);
      const elements = call.arguments.map((argument) => ({
        span: argument.span,
        make: () => this.#argument(argument),
      }));
      const isInside =
        last !== undefined && (call.arguments.length === 1 ? hasInside(last.value) : hasOwnLines(last.value));
      const isHugged = isInside && !this.comments.has(call.callee.span.end, last.span.start);
      if (!isHugged || this.comments.has(last.span.end, call.span.end))
        return concat(callee, this.list('(', elements, ')', call.span.end));
      const layouts = elements.map(({ make }) => make());
      const others = layouts.slice(0, -1);
      const hugged = concat(
        '(',
        join(text(', '), [...others.map((layout) => group(layout)), layouts.at(-1) ?? nothing]),
        ')',
      );
      const separated = join(concat(',', line), layouts);
      const expanded = group('(', indent(softLine, separated, ifBroken(',')), softLine, ')');
      return concat(callee, others.some(({ hard }) => hard) ? expanded : choice(hugged, expanded));
    });
  }

  #argument({ name, value }: Argument): Layout {
    return concat(name === undefined ? '' : `${name.text}: `, this.expression(value));
  }

  #lambda({ parameters, result, body, span }: Lambda): Layout {
    const head = concat(
      'fn',
      this.parameters(parameters, span.start),
      result === undefined ? '' : concat(' -> ', this.expression(result)),
    );
    if (body.kind === 'block') return concat(head, ' ', group(this.block(body)));
    return concat(head, ' = ', this.expression(body));
  }

  /** `from` is a byte after which the list starts, with nothing in parentheses between. */
  protected parameters(parameters: readonly Parameter[], from: number): Layout {
    const elements = parameters.map((parameter) => ({ span: parameter.span, make: () => this.#parameter(parameter) }));
    return this.list('(', elements, ')', this.comments.closingAfter(parameters.at(-1)?.span.end ?? from));
  }

  #parameter({ mode, pattern, type, defaultValue }: Parameter): Layout {
    return concat(
      mode === 'value' ? '' : `${mode} `,
      this.pattern(pattern),
      type === undefined ? '' : concat(': ', this.expression(type)),
      defaultValue === undefined ? '' : concat(' = ', this.expression(defaultValue)),
    );
  }

  protected pattern(pattern: Pattern): Layout {
    switch (pattern.kind) {
      case 'bind':
        return text(pattern.name.text);
      case 'wildcard':
        return text('_');
      case 'error':
        return text(this.source(pattern.span));
      case 'tuple-pattern': {
        const { elements } = pattern;
        const only = elements.length === 1 ? ',' : '';
        return concat(
          '(',
          join(
            text(', '),
            elements.map((element) => this.pattern(element)),
          ),
          `${only})`,
        );
      }
      default:
        return pattern satisfies never;
    }
  }

  /** The branches break together. */
  #conditional({ condition, then, otherwise }: If): Layout {
    const head = concat('if ', this.head(condition), ' ', this.block(then));
    if (otherwise === undefined) return head;
    return concat(head, ' else ', otherwise.kind === 'if' ? this.#conditional(otherwise) : this.block(otherwise));
  }

  /** What stands before a block: itself no block. */
  protected head(expr: Expr): Layout {
    return expr.kind === 'block' ? concat('(', this.expression(expr), ')') : this.expression(expr);
  }
}

/** The row of an operator expression; undefined for what has no operator outside of brackets. */
function rowOf(expr: Expr): number | undefined {
  if (expr.kind === 'unary') return prefixRow(expr.operator);
  if (expr.kind === 'binary') return infixRow(expr.operator);
  return expr.kind === 'range' ? infixRow('..') : undefined;
}

/** Expressions that would take in what follows them, or that are hard to see in a row. */
function isOpenEnded(expr: Expr): boolean {
  return (
    expr.kind === 'lambda' ||
    expr.kind === 'if' ||
    expr.kind === 'fn-type' ||
    expr.kind === 'block' ||
    expr.kind === 'place'
  );
}

function isTightRow(row: number): boolean {
  return row === infixRow('*') || row === infixRow('**');
}

/** Expressions that are worth lines of their own as the last argument of several. */
function hasOwnLines(expr: Expr): boolean {
  return expr.kind === 'lambda'
    ? hasInside(expr)
    : expr.kind === 'list' || expr.kind === 'tuple' || expr.kind === 'comprehension';
}

const bracketed: ReadonlySet<Expr['kind']> = new Set(['tuple', 'list', 'comprehension', 'block', 'call']);

/** Expressions with brackets at their end, which can be broken there. */
export function hasInside(expr: Expr): boolean {
  if (expr.kind === 'lambda') return expr.body.kind === 'block' || hasInside(expr.body);
  return bracketed.has(expr.kind);
}
