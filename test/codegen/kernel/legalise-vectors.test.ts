import { describe, expect, it } from 'vitest';
import { unknownLocation } from '../../../ir/location.ts';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { legalise } from '../../../codegen/kernel/legalise.ts';
import { splitVectors } from '../../../codegen/kernel/legalise-vectors.ts';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import { add, constant, laneReduce, load, shuffle } from '../../../codegen/kernel/loop-expressions.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { expressionsOf, walkExpr, walkStatements } from '../../../codegen/kernel/loop-walk.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { StageSchedule } from '../../../codegen/kernel/schedule.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { elementBytes, vector } from '../../../codegen/kernel/value-type.ts';
import { expectSameResults } from './run-kernel.ts';
import * as samples from './structured-samples.ts';

function expectNarrow(kernel: LoopKernel): void {
  walkStatements(kernel.body, (statement) => {
    for (const expr of expressionsOf(statement))
      walkExpr(expr, ({ type: { dtype, lanes } }) => {
        if (lanes > 1) expect(lanes * (dtype === 'i1' ? 1 : elementBytes(dtype))).toBeLessThanOrEqual(16);
      });
  });
}

/** Every axis along 16 lanes, split to the target's width. */
function expectSplit(kernel: StructuredKernel): void {
  const chosen = chooseSchedule(kernel, wasmTarget);
  for (const axis of kernel.axes) {
    const stages = new Map(
      kernel.stages.map(({ id, axes }): [typeof id, StageSchedule] => [
        id,
        { kind: 'loops', order: axes, vector: { axis: axis.id, lanes: 16 }, unroll: 2 },
      ]),
    );
    const schedule = { ...chosen, tiles: [], layouts: new Map(), stages };
    const loops = legalise(lower(kernel, schedule, wasmTarget), wasmTarget);
    expectNarrow(loops);
    expectSameResults(kernel, schedule, loops);
  }
}

describe('splitting vectors', () => {
  it('makes as many loads and stores as it takes', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 8, access: 'write' });
    b.store(y, 0, add(load(x, 0, 8), constant(vector('f32', 8), 1)));
    const kernel = b.kernel({ name: 'wide', tiles: 1, location: unknownLocation });
    expect(loopKernelText(splitVectors(kernel, wasmTarget))).toMatchInlineSnapshot(`
      "kernel wide(x: read f32[8] arena, y: write f32[8] arena) tiles 1 {
        v: f32x4 = x[0 : 4] + 1f32x4
        v.2: f32x4 = x[4 : 4] + 1f32x4
        y[0 : 4] = v
        y[4 : 4] = v.2
      }
      "
    `);
  });
  it('keeps the order in which lanes are combined, and shuffles across parts', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 9, access: 'write' });
    const v = b.let('v', load(x, 0, 8));
    b.store(y, 8, laneReduce('add', v));
    b.store(y, 0, shuffle(v, v, [7, 6, 5, 4, 3, 2, 1, 0]));
    const kernel = splitVectors(b.kernel({ name: 'wide', tiles: 1, location: unknownLocation }), wasmTarget);
    expectNarrow(kernel);
    expect(loopKernelText(kernel)).toContain('reduce_add(v + v.2)');
  });
  it('leaves what fits alone', () => {
    const kernel = samples.scaleRows(3, 9);
    const loops = lower(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget);
    expect(splitVectors(loops, wasmTarget)).toBe(loops);
  });
  const kernels = [
    samples.scaleRows(3, 37),
    samples.scaleRows(3, 37, 'f64'),
    samples.scaleRows(3, 37, 'i16'),
    samples.transpose(17, 18),
    samples.sumRows(3, 37),
    samples.sumRows(3, 37, 'i64'),
    samples.sumColumns(5, 21),
    samples.argmaxRows(2, 37),
    samples.normaliseRows(17, 33),
    samples.normaliseColumns(3, 18),
    samples.pad(5, 20, 2, 9, 30),
    samples.concatenate([5, 17, 9]),
    samples.gatherElements(19, 6),
    samples.denseRelu(5, 18, 11),
  ];
  it.each(kernels.map((kernel, n) => [`${kernel.name} ${n}`, kernel] as const))('%s', (_, kernel) =>
    expectSplit(kernel),
  );
});
