// npm run docs. Run at the repository's root; brings docs/errors up to date.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { definitions } from '../ir/ops/registry.ts';
import { catalogParts } from './error-catalogs.ts';
import { errorPages } from './error-pages.ts';
import { readFiles } from './source-files.ts';

const folder = 'docs/errors';
const pages = errorPages(catalogParts, definitions);
const present = readFiles('.', [folder], /\.md$/);

mkdirSync(folder, { recursive: true });
for (const path of present.keys()) if (!pages.has(path.slice(folder.length + 1))) rmSync(path);
for (const [name, text] of pages) {
  if (present.get(`${folder}/${name}`) !== text) writeFileSync(`${folder}/${name}`, text);
}
console.log(`docs: ${pages.size} error pages`);
