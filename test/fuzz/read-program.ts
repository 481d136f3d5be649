/** Programs from their text. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { verify } from '../../ir/verifier.ts';

export function readModule(text: string): Operation {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('random.mlir', text), sink);
  if (parsed !== undefined) verify(parsed.root, sink);
  const [first] = sink.all.filter(({ severity }) => severity === 'error');
  if (parsed === undefined || first !== undefined) throw new Error(`the program is not valid: ${first?.message ?? ''}`);
  return parsed.root;
}

export function mainOf(module: Operation): Operation {
  const main = new SymbolTable(module).lookup('main');
  if (main === undefined) throw new Error('there is no @main');
  return main;
}
