import { describe, expect, it } from 'vitest';
import { recogniseScans } from '../../../codegen/kernel/recognise-scans.ts';
import { type Size, symbolSize } from '../../../codegen/kernel/size.ts';
import type { Combiner, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import { dimSymbol } from '../../../ir/dimension.ts';
import { runEverywhere } from '../plan/run-plan.ts';
import { expectSameResults } from './run-kernel.ts';
import { access, guard, KernelMaker, number, plus, readWithin, reduceBy } from './structured-samples.ts';

interface Windows {
  readonly shape: readonly number[];
  readonly axis: number;
  readonly isReversed?: boolean;
  readonly op?: string;
  readonly element?: string;
  readonly initial?: string;
  readonly width?: number;
  readonly before?: string;
  readonly after?: string;
}

/** A reduction over windows along one axis, `before` and `after` it what else the function does. */
function windows({
  shape,
  axis,
  isReversed = false,
  op = 'add',
  element = 'f32',
  initial = '0.0',
  width = shape[axis] ?? 1,
  before,
  after,
}: Windows): string {
  const type = `tensor<${shape.join('x')}x${element}>`;
  const each = (at: (dim: number) => number | string): string => shape.map((_, dim) => at(dim)).join(', ');
  const padding = each((dim) => (dim !== axis ? '[0, 0]' : isReversed ? `[0, ${width - 1}]` : `[${width - 1}, 0]`));
  const ones = each(() => 1);
  return `func.func @main(%x: ${type}) -> ${type} {
    %z = stablehlo.constant dense<${initial}> : tensor<${element}>
    %y = ${before ?? `stablehlo.negate %x : ${type}`}
    %s = "stablehlo.reduce_window"(%y, %z) <{padding = dense<[${padding}]> : tensor<${shape.length}x2xi64>,
      window_dimensions = array<i64: ${each((dim) => (dim === axis ? width : 1))}>, window_strides = array<i64: ${ones}>,
      base_dilations = array<i64: ${ones}>, window_dilations = array<i64: ${ones}>}> ({
      ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
        %1 = stablehlo.${op} %a, %b : tensor<${element}>
        stablehlo.return %1 : tensor<${element}>
    }) : (${type}, tensor<${element}>) -> ${type}
    %r = ${after ?? `stablehlo.abs %s : ${type}`}
    return %r : ${type}
  }`;
}

/** Sums over windows of `width` that begin `offset` before each element of a line of `n`. */
function windowSums(n: Size, width: number, offset: number, outside = 0): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', n), k.axis('k', width, 'reduction')];
  const [x, out] = [k.buffer('x', 'in', 'f32', n), k.buffer('out', 'out', 'f32', n)];
  const at = plus(i, j, -offset);
  const value = readWithin(x, [at], [guard(at, n)], number('f32', outside));
  k.stage([i, j], [value], [access(out, [i])], { combiner: reduceBy('add', 'f32', 0) });
  return k.kernel('window_sums');
}

function isScan(kernel: StructuredKernel): boolean {
  return recogniseScans(kernel).axes.some(({ kind }) => kind === 'sequential');
}

function expectRight(given: Windows): void {
  const { expected, kernel, wasm } = runEverywhere(windows(given));
  expect(kernel).toEqual(expected);
  expect(wasm).toEqual(expected);
}

const awkward = [1, 2, 3, 4, 5, 7, 17, 33] as const;

describe('scans', () => {
  it('are windows that all begin before the first element, or end after the last', () => {
    expect(isScan(windowSums(9, 9, 8))).toBe(true);
    expect(isScan(windowSums(9, 12, 11))).toBe(true);
    expect(isScan(windowSums(9, 9, 0))).toBe(true);
    const maker = recogniseScans(windowSums(9, 9, 8));
    expect(recogniseScans(maker)).toBe(maker);
  });

  it('are windows as long as the bound of a late size', () => {
    const late = (bound: number): Size => symbolSize(dimSymbol('n', bound));
    expect(isScan(windowSums(late(9), 10, 9))).toBe(true);
    expect(isScan(windowSums(late(9), 8, 7))).toBe(false);
    for (const offset of [8, 0]) {
      const kernel = windowSums(late(9), 9, offset);
      const { schedule, loops } = compileKernel(kernel, wasmTarget);
      for (const n of [0, 1, 2, 7, 9]) expectSameResults(kernel, schedule, loops, { n });
    }
  });

  it('run on with any combiner, forwards, if what is outside changes nothing', () => {
    const { axes, buffers, stages, ...rest } = windowSums(9, 9, 8);
    const [stage] = stages;
    const combinerOf = (op: 'subtract' | 'power', identity: number): Combiner => ({
      ...reduceBy(op, 'f32', identity),
      isAssociative: false,
      isCommutative: false,
      mayReassociate: false,
    });
    const kernelOf = (combiner: Combiner): StructuredKernel => ({
      axes,
      buffers,
      ...rest,
      stages: stage === undefined ? [] : [{ ...stage, combiner }],
    });
    const kernel = kernelOf(combinerOf('subtract', 0));
    expect(isScan(kernel)).toBe(true);
    const { schedule, loops } = compileKernel(kernel, wasmTarget);
    expectSameResults(kernel, schedule, loops);
    expect(isScan(kernelOf(combinerOf('power', 0)))).toBe(false);
  });

  it('are not windows that end elsewhere, bring something from outside, or have no bound', () => {
    expect(isScan(windowSums(9, 8, 7))).toBe(false);
    expect(isScan(windowSums(9, 9, 4))).toBe(false);
    expect(isScan(windowSums(9, 9, 8, 1))).toBe(false);
    expect(isScan(windowSums(symbolSize(dimSymbol('n')), 9, 8))).toBe(false);
  });

  it.each(awkward)('of a line of %i', (n) => {
    for (const isReversed of [false, true]) expectRight({ shape: [n], axis: 0, isReversed });
  });

  it.each(awkward)('of %i along each axis of a tensor', (n) => {
    for (const axis of [0, 1, 2])
      for (const isReversed of [false, true])
        expectRight({ shape: axis === 1 ? [3, n, 9] : [n, 5, n], axis, isReversed });
  });

  it('of other combiners and elements', () => {
    expectRight({ shape: [4, 19], axis: 1, op: 'maximum', initial: '0xFF800000' });
    expectRight({ shape: [19, 6], axis: 0, op: 'minimum', initial: '0x7F800000', isReversed: true });
    expectRight({ shape: [19, 6], axis: 0, op: 'multiply', element: 'i32', initial: '1' });
    expectRight({ shape: [5, 21], axis: 1, element: 'i64', initial: '0' });
    expectRight({ shape: [21], axis: 0, element: 'f64' });
  });

  it('of what is computed on the way', () => {
    const type = 'tensor<3x18xf32>';
    const before = `stablehlo.multiply %x, %x : ${type}`;
    expectRight({ shape: [3, 18], axis: 1, before, after: `stablehlo.subtract %s, %x : ${type}` });
  });
});
