/** A model compiled with --threads, in Chromium: where a page may share memory, where it may not, and in a worker of the page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../compiler/cli/commands.ts';
import { runCli } from '../../../compiler/cli/program.ts';
import { findComponent } from '../../set-up/components.ts';
import { collectingTerminal } from '../cli/collecting-terminal.ts';
import { filesIn, isolation, serveStrictly } from './strict-server.ts';

const executablePath = findComponent('chromium');
const folder = mkdtempSync(join(tmpdir(), 'tessera-browser-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

const type = 'tensor<512x512xf32>';
const model = `func.func @main(%x: ${type}) -> ${type} {
  %0 = stablehlo.tanh %x : ${type}
  return %0 : ${type}
}`;

/** What the page and its worker do: the threads of each way to load, and whether all gave the same bits. */
const measure = `import { load } from './net.js';
export async function measure() {
  const arg0 = Float32Array.from({ length: 512 * 512 }, (_, index) => Math.sin(index));
  const threads = [];
  let first;
  let isSame = true;
  for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 4 }, {}]) {
    const model = await load(undefined, options);
    threads.push(model.threads);
    for (let call = 0; call < 20; call++) {
      const { out0 } = await model.predict({ arg0 });
      first ??= out0;
      isSame &&= out0.every((value, index) => value === first[index]);
    }
    model[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
  }
  return { threads, isSame };
}`;

const files = new Map<string, string>([
  [
    '/index.html',
    `<!doctype html><meta charset="utf-8"><title>threads</title><script type="module" src="page.js"></script>`,
  ],
  ['/measure.js', measure],
  [
    '/show.js',
    `export function show(outcome) {
  globalThis.outcome = outcome;
  document.body.append(Object.assign(document.createElement('p'), { id: 'done' }));
}`,
  ],
  [
    '/page.js',
    `import { measure } from './measure.js';\nimport { show } from './show.js';\nshow(await measure().catch(String));`,
  ],
  [
    '/inner.js',
    `import { measure } from './measure.js';\nmeasure().catch(String).then((outcome) => postMessage(outcome));`,
  ],
  [
    '/worker.html',
    `<!doctype html><meta charset="utf-8"><title>threads</title><script type="module" src="outer.js"></script>`,
  ],
  [
    '/outer.js',
    `import { show } from './show.js';
const policy = trustedTypes.createPolicy('test', { createScriptURL: (url) => url });
const worker = new Worker(policy.createScriptURL('inner.js'), { type: 'module' });
worker.onmessage = ({ data }) => { show(data); };`,
  ],
]);

describe.skipIf(executablePath === undefined)('a model for several threads, in headless Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    const path = join(folder, 'net.mlir');
    writeFileSync(path, model);
    expect(await runCli(['compile', path, '--threads', '-o', folder], collectingTerminal(), commands)).toBe(0);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  async function outcomeOf(page: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
    const served = new Map<string, string | Uint8Array>([
      ...files,
      ...filesIn(folder, ['net.js', 'net.wasm', 'net.worker.js']),
    ]);
    const server = await serveStrictly(served, headers);
    const tab = await browser.newPage();
    try {
      await tab.goto(`${server.origin}/${page}`);
      await tab.waitForSelector('#done', { state: 'attached', timeout: 30_000 });
      return await tab.evaluate('globalThis.outcome');
    } finally {
      await tab.close();
      await server.close();
    }
  }

  it('runs on as many as are wanted where the page is isolated', async () => {
    const cores = expect.any(Number);
    expect(await outcomeOf('index.html', isolation)).toEqual({ threads: [1, 2, 4, cores], isSame: true });
  });

  it('runs on as many in a worker of the page', async () => {
    const cores = expect.any(Number);
    expect(await outcomeOf('worker.html', isolation)).toEqual({ threads: [1, 2, 4, cores], isSame: true });
  });

  it('runs on one where it is not isolated, and says so', async () => {
    expect(await outcomeOf('index.html', {})).toEqual({ threads: [1, 1, 1, 1], isSame: true });
  });
});
