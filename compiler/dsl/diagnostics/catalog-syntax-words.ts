/** E6001 to E6023: characters, words, brackets. */
import type { CatalogEntry } from '../../../ir/diagnostics/catalog.ts';

export const wordsCatalog = {
  E6001: {
    title: 'not UTF-8 text',
    explanation:
      'A `.tess` file is UTF-8 text. The bytes at the place shown belong to no character: the file was saved in another encoding, or it is no text at all.',
  },
  E6002: {
    title: 'file too large',
    explanation:
      'A program may have up to 8 MiB. Numbers belong into `.npy` files or `.safetensors` files, which are read beside the program.',
  },
  E6003: {
    title: 'character without a meaning',
    explanation:
      'The character has no meaning outside of strings and comments. Names are made of ASCII letters, digits and `_`, since they become names of files, of C functions and of tensors.',
    example: 'let μ = 0.5\n',
    corrected: 'let mu = 0.5\n',
  },
  E6004: {
    title: 'character that looks like another',
    explanation:
      'Word processors and web pages replace plain characters by similar ones: a minus, a typographic quotation mark, a space that does not break. Such a character is read as what it looks like, and reported.',
    example: 'let x = 3 − 1\n',
    corrected: 'let x = 3 - 1\n',
  },
  E6005: {
    title: 'string without an end',
    explanation: 'A string ends on the line where it starts. A line break in it is written `\\n`.',
    example: 'test "adds {\n}\n',
    corrected: 'test "adds" {\n}\n',
  },
  E6006: {
    title: 'string in single quotes',
    explanation: 'Strings are written in double quotes.',
    example: "let pad = 'same'\n",
    corrected: 'let pad = "same"\n',
  },
  E6007: {
    title: 'unknown escape',
    explanation:
      'In a string a backslash starts an escape: `\\n` line break, `\\t` tabulator, `\\r` carriage return, `\\"`, `\\\\`, or `\\u{...}` with the hexadecimal number of a character.',
    example: 'let path = "data\\digits"\n',
    corrected: 'let path = "data\\\\digits"\n',
  },
  E6008: {
    title: 'malformed number',
    explanation:
      'Numbers are written `1_000`, `0xff`, `0b101`, `1.5`, `1e-5`. They have no suffix: a literal takes the dtype of what it meets, and `f32(x)` converts.',
    example: 'let rate = 0.5f\n',
    corrected: 'let rate = 0.5\n',
  },
  E6009: {
    title: 'point without digits on both sides',
    explanation: 'A number with a point has digits before and after it, so that `0..n` and `x.0` need no spaces.',
    example: 'let rate = .5\n',
    corrected: 'let rate = 0.5\n',
  },
  E6010: {
    title: 'comment of another language',
    explanation:
      'A comment starts with `//` and goes to the end of its line. `///` documents the declaration after it, `//!` at the head documents the file.',
    example: '# the learning rate\nlet rate = 0.5\n',
    corrected: '// the learning rate\nlet rate = 0.5\n',
  },
  E6011: {
    title: 'sign of another language',
    explanation: 'Conditions are joined by `and`, `or`, `not`; powers are `**`; there is no `? :` and no `=>`.',
    example: 'fn f(a: bool, b: bool) -> bool = a && b\n',
    corrected: 'fn f(a: bool, b: bool) -> bool = a and b\n',
  },
  E6012: {
    title: 'comment that looks like a division',
    explanation:
      'A warning: `//` and a number follow a value. `//` starts a comment here; `/` divides, and drops the rest where both sides are whole numbers.',
    example: 'fn half(static n: int) -> int = n // 2\n',
    corrected: 'fn half(static n: int) -> int = n / 2\n',
  },
  E6013: {
    title: 'semicolon',
    explanation:
      'A statement ends with its line, and arguments are separated by commas. `;` stands only in `[value; count]`.',
    example: 'fn f(x: f32) -> f32 {\n  let y = x + 1;\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = x + 1\n  y\n}\n',
  },
  E6014: {
    title: 'bracket that is never closed',
    explanation:
      'The bracket at the place shown has no partner. The hint says up to where it was looked for: a declaration or a statement cannot lie within parentheses, and a declaration that starts no further right than a block ends it.',
    example: 'fn f(x: f32) -> f32 {\n  let y = (x + 1\n  y\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  let y = (x + 1)\n  y\n}\n',
  },
  E6015: {
    title: 'bracket that closes nothing',
    explanation: 'No bracket of this kind is open here.',
    example: 'fn f(x: f32) -> f32 = (x + 1))\n',
    corrected: 'fn f(x: f32) -> f32 = (x + 1)\n',
  },
  E6016: {
    title: 'bracket closed by one of another kind',
    explanation: 'Brackets come in pairs: `()`, `[]`, `{}`. The note shows the opening one.',
    example: 'fn f[n](x: f32[n]) = x[0)\n',
    corrected: 'fn f[n](x: f32[n]) = x[0]\n',
  },
  E6017: {
    title: 'nested too deep',
    explanation: 'Brackets may be nested 128 deep, and a row of operators may be 256 long. Give parts of it names.',
    example: `let x = ${'('.repeat(257)}1${')'.repeat(257)}\n`,
    corrected: 'let x = 1\n',
  },
  E6018: {
    title: 'word of another language',
    explanation: 'The word has this meaning in other languages only; the hint says what is written here.',
    example: 'def f(x: f32) -> f32 = x + 1\n',
    corrected: 'fn f(x: f32) -> f32 = x + 1\n',
  },
  E6019: {
    title: '`return`',
    explanation:
      'The value of a block is its last expression, so there is no `return`. A function that would end early has its rest in an `else`.',
    example: 'fn f(x: f32) -> f32 {\n  return x + 1\n}\n',
    corrected: 'fn f(x: f32) -> f32 {\n  x + 1\n}\n',
  },
  E6020: {
    title: '`elif`',
    explanation: 'Conditions are chained with `else if`.',
    example: 'fn f(static n: int) -> int = if n < 0 { -1 } elif n > 0 { 1 } else { 0 }\n',
    corrected: 'fn f(static n: int) -> int = if n < 0 { -1 } else if n > 0 { 1 } else { 0 }\n',
  },
  E6021: {
    title: '`lambda`',
    explanation: 'A function without a name is `fn(x) = x + 1`, or `fn(x) { ... }`.',
    example: 'let f = lambda x: x + 1\n',
    corrected: 'let f = fn(x) = x + 1\n',
  },
  E6022: {
    title: 'value of another language',
    explanation: 'The conditions are `true` and `false`; there is no null, since every value is there.',
    example: 'let training = True\n',
    corrected: 'let training = true\n',
  },
  E6023: {
    title: '`self`',
    explanation:
      'In a model its members are in scope under their own names, and functions of a model have no parameter for it.',
    example: 'model Scale {\n  param w: f32 = ones\n  fn call(x: f32) -> f32 = self.w * x\n}\n',
    corrected: 'model Scale {\n  param w: f32 = ones\n  fn call(x: f32) -> f32 = w * x\n}\n',
  },
} as const satisfies Record<`E60${number}`, CatalogEntry>;
