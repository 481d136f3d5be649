import { describe, expect, it } from 'vitest';
import type { WorkgroupContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import { symbolSize } from '../../../../codegen/kernel/size.ts';
import { webgpuTarget } from '../../../../codegen/kernel/target-info.ts';
import { dimSymbol } from '../../../../ir/dimension.ts';
import {
  axis,
  bufferId,
  evaluateDirectly,
  lowered,
  makeValues,
  matmul,
  type MatmulOptions,
  runLowered,
} from './contraction-kernels.ts';

const schedule: WorkgroupContractionSchedule = {
  kind: 'workgroup-contraction',
  m: [axis(0)],
  n: [axis(1)],
  k: [axis(2)],
  batch: [],
  tileM: 8,
  tileN: 8,
  tileK: 4,
  blockM: 2,
  blockN: 4,
};

function check(options: MatmulOptions, own: Partial<WorkgroupContractionSchedule> = {}, rows?: number): void {
  const kernel = matmul({ ...options, epilogue: true });
  const symbols = new Map(rows === undefined ? [] : [['rows', rows]]);
  const values = makeValues(kernel, symbols);
  const expected = evaluateDirectly(kernel, values, symbols).get(bufferId(2));
  const run = { schedule: { ...schedule, ...own }, target: webgpuTarget, symbols };
  expect(runLowered(kernel, values, run)).toEqual(expected);
}

describe('a matrix product on a GPU', () => {
  it.each([
    [8, 8, 8],
    [16, 4, 24],
    [7, 3, 9],
    [1, 1, 1],
    [17, 13, 5],
    [9, 0, 9],
    [0, 3, 4],
  ])('computes what plain loops do, without races: %i x %i x %i', (m, k, n) => {
    check({ m, k, n });
    check({ m, k, n }, { tileM: 4, tileN: 12, tileK: 5, blockM: 2, blockN: 3 });
    check({ m, k, n, transposeLhs: true, transposeRhs: true });
  });

  it('takes a batch that is bound late', () => {
    for (const rows of [0, 3, 8, 9]) check({ m: symbolSize(dimSymbol('rows')), k: 6, n: 10 }, {}, rows);
  });

  it('has one invocation a block', () => {
    const loops = lowered(matmul({ m: 16, k: 4, n: 24 }), { schedule, target: webgpuTarget });
    expect(loops.workgroup).toEqual([8, 1, 1]);
    expect(loops.tiles).toBe(6);
  });
});
