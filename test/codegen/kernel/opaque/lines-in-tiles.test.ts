/** Lines that opaque kernels treat one by one are tiles for threads: the interpreter sees what tiles share, results are those of one tile. */
import { describe, expect, it } from 'vitest';
import { type TargetInfo, wasmTarget, withThreads } from '../../../../codegen/kernel/target-info.ts';
import { interpretPlan } from '../../../../codegen/plan/interpret-plan.ts';
import type { Plan } from '../../../../codegen/plan/plan.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { planOf } from '../../wasm/run-late.ts';

/** A line or a few are a tile. */
const shared: TargetInfo = { ...withThreads(wasmTarget), tileNanoseconds: 400 };

function sortText(type: string, dimension: number): string {
  return `func.func @main(%x: ${type}) -> ${type} {
  %0 = "stablehlo.sort"(%x) <{dimension = ${dimension} : i64, is_stable = true}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %1 = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
  }) : (${type}) -> ${type}
  return %0 : ${type}
}`;
}

function topKText(rows: number, columns: number, k: number): string {
  const [x, y, at] = [`${rows}x${columns}xf32`, `${rows}x${k}xf32`, `${rows}x${k}xi32`];
  return `func.func @main(%x: tensor<${x}>) -> (tensor<${y}>, tensor<${at}>) {
  %0:2 = chlo.top_k(%x, k = ${k}) : tensor<${x}> -> (tensor<${y}>, tensor<${at}>)
  return %0#0, %0#1 : tensor<${y}>, tensor<${at}>
}`;
}

function inputOf(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return new Tensor(
    'f32',
    shape,
    Float32Array.from({ length: count }, (_, at) => ((at * 7919) % 211) - 100),
  );
}

function tilesOf({ steps }: Plan): unknown {
  const [step] = steps;
  return step?.kind === 'call' ? step.kernel.tiles : undefined;
}

function expectSame(text: string, shape: readonly number[]): void {
  const inputs = [inputOf(shape)];
  const [one, several] = [wasmTarget, shared].map((target) =>
    interpretPlan(planOf(text, target), inputs).outputs.map(({ values }) => values),
  );
  expect(several).toEqual(one);
}

describe('lines in tiles', () => {
  it.each([
    ['rows, by ranks', [29, 13], 1],
    ['rows, by merging', [7, 101], 1],
    ['rows, by digits', [3, 900], 1],
    ['columns', [31, 17], 0],
    ['lines between other dimensions', [5, 23, 3], 1],
  ] as const)('sort %s', (_, shape, dimension) => {
    const text = sortText(`tensor<${shape.join('x')}xf32>`, dimension);
    expect(Number(tilesOf(planOf(text, shared)))).toBeGreaterThan(1);
    expect(tilesOf(planOf(text))).toBe(1);
    expectSame(text, shape);
  });

  it.each([0, 1, 7])('sort rows of a batch bound late: %i', (n) => {
    const type = 'tensor<?x40xf32, #tessera.tensor<dims = [n <= 16, _]>>';
    expect(tilesOf(planOf(sortText(type, 1), shared))).toBeTypeOf('object');
    expectSame(sortText(type, 1), [n, 40]);
  });

  it.each([
    [19, 30, 3],
    [5, 400, 90],
  ])('keep the largest of %i rows of %i', (rows, columns, k) => {
    expect(Number(tilesOf(planOf(topKText(rows, columns, k), shared)))).toBeGreaterThan(1);
    expectSame(topKText(rows, columns, k), [rows, columns]);
  });

  it('sort many lines of no elements', () => {
    expectSame(sortText('tensor<900x0xf32>', 1), [900, 0]);
  });

  it('are one tile where a line needs more beside it than a stack has', () => {
    expect(tilesOf(planOf(sortText('tensor<4x200000xf32>', 1), shared))).toBe(1);
  });
});
