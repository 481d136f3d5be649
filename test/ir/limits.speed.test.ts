/** The limits of the ground floor on large modules, on the built compiler. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Measured {
  readonly parseAndVerify: number;
  readonly heapMegabytes: number;
  readonly print: number;
  readonly simplify: number;
  readonly constant: number;
}

const script = fileURLToPath(new URL('./measure-limits.mjs', import.meta.url));

function measure(): Measured {
  const output = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  return JSON.parse(output) as Measured;
}

describe('a module of 50,000 ops', () => {
  const runs = [measure(), measure(), measure()];
  const best = (key: keyof Measured): number => Math.min(...runs.map((run) => run[key]));

  it('is read and verified in 1 s and 300 MB of heap', () => {
    expect(best('parseAndVerify')).toBeLessThan(1);
    expect(best('heapMegabytes')).toBeLessThan(300);
  });

  it('is printed in 1 s', () => {
    expect(best('print')).toBeLessThan(1);
  });

  it('is canonicalised, freed of common subexpressions and dead code in 2 s', () => {
    expect(best('simplify')).toBeLessThan(2);
  });

  it('and a constant of 50 MB of hex digits is read in 1 s', () => {
    expect(best('constant')).toBeLessThan(1);
  });
});
