import { describe, expect, it } from 'vitest';
import { parsePassList } from '../../passes/pass-list.ts';

/** `name{options}` of each pass, or the message. */
function describeList(text: string): string | readonly string[] {
  const parsed = parsePassList(text);
  if (parsed.kind === 'error') return parsed.message;
  return parsed.invocations.map(({ pass, options }) => `${pass.name}${JSON.stringify(options)}`);
}

describe('a list of passes', () => {
  it('names passes in order, with options in braces', () => {
    expect(describeList('cse, constant-fold{bytes=100,work=5} ,loop-invariant-code-motion{grow}')).toEqual([
      'cse{}',
      'constant-fold{"bytes":100,"work":5}',
      'loop-invariant-code-motion{"grow":true}',
    ]);
  });

  it('hints at the nearest name of a pass or option', () => {
    expect(describeList('canonicalise')).toBe("there is no pass 'canonicalise'; did you mean 'canonicalize'?");
    expect(describeList('constant-fold{byte=1}')).toMatch(
      /no option 'byte'; did you mean 'bytes'\? \(it has bytes, work, /,
    );
    expect(describeList('cse{limit=1}')).toBe('cse has no options');
  });

  it('wants values of the option’s type', () => {
    expect(describeList('constant-fold{bytes=many}')).toBe(
      "constant-fold: the option bytes wants a number, not 'many'",
    );
    expect(describeList('loop-invariant-code-motion{grow=1}')).toMatch(/wants a boolean/);
  });

  it('says what is not a pass name', () => {
    expect(describeList('cse,,dce')).toMatch(/^'' is not a pass name/);
    expect(describeList('cse{')).toMatch(/is not a pass name/);
  });
});
