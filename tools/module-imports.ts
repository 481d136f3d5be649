import { type ParseResult, parseSync } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /**
   * Nothing remains of it in the JavaScript: `import type`, `export type`, `import('x')` inside a type. Under
   * `verbatimModuleSyntax` a plain import stays even where every name in it is a type.
   */
  readonly isType: boolean;
}

/** Every import of a file, re-exports and dynamic imports included, in order. Throws a SyntaxError where it does not parse. */
export function importsOf(file: string, source: string): Import[] {
  const parsed = parseSync(file, source);
  const [error] = parsed.errors;
  if (error !== undefined) {
    throw new SyntaxError(`${file}:${lineAt(source, error.labels[0]?.start ?? 0)}: ${error.message}`);
  }
  return [...staticImports(parsed.program), ...dynamicImports(parsed, source), ...importTypes(parsed.program)]
    .map(({ specifier, start, isType }) => ({ specifier, line: lineAt(source, start), isType }))
    .sort((a, b) => a.line - b.line);
}

type Found = { readonly specifier: string; readonly start: number; readonly isType: boolean };

function* staticImports(program: ParseResult['program']): Iterable<Found> {
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      yield { specifier: node.source.value, start: node.start, isType: node.importKind === 'type' };
    } else if (
      (node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') &&
      node.source !== null
    ) {
      yield { specifier: node.source.value, start: node.start, isType: node.exportKind === 'type' };
    }
  }
}

function* dynamicImports({ module }: ParseResult, source: string): Iterable<Found> {
  for (const { start, moduleRequest } of module.dynamicImports) {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    // A specifier that is computed stays as written, and so is refused as an unknown package.
    yield { specifier: /^(['"`])([^$]*)\1$/.exec(text)?.[2] ?? text, start, isType: false };
  }
}

/** Every `import('x')` in a type, wherever it stands in the tree. */
function* importTypes(node: unknown): Iterable<Found> {
  if (typeof node !== 'object' || node === null) return;
  if (isImportType(node)) yield { specifier: node.source.value, start: node.start, isType: true };
  for (const child of Object.values(node)) yield* importTypes(child);
}

function isImportType(node: object): node is { source: { value: string }; start: number } {
  return 'type' in node && node.type === 'TSImportType';
}

function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let end = source.indexOf('\n'); end !== -1 && end < offset; end = source.indexOf('\n', end + 1)) line += 1;
  return line;
}
