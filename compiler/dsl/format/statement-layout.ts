/** Statements and blocks as layouts. */
import type { Block, Expr, Statement } from '../syntax/ast.ts';
import type { Span } from '../../../ir/source.ts';
import { ExpressionLayout, hasInside } from './expression-layout.ts';
import { blankLine, concat, group, hardLine, indent, type Layout, line, lineComment, text, value } from './layout.ts';

/** A part of a list of lines: a statement, a member, an item. */
export interface LinePart {
  readonly span: Span;
  readonly make: () => Layout;
}

export abstract class StatementLayout extends ExpressionLayout {
  /** `{ x }` stays on its line when it was written so and has one statement; else each statement has a line. */
  protected override block({ statements, span }: Block): Layout {
    const parts = statements.map((statement) => ({ span: statement.span, make: () => this.#statement(statement) }));
    const [only] = parts;
    const hasComments = this.comments.has(span.start, span.end);
    if (only === undefined && !hasComments) return text('{}');
    const isShort = parts.length === 1 && !hasComments && this.comments.isOneLine(span.start, span.end);
    if (only !== undefined && isShort) return concat('{', indent(line, only.make()), line, '}');
    return this.braced(parts, span);
  }

  /** `{`, a line each, `}`. */
  protected braced(parts: readonly LinePart[], span: Span): Layout {
    const open = this.openingBrace(parts, span);
    const after = this.comments.takeAfter(open + 1, parts[0]?.span.start ?? span.end - 1);
    const lines = this.lines(parts, span.end - 1);
    if (lines.length === 0)
      return concat('{', ...after.map((comment) => lineComment(comment.text)), after.length > 0 ? hardLine : '', '}');
    return concat('{', ...after.map((comment) => lineComment(comment.text)), indent(hardLine, ...lines), hardLine, '}');
  }

  /** Where the brace is; the members of a model have no span of their own. */
  protected openingBrace(_parts: readonly LinePart[], span: Span): number {
    return span.start;
  }

  /** The parts with their comments, blank lines kept as one. `end` is where what holds them ends. */
  protected lines(parts: readonly LinePart[], end: number): readonly Layout[] {
    const lines: Layout[] = [];
    const add = (layout: Layout, start: number): void => {
      if (lines.length > 0) lines.push(...(this.comments.hasBlankLineBefore(start) ? [blankLine] : []), hardLine);
      lines.push(layout);
    };
    for (const [index, { span, make }] of parts.entries()) {
      for (const comment of this.comments.takeBefore(span.start)) add(text(comment.text), comment.span.start);
      const layout = make();
      const trailing = this.comments.takeAfter(span.end, parts[index + 1]?.span.start ?? end);
      add(concat(layout, ...trailing.map((comment) => lineComment(comment.text))), span.start);
    }
    for (const comment of this.comments.takeBefore(end)) add(text(comment.text), comment.span.start);
    return lines;
  }

  #statement(statement: Statement): Layout {
    switch (statement.kind) {
      case 'let':
      case 'var': {
        const { kind, pattern, type } = statement;
        return concat(`${kind} `, this.pattern(pattern), this.typed(type), ' =', this.value(statement.value));
      }
      case 'assign':
        return concat(this.expression(statement.target), ' :=', this.value(statement.value));
      case 'for': {
        const { pattern, sequence, body } = statement;
        return group('for ', this.pattern(pattern), ' in ', this.head(sequence), ' ', this.block(body));
      }
      case 'while':
        return group('while ', this.head(statement.condition), ' ', this.block(statement.body));
      case 'expr':
        return this.expression(statement.value);
      case 'error':
        return text(this.source(statement.span));
      default:
        return statement satisfies never;
    }
  }

  protected typed(type: Expr | undefined): Layout {
    return type === undefined ? text('') : concat(': ', this.expression(type));
  }

  /** What stands after `=`. */
  protected value(expr: Expr): Layout {
    return value(this.expression(expr), { hugs: hasInside(expr) || expr.kind === 'if' || expr.kind === 'index' });
  }
}
