import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../../compiler/cli/commands.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { collectingTerminal } from '../cli/collecting-terminal.ts';

const page = readFileSync('docs/embedding.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const programs = blocks.filter(({ language }) => language === 'ts');

mkdirSync('node_modules/.cache', { recursive: true });
// Below the repository, so that Node's types are found.
const folder = mkdtempSync(resolve('node_modules/.cache/embedding-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/embedding.md', () => {
  it('has blocks of TypeScript, and of what the browser test runs, and no others', () => {
    expect(blocks.map(({ language }) => language)).toEqual([...programs.map(() => 'ts'), 'js']);
    expect(programs.length).toBeGreaterThanOrEqual(5);
  });

  it('compiles, under the strictest settings', () => {
    for (const [index, { text }] of programs.entries()) writeFileSync(join(folder, `block-${index}.ts`), text);
    const config = {
      extends: resolve('tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        rootDir: resolve('.'),
        types: ['node'],
        paths: { tessera: [resolve('compiler/api/index.ts')] },
      },
      files: [...programs.map((_, index) => `block-${index}.ts`), resolve('tools/webassembly.d.ts')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    try {
      execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      expect(error instanceof Error && 'stdout' in error ? error.stdout : error).toBe('');
    }
  }, 60_000);

  it.each(programs.map(({ text }, index) => [index, text] as const))(
    'runs block %i',
    async (index, text) => {
      const api = pathToFileURL(resolve('compiler/api/index.ts')).href;
      const file = join(folder, `run-${index}.ts`);
      writeFileSync(file, text.replaceAll("from 'tessera'", `from '${api}'`));
      const lines: unknown[][] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void lines.push(values));
      try {
        await import(/* @vite-ignore */ pathToFileURL(file).href);
      } finally {
        log.mockRestore();
      }
      expect(lines.flat().map(shown).join('\n')).toMatch(expected[index] ?? /^$/);
    },
    60_000,
  );
});

describe('docs/artifacts.md', () => {
  it('shows how a model is loaded and called', async () => {
    const [, program = ''] = /^```js\n(.*?)^```$/ms.exec(readFileSync('docs/artifacts.md', 'utf8')) ?? [];
    const code = await runCli(['compile', 'samples/mlp.mlir', '-o', folder], collectingTerminal(), commands);
    expect(code).toBe(0);
    writeFileSync(join(folder, 'page.mjs'), program.replace('./out/', './'));
    const printed = execFileSync(process.execPath, [join(folder, 'page.mjs')], { encoding: 'utf8' });
    expect(printed).toBe('Float32Array(4) [ 0, 1, 1, 0 ]\n');
  });
});

/** What each block prints, in order. */
const expected = [
  /^plane\.wasm[^]*plane\.d\.ts[^]*0\.4[^]*0\.5[^]*0\.6/,
  /^wrong\.mlir:2:8 error E1101[^]*stablehlo\.negate[^]*\^~~/,
  /^1,3\n0\.09[^]*0\.24[^]*0\.66/,
  /^hidden\.weight\n4,8[^]*true$/,
  /^plan @main\(arg0: f32\[4, 2\]\)/,
];

function shown(value: unknown): string {
  return ArrayBuffer.isView(value) || Array.isArray(value)
    ? Array.from(value as ArrayLike<number>).join(',')
    : String(value);
}
