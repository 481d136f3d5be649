// npm run check:imports. Run at the repository's root; exit code 1 where something is found.
import { checkImports } from './import-check.ts';
import { mayImport } from './import-rules.ts';
import { readFiles } from './source-files.ts';

const sources = readFiles('.', [...mayImport.keys()], /\.[cm]?[jt]sx?$/);
const violations = checkImports(sources);
for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
console.log(`imports: ${sources.size} files, ${violations.length} violations`);
if (violations.length > 0) process.exitCode = 1;
