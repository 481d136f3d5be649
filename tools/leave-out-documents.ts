/**
 * What the bundle for browsers does without: texts that only pages and editors show. They stand beside what they describe, in the definition
 * of an op, a pass or a builtin, and in the library's files.
 *
 *     defineOp({ name: 'stablehlo.abs', summary: '...', spec: '...' })     ->     defineOp({ name: 'stablehlo.abs', })
 *     builtin('sin(x)', 'The sine.', apply)                                ->     builtin('sin(x)', '', apply)
 *     /// The library's own comments                                       ->     an empty line: numbers of lines stay
 */
import { parseSync } from 'oxc-parser';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The module's text without them; undefined for one that has none. `path` has slashes. */
export function withoutDocuments(path: string, text: string): string | undefined {
  if (path.endsWith('compiler/dsl/library-texts.ts')) return text.replaceAll(/^[ \t]*\/\/[/!].*$/gm, '');
  if (/\/compiler\/dsl\/semantics\/builtins\/[^/]+$/.test(path)) return edited(path, text, builtinTexts);
  return /\/(?:ir\/ops|passes)\//.test(path) ? edited(path, text, definitionTexts) : undefined;
}

function edited(path: string, text: string, editsOf: (node: Node, text: string) => readonly Edit[]): string {
  const edits: Edit[] = [];
  walk(parseSync(path, text).program, (node) => edits.push(...editsOf(node, text)));
  const last = edits.toSorted((a, b) => b.start - a.start);
  return last.reduce((result, { start, end, text: put }) => result.slice(0, start) + put + result.slice(end), text);
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number; readonly end: number };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) return value.forEach((each) => walk(each, visit));
  if (!isNode(value)) return;
  visit(value);
  for (const child of Object.values(value)) if (typeof child === 'object') walk(child, visit);
}

function nameOf(value: unknown): unknown {
  return isNode(value) && value.type === 'Identifier' ? value['name'] : undefined;
}

/** `summary` and `spec` where they are written out in a definition, with the comma. */
function definitionTexts(node: Node, text: string): readonly Edit[] {
  if (node.type !== 'ObjectExpression') return [];
  return nodesIn(node['properties']).flatMap(({ key, value, start, end }) => {
    const isDocument = ['summary', 'spec'].includes(String(nameOf(key))) && isText(value);
    return isDocument ? [{ start, end: text[end] === ',' ? end + 1 : end, text: '' }] : [];
  });
}

function isText(value: unknown): boolean {
  return isNode(value) && ['Literal', 'TemplateLiteral', 'BinaryExpression'].includes(value.type);
}

function builtinTexts(node: Node): readonly Edit[] {
  if (node.type !== 'CallExpression' || nameOf(node['callee']) !== 'builtin') return [];
  const doc = nodesIn(node['arguments'])[1];
  return doc === undefined ? [] : [{ start: doc.start, end: doc.end, text: "''" }];
}

function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
