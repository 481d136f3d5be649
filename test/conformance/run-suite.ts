/** Runs a suite: finds its cases, asks the cache, shards the rest over workers, adds up. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashCode, VerdictCache } from './cache.ts';
import { runPool, type WorkerTask } from './pool.ts';
import { type ConformanceCase, findCases, type SuiteName } from './suite.ts';
import { averageOverFamilies, type CaseResult, countStatus, scoreFamilies, type SuiteReport } from './verdict.ts';

/** What can run cases; `text` reads, prints and reads again. */
export const targetNames = ['reference', 'text', 'kernel', 'wasm'] as const;
export type TargetName = (typeof targetNames)[number];

export interface SuiteOptions {
  readonly suite: SuiteName;
  readonly dir: string;
  readonly target: TargetName;
  /** `all`: the verdict after each pass must be the verdict without. */
  readonly passes: 'none' | 'all';
  readonly filter?: string;
  readonly jobs: number;
  readonly cache: boolean;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const distFolder = fileURLToPath(new URL('../../', import.meta.url));

export async function runSuite(options: SuiteOptions): Promise<SuiteReport> {
  const start = performance.now();
  const all = findCases(options.suite, options.dir).filter(({ name }) => name.includes(options.filter ?? ''));
  const cases = all.filter((testCase) => isScored(testCase, options.target));
  const results = await verdicts(cases, options);
  const families = scoreFamilies(results);
  return {
    suite: options.suite,
    target: options.target,
    passes: options.passes,
    total: results.length,
    passed: countStatus(results, 'passed'),
    unsupported: countStatus(results, 'unsupported'),
    failed: countStatus(results, 'failed'),
    notScored: all.length - cases.length,
    familyAverage: averageOverFamilies(families),
    seconds: (performance.now() - start) / 1000,
    families,
    cases: results,
  };
}

/** Text is tested on every module there is. */
function isScored(testCase: ConformanceCase, target: TargetName): boolean {
  return target === 'text' || testCase.mode === 'check';
}

async function verdicts(cases: readonly ConformanceCase[], options: SuiteOptions): Promise<readonly CaseResult[]> {
  const cache = openCache(options);
  const results: (CaseResult | undefined)[] = cases.map(() => undefined);
  const tasks: WorkerTask[] = [];
  const settle = (index: number, verdict: Pick<CaseResult, 'status' | 'message'>): void => {
    const testCase = cases[index];
    if (testCase !== undefined) results[index] = { name: testCase.name, family: testCase.family, ...verdict };
  };
  for (const [index, testCase] of cases.entries()) {
    const known = cache?.get(cache.key(testCase.text));
    if (known === undefined) tasks.push({ index, testCase, target: options.target, passes: options.passes });
    else settle(index, known);
  }
  // Large cases first, so that none is left to one worker at the end.
  tasks.sort((a, b) => b.testCase.text.length - a.testCase.text.length);
  let done = cases.length - tasks.length;
  await runPool(tasks, options.jobs, ({ index, verdict }) => {
    settle(index, verdict);
    const text = cases[index]?.text;
    if (text !== undefined) cache?.set(cache.key(text), verdict);
    options.onProgress?.(++done, cases.length);
  });
  cache?.save();
  return results.filter((result) => result !== undefined);
}

function openCache(options: SuiteOptions): VerdictCache | undefined {
  if (!options.cache) return undefined;
  const folders = ['ir', 'passes', 'codegen', 'compiler/driver', 'test/conformance'].map((name) =>
    join(distFolder, name),
  );
  const salt = `${hashCode(folders)} ${options.target} ${options.passes}`;
  const file = `conformance-${options.suite}-${options.target}-${options.passes}.json`;
  return new VerdictCache(join(distFolder, '../node_modules/.cache/tessera', file), salt);
}
