import { describe, expect, it } from 'vitest';
import { printAttribute } from '../../../ir/text/printer.ts';
import { readAttribute } from './read.ts';

describe('locations print as they are read', () => {
  it.each([
    'loc(unknown)',
    'loc("a.py":3:4)',
    'loc("a.py":3:4 to 5:6)',
    'loc("a.py":3:4 to :6)',
    'loc("name")',
    'loc("name"("a.py":3:4))',
    'loc(callsite("f" at "a.py":3:4))',
    'loc(fused["a", "b"])',
    'loc(fused<{a = 1 : i64}>["a"("x":1:2), "b"])',
  ])('%s', (text) => {
    expect(printAttribute(readAttribute(text))).toBe(text);
  });
});
