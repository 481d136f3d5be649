import { existsSync } from 'node:fs';

/** A file of the package this program is part of: package.json is above us both in `compiler/` and in `dist/compiler/`. */
export function packageFile(path: string): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error('no package.json above the command line program');
    folder = parent;
  }
  return new URL(path, folder);
}
