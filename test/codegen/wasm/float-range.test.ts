import { describe, expect, it } from 'vitest';
import {
  constant,
  convert,
  index,
  load,
  maximum,
  minimum,
  splat,
  unary,
} from '../../../codegen/kernel/loop-expressions.ts';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import { vector } from '../../../codegen/kernel/value-type.ts';
import { floatRange } from '../../../codegen/wasm/float-range.ts';
import { runEverywhere } from '../plan/run-plan.ts';

const x = load(new LoopBuilder().parameter({ name: 'x', dtype: 'f32', size: 8, access: 'read' }), index(0), 4);
const number = (value: number) => constant(vector('f32', 4), value);

describe('what is known of floats', () => {
  it.each([
    [x, -Infinity, Infinity],
    [maximum(x, number(-3.5)), -3.5, Infinity],
    [minimum(maximum(x, number(-3.5)), number(8)), -3.5, 8],
    [maximum(minimum(x, number(-9)), number(-7)), -7, -7],
    [unary('round-even', minimum(maximum(x, number(-3.5)), number(8))), -4, 8],
    [unary('exp', number(1)), -Infinity, Infinity],
    [splat(convert('f32', constant({ dtype: 'i32', lanes: 1 }, 7)), 4), 7, 7],
  ])('is the range of clamps: %#', (expr, least, most) => {
    expect(floatRange(expr)).toEqual({ least, most });
  });

  it.each([
    ['i8', -128, 127],
    ['i8', -129, 127],
    ['i8', -1000, 1000],
    ['ui8', 0, 255],
    ['ui8', -1, 255],
    ['i16', -32768, 32767],
  ])('makes %s of what is clamped to [%i, %i], NaN too', (element, least, most) => {
    const { wasm, expected } = runEverywhere(`func.func @main(%a: tensor<67xf32>) -> tensor<67x${element}> {
      %z = stablehlo.constant dense<0.0> : tensor<67xf32>
      %s = stablehlo.constant dense<150.0> : tensor<67xf32>
      %b = stablehlo.multiply %a, %s : tensor<67xf32>
      %n = stablehlo.divide %z, %a : tensor<67xf32>
      %x = stablehlo.add %b, %n : tensor<67xf32>
      %low = stablehlo.constant dense<${least}.0> : tensor<f32>
      %high = stablehlo.constant dense<${most}.0> : tensor<f32>
      %c = stablehlo.clamp %low, %x, %high : (tensor<f32>, tensor<67xf32>, tensor<f32>) -> tensor<67xf32>
      %y = stablehlo.convert %c : (tensor<67xf32>) -> tensor<67x${element}>
      return %y : tensor<67x${element}>
    }`);
    expect(wasm).toEqual(expected);
  });
});
