import type { Attribute } from '../../../ir/attributes.ts';
import { type Diagnostic, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../../ir/operation.ts';
import { SourceFile } from '../../../ir/source.ts';
import { parseAttribute, parseModule, parseType } from '../../../ir/text/parser.ts';
import type { Type } from '../../../ir/types.ts';

/** `2:5 E1201 '%b' is not defined`, and the hint after a semicolon. */
export function describeDiagnostic({ span, code, message, hint }: Diagnostic): string {
  const place = span?.source.lineColumn(span.start);
  return `${place?.line}:${place?.column} ${code} ${message}${hint === undefined ? '' : `; ${hint}`}`;
}

function read<T>(text: string | Uint8Array, parse: (source: SourceFile, sink: DiagnosticSink) => T): T {
  const sink = new DiagnosticSink();
  const value = parse(new SourceFile('test.mlir', text), sink);
  if (sink.all.length > 0) throw new Error(sink.all.map(describeDiagnostic).join('\n'));
  return value;
}

/** The root of a text without mistakes. */
export function readModule(text: string | Uint8Array): Operation {
  const parsed = read(text, parseModule);
  if (parsed === undefined) throw new Error('no module');
  return parsed.root;
}

export function readType(text: string): Type {
  const type = read(text, parseType);
  if (type === undefined) throw new Error('no type');
  return type;
}

export function readAttribute(text: string): Attribute {
  const attribute = read(text, parseAttribute);
  if (attribute === undefined) throw new Error('no attribute');
  return attribute;
}

function errors(text: string | Uint8Array, parse: (source: SourceFile, sink: DiagnosticSink) => unknown): string[] {
  const sink = new DiagnosticSink();
  parse(new SourceFile('test.mlir', text), sink);
  return sink.all.map(describeDiagnostic);
}

export function moduleErrors(text: string | Uint8Array): string[] {
  return errors(text, parseModule);
}

export function typeErrors(text: string): string[] {
  return errors(text, parseType);
}

export function attributeErrors(text: string): string[] {
  return errors(text, parseAttribute);
}

/** All ops below the root, in order. */
export function operationsOf(root: Operation): Operation[] {
  const operations: Operation[] = [];
  root.walk((op) => {
    if (op !== root) operations.push(op);
  });
  return operations;
}
