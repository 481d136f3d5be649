/** Text to a verified module: what every command does first. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import type { SourceFile } from '../../ir/source.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { verify } from '../../ir/verifier.ts';

/** The `builtin.module`, or undefined when the text or the module is wrong; all that is wrong is in the sink. */
export function loadModule(source: SourceFile, sink: DiagnosticSink): Operation | undefined {
  const parsed = parseModule(source, sink);
  if (parsed === undefined) return undefined;
  // What could be read is verified even where some could not, so that one run shows both kinds of mistake.
  verify(parsed.root, sink, parsed.unread);
  return sink.hasErrors ? undefined : parsed.root;
}
