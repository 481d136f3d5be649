import { describe, expect, it } from 'vitest';
import { chooseContractionSchedule, packsColumns } from '../../../../codegen/kernel/contraction/choose-schedule.ts';
import { contractionTiles } from '../../../../codegen/kernel/contraction/contraction-tiles.ts';
import { contractionLayouts } from '../../../../codegen/kernel/contraction/panel-layout.ts';
import { layoutText } from '../../../../codegen/kernel/physical-layout.ts';
import type { ContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import { symbolSize } from '../../../../codegen/kernel/size.ts';
import { wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { dimSymbol } from '../../../../ir/dimension.ts';
import { opsOf, structured } from '../../kernelize/expect-kernel.ts';
import { load } from '../../../passes/pass-fixture.ts';
import {
  bufferId,
  evaluateDirectly,
  makeValues,
  matmul,
  type MatmulOptions,
  runLowered,
} from './contraction-kernels.ts';

function choose(options: MatmulOptions): ContractionSchedule | undefined {
  const kernel = matmul(options);
  const [stage] = kernel.stages;
  return stage === undefined ? undefined : chooseContractionSchedule(kernel, stage, wasmTarget);
}

describe('a contraction schedule', () => {
  it('packs the columns of a large product, and rows that do not lie along k', () => {
    const size = { m: 512, k: 512, n: 512 };
    expect(choose(size)).toMatchObject({ mr: 4, nr: 8, lanes: 4, lhs: 'direct', rhs: 'panel' });
    expect(choose({ ...size, transposeLhs: true })).toMatchObject({ lhs: 'panel', rhs: 'panel' });
  });

  it('reads the columns where they lie for a few rows', () => {
    expect(choose({ m: 4, k: 64, n: 64 })).toMatchObject({ rhs: 'direct', mr: 4 });
  });

  it('streams columns that are read once, a few steps of k at a time; what the first cache holds is one block', () => {
    expect(choose({ m: 1, k: 768, n: 3072 })).toMatchObject({ rhs: 'direct', kc: 8, inner: 'columns' });
    expect(choose({ m: 1, k: 64, n: 64 })).toMatchObject({ rhs: 'direct', kc: 64 });
    expect(choose({ m: 64, k: 768, n: 3072 })).toMatchObject({ rhs: 'panel', kc: 768, inner: 'rows' });
  });

  it('lets constant panels that are read once pass from end to end, however deep they are', () => {
    const rhs = { isConstant: true };
    expect(choose({ m: 1, k: 4000, n: 300, ...rhs })).toMatchObject({ rhs: 'panel', kc: 4000 });
    expect(choose({ m: 2, k: 4000, n: 300, ...rhs })).toMatchObject({ kc: 2000 });
    expect(choose({ m: 40, k: 4000, n: 300, ...rhs })).toMatchObject({ kc: 672 });
  });

  it('finishes rows one after the other where the first cache holds the columns', () => {
    expect(choose({ m: 1000, k: 3, n: 1000 })).toMatchObject({ inner: 'columns' });
  });

  it('packs columns that do not fill a vector', () => {
    expect(choose({ m: 64, k: 64, n: 3 })).toMatchObject({ rhs: 'panel', mr: 8, nr: 4 });
  });

  it('takes products of any depth', () => {
    expect(choose({ m: 100, k: 1, n: 100 })).toMatchObject({ rhs: 'panel', inner: 'columns' });
  });

  it('leaves to plain loops what would be packed for one use', () => {
    expect(choose({ m: 1, k: 64, n: 64, transposeRhs: true })).toBeUndefined();
    expect(choose({ m: 2, k: 64, n: 3 })).toBeUndefined();
    expect(choose({ m: 64, k: 64, n: 1 })).toBeUndefined();
  });

  it('leaves to plain loops a depthwise window, whose rows have gaps between them and would be packed for one use', () => {
    const image = 'tensor<1x8x20x20xf32>';
    const op = opsOf(
      load(`func.func @f(%x: ${image}, %w: tensor<8x1x3x3xf32>) -> tensor<1x8x18x18xf32> {
        %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {}
          {batch_group_count = 1 : i64, feature_group_count = 8 : i64} : (${image}, tensor<8x1x3x3xf32>) -> tensor<1x8x18x18xf32>
        return %0 : tensor<1x8x18x18xf32>
      }`),
    )[0];
    const kernel = op === undefined ? undefined : structured(op).kernel;
    const [stage] = kernel?.stages ?? [];
    if (kernel === undefined || stage === undefined) throw new Error('no kernel');
    expect(chooseContractionSchedule(kernel, stage, wasmTarget)).toBeUndefined();
  });

  it('has constants packed in panels', () => {
    const kernel = matmul({ m: 64, k: 64, n: 64, isConstant: true });
    const [stage] = kernel.stages;
    const schedule = choose({ m: 64, k: 64, n: 64, isConstant: true });
    if (stage === undefined || schedule === undefined) throw new Error('no schedule');
    const layout = contractionLayouts(kernel, stage, schedule).get(bufferId(1));
    expect(layout && layoutText(layout)).toBe('[d1/tiles 8, d0, d1/inner 8]');
  });

  it.each([
    { m: 30, k: 40, n: 50 },
    { m: 1, k: 40, n: 50 },
    { m: 5, k: 40, n: 50, transposeRhs: true },
    { m: symbolSize(dimSymbol('rows')), k: 40, n: 50, isConstant: true },
    { m: 1, k: 300, n: 20, isConstant: true, transposeRhs: true },
  ])('computes what plain loops do: %o', (options) => {
    const kernel = matmul({ ...options, epilogue: true });
    const symbols = new Map([['rows', 9]]);
    const values = makeValues(kernel, symbols);
    const schedule = choose({ ...options, epilogue: true });
    if (schedule === undefined) throw new Error('no schedule');
    const [stage] = kernel.stages;
    const tiles =
      stage === undefined
        ? []
        : contractionTiles(kernel, {
            schedule,
            bytes: 4,
            target: wasmTarget,
            packsColumns: packsColumns(kernel, stage, schedule),
            rowElements: 0,
          });
    const expected = evaluateDirectly(kernel, values, symbols).get(bufferId(2));
    expect(runLowered(kernel, values, { schedule, tiles, symbols })).toEqual(expected);
  });
});
