import { describe, expect, it } from 'vitest';
import { interpretPlan } from '../../../codegen/plan/interpret-plan.ts';
import { planKernels } from '../../../codegen/plan/plan.ts';
import { withThreads } from '../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { type AttentionForm, type AttentionSizes, attentionText } from './attention-text.ts';
import { inputsOf, loaded, plansOf, target, valuesOf } from './run-chains.ts';

const forms: readonly (readonly [string, Partial<AttentionSizes>, AttentionForm])[] = [
  ['of sizes that no tile divides', {}, {}],
  ['with one row more than a block', { queries: 25, keys: 40 }, {}],
  ['with prime extents', { batch: 1, heads: 1, queries: 97, keys: 101, depth: 7 }, {}],
  ['with a bias', {}, { mask: 'bias' }],
  ['that looks back only', { queries: 29, keys: 29 }, { mask: 'causal' }],
  ['with queries that share keys, heads inside', { group: 3, queries: 31, keys: 40 }, { areHeadsInside: true }],
  ['that divides last', {}, { dividesLast: true, mask: 'bias' }],
  ['with rows too long for the cache', { batch: 1, heads: 2, queries: 5, keys: 600, depth: 3 }, {}],
  ['of one query', { queries: 1, keys: 200 }, {}],
  ['of half floats', { batch: 1 }, { dtype: 'bf16' }],
];

describe('a chain of scores, softmax and product', () => {
  it.each(forms)('%s gives the bits of three kernels, in both ways to run it', (_, sizes, form) => {
    const { apart, chained } = plansOf(attentionText(sizes, form));
    expect(planKernels(apart)).toHaveLength(3);
    expect(planKernels(chained)).toHaveLength(1);
    expect(chained.peakBytes).toBe(0);
    const inputs = inputsOf(apart);
    const expected = valuesOf(new WasmProgram(apart).run(inputs));
    expect(valuesOf(new WasmProgram(chained).run(inputs))).toEqual(expected);
    expect(valuesOf(interpretPlan(chained, inputs).outputs)).toEqual(expected);
  });

  it('computes what the evaluator does', () => {
    const text = attentionText({ group: 2, queries: 19 }, { mask: 'bias' });
    const { chained } = plansOf(text);
    const inputs = inputsOf(chained);
    const [expected] = evaluateFunction(loaded(text), 'main', inputs) as readonly Tensor[];
    const [actual] = new WasmProgram(chained).run(inputs);
    const far = [...(actual?.values ?? [])].map((value, at) => Math.abs(Number(value) - Number(expected?.values[at])));
    expect(Math.max(...far)).toBeLessThan(1e-5);
  });

  it.each([
    ['queries and keys', { queries: 'n', keys: 'n' }, { mask: 'causal' }],
    ['keys', { batch: 4, queries: 1, keys: 'n' }, {}],
    ['queries', { queries: 'n', keys: 90 }, { mask: 'bias' }],
  ] as const)('with the number of %s bound late gives the bits of known ones', (_, sizes, form) => {
    const late = plansOf(attentionText(sizes, form));
    expect(planKernels(late.chained)).toHaveLength(1);
    const program = new WasmProgram(late.chained);
    for (const n of [1, 7, 64]) {
      const known = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size === 'n' ? n : size]));
      const inputs = inputsOf(late.chained, n);
      const expected = valuesOf(new WasmProgram(plansOf(attentionText(known, form)).apart).run(inputs));
      expect(valuesOf(program.run(inputs)), `n = ${n}`).toEqual(expected);
    }
  });

  it('divides its tiles among threads without a change of bits', () => {
    const text = attentionText({ batch: 1, heads: 1, queries: 97, keys: 101 });
    const { chained } = plansOf(text, { ...withThreads(target), tileNanoseconds: 500 });
    const [kernel] = planKernels(chained);
    expect(kernel?.tiles).toBeGreaterThan(1);
    const inputs = inputsOf(chained);
    const expected = valuesOf(new WasmProgram(plansOf(text).apart).run(inputs));
    expect(valuesOf(interpretPlan(chained, inputs).outputs)).toEqual(expected);
  });
});
