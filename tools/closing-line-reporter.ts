import type { Reporter } from 'vitest/node';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** As much of vitest's `TestModule` as counting needs. */
export interface CountedModule {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: keyof TestCounts | 'pending' } }> };
  state(): string;
}

/** The run's last line, alone on its line: `N passed, N failed, N skipped`. */
export function closingLine(counts: TestCounts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** Counts tests; a module that fails without a failing test (it did not load, a hook threw) counts as one failure. */
export function countTests(modules: readonly CountedModule[]): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never ran to its end, as when its process died.
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
    if (counts.failed === failedBefore && module.state() === 'failed') counts.failed += 1;
  }
  return counts;
}

/** Prints {@link closingLine} after the default reporter's summary, in a form that any script can read. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly CountedModule[], unhandledErrors: readonly unknown[]): void {
    const counts = countTests(modules);
    const failed = counts.failed + unhandledErrors.length;
    process.stdout.write(`\n${closingLine({ ...counts, failed })}\n`);
  }
}
