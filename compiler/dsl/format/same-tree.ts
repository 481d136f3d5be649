/** Whether two trees say the same: equal but for places, comments and parentheses that group nothing. */

const places: ReadonlySet<string> = new Set(['span', 'head', 'operatorSpan', 'source', 'comments', 'parenthesised']);

export function isSameTree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((part, index) => isSameTree(part, b[index]))
    );
  }
  const [inA, inB] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))];
  const keys = new Set([...inA.keys(), ...inB.keys()]);
  return [...keys].every((key) => places.has(key) || isSameTree(inA.get(key), inB.get(key)));
}
