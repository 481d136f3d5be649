import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse } from '../../../passes/fuse.ts';
import { randomProgram } from '../../passes/random-program.ts';
import { kernelDifference } from './expect-kernel.ts';

const choices = fc.array(fc.nat(10_000), { minLength: 8, maxLength: 160, size: 'max' });
const numRuns = Number(process.env['RUNS'] ?? 60);

describe('kernels of random programs', () => {
  it('compute what the evaluator does, op by op', () => {
    const check = (list: number[]): void => {
      const text = randomProgram(list);
      expect(kernelDifference(text, { seeds: 1 }), text).toBeUndefined();
    };
    fc.assert(fc.property(choices, check), { seed: 1, numRuns });
  });

  it('compute what the evaluator does, fused', () => {
    const check = (list: number[]): void => {
      const text = randomProgram(list);
      expect(kernelDifference(text, { seeds: 1, passes: [fuse] }), text).toBeUndefined();
    };
    fc.assert(fc.property(choices, check), { seed: 2, numRuns });
  });
});
