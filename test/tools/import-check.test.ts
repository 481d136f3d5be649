import { describe, expect, test } from 'vitest';
import { checkImports } from '../../tools/import-check.ts';

/** The violations of a product made of these files, as `file:line: message`. */
function check(files: Readonly<Record<string, string>>): string[] {
  return checkImports(new Map(Object.entries(files))).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

const leaf = 'export const leaf = 1;\n';

test('a product that follows every rule has no violation', () => {
  expect(
    check({
      'compiler/cli/main.ts': `#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { cse } from '../../passes/cse.ts';
import { leaf } from '../../ir/leaf.ts';
`,
      'passes/cse.ts': `import { leaf } from '../ir/leaf.ts';\nexport * from '../ir/leaf.ts';\n`,
      'codegen/wasm/emit.ts': `import type { Leaf } from '../../ir/leaf.ts';\n`,
      'ir/leaf.ts': leaf,
    }),
  ).toEqual([]);
});

describe('the order of folders', () => {
  test.each([
    ['ir', 'passes', 'ir/ may not import passes/ (it may import no other folder)'],
    ['ir', 'compiler', 'ir/ may not import compiler/ (it may import no other folder)'],
    ['passes', 'compiler', 'passes/ may not import compiler/ (it may import ir/)'],
    ['passes', 'codegen', 'passes/ may not import codegen/ (it may import ir/)'],
    ['codegen', 'passes', 'codegen/ may not import passes/ (it may import ir/)'],
    ['compiler', 'runtime', 'compiler/ may not import runtime/ (it may import codegen/, passes/, ir/)'],
    ['runtime', 'ir', 'runtime/ may not import ir/ (it may import no other folder)'],
    ['ir', 'test', 'test/ is not part of the product'],
  ])('%s importing %s is refused', (from, to, message) => {
    const files = { [`${from}/a.ts`]: `import { leaf } from '../${to}/leaf.ts';\n`, [`${to}/leaf.ts`]: leaf };
    expect(check(files)).toEqual([`${from}/a.ts:1: ${message}`]);
  });

  test('the embedding interface may run what ships beside a model; nothing else may', () => {
    const files = { 'compiler/api/a.ts': `import { leaf } from '../../runtime/leaf.ts';\n`, 'runtime/leaf.ts': leaf };
    expect(check(files)).toEqual([]);
    expect(check({ 'compiler/api/a.ts': `import '../../runtime/other.js';\n` })).toEqual([
      "compiler/api/a.ts:1: 'runtime/other.js' does not exist",
    ]);
  });

  test.each([
    ['a type-only import', `import type { Leaf } from '../passes/leaf.ts';`],
    ['a re-export', `export { leaf } from '../passes/leaf.ts';`],
    ['a re-export of everything', `export * as leaves from '../passes/leaf.ts';`],
    ['an import for its effect', `import '../passes/leaf.ts';`],
    ['a dynamic import', `export const load = () => import('../passes/leaf.ts');`],
    ['an import inside a type', `export type Leaf = typeof import('../passes/leaf.ts').leaf;`],
  ])('%s is seen, on its line', (_, statement) => {
    const files = { 'ir/a.ts': `// first\n\n${statement}\n`, 'passes/leaf.ts': leaf };
    expect(check(files)).toEqual(['ir/a.ts:3: ir/ may not import passes/ (it may import no other folder)']);
  });

  test('what only looks like an import, in a comment or a string, is not one', () => {
    const text = "// import '../passes/leaf.ts';\nexport const text = `\nimport '../passes/leaf.ts';\n`;\n";
    expect(check({ 'ir/a.ts': text, 'passes/leaf.ts': leaf })).toEqual([]);
  });
});

describe('portability', () => {
  test.each(['ir/a.ts', 'passes/a.ts', 'codegen/wasm/a.ts', 'compiler/dsl/a.ts', 'compiler/import/a.ts'])(
    "%s may not use Node's API",
    (file) => {
      for (const name of ['node:fs', 'fs/promises']) {
        const message = `portable code may not import '${name}': it has to run in a browser too`;
        expect(check({ [file]: `import * as api from '${name}';\n` })).toEqual([`${file}:1: ${message}`]);
      }
    },
  );

  test.each(['compiler/cli/a.ts', 'codegen/llvm/toolchain/a.ts'])(
    "%s may use Node's API, by its node: name",
    (file) => {
      expect(check({ [file]: `import * as fs from 'node:fs';\n` })).toEqual([]);
      expect(check({ [file]: `import * as fs from 'fs';\n` })).toEqual([`${file}:1: write 'node:fs'`]);
    },
  );

  test("portable code does not reach Node's API through a neighbour", () => {
    const files = { 'compiler/dsl/a.ts': `import { leaf } from '../cli/leaf.ts';\n`, 'compiler/cli/leaf.ts': leaf };
    expect(check(files)).toEqual([
      "compiler/dsl/a.ts:1: portable code may not import compiler/cli/leaf.ts, which uses Node's API",
    ]);
  });
});

describe('packages', () => {
  test('a package stays in the folders it was taken for', () => {
    expect(check({ 'compiler/dsl/a.ts': `import { Command } from 'commander';\n` })).toEqual([
      "compiler/dsl/a.ts:1: package 'commander' may be imported in compiler/cli only",
    ]);
  });

  test('a package that nobody decided on is refused, scope and subpath aside', () => {
    expect(check({ 'ir/a.ts': `import { parse } from '@scope/parser/fast';\n` })).toEqual([
      "ir/a.ts:1: package '@scope/parser' is not in tools/import-rules.ts",
    ]);
  });

  test('a computed import cannot hide a package', () => {
    expect(check({ 'ir/a.ts': 'export const load = (name: string) => import(name);\n' })).toEqual([
      "ir/a.ts:1: package 'name' is not in tools/import-rules.ts",
    ]);
  });
});

describe('relative imports', () => {
  test('are written with .ts', () => {
    expect(check({ 'ir/a.ts': `import { leaf } from './leaf.js';\n`, 'ir/leaf.ts': leaf })).toEqual([
      "ir/a.ts:1: 'ir/leaf.js': relative imports are written with .ts",
    ]);
  });

  test('name a file that exists', () => {
    expect(check({ 'ir/a.ts': `import { leaf } from './gone.ts';\n` })).toEqual([
      "ir/a.ts:1: 'ir/gone.ts' does not exist",
    ]);
  });
});

describe('cycles', () => {
  test('a cycle of values is reported once, with its path', () => {
    const files = {
      'ir/a.ts': `import { b } from './b.ts';\nexport const a = b;\n`,
      'ir/b.ts': `import { c } from './c.ts';\nexport const b = c;\n`,
      'ir/c.ts': `export const c = 1;\nexport { a } from './a.ts';\n`,
    };
    expect(check(files)).toEqual(['ir/c.ts:2: cycle of values: ir/a.ts -> ir/b.ts -> ir/c.ts -> ir/a.ts']);
  });

  test('a file that imports itself is a cycle', () => {
    expect(check({ 'ir/a.ts': `import * as self from './a.ts';\n` })).toEqual([
      'ir/a.ts:1: cycle of values: ir/a.ts -> ir/a.ts',
    ]);
  });

  test('a cycle closed by `import type` is none when the program runs', () => {
    const files = {
      'ir/a.ts': `import { b } from './b.ts';\nexport const a = b;\n`,
      'ir/b.ts': `import type { A } from './a.ts';\nexport const b = 1;\n`,
    };
    expect(check(files)).toEqual([]);
  });

  test('an import of `{ type A }` keeps its effect, and so does close a cycle', () => {
    const files = {
      'ir/a.ts': `import { b } from './b.ts';\nexport const a = b;\n`,
      'ir/b.ts': `import { type A } from './a.ts';\nexport const b = 1;\n`,
    };
    expect(check(files)).toEqual(['ir/b.ts:1: cycle of values: ir/a.ts -> ir/b.ts -> ir/a.ts']);
  });

  test('two paths to the same file are no cycle', () => {
    const files = {
      'ir/a.ts': `import './b.ts';\nimport './c.ts';\n`,
      'ir/b.ts': `import './d.ts';\n`,
      'ir/c.ts': `import './d.ts';\n`,
      'ir/d.ts': leaf,
    };
    expect(check(files)).toEqual([]);
  });
});

test('a file that does not parse is named with its line', () => {
  expect(() => check({ 'ir/a.ts': 'export const a =\n  ;\n' })).toThrow(/^ir\/a\.ts:2: /);
});
