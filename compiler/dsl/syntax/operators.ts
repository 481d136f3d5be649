/** The operators, from loose to tight, and how a row of operands and operators becomes a tree. */
import type { BinaryOperator, Expr, UnaryOperator } from './ast.ts';
import type { Problems } from './problems.ts';
import type { Token } from './tokens.ts';

/** How an operator meets another of its row: `a - b - c` is `(a - b) - c`, `a ** b ** c` is `a ** (b ** c)`, `a < b < c` is an error. */
type Associativity = 'left' | 'right' | 'none';

export interface OperatorRow {
  readonly operators: readonly string[];
  readonly position: 'infix' | 'prefix';
  readonly associativity: Associativity;
  readonly meaning: string;
}

/** Row 0 is the loosest. */
export const operatorRows: readonly OperatorRow[] = [
  { operators: ['|>'], position: 'infix', associativity: 'left', meaning: '`x |> f(a)` is `f(x, a)`' },
  { operators: ['or'], position: 'infix', associativity: 'left', meaning: 'either condition' },
  { operators: ['and'], position: 'infix', associativity: 'left', meaning: 'both conditions' },
  { operators: ['not'], position: 'prefix', associativity: 'none', meaning: 'the opposite condition' },
  { operators: ['==', '!=', '<', '<=', '>', '>='], position: 'infix', associativity: 'none', meaning: 'comparison' },
  {
    operators: ['..', 'by'],
    position: 'infix',
    associativity: 'none',
    meaning: 'range, the upper end excluded; `0..n by 2`',
  },
  { operators: ['+', '-'], position: 'infix', associativity: 'left', meaning: 'sum, difference' },
  {
    operators: ['*', '/', '%', '@'],
    position: 'infix',
    associativity: 'left',
    meaning: 'product, quotient, rest (with the sign of the divisor), matrix product',
  },
  { operators: ['-'], position: 'prefix', associativity: 'none', meaning: 'negative' },
  { operators: ['**'], position: 'infix', associativity: 'right', meaning: 'power; the right side may be negative' },
];

function rowsOf(position: OperatorRow['position']): ReadonlyMap<string, number> {
  return new Map(
    operatorRows.flatMap((row, index) =>
      row.position === position ? row.operators.map((sign) => [sign, index] as const) : [],
    ),
  );
}

const infixRows = rowsOf('infix');
const prefixRows = rowsOf('prefix');

/** The row of an operator between operands: larger binds tighter. */
export function infixRow(operator: string): number {
  return infixRows.get(operator) ?? 0;
}

export function prefixRow(operator: UnaryOperator): number {
  return prefixRows.get(operator) ?? 0;
}

/** A member of a row as it is written: `not a + -b` is `not`, a, `+`, `-`, b. */
export type RowItem =
  | { readonly kind: 'operand'; readonly value: Expr }
  | { readonly kind: 'prefix'; readonly token: Token }
  | { readonly kind: 'infix'; readonly token: Token };

/** What the tokens count as: `&&` is read as `and`. */
function operatorOf(token: Token): string {
  return token.tokenType.LABEL ?? token.image;
}

/**
 * The tree of a row, which alternates properly. Left-associative rows are built without recursion; the others recurse at most once an
 * item, of which the parser admits few.
 */
export class RowBuilder {
  readonly #items: readonly RowItem[];
  readonly #problems: Problems;
  readonly #parenthesised: ReadonlySet<Expr>;
  #at = 0;

  constructor(items: readonly RowItem[], problems: Problems, parenthesised: ReadonlySet<Expr>) {
    this.#items = items;
    this.#problems = problems;
    this.#parenthesised = parenthesised;
  }

  build(): Expr {
    return this.#parse(0);
  }

  /** As much as binds at least as tight as `row`. */
  #parse(row: number): Expr {
    let lhs = this.#prefixed(row);
    for (;;) {
      const next = this.#items[this.#at];
      if (next?.kind !== 'infix') return lhs;
      const operator = operatorOf(next.token);
      const tightness = infixRow(operator);
      if (tightness < row) return lhs;
      this.#at++;
      const isRight = operatorRows[tightness]?.associativity === 'right';
      const rhs = this.#parse(isRight ? tightness : tightness + 1);
      lhs = this.#combine(lhs, operator, next.token, rhs);
    }
  }

  #prefixed(row: number): Expr {
    const item = this.#items[this.#at++];
    if (item === undefined || item.kind === 'infix') throw new RangeError('a row alternates operands and operators');
    if (item.kind === 'operand') return item.value;
    const { token } = item;
    const operator: UnaryOperator = operatorOf(token) === 'not' ? 'not' : '-';
    const tightness = prefixRow(operator);
    if (operator === 'not' && tightness < row) this.#reportTightNot(token);
    const operand = this.#parse(tightness);
    return { kind: 'unary', operator, operand, span: this.#problems.span(token.startOffset, operand.span.end) };
  }

  #reportTightNot({ startOffset, endOffset }: Token): void {
    const hint = 'put the whole condition in parentheses: `a == (not b)`';
    this.#problems.report('E6053', startOffset, endOffset, '`not` binds looser than the operator before it', { hint });
  }

  #combine(lhs: Expr, operator: string, token: Token, rhs: Expr): Expr {
    const span = this.#problems.span(this.#startOf(lhs), this.#endOf(rhs));
    if (operator === '..') return this.#range(lhs, token, rhs);
    if (operator === 'by') return this.#step(lhs, token, rhs);
    // What a chain would mean is not known: it is nothing that could be wrong again.
    if (operatorRows[infixRow(operator)]?.associativity === 'none' && this.#rejectChain(lhs, token, rhs)) {
      return { kind: 'error', span };
    }
    const operatorSpan = this.#problems.span(token.startOffset, token.endOffset);
    return { kind: 'binary', operator: operator as BinaryOperator, operatorSpan, lhs, rhs, span };
  }

  #startOf(value: Expr): number {
    return value.span.start;
  }

  #endOf(value: Expr): number {
    return value.span.end;
  }

  #rejectChain(lhs: Expr, token: Token, rhs: Expr): boolean {
    if (lhs.kind !== 'binary' || this.#parenthesised.has(lhs)) return false;
    if (operatorRows[infixRow(lhs.operator)]?.associativity !== 'none') return false;
    const middle = this.#textOf(lhs.rhs);
    const hint = `write \`${this.#textOf(lhs)} and ${middle} ${operatorOf(token)} ${this.#textOf(rhs)}\``;
    this.#problems.report('E6052', token.startOffset, token.endOffset, 'comparisons do not chain', { hint });
    return true;
  }

  /** As in the source, shortened where it would fill the line. */
  #textOf({ span }: Expr): string {
    const text = new TextDecoder().decode(span.source.bytes.subarray(span.start, Math.min(span.end, span.start + 64)));
    return text.includes('\n') || text.length > 32 ? '...' : text;
  }

  #range(lower: Expr, token: Token, upper: Expr): Expr {
    if (lower.kind === 'range' && !this.#parenthesised.has(lower)) {
      const hint = 'a range has two ends, and a step after `by`: `0..10 by 2`';
      this.#problems.report('E6054', token.startOffset, token.endOffset, 'ranges do not chain', { hint });
    }
    return {
      kind: 'range',
      lower,
      upper,
      step: undefined,
      span: this.#problems.span(lower.span.start, upper.span.end),
    };
  }

  #step(range: Expr, token: Token, step: Expr): Expr {
    if (range.kind === 'range' && range.step === undefined && !this.#parenthesised.has(range)) {
      return { ...range, step, span: this.#problems.span(range.span.start, step.span.end) };
    }
    const hint = 'a step follows a range: `0..10 by 2`';
    this.#problems.report('E6054', token.startOffset, token.endOffset, '`by` does not follow a range', { hint });
    return { kind: 'error', span: this.#problems.span(range.span.start, step.span.end) };
  }
}
