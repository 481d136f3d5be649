/**
 * The foreign suites, as anyone runs them: `npm run conformance` on the built compiler. They skip visibly where the suites are
 * absent, and fail in CI where they are there but cannot be unpacked.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findSuiteFolder } from './suites-folder.ts';
import type { SuiteReport } from './verdict.ts';
import { suiteNames, type SuiteName } from './suite.ts';

const main = fileURLToPath(new URL('../../dist/test/conformance/main.js', import.meta.url));
const documented = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');

function run(suite: SuiteName, directory: string, ...options: readonly string[]): SuiteReport {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-conformance-'));
  const json = join(folder, 'report.json');
  try {
    execFileSync(process.execPath, [main, '--suite', suite, '--dir', directory, '--json', json, ...options], {
      stdio: 'pipe',
    });
  } catch (error) {
    // Exit code 1 means that cases failed; the report says which.
    if (!existsSync(json)) throw error;
  }
  const report: unknown = JSON.parse(readFileSync(json, 'utf8'));
  rmSync(folder, { recursive: true });
  return report as SuiteReport;
}

/** Cases that did not pass and are not listed, with their reason, in docs/conformance.md. */
function undocumented(report: SuiteReport): readonly string[] {
  return report.cases
    .filter(({ name, status }) => status !== 'passed' && !documented.includes(name.split('/').at(-1) ?? name))
    .map(({ name, message }) => `${name}: ${message}`);
}

const limits: Readonly<
  Record<SuiteName, { readonly share: (report: SuiteReport) => number; readonly atLeast: number }>
> = {
  'stablehlo-interpret': { share: ({ passed, total }) => passed / total, atLeast: 0.97 },
  'stablehlo-testdata': { share: ({ familyAverage }) => familyAverage, atLeast: 0.98 },
};

/** Average over families that compiled targets reach; collectives and cases without a computation count as not reached. */
const compiledShare: Readonly<Record<SuiteName, number>> = { 'stablehlo-interpret': 0.7, 'stablehlo-testdata': 0.94 };

describe.each(suiteNames)('%s', (suite) => {
  const folder = findSuiteFolder(suite);
  if (folder.kind === 'absent') {
    it.skip(`skipped: ${folder.reason}`, () => {});
    if (process.env['CI'] !== undefined && folder.reason.includes('not installed')) {
      it('can be unpacked', () => expect.fail(folder.reason));
    }
    return;
  }

  it('passes on the reference evaluator, but for what docs/conformance.md lists', () => {
    const report = run(suite, folder.path, '--target', 'reference');
    const { share, atLeast } = limits[suite];
    expect(undocumented(report)).toEqual([]);
    expect(share(report)).toBeGreaterThanOrEqual(atLeast);
    expect(report.seconds).toBeLessThan(600);
  });

  it('is read, printed and read again to equal modules, all of it', () => {
    const report = run(suite, folder.path, '--target', 'text');
    expect(report.cases.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  // Compiled code may not compute something yet, and then says so; what it computes is right.
  it.each(['kernel', 'wasm'])('is computed right on the target %s, as far as it is computed', (target) => {
    const report = run(suite, folder.path, '--target', target);
    expect(report.cases.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(report.familyAverage).toBeGreaterThanOrEqual(compiledShare[suite]);
  });

  it('gives the same verdicts after every pass', () => {
    const report = run(suite, folder.path, '--target', 'reference', '--passes', 'all');
    expect(undocumented(report)).toEqual([]);
  });
});
