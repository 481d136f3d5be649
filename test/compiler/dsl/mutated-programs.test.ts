import { describe, expect, it } from 'vitest';
import { mutatedProgram, randomNumbers, readProgram } from './mutated-programs.ts';

describe('300 programs with random mistakes', () => {
  it('give diagnostics, and nothing else', () => {
    const random = randomNumbers(3);
    const codes = new Set<string>();
    for (let index = 0; index < 300; index++)
      for (const code of readProgram(mutatedProgram(random)).codes) codes.add(code);
    expect(codes.size).toBeGreaterThan(30);
  }, 60_000);
});
