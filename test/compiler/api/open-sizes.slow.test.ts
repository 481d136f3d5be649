/** Programs compiled once for all sizes up to a bound: the same bits as compiled for each size, and what the evaluator says. */
import { expect, it } from 'vitest';
import { compile, type Compilation, type CompileOptions, parameters, run } from '../../../compiler/api/index.ts';

interface Case {
  readonly title: string;
  readonly program: string;
  /** Open sizes with their bounds. */
  readonly dims: Readonly<Record<string, number>>;
  /** Sizes of one call each. */
  readonly calls: readonly Readonly<Record<string, number>>[];
  /** Shapes of the inputs, by name. Integers count up from -1, and so reach outside on both ends. */
  readonly inputs: (sizes: Readonly<Record<string, number>>) => Readonly<Record<string, readonly number[]>>;
}

const one = (n: number): Readonly<Record<string, number>> => ({ n });
const cases: readonly Case[] = [
  {
    title: 'scan along an open axis, over open rows',
    program: `export fn f[n, t](x: f32[n, t]) -> (carry: f32[n], ys: f32[n, t]) {
  let (carry, ys) = scan(x, init: zeros(f32[n]), axis: 1, fn(y, xt) { (0.5 * y + xt, 0.5 * y + xt) })
  (carry: carry, ys: ys)
}`,
    dims: { n: 4, t: 9 },
    calls: [
      { n: 1, t: 1 },
      { n: 3, t: 7 },
      { n: 4, t: 9 },
      { n: 2, t: 0 },
      { n: 0, t: 3 },
    ],
    inputs: ({ n = 0, t = 0 }) => ({ x: [n, t] }),
  },
  {
    title: 'scan backwards, and map',
    program: `export fn f[n](x: f32[n, 3]) -> (y: f32[n, 3], s: f32[n]) {
  let (_, ys) = scan(x, init: zeros(f32[3]), reverse: true, fn(y, xt) { (y + xt, y * xt) })
  (y: ys, s: map(fn(row) = sum(row * row), x))
}`,
    dims: { n: 9 },
    calls: [0, 1, 5, 9].map(one),
    inputs: ({ n = 0 }) => ({ x: [n, 3] }),
  },
  {
    title: 'attention over an open sequence',
    program: `use nn
export model M {
  a: nn.MultiHeadAttention(8, 2, causal: true, rope: true)
  export fn f[n, t](x: f32[n, t, 8]) -> (y: f32[n, t, 8]) = (y: a(x))
}`,
    dims: { n: 3, t: 13 },
    calls: [
      { n: 1, t: 1 },
      { n: 2, t: 7 },
      { n: 3, t: 13 },
    ],
    inputs: ({ n = 0, t = 0 }) => ({ x: [n, t, 8] }),
  },
  {
    title: 'an LSTM and a GRU over an open sequence',
    program: `use nn
export model M {
  l: nn.Lstm(3, 4)
  g: nn.Gru(4, 5)
  export fn f[n, t](x: f32[n, t, 3]) -> (y: f32[n, t, 5]) = (y: x |> l |> g)
}`,
    dims: { n: 3, t: 6 },
    calls: [
      { n: 1, t: 1 },
      { n: 3, t: 5 },
    ],
    inputs: ({ n = 0, t = 0 }) => ({ x: [n, t, 3] }),
  },
  {
    title: 'slices from both ends, in steps, and at the last position',
    program: `export fn f[n, m](x: f32[n, m]) -> (a: f32[n - 1, m], b: f32[n, m - 2], c: f32[m], d: f32[n], e: f32[2, m], f: f32[n]) =
  (a: x[1..], b: x[:, 1..-1], c: x[-1], d: x[:, 0], e: x[0..2], f: x[: by 2, 0] |> sum |> broadcast((n,)))`,
    dims: { n: 7, m: 6 },
    calls: [
      { n: 2, m: 2 },
      { n: 7, m: 6 },
      { n: 3, m: 5 },
    ],
    inputs: ({ n = 0, m = 0 }) => ({ x: [n, m] }),
  },
  {
    title: 'steps along an open axis',
    program: `export fn f[n, m](x: f32[n, m]) -> (a: f32[div(n + 1, 2), m], b: f32) = (a: x[0..n by 2], b: sum(x[1.. by 3, 1]))`,
    dims: { n: 7, m: 6 },
    calls: [{ n: 3, m: 5 }],
    inputs: ({ n = 0, m = 0 }) => ({ x: [n, m] }),
  },
  {
    title: 'positions known at run time clamp',
    program: `export fn f[n, t](x: f32[n, t], at: i32[3], i: i32) -> (a: f32[n], b: f32[n, 3], c: f32[n, t], d: f32[n, 2]) {
  var c = x
  c[:, i] := x[:, 0]
  (a: x[:, i], b: take(x, at, axis: 1), c: c, d: dynamic_slice(x, i, 2, axis: 1))
}`,
    dims: { n: 4, t: 5 },
    calls: [
      { n: 4, t: 5 },
      { n: 1, t: 2 },
      { n: 3, t: 4 },
    ],
    inputs: ({ n = 0, t = 0 }) => ({ x: [n, t], at: [3], i: [] }),
  },
  {
    title: 'writes in steps',
    program: `export fn f[n, m](x: f32[n, m], i: i32) -> (a: f32[n, m], b: f32[n, m]) {
  var (a, b) = (x, x)
  a[: by 2] := -x[: by 2]
  b[0..n by 3, i] := x[0..n by 3, 0]
  (a: a, b: b)
}`,
    dims: { n: 7, m: 4 },
    calls: [
      { n: 7, m: 4 },
      { n: 4, m: 3 },
      { n: 1, m: 1 },
    ],
    inputs: ({ n = 0, m = 0 }) => ({ x: [n, m], i: [] }),
  },
  {
    title: 'sizes as numbers, and sizes that follow from others',
    program: `export fn f[n, t](x: f32[n, t, 2], y: f32[2*n + 1]) -> (a: f32, b: f32[2*n*t], c: f32[n*t + 2*n + 1], d: i32[n]) {
  let flat = reshape(x, (2*n*t,))
  let half = reshape(x[..., 0], (n*t,))
  (a: sum(x) * (n * t + 1), b: flat * t, c: concat([half, y]), d: iota(n) + 3*n)
}`,
    dims: { n: 4, t: 5 },
    calls: [
      { n: 4, t: 5 },
      { n: 1, t: 1 },
      { n: 3, t: 2 },
      { n: 0, t: 2 },
    ],
    inputs: ({ n = 0, t = 0 }) => ({ x: [n, t, 2], y: [2 * n + 1] }),
  },
  {
    title: 'a size that is the half of another',
    program: `export fn f[n](x: f32[n / 2], w: f32[n]) -> (z: f32[n]) = (z: repeat(x, 2) * w)`,
    dims: { n: 8 },
    calls: [0, 2, 8].map(one),
    inputs: ({ n = 0 }) => ({ x: [n / 2], w: [n] }),
  },
  {
    title: 'a size that only a multiple tells',
    program: `export fn halves[n](x: f32[2*n, 3]) -> (y: f32[n, 6]) {
  let (first, second) = split(x, 2, axis: 0)
  (y: concat([first, second], axis: 1))
}`,
    dims: { n: 6 },
    calls: [0, 1, 5, 6].map(one),
    inputs: ({ n = 0 }) => ({ x: [2 * n, 3] }),
  },
];

function filled(shape: readonly number[], seed: number, isInteger: boolean) {
  const length = shape.reduce((product, size) => product * size, 1);
  const value = (index: number): number => (isInteger ? 3 * index - 1 : Math.sin(seed + 1.7 * index));
  const data = isInteger
    ? Int32Array.from({ length }, (_, i) => value(i))
    : Float32Array.from({ length }, (_, i) => value(i));
  return { data, shape };
}

function compiled(program: string, options: CompileOptions): Compilation {
  const result = compile({ main: 'main.tess', files: { 'main.tess': program } }, options);
  if (!result.ok) throw new Error(result.text);
  return result;
}

it.each(cases)('$title', async ({ program, dims, calls, inputs }) => {
  const source = { main: 'main.tess', files: { 'main.tess': program } };

  const bounds = Object.fromEntries(Object.entries(dims).map(([name, max]) => [name, { max }]));
  const listed = parameters(source);
  const weights = Object.fromEntries(
    (listed.ok ? listed.parameters : []).map(({ name, initial }) => [name, initial(1).data as Float32Array]),
  );
  const open = await compiled(program, { dims: bounds }).instantiate();
  for (const sizes of calls) {
    const given = Object.entries(inputs(sizes)).map(
      ([name, shape], index) => [name, filled(shape, index, name === 'at' || name === 'i')] as const,
    );
    const all = { ...weights, ...Object.fromEntries(given) };
    const exact = await compiled(program, { dims: sizes }).instantiate();
    const got = open.predictSync(all);
    expect(got).toEqual(exact.predictSync(all));
    const evaluated = run(source, all, { dims: sizes });
    if (!evaluated.ok) throw new Error(evaluated.text);
    for (const [name, { data }] of Object.entries(evaluated.outputs)) {
      const values = [...(got[name] ?? [])].map(Number);
      expect(values.length).toBe(data.length);
      for (const [index, value] of [...data].entries()) expect(values[index]).toBeCloseTo(Number(value), 4);
    }
  }
});
