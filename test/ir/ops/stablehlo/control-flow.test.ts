import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { problems, run, values } from '../run-text.ts';

const i32 = (value: number) => new Tensor('i32', [], Int32Array.of(value));
const i1 = (value: number) => new Tensor('i1', [], Uint8Array.of(value));

describe('stablehlo.while', () => {
  const sum = `func.func @main(%n: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %r:2 = stablehlo.while(%i = %zero, %sum = %zero) : tensor<i32>, tensor<i32>
    cond {
      %c = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    } do {
      %next = stablehlo.add %i, %one : tensor<i32>
      %more = stablehlo.add %sum, %next : tensor<i32>
      stablehlo.return %next, %more : tensor<i32>, tensor<i32>
    }
  return %r#0, %r#1 : tensor<i32>, tensor<i32>
}`;

  it('carries values round until the condition is false', () => {
    expect(values(sum, [i32(10)])).toEqual([[10], [55]]);
    expect(values(sum, [i32(0)])).toEqual([[0], [0]]);
  });

  const loop = (
    cond: string,
    body: string,
    result = 'tensor<i32>',
  ) => `func.func @main(%x: tensor<i32>, %p: tensor<i1>) {
  %r = "stablehlo.while"(%x) ({
    ^bb0(%a: tensor<i32>):
    ${cond}
  }, {
    ^bb0(%a: tensor<i32>):
    ${body}
  }) : (tensor<i32>) -> ${result}
  return
}`;

  it('wants a condition that gives one boolean', () => {
    expect(problems(loop('stablehlo.return %a : tensor<i32>', 'stablehlo.return %a : tensor<i32>'))).toEqual([
      expect.stringContaining('E2430 while C1: cond has type'),
    ]);
  });

  it('wants a body that gives what it takes', () => {
    expect(problems(loop('stablehlo.return %p : tensor<i1>', 'stablehlo.return %p : tensor<i1>'))).toEqual([
      expect.stringContaining('E2430 while C2: body has type'),
    ]);
  });

  it('gives what it is given', () => {
    const [problem] = problems(
      loop('stablehlo.return %p : tensor<i1>', 'stablehlo.return %a : tensor<i32>', 'tensor<i64>'),
    );
    expect(problem).toContain('(while C3)');
  });
});

describe('stablehlo.if', () => {
  const branches = (
    a: string,
    b: string,
  ) => `func.func @main(%p: tensor<i1>, %x: tensor<i32>, %y: tensor<2xi32>) -> tensor<i32> {
  %r = "stablehlo.if"(%p) ({
    ${a}
  }, {
    ${b}
  }) : (tensor<i1>) -> tensor<i32>
  return %r : tensor<i32>
}`;
  const negate = '%n = stablehlo.negate %x : tensor<i32>\n    stablehlo.return %n : tensor<i32>';
  const same = 'stablehlo.return %x : tensor<i32>';

  it('runs one branch', () => {
    const y = new Tensor('i32', [2], new Int32Array(2));
    expect(values(branches(negate, same), [i1(1), i32(3), y])).toEqual([[-3]]);
    expect(values(branches(negate, same), [i1(0), i32(3), y])).toEqual([[3]]);
  });

  it('wants branches that give the same types', () => {
    expect(problems(branches(same, 'stablehlo.return %y : tensor<2xi32>'))).toEqual([
      expect.stringContaining('E2422 if C2: output_types(true_branch) = output_types(false_branch)'),
    ]);
  });

  it('wants a scalar predicate', () => {
    const text = branches(same, same).replaceAll('tensor<i1>', 'tensor<1xi1>');
    expect(problems(text)).toEqual([expect.stringContaining('E2422 if I1: rank(pred) = 0: pred has shape [1]')]);
  });
});

describe('stablehlo.case', () => {
  const text = `func.func @main(%index: tensor<i32>, %x: tensor<i32>) -> tensor<i32> {
  %r = "stablehlo.case"(%index) ({
    stablehlo.return %x : tensor<i32>
  }, {
    %n = stablehlo.negate %x : tensor<i32>
    stablehlo.return %n : tensor<i32>
  }, {
    stablehlo.return %index : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  return %r : tensor<i32>
}`;

  it('runs the branch of the index, and the last one where there is none', () => {
    const at = (index: number) => values(text, [i32(index), i32(7)])[0]?.[0];
    expect([0, 1, 2, 3, -1].map(at)).toEqual([7, -7, 2, 3, -1]);
  });

  it('wants branches without arguments', () => {
    const wrong = text.replace('({\n', '({\n    ^bb0(%a: tensor<i32>):\n');
    expect(problems(wrong)).toEqual([expect.stringContaining('E2417 case C2: input_types(branches...) = []')]);
  });
});

describe('tuples, tokens and barriers', () => {
  it('keep values as they are', () => {
    const text = `func.func @main(%x: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %token = stablehlo.after_all : !stablehlo.token
  %more = stablehlo.create_token : !stablehlo.token
  %both = stablehlo.after_all %token, %more : !stablehlo.token
  %inner = stablehlo.tuple %x, %both : tuple<tensor<i32>, !stablehlo.token>
  %t = stablehlo.tuple %inner, %x : tuple<tuple<tensor<i32>, !stablehlo.token>, tensor<i32>>
  %first = stablehlo.get_tuple_element %t[0] : (tuple<tuple<tensor<i32>, !stablehlo.token>, tensor<i32>>) -> tuple<tensor<i32>, !stablehlo.token>
  %y = stablehlo.get_tuple_element %first[0] : (tuple<tensor<i32>, !stablehlo.token>) -> tensor<i32>
  %b:2 = stablehlo.optimization_barrier %x, %y : tensor<i32>, tensor<i32>
  return %b#0, %b#1 : tensor<i32>, tensor<i32>
}`;
    expect(values(text, [i32(5)])).toEqual([[5], [5]]);
  });

  it('are read within their bounds', () => {
    const text = `func.func @main(%t: tuple<tensor<i32>>) {
  %y = stablehlo.get_tuple_element %t[1] : (tuple<tensor<i32>>) -> tensor<i32>
  return
}`;
    expect(problems(text)).toEqual([
      'E2421 get_tuple_element C1: 0 <= index < size(operand): index is 1, the tuple has 1',
    ]);
  });
});

describe('stablehlo.composite', () => {
  const text = (attributes: string) => `func.func @main(%x: tensor<i32>) -> tensor<i32> {
  %r = stablehlo.composite "my.op" %x {${attributes}} : (tensor<i32>) -> tensor<i32>
  return %r : tensor<i32>
}
func.func private @twice(%x: tensor<i32>) -> tensor<i32> {
  %r = stablehlo.add %x, %x : tensor<i32>
  return %r : tensor<i32>
}
func.func private @other(%x: tensor<i64>) -> tensor<i32>`;

  it('computes its decomposition', () => {
    expect(values(text('decomposition = @twice'), [i32(4)])).toEqual([[8]]);
  });

  it('names a function of the module that fits', () => {
    expect(problems(text('decomposition = @none'))).toEqual([
      'E2418 composite C2: is_defined_in_parent_scope(decomposition): there is no function @none',
    ]);
    expect(problems(text('decomposition = @other'))).toEqual([expect.stringContaining('E2418 composite C3')]);
    expect(problems(text('decomposition = @twice, version = -1 : i32'))).toEqual([
      expect.stringContaining('E2418 composite V1'),
    ]);
  });

  it('has a name with a namespace', () => {
    expect(problems(text('decomposition = @twice').replace('my.op', 'op'))).toEqual([
      'E2418 composite C1: is_namespaced_op_name(name): name is "op"',
    ]);
  });
});

describe('stablehlo.custom_call', () => {
  it('checks its operands when its target is one of the checks', () => {
    const text = (target: string) => `func.func @main(%x: tensor<f32>, %y: tensor<f32>) {
  stablehlo.custom_call @check.${target}(%x, %y) {has_side_effect = true} : (tensor<f32>, tensor<f32>) -> ()
  return
}`;
    const f32 = (value: number) => new Tensor('f32', [], Float32Array.of(value));
    expect(() => run(text('expect_almost_eq'), [f32(1), f32(1.0005)])).not.toThrow();
    expect(() => run(text('expect_eq'), [f32(1), f32(1.0005)])).toThrow('expected 1.000500e+00');
    expect(() => run(text('expect_close'), [f32(1), f32(1.0005)])).toThrow('ULP apart, at most 3 allowed');
  });

  it('wants layouts for all values, or none', () => {
    const text = (layouts: string) => `func.func @main(%x: tensor<2x2xf32>) {
  %r = stablehlo.custom_call @foo(%x) {${layouts}} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}`;
    const layout = '[dense<[0, 1]> : tensor<2xindex>]';
    expect(problems(text(`operand_layouts = ${layout}, result_layouts = ${layout}`))).toEqual([]);
    expect(problems(text(`operand_layouts = ${layout}`))).toEqual([
      expect.stringContaining('E2420 custom_call V1: operand_layouts and result_layouts are given together'),
    ]);
    expect(problems(text(`operand_layouts = ${layout}, result_layouts = [dense<0> : tensor<1xindex>]`))).toEqual([
      expect.stringContaining('E2420 custom_call V3'),
    ]);
  });
});

describe('async_start and async_done', () => {
  it('give what the body gives', () => {
    const text = `func.func @main(%x: tensor<i32>) -> tensor<i32> {
  %f = "stablehlo.async_start"(%x) ({
    ^bb0(%a: tensor<i32>):
    %s = "stablehlo.cross-replica-sum"(%a) {replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<i32>) -> tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) : (tensor<i32>) -> !stablehlo.future<tensor<i32>>
  %r = "stablehlo.async_done"(%f) : (!stablehlo.future<tensor<i32>>) -> tensor<i32>
  return %r : tensor<i32>
}`;
    expect(values(text, [i32(6)])).toEqual([[6]]);
  });
});
