/** Diagnostics that depend on other files, or on what a program is elaborated for. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elaborateProgram } from '../../../../compiler/dsl/elaborate.ts';
import { check, type ElaborationChoices, load, messages } from '../program.ts';

const program = `export model Net(hidden: int, bias: bool = true) {
  param w: f32[hidden] = zeros
  export fn predict[n, m](x: f32[n, hidden], y: f32[m]) -> f32[n] = x @ w
}
`;

/** What elaborating says, with its text and caret. */
function saidOf(text: string, { dims = {}, set = {} }: ElaborationChoices): string {
  const loaded = load(text);
  const request = { dims: new Map(Object.entries(dims)), settings: new Map(Object.entries(set)) };
  if (loaded.program !== undefined) elaborateProgram(loaded.program, request, loaded.sink);
  return messages(loaded.sink);
}

describe('what a program is elaborated for', () => {
  it('has every size: those left open are listed at the function', () => {
    expect(saidOf(program, { dims: { m: 2 }, set: { hidden: '3' } })).toBe(
      `main.tess:3:3: error[E6802]: \`predict\` leaves \`n\` open
  3 |   export fn predict[n, m](x: f32[n, hidden], y: f32[m]) -> f32[n] = x @ w
    |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  hint: give it a size: --dim n=64
`,
    );
  });

  it.each([
    ['a branch', 'if n > 4 { 2 * x } else { x }', [2, 6, 'n > 4']],
    ['a fraction', 'x * (1.0 / n)', [2, 8, '1.0 / n']],
    ['the larger of two sizes', 'x * max(n, 4)', [2, 7, 'max(n, 4)']],
  ] as const)('has a number where one decides %s', (_, body, [line, column, marked]) => {
    const said = saidOf(`export fn f[n](x: f32[n]) -> f32[n] {\n  ${body}\n}\n`, { dims: { n: { max: 8 } } });
    expect(said).toBe(`main.tess:${line}:${column}: error[E6802]: \`n\` is left open, but its number is needed here
  2 |   ${body}
    | ${' '.repeat(column - 1)}${'^'.padEnd(marked.length, '~')}
  hint: give it one size: \`--dim n=8\`
`);
  });

  it.each([
    ['a result', 'x', 'E6330'],
    ['a reshape', 'reshape(x, (m,))', 'E6313'],
    ['a scan', 'scan((x, y), init: 0.0, fn(c, p) = (c, p.0 + p.1)).1', 'E6316'],
    ['parts', 'split(x, [m, 1], axis: 0).0', 'E6317'],
  ])('has sizes of which those that are open are shown to be equal: %s', (_, body, code) => {
    const text = `export fn f[n, m](x: f32[n], y: f32[m]) -> f32[m] = ${body}\n`;
    expect(check(text).all).toEqual([]);
    expect(saidOf(text, { dims: { n: { max: 8 }, m: { max: 8 } } })).toContain(`error[${code}]`);
  });

  it('has every compile-time parameter of the model', () => {
    expect(saidOf(program, { dims: { n: 1, m: 2 } })).toContain(
      'main.tess:1:18: error[E6804]: `hidden` of `Net` is not given, and has no default',
    );
  });

  it("has no size that is nobody's", () => {
    const said = saidOf(program, { dims: { n: 1, m: 2, k: 3 }, set: { hidden: '3' } });
    expect(said).toContain(`main.tess:1:14: error[E6805]: no exported function has a dimension \`k\`
  1 | export model Net(hidden: int, bias: bool = true) {
    |              ^~~
  hint: there are \`n\`, \`m\``);
  });

  it('has no size of a function that is not there, nor one that the function does not have', () => {
    const sizes = { n: 1, m: 2 };
    expect(saidOf(program, { dims: { ...sizes, 'predikt.n': 3 }, set: { hidden: '3' } })).toContain(
      'main.tess:1:14: error[E6805]: no function `predikt` is exported\n',
    );
    const said = saidOf(program, { dims: { ...sizes, 'predict.k': 3 }, set: { hidden: '3' } });
    expect(said).toContain('main.tess:3:13: error[E6805]: `predict` has no dimension `k`\n');
  });

  it('has a number where one is needed, and says so once for each size', () => {
    const text = `export fn f[n](x: f32[n]) -> (a: f32, b: f32) {
  var y = x
  for i in 0..n { y := y + 1 }
  let (top, _) = top_k(x, n / 2)
  (a: sum(y) + sum([x; n][0]), b: sum(top))
}
`;
    const said = saidOf(text, { dims: { n: { max: 8 } } });
    expect(said).toContain(`main.tess:3:15: error[E6802]: \`n\` is left open, but its number is needed here
  3 |   for i in 0..n { y := y + 1 }
    |               ^
  hint: give it one size: \`--dim n=8\`
`);
    expect(said).toContain('main.tess:4:18: error[E6802]');
    expect(said).toContain('main.tess:5:24: error[E6802]');
  });

  it("has no setting that is nobody's", () => {
    const said = saidOf(program, { dims: { n: 1, m: 2 }, set: { hidden: '3', width: '4' } });
    expect(said).toContain('main.tess:1:14: error[E6806]: nothing exported has a compile-time parameter `width`');
    expect(said).toContain('hint: there are `hidden`, `bias`');
    const close = saidOf(program, { dims: { n: 1, m: 2 }, set: { hidden: '3', hiden: '4' } });
    expect(close).toContain('hint: did you mean `hidden`?');
  });

  it('exports something', () => {
    expect(saidOf('fn f(x: f32) = x\n', {})).toContain('main.tess:1:1: error[E6808]: the file exports nothing');
    expect(saidOf('export model M {\n  fn f(x: f32) = x\n}\n', {})).toContain(
      'main.tess:1:14: error[E6808]: the model `M` exports no function',
    );
  });

  it.each([
    ['int', '2.5'],
    ['float', 'much'],
    ['bool', 'yes'],
  ])('gives a parameter of type %s a value of that type, not %s', (type, value) => {
    const text = `export model M(p: ${type}) {\n  export fn f(x: f32) -> f32 = x\n}\n`;
    const said = saidOf(text, { set: { p: value } });
    expect(said).toContain(`main.tess:1:16: error[E6810]: \`p\` of \`M\` is \`${type}\`, and \`${value}\` is none`);
  });
});

describe('files that use files', () => {
  it('may not use each other', () => {
    const sink = check('use "./b.tess"\n', { 'b.tess': 'use "./main.tess"\n' });
    expect(messages(sink)).toBe(
      `b.tess:1:5: error[E6106]: this file is used while it is read: main.tess uses b.tess uses main.tess
  1 | use "./main.tess"
    |     ^~~~~~~~~~~~~
  hint: move what both need into a third file
`,
    );
  });

  it('see what the other declares, by name or through the module', () => {
    const other = { 'layers/two.tess': 'fn twice(x) = 2 * x\nlet rate = 0.5\n' };
    const text =
      'use "./layers/two.tess" (twice)\nuse "./layers/two.tess" as two\nfn f(x: f32) -> f32 = twice(x) * two.rate\n';
    expect(messages(check(text, other))).toBe('');
  });

  it('are told of a mistake in another, in that file', () => {
    const sink = check('use "./b.tess" (g)\nfn f(x: f32) = g(x)\n', { 'b.tess': 'fn g(x: f32) = x + y\n' });
    expect(sink.all.map(({ code, span }) => `${span?.source.name} ${code}`)).toEqual(['b.tess E6101']);
  });
});

describe('several mistakes in one file', () => {
  it('are several messages, each once', () => {
    const sink = check(
      `fn f(x: f32[3]) {
  let a = x + yy
  let b = reshape(x, (4, 4))
  a + b
}
fn g(x: f32[3]) = f(x, x)
`,
    );
    expect(sink.all.map(({ code, span }) => `${code} ${span?.source.lineColumn(span.start).line}`)).toEqual([
      'E6101 2',
      'E6313 3',
      'E6205 6',
    ]);
  });

  it('are one message where a function with a mistake is called from many places', () => {
    const sink = check('fn g(x: f32) = x + y\nfn f(x: f32) = g(x) + g(x)\nfn h(x: f32) = g(x)\n');
    expect(sink.all.map(({ code }) => code)).toEqual(['E6101']);
  });
});

describe('a size that nobody binds', () => {
  const hintOf = (text: string): string | undefined => check(text).all[0]?.hint;

  it('is told where it would be bound', () => {
    expect(hintOf('fn f(x: f32[hiden]) = x\n')).toBe('bind it where the declaration is named: `fn f[hiden]`');
    expect(hintOf('fn f(x: f32[...leading]) = x\n')).toBe('bind it where the declaration is named: `fn f[...leading]`');
  });

  it('is told of the name that was meant', () => {
    expect(hintOf('fn f[hidden](x: f32[hiden, hidden]) = x\n')).toBe('did you mean `hidden`?');
  });
});

describe('the rule of mut', () => {
  const norm = `model Norm {
  state mean: f32 = zeros
  fn call(x: f32, static train: bool) -> f32 {
    if train { mean := 0.9 * mean + 0.1 * x }
    x - mean
  }
}
export model Net {
  bn: Norm()
  fn logits(x: f32, static train: bool) -> f32 = bn(x, train: train)
  export fn predict(x: f32) -> f32 = logits(x, train: TRAIN)
}
`;

  it('says which field is written, on which way, and how not to', () => {
    const [diagnostic, ...others] = check(norm.replace('TRAIN', 'true')).all;
    expect(others).toEqual([]);
    expect(diagnostic?.message).toBe(
      '`predict` writes `bn.mean` (predict -> logits -> bn). Pass `train: false`, or declare `export mut fn predict`.',
    );
  });

  it('lets pass what writes nothing here', () => {
    expect(check(norm.replace('TRAIN', 'false')).all).toEqual([]);
  });
});

describe('what is only known when a program is compiled', () => {
  const decoder = readFileSync(new URL('../programs/decoder.tess', import.meta.url), 'utf8');

  it('is no mistake: lists and loops of any length are looked at with one element for all', () => {
    expect(messages(check(decoder))).toBe('');
  });

  it.each([
    [
      'for i in 0..depth { x := blocks[i](x, pos, &kv[i]) }',
      'for i in 0..depth { x := blocks[i](x, pos, &kv[i], x) }',
      'E6205',
    ],
    [
      'for i in 0..depth { x := blocks[i](x, pos, &kv[i]) }',
      'for block in blocks { x := block(ids, pos, &kv[0]) }',
      'E6101',
    ],
    ['kv.k[:, pos] := k', 'kv.k[:, pos] := x', 'E6310'],
    ['mlp:  nn.Mlp(d, 4*d)', 'mlp:  nn.Mlp(4*d, d)', 'E6330'],
    ['x @ transpose(embed.weight)', 'x @ embed.weight', 'E6305'],
    ['let l = next(ids[:, pos], pos, &kv)', 'let l = next(ids, pos, &kv)', 'E6331'],
  ])('hides no mistake: %s becomes %s', (before, after, code) => {
    expect(decoder).toContain(before);
    expect(check(decoder.replace(before, after)).all.map((found) => found.code)).toContain(code);
  });
});

describe('a mistake that shows within the library', () => {
  it("is at the call in the user's own file, with a note of where it was found", () => {
    const [found, ...others] = check('fn f(x: f32[4, 3], y: f32[5]) = nn.mse(x, y)\n').all;
    expect(others).toEqual([]);
    expect(found?.code).toBe('E6301');
    expect(found?.span?.source.name).toBe('main.tess');
    expect(found?.span?.source.lineColumn(found.span.start)).toEqual({ line: 1, column: 33 });
    expect(found?.notes.map(({ message, span }) => `${span?.source.name}: ${message}`)).toContain(
      'library/nn/losses.tess: found here, in the library',
    );
  });
});

describe('a step of a pipe', () => {
  it('is where its own mistakes are', () => {
    const [found] = check('fn g(x, y) = x + y\nfn f(x: f32) = x |> sin |> g\n').all;
    expect(found?.code).toBe('E6206');
    expect(found?.span?.source.lineColumn(found.span.start)).toEqual({ line: 2, column: 28 });
  });
});
