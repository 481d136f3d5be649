/** Everything Tessera does with a program before it is compiled, on text that may be anything. */
import { checkProgram } from '../../compiler/dsl/check-program.ts';
import { elaborateProgram } from '../../compiler/dsl/elaborate.ts';
import { loadProgram, type LibraryFiles } from '../../compiler/dsl/load-program.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../ir/source.ts';

export type ProgramOutcome = 'unread' | 'mistaken' | 'checked' | 'elaborated';

const name = 'hostile.tess';

/** Reads, checks and elaborates with small sizes. Whatever is thrown is a bug. */
export function processProgram(bytes: Uint8Array, library: LibraryFiles): ProgramOutcome {
  const sink = new DiagnosticSink();
  const open = (path: string): SourceFile => {
    if (path !== name) throw new DiagnosticError({ code: 'E5013', message: `${path}: no such file` });
    return new SourceFile(path, bytes);
  };
  const program = loadProgram(name, { open }, library, sink);
  if (program === undefined) return 'unread';
  const isRead = !sink.hasErrors;
  checkProgram(program, sink);
  if (sink.hasErrors) return isRead ? 'mistaken' : 'unread';
  const dims = new Map([...sizesOf(program.main.unit.items)].map((size, index) => [size, 2 + index]));
  return elaborateProgram(program, { dims, settings: new Map() }, sink) === undefined ? 'checked' : 'elaborated';
}

/** The sizes that its functions are open in. */
function sizesOf(items: readonly object[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (item: object): void => {
    if ('binders' in item && Array.isArray(item.binders)) {
      for (const { name } of item.binders as readonly { readonly name: { readonly text: string } }[])
        found.add(name.text);
    }
    if ('members' in item && Array.isArray(item.members))
      for (const member of item.members as readonly object[]) visit(member);
  };
  for (const item of items) visit(item);
  return found;
}
