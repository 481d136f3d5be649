/** Ops whose expansion gives the same bits. */
import { expect } from 'vitest';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { expandChlo } from '../../../passes/expand-chlo.ts';
import { load, runPass } from '../pass-fixture.ts';
import { differenceOfTexts } from '../same-meaning.ts';

/** No chlo op is left, and `@f` computes the same bits on seeded inputs; gives the text of the expansion. */
export function expectSameBits(text: string, seeds = 3): string {
  const outcome = runPass(expandChlo, text);
  expect(outcome.text).not.toContain('chlo.');
  expect(differenceOfTexts(text, outcome.text, seeds)).toBeUndefined();
  return outcome.text;
}

/** The same on inputs of one's own. */
export function expectSameOn(text: string, inputs: readonly Tensor[]): void {
  const outcome = runPass(expandChlo, text);
  expect(outcome.text).not.toContain('chlo.');
  const [expected, actual] = [text, outcome.text].map((source) => evaluateFunction(load(source), 'f', inputs));
  expect(actual).toEqual(expected);
}
