import { describe, expect, it } from 'vitest';
import { check, elaborate, floats, messages, run, scalar } from '../program.ts';

describe('calls', () => {
  it('take arguments by position and by name, and defaults that see earlier parameters', () => {
    const text = `fn g(a, b: float = 2.0, c = a * b) = a + c
export fn f(x: f32) -> (p: f32, q: f32, r: f32) = (p: g(x), q: g(x, b: 3.0), r: g(b: 1.0, c: x, a: 10 * x))
`;
    expect(run(text, { x: scalar(1) })).toEqual({ p: [3], q: [4], r: [11] });
  });

  it('pass through pipes, to functions, models and closures', () => {
    const text = `fn add(x, y) = x + y
export fn f(x: f32) -> f32 {
  let double = fn(v) = 2 * v
  x |> add(3) |> double |> fn(v) = v - 1
}
`;
    expect(run(text, { x: scalar(1) })['out']).toEqual([7]);
  });

  it('close over what is around a function where it is written', () => {
    const text = `fn scaled(k: float) = fn(x) = k * x
export fn f(x: f32) -> f32 {
  var y = x
  let now = fn() = y
  y := y + 1
  scaled(3.0)(x) + now()
}
`;
    expect(run(text, { x: scalar(2) })['out']).toEqual([9]);
  });

  it('give functions to functions, also to one that is being called', () => {
    const text = `fn twice(f, x) = f(f(x))
export fn f(x: f32) -> f32 = twice(fn(v) = twice(fn(w) = w + 1, v), x)
`;
    expect(run(text, { x: scalar(0) })['out']).toEqual([4]);
  });
});

describe('binders', () => {
  it('take their sizes from arguments, through arithmetic', () => {
    const text = `fn halves[n](x: f32[2*n]) -> (f32[n], f32[n]) = (x[0..n], x[n..2*n])
export fn f(x: f32[6]) -> f32[3] {
  let (a, b) = halves(x)
  a + b
}
`;
    expect(run(text, { x: floats(1, 2, 3, 4, 5, 6) })['out']).toEqual([5, 7, 9]);
  });

  it('refuse sizes that no number makes fit', () => {
    const text = 'fn halves[n](x: f32[2*n]) = x\nexport fn f(x: f32[5]) -> f32[5] = halves(x)\n';
    expect(messages(check(text))).toContain('`x` of `halves` is `f32[2*n]`, but the argument is `f32[5]`');
  });

  it('are integers in bodies, and stand for lists of sizes, dtypes and trees', () => {
    const text = `fn count[n](x: f32[n]) = n
fn rank[...s, T: dtype](x: T[...s]) -> T[...s] = x + T(x.rank)
fn same[P: tree](a: P, b: P) -> P = tree.map(fn(x, y) = x + y, a, b)
export fn f(x: f32[3], y: i32[2, 2]) -> (a: f32[3], b: i32[2, 2], c: f32[3]) =
  (a: x * count(x), b: rank(y), c: same((p: x, q: [x]), (p: x, q: [x])).q[0])
`;
    const y = elaborate(text).functions[0]?.inputs[1]?.type.text;
    expect(y).toBe('tensor<2x2xi32>');
    expect(messages(check(text))).toBe('');
  });

  it('are proved equal as polynomials', () => {
    const text = `fn join[n, m](x: f32[n], y: f32[m]) -> f32[n + m] = concat([x, y], axis: 0)
fn f[a, b](x: f32[a], y: f32[b]) -> f32[2*a + b] = join(join(x, y), x)
fn g[a, h](x: f32[a, h * 4]) -> f32[4 * a * h] = reshape(x, (a * h * 4,))
`;
    expect(messages(check(text))).toBe('');
  });

  it('are told apart for all sizes, not only for some', () => {
    const [found] = check('fn f[n](x: f32[n]) -> f32[n + 1] = x\n').all;
    expect(found?.code).toBe('E6330');
    expect(found?.message).toBe('the result of `f` is `f32[n + 1]`, but the body is `f32[n]`');
  });
});

describe('named types', () => {
  it('take sizes, other types and dtypes', () => {
    const text = `type Pair[T: type] = (first: T, second: T)
type Row[n, T: dtype] = T[n]
export fn f(p: Pair[Row[3, f32]]) -> f32[3] = p.first + p.second
`;
    expect(run(text, { 'p.first': floats(1, 2, 3), 'p.second': floats(4, 5, 6) })['out']).toEqual([5, 7, 9]);
  });
});

describe('inout', () => {
  it('parameters write the variable of the caller, or a part of it', () => {
    const text = `fn add(inout total: f32, x: f32) -> f32 {
  total := total + x
  total
}
export fn f(x: f32) -> (a: f32, b: f32, c: f32) {
  var pair = (p: x, q: [x, x])
  let c = add(&pair.p, 1) + add(&pair.q[1], 2)
  (a: pair.p, b: pair.q[1], c: c)
}
`;
    expect(run(text, { x: scalar(10) })).toEqual({ a: [11], b: [12], c: [23] });
  });

  it('arguments of an exported function come back as results that may lie where they lay', () => {
    const text = `export fn push[n](inout buffer: f32[n], at: i32, x: f32) {
  buffer[at] := x
}
`;
    const { functions } = elaborate(text, { dims: { n: 3 } });
    expect(functions[0]?.outputs.map(({ name, role }) => `${role} ${name}`)).toEqual(['inout buffer']);
    const inputs = { buffer: floats(1, 2, 3), at: scalar(1, 'i32'), x: scalar(9) };
    expect(run(text, inputs, { dims: { n: 3 } })).toEqual({ buffer: [1, 9, 3] });
  });
});

describe('patterns', () => {
  it('take tuples, lists and the first axis of a tensor apart', () => {
    const text = `export fn f(x: f32[2]) -> f32 {
  let (a, (b, _)) = (x[0], (x[1], 5))
  let (c, d) = [a, b]
  let (p, q) = x
  var (s, t) = (c + p, d + q)
  (s, t) := (t, s)
  s - t
}
`;
    expect(run(text, { x: floats(1, 10) })['out']).toEqual([18]);
  });
});
