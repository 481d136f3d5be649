/**
 * Custom calls the evaluator knows: the checks that StableHLO's test data is made of. Tolerances are those of
 * stablehlo-translate --interpret (StablehloTranslateMain.cpp).
 */
import { dtypeInfo } from '../../dtype.ts';
import type { ComparisonRule } from '../../evaluator/comparison.ts';
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { expectTensors } from './check-evaluation.ts';
import { tensorInput } from './runtime-tensors.ts';

type Target = (inputs: readonly RuntimeValue[], context: EvaluationContext) => readonly RuntimeValue[];

function expectation(rule: (expected: Tensor) => ComparisonRule): Target {
  return (inputs, context) => {
    const expected = tensorInput(inputs, 1);
    expectTensors(tensorInput(inputs, 0), expected, rule(expected), context);
    return [];
  };
}

/** `check.eq` gives whether it held, and fails when it did not. */
const checkEq: Target = (inputs, context) => {
  const expected = tensorInput(inputs, 1);
  const { kind } = dtypeInfo(expected.dtype);
  const isExact = kind !== 'float' && kind !== 'complex';
  const rule: ComparisonRule = isExact ? { kind: 'equal' } : { kind: 'absolute', tolerance: 1e-4 };
  expectTensors(tensorInput(inputs, 0), expected, rule, context);
  const held = context.allocate('i1', []);
  held.values[0] = 1;
  return [held];
};

export const customCallTargets: ReadonlyMap<string, Target> = new Map([
  ['check.eq', checkEq],
  ['check.expect_eq', expectation(() => ({ kind: 'equal' }))],
  ['check.expect_almost_eq', expectation(() => ({ kind: 'absolute', tolerance: 1e-3 }))],
  ['check.expect_close', expectation(() => ({ kind: 'ulp', min: 0n, max: 3n }))],
]);
