import { describe, expect, it } from 'vitest';
import { operationsOf, readModule } from './read.ts';

describe('a function in the generic form', () => {
  it('drops attributes of arguments and results that are all empty, as JAX writes them', () => {
    const [f] = operationsOf(
      readModule(`"func.func"() <{sym_name = "f", function_type = (tensor<f32>) -> tensor<f32>,
  arg_attrs = [{}], res_attrs = [{jax.result_info = "x"}]}> ({
^bb0(%a: tensor<f32>):
  "func.return"(%a) : (tensor<f32>) -> ()
}) : () -> ()`),
    );
    expect([...(f?.attributes.keys() ?? [])]).toEqual(['sym_name', 'function_type', 'res_attrs']);
  });
});

describe('the results of an op that could not be read', () => {
  it('are known where the failure left a region open', () => {
    const text = `func.func @f(%a: tensor<2xf32>, %c: tensor<i1>) -> tensor<2xf32> {
  %0 = "stablehlo.if"(%c) ({
  ^bb0(%x
  }, {}) : (tensor<i1>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}`;
    expect(() => readModule(text)).toThrow(/^4:3 E1006 expected ':', found '}'$/);
  });
});
