import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../../../compiler/api/index.ts';
import { operatorRows } from '../../../../compiler/dsl/syntax/operators.ts';
import { reservedWords, words } from '../../../../compiler/dsl/syntax/tokens.ts';

const docs = new URL('../../../../docs/', import.meta.url);
const page = readFileSync(new URL('language.md', docs), 'utf8');

/** The programs of a page, with the line they start at. */
function programsOf(text: string): { line: number; program: string }[] {
  return [...text.matchAll(/^```tess\n(.*?)^```$/gms)].map((found) => ({
    line: text.slice(0, found.index).split('\n').length + 1,
    program: found[1] ?? '',
  }));
}

describe('docs/language.md', () => {
  it('has a diagram of every rule of the grammar', () => {
    for (const name of readdirSync(new URL('grammar', docs))) expect(page).toContain(`(grammar/${name})`);
  });

  it('lists the operators as the parser has them', () => {
    const table = page.slice(page.indexOf('| operators |'), page.indexOf('Calls, indices'));
    const listed = table
      .split('\n')
      .slice(2)
      .filter((row) => row.startsWith('|'));
    expect(listed.map((row) => row.replaceAll('\\|', '¦').split('|')[1]?.trim().replaceAll('¦', '|'))).toEqual(
      operatorRows.map(({ operators }) => operators.map((sign) => `\`${sign}\``).join(' ')),
    );
  });

  it('lists the words of the language', () => {
    const [never = '', elsewhere = ''] = page.slice(page.indexOf('Never names')).split('Words with a meaning');
    for (const word of words.keys()) {
      expect(reservedWords.has(word) ? never : elsewhere.slice(0, 200), word).toContain(`\`${word}\``);
    }
  });
});

describe('the programs in the documents', () => {
  const pages = [...readdirSync(docs).filter((name) => name.endsWith('.md')), '../README.md'];
  const used = { 'blocks.tess': 'export fn double(x: f32) -> f32 = 2 * x\n' };
  it.each(pages)('of %s are right', (name) => {
    for (const { line, program } of programsOf(readFileSync(new URL(name, docs), 'utf8'))) {
      const main = `${name}:${line}`;
      expect(check({ main: `${main}.tess`, files: { ...used, [`${main}.tess`]: program } }).text, main).toBe('');
    }
  });
});
