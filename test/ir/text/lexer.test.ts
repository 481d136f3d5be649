import { describe, expect, it } from 'vitest';
import { Lexer } from '../../../ir/text/lexer.ts';

function tokens(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const lexer = new Lexer(bytes);
  const found: string[] = [];
  for (lexer.next(); lexer.kind !== 'end'; lexer.next()) {
    const spelling = new TextDecoder().decode(bytes.subarray(lexer.start, lexer.end));
    found.push(lexer.kind === spelling ? spelling : `${lexer.kind} ${spelling}`);
  }
  return found;
}

describe('the lexer', () => {
  it('tells the sigils apart and takes dots, dashes and dollars into names', () => {
    expect(tokens('%a-b @f.g ^bb0 !stablehlo.token #loc1 stablehlo.add')).toEqual([
      'value %a-b',
      'symbol @f.g',
      'label ^bb0',
      'type-name !stablehlo.token',
      'attribute-name #loc1',
      'identifier stablehlo.add',
    ]);
  });

  it('splits a result number from its value', () => {
    expect(tokens('%0#1')).toEqual(['value %0', 'attribute-name #1']);
    expect(tokens('%12abc')).toEqual(['value %12', 'identifier abc']);
  });

  it('reads numbers: decimal, hexadecimal, fractions with exponents', () => {
    expect(tokens('12 0x1F 0x 1.5 1. 1.0e-5 1.e5 1e5')).toEqual([
      'integer 12',
      'integer 0x1F',
      'integer 0',
      'identifier x',
      'float 1.5',
      'float 1.',
      'float 1.0e-5',
      'float 1.e5',
      'integer 1',
      'identifier e5',
    ]);
  });

  it('prefers the longer mark', () => {
    expect(tokens('-> - :: : ... {-# #-} { }')).toEqual(['->', '-', '::', ':', '...', '{-#', '#-}', '{', '}']);
    expect(tokens('%a->')).toEqual(['value %a', '->']);
  });

  it('takes quoted symbols and strings with escaped quotes as one token', () => {
    expect(tokens('@"a b" "x\\"y" "\\\\"')).toEqual(['symbol @"a b"', 'string "x\\"y"', 'string "\\\\"']);
  });

  it('skips blanks and comments to the end of their line', () => {
    expect(tokens('a // b "c\r\n\td')).toEqual(['identifier a', 'identifier d']);
    expect(tokens('// only')).toEqual([]);
  });

  it('makes a token of what it cannot read, and goes on after it', () => {
    expect(tokens('a é b')).toEqual(['identifier a', 'error é', 'identifier b']);
    expect(tokens('"abc\nd')).toEqual(['error "abc', 'identifier d']);
    expect(tokens('% %')).toEqual(['error %', 'error %']);
    expect(tokens('\0')).toHaveLength(1);
  });

  it('reads nothing from its limit on', () => {
    const lexer = new Lexer(new TextEncoder().encode('ab cd'), 0, 4);
    lexer.next();
    lexer.next();
    expect([lexer.kind, lexer.start, lexer.end]).toEqual(['identifier', 3, 4]);
    lexer.next();
    expect(lexer.kind).toBe('end');
  });
});
