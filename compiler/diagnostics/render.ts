/**
 * Prints diagnostics for people: place, code, message, the source line with a caret, notes, a hint.
 *
 *     model.mlir:3:8: error[E2002]: stablehlo.popcnt: operand 'operand' must be tensor of integer, but is tensor<2xf32>
 *       3 |   %0 = stablehlo.popcnt %arg0 : tensor<2xf32>
 *         |        ^~~~~~~~~~~~~~~~
 *       hint: ...
 */
import type { Diagnostic, Note, Severity } from '../../ir/diagnostics/diagnostic.ts';
import type { Location } from '../../ir/location.ts';
import type { Span } from '../../ir/source.ts';

/** Paints parts of a message; the identity where colour is off. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly dim: (text: string) => string;
}

const plain = (text: string): string => text;
export const noColours: Palette = { bold: plain, red: plain, yellow: plain, cyan: plain, dim: plain };

/** Longest piece of a source line that is shown, in characters. */
const maxLineLength = 160;

export function renderDiagnostic(diagnostic: Diagnostic, palette: Palette = noColours): string {
  const place = describePlace(diagnostic.span, diagnostic.location);
  const kind = diagnostic.kind === 'unsupported' ? 'unsupported' : diagnostic.severity;
  const label = paintSeverity(diagnostic.severity, palette)(`${kind}[${diagnostic.code}]:`);
  const lines = [`${place === '' ? '' : `${palette.bold(`${place}:`)} `}${label} ${printable(diagnostic.message)}`];
  if (diagnostic.span !== undefined) lines.push(...excerpt(diagnostic.span, palette));
  const origin = describeOrigin(diagnostic);
  if (origin !== '') lines.push(`  ${palette.cyan('note:')} it comes from ${origin}`);
  for (const note of diagnostic.notes) lines.push(...renderNote(note, palette));
  if (diagnostic.hint !== undefined) lines.push(`  ${palette.cyan('hint:')} ${printable(diagnostic.hint)}`);
  return `${lines.join('\n')}\n`;
}

/** All of them, then `2 errors, 1 warning`; the empty string for none. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  palette: Palette = noColours,
  errorCount = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length,
): string {
  const shown = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, palette)).join('');
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length;
  const counts = [plural(errorCount, 'error'), plural(warnings, 'warning')].filter((text) => text !== '');
  const shownErrors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const hidden = errorCount > shownErrors ? ` (the first ${shownErrors} are shown)` : '';
  return counts.length === 0 ? shown : `${shown}${counts.join(', ')}${hidden}\n`;
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function paintSeverity(severity: Severity, palette: Palette): (text: string) => string {
  switch (severity) {
    case 'error':
      return palette.red;
    case 'warning':
      return palette.yellow;
    case 'remark':
      return palette.cyan;
    default:
      return severity satisfies never;
  }
}

function renderNote(note: Note, palette: Palette): string[] {
  const place = describePlace(note.span, note.location);
  const lines = [`  ${palette.cyan('note:')} ${place === '' ? '' : `${place}: `}${printable(note.message)}`];
  if (note.span !== undefined) lines.push(...excerpt(note.span, palette));
  return lines;
}

/** `file:line:col` of the text when it is known, else of the location. */
function describePlace(span: Span | undefined, location: Location | undefined): string {
  if (span !== undefined) {
    const { line, column } = span.source.lineColumn(span.start);
    return `${span.source.name}:${line}:${column}`;
  }
  return location === undefined ? '' : describeLocation(location);
}

/** The location, where it says more than the place in the text does. */
function describeOrigin({ span, location }: Diagnostic): string {
  if (span === undefined || location === undefined) return '';
  const text = describeLocation(location);
  const { line, column } = span.source.lineColumn(span.start);
  return text === '' || text === `${span.source.name}:${line}:${column}` ? '' : text;
}

export function describeLocation(location: Location): string {
  switch (location.kind) {
    case 'unknown':
      return '';
    case 'file':
      return `${location.file}:${location.line}:${location.column}`;
    case 'file-range':
      return `${location.file}:${location.line}:${location.column}`;
    case 'name': {
      const child = describeLocation(location.child);
      return child === '' ? `"${location.name}"` : `"${location.name}" (${child})`;
    }
    case 'call-site':
      return `${describeLocation(location.callee)}, called from ${describeLocation(location.caller)}`;
    case 'fused':
      return location.locations
        .map(describeLocation)
        .filter((text) => text !== '')
        .join(', ');
    default:
      return location satisfies never;
  }
}

/** The first line of the span with the span underlined. Columns count bytes; the caret is set by characters. */
function excerpt({ source, start, end }: Span, palette: Palette): string[] {
  const { line, column } = source.lineColumn(start);
  const text = source.lineText(line);
  const lineStart = start - (column - 1);
  const before = decode(source.bytes.subarray(lineStart, start));
  const marked = decode(source.bytes.subarray(start, Math.min(end, lineStart + 4096))).split('\n', 1)[0] ?? '';
  const from = before.length > maxLineLength - 40 ? before.length - 40 : 0;
  const shown = `${from > 0 ? '...' : ''}${text.slice(from, from + maxLineLength)}${text.length > from + maxLineLength ? '...' : ''}`;
  const pad = expandToBlanks(before.slice(from)) + (from > 0 ? '   ' : '');
  const room = Math.max(1, shown.length - pad.length);
  const underline = `^${'~'.repeat(Math.max(0, Math.min(marked.trimEnd().length, room) - 1))}`;
  const gutter = `${line}`;
  return [
    `  ${palette.dim(`${gutter} |`)} ${printable(shown.replaceAll('\t', ' '))}`,
    `  ${palette.dim(`${' '.repeat(gutter.length)} |`)} ${pad}${palette.red(underline)}`,
  ];
}

/** Control characters would move the cursor, or worse: a text that is no text shows them as �. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\ufffd');
}

function expandToBlanks(text: string): string {
  return text.replaceAll(/./gsu, ' ');
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
