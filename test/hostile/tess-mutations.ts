/** Ways to spoil a program of the language, and texts that are absurd from the start. */
import { mutate, Random } from './mutations.ts';

const encoder = new TextEncoder();

/** Things that mean something to the parser, and things that must not. */
const fragments: readonly string[] = [
  '(', ')', '[', ']', '{', '}', '"', "'", '\\', '//', '///', '/*', '#', ';', ',', ':', ':=', '=', '==', '->', '=>', '..', '...', '.', '@',
  '@name(', '&', '|>', '**', '-', '+', '*', '/', '%', '<', '<=', '!', '^', '?', '::', '+=', 'fn', 'fn(', 'fn f(', 'let', 'let x =', 'var',
  'for i in', 'if', 'else', 'else if', 'while', 'model', 'model M {', 'param', 'state', 'test', 'test "', 'use', 'export', 'mut', 'static',
  'inout', 'new', 'not', 'and', 'by', 'type T =', 'return', 'def', 'elif', 'self.', 'None', 'lambda x:', '0x', '1e', '1_', '.5', '1.',
  '9'.repeat(400), '\n', '\n\n', '\n}', '\r', '\t', '\0', '\u00a0', 'é', '😀', '−', '“', '\ufeff', '\u2028',
]; // prettier-ignore

/** One to four mutations of a program, chosen by `seed`: of bytes as of any text, or of words. */
export function mutateProgram(bytes: Uint8Array, seed: number): Uint8Array {
  const random = new Random(seed);
  if (random.below(2) === 0) return mutate(bytes, seed);
  let text = new TextDecoder().decode(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const tokens = [...text.matchAll(/\w+|[^\w\s]/g)];
    const found = random.pick(tokens.length > 0 ? tokens : [/^/.exec('')]);
    const at = found?.index ?? 0;
    const end = at + (found?.[0].length ?? 0);
    const replaced = random.below(3) === 0 ? '' : ` ${random.pick(fragments)} `;
    text = text.slice(0, at) + replaced + text.slice(random.below(2) === 0 ? end : at);
  }
  return encoder.encode(text);
}

export const absurdPrograms: Readonly<Record<string, string>> = {
  'a megabyte of nothing known': "\u0001§$%&/()=?´`*+~'#-_.:,;<>|äöü€😀\n".repeat(25_000),
  'a megabyte of one line': 'a b '.repeat(250_000),
  'a megabyte of opening brackets': '([{'.repeat(330_000),
  'a megabyte of closing brackets': ')]}'.repeat(330_000),
  'a megabyte of quotes': '"'.repeat(1_000_000),
  'a megabyte of strings without an end': '"abc\n'.repeat(200_000),
  'a megabyte of digits': '9'.repeat(1_000_000),
  'a megabyte of a name': 'x'.repeat(1_000_000),
  'a megabyte of statements': `fn f() {\n${'  let x = 1\n'.repeat(90_000)}}\n`,
  'half a megabyte of arguments': `let x = f(${'1,'.repeat(250_000)})\n`,
  'a megabyte of members': `let x = a${'.b'.repeat(500_000)}\n`,
  'a megabyte of a sum': `let x = 1${' + 1'.repeat(250_000)}\n`,
  'a megabyte of comments': '// x\n'.repeat(200_000),
  'a megabyte of documentation': '/// x\n'.repeat(170_000),
  'a megabyte of blanks': ' '.repeat(1_000_000),
  'a megabyte of backslashes': `"${'\\'.repeat(1_000_000)}`,
  'comments that never end': '/*'.repeat(500_000),
  'chains of else': `fn f() { if c {}${' else if c {}'.repeat(80_000)} }`,
  'functions in functions': `let x = ${'fn(x) = '.repeat(120_000)}1`,
  'lines that go on': `let x = a\n${'  + b\n'.repeat(160_000)}`,
};
