import { describe, expect, it } from 'vitest';
import type { AxisTile, ContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { symbolSize } from '../../../../codegen/kernel/size.ts';
import { dimSymbol } from '../../../../ir/dimension.ts';
import {
  axis, bufferId, evaluateDirectly, lowered, makeValues, matmul, type MatmulOptions, matmulSchedule, runLowered, type RunOptions,
} from './contraction-kernels.ts'; // prettier-ignore

const small: ContractionSchedule = { ...matmulSchedule, mr: 3, nr: 8, kc: 5, mc: 6, nc: 16 };

function check(options: MatmulOptions, run: Partial<RunOptions> = {}): void {
  const kernel = matmul(options);
  const values = makeValues(kernel, run.symbols);
  const expected = evaluateDirectly(kernel, values, run.symbols).get(bufferId(2));
  expect(runLowered(kernel, values, { schedule: matmulSchedule, ...run })).toEqual(expected);
}

describe('the panel of columns that comes next', () => {
  const prefetches = (m: number, isConstant: boolean, inner: 'rows' | 'columns' = 'rows'): number => {
    const kernel = matmul({ m, k: 100, n: 64, isConstant });
    const text = loopKernelText(lowered(kernel, { schedule: { ...small, kc: 100, mc: 1000, lhs: 'direct', inner } }));
    return text.match(/prefetch/g)?.length ?? 0;
  };

  it('is asked for by the strips of rows, where they are few', () => {
    expect([6, 33, 99, 999].map((m) => prefetches(m, true))).toEqual([0, 1, 1, 0]);
  });

  it('is within the panels, of one block of k or of several', () => {
    for (const [m, n] of [
      [9, 8],
      [13, 17],
      [33, 33],
    ] as const)
      for (const kc of [12, 100])
        check({ m, n, k: 33, isConstant: true }, { schedule: { ...small, kc, lhs: 'direct' } });
  });

  it('is not asked for when the kernel has packed it, or the next strip reads another', () => {
    expect([prefetches(33, false), prefetches(33, true, 'columns')]).toEqual([0, 0]);
  });
});

describe('a matrix product with bias, residual and relu', () => {
  it('runs over packed constant columns', () => {
    check({ m: 12, k: 16, n: 16, isConstant: true, epilogue: true });
  });

  const extents = [0, 1, 2, 3, 5, 6, 7, 8, 9, 13, 17, 33];
  const shapes = extents.flatMap((m, first) =>
    extents.map((n, second) => ({ m, n, k: extents[(first * 5 + second * 7) % extents.length] ?? 1 })),
  );

  it.each([
    ['panels of constants', { rhs: 'panel', lhs: 'panel' }, { isConstant: true }],
    ['panels packed by the kernel', { rhs: 'panel', lhs: 'panel' }, {}],
    ['panels of columns, direct rows', { rhs: 'panel', lhs: 'direct' }, {}],
    ['panels of constants, direct rows', { rhs: 'panel', lhs: 'direct' }, { isConstant: true }],
    ['direct columns and rows', { rhs: 'direct', lhs: 'direct' }, {}],
    ['direct columns, panels of rows', { rhs: 'direct', lhs: 'panel' }, {}],
    ['columns first', { rhs: 'panel', lhs: 'direct', inner: 'columns', kc: 9 }, {}],
    ['columns first that stream by', { rhs: 'direct', lhs: 'direct', inner: 'columns', kc: 4, nc: 64 }, {}],
  ] as const)('is exact for all extents: %s', (_, sides, options) => {
    for (const shape of shapes) check({ ...shape, ...options, epilogue: true }, { schedule: { ...small, ...sides } });
  });

  it.each(['panel', 'direct'] as const)('takes transposed operands: %s', (side) => {
    for (const [transposeLhs, transposeRhs] of [
      [true, false],
      [false, true],
      [true, true],
    ] as const)
      // prettier-ignore
      for (const isConstant of [false, true])
        check({ m: 7, n: 13, k: 11, transposeLhs, transposeRhs, isConstant }, { schedule: { ...small, rhs: side, lhs: side } });
  });

  it.each(['f32', 'f64', 'i32'] as const)('takes one row, whose elements are loaded as vectors, in %s', (dtype) => {
    const lanes = dtype === 'f64' ? 2 : 4;
    const row: ContractionSchedule = { ...small, mr: 1, lanes, nr: 4 * lanes, nc: 8 * lanes, lhs: 'direct' };
    for (const [n, k] of [
      [16, 1],
      [17, 4],
      [33, 5],
      [16, 8],
      [40, 13],
      [3, 9],
    ] as const)
      // prettier-ignore
      for (const rhs of ['panel', 'direct'] as const)
        for (const kc of [8, 20]) check({ m: 2, n, k, dtype, epilogue: true }, { schedule: { ...row, rhs, kc } });
  });

  it.each(['i32', 'f64', 'i64', 'ui32'] as const)('sums in %s', (dtype) => {
    const lanes = dtype === 'f64' || dtype === 'i64' ? 2 : 4;
    const schedule = { ...small, lanes, nr: 2 * lanes };
    check({ m: 7, n: 11, k: 9, dtype, epilogue: true }, { schedule });
    check({ m: 7, n: 11, k: 9, dtype, isConstant: true }, { schedule });
    check({ m: 7, n: 19, k: 9, dtype, transposeRhs: true, transposeLhs: true }, { schedule });
  });

  it.each([1, 2, 4, 8])('takes vectors of %i lanes', (lanes) => {
    const schedule = { ...small, lanes, nr: 2 * lanes, nc: 4 * lanes, kc: 9 };
    check({ m: 7, n: 19, k: 9, epilogue: true }, { schedule: { ...schedule, kc: 5 } });
    for (const turned of [{ transposeRhs: true }, { transposeLhs: true }])
      check({ m: 7, n: 35, k: 19, ...turned }, { schedule });
  });

  it('divides rows or columns among tiles', () => {
    const byRows: readonly AxisTile[] = [{ axis: axis(0), size: 5 }];
    const byColumns: readonly AxisTile[] = [{ axis: axis(1), size: 24 }];
    const byOddColumns: readonly AxisTile[] = [{ axis: axis(1), size: 7 }];
    for (const tiles of [byRows, byColumns, byOddColumns, [...byRows, ...byColumns]])
      for (const side of ['panel', 'direct'] as const)
        for (const isConstant of [false, true])
          check(
            { m: 17, n: 45, k: 11, isConstant, epilogue: true },
            { schedule: { ...small, rhs: side, lhs: side }, tiles },
          );
  });

  it('has code for the rows that tiles leave over, and for no others', () => {
    const loopsOverK = (m: number, size: number): number => {
      const kernel = matmul({ m, n: 16, k: 40, isConstant: true });
      const schedule = { ...small, mr: 6, kc: 40, mc: 24, lhs: 'direct' } as const;
      const text = loopKernelText(lowered(kernel, { schedule, tiles: [{ axis: axis(0), size }] }));
      return text.match(/for k/g)?.length ?? 0;
    };
    // Whole tiles; 64 rows are 24, 24 and 16, of which 10 are two strips of 5; 63 end with a strip of 3; 29 are 24 and 5.
    expect([48, 64, 63, 29].map((rows) => loopsOverK(rows, 24))).toEqual([1, 3, 3, 2]);
  });

  it('takes a batch that is bound late', () => {
    const symbol = dimSymbol('batch');
    for (const rows of [0, 1, 5, 6, 7, 20])
      for (const side of ['panel', 'direct'] as const)
        for (const isConstant of [false, true])
          check(
            { m: symbolSize(symbol), n: 11, k: 7, isConstant, epilogue: true },
            {
              symbols: new Map([['batch', rows]]),
              schedule: { ...matmulSchedule, kc: 4, mc: 12, rhs: side, lhs: side },
            },
          );
  });

  it('takes columns and depths that are bound late', () => {
    const depth = symbolSize(dimSymbol('k'));
    const columns = symbolSize(dimSymbol('n'));
    for (const [n, k] of [
      [0, 3],
      [1, 0],
      [3, 1],
      [8, 4],
      [13, 9],
    ] as const)
      // prettier-ignore
      for (const side of ['panel', 'direct'] as const)
        check(
          { m: 7, n: columns, k: depth, epilogue: true },
          { symbols: new Map([['k', k], ['n', n]]), schedule: { ...small, rhs: side, lhs: side } }, // prettier-ignore
        );
  });
});
