/** The four things every pass test shows: fires, does not fire, is idempotent, keeps the meaning. */
import { expect } from 'vitest';
import type { Pass, PassOptions } from '../../passes/pass.ts';
import { normalized, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

export interface Expectation {
  readonly options?: PassOptions;
  /** False where the evaluator cannot run `@f` (open sizes, several processes). */
  readonly evaluates?: boolean;
}

/** `before` becomes `after`; a second run finds nothing; both compute the same. */
export function expectRewrite(pass: Pass, before: string, after: string, expectation: Expectation = {}): void {
  const outcome = runPass(pass, before, expectation.options);
  expect(outcome.text).toBe(normalized(after));
  expect(outcome.changed).toBe(true);
  expect(runPass(pass, outcome.text, expectation.options).changed, 'the pass is idempotent').toBe(false);
  if (expectation.evaluates !== false) expect(differenceOfTexts(before, outcome.text)).toBeUndefined();
}

/** The pass leaves the module as it is, and says so. */
export function expectUnchanged(pass: Pass, text: string, options: PassOptions = {}): void {
  const outcome = runPass(pass, text, options);
  expect(outcome.text).toBe(normalized(text));
  expect(outcome.changed).toBe(false);
}
