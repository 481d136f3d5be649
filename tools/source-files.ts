import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files below `root`'s folders whose name matches, as path relative to root (with `/`) -> text. */
export function readFiles(root: string, folders: readonly string[], name: RegExp): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const path of listFiles(root, folder)) {
      if (name.test(path)) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return files;
}

/** The files below a folder, as path relative to root (with `/`). A folder that is not there has none: some are planned only. */
export function listFiles(root: string, folder: string): string[] {
  return readFolder(join(root, folder)).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return ignored.has(entry.name) ? [] : listFiles(root, path);
  });
}

const ignored = new Set(['node_modules', 'dist', 'coverage', '.git']);

function readFolder(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
