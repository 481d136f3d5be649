import { describe, expect, it } from 'vitest';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { planKernels } from '../../../../codegen/plan/plan.ts';
import { runEverywhere } from '../../plan/run-plan.ts';

/** What attention gives, `[heads, rows, depth]`, as rows of all heads, times a matrix. */
function afterHeads(heads: number, rows: number, depth: number, columns: number, late = false): string {
  const k = heads * depth;
  const n = late ? '?' : `${rows}`;
  const type = (shape: readonly (number | string)[]): string => {
    const dims = shape.map((extent) => (extent === '?' ? `n <= ${rows}` : '_')).join(', ');
    return `tensor<${shape.join('x')}xf32${late ? `, #tessera.tensor<dims = [${dims}]>` : ''}>`;
  };
  const [x, t, r, y] = [
    [heads, n, depth],
    [n, heads, depth],
    [n, k],
    [n, columns],
  ].map(type);
  const w = `tensor<${k}x${columns}xf32>`;
  const flat = late
    ? `%s0 = "stablehlo.get_dimension_size"(%t) {dimension = 0 : i64} : (${t}) -> tensor<i32>
       %s1 = stablehlo.reshape %s0 : (tensor<i32>) -> tensor<1xi32>
       %s2 = stablehlo.constant dense<${k}> : tensor<1xi32>
       %s = stablehlo.concatenate %s1, %s2, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
       %r = stablehlo.dynamic_reshape %t, %s : (${t}, tensor<2xi32>) -> ${r}`
    : `%r = stablehlo.reshape %t : (${t}) -> ${r}`;
  return `func.func @main(%x: ${x}, %w: ${w}) -> ${y} {
    %t = stablehlo.transpose %x, dims = [1, 0, 2] : (${x}) -> ${t}
    ${flat}
    %y = stablehlo.dot_general %r, %w, contracting_dims = [1] x [0] : (${r}, ${w}) -> ${y}
    return %y : ${y}
  }`;
}

describe('rows that are packed', () => {
  it.each([
    [3, 13, 5, 24],
    [2, 7, 16, 40],
    [3, 1, 4, 33],
    [5, 64, 3, 31],
    [2, 0, 4, 24],
  ])('come from %i heads of %i rows, %i deep, for %i columns', (heads, rows, depth, columns) => {
    const { expected, kernel, wasm } = runEverywhere(afterHeads(heads, rows, depth, columns));
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  it('come all at a step of k, and then at the next', () => {
    const { plan } = runEverywhere(afterHeads(3, 12, 8, 24));
    const text = planKernels(plan).map(loopKernelText).join('\n');
    const packing = text.split('\n').filter((line) => /^ *a_panels\[.* = in0\[/.test(line));
    expect(packing.length).toBeGreaterThan(1);
    expect(new Set(packing.map((line) => /to[.\d]*/.exec(line)?.[0])).size).toBe(1);
  });

  it('may be of a number bound late', () => {
    for (const n of [0, 1, 6, 13]) {
      const { expected, kernel, wasm } = runEverywhere(afterHeads(3, 13, 5, 24, true), { n });
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
    }
  });
});
