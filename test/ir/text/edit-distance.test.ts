import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../ir/text/edit-distance.ts';

describe('edit distance', () => {
  it('counts insertions, deletions, replacements and swaps of neighbours', () => {
    expect(editDistance('add', 'add')).toBe(0);
    expect(editDistance('add', 'ad')).toBe(1);
    expect(editDistance('abs', 'tabs')).toBe(1);
    expect(editDistance('cos', 'cot')).toBe(1);
    expect(editDistance('revesre', 'reverse')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('suggests the nearest name, and none when all are far', () => {
    expect(nearest('subtrac', ['add', 'subtract', 'multiply'])).toBe('subtract');
    expect(nearest('xyz', ['add', 'subtract'])).toBeUndefined();
    expect(nearest('a'.repeat(1000), ['a'])).toBeUndefined();
  });
});
