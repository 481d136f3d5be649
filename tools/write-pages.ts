// npm run docs. Run at the repository's root; brings the generated documents up to date. With --check it changes nothing,
// and ends with exit code 1 where one is stale.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedPages, presentPages } from './generated-pages.ts';

const isCheck = process.argv.includes('--check');
const pages = generatedPages();
const present = presentPages();
const stale = [
  ...[...pages].filter(([path, text]) => present.get(path) !== text).map(([path]) => path),
  ...[...present.keys()].filter((path) => !pages.has(path)),
];

for (const path of stale) {
  const text = pages.get(path);
  if (isCheck) console.error(`${path}: stale; npm run docs makes it anew`);
  else if (text === undefined) rmSync(path);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
console.log(`docs: ${pages.size} generated pages, ${stale.length} ${isCheck ? 'stale' : 'made anew'}`);
if (isCheck && stale.length > 0) process.exitCode = 1;
