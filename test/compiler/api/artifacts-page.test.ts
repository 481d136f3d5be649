import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/artifacts.md', 'utf8');
const loader = readFileSync('runtime/js/load.js', 'utf8');

describe('docs/artifacts.md', () => {
  it('names every code that the loader throws, and no others', () => {
    const thrown = [...loader.matchAll(/new TesseraError\(\s*'([a-z-]+)'/g)].map(([, code]) => code);
    const [, table = ''] = /\| code \| means \|\n(.*?)\n\n/s.exec(page) ?? [];
    const explained = [...table.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
    );
    expect(new Set(explained)).toEqual(new Set(thrown));
  });
});
