import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../../compiler/driver/load-model.ts';
import { formatSource } from '../../compiler/dsl/format/format.ts';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../ir/source.ts';

const files = { open: (path: string): SourceFile => new SourceFile(path, readFileSync(path)) };

const programs = readdirSync('samples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(`samples/${name}`).map((file) => `samples/${name}/${file}`))
  .filter((path) => path.endsWith('.tess'));

const libraryFolder = 'compiler/dsl/library';
const library = readdirSync(libraryFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tess'))
  .map((path) => `${libraryFolder}/${path}`);

describe('every sample and the library', () => {
  it.each([...programs, ...library])('%s: is laid out as `tessera fmt` does', (path) => {
    const source = files.open(path);
    expect(formatSource(source, new DiagnosticSink())).toBe(readFileSync(path, 'utf8'));
  });
});

describe('every sample', () => {
  it.each(programs)('%s: has nothing that the checker complains of', (path) => {
    expect(checkModel(path, { files, isSplit: false }).all).toEqual([]);
  });
});
