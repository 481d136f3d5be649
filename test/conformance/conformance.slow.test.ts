/**
 * The foreign suites, as anyone runs them: `npm run conformance` on the built compiler. They skip visibly where the suites are
 * absent, and fail in CI where they are there but cannot be unpacked.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasRelaxedSimd } from '../../compiler/driver/profile/measured-peak.ts';
import { type CompiledTarget, compiledTargets } from './run-compiled.ts';
import { findSuiteFolder } from './suites-folder.ts';
import type { SuiteReport, TargetWork } from './verdict.ts';
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
    .filter(({ isApart, status }) => status !== 'passed' && isApart !== true)
    .filter(({ name }) => !documented.includes(`\`${name.split('/').at(-1) ?? name}\``))
    .map(({ name, message }) => `${name}: ${message}`);
}

const limits: Readonly<
  Record<SuiteName, { readonly share: (report: SuiteReport) => number; readonly atLeast: number }>
> = {
  'stablehlo-interpret': { share: ({ passed, total }) => passed / total, atLeast: 0.97 },
  'stablehlo-testdata': { share: ({ familyAverage }) => familyAverage, atLeast: 0.98 },
};

/** Families of which compiled targets do not compute all cases; docs/conformance.md says why. */
function incompleteFamilies(suite: SuiteName, target: CompiledTarget): readonly string[] {
  if (suite === 'stablehlo-interpret') return ['after_all', 'probe'];
  return target === 'wasm-relaxed' ? ['conv_general_dilated', 'dot_general'] : [];
}

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

  describe.each(compiledTargets)('on the target %s', (target) => {
    if (target === 'wasm-relaxed' && !hasRelaxedSimd()) {
      it.skip('skipped: this engine has no relaxed SIMD; Node 22 or newer has it', () => {});
      return;
    }
    let report: SuiteReport;
    beforeAll(() => {
      report = run(suite, folder.path, '--target', target);
    });

    it('is computed right, and nothing of it while compiling', () => {
      const { cases, work } = report;
      // With relaxed SIMD products are rounded once with their sum: the page lists the checks that see it.
      if (target !== 'wasm-relaxed') expect(cases.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(work.foldedBytes).toBe(0);
      const isIdle = ({ kernels = 0, copies = 0 }: Partial<TargetWork> = {}): boolean => kernels + copies === 0;
      expect(cases.filter((each) => each.status === 'passed' && isIdle(each.work))).toEqual([]);
    });

    it('is complete but for what docs/conformance.md lists, with and without cases that only copy', () => {
      const { familyAverage, computedAverage, families } = report;
      expect(undocumented(report)).toEqual([]);
      const incomplete = families.filter(({ passed, total }) => passed < total);
      expect(incomplete.map(({ family }) => family)).toEqual(incompleteFamilies(suite, target));
      expect(familyAverage).toBeGreaterThanOrEqual(0.97);
      expect(computedAverage).toBeGreaterThanOrEqual(0.97);
    });

    it('says of programs of several processes that they are unsupported', () => {
      const apart = report.cases.filter(({ isApart }) => isApart === true);
      expect(apart.filter(({ status, message }) => status !== 'unsupported' || message === '')).toEqual([]);
      expect(apart.length).toBe(report.apart);
    });
  });

  it('gives the same verdicts after every pass', () => {
    const report = run(suite, folder.path, '--target', 'reference', '--passes', 'all');
    expect(undocumented(report)).toEqual([]);
  });
});
