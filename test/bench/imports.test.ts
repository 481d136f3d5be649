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

/** Its names of values, and the source that dist/ is built from. */
const pattern = /import \{([^}]*)\} from '(?:\.\.\/)+dist\/([^']*)\.js'/g;

describe('the benchmark', () => {
  it('imports what the compiler has, though its own package is not installed here', async () => {
    let count = 0;
    for (const file of sources('bench/'))
      for (const [, names = '', source = ''] of readFileSync(new URL(file, root), 'utf8').matchAll(pattern)) {
        const module = (await import(new URL(`${source}.ts`, root).href)) as Readonly<Record<string, unknown>>;
        const values = names.split(',').map((name) => name.trim());
        for (const name of values.filter((each) => each !== '' && !each.startsWith('type '))) {
          expect(module, `${file} wants ${name} of ${source}`).toHaveProperty(name);
          count++;
        }
      }
    expect(count).toBeGreaterThan(5);
  });
});
