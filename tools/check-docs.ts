// npm run docs. Run at the repository's root; exit code 1 where a link leads nowhere or a dependency has no reason.
import { readFileSync } from 'node:fs';
import { findDeadLinks, findUnexplainedDependencies } from './doc-check.ts';
import { listFiles, readFiles } from './source-files.ts';

const pages = readFiles('.', ['.'], /\.md$/);
const paths = new Set(listFiles('.', '.').flatMap(withFolders));

const problems = findDeadLinks(pages, paths).map(({ file, line, message }) => `${file}:${line}: ${message}`);
for (const name of findUnexplainedDependencies(pages.get('README.md') ?? '', dependencyNames())) {
  problems.push(`README.md: the table of dependencies has no row for '${name}'`);
}
for (const problem of problems) console.error(problem);
console.log(`docs: ${pages.size} pages, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;

/** `a/b/c` -> `a`, `a/b`, `a/b/c`. */
function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function dependencyNames(): string[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Partial<Record<string, object>>;
  return [...Object.keys(manifest['dependencies'] ?? {}), ...Object.keys(manifest['devDependencies'] ?? {})];
}
