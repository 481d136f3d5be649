import { expect, test } from 'vitest';
import { closingLine, type CountedModule, countTests } from '../../tools/closing-line-reporter.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function moduleOf(state: string, tests: readonly State[]): CountedModule {
  const results = tests.map((each) => ({ result: () => ({ state: each }) }));
  return { children: { allTests: () => results }, state: () => state };
}

test('tests are counted over all modules', () => {
  const modules = [moduleOf('passed', ['passed', 'skipped']), moduleOf('failed', ['passed', 'failed'])];
  expect(closingLine(countTests(modules))).toBe('2 passed, 1 failed, 1 skipped');
});

test('a module that fails before its first test counts as a failure', () => {
  expect(countTests([moduleOf('failed', [])])).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a test that never ended counts as a failure', () => {
  expect(countTests([moduleOf('failed', ['passed', 'pending'])])).toEqual({ passed: 1, failed: 1, skipped: 0 });
});
