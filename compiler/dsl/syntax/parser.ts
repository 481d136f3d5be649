/** `.tess` text to its syntax tree. */
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../../ir/source.ts';
import type { SourceUnit } from './ast.ts';

/** Always gives a tree: what cannot be read is reported to the sink and stands in the tree as `error` nodes. */
export function parseSource(source: SourceFile, sink: DiagnosticSink): SourceUnit {
  void sink;
  const span = { source, start: source.start, end: source.end };
  return { source, span, doc: undefined, uses: [], items: [], comments: [] };
}
