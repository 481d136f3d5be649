import { describe, expect, it } from 'vitest';
import {
  evaluateDirectly,
  bufferId,
  makeValues,
  matmul,
  type MatmulOptions,
  matmulSchedule,
  runLowered,
  type RunOptions,
} from './contraction-kernels.ts';

function check(options: MatmulOptions, run: Partial<RunOptions> = {}): void {
  const kernel = matmul(options);
  const values = makeValues(kernel, run.symbols);
  const expected = evaluateDirectly(kernel, values, run.symbols).get(bufferId(2));
  expect(runLowered(kernel, values, { schedule: matmulSchedule, ...run })).toEqual(expected);
}

describe('a matrix product with bias, residual and relu', () => {
  it('runs over packed constant columns', () => {
    check({ m: 12, k: 16, n: 16, isConstant: true, epilogue: true });
  });
});
