/** Diagnostics as plain data, for programs: what `--json` writes and what the embedding API gives. */
import type { Diagnostic, Note, Severity } from '../../ir/diagnostics/diagnostic.ts';
import type { Location } from '../../ir/location.ts';
import type { Span } from '../../ir/source.ts';
import { describeLocation } from './render.ts';

/** A place in a text that was read. Lines and columns count from 1; columns, as offsets, count bytes of UTF-8. */
export interface PlaceData {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Offsets `[start, end)` into the file. */
  readonly span: readonly [start: number, end: number];
}

export interface NoteData extends Partial<PlaceData> {
  readonly message: string;
}

export interface DiagnosticData extends Partial<PlaceData> {
  /** `E2003`: its page is in docs/errors. */
  readonly code: string;
  readonly severity: Severity;
  /** `unsupported`: the model is right, this version cannot do it. */
  readonly kind: 'user' | 'unsupported';
  readonly message: string;
  /** Where an op came from, when the text that was read says so. */
  readonly location?: string;
  readonly notes: readonly NoteData[];
  readonly hint?: string;
}

export function diagnosticData(diagnostic: Diagnostic): DiagnosticData {
  const { code, severity, kind, message, span, location, notes, hint } = diagnostic;
  return {
    code,
    severity,
    kind,
    message,
    ...placeData(span),
    ...locationData(location),
    notes: notes.map(noteData),
    ...(hint === undefined ? {} : { hint }),
  };
}

function noteData({ message, span }: Note): NoteData {
  return { message, ...placeData(span) };
}

function locationData(location: Location | undefined): { readonly location?: string } {
  return location === undefined ? {} : { location: describeLocation(location) };
}

function placeData(span: Span | undefined): PlaceData | undefined {
  if (span === undefined) return undefined;
  const { source, start, end } = span;
  const from = source.lineColumn(start);
  const to = source.lineColumn(end);
  return {
    file: source.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    span: [start, end],
  };
}
