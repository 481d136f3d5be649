import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { printModule } from '../../ir/text/printer.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelineNames, pipelinePasses } from '../../passes/pipeline.ts';
import { load, normalized } from './pass-fixture.ts';
import { differenceOf } from './same-meaning.ts';

function simplified(text: string): string {
  const module = load(text);
  runPasses(module, pipelinePasses('simplify'), new DiagnosticSink());
  expect(differenceOf(load(text), module)).toBeUndefined();
  return printModule(module);
}

describe('pipelines', () => {
  it('are named, and made of passes there are', () => {
    expect(pipelineNames).toEqual(['simplify', 'default', 'compile']);
    for (const name of pipelineNames) expect(pipelinePasses(name).length).toBeGreaterThan(5);
  });

  it('simplify takes a program to its point, through calls, loops and data movement', () => {
    const text = `
      func.func private @scale(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
        %two = stablehlo.constant dense<2.0> : tensor<f32>
        %0 = stablehlo.broadcast_in_dim %two, dims = [] : (tensor<f32>) -> tensor<3x2xf32>
        %1 = stablehlo.multiply %0, %x : tensor<3x2xf32>
        return %1 : tensor<3x2xf32>
      }
      func.func @f(%a: tensor<2x3xf32>, %n: tensor<i32>) -> tensor<2x3xf32> {
        %zero = stablehlo.constant dense<0> : tensor<i32>
        %one = stablehlo.constant dense<1> : tensor<i32>
        %ten = stablehlo.constant dense<10> : tensor<i32>
        %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        %1 = call @scale(%0) : (tensor<3x2xf32>) -> tensor<3x2xf32>
        %2 = stablehlo.transpose %1, dims = [1, 0] : (tensor<3x2xf32>) -> tensor<2x3xf32>
        %3:3 = stablehlo.while(%i = %zero, %s = %2, %w = %a) : tensor<i32>, tensor<2x3xf32>, tensor<2x3xf32>
        cond {
          %4 = stablehlo.compare LT, %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
          stablehlo.return %4 : tensor<i1>
        } do {
          %4 = stablehlo.add %one, %i : tensor<i32>
          %5 = stablehlo.negate %w : tensor<2x3xf32>
          %6 = stablehlo.subtract %s, %5 : tensor<2x3xf32>
          stablehlo.return %4, %6, %w : tensor<i32>, tensor<2x3xf32>, tensor<2x3xf32>
        }
        return %3#1 : tensor<2x3xf32>
      }`;
    const expected = `
      func.func @f(%a: tensor<2x3xf32>, %n: tensor<i32>) -> tensor<2x3xf32> {
        %two = stablehlo.constant dense<2.0> : tensor<2x3xf32>
        %zero = stablehlo.constant dense<0> : tensor<i32>
        %one = stablehlo.constant dense<1> : tensor<i32>
        %ten = stablehlo.constant dense<10> : tensor<i32>
        %0 = stablehlo.multiply %a, %two : tensor<2x3xf32>
        %1:2 = stablehlo.while(%i = %zero, %s = %0) : tensor<i32>, tensor<2x3xf32>
        cond {
          %2 = stablehlo.compare LT, %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
          stablehlo.return %2 : tensor<i1>
        } do {
          %2 = stablehlo.add %i, %one : tensor<i32>
          %3 = stablehlo.add %s, %a : tensor<2x3xf32>
          stablehlo.return %2, %3 : tensor<i32>, tensor<2x3xf32>
        }
        return %1#1 : tensor<2x3xf32>
      }`;
    const withoutOrder = (program: string): string[] =>
      program
        .replace(/ ?attributes \{[^}]*\}/g, '')
        .split('\n')
        .map((line) => line.replace(/%\w+(?::\d)?/g, '%'))
        .sort();
    expect(withoutOrder(simplified(text))).toEqual(withoutOrder(normalized(expected)));
  });

  it('say each remark once, however often the pass runs', () => {
    const module = load(`func.func @f() -> tensor<4xf32> {
      %0 = stablehlo.iota dim = 0 : tensor<4xf32>
      %c = stablehlo.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
      %1 = stablehlo.concatenate %c, %c, dim = 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
      %2 = stablehlo.slice %1 [2:6] : (tensor<8xf32>) -> tensor<4xf32>
      %3 = stablehlo.add %0, %2 : tensor<4xf32>
      return %3 : tensor<4xf32>
    }`);
    const sink = new DiagnosticSink();
    const passes = pipelinePasses('simplify').map((invocation) =>
      invocation.pass.name === 'constant-fold' ? { ...invocation, options: { bytes: 1, work: 1 } } : invocation,
    );
    runPasses(module, passes, sink);
    const remarks = sink.all.map(({ message }) => message);
    expect(remarks.filter((message) => message.includes('the budget is 1')).length).toBeGreaterThan(0);
    expect(new Set(remarks).size).toBe(remarks.length);
  });
});
