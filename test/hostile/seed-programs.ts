/** The programs of this repository: samples, tests, the library, and the blocks of the documents. */
import { readdirSync, readFileSync } from 'node:fs';
import { languageCatalog } from '../../compiler/dsl/diagnostics/catalog-language.ts';
import type { CatalogEntry } from '../../ir/diagnostics/catalog.ts';

const root = new URL('../../', import.meta.url);

export interface SeedProgram {
  readonly name: string;
  readonly text: string;
}

const catalogEntries: readonly (readonly [string, CatalogEntry])[] = Object.entries(languageCatalog);

/** Programs that do much stand twice. */
export function seedPrograms(): readonly SeedProgram[] {
  const whole = ['samples/', 'test/compiler/dsl/', 'compiler/dsl/library/'].flatMap((folder) =>
    filesIn(folder, '.tess').map((name) => ({ name, text: read(name) })),
  );
  const blocks = filesIn('docs/', '.md')
    .filter((name) => !name.startsWith('docs/errors/'))
    .flatMap((name) =>
      [...read(name).matchAll(/^```tess\n([^]*?)^```$/gm)].map(([, text = ''], index) => ({
        name: `${name}, block ${index + 1}`,
        text,
      })),
    );
  const examples = catalogEntries.flatMap(([name, { example, corrected }]) =>
    [example, corrected].flatMap((text) => (text === undefined ? [] : [{ name, text }])),
  );
  return [...whole, ...whole, ...blocks, ...examples];
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => `${folder}${name}`);
}

function read(name: string): string {
  return readFileSync(new URL(name, root), 'utf8');
}
