import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type Edge, findCycles } from './import-cycles.ts';
import { mayImport, nodeFolders, packageFolders, runtimeFolders } from './import-rules.ts';
import { type Import, importsOf } from './module-imports.ts';

export interface Violation {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Checks the product's sources (path relative to the repository -> text) against import-rules.ts, and that their imports
 * of values form no cycle. A cycle closed by types alone is allowed: nothing of it remains when the program runs, and
 * the order of folders, which types obey too, keeps it inside one top-level folder.
 */
export function checkImports(sources: ReadonlyMap<string, string>): Violation[] {
  const violations: Violation[] = [];
  const valueEdges: Edge[] = [];
  for (const [file, text] of sources) {
    for (const found of importsOf(file, text)) {
      const { line } = found;
      const to = posix.join(posix.dirname(file), found.specifier);
      const isRelative = found.specifier.startsWith('.');
      const message = isRelative ? judgeFile(file, to, sources) : judgePackage(file, found);
      if (message !== undefined) violations.push({ file, line, message });
      if (isRelative && !found.isType) valueEdges.push({ from: file, to, line });
    }
  }
  for (const { edge, path } of findCycles(valueEdges)) {
    violations.push({ file: edge.from, line: edge.line, message: `cycle of values: ${path.join(' -> ')}` });
  }
  return violations;
}

/** What is wrong with `from` importing the file `to`; undefined where nothing is. */
function judgeFile(from: string, to: string, sources: ReadonlyMap<string, string>): string | undefined {
  const [fromTop, toTop] = [topFolder(from), topFolder(to)];
  if (!mayImport.has(toTop)) return `${toTop}/ is not part of the product`;
  const allowed = mayImport.get(fromTop) ?? [];
  if (toTop === 'runtime' && runtimeFolders.some((folder) => isInside(from, folder))) {
    return sources.has(to) ? undefined : `'${to}' does not exist`;
  }
  if (fromTop !== toTop && !allowed.includes(toTop)) {
    const names = allowed.map((folder) => `${folder}/`).join(', ');
    return `${fromTop}/ may not import ${toTop}/ (it may import ${names || 'no other folder'})`;
  }
  if (!to.endsWith('.ts')) return `'${to}': relative imports are written with .ts`;
  if (!sources.has(to)) return `'${to}' does not exist`;
  if (isPortable(from) && !isPortable(to)) return `portable code may not import ${to}, which uses Node's API`;
  return undefined;
}

function judgePackage(file: string, { specifier }: Import): string | undefined {
  if (isBuiltin(specifier)) {
    if (isPortable(file)) return `portable code may not import '${specifier}': it has to run in a browser too`;
    return specifier.startsWith('node:') ? undefined : `write 'node:${specifier}'`;
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const folders = packageFolders.get(name);
  if (folders === undefined) return `package '${name}' is not in tools/import-rules.ts`;
  if (!folders.some((folder) => isInside(file, folder))) {
    return `package '${name}' may be imported in ${folders.join(', ')} only`;
  }
  return undefined;
}

const topFolder = (file: string): string => file.split('/', 1)[0] ?? file;
const isInside = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);
const isPortable = (file: string): boolean => !nodeFolders.some((folder) => isInside(file, folder));
