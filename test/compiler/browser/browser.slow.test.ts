import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../compiler/cli/commands.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { bounds, type BrowserBundle, bundleForBrowser } from '../../../tools/browser-bundle.ts';
import { findComponent } from '../../set-up/components.ts';
import { collectingTerminal } from '../cli/collecting-terminal.ts';
import { filesIn, serveStrictly, type StrictServer } from './strict-server.ts';

const executablePath = findComponent('chromium');
const folder = mkdtempSync(join(tmpdir(), 'tessera-browser-'));
let bundle: BrowserBundle;

beforeAll(async () => {
  bundle = await bundleForBrowser(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundle for browsers', () => {
  it('is one file that asks for binaryen alone, within its bounds', () => {
    expect(bundle.imports).toEqual(['./binaryen.js']);
    expect(bundle.minified).toBeLessThan(bounds.minified);
    expect(bundle.compressed).toBeLessThan(bounds.compressed);
    console.log(`tessera.js: ${bundle.minified} bytes minified, ${bundle.compressed} compressed`);
  });

  it('has no shim of Node: nothing of process, Buffer or require', () => {
    const text = readFileSync(join(folder, 'tessera.js'), 'utf8');
    // The loader's text, which ships with models, reads files where there is Node.
    const own = text.replaceAll('process.getBuiltinModule', '');
    expect(own.match(/(?<![.\w])(?:process\.\w+|Buffer\.\w+|require\(["'`])/g)).toBeNull();
  });
});

const program = `export model Net {
  param weight: f32[3] = ones
  export fn predict(x: f32[2, 3]) -> (y: f32[2]) = (y: sum(softmax(x * 2.0, axis: 1) * x, axes: 1))
}
`;

const plane = `export model Plane {
  param w: f32[2] = zeros
  param b: f32 = zeros
  export fn predict[n](x: f32[n, 2]) -> (y: f32[n]) = (y: x @ w + b)
}
`;

/** What docs/embedding.md shows of a page. */
function embeddingBlock(): string {
  return /^```js\n(.*?)^```$/ms.exec(readFileSync('docs/embedding.md', 'utf8'))?.[1] ?? '';
}

const page = `<!doctype html><meta charset="utf-8"><title>tessera</title><script type="module" src="page.js"></script>`;

interface Outcome {
  readonly error?: string;
  readonly mlir: CompiledThere;
  readonly tess: CompiledThere;
  readonly artifact: readonly number[];
  readonly embedding: readonly number[];
  readonly mistakes: {
    readonly ok: boolean;
    readonly diagnostics: readonly { readonly code: string; readonly line: number }[];
  };
}

interface CompiledThere {
  readonly milliseconds: number;
  readonly names: readonly string[];
  readonly compiled: readonly (readonly [string, readonly number[]])[];
  readonly evaluated: readonly (readonly [string, readonly number[]])[];
}

describe.skipIf(executablePath === undefined)('in headless Chromium, under a strict policy', () => {
  let browser: Browser;
  let server: StrictServer;
  let outcome: Outcome;
  const complaints: string[] = [];

  beforeAll(async () => {
    const code = await runCli(
      ['compile', 'samples/mlp.mlir', '--relaxed', '-o', folder],
      collectingTerminal(),
      commands,
    );
    expect(code).toBe(0);
    const here = new URL('.', import.meta.url);
    server = await serveStrictly(
      new Map<string, string | Uint8Array>([
        ['/index.html', page],
        ['/page.js', readFileSync(new URL('page.js', here))],
        ['/mlp.mlir', readFileSync('samples/mlp.mlir')],
        ['/model.tess', program],
        ['/embedding.js', embeddingBlock()],
        ['/plane.tess', plane],
        ...filesIn(folder, ['tessera.js', 'binaryen.js', 'mlp.js', 'mlp.wasm', 'mlp.relaxed.wasm']),
      ]),
    );
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    const tab = await browser.newPage();
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    await tab.goto(`${server.origin}/index.html`);
    // A function: text would be evaluated anew at each look, which the page's policy refuses.
    await tab.waitForFunction(() => 'outcome' in globalThis, undefined, {
      timeout: 60_000,
    });
    outcome = await tab.evaluate<Outcome>('globalThis.outcome');
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('loads without a complaint of the policy', () => {
    expect(outcome.error).toBeUndefined();
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
  });

  it('compiles StableHLO to a module that runs there, and agrees with the evaluator', () => {
    expect(outcome.mlir.names).toEqual(['mlp.wasm', 'mlp.js', 'mlp.d.ts', 'mlp.relaxed.wasm']);
    expect(outcome.mlir.compiled).toEqual([['out0', [0, 1, 1, 0]]]);
    expect(outcome.mlir.evaluated).toEqual(outcome.mlir.compiled);
  });

  it('compiles a program of the language to a module that runs there, and agrees with the evaluator', () => {
    const [[name, values] = ['', []]] = outcome.tess.compiled;
    const [[, expected] = ['', []]] = outcome.tess.evaluated;
    expect(name).toBe('y');
    expect(values.length).toBe(2);
    for (const [index, value] of values.entries()) expect(value).toBeCloseTo(expected[index] ?? NaN, 5);
    // softmax([2, 4, 6]) . [1, 2, 3], computed elsewhere.
    expect(values[0]).toBeCloseTo(2.850937, 5);
  });

  it('runs what docs/embedding.md shows', () => {
    expect(outcome.embedding.map((value) => value.toFixed(6))).toEqual(['0.400000', '0.500000']);
  });

  it('runs the files that the command writes, fetched from beside their loader', () => {
    expect(outcome.artifact).toEqual([0, 1, 1, 0]);
  });

  it('reports mistakes as data', () => {
    expect(outcome.mistakes).toMatchObject({ ok: false, diagnostics: [{ code: 'E1101', line: 1 }] });
  });
});
