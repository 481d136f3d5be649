import { describe, expect, it } from 'vitest';
import { kernelCompiler } from '../../../codegen/plan/compile-kernel.ts';
import { buildPlan } from '../../../codegen/plan/build-plan.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import { elementsBytes } from '../../../ir/elements.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { floatFormats } from '../../../ir/numerics/index.ts';
import { load, mainOf } from '../plan/run-plan.ts';

const smallFloats = Object.values(floatFormats).filter(({ width }) => width <= 8);
const smallIntegers = ['i2', 'i4', 'ui2', 'ui4'] as const;
const wholeTypes = ['i1', 'i8', 'ui8', 'i16', 'i32', 'ui32', 'i64', 'ui64', 'f16', 'bf16', 'f32', 'f64'] as const;

/** `op` as the target computes it, and as the evaluator does. */
function runBoth(op: string, from: string, to: string, input: Tensor): readonly [string, string] {
  const module = load(
    `func.func @main(%x: ${from}) -> ${to} {\n  %0 = ${op} %x : (${from}) -> ${to}\n  return %0 : ${to}\n}`,
  );
  const [expected] = evaluateFunction(module, 'main', [input]);
  const [actual] = new WasmProgram(buildPlan(mainOf(module), kernelCompiler(wasmTarget))).run([input]);
  return [String(actual?.values), String((expected as Tensor).values)];
}

function convertBoth(from: DType, to: DType, input: Tensor): readonly [string, string] {
  const [size] = input.shape;
  return runBoth('stablehlo.convert', `tensor<${size}x${from}>`, `tensor<${size}x${to}>`, input);
}

/** Every value the type has. */
function allOf(dtype: DType): Tensor {
  const { bits, kind } = dtypeInfo(dtype);
  const tensor = Tensor.zeros(dtype, [1 << bits]);
  for (let index = 0; index < tensor.size; index++)
    tensor.values[index] = kind === 'integer' ? index - (1 << (bits - 1)) : index;
  return tensor;
}

/** Numbers about every one a format of 8 bits can have, and the middles between them, one f32 or f64 to both sides. */
function numbersNear(dtype: 'f32' | 'f64'): Tensor {
  const numbers = new Set<number>([0, -0, NaN, Infinity, -Infinity, 5e-324, 1e-45, 1.1e-38, 3.5e38, 1e300]);
  const step = dtype === 'f32' ? 2 ** -23 : 2 ** -52;
  for (let exponent = -20; exponent <= 18; exponent++) {
    for (let part = 0; part < 64; part++) {
      const value = 2 ** exponent * (1 + part / 64);
      for (const near of [value, value * (1 + step), value * (1 - step)]) numbers.add(near).add(-near);
    }
  }
  for (let exponent = -149; exponent < 128; exponent++)
    for (const factor of [1, 1.5, 1.5 - step, 1.5 + step]) numbers.add(2 ** exponent * factor);
  const tensor = Tensor.zeros(dtype, [numbers.size]);
  for (const [index, value] of [...numbers].entries()) tensor.values[index] = value;
  return tensor;
}

/** Powers of two, their neighbours, and what lies between. */
function integersNear(dtype: 'i64' | 'ui64' | 'i32'): Tensor {
  const bits = dtype === 'i32' ? 31 : 63;
  const numbers = new Set<bigint>([0n]);
  for (let exponent = 0n; exponent < bits; exponent++)
    for (const delta of [-1n, 0n, 1n])
      for (const value of [(1n << exponent) + delta, (3n << exponent) / 2n + delta])
        numbers.add(value).add(dtype === 'ui64' ? value << 1n : -value);
  const tensor = Tensor.zeros(dtype, [numbers.size]);
  for (const [index, value] of [...numbers].entries()) tensor.values[index] = dtype === 'i32' ? Number(value) : value;
  return tensor;
}

describe('narrow elements are converted as the evaluator does', () => {
  it.each(smallFloats)('$name: every value to wider types', ({ name }) => {
    for (const to of wholeTypes) {
      const [actual, expected] = convertBoth(name, to, allOf(name));
      expect(actual, to).toBe(expected);
    }
  });

  it.each(smallFloats)('$name: floats about every value, and all middles', ({ name }) => {
    for (const from of ['f32', 'f64'] as const) {
      const [actual, expected] = convertBoth(from, name, numbersNear(from));
      expect(actual, from).toBe(expected);
    }
  });

  it.each(smallFloats)('$name: integers, booleans and other narrow types', ({ name }) => {
    for (const from of ['i32', 'i64', 'ui64'] as const) {
      const [actual, expected] = convertBoth(from, name, integersNear(from));
      expect(actual, from).toBe(expected);
    }
    for (const from of ['i1', 'i8', ...smallIntegers, 'f8E5M2', 'f4E2M1FN', 'f16', 'bf16'] as const) {
      const [actual, expected] = convertBoth(from, name, allOf(from));
      expect(actual, from).toBe(expected);
    }
  });

  it.each(smallIntegers)('%s: to and from all types', (dtype) => {
    for (const to of [...wholeTypes, ...smallIntegers]) {
      const [actual, expected] = convertBoth(dtype, to, allOf(dtype));
      expect(actual, to).toBe(expected);
    }
    for (const from of ['i1', 'i8', 'ui8', 'f8E5M2'] as const) {
      const [actual, expected] = convertBoth(from, dtype, allOf(from));
      expect(actual, from).toBe(expected);
    }
    const [actual, expected] = convertBoth('f32', dtype, numbersNear('f32'));
    expect(actual).toBe(expected);
  });
});

describe('bits of narrow elements', () => {
  it.each([
    ['tensor<256xi8>', 'tensor<256x2xi4>', 'i8'],
    ['tensor<256xui8>', 'tensor<256x4xui2>', 'ui8'],
    ['tensor<256xi8>', 'tensor<256x8xi1>', 'i8'],
    ['tensor<16xi4>', 'tensor<16xui4>', 'i4'],
    ['tensor<16xui4>', 'tensor<16xf4E2M1FN>', 'ui4'],
    ['tensor<256xf8E4M3FN>', 'tensor<256xi8>', 'f8E4M3FN'],
  ] as const)('are those of %s as %s', (from, to, dtype) => {
    const input = allOf(dtype);
    const [actual, expected] = runBoth('stablehlo.bitcast_convert', from, to, input);
    expect(actual).toBe(expected);
  });

  it('join to wider ones', () => {
    const input = Tensor.zeros('i4', [8, 2]);
    elementsBytes(input.values).set([0, 1, -1, 3, 7, -8, -3, 2, 5, 5, 6, -6, 4, -4, -7, 0]);
    const [actual, expected] = runBoth('stablehlo.bitcast_convert', 'tensor<8x2xi4>', 'tensor<8xi8>', input);
    expect(actual).toBe(expected);
  });
});
