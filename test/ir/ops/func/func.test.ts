import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { problems, values } from '../run-text.ts';

describe('functions', () => {
  const text = (main: string) => `func.func @main(%x: tensor<i32>) -> tensor<i32> {
  ${main}
  return %r : tensor<i32>
}
func.func private @twice(%x: tensor<i32>) -> tensor<i32> {
  %r = stablehlo.add %x, %x : tensor<i32>
  return %r : tensor<i32>
}`;

  it('are called by name', () => {
    const program = text('%r = call @twice(%x) : (tensor<i32>) -> tensor<i32>');
    expect(values(program, [new Tensor('i32', [], Int32Array.of(4))])).toEqual([[8]]);
  });

  it('are called with what they take', () => {
    expect(problems(text('%r = call @none(%x) : (tensor<i32>) -> tensor<i32>'))).toEqual([
      'E2408 func.call F1: callee is a function of the module: there is no function @none',
    ]);
    expect(problems(text('%r = call @twice(%x, %x) : (tensor<i32>, tensor<i32>) -> tensor<i32>'))).toEqual([
      expect.stringContaining('E2408 func.call F2'),
    ]);
    const wrongResult =
      '%q = call @twice(%x) : (tensor<i32>) -> tensor<i64>\n  %r = stablehlo.add %x, %x : tensor<i32>';
    expect(problems(text(wrongResult))).toEqual([expect.stringContaining('E2408 func.call F3')]);
  });

  it('return what their type says', () => {
    expect(problems('func.func @main(%x: tensor<i32>) -> tensor<i64> {\n  return %x : tensor<i32>\n}')).toEqual([
      'E2410 func.return F2: types(operands) = results(function_type): it returns tensor<i32>, the function gives tensor<i64>',
    ]);
  });

  it('take what their type says, in the generic form', () => {
    const generic = `"func.func"() ({
  ^bb0(%x: tensor<i32>):
    "func.return"() : () -> ()
}) {sym_name = "main", function_type = (tensor<i64>) -> ()} : () -> ()`;
    expect(problems(generic)).toEqual([expect.stringContaining('E2409 func.func F2')]);
  });

  it('are private when they are only declared', () => {
    expect(problems('func.func @main(tensor<i32>) -> tensor<i32>')).toEqual([
      'E2409 func.func F5: a declaration is private: @main has no body and is public',
    ]);
    expect(problems('func.func private @main(tensor<i32>) -> tensor<i32>')).toEqual([]);
  });
});
