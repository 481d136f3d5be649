/** What stands left of an op: `%a =`, `%a:2 =`, `%a, %b =`. */
import type { Operation } from '../operation.ts';
import { exactInteger } from './number-literal.ts';
import { count } from './pretty-op-parser.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';
import type { ValueScope } from './value-scope.ts';

/** `%a:2`: a name for so many results. */
export interface ResultName {
  readonly name: string;
  readonly count: number;
  readonly at: ByteRange;
}

/** An op's text may not name more results than this: each is a value. */
const MAX_RESULTS = 1 << 20;

/** `%a, %b:2 =`; undefined when no name stands there. */
export function parseResultNames(tokens: TokenStream): ResultName[] | undefined {
  if (tokens.kind !== 'value') return undefined;
  const results: ResultName[] = [];
  do {
    if (tokens.kind !== 'value') throw tokens.expected('the name of a result');
    const { start, end } = tokens;
    tokens.advance();
    const size = tokens.consumeIf(':') ? parseResultCount(tokens) : 1;
    results.push({ name: tokens.text(start + 1, end), count: size, at: { start, end } });
  } while (tokens.consumeIf(','));
  tokens.expect('=');
  return results;
}

function parseResultCount(tokens: TokenStream): number {
  const { start } = tokens;
  const size = exactInteger(tokens, 'a number of results');
  if (size >= 1 && size <= MAX_RESULTS) return size;
  throw tokens.fail(
    { code: 'E1206', message: 'a name stands for at least one result, and at most 2^20' },
    { start, end: tokens.lastEnd },
  );
}

/** How many results the names stand for. */
export function namedCount(results: readonly ResultName[]): number {
  let sum = 0;
  for (const result of results) sum += result.count;
  return sum;
}

/** Marks the names as those of an op that could not be read: uses of them are not reported as well. */
export function defineUnread(scope: ValueScope, results: readonly ResultName[]): void {
  for (const { name, at } of results) scope.define(name, undefined, at);
}

/** Gives the op's results their names; reports when there are more or fewer. */
export function defineResults(
  tokens: TokenStream,
  scope: ValueScope,
  op: Operation,
  results: readonly ResultName[],
): void {
  const named = namedCount(results);
  if (named !== op.results.length) {
    tokens.report(
      {
        code: 'E1104',
        message: `${count(named, 'result')} ${named === 1 ? 'is' : 'are'} named, but ${op.name} has ${op.results.length}`,
      },
      { start: results[0]?.at.start ?? 0, end: results.at(-1)?.at.end ?? 0 },
    );
    defineUnread(scope, results);
    return;
  }
  let next = 0;
  for (const result of results) {
    const values = results.length === 1 ? op.results : op.results.slice(next, next + result.count);
    scope.define(result.name, values, result.at);
    next += result.count;
  }
}
