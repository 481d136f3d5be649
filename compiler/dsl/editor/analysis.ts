/** One look at a program for an editor: what is wrong with it, what its names mean, what the checker found them to be. */
import { type Diagnostic, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { checkProgram } from '../check-program.ts';
import { type LibraryFiles, loadProgram, type Program, type ProgramFiles, type ProgramUnit } from '../load-program.ts';
import type { Value } from '../semantics/values.ts';
import { KnownValues } from './known-values.ts';
import { ProgramNames } from './program-names.ts';
import type { EditorScope, EditorSymbol, Reference } from './symbols.ts';
import { contains } from './text-positions.ts';

/** The files that an editor has: open ones as they are in it, others as they are stored. */
export interface EditorFiles {
  readonly files: ProgramFiles;
  readonly library: LibraryFiles;
}

export interface Analysis {
  readonly path: string;
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly known: KnownValues;
  readonly names: ProgramNames;
}

/** Undefined when the file cannot be read. Files with mistakes are looked at as far as they can be read. */
export function analyse(path: string, { files, library }: EditorFiles): Analysis | undefined {
  const sink = new DiagnosticSink();
  const program = loadProgram(path, files, library, sink);
  if (program === undefined) return undefined;
  const known = new KnownValues(program.units.map(({ unit }) => unit.source));
  checkProgram(program, sink, { recorder: known });
  return { path, program, diagnostics: sink.all, known, names: new ProgramNames(program, known) };
}

export function unitOf(analysis: Analysis, path: string): ProgramUnit | undefined {
  return analysis.program.units.find(({ unit }) => unit.source.name === path);
}

/** The name at a byte of the main file. */
export function referenceAt({ names, program }: Analysis, offset: number): Reference | undefined {
  const found = names.referencesOf(program.main).filter(({ span }) => contains(span, offset));
  return found.find(({ span }) => offset < span.end) ?? found[0];
}

/** What a name was in an earlier look at the file, when it could be read. */
export function lastValue(name: string, last: Analysis | undefined): Value | undefined {
  if (last === undefined) return undefined;
  for (const reference of last.names.referencesOf(last.program.main)) {
    const value = reference.name === name ? last.known.valueAt(reference.span) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The names that can be seen at a byte of the main file, nearest first; of the prelude's and the compiler's own, none. */
export function visibleSymbols({ names, program }: Analysis, offset: number): readonly EditorSymbol[] {
  const { scopes } = names.fileOf(program.main);
  const [file] = scopes;
  let innermost: EditorScope | undefined = file;
  for (const scope of scopes) {
    const { span } = innermost ?? scope;
    if (contains(scope.span, offset) && scope.span.end - scope.span.start <= span.end - span.start) innermost = scope;
  }
  const found = new Map<string, EditorSymbol>();
  for (let scope = innermost; scope !== undefined; scope = scope.parent) {
    for (const symbol of scope.symbols.toReversed()) {
      if (symbol.visibleFrom <= offset && !found.has(symbol.name)) found.set(symbol.name, symbol);
    }
  }
  return [...found.values()];
}
