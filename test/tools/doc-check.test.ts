import { describe, expect, test } from 'vitest';
import { findDeadLinks, findUnexplainedDependencies } from '../../tools/doc-check.ts';

function deadLinks(pages: Readonly<Record<string, string>>, others: readonly string[] = []): string[] {
  const paths = new Set([...Object.keys(pages), ...others]);
  return findDeadLinks(new Map(Object.entries(pages)), paths).map(
    ({ file, line, message }) => `${file}:${line}: ${message}`,
  );
}

describe('links', () => {
  test('to files, folders, headings and other sites are fine', () => {
    const pages = {
      'README.md': '# Home\n[a](docs/a.md) [folder](ir/) [site](https://example.org/x.md) [top](#home)',
      'docs/a.md': '# A\n## How `x` is read: twice\n[up](../README.md) [here](a.md#how-x-is-read-twice)',
    };
    expect(deadLinks(pages, ['ir', 'docs'])).toEqual([]);
  });

  test('to a file that is not there are named with their line', () => {
    expect(deadLinks({ 'docs/a.md': '# A\n\n[b](b.md)' })).toEqual(["docs/a.md:3: 'b.md' leads to no file"]);
  });

  test('to a heading that is not there are named', () => {
    expect(deadLinks({ 'a.md': '# A\n[b](#b)' })).toEqual(["a.md:2: 'a.md' has no heading '#b'"]);
  });

  test('inside code are no links', () => {
    expect(deadLinks({ 'a.md': '```\n[b](b.md)\n```\n`[c](c.md)`' })).toEqual([]);
  });
});

test('a dependency needs a row that names it in its first cell', () => {
  const readme = '| dependency | why |\n| --- | --- |\n| `one`, `two` | needed |\n| other | unlike `three` |\n';
  expect(findUnexplainedDependencies(readme, ['one', 'two', 'three'])).toEqual(['three']);
});
