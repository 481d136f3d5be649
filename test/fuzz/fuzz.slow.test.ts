/** 5,000 programs of fixed seeds, as anyone runs them: `npm run fuzz` on the built compiler, two threads. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SliceReport } from './slice.ts';

const main = fileURLToPath(new URL('../../dist/test/fuzz/main.js', import.meta.url));

it('5,000 random programs compute on compiled targets what the evaluator does', () => {
  const args = [main, '--from', '1', '--count', '5200', '--jobs', '2', '--cache', '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as SliceReport;
  expect(report.failures.map(({ seed, message, text }) => `seed ${seed}: ${message}\n${text}`)).toEqual([]);
  expect(report.agreed).toBeGreaterThanOrEqual(5000);
  expect(report.unchecked).toBeLessThan(0.15 * report.elements);
});
