import { describe, expect, it } from 'vitest';
import { SliceTable } from '../../../ir/text/slice-table.ts';

describe('a slice table', () => {
  it('finds equal bytes at another place, and only those', () => {
    const table = new SliceTable<number>(new TextEncoder().encode('abc abc abd ab'));
    table.set(0, 3, 7);
    expect(table.get(4, 7)).toBe(7);
    expect(table.get(8, 11)).toBeUndefined();
    expect(table.get(12, 14)).toBeUndefined();
  });

  it('keeps what it holds while it grows', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `name${index}`);
    const text = names.join(' ');
    const table = new SliceTable<number>(new TextEncoder().encode(text));
    const starts: number[] = [];
    let at = 0;
    for (const [index, name] of names.entries()) {
      starts.push(at);
      table.set(at, at + name.length, index);
      at += name.length + 1;
    }
    const found = names.map((name, index) => table.get(starts[index] ?? 0, (starts[index] ?? 0) + name.length));
    expect(found).toEqual(names.map((_, index) => index));
  });

  it('replaces a value under the same bytes', () => {
    const table = new SliceTable<string>(new TextEncoder().encode('xx'));
    table.set(0, 1, 'first');
    table.set(1, 2, 'second');
    expect(table.get(0, 1)).toBe('second');
  });
});
