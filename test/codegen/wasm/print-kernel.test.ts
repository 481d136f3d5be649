import { describe, expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import {
  add, compare, constant, fma, laneReduce, load, loadSplat, multiply, select,
} from '../../../codegen/kernel/loop-expressions.ts'; // prettier-ignore
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { vector } from '../../../codegen/kernel/value-type.ts';
import { unknownLocation } from '../../../ir/location.ts';
import { kernelWat, runBoth } from './run-kernel.ts';

function addKernel(count: number): LoopKernel {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: 'f32', size: count, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: 'f32', size: count, access: 'read' });
  const z = b.parameter({ name: 'z', dtype: 'f32', size: count, access: 'write' });
  const whole = count - (count % 4);
  b.for({ to: whole, step: 4 }, (i) => b.store(z, i, add(load(x, i, 4), load(y, i, 4))));
  b.for({ from: whole, to: count }, (i) => b.store(z, i, add(load(x, i), load(y, i))));
  return b.kernel({ name: 'add', tiles: 1, location: unknownLocation });
}

function sumKernel(count: number): LoopKernel {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: 'f32', size: count, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: 'f32', size: 1, access: 'write' });
  const [sum] = b.for({ to: count, step: 4 }, [constant(vector('f32', 4), 0)], (i, [partial]) => [
    add(partial, load(x, i, 4)),
  ]);
  b.store(y, 0, laneReduce('add', sum));
  return b.kernel({ name: 'sum', tiles: 1, location: unknownLocation });
}

/** One 6 x 8 tile: panels of A `[k][6]` and of B `[k][8]`. */
export function microKernel(depth: number): LoopKernel {
  const b = new LoopBuilder();
  const lhs = b.parameter({ name: 'a', dtype: 'f32', size: depth * 6, access: 'read' });
  const rhs = b.parameter({ name: 'b', dtype: 'f32', size: depth * 8, access: 'read' });
  const out = b.parameter({ name: 'c', dtype: 'f32', size: 48, access: 'write' });
  const zeros = Array.from({ length: 12 }, () => constant(vector('f32', 4), 0));
  const sums = b.for({ to: depth, name: 'k' }, zeros, (k, partial) => {
    const columns = [0, 4].map((j) => b.let(`b${j}`, load(rhs, add(multiply(k, 8), j), 4)));
    return partial.map((sum, index) => {
      const row = loadSplat(lhs, add(multiply(k, 6), index >> 1), 4);
      return fma(row, columns[index & 1] ?? sum, sum);
    });
  });
  sums.forEach((sum, index) => b.store(out, index * 4, sum));
  return b.kernel({ name: 'micro', tiles: 1, location: unknownLocation });
}

const random = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => ((i * 37) % 19) - 9.5);

describe('kernels in WebAssembly', () => {
  it('add elementwise, vectors and a scalar tail', () => {
    const { wasm, reference } = runBoth(addKernel(11), [random(11), random(11).reverse(), new Float32Array(11)]);
    expect(wasm).toEqual(reference);
  });

  it('sum a row', () => {
    const { wasm, reference } = runBoth(sumKernel(64), [random(64), new Float32Array(1)]);
    expect(wasm).toEqual(reference);
  });

  it('multiply a register tile', () => {
    const { wasm, reference } = runBoth(microKernel(16), [random(96), random(128), new Float32Array(48)]);
    expect(wasm).toEqual(reference);
  });

  it('set the vector constants of loops once, in front of them', () => {
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: 16, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: 16, access: 'write' });
    b.for({ to: 4 }, (i) =>
      b.for({ to: 4, step: 4 }, (j) => {
        const at = add(multiply(i, 4), j);
        b.store(y, at, add(multiply(load(x, at, 4), 3.5), 3.5));
      }),
    );
    const kernel = b.kernel({ name: 'scale', tiles: 1, location: unknownLocation });
    const wat = kernelWat(kernel);
    expect(wat.match(/v128\.const/g)).toHaveLength(1);
    expect(wat.indexOf('v128.const')).toBeLessThan(wat.indexOf('(loop'));
    const { wasm, reference } = runBoth(kernel, [random(16), new Float32Array(16)]);
    expect(wasm).toEqual(reference);
  });

  it('choose the lesser or the greater of two in one instruction, NaN and zeros as the comparison says', () => {
    const values = Float32Array.of(1, NaN, -0, 0, Infinity, -Infinity, 2, NaN);
    const others = Float32Array.of(NaN, 1, 0, -0, NaN, 3, 2, NaN);
    for (const [op, swapped, instruction] of [
      ['lt', false, 'pmin'],
      ['gt', true, 'pmin'],
      ['lt', true, 'pmax'],
      ['gt', false, 'pmax'],
    ] as const) {
      const b = new LoopBuilder();
      const x = b.parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' });
      const y = b.parameter({ name: 'y', dtype: 'f32', size: 8, access: 'read' });
      const z = b.parameter({ name: 'z', dtype: 'f32', size: 8, access: 'write' });
      b.for({ to: 8, step: 4 }, (i) => {
        const [u, v] = [b.let('u', load(x, i, 4)), b.let('v', load(y, i, 4))];
        b.store(z, i, swapped ? select(compare(op, u, v), v, u) : select(compare(op, u, v), u, v));
      });
      const kernel = b.kernel({ name: 'choose', tiles: 1, location: unknownLocation });
      expect(kernelWat(kernel)).toContain(instruction);
      const { wasm, reference } = runBoth(kernel, [values, others, new Float32Array(8)]);
      expect(wasm).toEqual(reference);
    }
  });

  it('advance one pointer a buffer, and put what is constant into the instruction', () => {
    const wat = kernelWat(microKernel(16));
    const loop = wat.slice(wat.indexOf('(loop'), wat.indexOf('br_if'));
    expect(loop.match(/i32\.mul|i32\.shl/g)).toBeNull();
    // The counter, and one a buffer.
    expect(loop.match(/i32\.add/g)).toHaveLength(3);
    expect(loop).toContain('offset=20');
  });
});
