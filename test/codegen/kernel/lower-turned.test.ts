import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { LoopSchedule } from '../../../codegen/kernel/schedule.ts';
import { symbolSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { runEverywhere } from '../plan/run-plan.ts';
import * as samples from './structured-samples.ts';

function turnedOf(kernel: StructuredKernel): LoopSchedule['turned'] {
  const [first] = chooseSchedule(kernel, wasmTarget).stages.values();
  return first?.kind === 'loops' ? first.turned : undefined;
}

function expectRight(text: string): void {
  const { expected, kernel, wasm } = runEverywhere(text);
  expect(kernel).toEqual(expected);
  expect(wasm).toEqual(expected);
}

describe('transposed reads', () => {
  it('are turned in blocks of a line of the cache', () => {
    expect(turnedOf(samples.transpose(100, 100))?.block).toBe(16);
    expect(turnedOf(samples.transpose(symbolSize(dimSymbol('n')), 100))?.block).toBe(16);
  });

  it('are not where there are none, or too few columns for a vector', () => {
    expect(turnedOf(samples.scaleRows(100, 100))).toBeUndefined();
    expect(turnedOf(samples.transpose(3, 100))).toBeUndefined();
    expect(turnedOf(samples.transpose(100, 3))).toBeUndefined();
  });

  it('load and store whole vectors', () => {
    const kernel = samples.transpose(16, 16);
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget));
    expect(text.match(/shuffle/g)).toHaveLength(8);
    expect(text).not.toMatch(/insert|splat/);
  });

  it.each(['i8', 'ui16', 'bf16', 'f32', 'f64', 'i64'])('of %s are right', (element) => {
    for (const [rows, columns] of [
      [16, 16],
      [37, 70],
      [5, 131],
    ] as const)
      expectRight(`func.func @main(%x: tensor<${rows}x3x${columns}x${element}>) -> tensor<3x${columns}x${rows}x${element}> {
        %0 = stablehlo.transpose %x, dims = [1, 2, 0] : (tensor<${rows}x3x${columns}x${element}>) -> tensor<3x${columns}x${rows}x${element}>
        return %0 : tensor<3x${columns}x${rows}x${element}>
      }`);
  });

  it('among others, and of narrower elements than what is computed, are right', () => {
    expectRight(`func.func @main(%x: tensor<21x38xf32>, %y: tensor<38x21xi8>, %m: tensor<38x21xi1>) -> tensor<21x38xf32> {
      %0 = stablehlo.transpose %y, dims = [1, 0] : (tensor<38x21xi8>) -> tensor<21x38xi8>
      %1 = stablehlo.convert %0 : (tensor<21x38xi8>) -> tensor<21x38xf32>
      %2 = stablehlo.add %x, %1 : tensor<21x38xf32>
      %3 = stablehlo.transpose %m, dims = [1, 0] : (tensor<38x21xi1>) -> tensor<21x38xi1>
      %4 = stablehlo.select %3, %2, %x : tensor<21x38xi1>, tensor<21x38xf32>
      return %4 : tensor<21x38xf32>
    }`);
  });

  it('with padding around them are right', () => {
    expectRight(`func.func @main(%x: tensor<5x30x22xf32>) -> tensor<7x22x30xf32> {
      %z = stablehlo.constant dense<7.0> : tensor<f32>
      %0 = stablehlo.transpose %x, dims = [0, 2, 1] : (tensor<5x30x22xf32>) -> tensor<5x22x30xf32>
      %1 = stablehlo.pad %0, %z, low = [1, 0, 0], high = [1, 0, 0], interior = [0, 0, 0] : (tensor<5x22x30xf32>, tensor<f32>) -> tensor<7x22x30xf32>
      return %1 : tensor<7x22x30xf32>
    }`);
    expectRight(`func.func @main(%x: tensor<30x22xf32>) -> tensor<27x35xf32> {
      %z = stablehlo.constant dense<7.0> : tensor<f32>
      %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<30x22xf32>) -> tensor<22x30xf32>
      %1 = stablehlo.pad %0, %z, low = [2, 1], high = [3, 4], interior = [0, 0] : (tensor<22x30xf32>, tensor<f32>) -> tensor<27x35xf32>
      return %1 : tensor<27x35xf32>
    }`);
  });
});
