import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import { collapseAxes } from '../../../codegen/kernel/lower-collapse.ts';
import { symbolSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { expectSameResults } from './run-kernel.ts';
import * as samples from './structured-samples.ts';

const { KernelMaker, access, binary, read } = samples;

function names(kernel: StructuredKernel): readonly string[] {
  return collapseAxes(kernel).axes.map(({ name }) => name);
}

function expectSame(kernel: StructuredKernel, symbols: Readonly<Record<string, number>> = {}): void {
  const compiled = compileKernel(kernel, wasmTarget);
  expectSameResults(kernel, compiled.schedule, compiled.loops, symbols);
}

/** out[i, j, k] = x[i, j, k] + y[i, j, k], over any extents. */
function addAll(...shape: Parameters<InstanceType<typeof KernelMaker>['axis']>[1][]): StructuredKernel {
  const k = new KernelMaker();
  const axes = shape.map((extent, n) => k.axis('ijkl'[n] ?? '?', extent));
  const [x, y] = [k.buffer('x', 'in', 'f32', ...shape), k.buffer('y', 'in', 'f32', ...shape)];
  const out = k.buffer('out', 'out', 'f32', ...shape);
  k.stage(axes, [binary('add', read(x, ...axes), read(y, ...axes))], [access(out, axes)]);
  return k.kernel('add_all');
}

describe('collapsing axes', () => {
  it('an elementwise kernel has one axis', () => {
    expect(names(addAll(3, 5, 7))).toEqual(['k']);
    expectSame(addAll(3, 5, 7));
  });
  it('with symbols too', () => {
    const n = symbolSize(dimSymbol('n'));
    expect(names(addAll(n, 5))).toEqual(['j']);
    for (const value of [0, 1, 7]) expectSame(addAll(n, 5, n), { n: value });
  });
  it('axes of one point vanish', () => {
    expect(names(addAll(1, 5, 1))).toEqual(['j']);
    expect(names(addAll(1, 1))).toEqual([]);
    expectSame(addAll(1, 5, 1));
    expectSame(addAll(1, 1));
    expectSame(samples.sumRows(3, 1));
    expectSame(samples.normaliseRows(1, 1));
  });
  it('a broadcast keeps them apart', () => expect(names(samples.scaleRows(3, 4))).toEqual(['i', 'j']));
  it('a transpose keeps them apart', () => expect(names(samples.transpose(3, 4))).toEqual(['j', 'i']));
  it('guards keep them apart', () => expect(names(samples.pad(3, 4, 1, 5, 6))).toEqual(['i', 'j']));
  it('rows of a normalisation become one axis, the reduction stays', () => {
    const k = new KernelMaker();
    const [b, h, j, c] = [k.axis('b', 2), k.axis('h', 3), k.axis('j', 9, 'reduction'), k.axis('c', 9)];
    const x = k.buffer('x', 'in', 'f32', 2, 3, 9);
    const out = k.buffer('out', 'out', 'f32', 2, 3, 9);
    const sum = k.buffer('sum', 'scratch', 'f32', 2, 3);
    k.stage([b, h, j], [read(x, b, h, j)], [access(sum, [b, h])], { combiner: samples.reduceBy('add', 'f32', 0) });
    k.stage([b, h, c], [binary('subtract', read(x, b, h, c), read(sum, b, h))], [access(out, [b, h, c])]);
    expect(names(k.kernel('centre'))).toEqual(['h', 'j', 'c']);
    expectSame(k.kernel('centre'));
  });
});
