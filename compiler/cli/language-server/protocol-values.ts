/** What the editor's questions are answered with, in the protocol's terms. */
import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Location,
  type MarkupContent,
  SymbolKind,
} from 'vscode-languageserver';
import type { Span } from '../../../ir/source.ts';
import type { Completion, CompletionKind } from '../../dsl/editor/completion.ts';
import type { Description } from '../../dsl/editor/describe.ts';
import type { EditorDiagnostic } from '../../dsl/editor/editor-diagnostics.ts';
import type { OutlineEntry } from '../../dsl/editor/outline.ts';
import { rangeOf } from '../../dsl/editor/text-positions.ts';

export type UriOf = (path: string) => string;

export function locationOf(span: Span, uriOf: UriOf): Location {
  return { uri: uriOf(span.source.name), range: rangeOf(span) };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  remark: DiagnosticSeverity.Information,
} as const satisfies Record<EditorDiagnostic['severity'], DiagnosticSeverity>;

export function diagnosticOf({ span, severity, code, message, related }: EditorDiagnostic, uriOf: UriOf): Diagnostic {
  return {
    range: rangeOf(span),
    severity: severities[severity],
    code,
    source: 'tessera',
    message,
    relatedInformation: related.map((note) => ({ message: note.message, location: locationOf(note.span, uriOf) })),
  };
}

export function markdownOf({ code, doc }: Description): MarkupContent {
  return { kind: 'markdown', value: `\`\`\`tess\n${code}\n\`\`\`${doc === undefined ? '' : `\n\n${doc}`}` };
}

const completionKinds = {
  function: CompletionItemKind.Function,
  builtin: CompletionItemKind.Function,
  model: CompletionItemKind.Class,
  type: CompletionItemKind.Struct,
  dtype: CompletionItemKind.Struct,
  constant: CompletionItemKind.Constant,
  param: CompletionItemKind.Field,
  state: CompletionItemKind.Field,
  field: CompletionItemKind.Field,
  'sub-model': CompletionItemKind.Field,
  parameter: CompletionItemKind.Variable,
  local: CompletionItemKind.Variable,
  binder: CompletionItemKind.TypeParameter,
  module: CompletionItemKind.Module,
  argument: CompletionItemKind.Property,
  keyword: CompletionItemKind.Keyword,
} as const satisfies Record<CompletionKind, CompletionItemKind>;

/** Arguments first, then what the file declares, then what is always there. */
const ranks: Partial<Record<CompletionKind, string>> = { argument: '0', builtin: '2', dtype: '3', keyword: '4' };

export function completionItemOf({ label, kind, detail, doc, insert }: Completion): CompletionItem {
  return {
    label,
    kind: completionKinds[kind],
    sortText: `${ranks[kind] ?? '1'}${label}`,
    ...(detail === undefined ? {} : { detail }),
    ...(doc === undefined ? {} : { documentation: { kind: 'markdown', value: doc } }),
    ...(insert === undefined ? {} : { insertText: insert }),
  };
}

const symbolKinds = {
  fn: SymbolKind.Function,
  model: SymbolKind.Class,
  type: SymbolKind.Struct,
  'let-item': SymbolKind.Constant,
  test: SymbolKind.Event,
  'export-binding': SymbolKind.Function,
  param: SymbolKind.Field,
  state: SymbolKind.Field,
  'sub-model': SymbolKind.Object,
} as const satisfies Record<OutlineEntry['kind'], SymbolKind>;

export function documentSymbolOf({ name, kind, detail, span, nameSpan, children }: OutlineEntry): DocumentSymbol {
  return {
    name,
    kind: symbolKinds[kind],
    range: rangeOf(span),
    selectionRange: rangeOf(nameSpan),
    children: children.map(documentSymbolOf),
    ...(detail === undefined ? {} : { detail }),
  };
}
