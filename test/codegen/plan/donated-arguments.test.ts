import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { compiledPlan, copiedBytes, runEverywhere, writtenPlaces } from './run-plan.ts';

/** A step of gradient descent as `jax.jit(step, donate_argnums=0)` exports it. */
const step = `func.func public @main(%arg0: tensor<4x8xi32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4x8xi32>) -> (tensor<4x8xi32> {jax.result_info = "result"}) {
  %0 = stablehlo.multiply %arg1, %arg1 : tensor<4x8xi32>
  %1 = stablehlo.subtract %arg0, %0 : tensor<4x8xi32>
  return %1 : tensor<4x8xi32>
}`;

describe('a donated argument', () => {
  it('is updated in place and becomes the result', () => {
    const { plan, expected, kernel, wasm } = runEverywhere(step);
    expect([kernel, wasm]).toEqual([expected, expected]);
    expect(plan.donations).toEqual([{ input: 0, output: 0 }]);
    expect(writtenPlaces(plan.steps)).toEqual([{ kind: 'input', index: 0 }]);
    expect(planText(plan)).toContain('arg0 is updated in place and becomes out0');
  });

  it('of jax.buffer_donor becomes the first result of its type that has no memory yet', () => {
    const { plan, expected, wasm } =
      runEverywhere(`func.func @main(%a: tensor<4xi32> {jax.buffer_donor = true}, %b: tensor<4xi32> {tf.aliasing_output = 1 : i32}) -> (tensor<2xi32>, tensor<4xi32>, tensor<4xi32>) {
  %0 = stablehlo.negate %a : tensor<4xi32>
  %1 = stablehlo.add %b, %0 : tensor<4xi32>
  %2 = stablehlo.slice %1 [0:2] : (tensor<4xi32>) -> tensor<2xi32>
  return %2, %1, %0 : tensor<2xi32>, tensor<4xi32>, tensor<4xi32>
}`);
    expect(wasm).toEqual(expected);
    expect(plan.donations).toEqual([
      { input: 0, output: 2 },
      { input: 1, output: 1 },
    ]);
  });

  it('that fits no result is left alone', () => {
    const plan = compiledPlan(`func.func @main(%a: tensor<4xi32> {jax.buffer_donor = true}) -> tensor<2xi32> {
  %0 = stablehlo.slice %a [0:2] : (tensor<4xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}`);
    expect(plan.donations).toEqual([]);
    expect(writtenPlaces(plan.steps)).toEqual([{ kind: 'output', index: 0 }]);
  });

  it('is copied last when it is still read after its result is known', () => {
    const { plan, expected, wasm } =
      runEverywhere(`func.func @main(%a: tensor<8x8xi32> {tf.aliasing_output = 0 : i32}) -> (tensor<8x8xi32>, tensor<8x8xi32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0] : (tensor<8x8xi32>, tensor<8x8xi32>) -> tensor<8x8xi32>
  %1 = stablehlo.dot_general %0, %a, contracting_dims = [1] x [0] : (tensor<8x8xi32>, tensor<8x8xi32>) -> tensor<8x8xi32>
  return %0, %1 : tensor<8x8xi32>, tensor<8x8xi32>
}`);
    expect(wasm).toEqual(expected);
    expect(copiedBytes(plan.steps)).toBe(8 * 8 * 4);
  });

  it('is read by all others before it is overwritten, where that is possible', () => {
    // A linear layer and its gradients: the weights are read once more for the gradient of the input.
    const { plan, expected, kernel, wasm } =
      runEverywhere(`func.func @main(%w: tensor<8x4xi32> {tf.aliasing_output = 0 : i32}, %x: tensor<6x8xi32>, %dy: tensor<6x4xi32>) -> (tensor<8x4xi32>, tensor<6x8xi32>) {
  %0 = stablehlo.dot_general %x, %dy, contracting_dims = [0] x [0] : (tensor<6x8xi32>, tensor<6x4xi32>) -> tensor<8x4xi32>
  %1 = stablehlo.subtract %w, %0 : tensor<8x4xi32>
  %2 = stablehlo.dot_general %dy, %w, contracting_dims = [1] x [1] : (tensor<6x4xi32>, tensor<8x4xi32>) -> tensor<6x8xi32>
  return %1, %2 : tensor<8x4xi32>, tensor<6x8xi32>
}`);
    expect([kernel, wasm]).toEqual([expected, expected]);
    expect(copiedBytes(plan.steps)).toBe(0);
  });

  it('may change places with another', () => {
    const { plan, expected, kernel, wasm } =
      runEverywhere(`func.func @main(%a: tensor<4xi32> {tf.aliasing_output = 1 : i32}, %b: tensor<4xi32> {tf.aliasing_output = 0 : i32}) -> (tensor<4xi32>, tensor<4xi32>) {
  return %a, %b : tensor<4xi32>, tensor<4xi32>
}`);
    expect([kernel, wasm]).toEqual([expected, expected]);
    expect(copiedBytes(plan.steps)).toBe(3 * 16);
  });

  it('has one address with its result in a WebAssembly module, and is named in its signature', () => {
    const { signature } = new WasmProgram(compiledPlan(step)).module;
    expect(signature.inputs[0]?.address).toBe(signature.outputs[0]?.address);
    expect(signature.inputs.map(({ donatedTo }) => donatedTo)).toEqual(['out0', undefined]);
  });
});

describe('what cannot be donated is said', () => {
  const message = (argument: string, other = ''): string => {
    try {
      compiledPlan(`func.func @main(%a: tensor<4xi32> {${argument}}, %b: tensor<2xi32> {${other}}) -> (tensor<4xi32>, tensor<2xi32>) {
  return %a, %b : tensor<4xi32>, tensor<2xi32>
}`);
    } catch (error) {
      if (error instanceof DiagnosticError) return `${error.diagnostic.code} ${error.diagnostic.message}`;
    }
    return 'nothing';
  };

  it.each([
    ['tf.aliasing_output = 2 : i32', '', 'E3104 argument 0: tf.aliasing_output does not name a result'],
    ['tf.aliasing_output = "x"', '', 'E3104 argument 0: tf.aliasing_output does not name a result'],
    [
      'tf.aliasing_output = 1 : i32',
      '',
      'E3104 argument 0 of type tensor<4xi32> cannot become result 1 of type tensor<2xi32>',
    ],
    ['jax.buffer_donor = 1 : i32', '', 'E3104 argument 0: jax.buffer_donor is true or false'],
    [
      'jax.buffer_donor = true, tf.aliasing_output = 0 : i32',
      '',
      'E3104 argument 0 has both tf.aliasing_output and jax.buffer_donor',
    ],
    ['jax.buffer_donor = false', 'tf.aliasing_output = 1 : i32', 'nothing'],
  ])('%s %s', (argument, other, expected) => {
    expect(message(argument, other)).toBe(expected);
  });

  it('two arguments that want one result', () => {
    const text = step.replace('%arg1: tensor<4x8xi32>', '%arg1: tensor<4x8xi32> {tf.aliasing_output = 0 : i32}');
    expect(() => compiledPlan(text)).toThrow('arguments 0 and 1 both want the memory of result 0');
  });
});
