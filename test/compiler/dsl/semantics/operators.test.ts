import { describe, expect, it } from 'vitest';
import { run } from '../../../../compiler/api/index.ts';

function evaluated(text: string, inputs: Parameters<typeof run>[1], target: 'reference' | 'wasm'): readonly number[] {
  const result = run({ main: 'f.tess', files: { 'f.tess': text } }, inputs, { target });
  if (!result.ok) throw new Error(result.text);
  return Object.values(result.outputs).flatMap(({ data }) => Array.from(data, Number));
}

describe('% and div', () => {
  const a = [7, -7, 7, -7, 6, -6, 0];
  const b = [3, 3, -3, -3, 3, -3, 3];
  const wanted = a.map((x, at) => x - (b[at] ?? 1) * Math.floor(x / (b[at] ?? 1)));

  it.each(['reference', 'wasm'] as const)('round down at run time as at compile time, on %s', (target) => {
    const ints =
      'export fn f(a: i32[7], b: i32[7]) -> (rest: i32[7], whole: i32[7]) = (rest: a % b, whole: a - (b * div(a, b) + a % b))\n';
    const given = { a: Int32Array.from(a), b: Int32Array.from(b) };
    expect(evaluated(ints, given, target).map((x) => x + 0)).toEqual(
      [...wanted, 0, 0, 0, 0, 0, 0, 0].map((x) => x + 0),
    );
    const floats = 'export fn f(a: f32[7], b: f32[7]) -> (rest: f32[7]) = (rest: a % b)\n';
    const real = { a: Float32Array.from(a), b: Float32Array.from(b) };
    expect(evaluated(floats, real, target).map((x) => x + 0)).toEqual(wanted.map((x) => x + 0));
  });

  it('are the same of compile-time numbers', () => {
    const list = a.map((x, at) => `${x} % ${b[at]}`).join(', ');
    const text = `export fn f() -> i32[7] = tensor([${list}])\n`;
    expect(evaluated(text, {}, 'reference').map((x) => x + 0)).toEqual(wanted.map((x) => x + 0));
  });
});

describe('cumsum and its like', () => {
  const rows = [
    [3, -1, 4, 1],
    [-5, 9, 2, -6],
    [5, 3, -5, 8],
  ];
  const running = (line: readonly number[], combine: (a: number, b: number) => number): readonly number[] =>
    line.map((_, at) => line.slice(0, at + 1).reduce(combine));

  it.each(['reference', 'wasm'] as const)(
    'take all elements up to each one, along any axis and backwards, on %s',
    (target) => {
      const text = `export fn f(x: f32[3, 4], k: i32[3, 4]) -> (a: f32[3, 4], b: f32[3, 4], c: f32[3, 4], d: i32[3, 4], e: f32[3, 1]) = (
  a: cumsum(x), b: cumsum(x, axis: 0, reverse: true), c: cumprod(x, axis: 0), d: cummax(k, reverse: true), e: cummin(x[:, 0..1])
)\n`;
      const flat = rows.flat();
      const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? 0)) ?? [];
      const turned = (lines: readonly (readonly number[])[]): readonly number[] =>
        rows.flatMap((_, row) => lines.map((line) => line[row] ?? 0));
      const back = (line: readonly number[], combine: (a: number, b: number) => number): readonly number[] =>
        running(line.toReversed(), combine).toReversed();
      const add = (a: number, b: number): number => a + b;
      expect(evaluated(text, { x: Float32Array.from(flat), k: Int32Array.from(flat) }, target)).toEqual([
        ...rows.flatMap((row) => running(row, add)),
        ...turned(columns.map((column) => back(column, add))),
        ...turned(columns.map((column) => running(column, (a, b) => a * b))),
        ...rows.flatMap((row) => back(row, (a, b) => Math.max(a, b))),
        ...rows.map(([first]) => first),
      ]);
    },
  );

  it('take one step an element in the evaluator too', () => {
    const text = 'export fn f(x: f32[200_000]) -> f32[200_000] = cumsum(x)\n';
    const result = evaluated(text, { x: new Float32Array(200_000).fill(1) }, 'reference');
    expect(result.at(-1)).toBe(200_000);
  });
});

describe('what is written', () => {
  const x = Float32Array.from({ length: 15 }, (_, index) => index + 1);
  const rows = (...lists: readonly (readonly number[])[]): readonly number[] => lists.flat();
  const [first, second, third] = [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
    [11, 12, 13, 14, 15],
  ];

  it.each([
    ['every second row', 'y[: by 2] := -x[: by 2]', rows([-1, -2, -3, -4, -5], second, [-11, -12, -13, -14, -15])],
    ['steps along both axes', 'y[0.. by 2, 1..-1 by 2] := 0.0', rows([1, 0, 3, 0, 5], second, [11, 0, 13, 0, 15])],
    ['steps at a position known at run time', 'y[i, 1.. by 3] := 9.0', rows(first, [6, 9, 8, 9, 9], third)],
    ['one row of which nothing is taken', 'y[i, 2..2 by 2] := zeros(f32[0])', rows(first, second, third)],
    [
      'a range of the rows that a tensor names',
      'y[at, 1..3] := 0.0',
      rows([1, 0, 0, 4, 5], second, [11, 0, 0, 14, 15]),
    ],
    ['places that a tensor names, in steps', 'y[: by 2, at] := 0.0', rows([0, 2, 0, 4, 5], second, [0, 12, 0, 14, 15])],
  ])('may be %s', (_, statement, wanted) => {
    const text = `export fn f(x: f32[3, 5], i: i32, at: i32[2]) -> f32[3, 5] {
  var y = x
  ${statement}
  y
}
`;
    const inputs = { x, i: Int32Array.of(1), at: Int32Array.of(2, 0) };
    const shaped = { ...inputs, x: { data: x, shape: [3, 5] } };
    expect(evaluated(text, shaped, 'reference').map((value) => value + 0)).toEqual(wanted);
  });
});
