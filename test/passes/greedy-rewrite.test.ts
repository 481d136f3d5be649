import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { abs } from '../../ir/ops/stablehlo/abs.ts';
import { map } from '../../ir/ops/stablehlo/map.ts';
import { negate } from '../../ir/ops/stablehlo/negate.ts';
import { select } from '../../ir/ops/stablehlo/select.ts';
import { printModule } from '../../ir/text/printer.ts';
import { rewriteGreedily } from '../../passes/greedy-rewrite.ts';
import { SinkContext } from '../../passes/pass.ts';
import { rule, type RewriteRule } from '../../passes/rewrite-rule.ts';
import { inFunction, load } from './pass-fixture.ts';

const exact = { equation: 'for tests', floatingPoint: 'exact' } as const;

/** `-x = |x|`: wrong, but easy to see. */
const toAbs = rule(negate, {
  ...exact,
  name: 'to-abs',
  rewrite: ({ op, makeAlike }) => makeAlike(abs, [op.operand(0)]),
});

const back = rule(abs, {
  ...exact,
  name: 'back',
  rewrite: ({ op, makeAlike }) => makeAlike(negate, [op.operand(0)]),
});

function run(text: string, rules: readonly RewriteRule[]): { text: string; fired: Record<string, number> } {
  const module = load(text);
  const { fired } = rewriteGreedily(module, rules, new SinkContext(new DiagnosticSink(), 'test'));
  return { text: printModule(module), fired: Object.fromEntries(fired) };
}

const two = inFunction(
  '(%x: tensor<f32>) -> tensor<f32>',
  `%0 = stablehlo.negate %x : tensor<f32>
   %1 = stablehlo.negate %0 : tensor<f32>
   return %1 : tensor<f32>`,
);

describe('greedy rewriting', () => {
  it('applies a rule everywhere and counts how often', () => {
    const { text, fired } = run(two, [toAbs]);
    expect(text).not.toContain('negate');
    expect(fired).toEqual({ 'to-abs': 2 });
  });

  it('looks again at an op whose region returns something else', () => {
    const same = rule(select, {
      ...exact,
      name: 'select-same',
      rewrite: ({ op }) => (op.operand(1) === op.operand(2) ? op.operand(1) : undefined),
    });
    const identity = rule(map, {
      ...exact,
      name: 'map-identity',
      rewrite: ({ op }) => (op.region().block.first === op.region().block.terminator ? op.operand(0) : undefined),
    });
    const { text } = run(
      inFunction(
        '(%x: tensor<3xf32>) -> tensor<3xf32>',
        `%0 = "stablehlo.map"(%x) <{dimensions = array<i64: 0>}> ({
         ^bb0(%a: tensor<f32>):
           %c = stablehlo.constant dense<true> : tensor<i1>
           %1 = stablehlo.select %c, %a, %a : tensor<i1>, tensor<f32>
           stablehlo.return %1 : tensor<f32>
         }) : (tensor<3xf32>) -> tensor<3xf32>
         return %0 : tensor<3xf32>`,
      ),
      [identity, same],
    );
    expect(text).not.toContain('map');
  });

  it('erases ops without effect that are unused, on the way', () => {
    const { text } = run(
      inFunction(
        '(%x: tensor<f32>) -> tensor<f32>',
        `%0 = stablehlo.sine %x : tensor<f32>
         %1 = stablehlo.cosine %0 : tensor<f32>
         return %x : tensor<f32>`,
      ),
      [],
    );
    expect(text).not.toContain('sine');
  });

  it('names rules that undo each other', () => {
    expect(() => run(two, [toAbs, back])).toThrow(/rewrite rules do not come to an end/);
  });

  it('rejects a rule that changes the module and replaces nothing', () => {
    const careless = rule(negate, {
      ...exact,
      name: 'careless',
      rewrite({ op, makeAlike }) {
        makeAlike(abs, [op.operand(0)]);
        return undefined;
      },
    });
    expect(() => run(two, [careless])).toThrow(/rule careless changes an op and does not replace it/);
  });

  it('does not take a replacement of another type', () => {
    const narrowing = rule(negate, { ...exact, name: 'narrowing', rewrite: ({ op }) => op.operand(0) });
    const open = inFunction(
      '(%x: tensor<?xf32>) -> tensor<4xf32>',
      `%0 = stablehlo.negate %x : (tensor<?xf32>) -> tensor<4xf32>
       return %0 : tensor<4xf32>`,
    );
    expect(run(open, [narrowing]).fired).toEqual({});
  });
});
