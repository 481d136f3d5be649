/** Every diagnostic of the language: where it is reported for the example of its page, under which text, and with which hint. */
import { describe, expect, it } from 'vitest';
import { languageCatalog, type LanguageCode } from '../../../../compiler/dsl/diagnostics/catalog-language.ts';
import { elaborateProgram } from '../../../../compiler/dsl/elaborate.ts';
import type { CatalogEntry } from '../../../../ir/diagnostics/catalog.ts';
import type { Diagnostic } from '../../../../ir/diagnostics/diagnostic.ts';
import { check, load } from '../program.ts';

/** Line, column, the first line of the text under the caret, and the hint (empty where there is none). */
type Expected = readonly [line: number, column: number, text: string, hint: string];

/** Codes whose pages have no example of one file: tested below. */
type WithoutExample = 'E6106' | 'E6802' | 'E6804' | 'E6805' | 'E6806' | 'E6808' | 'E6810' | 'E6814';

const expected: Readonly<Record<Exclude<LanguageCode, WithoutExample>, Expected>> = {
  E6101: [1, 22, 'sofmax', 'did you mean `softmax`?'],
  E6102: [1, 24, 'shap', 'did you mean `shape`?'],
  E6103: [2, 4, 'f', 'give one of them another name'],
  E6104: [1, 5, 'nm', 'a file of your own is used by its path: `use "./nm.tess"`'],
  E6105: [1, 5, '"./nowhere.tess"', 'paths are relative to the file that says `use`'],
  E6107: [1, 9, 'Dnse', 'did you mean `Dense`?'],
  E6108: [1, 5, 'a', 'give one of the constants on the way a value of its own'],
  E6201: [2, 12, '"one"', 'the type is `f32`'],
  E6203: [1, 12, 'n', 'a tensor of that size is `f32[n]`'],
  E6204: [1, 22, 'x(0)', 'elements are taken with `x[i]`'],
  E6205: [2, 21, 'x', 'its parameters are `x`'],
  E6206: [2, 16, 'g(x)', 'its parameters are `x`, `y`'],
  E6207: [2, 24, 'rte', 'did you mean `rate`?'],
  E6208: [2, 24, 'x', 'give it by position or by name, not both'],
  E6209: [2, 7, '(a, b)', '`_` stands for a part that is not needed'],
  E6210: [1, 25, 'x > 0', '`where(mask, a, b)` chooses element by element; `any` and `all` make one bool of many'],
  E6211: [
    1,
    27,
    'if x > 0 { x } else { y }',
    'which branch runs is only known at run time, so both must give the same type',
  ],
  E6212: [1, 6, 'n', 'make it a parameter: `n: int`'],
  E6213: [2, 12, 'Pair[n, n]', 'there are 2 in the brackets'],
  E6214: [
    2,
    3,
    'x',
    'a newline ends a statement: put an infix operator at the start of the next line to go on, or bind the value with `let`',
  ],
  E6215: [1, 23, '2', 'its elements are 0 to 1'],
  E6216: [
    3,
    12,
    'xs',
    'over an axis of a tensor use `scan(xs, init: ..., fn(carry, x) ...)` or `map`; over sizes write `for i in 0..n`',
  ],
  E6218: [2, 18, '(a: x, c: x)', 'the type is `(a: f32, b: f32)`'],
  E6219: [2, 18, 'x', 'nothing casts by itself: `f32(...)` converts'],
  E6220: [2, 18, 'x', 'a tensor is only known at run time'],
  E6330: [2, 35, 'y', 'axis 0 is 4, not 3'],
  E6331: [2, 21, 'x', 'the ranks differ: this one has 1 axis'],
  E6332: [1, 13, '2.5', 'sizes are whole: `f32[n, 3]`'],
  E6712: [1, 45, 'i', '`wrt:` says at which values: `grad(f, wrt: x)`'],
  E6713: [1, 19, 'grad(fn(x) = x * x)(x)', 'make one number of it: `sum(...)` or `mean(...)`'],
  E6711: [1, 43, 'fn(s, x) = s + x', 'give `()` for a result that is not needed: `(carry, ())`'],
  E6301: [
    1,
    33,
    'x + y',
    'aligned from the right, axis -1 is [3] on one side and [4] on the other; to align from the left, write `x[:, new]`',
  ],
  E6302: [1, 33, 'x * y', 'nothing casts by itself; convert the right one with `f32(...)`'],
  E6303: [1, 26, '0.5', 'convert the tensor: `f32(x)`'],
  E6304: [1, 22, 'x and true', 'it is for booleans: compare first, `x > 0`'],
  E6305: [1, 36, 'x @ y', 'the other axis fits: `a @ transpose(b)`'],
  E6306: [1, 21, '4', 'it takes -4 to 3'],
  E6307: [1, 27, '0', ''],
  E6308: [1, 32, 'i', 'an index is an integer, a range `a..b`, `:`, an integer tensor, `...` or `new`'],
  E6309: [1, 21, '2..6', ''],
  E6310: [3, 11, 'zeros(f32[4])', ''],
  E6312: [1, 9, '7 / 2', '`div(7, 2)` rounds down; `7.0 / 2` is a fraction'],
  E6313: [1, 33, '(5, 3)', 'one of the sizes may be -1'],
  E6314: [1, 38, '2', ''],
  E6315: [1, 35, '(1, 0)', ''],
  E6316: [1, 43, '[x, y]', 'all other axes must have the same sizes'],
  E6317: [1, 28, '2', 'give the sizes: `split(x, [2, 3], axis: 0)`'],
  E6318: [1, 26, 'x', 'it takes floats or complex numbers; convert with `f32(...)`'],
  E6319: [1, 43, '"ij,k->ik"', 'an equation reads `"nhe,nthe->nht"`'],
  E6320: [1, 20, '3 - 5', 'sizes are at least 0'],
  E6321: [1, 9, '10 ** 20', ''],
  E6701: [1, 22, 'reshape(x)', 'its signature is `reshape(x, shape)`'],
  E6702: [1, 29, 'x', 'its signature is `exp(x)`'],
  E6703: [1, 32, 'axs', 'did you mean `axis`?'],
  E6704: [1, 41, '1', ''],
  E6705: [1, 38, '"rows"', 'the signature is `sum(x, axis = all, axes: all, keep: false)`'],
  E6706: [1, 64, '"some"', 'did you mean "same"?'],
  E6707: [1, 48, 'conv(x, w)', 'pad it (`pad: "same"`), or take a smaller window'],
  E6708: [
    1,
    48,
    'conv(x, w)',
    'images are `[n, spatial..., c]`, kernels `[spatial..., in, out]`; a depthwise kernel is `[spatial..., 1, c]` with `groups: c`',
  ],
  E6709: [1, 18, '3', '`key(seed)` makes one from a number, `split_key(k)` two from one'],
  E6710: [1, 51, '(q: x)', ''],
  E6322: [1, 29, 'x', ''],
  E6401: [3, 13, 'add', 'its caller has to keep what it writes'],
  E6402: [3, 3, 'y', 'declare it with `var y = ...`, or an `inout` parameter'],
  E6403: [3, 3, 'g', 'places are a `var`, an `inout` parameter, and the fields of a model'],
  E6404: [4, 5, 's', 'use `scan` to carry a value from one step to the next, or a `for` over a compile-time range'],
  E6405: [6, 5, 'y', 'write `&` before a `var` or a field: `&x`'],
  E6406: [3, 7, '&y', 'leave out the `&`'],
  E6407: [6, 10, 'y', 'give two variables, or different fields of one'],
  E6408: [3, 9, 'sum(y) < 10', 'what a loop carries at run time keeps its type'],
  E6409: [3, 3, 'if x > 0 { n := 1 }', 'start from a run-time value, such as `i32(0)` or `f32(0)`'],
  E6410: [4, 15, '(b: f32(1))', 'they differ at `a`'],
  E6411: [7, 9, 'g(&m)', 'write in the body, and read in the condition'],
  E6501: [
    3,
    12,
    '0..100000000',
    'loops over numbers known at compile time are unrolled; `scan` and `while` over tensors run at run time',
  ],
  E6502: [1, 23, 'f(x)', 'repeat with `for` over a compile-time range, or with `while` or `scan` at run time'],
  E6503: [3, 15, 'n', 'a tensor is only known at run time'],
  E6504: [3, 25, 's + s', 'what is large is a tensor; lists and tuples are taken apart at compile time'],
  E6505: [1, 16, 'A', 'a type is made of tensors; a list repeats one: `[Name; 3]`'],
  E6601: [2, 9, 'w', 'write `param w: f32[3] = zeros`'],
  E6602: [2, 15, 'float', 'a number at compile time is a parameter of the model: `model M(rate: float)`'],
  E6603: [5, 16, 'A()', 'make it a field of a model: `name: A(...)`'],
  E6604: [2, 10, 'A()', 'a model has a list of others for depth: `[Block(...) for i in 0..depth]`'],
  E6605: [
    2,
    15,
    'like',
    'use its type (`state velocity: P = zeros`), and take the value as an argument of the function',
  ],
  E6606: [6, 21, 'a(x)', 'call one of its functions: `m.f(x)`'],
  E6607: [2, 3, 'state count', 'write `state name: f32[n] = zeros`; only `state key` has a type of its own, `u32[2]`'],
  E6608: [
    2,
    21,
    '"zeros"',
    'a number, a tensor, or a function of the type, or of the type and a key: `fn(t: type, key: u32[2])`',
  ],
  E6609: [4, 3, 'param w: f32 = zeros', 'a name in `@name("...")` is no other field\'s'],
  E6610: [2, 9, '0.5', 'a constant is written `let name = ...`, a tensor `param name: T`'],
  E6611: [5, 7, '[A(); 3]', 'make one for each: `[Model(...) for i in 0..count]`'],
  E6801: [
    4,
    14,
    'B',
    'an artifact has one exported model; make it a field of the other, or export it from a file of its own',
  ],
  E6803: [1, 13, 'g: fn(f32) -> f32', 'its inputs are tensors, and records, tuples and lists of them'],
  E6807: [1, 23, 'sin', 'the outputs of an artifact are tensors, and records, tuples and lists of them'],
  E6809: [1, 13, 'x', "write `x: f32[n, 3]`, with `[n]` after the function's name"],
  E6811: [5, 5, 'assert(x < 9)', 'assert after the loop what it computed'],
  E6812: [2, 3, 'assert(x > 0)', 'move it to a `test "..." { }` block'],
  E6813: [2, 14, '3', 'name a declared function: `fn f[n](x: f32[n]) -> f32[n] = ...`'],
};

const catalog: Readonly<Record<string, CatalogEntry>> = languageCatalog;

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const { all } = check(text);
  if (all.length > 0) return all;
  const { program, sink } = load(text);
  if (program !== undefined) elaborateProgram(program, { dims: new Map(), settings: new Map() }, sink);
  return sink.all;
}

/** The first line of what the caret stands under. */
function markedText({ span }: Diagnostic): string {
  const bytes = span?.source.bytes.subarray(span.start, span.end) ?? new Uint8Array();
  return new TextDecoder().decode(bytes).split('\n')[0] ?? '';
}

describe('the diagnostics of the language', () => {
  it.each(Object.entries(expected))('%s stands at its place, with its hint', (code, [line, column, text, hint]) => {
    const found = diagnosticsOf(catalog[code]?.example ?? '');
    expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [diagnostic] = found;
    expect(diagnostic?.span?.source.lineColumn(diagnostic.span.start)).toEqual({ line, column });
    expect(diagnostic === undefined ? '' : markedText(diagnostic)).toBe(text);
    expect(diagnostic?.hint ?? '').toBe(hint);
  });

  it('are more than 90, and have words of their own', () => {
    const titles = Object.values(catalog).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(90);
    expect(new Set(titles).size).toBeGreaterThan(90);
  });
});
