import { existsSync, readFileSync } from 'node:fs';

/** The version in the nearest package.json above this file, which is ours both in `compiler/` and in `dist/compiler/`. */
export function packageVersion(): string {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error('no package.json above the command line program');
    folder = parent;
  }
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version');
}
