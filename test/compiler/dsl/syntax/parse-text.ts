/** For tests: text to tree and diagnostics, and trees without places. */
import { renderDiagnostic } from '../../../../compiler/diagnostics/render.ts';
import type { Expr, SourceUnit } from '../../../../compiler/dsl/syntax/ast.ts';
import { parseSource } from '../../../../compiler/dsl/syntax/parser.ts';
import { type Diagnostic, DiagnosticSink } from '../../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../../ir/source.ts';

export interface ParsedText {
  readonly unit: SourceUnit;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseText(text: string | Uint8Array, name = 'test.tess'): ParsedText {
  const sink = new DiagnosticSink();
  const unit = parseSource(new SourceFile(name, text), sink);
  return { unit, diagnostics: sink.all };
}

/** The tree of a text that has nothing wrong with it. */
export function parseRight(text: string, name = 'test.tess'): SourceUnit {
  const { unit, diagnostics } = parseText(text, name);
  if (diagnostics.length > 0) throw new Error(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join(''));
  return unit;
}

const places = new Set(['span', 'head', 'operatorSpan', 'source', 'comments', 'parenthesised']);

/** The tree as data, without places and comments: what has to stay the same when only the layout changes. */
export function meaning(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => {
      if (places.has(key)) return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );
}

/** An expression as fully bracketed text: `(+ a (* b c))`. */
export function parseExpression(text: string): string {
  const [item] = parseRight(`let x = ${text}`).items;
  if (item?.kind !== 'let-item') throw new Error('no expression');
  return sExpression(item.value);
}

export function sExpression(value: Expr): string {
  if (value.kind === 'int' || value.kind === 'bool') return `${value.value}`;
  if (value.kind === 'float' || value.kind === 'name') return value.text;
  if (value.kind === 'unary') return `(${value.operator} ${sExpression(value.operand)})`;
  if (value.kind === 'binary') return `(${value.operator} ${sExpression(value.lhs)} ${sExpression(value.rhs)})`;
  if (value.kind === 'member') return `(. ${sExpression(value.operand)} ${value.name.text})`;
  if (value.kind === 'call') {
    return `(call ${[value.callee, ...value.arguments.map((argument) => argument.value)].map(sExpression).join(' ')})`;
  }
  if (value.kind !== 'range') return JSON.stringify(meaning(value));
  const step = value.step === undefined ? '' : ` ${sExpression(value.step)}`;
  return `(.. ${sExpression(value.lower)} ${sExpression(value.upper)}${step})`;
}
