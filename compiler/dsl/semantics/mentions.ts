/** Whether an expression speaks of a name, wherever it stands in it. */
import type { Expr } from '../syntax/ast.ts';

export function mentions(expr: Expr, name: string): boolean {
  return occurs(expr, name);
}

/** Nodes are plain objects; sources and spans are not looked into. */
function occurs(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((child) => occurs(child, name));
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'name' && 'text' in node) return node.text === name;
  if ('kind' in node && node.kind === 'rest' && 'name' in node && isIdentifier(node.name))
    return node.name.text === name;
  return Object.entries(node).some(([key, child]) => key !== 'span' && key !== 'source' && occurs(child, name));
}

function isIdentifier(node: unknown): node is { readonly text: unknown } {
  return typeof node === 'object' && node !== null && 'text' in node;
}
