import { describe, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import { chooseSchedule, chooseSpaces } from '../../../codegen/kernel/heuristics.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import { sharedAxes } from '../../../codegen/kernel/lower-fusion.ts';
import type { LoopSchedule, Schedule } from '../../../codegen/kernel/schedule.ts';
import { symbolSize } from '../../../codegen/kernel/size.ts';
import type { AxisId, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { expectSameResults } from './run-kernel.ts';
import * as samples from './structured-samples.ts';

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, position) =>
    permutations(items.filter((_, other) => other !== position)).map((rest) => [item, ...rest]),
  );
}

/** Every order, every vector axis and a few widths, with and without copies and tiles. */
function* schedules(kernel: StructuredKernel): Generator<Schedule> {
  const spaces = chooseSpaces(kernel, sharedAxes(kernel));
  const axes = [...new Set(kernel.stages.flatMap((stage) => stage.axes))];
  const vectors: LoopSchedule['vector'][] = [
    undefined,
    ...axes.flatMap((axis) => [4, 8, 16].map((lanes) => ({ axis, lanes }))),
  ];
  const sharedOrOwn = kernel.stages.length === 1 ? axes : sharedAxes(kernel);
  const parallel = sharedOrOwn.filter((axis) => kernel.axes.some(({ id, kind }) => id === axis && kind === 'parallel'));
  for (const vector of vectors)
    for (const unroll of [1, 3])
      for (const order of kernel.stages.length === 1 ? permutations(axes) : [axes])
        for (const tiles of [[], parallel.map((axis: AxisId) => ({ axis, size: 5 }))])
          for (const form of unroll === 1 ? forms(kernel, vector) : [{}])
            yield {
              tiles,
              stages: new Map(
                kernel.stages.map((stage) => [
                  stage.id,
                  {
                    kind: 'loops',
                    order: order.filter((axis) => stage.axes.includes(axis)),
                    vector,
                    unroll,
                    ...form,
                  },
                ]),
              ),
              layouts: new Map(),
              spaces,
              workgroup: undefined,
            };
}

/** As it is; with rows that stream by, where lanes run along columns; with reads turned, of every other axis. */
function forms(
  kernel: StructuredKernel,
  vector: LoopSchedule['vector'],
): readonly Pick<LoopSchedule, 'stream' | 'turned'>[] {
  const [stage, ...others] = kernel.stages;
  const parallel = kernel.axes.filter(({ kind }) => kind === 'parallel').map(({ id }) => id);
  if (stage === undefined || others.length > 0 || vector === undefined || !parallel.includes(vector.axis)) return [{}];
  if (stage.combiner !== undefined) return [{}, { stream: { rows: 6, columns: 16 } }];
  const rows = parallel.filter((axis) => axis !== vector.axis);
  return [{}, ...rows.map((axis) => ({ turned: { axis, block: 8 } }))];
}

function expectEverySchedule(kernel: StructuredKernel, symbols: Readonly<Record<string, number>> = {}): void {
  for (const schedule of schedules(kernel))
    expectSameResults(kernel, schedule, lower(kernel, schedule, wasmTarget), symbols);
  const chosen = chooseSchedule(kernel, wasmTarget);
  expectSameResults(kernel, chosen, lower(kernel, chosen, wasmTarget), symbols);
}

const awkward = [0, 1, 3, 4, 5, 7, 17] as const;

describe('lowering: every schedule gives what nested loops give', () => {
  it.each(awkward)('elementwise with a broadcast row, %i columns', (n) => expectEverySchedule(samples.scaleRows(3, n)));
  it.each(awkward)('elementwise with a broadcast row, %i rows', (n) => expectEverySchedule(samples.scaleRows(n, 5)));
  it.each(awkward)('a transpose of %i rows', (n) => expectEverySchedule(samples.transpose(n, 6)));
  it.each(awkward)('a transpose of %i columns', (n) => expectEverySchedule(samples.transpose(9, n)));
  it.each(awkward)('%i rows backwards', (n) => expectEverySchedule(samples.reverseRows(3, n)));
  it.each(awkward)('sums of rows of %i', (n) => expectEverySchedule(samples.sumRows(3, n)));
  it.each(awkward)('sums of %i columns', (n) => expectEverySchedule(samples.sumColumns(7, n)));
  it.each(awkward)('cumulative sums of %i rows', (n) => expectEverySchedule(samples.cumulativeColumns(2, n, 6)));
  it.each(awkward)('cumulative sums of %i columns', (n) => expectEverySchedule(samples.cumulativeColumns(1, 5, n)));
  it.each(awkward)('argmax of rows of %i', (n) => expectEverySchedule(samples.argmaxRows(2, n)));
  it.each(awkward)('normalised rows of %i', (n) => expectEverySchedule(samples.normaliseRows(6, n)));
  it.each(awkward)('%i normalised columns', (n) => expectEverySchedule(samples.normaliseColumns(3, n)));
  it.each(awkward)('padding to %i more columns', (n) => expectEverySchedule(samples.pad(3, 5, 2, 3 + n, 5 + n)));
  it('a crop', () => expectEverySchedule(samples.pad(8, 9, -2, 5, 6)));
  it.each(awkward)('dilation of %i', (n) => expectEverySchedule(samples.dilate(n, 2 * n + 1)));
  it('concatenation', () => {
    expectEverySchedule(samples.concatenate([5, 0, 7]));
    expectEverySchedule(samples.concatenate([1, 17, 2]));
  });
  it.each(awkward)('a gather of %i rows', (n) => expectEverySchedule(samples.gatherRows(4, 5, n)));
  it.each(awkward)('a gather of %i elements', (n) => expectEverySchedule(samples.gatherElements(n, 6)));
  it.each([0, 1, 5, 9])('a contraction over %i', (n) => expectEverySchedule(samples.denseRelu(3, 6, n)));
  it.each(['f64', 'i32', 'i64', 'ui8', 'i16'] as const)('%s', (dtype) => {
    expectEverySchedule(samples.scaleRows(3, 9, dtype));
    expectEverySchedule(samples.sumRows(3, 9, dtype));
  });
});

describe('lowering: extents bound late', () => {
  const n = symbolSize(dimSymbol('n'));
  const rows = symbolSize(dimSymbol('rows'));
  it.each(awkward)('n = %i', (value) => {
    const symbols = { n: value, rows: 3 };
    expectEverySchedule(samples.scaleRows(rows, n), symbols);
    expectEverySchedule(samples.sumRows(rows, n), symbols);
    expectEverySchedule(samples.sumColumns(n, rows), symbols);
    expectEverySchedule(samples.gatherRows(4, n, rows), symbols);
    expectEverySchedule(samples.transpose(n, rows), symbols);
    expectEverySchedule(samples.pad(rows, n, 1, rows, { kind: 'add', lhs: n, rhs: 3 }), symbols);
  });
  it.each([1, 2, 9])('rows of a fused kernel = %i', (value) => {
    expectEverySchedule(samples.normaliseRows(n, 6), { n: value });
    expectEverySchedule(samples.normaliseRows(3, n), { n: value });
  });
});
