import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../../compiler/diagnostics/render.ts';
import { syntaxCatalog } from '../../../../compiler/dsl/diagnostics/catalog-syntax.ts';
import { parseText } from '../syntax/parse-text.ts';

/** Code -> where its example is wrong: line, column, the text under the caret, what is said, and what to do. */
const expected: Readonly<Record<string, readonly [number, number, string, string, string]>> = {
  E6003: [
    1,
    5,
    'μ',
    'names are made of the letters a to z, digits and `_`, so `μ` is none',
    'spell it in plain letters: `mu`',
  ],
  E6004: [1, 11, '−', 'this is a mathematical minus, not `-`', 'type `-` over it'],
  E6005: [
    1,
    6,
    '"adds {',
    'this string does not end on its line',
    'put a `"` at its end; a line break is written `\\n`',
  ],
  E6006: [1, 11, "'same'", 'strings are written in double quotes', 'write `"same"`'],
  E6007: [
    1,
    17,
    '\\d',
    '`\\d` is not an escape',
    'there are `\\n`, `\\t`, `\\r`, `\\"`, `\\\\` and `\\u{1F600}`; a backslash itself is written twice',
  ],
  E6008: [
    1,
    12,
    '0.5f',
    '`0.5f` is not a number',
    'numbers have no suffix: they adapt to what they meet; `f32(0.5)` says it',
  ],
  E6009: [1, 12, '.5', 'a number starts with a digit', 'write `0.5`'],
  E6010: [1, 1, '#', 'comments start with `//`', 'write `//` before the comment, on each of its lines'],
  E6011: [1, 36, '&&', '`&&` is not an operator here', 'write `and`'],
  E6012: [
    1,
    35,
    '// 2',
    '`//` starts a comment, so this divides nothing',
    'write `/` to divide; whole numbers divide without a rest',
  ],
  E6013: [2, 16, ';', 'statements end with their line, not with `;`', 'delete it'],
  E6014: [2, 11, '(', 'this `(` is never closed', 'put a `)` where it ends, at the latest before line 4'],
  E6015: [1, 30, ')', 'this `)` closes nothing', 'delete it, or open the bracket that it should close'],
  E6016: [1, 25, ')', '`[` is closed by `)`', 'write `]`'],
  E6017: [1, 137, '(', 'this is nested too deep', 'give the inner parts names with `let`'],
  E6018: [1, 1, 'def', '`def` is not a word of this language', 'a function is `fn name(x: f32) -> f32 = x`'],
  E6019: [
    2,
    3,
    'return',
    'there is no `return`: the last expression of a block is its value',
    'leave the word out; to end early, put the rest into an `else`',
  ],
  E6020: [1, 46, 'elif', '`elif` is not a word of this language', 'write `else if`'],
  E6021: [1, 9, 'lambda', '`lambda` is not a word of this language', 'write `fn(x) = x + 1`'],
  E6022: [1, 16, 'True', '`True` is not a value here', 'write `true`'],
  E6023: [
    3,
    28,
    'self',
    'members are in scope under their own names',
    'leave out what stands before the name: `weight`, not `self.weight`',
  ],
  E6030: [
    3,
    5,
    '=',
    '`=` does not change a value',
    'write `:=` to change a `var` or a state, `let x = ...` for a new name',
  ],
  E6031: [3, 5, '+=', 'there is no `+=`', 'write `y := y + ...`'],
  E6032: [1, 10, ':=', 'a new name gets its value with `=`, not `:=`', 'write `=`'],
  E6033: [
    2,
    3,
    'x + 1',
    'this is no place that can be written',
    'on the left of `:=` stands a name, a member, an index, or a tuple of these',
  ],
  E6034: [
    2,
    13,
    '2',
    '`2` follows a statement that is complete',
    'an operator, a comma or a line break is lost after `x`',
  ],
  E6035: [2, 7, ':', 'a block does not start with `:`', 'put the block into braces: `{ ... }`'],
  E6036: [1, 44, 'x', '`{` is missing before `x`', 'blocks are in braces, also those of one line'],
  E6037: [2, 3, 'else', 'this `else` has no `if`', 'an `else` follows the `}` of its `if`'],
  E6038: [2, 8, '\n', 'this name gets no value', 'write `let x = 1`; a tensor may start as `zeros(f32[n])`'],
  E6039: [
    2,
    3,
    'fn g',
    'functions are not declared inside of others',
    'write `let g = fn(...) = ...`, or move the function out',
  ],
  E6040: [
    2,
    3,
    'param',
    '`param` does not belong in a block',
    'parameters are members of a `model`, beside its functions',
  ],
  E6041: [1, 1, 'rate', '`rate` is not declared here', 'write `let rate = ...`'],
  E6042: [
    2,
    3,
    'hidden',
    '`hidden` is not declared here',
    'write `let hidden = ...` for a constant, `hidden: ...` for a sub-model, `param` or `state` for tensors',
  ],
  E6043: [
    1,
    7,
    '\n',
    'a declaration is missing before the end of the line',
    'a file holds `use`, `fn`, `model`, `type`, `let` and `test`',
  ],
  E6050: [1, 32, ')', 'a value is missing before `)`', 'a name, a number, a call or `(...)` may stand here'],
  E6051: [1, 25, '*', '`*` has nothing on its right', 'write the second operand, or delete the operator'],
  E6052: [1, 38, '<', 'comparisons do not chain', 'write `0 <= n and n < 10`'],
  E6053: [
    1,
    53,
    'not',
    '`not` binds looser than the operator before it',
    'put the whole condition in parentheses: `a == (not b)`',
  ],
  E6054: [1, 29, '..', 'ranges do not chain', 'a range has two ends, and a step after `by`: `0..10 by 2`'],
  E6055: [
    2,
    11,
    '&',
    '`&` is only for arguments',
    'write `&` before an argument for an `inout` parameter: `f(&kv[i])`',
  ],
  E6056: [1, 31, ':', 'slices are written with `..`, not `:`', 'write `a..b`, `a..`, `..b`, and a step as `a..b by 2`'],
  E6057: [
    1,
    41,
    'x',
    'an argument without a name follows a named one',
    'first those without a name, in order, then the named ones; a function `fn(x) = ...` may be the last',
  ],
  E6058: [
    1,
    28,
    'y: y',
    'some of these fields have names and some have none',
    'write `(x: a, y: b)` for a record, `(a, b)` for a tuple',
  ],
  E6059: [1, 30, 'y', '`,` or `)` is missing before `y`', 'an operator or a comma may be lost here'],
  E6060: [2, 3, ',', '`,` does not fit here', 'docs/language.md shows what does'],
  E6061: [
    1,
    6,
    'new',
    '`new` is a word of the language and cannot be a name',
    'choose another name: `new_`, or a longer one',
  ],
  E6063: [1, 13, ']', 'these brackets are empty', 'a scalar is `f32`; all of a tensor is `x[...]`'],
  E6064: [1, 37, '=', 'a name and its value are joined by `:`, not `=`', 'write `f(x, axis: 1)`, `(probs: p)`'],
  E6065: [3, 10, 'in', '`for` takes no parentheses', 'write `for i in 0..n { ... }`'],
  E6066: [1, 26, '{', 'a condition is missing before `{`', 'write `if c { a } else { b }`'],
  E6067: [1, 43, '=', '`=` compares nothing', 'write `==`'],
  E6070: [
    1,
    20,
    '\n',
    'this function has no body',
    'write `= value` or `{ ... }` after its signature: `fn f(x: f32) -> f32 = x + 1`',
  ],
  E6071: [1, 13, ':', '`->` is missing before `:`', 'write `->` before the type of the result'],
  E6072: [
    1,
    6,
    '(a, b)',
    'this parameter has no name of its own',
    'give it one name, and take it apart with `let (a, b) = ...`',
  ],
  E6073: [
    1,
    5,
    'export',
    '`export` does not belong here',
    'the words before `fn` are, in this order, `export mut`, each at most once',
  ],
  E6074: [
    1,
    8,
    'let',
    '`let` is not exported',
    'other files see all declarations of this one; `export` is for what an artifact offers: `fn`, `model`, `train`',
  ],
  E6075: [
    1,
    9,
    'int',
    '`int` is no kind of thing to be generic in',
    'a dimension is written `n`, several `...s`; kinds are `tree`, `dtype` and `type`; numbers are parameters',
  ],
  E6076: [
    2,
    4,
    'rename',
    'there is no annotation `rename`',
    'there is `@name("the.name.in.the.file")`; the matrix product at the start of a line is `@ x`, with a space',
  ],
  E6077: [2, 16, '=', '`:` and the type are missing before `=`', 'write `param w: f32[n] = zeros`'],
  E6078: [1, 1, 'test', 'this test has no name', 'write `test "adds" { ... }`'],
  E6079: [
    1,
    15,
    'as',
    'this `use` cannot be read from `as` on',
    'write `use nn`, `use nn.losses as l`, `use nn (Dense, relu)`, `use "./file.tess" as f`',
  ],
  E6080: [
    2,
    7,
    'mut',
    '`mut` is only for functions that write state',
    'write `var x = 1` for what changes, `let x = 1` for what does not',
  ],
  E6081: [1, 4, '(', 'a name is missing before `(`', 'names start with a letter or `_`'],
  E6082: [
    1,
    5,
    '<',
    'what a function is generic in stands in `[` and `]`',
    'write `fn f[n](x: f32[n])`, `fn f[T: dtype](x: T)`',
  ],
};

const entries = Object.entries(syntaxCatalog).flatMap(([code, entry]) =>
  'example' in entry ? [{ code, example: entry.example, corrected: entry.corrected }] : [],
);

describe('the catalog of the syntax', () => {
  it.each(entries)('$code: the example is one error, at its place, with its hint', ({ code, example }) => {
    const { diagnostics } = parseText(example, 'example.tess');
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [diagnostic] = diagnostics;
    const { source, start = 0, end = 0 } = diagnostic?.span ?? {};
    const { line, column } = source?.lineColumn(start) ?? {};
    const text = new TextDecoder().decode(source?.bytes.subarray(start, end));
    expect([line, column, text, diagnostic?.message, diagnostic?.hint]).toEqual(expected[code]);
  });

  it.each(entries)('$code: the caret stands under the text', ({ code, example }) => {
    const [diagnostic] = parseText(example, 'example.tess').diagnostics;
    const [, line, caret] = diagnostic === undefined ? [] : renderDiagnostic(diagnostic).split('\n');
    const [, , text = ''] = expected[code] ?? [];
    if ((line ?? '').includes('...')) return;
    expect(line?.slice(caret?.indexOf('^')).slice(0, text.trim().length)).toBe(text.trim());
  });

  it.each(entries)('$code: the corrected example is read', ({ corrected }) => {
    expect(parseText(corrected).diagnostics).toEqual([]);
  });

  it('every message and hint is one sentence or phrase without a full stop at its end', () => {
    for (const [, , , message, hint] of Object.values(expected)) {
      expect(message).not.toMatch(/[.!]$/);
      expect(hint).not.toMatch(/[!]$/);
      expect(message.length).toBeLessThan(120);
    }
  });
});

describe('what no text shows', () => {
  it('E6001: bytes that are not UTF-8 are reported where they begin', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('let ä = 1\nlet s = "'), 0xff, 0xfe, 34, 10]);
    const { diagnostics } = parseText(bytes);
    expect(diagnostics.map(({ code, span }) => [code, span?.start])).toEqual([['E6001', 20]]);
    expect(diagnostics[0]?.hint).toContain('UTF-8');
  });

  it('E6002: a file of gigabytes is not read', () => {
    const { diagnostics } = parseText(new Uint8Array(8 * 1024 * 1024 + 1).fill(32));
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['E6002', 'a .tess file may have up to 8 MiB; keep numbers in .npy or .safetensors files'],
    ]);
  });
});
