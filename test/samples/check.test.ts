import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../../compiler/driver/load-model.ts';
import { SourceFile } from '../../ir/source.ts';

const files = { open: (path: string): SourceFile => new SourceFile(path, readFileSync(path)) };

const programs = readdirSync('samples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(`samples/${name}`).map((file) => `samples/${name}/${file}`))
  .filter((path) => path.endsWith('.tess'));

describe('every sample', () => {
  it.each(programs)('%s: has nothing that the checker complains of', (path) => {
    expect(checkModel(path, { files, isSplit: false }).all).toEqual([]);
  });
});
