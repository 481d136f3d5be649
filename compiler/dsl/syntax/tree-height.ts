/** How deep expressions are nested, counted without recursion: whatever walks a tree later may then recurse. */
import type { Span } from '../../../ir/source.ts';
import { maxHeight } from './brackets.ts';

interface Place {
  readonly node: object;
  readonly height: number;
}

/** The kinds that do not count: each stands for a pair of brackets or a line, which others count. */
const weightless: ReadonlySet<unknown> = new Set([
  undefined,
  'block',
  'expr',
  'let',
  'var',
  'assign',
  'bind',
  'at',
  'fn',
]);

/** Not a place: it holds the whole text. */
function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('source' in value && 'start' in value);
}

/** The first expression found that lies more than `maxHeight` levels below its declaration. */
export function findTooDeep(declarations: readonly object[]): Span | undefined {
  const pending: Place[] = declarations.map((node) => ({ node, height: 0 }));
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { node } = place;
    const counts = 'kind' in node && !weightless.has(node.kind);
    const height = place.height + (counts ? 1 : 0);
    if (height > maxHeight + 1 && 'span' in node) return node.span as Span;
    for (const value of Object.values(node)) if (isPart(value)) pending.push({ node: value, height });
  }
  return undefined;
}
