import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseText } from './parse-text.ts';

describe('the parser', () => {
  it('reads 500 lines in less than 20 ms once it is warm', () => {
    const lines = readFileSync(new URL('../programs/decoder.tess', import.meta.url), 'utf8').split('\n');
    const text = Array.from({ length: Math.ceil(500 / lines.length) }, () => lines.join('\n')).join('\n');
    const times = Array.from({ length: 30 }, () => {
      const start = performance.now();
      expect(parseText(text).diagnostics).toEqual([]);
      return performance.now() - start;
    });
    expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(20);
  });
});
