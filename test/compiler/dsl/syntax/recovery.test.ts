import { describe, expect, it } from 'vitest';
import { parseText } from './parse-text.ts';

/** `line:column code` of each diagnostic. */
function problems(text: string): string[] {
  return parseText(text).diagnostics.map(({ code, span }) => {
    const { line, column } = span?.source.lineColumn(span.start) ?? {};
    return `${line}:${column} ${code}`;
  });
}

describe('recovery', () => {
  it('reports three mistakes of a file as three', () => {
    const text = `model Net(d: int) {
  param w f32[d] = ones

  fn call[n](x: f32[n, d]) -> f32[n, d] {
    let y = x * w ^ 2
    return y
  }
}
`;
    expect(problems(text)).toEqual(['2:11 E6077', '5:19 E6011', '6:5 E6019']);
  });

  it.each([
    ['a bracket lost in one statement', 'fn f(x: f32) {\n  let a = (1\n  let b = [2\n  c\n}\nfn g() = )\n', ['2:11 E6014', '3:11 E6014', '6:10 E6015']],
    ['a brace lost before the next function', 'model A {\n  fn f() {\n    1\n\n  fn g() = 2\n}\n', ['2:10 E6014']],
    ['a brace lost before the next item', 'fn f() {\n  1\n\nfn g() = 2\n\ntest "a" {\n}\n', ['1:8 E6014']],
    ['a closed call with an open block', 'fn f(x: f32) {\n  g(fn(a) {\n    a\n  )\n  x\n}\n', ['2:11 E6014']],
    ['a string that swallows closing brackets', 'fn f() {\n  g("abc)\n  h(1)\n}\nfn k() = [1, "a\n', ['2:5 E6005', '5:14 E6005']],
    ['a string that swallows an opening brace', 'test "adds {\n  g(1)\n}\nlet x = 1 2\n', ['1:6 E6005', '4:11 E6034']],
    ['blocks of Python', 'fn f(x: f32) {\n  if x > 1:\n    x\n  else:\n    y\n}\nlet z = .5\n', ['2:11 E6035', '7:9 E6009']],
    ['slices of Python', 'let a = x[1:3] + x[:3, 1:] + x[::2]\n', ['1:12 E6056', '1:20 E6056', '1:25 E6056', '1:32 E6011']],
    ['statements of C', 'fn f() {\n  const x = 1; x += 2;\n  x++\n}\n', ['2:3 E6018', '2:14 E6013', '2:18 E6031', '2:22 E6013', '3:4 E6051']],
    ['a class of Python', 'class Net {\n  def call(self, x: f32) { return self.w * x }\n}\n', ['1:1 E6018', '2:3 E6018', '2:12 E6023', '2:28 E6019', '2:35 E6023']],
    ['two statements on a line', 'fn f() {\n  let a = 1 let b = 2\n  a b\n}\n', ['2:13 E6034', '3:5 E6034']],
    ['names in other scripts', 'let café = 1\nlet σ = λ2\n', ['1:5 E6003', '2:5 E6003', '2:10 E6003']],
    ['statements in a file', 'x = 1\nprint(x)\nfor i in x { }\nparam w: f32\nlet ok = 1\n', ['1:1 E6041', '2:1 E6041', '3:1 E6041', '4:1 E6040']],
    ['statements in a model', 'model A {\n  x := 1\n  foo(1)\n  var z = 3\n  model B { }\n  test "a" { }\n}\n', ['2:3 E6042', '3:3 E6042', '4:3 E6040', '5:3 E6040', '6:3 E6040']],
    ['words before declarations', 'export export fn g() = 1\nmut model X { }\nexport type T = f32\n', ['1:8 E6073', '2:5 E6080', '3:8 E6074']],
    ['loops of other languages', 'fn f() {\n  for (i in 0..n) { }\n  for i = 0 { }\n  while { }\n  break\n}\n', ['2:10 E6065', '3:9 E6065', '4:9 E6066', '5:3 E6018']],
    ['arguments as in Python', 'let a = f(axis = 1)\nlet b = (x = 1)\nlet c = lambda x: x\n', ['1:16 E6064', '2:12 E6064', '3:9 E6021']],
    ['operands that are missing', 'fn f() {\n  a +\n  let b = * 2\n  c.\n}\nlet z = x..\n', ['2:5 E6051', '3:11 E6051', '4:5 E6081', '6:10 E6051']],
    ['no cascade from a word of another language', 'from nn import Dense\nlet x = None\nfn f(y: f32) => y\n', ['1:1 E6018', '2:9 E6022', '3:14 E6011']],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  }); // prettier-ignore

  it('keeps the declarations around a mistake', () => {
    const { unit } = parseText('fn a() = 1\nfn b( = 2\nfn c() = 3\nmodel D {\n  x: = 3\n  fn e() = 1\n}\n');
    expect(unit.items.map((item) => (item.kind === 'error' ? 'error' : item.name.text))).toEqual([
      'a',
      'error',
      'c',
      'D',
    ]);
    const model = unit.items.at(-1);
    expect(model?.kind === 'model' ? model.members.map(({ kind }) => kind) : []).toEqual(['error', 'fn']);
  });

  it('says how a condition is written that came last', () => {
    const [diagnostic] = parseText('let a = x if x > 0 else 1\n').diagnostics;
    expect([diagnostic?.code, diagnostic?.hint]).toEqual(['E6034', 'write `if c { a } else { b }`']);
  });

  it('counts places in bytes', () => {
    const { diagnostics } = parseText('// ä€😀\nlet x = "ä€😀" 2\n');
    expect(diagnostics.map(({ span }) => [span?.start, span?.end])).toEqual([[33, 34]]);
  });

  it('stops at the limit of the sink', () => {
    expect(parseText('x = 1\n'.repeat(5000)).diagnostics).toHaveLength(100);
  });
});

describe('nesting', () => {
  const nested: Readonly<Record<string, (depth: number) => string>> = {
    parentheses: (n) => `let x = ${'('.repeat(n)}1${')'.repeat(n)}`,
    calls: (n) => `let x = ${'f('.repeat(n)}1${')'.repeat(n)}`,
    lists: (n) => `let x = ${'['.repeat(n)}1${']'.repeat(n)}`,
    conditions: (n) => `fn f() {${'if c {\n'.repeat(n - 1)}1${'}'.repeat(n - 1)}}`,
    functions: (n) => `let x = ${'fn(x) = '.repeat(n)}1`,
    negations: (n) => `let x = ${'-'.repeat(n)}1`,
    powers: (n) => `let x = ${'2 ** '.repeat(n)}1`,
    sums: (n) => `let x = ${'2 + '.repeat(n)}1`,
    members: (n) => `let x = a${'.a'.repeat(n)}`,
    types: (n) => `type X = ${'fn() -> '.repeat(n)}f32`,
    'chains of else': (n) => `fn f() { if c {}${' else if c {}'.repeat(n)} }`,
  };

  it.each(Object.entries(nested))('of %s may be 120 deep, and is an error far below', (_, make) => {
    expect(parseText(make(120)).diagnostics).toEqual([]);
    expect(parseText(make(300)).diagnostics.map(({ code }) => code)).toEqual(['E6017']);
    expect(parseText(make(20_000)).diagnostics.map(({ code }) => code)).toEqual(['E6017']);
  });

  it('of brackets that stay open is an error too', () => {
    expect(parseText('('.repeat(50_000)).diagnostics.at(-1)?.code).toMatch(/^E60/);
    expect(parseText('{'.repeat(50_000)).diagnostics.at(-1)?.code).toMatch(/^E60/);
  });
});
