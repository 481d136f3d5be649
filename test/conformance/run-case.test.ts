import { describe, expect, it } from 'vitest';
import { checkOutput } from './file-check.ts';
import { hasRelaxedSimd } from '../../compiler/driver/profile/measured-peak.ts';
import { runCase } from './run-case.ts';
import { type CompiledTarget, compiledTargets } from './run-compiled.ts';
import { type ConformanceCase, splitParts } from './suite.ts';

const runsHere = (target: CompiledTarget): boolean => target !== 'wasm-relaxed' || hasRelaxedSimd();

function caseOf(text: string, runLines: readonly string[] = []): ConformanceCase {
  return { name: 'case.mlir', family: 'case', mode: 'check', text, runLines };
}

function addition(expected: string): string {
  return `func.func @main() {
    %0 = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %1 = stablehlo.add %0, %0 : tensor<2xf32>
    check.expect_eq_const %1, dense<${expected}> : tensor<2xf32>
    return
  }`;
}

const jaxCase = (expected: string): string => `module {
  func.func public @main() {
    %0 = call @inputs() : () -> tensor<f32>
    %1 = call @expected() : () -> tensor<f32>
    %2 = stablehlo.exponential %0 : tensor<f32>
    stablehlo.custom_call @check.expect_close(%2, %1) {has_side_effect = true} : (tensor<f32>, tensor<f32>) -> ()
    return
  }
  func.func private @inputs() -> tensor<f32> {
    %0 = stablehlo.constant dense<1.0> : tensor<f32>
    return %0 : tensor<f32>
  }
  func.func private @expected() -> tensor<f32> {
    %0 = stablehlo.constant dense<${expected}> : tensor<f32>
    return %0 : tensor<f32>
  }
}`;

describe.each(['none', 'all'])('a case, passes %s', (passes) => {
  it('passes when what it says holds', () => {
    expect(runCase(caseOf(addition('[2.0, 4.0]')), 'reference', passes).status).toBe('passed');
    expect(runCase(caseOf(jaxCase('2.71828175')), 'reference', passes).status).toBe('passed');
  });

  it('fails when it does not, and says where', () => {
    const verdict = runCase(caseOf(addition('[2.0, 5.0]')), 'reference', passes);
    expect(verdict).toMatchObject({ status: 'failed' });
    expect(verdict.message).toContain('[1]');
    expect(runCase(caseOf(jaxCase('2.7183')), 'reference', passes).status).toBe('failed');
  });

  it('fails when its text is wrong', () => {
    expect(runCase(caseOf('func.func @main() { %0 = stablehlo.nothing }'), 'reference', passes).status).toBe('failed');
  });
});

describe.each(compiledTargets.filter(runsHere))('a case on the target %s', (target) => {
  const run = (text: string, runLines: readonly string[] = []) => runCase(caseOf(text, runLines), target, 'none');

  it('passes and fails by what kernels computed from arguments', () => {
    const verdict = run(addition('[2.0, 4.0]'));
    expect(verdict).toMatchObject({ status: 'passed', work: { kernels: 1, foldedBytes: 0, constantBytes: 0 } });
    expect(run(addition('[2.0, 5.0]')).status).toBe('failed');
    expect(run(jaxCase('2.71828175')).status).toBe('passed');
    expect(run(jaxCase('2.7183')).status).toBe('failed');
  });

  it('takes whichever operand of a check is computed, constants being what it should be', () => {
    const text = (expected: string): string => `func.func @main() {
      %0 = stablehlo.constant dense<${expected}> : tensor<f32>
      %1 = stablehlo.constant dense<1.0> : tensor<f32>
      %2 = stablehlo.add %1, %1 : tensor<f32>
      %3 = stablehlo.custom_call @check.eq(%0, %2) : (tensor<f32>, tensor<f32>) -> tensor<i1>
      return
    }`;
    expect(run(text('2.0'))).toMatchObject({ status: 'passed', work: { kernels: 1, copies: 0 } });
    expect(run(text('3.0')).status).toBe('failed');
  });

  it('copies a constant that is checked itself, as an argument and as a constant of the module', () => {
    const text = (expected: string): string => `func.func @main() {
      %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
      check.expect_eq_const %0, dense<${expected}> : tensor<2xi32>
      return
    }`;
    expect(run(text('[1, 2]'))).toMatchObject({ status: 'passed', work: { kernels: 0, copies: 2, foldedBytes: 0 } });
    expect(run(text('[1, 3]')).status).toBe('failed');
  });

  it('does not count what was computed while compiling', () => {
    const verdict = run(`func.func @main() {
      %0 = stablehlo.iota dim = 0 : tensor<1xi32>
      check.expect_eq_const %0, dense<0> : tensor<1xi32>
      return
    }`);
    expect(verdict).toMatchObject({ status: 'unsupported', work: { foldedBytes: 4 } });
  });

  it('binds a size late that would be known without computing', () => {
    const verdict = run(`func.func @main() {
      %0 = stablehlo.constant dense<[[1, 2, 3]]> : tensor<1x3xi32>
      %1 = stablehlo.get_dimension_size %0, dim = 1 : (tensor<1x3xi32>) -> tensor<i32>
      check.expect_eq_const %1, dense<3> : tensor<i32>
      return
    }`);
    expect(verdict).toMatchObject({ status: 'passed', work: { kernels: 1, foldedBytes: 0 } });
  });

  it('compares what is printed where a file says how', () => {
    const text = (sum: number): string => `func.func @main(%arg0: tensor<2xi32>) -> tensor<2xi32> {
      %0 = stablehlo.add %arg0, %arg0 : tensor<2xi32>
      return %0 : tensor<2xi32>
    }
    // CHECK: [2, ${sum}]`;
    const lines = ['// RUN: stablehlo-translate --args="[dense<[1, 2]> : tensor<2xi32>]" | FileCheck %s'];
    expect(run(text(4), lines).status).toBe('passed');
    expect(run(text(5), lines).status).toBe('failed');
    expect(run(text(4)).status).toBe('unsupported');
  });
});

describe('the text target', () => {
  it('passes a module that reads back equal and fails one that cannot be read', () => {
    expect(runCase(caseOf(addition('[2.0, 4.0]')), 'text', 'none').status).toBe('passed');
    expect(runCase(caseOf('func.func @main('), 'text', 'none').status).toBe('failed');
  });
});

describe('a split file', () => {
  it('keeps the line numbers of its parts', () => {
    expect(splitParts('a\nb\n// -----\nc\n// -----\nd')).toEqual(['a\nb', '\n\n\nc', '\n\n\n\n\nd']);
  });
});

describe('checks of printed output', () => {
  const checks = '// CHECK: tensor<2xi32> {\n// CHECK-NEXT: [3, {{[0-9]+}}]\n// CHECK-NEXT{LITERAL}: [[x]]';

  it('hold in order', () => {
    expect(checkOutput(checks, 'CHECK', 'noise\ntensor<2xi32> {\n  [3, 42]\n[[x]]\n')).toBeUndefined();
  });

  it('name the first that does not hold', () => {
    expect(checkOutput(checks, 'CHECK', 'tensor<2xi32> {\nnoise\n  [3, 42]\n[[x]]')).toContain("'[3, {{[0-9]+}}]'");
  });
});
