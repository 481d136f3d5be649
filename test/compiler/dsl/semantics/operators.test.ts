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
