import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../ir/numerics/', import.meta.url);

/** What ECMA-262 defines to the last bit. Every other function of Math is "implementation-approximated". */
const exact = new Set('abs ceil clz32 floor fround imul max min sign sqrt trunc'.split(' '));

describe('the sources of ir/numerics', () => {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));

  it.each(sources)('%s uses exact operations only', (name) => {
    const code = readFileSync(new URL(name, folder), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
    const called = [...code.matchAll(/\bMath\.(\w+)/g)].map(([, name = '']) => name);
    expect(called.filter((name) => !exact.has(name))).toStrictEqual([]);
    expect([...code.matchAll(/(?<!\dn) \*\* /g)]).toStrictEqual([]);
  });

  it.each(sources)('%s imports nothing from outside', (name) => {
    const code = readFileSync(new URL(name, folder), 'utf8');
    const imported = [...code.matchAll(/from '([^']*)'/g)].map(([, path = '']) => path);
    expect(imported.filter((path) => !/^\.\/[a-z0-9-]+\.ts$/.test(path))).toStrictEqual([]);
  });
});
