import { describe, expect, it } from 'vitest';
import { generatedPages, presentPages } from '../../tools/generated-pages.ts';

describe('the generated documents', () => {
  const present = presentPages();
  const expected = generatedPages();

  it('are all there, and no others', () => {
    expect([...present.keys()].sort()).toEqual([...expected.keys()].sort());
  });

  it('are current: npm run docs changes none of them', () => {
    for (const [path, text] of expected) expect(present.get(path), path).toBe(text);
  });
});
