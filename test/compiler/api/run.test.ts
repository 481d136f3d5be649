import { describe, expect, it } from 'vitest';
import { check, run, type InputArray } from '../../../compiler/api/index.ts';

function source(text: string) {
  return { main: 'model.mlir', files: { 'model.mlir': text } };
}

const add = source(`func.func @main(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = stablehlo.add %x, %y : tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}`);

function identity(type: string) {
  return source(`func.func @main(%x: tensor<${type}>) -> tensor<${type}> { return %x : tensor<${type}> }`);
}

describe('check', () => {
  it('says nothing of a good model, and all that is wrong with a bad one', () => {
    expect(check(add)).toEqual({ ok: true, diagnostics: [], text: '' });
    const bad = source(`func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.popcnt %x : tensor<2xf32>
  %1 = stablehlo.not %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}`);
    const { ok, diagnostics } = check(bad);
    expect(ok).toBe(false);
    expect(diagnostics.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe('run', () => {
  it('evaluates a function, and finds the open size in the number of elements', () => {
    const x = new Float32Array([1, 2, 3, 4]);
    expect(run(add, { arg0: x, arg1: { data: x, shape: [2, 2] } })).toMatchObject({
      ok: true,
      outputs: { out0: { dtype: 'f32', shape: [2, 2], data: new Float32Array([2, 4, 6, 8]) } },
    });
  });

  it.each(['reference', 'kernel', 'wasm'] as const)('runs on %s', (target) => {
    const x = new Float32Array([1, 2, 3, 4]);
    const fixed = source(`func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.negate %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}`);
    const result = run(fixed, { arg0: x }, { target });
    expect(result).toMatchObject({ ok: true, outputs: { out0: { data: new Float32Array([-1, -2, -3, -4]) } } });
  });

  it.each<[string, string, InputArray]>([
    ['i64', '2xi64', new BigInt64Array([1n, -(2n ** 62n)])],
    ['i1', '2xi1', new Uint8Array([1, 0])],
    ['bf16, as bits', '2xbf16', new Uint16Array([0x3f80, 0xc000])],
    ['complex', '2xcomplex<f32>', new Float32Array([1, 2, 3, 4])],
    ['a scalar', 'f64', new Float64Array([0.5])],
    ['nothing', '0x3xf32', new Float32Array(0)],
  ])('passes %s through unchanged', (_, type, data) => {
    const result = run(identity(type), { arg0: data });
    expect(result).toMatchObject({ ok: true, outputs: { out0: { data } } });
  });

  it('copies what it is given', () => {
    const data = new Float32Array([1, 2]);
    const result = run(identity('2xf32'), { arg0: data });
    data[0] = 9;
    expect(result).toMatchObject({ ok: true, outputs: { out0: { data: new Float32Array([1, 2]) } } });
  });

  const x = new Float32Array(4);
  it.each<[string, Record<string, InputArray>, string, string]>([
    ['a missing input', { arg0: x }, 'E5007', 'needs arg1'],
    ['an unknown input', { arg0: x, arg1: x, arg2: x }, 'E5008', "no input 'arg2'"],
    ['another dtype', { arg0: x, arg1: new Float64Array(4) }, 'E5004', 'but f32 takes a Float32Array'],
    ['another shape', { arg0: x, arg1: { data: x, shape: [1, 4] } }, 'E5006', 'is [1, 4], but arg1 is [?, 2]'],
    ['a shape that is not of the data', { arg0: x, arg1: { data: x, shape: [3, 2] } }, 'E5006', 'has 4 elements'],
    ['elements that fill no rows', { arg0: x, arg1: new Float32Array(3) }, 'E5006', 'has 3 elements'],
  ])('reports %s', (_, inputs, code, message) => {
    const result = run(add, inputs);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(result.diagnostics[0]?.message).toContain(message);
  });

  it('reports what the evaluator stops at, and what a byte holds beyond its type', () => {
    expect(run(identity('2xi1'), { arg0: new Uint8Array([1, 2]) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'E5005', message: 'input arg0: element 1 is 2, which i1 cannot hold (0 to 1)' }],
    });
  });

  it('hands over what the model prints', () => {
    const lines: string[] = [];
    const printing = source(`func.func @main() {
  %0 = stablehlo.constant dense<1> : tensor<i32>
  interpreter.print %0 : tensor<i32>
  return
}`);
    expect(run(printing, {}, { print: (line) => lines.push(line) })).toMatchObject({ ok: true, outputs: {} });
    expect(lines.join('\n')).toContain('1');
  });
});
