/** Runs a suite: finds its cases, asks the cache, shards the rest over workers, adds up. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CachedVerdict, hashCode, VerdictCache } from './cache.ts';
import { runPool, type WorkerTask } from './pool.ts';
import { type ConformanceCase, findCases, type SuiteName } from './suite.ts';
import { compiledTargets, isCompiledTarget } from './run-compiled.ts';
import {
  averageOverFamilies,
  type CaseResult,
  countStatus,
  isCopiedOnly,
  scoreFamilies,
  type SuiteReport,
  totalWork,
} from './verdict.ts';

/** What can run cases; `text` reads, prints and reads again. */
export const targetNames = ['reference', 'text', ...compiledTargets] as const;
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
  const scored = results.filter(({ isApart }) => isApart !== true);
  const families = scoreFamilies(scored);
  return {
    suite: options.suite,
    target: options.target,
    passes: options.passes,
    total: scored.length,
    passed: countStatus(scored, 'passed'),
    unsupported: countStatus(scored, 'unsupported'),
    failed: countStatus(results, 'failed'),
    apart: results.length - scored.length,
    notScored: all.length - cases.length,
    familyAverage: averageOverFamilies(families),
    computedAverage: averageOverFamilies(scoreFamilies(scored.filter((result) => !isCopiedOnly(result)))),
    work: totalWork(scored),
    seconds: (performance.now() - start) / 1000,
    families,
    cases: results,
  };
}

/** Collectives and the like: programs of several processes. Compiled targets run one, and say so. */
function isApart(testCase: ConformanceCase, target: TargetName): boolean {
  return isCompiledTarget(target) && testCase.text.includes('interpreter.run_parallel');
}

/** Text is tested on every module there is. */
function isScored(testCase: ConformanceCase, target: TargetName): boolean {
  return target === 'text' || testCase.mode === 'check';
}

async function verdicts(cases: readonly ConformanceCase[], options: SuiteOptions): Promise<readonly CaseResult[]> {
  const cache = openCache(options);
  const results: (CaseResult | undefined)[] = cases.map(() => undefined);
  const tasks: WorkerTask[] = [];
  const settle = (index: number, verdict: CachedVerdict): void => {
    const testCase = cases[index];
    if (testCase === undefined) return;
    const { name, family } = testCase;
    const apart = isApart(testCase, options.target) ? { isApart: true } : {};
    results[index] = { name, family, ...verdict, ...apart };
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
