import { describe, expect, it } from 'vitest';
import { chooseContractionSchedule, packsColumns } from '../../../../codegen/kernel/contraction/choose-schedule.ts';
import { contractionTiles } from '../../../../codegen/kernel/contraction/contraction-tiles.ts';
import type { AxisTile } from '../../../../codegen/kernel/schedule.ts';
import { symbolSize } from '../../../../codegen/kernel/size.ts';
import { relaxedWasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { dimSymbol } from '../../../../ir/dimension.ts';
import {
  access, at, axis, bufferId, contraction, evaluateDirectly, load, makeValues, matmul, type MatmulOptions, runLowered,
} from './contraction-kernels.ts'; // prettier-ignore

function scheduled(kernel: ReturnType<typeof matmul>) {
  const [stage] = kernel.stages;
  const schedule = stage && chooseContractionSchedule(kernel, stage, relaxedWasmTarget);
  if (stage === undefined || schedule === undefined) throw new Error('no schedule');
  const tiles = contractionTiles(kernel, {
    schedule,
    bytes: 4,
    target: relaxedWasmTarget,
    packsColumns: packsColumns(kernel, stage, schedule),
    rowElements: 0,
  });
  return { schedule, tiles };
}

const tilesOf = (options: MatmulOptions): readonly AxisTile[] => scheduled(matmul(options)).tiles;

function batched(batch: number, m: number, k: number, n: number): ReturnType<typeof matmul> {
  return contraction({
    extents: [batch, m, n, k],
    reduction: [3],
    dtype: 'f32',
    buffers: [
      { name: 'lhs', role: 'in', dtype: 'f32', shape: [batch, m, k] },
      { name: 'rhs', role: 'in', dtype: 'f32', shape: [batch, k, n] },
      { name: 'out', role: 'out', dtype: 'f32', shape: [batch, m, n] },
    ],
    lhs: load('f32', 0, [at(0), at(1), at(3)]),
    rhs: load('f32', 1, [at(0), at(3), at(2)]),
    write: access(2, [at(0), at(1), at(2)]),
  });
}

describe('the tiles of a contraction', () => {
  it('are one for little work', () => {
    expect(tilesOf({ m: 64, k: 64, n: 64 })).toEqual([]);
    expect(tilesOf({ m: 1, k: 512, n: 10 })).toEqual([]);
  });

  it('divide the longer side', () => {
    expect(tilesOf({ m: 128, k: 768, n: 3072, isConstant: true })).toEqual([{ axis: 1, size: 192 }]);
    expect(tilesOf({ m: 4096, k: 64, n: 64, isConstant: true })).toEqual([{ axis: 0, size: 258 }]);
    expect(tilesOf({ m: 1, k: 768, n: 16_384 })).toEqual([{ axis: 1, size: 4128 }]);
    expect(tilesOf({ m: 1, k: 768, n: 3072 })).toEqual([]);
  });

  it('divide columns that the kernel packs, so that none is packed twice', () => {
    expect(tilesOf({ m: 2048, k: 512, n: 512 })).toEqual([{ axis: 1, size: 32 }]);
    expect(tilesOf({ m: 100_000, k: 8, n: 8 })).toEqual([{ axis: 0, size: 6252 }]);
  });

  it('divide rows where columns are few, enough of them to repay packing the columns in each', () => {
    expect(tilesOf({ m: 3136, k: 576, n: 40 })).toEqual([{ axis: 0, size: 198 }]);
    expect(tilesOf({ m: 300, k: 3000, n: 20 })).toEqual([{ axis: 0, size: 66 }]);
  });

  it('take several small batches, or a part of a large one', () => {
    expect(scheduled(batched(1000, 16, 16, 16)).tiles).toEqual([{ axis: 0, size: 76 }]);
    expect(scheduled(batched(12, 128, 64, 128)).tiles).toEqual([{ axis: 0, size: 1 }]);
    expect(scheduled(batched(2, 512, 512, 512)).tiles).toEqual([
      { axis: 0, size: 1 },
      { axis: 2, size: 64 },
    ]);
  });

  it('are cut by time where the extent is known only when it runs', () => {
    const rows = symbolSize(dimSymbol('rows', 4096));
    expect(tilesOf({ m: rows, k: 512, n: 64, isConstant: true })).toEqual([{ axis: 0, size: 66 }]);
  });

  it.each([
    [3, 20, 30, 40],
    [5, 7, 9, 17],
  ])('compute what one does: %i products %ix%i by %i columns', (...extents) => {
    const kernel = batched(...extents);
    const values = makeValues(kernel);
    const { schedule } = scheduled(kernel);
    const expected = evaluateDirectly(kernel, values).get(bufferId(2));
    const divisions: readonly (readonly AxisTile[])[] = [
      [{ axis: axis(0), size: 2 }],
      [{ axis: axis(0), size: 1 }, { axis: axis(2), size: 16 }], // prettier-ignore
      [{ axis: axis(0), size: 1 }, { axis: axis(1), size: 12 }], // prettier-ignore
    ];
    for (const tiles of divisions) expect(runLowered(kernel, values, { schedule, tiles })).toEqual(expected);
  });
});
