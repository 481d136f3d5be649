/**
 * Text that may be broken into lines, after Wadler ("A prettier printer", 2003): a group is set on one line when it fits, and else
 * broken at all of its own `line`s.
 */

/** What can be laid out. `hard` says that it contains a line break that must be. */
export type Layout =
  | { readonly kind: 'text'; readonly text: string; readonly hard: false }
  | { readonly kind: 'concat'; readonly parts: readonly Layout[]; readonly hard: boolean }
  | { readonly kind: 'indent'; readonly inner: Layout; readonly hard: boolean }
  | { readonly kind: 'group'; readonly inner: Layout; readonly hard: boolean }
  /** `flat` is what stands there on one line: a blank or nothing; undefined is a line break in any case. */
  | { readonly kind: 'line'; readonly flat: string | undefined; readonly hard: boolean }
  /** An empty line, before a `line`. */
  | { readonly kind: 'blank-line'; readonly hard: true }
  /** Text where the group around it is broken. */
  | { readonly kind: 'if-broken'; readonly text: string; readonly hard: false }
  /** A comment up to the end of the line, set after all else of the line. */
  | { readonly kind: 'line-comment'; readonly text: string; readonly hard: true }
  /** The first when all of it up to its first hard break fits on the line, else the second. */
  | { readonly kind: 'choice'; readonly first: Layout; readonly second: Layout; readonly hard: boolean }
  /** What follows `=`: on the same line, or else indented on the next, or else begun on the same line when `hugs`. */
  | { readonly kind: 'value'; readonly inner: Layout; readonly hugs: boolean; readonly hard: boolean };

export function text(content: string): Layout {
  return { kind: 'text', text: content, hard: false };
}

export function concat(...parts: readonly (Layout | string)[]): Layout {
  const layouts = parts.map((part) => (typeof part === 'string' ? text(part) : part));
  return { kind: 'concat', parts: layouts, hard: layouts.some(({ hard }) => hard) };
}

export function join(separator: Layout, parts: readonly Layout[]): Layout {
  return concat(...parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}

export function indent(...parts: readonly (Layout | string)[]): Layout {
  const inner = concat(...parts);
  return { kind: 'indent', inner, hard: inner.hard };
}

export function group(...parts: readonly (Layout | string)[]): Layout {
  const inner = concat(...parts);
  return { kind: 'group', inner, hard: inner.hard };
}

/** A blank, or a line break where the group is broken. */
export const line: Layout = { kind: 'line', flat: ' ', hard: false };
/** Nothing, or a line break where the group is broken. */
export const softLine: Layout = { kind: 'line', flat: '', hard: false };
export const hardLine: Layout = { kind: 'line', flat: undefined, hard: true };
export const blankLine: Layout = { kind: 'blank-line', hard: true };
export const nothing: Layout = concat();

export function ifBroken(content: string): Layout {
  return { kind: 'if-broken', text: content, hard: false };
}

export function lineComment(content: string): Layout {
  return { kind: 'line-comment', text: content, hard: true };
}

export function choice(first: Layout, second: Layout): Layout {
  return { kind: 'choice', first, second, hard: first.hard };
}

export function value(inner: Layout, { hugs }: { readonly hugs: boolean }): Layout {
  return { kind: 'value', inner, hugs, hard: inner.hard };
}
