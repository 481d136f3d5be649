/** Mistakes as an editor shows them: by file, each at a place of the user's own. */
import type { Diagnostic } from '../../../ir/diagnostics/diagnostic.ts';
import type { Span } from '../../../ir/source.ts';
import type { Analysis } from './analysis.ts';

export interface EditorDiagnostic {
  readonly span: Span;
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  /** With the hint and the notes that have no place. */
  readonly message: string;
  readonly related: readonly { readonly message: string; readonly span: Span }[];
}

/** Path -> what is wrong there, of all files of the user that the program is made of. */
export function diagnosticsOf({ program, diagnostics }: Analysis): ReadonlyMap<string, readonly EditorDiagnostic[]> {
  const sources = new Set(program.units.map(({ unit }) => unit.source));
  const found = new Map<string, EditorDiagnostic[]>(program.units.map(({ unit }) => [unit.source.name, []]));
  for (const diagnostic of diagnostics) {
    const shown = show(diagnostic, (span) => sources.has(span.source), program.main.unit.span);
    found.get(shown.span.source.name)?.push(shown);
  }
  return found;
}

function show(
  { span, message, notes, hint, code, severity }: Diagnostic,
  isOwn: (span: Span) => boolean,
  main: Span,
): EditorDiagnostic {
  const places = notes.flatMap((note) => (note.span === undefined ? [] : [{ message: note.message, span: note.span }]));
  const loose = notes.flatMap((note) => (note.span === undefined ? [note.message] : []));
  // A mistake that shows inside the library is the mistake of the call that led there.
  const ways = places.filter((place) => isOwn(place.span));
  const call = ways.find((place) => place.message.endsWith('called here')) ?? ways[0];
  const own = span !== undefined && isOwn(span) ? span : call?.span;
  const inLibrary = span !== undefined && own !== span ? [{ message: 'it shows here', span }] : [];
  return {
    span: own ?? { ...main, end: main.start },
    severity,
    code,
    message: [message, ...loose, ...(hint === undefined ? [] : [`hint: ${hint}`])].join('\n'),
    related: [...inLibrary, ...places.filter((place) => place.span !== own)],
  };
}
