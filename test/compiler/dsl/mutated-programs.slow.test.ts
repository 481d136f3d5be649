import { describe, expect, it } from 'vitest';
import { mutatedProgram, randomNumbers, readProgram } from './mutated-programs.ts';

describe('20,000 programs with random mistakes', () => {
  it('give diagnostics, none of them after more than two seconds', () => {
    const random = randomNumbers(20_000);
    const codes = new Set<string>();
    let longest = 0;
    for (let index = 0; index < 20_000; index++) {
      const text = mutatedProgram(random);
      const reading = readProgram(text);
      // A busy machine may stop a process for a while: a program is slow when it is so twice.
      const time = reading.time > 2000 ? Math.min(reading.time, readProgram(text).time) : reading.time;
      longest = Math.max(longest, time);
      for (const code of reading.codes) codes.add(code);
    }
    expect(codes.size).toBeGreaterThan(80);
    expect(longest).toBeLessThan(2000);
  }, 600_000);
});
