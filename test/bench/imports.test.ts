import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

function sources(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return sources(`${folder}${entry.name}/`);
    return entry.name.endsWith('.ts') ? [`${folder}${entry.name}`] : [];
  });
}

function read(file: string): string {
  return readFileSync(new URL(file, root), 'utf8');
}

/** Names, and the source that dist/ is built from. */
const imports = /import \{([^}]*)\} from '(?:\.\.\/)+dist\/([^']*)\.js'/g;

function isExported(name: string, text: string): boolean {
  const declared = new RegExp(`^export (declare )?(async )?(function|class|const|type|interface) ${name}\\b`, 'm');
  const listed = new RegExp(`^export (type )?\\{[^}]*\\b${name}\\b[^}]*\\}`, 'm');
  return declared.test(text) || listed.test(text);
}

describe('the benchmark', () => {
  it('imports what the compiler exports, which no type check sees: its own package is not installed here', () => {
    const wanted = sources('bench/').flatMap((file) =>
      [...read(file).matchAll(imports)].flatMap(([, names = '', source = '']) =>
        names.split(',').map((name) => ({ file, source, name: name.trim().replace(/^type /, '') })),
      ),
    );
    const named = wanted.filter(({ name }) => name !== '');
    const missing = named.filter(({ source, name }) => !isExported(name, read(`${source}.ts`)));
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });
});
