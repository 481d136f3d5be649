import { describe, expect, it } from 'vitest';
import { definitions } from '../../ir/ops/registry.ts';
import { catalogParts } from '../../tools/error-catalogs.ts';
import { errorPages } from '../../tools/error-pages.ts';

describe('the pages of error codes', () => {
  it('show the example with its diagnostic', () => {
    const page = errorPages(catalogParts, []).get('E1102.md') ?? '';
    expect(page).toContain(
      [
        '```text',
        "example.mlir:2:8: error[E1102]: 'add' is not an operation: its dialect is missing",
        '  2 |   %0 = add %a, %a : tensor<2xf32>',
        '    |        ^~~',
        "  hint: did you mean 'stablehlo.add'?",
        '```',
      ].join('\n'),
    );
  });

  it('show of every example the code of the page', () => {
    const others = [...errorPages(catalogParts, [])].filter(([name, page]) => {
      const code = name.replace('.md', '');
      return page.includes('## Example') && !page.includes(`[${code}]`);
    });
    expect(others.map(([name]) => name)).toEqual([]);
  });

  it('list the constraints of an op', () => {
    const definition = definitions.find(({ name }) => name === 'stablehlo.concatenate');
    const page = errorPages([], definition === undefined ? [] : [definition]).get(`${definition?.code}.md`);
    expect(page).toContain('| C2 |');
  });

  it('refuse two entries of one code', () => {
    const part = { heading: 'x', entries: { E9999: { title: 'a', explanation: 'b' } } };
    expect(() => errorPages([part, part], [])).toThrow('E9999 is used twice');
  });
});
