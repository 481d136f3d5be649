import { describe, expect, it } from 'vitest';
import { copiedBytes, runEverywhere } from './run-plan.ts';

/** Adds to all elements of a constant, at places that are known late. */
function scatter(size: number, value: string, element = 'f32'): string {
  const [x, u] = [`tensor<${size}x${element}>`, `tensor<3x${element}>`];
  return `func.func @main(%i: tensor<3xi32>, %u: ${u}) -> ${x} {
    %z = stablehlo.constant dense<${value}> : ${x}
    %y = "stablehlo.scatter"(%z, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
    ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %s = stablehlo.add %a, %b : tensor<${element}>
      stablehlo.return %s : tensor<${element}>
    }) : (${x}, tensor<3xi32>, ${u}) -> ${x}
    return %y : ${x}
  }`;
}

/** Two carries that begin as zeros, one of which is a product with itself. */
const loop = `func.func @main(%x: tensor<9x9xf32>) -> (tensor<9x9xf32>, tensor<9x9xf32>) {
    %z = stablehlo.constant dense<0.0> : tensor<9x9xf32>
    %n = stablehlo.constant dense<0> : tensor<i32>
    %r:3 = stablehlo.while(%i = %n, %a = %z, %b = %z) : tensor<i32>, tensor<9x9xf32>, tensor<9x9xf32>
      cond {
        %most = stablehlo.constant dense<3> : tensor<i32>
        %c = stablehlo.compare LT, %i, %most, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %c : tensor<i1>
      } do {
        %one = stablehlo.constant dense<1> : tensor<i32>
        %j = stablehlo.add %i, %one : tensor<i32>
        %p = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0] : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
        %q = stablehlo.add %p, %x : tensor<9x9xf32>
        %s = stablehlo.add %b, %a : tensor<9x9xf32>
        stablehlo.return %j, %q, %s : tensor<i32>, tensor<9x9xf32>, tensor<9x9xf32>
      }
    return %r#1, %r#2 : tensor<9x9xf32>, tensor<9x9xf32>
  }`;

describe('memory that begins as zeros', () => {
  it.each(['f32', 'i64', 'bf16', 'i8'])('is filled, and no constant: %s', (element) => {
    const { plan, kernel, wasm, expected } = runEverywhere(
      scatter(300, element.endsWith('f32') || element === 'bf16' ? '0.0' : '0', element),
    );
    expect(plan.constantBytes).toBe(0);
    expect(copiedBytes(plan.steps)).toBe(0);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  it.each([
    ['few bytes', 5, '0.0'],
    ['other numbers', 300, '1.0'],
    ['zeros below zero', 300, '-0.0'],
  ])('is copied where it is %s', (_, size, value) => {
    const { plan, kernel, wasm, expected } = runEverywhere(scatter(size, value));
    expect(copiedBytes(plan.steps)).toBe(4 * size);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  it('may be what a loop carries', () => {
    const { kernel, wasm, expected } = runEverywhere(loop);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });
});
