import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './tools/closing-line-reporter.ts';

const slow = 'test/**/*.slow.test.ts';
const speed = 'test/**/*.speed.test.ts';
const globalSetup = 'test/set-up/global-setup.ts';

/**
 * Three projects, run one after the other: `unit` (seconds), `slow` (foreign suites, hostile input: minutes) and
 * `speed` (wall-clock and heap limits, alone on the machine so that a neighbour does not count).
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', new ClosingLineReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          include: ['test/**/*.test.ts'],
          exclude: [slow, speed],
          testTimeout: 10_000,
          // Files share a worker's modules: loading a thousand of them anew for each file took half of the time.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'slow',
          globalSetup,
          include: [slow],
          testTimeout: 15 * 60_000,
          hookTimeout: 5 * 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'speed',
          globalSetup,
          include: [speed],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          execArgv: ['--expose-gc'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
