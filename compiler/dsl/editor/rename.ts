/**
 * A name given another, in all files where it is meant. What the change does is looked at before it is offered: the files are resolved
 * again as they would be, and every name in them must still mean what it did.
 */
import { SourceFile, type Span } from '../../../ir/source.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { loadProgram } from '../load-program.ts';
import { reservedWords } from '../syntax/tokens.ts';
import { analyse, type Analysis, type EditorFiles, referenceAt, unitOf } from './analysis.ts';
import type { EditorSymbol, Reference } from './symbols.ts';
import { textOf } from './text-positions.ts';

export type Renaming =
  /** Path -> the places that get the new name. */
  | { readonly kind: 'edits'; readonly edits: ReadonlyMap<string, readonly Span[]> }
  | { readonly kind: 'refused'; readonly reason: string };

/** The name at a byte, when it may be renamed; else why not. */
export function renamable(
  analysis: Analysis,
  offset: number,
):
  | { readonly kind: 'name'; readonly span: Span; readonly symbol: EditorSymbol }
  | Extract<Renaming, { kind: 'refused' }> {
  const reference = referenceAt(analysis, offset);
  if (reference === undefined) return refuse('there is no name here');
  const { symbol, name, span } = reference;
  if (symbol === undefined) {
    const what =
      reference.kind === 'member'
        ? 'the field of a record, which its type names too,'
        : 'no declaration of this program';
    return refuse(`\`${name}\` is ${what} and cannot be renamed`);
  }
  if (symbol.unit.isLibrary) return refuse(`\`${name}\` belongs to the library`);
  if (symbol.kind === 'module' && textOf(symbol.span) !== symbol.name) {
    return refuse(`\`${name}\` is named after its file: write \`use ... as\` another name`);
  }
  if (textOf(span) !== symbol.name) return refuse(`\`${textOf(span)}\` is not the name of anything`);
  if (symbol.kind === 'module' && symbol.module?.isLibrary === true && !isAlias(analysis, symbol)) {
    return refuse(`\`${name}\` belongs to the library: write \`use ... as\` another name`);
  }
  return { kind: 'name', span, symbol };
}

/** `paths`: all files that may use the one at `path`. */
export function renameAt(
  path: string,
  offset: number,
  newName: string,
  editor: EditorFiles,
  paths: readonly string[],
): Renaming {
  const analysis = analyse(path, editor);
  if (analysis === undefined) return refuse('the file cannot be read');
  const found = renamable(analysis, offset);
  if (found.kind === 'refused') return found;
  const { symbol } = found;
  if (!/^[A-Za-z_]\w*$/.test(newName) || newName === '_') return refuse(`\`${newName}\` is not a name`);
  if (reservedWords.has(newName)) return refuse(`\`${newName}\` is a word of the language`);
  if (newName === symbol.name) return { kind: 'edits', edits: new Map() };
  const analyses = programsWith(symbol, analysis, editor, paths);
  for (const each of analyses) {
    const doubt = doubtful(each, symbol);
    if (doubt !== undefined) return refuse(doubt);
  }
  const edits = editsFor(analyses, symbol);
  return breaks(analyses, edits, newName, editor) ?? { kind: 'edits', edits };
}

function refuse(reason: string): Extract<Renaming, { kind: 'refused' }> {
  return { kind: 'refused', reason };
}

function isAlias({ program }: Analysis, { span }: EditorSymbol): boolean {
  return program.units.some(({ unit }) => unit.uses.some(({ alias }) => alias?.span === span));
}

/** The programs that may mean the symbol: its own file's, and those that read that file. */
function programsWith(
  symbol: EditorSymbol,
  own: Analysis,
  editor: EditorFiles,
  paths: readonly string[],
): readonly Analysis[] {
  if (symbol.kind === 'local' || symbol.kind === 'binder') return [own];
  const file = symbol.span.source.name;
  const others = [...new Set([file, ...paths])].filter((path) => path !== own.path && reads(path, file, editor));
  return [own, ...others.flatMap((path) => analyse(path, editor) ?? [])];
}

function reads(path: string, file: string, { files, library }: EditorFiles): boolean {
  const program = loadProgram(path, files, library, new DiagnosticSink());
  return program?.units.some(({ unit }) => unit.source.name === file) === true;
}

function isSame(a: EditorSymbol | undefined, b: EditorSymbol): boolean {
  return a !== undefined && a.span.source.name === b.span.source.name && a.span.start === b.span.start;
}

/** A use that cannot be told apart from one of the symbol: in functions that are never called, and in trees of parameters. */
function doubtful({ program, names, known }: Analysis, symbol: EditorSymbol): string | undefined {
  for (const unit of program.units) {
    for (const reference of names.referencesOf(unit)) {
      if (reference.name !== symbol.name || reference.symbol !== undefined) continue;
      const isDoubtful =
        reference.kind === 'member'
          ? mayMean(symbol, known.valueAt(reference.operand.span)?.kind)
          : reference.kind === 'argument' &&
            symbol.kind === 'parameter' &&
            names.calleeOf(reference.call) === undefined;
      if (isDoubtful) return `${placeText(reference)}: it is not known whether this \`${symbol.name}\` is the same`;
    }
  }
  return undefined;
}

const memberKinds: ReadonlySet<EditorSymbol['kind']> = new Set(['param', 'state', 'sub-model', 'function', 'constant']);

function mayMean({ kind }: EditorSymbol, operand: string | undefined): boolean {
  if (!memberKinds.has(kind)) return false;
  return (
    operand === undefined ||
    operand === 'unknown' ||
    (operand === 'tuple' && kind !== 'function' && kind !== 'constant')
  );
}

function placeText({ span }: Reference): string {
  return `${span.source.name}:${span.source.lineColumn(span.start).line}`;
}

function editsFor(analyses: readonly Analysis[], symbol: EditorSymbol): ReadonlyMap<string, readonly Span[]> {
  const edits = new Map<string, Map<number, Span>>();
  for (const { program, names } of analyses) {
    for (const unit of program.units) {
      for (const { span, symbol: meant } of names.referencesOf(unit)) {
        if (!isSame(meant, symbol) || textOf(span) !== symbol.name) continue;
        const path = span.source.name;
        const places = edits.get(path) ?? new Map<number, Span>();
        edits.set(path, places.set(span.start, span));
      }
    }
  }
  return new Map(
    [...edits].map(([path, places]) => [path, [...places.values()].toSorted((a, b) => a.start - b.start)]),
  );
}

// ------------------------------------------------------------------------------------------------------ looking again

/** Why the change would do more than rename; undefined when it would not. */
function breaks(
  analyses: readonly Analysis[],
  edits: ReadonlyMap<string, readonly Span[]>,
  newName: string,
  editor: EditorFiles,
): Extract<Renaming, { kind: 'refused' }> | undefined {
  const changed = new Map<string, SourceFile>();
  for (const [path, spans] of edits) {
    const [first] = spans;
    if (first !== undefined) changed.set(path, new SourceFile(path, edited(first.source, spans, newName)));
  }
  const files: EditorFiles['files'] = { open: (path) => changed.get(path) ?? editor.files.open(path) };
  for (const before of analyses) {
    const after = analyse(before.path, { ...editor, files });
    const error = after === undefined ? undefined : newError(before, after);
    if (error !== undefined) return refuse(`\`${newName}\` would not do: ${error}`);
    const moved = after === undefined ? undefined : differently(before, after, edits, newName);
    if (moved !== undefined) return refuse(moved);
  }
  return undefined;
}

function edited({ bytes }: SourceFile, spans: readonly Span[], newName: string): Uint8Array {
  const name = new TextEncoder().encode(newName);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(bytes.subarray(from, start), name);
    from = end;
  }
  parts.push(bytes.subarray(from));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function newError(before: Analysis, after: Analysis): string | undefined {
  const old = before.diagnostics.map(({ code }) => code);
  for (const { code, message } of after.diagnostics) {
    const at = old.indexOf(code);
    if (at === -1) return message;
    old.splice(at, 1);
  }
  return undefined;
}

/** The first name that would mean something else. */
function differently(
  before: Analysis,
  after: Analysis,
  edits: ReadonlyMap<string, readonly Span[]>,
  newName: string,
): string | undefined {
  for (const unit of before.program.units) {
    const counterpart = unitOf(after, unit.unit.source.name);
    if (counterpart === undefined) continue;
    const now = after.names.referencesOf(counterpart);
    for (const [index, reference] of before.names.referencesOf(unit).entries()) {
      if (declaredIn(now[index]?.symbol) === declaredIn(reference.symbol, edits, newName)) continue;
      return `${placeText(reference)}: with that name, \`${textOf(reference.span)}\` here would mean something else`;
    }
  }
  return undefined;
}

/** Where a symbol is declared, after the edits. */
function declaredIn(
  symbol: EditorSymbol | undefined,
  edits: ReadonlyMap<string, readonly Span[]> = new Map(),
  newName = '',
): string | undefined {
  if (symbol === undefined) return undefined;
  const { source, start } = symbol.span;
  const earlier = (edits.get(source.name) ?? []).filter((span) => span.start < start);
  const moved = earlier.reduce((sum, span) => sum + newName.length - (span.end - span.start), start);
  return `${source.name}:${moved}`;
}
