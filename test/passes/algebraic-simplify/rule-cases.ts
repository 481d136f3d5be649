/** Rules tested as a table: each with the text before and after, and a text in which it must not fire. */
import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { printModule } from '../../../ir/text/printer.ts';
import { verify } from '../../../ir/verifier.ts';
import { rewriteGreedily } from '../../../passes/greedy-rewrite.ts';
import { SinkContext } from '../../../passes/pass.ts';
import type { RewriteRule } from '../../../passes/rewrite-rule.ts';
import { inFunction, load, normalized } from '../pass-fixture.ts';
import { differenceOf } from '../same-meaning.ts';

/** A function `@f`: its body, and its signature or `of`, the type `T` of `(%x: T, %y: T) -> T`. `T` may stand in the body too. */
export interface Body {
  readonly signature?: string;
  readonly of?: string;
}

/** What a pair or counterexample does not say, it takes from the case. */
export interface RuleCase extends Body {
  readonly before: string;
  readonly after: string;
  /** In which the rule must not fire. */
  readonly keeps: string | (Body & { readonly text: string }) | readonly (Body & { readonly text: string })[];
  /** Further pairs of before and after. */
  readonly also?: readonly (Body & { readonly before: string; readonly after: string })[];
}

/** One test a rule, and one that no rule is without. */
export function testRules(
  title: string,
  rules: readonly RewriteRule[],
  cases: Readonly<Record<string, RuleCase>>,
): void {
  describe(title, () => {
    it('has a case for every rule', () => {
      expect(Object.keys(cases).sort()).toEqual(rules.map(({ name }) => name).sort());
    });
    for (const rule of rules) {
      const ruleCase = cases[rule.name];
      if (ruleCase !== undefined) it(`${rule.name}: ${rule.equation}`, () => testRule(rule, ruleCase));
    }
  });
}

function testRule(rule: RewriteRule, ruleCase: RuleCase): void {
  for (const pair of [ruleCase, ...(ruleCase.also ?? [])]) {
    const before = functionText(ruleCase, pair, pair.before);
    expect(rewritten(rule, before)).toBe(normalized(functionText(ruleCase, pair, pair.after)));
  }
  for (const kept of [ruleCase.keeps].flat()) {
    const { text, ...body } = typeof kept === 'string' ? { text: kept } : kept;
    const whole = functionText(ruleCase, body, text);
    expect(rewritten(rule, whole)).toBe(normalized(whole));
  }
}

function functionText(ruleCase: Body, own: Body, body: string): string {
  const { signature, of } = own.signature === undefined && own.of === undefined ? ruleCase : own;
  const text = inFunction(signature ?? '(%x: T, %y: T) -> T', body);
  return of === undefined ? text : text.replace(/\bT\b/g, `tensor<${of}>`);
}

/** The module after the one rule, which must verify, compute the same, and be left alone by the rule. */
function rewritten(rule: RewriteRule, text: string): string {
  const module = load(text);
  rewrite(rule, module);
  const sink = new DiagnosticSink();
  verify(module, sink);
  expect(sink.all.map(({ message }) => message)).toEqual([]);
  if (!/all_|reduce_scatter/.test(text)) expect(differenceOf(load(text), module)).toBeUndefined();
  const after = printModule(module);
  expect(rewrite(rule, module), 'the rule is idempotent').toBe(false);
  return after;
}

function rewrite(rule: RewriteRule, module: Parameters<typeof rewriteGreedily>[0]): boolean {
  return rewriteGreedily(module, [rule], new SinkContext(new DiagnosticSink(), 'test')).changed;
}
