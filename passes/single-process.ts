/**
 * Tokens and shardings order and place the work of several processes or of a host; in one process, whose ops run in their order on one
 * device, they say nothing:
 *
 *     %t = stablehlo.create_token
 *     %0:2 = stablehlo.optimization_barrier %a, %t      ->      %0 = stablehlo.optimization_barrier %a
 *     %1 = sdy.sharding_constraint %0 <@mesh, [{"x"}]>          %0 in its place
 *
 * Tokens also go from what loops and branches carry. At function boundaries and at ops that talk to others they stay.
 */
import type { Operation } from '../ir/operation.ts';
import { shardingConstraint } from '../ir/ops/sdy/sharding-constraint.ts';
import type { OpName } from '../ir/ops/registry.ts';
import { createToken } from '../ir/ops/stablehlo/create-token.ts';
import { tokenType } from '../ir/types.ts';
import { runExpansions } from './expansions.ts';
import { definePass } from './pass.ts';
import { convertToParts, flattened, type PartRule, type PartScheme } from './value-parts.ts';

export const singleProcess = definePass({
  name: 'single-process',
  summary: 'remove tokens and shardings, which say nothing in one process',
  run(module, context) {
    const hasTokens = convertToParts(module, context, tokens);
    return runExpansions(module, context, new Map([[shardingConstraint.name, (_, op) => op.operands]])) || hasTokens;
  },
});

/** A token has no parts; where one is asked for, it waits for nothing. */
const tokens: PartScheme = {
  partTypes: (type) => (type === tokenType ? [] : undefined),
  split: () => [],
  join: (kit, _, type) => kit.make(createToken, [], {}, type),
  isJoin: (op) => op.name === createToken.name,
  rule: ({ name }: Operation) => rules.get(name),
};

const waits: PartRule = () => [[]];

const rules: ReadonlyMap<string, PartRule> = new Map<OpName, PartRule>([
  ['stablehlo.after_all', waits],
  ['stablehlo.case', flattened],
  ['stablehlo.if', flattened],
  ['stablehlo.optimization_barrier', flattened],
  ['stablehlo.while', flattened],
]);
