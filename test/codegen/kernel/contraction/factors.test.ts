import { describe, expect, it } from 'vitest';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import type { ContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { StructuredKernel, ValueExpr } from '../../../../codegen/kernel/structured-kernel.ts';
import type { KernelDType } from '../../../../codegen/kernel/value-type.ts';
import {
  access, accumulator, at, axis, binaryValue, bufferId, contraction, evaluateDirectly, load, lowered, makeValues, matmulSchedule, relu, runLowered,
} from './contraction-kernels.ts'; // prettier-ignore

const convert = (dtype: KernelDType, operand: ValueExpr): ValueExpr => ({ kind: 'convert', dtype, operand });

function check(kernel: StructuredKernel, schedule: Partial<ContractionSchedule>): void {
  const values = makeValues(kernel);
  const expected = evaluateDirectly(kernel, values).get(bufferId(2));
  for (const rhs of ['panel', 'direct'] as const)
    for (const lhs of ['panel', 'direct'] as const)
      expect(
        runLowered(kernel, values, { schedule: { ...matmulSchedule, kc: 5, mc: 6, nc: 16, ...schedule, rhs, lhs } }),
      ).toEqual(expected);
}

describe('factors that are more than a load', () => {
  it.each([true, false])('i8 times i8 sums in i32 (constant weights: %s)', (isConstant) => {
    const kernel = contraction({
      extents: [7, 11, 9],
      reduction: [2],
      dtype: 'i32',
      buffers: [
        { name: 'lhs', role: 'in', dtype: 'i8', shape: [7, 9] },
        { name: 'rhs', role: 'in', dtype: 'i8', shape: [9, 11], isConstant },
        { name: 'out', role: 'out', dtype: 'i32', shape: [7, 11] },
      ],
      lhs: convert('i32', load('i8', 0, [at(0), at(2)])),
      rhs: convert('i32', load('i8', 1, [at(2), at(1)])),
      write: access(2, [at(0), at(1)]),
    });
    check(kernel, {});
  });

  it('a prologue is applied when the operand is packed', () => {
    const sum = binaryValue('add', load('f32', 0, [at(0), at(2)]), load('f32', 3, [at(2)]));
    const kernel = contraction({
      extents: [7, 11, 9],
      reduction: [2],
      dtype: 'f32',
      buffers: [
        { name: 'lhs', role: 'in', dtype: 'f32', shape: [7, 9] },
        { name: 'rhs', role: 'in', dtype: 'f32', shape: [9, 11] },
        { name: 'out', role: 'out', dtype: 'f32', shape: [7, 11] },
        { name: 'shift', role: 'in', dtype: 'f32', shape: [9] },
      ],
      lhs: relu(sum),
      rhs: load('f32', 1, [at(2), at(1)]),
      write: access(2, [at(0), at(1)]),
    });
    check(kernel, {});
  });

  it('an epilogue with an elementary function is there once a row', () => {
    const tanh: ValueExpr = { kind: 'unary', dtype: 'f32', op: 'tanh', operand: accumulator('f32') };
    const zero = binaryValue('multiply', tanh, { kind: 'constant', dtype: 'f32', value: 0 });
    const kernel = contraction({
      extents: [7, 11, 9],
      reduction: [2],
      dtype: 'f32',
      buffers: [
        { name: 'lhs', role: 'in', dtype: 'f32', shape: [7, 9] },
        { name: 'rhs', role: 'in', dtype: 'f32', shape: [9, 11] },
        { name: 'out', role: 'out', dtype: 'f32', shape: [7, 11] },
      ],
      lhs: load('f32', 0, [at(0), at(2)]),
      rhs: load('f32', 1, [at(2), at(1)]),
      finish: binaryValue('add', accumulator('f32'), zero),
      write: access(2, [at(0), at(1)]),
    });
    check(kernel, {});
    const text = loopKernelText(lowered(kernel, { schedule: { ...matmulSchedule, mr: 6, nr: 8 } }));
    expect(text.match(/tanh/g)?.length).toBeLessThan(20);
  });

  it('sums whose output cannot hold them take k in one block', () => {
    const kernel = contraction({
      extents: [7, 11, 9],
      reduction: [2],
      dtype: 'f32',
      buffers: [
        { name: 'lhs', role: 'in', dtype: 'f32', shape: [7, 9] },
        { name: 'rhs', role: 'in', dtype: 'f32', shape: [9, 11] },
        { name: 'out', role: 'out', dtype: 'i32', shape: [7, 11] },
      ],
      lhs: load('f32', 0, [at(0), at(2)]),
      rhs: load('f32', 1, [at(2), at(1)]),
      finish: convert('i32', accumulator('f32')),
      write: access(2, [at(0), at(1)]),
    });
    check(kernel, {});
  });

  it('batches, two axes of k, two of n, and an output whose order is another', () => {
    // out[b, h, m, d] = sum over k, c of lhs[b, m, k, c] * rhs[k, c, h, d]: axes b, m, h, d, k, c.
    for (const [depth, isConstant] of [
      [8, true],
      [8, false],
      [6, false],
      [3, true],
    ] as const) {
      // prettier-ignore
      const kernel = contraction({
        extents: [2, 5, 3, depth, 4, 3],
        reduction: [4, 5],
        dtype: 'f32',
        buffers: [
          { name: 'lhs', role: 'in', dtype: 'f32', shape: [2, 5, 4, 3] },
          { name: 'rhs', role: 'in', dtype: 'f32', shape: [4, 3, 3, depth], isConstant },
          { name: 'out', role: 'out', dtype: 'f32', shape: [2, 3, 5, depth] },
        ],
        lhs: load('f32', 0, [at(0), at(1), at(4), at(5)]),
        rhs: load('f32', 1, [at(4), at(5), at(2), at(3)]),
        write: access(2, [at(0), at(2), at(1), at(3)]),
      });
      check(kernel, { m: [axis(1)], n: [axis(2), axis(3)], k: [axis(4), axis(5)], batch: [axis(0)] });
      check(kernel, { m: [axis(0), axis(1)], n: [axis(3)], k: [axis(4), axis(5)], batch: [axis(2)] });
    }
  });
});
