import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';
import { isTensor } from '../../types.ts';
import {
  compatibleTypeLists,
  describeSignature,
  describeTypes,
  regionInputs,
  regionOutputs,
} from '../shared/region-signature.ts';
import { asTensor } from '../shared/runtime-tensors.ts';

const carried = either(anyTensor, token, tuple);

export const whileOp = defineOp({
  name: 'stablehlo.while',
  code: 'E2430',
  summary: 'The values carried through `body` for as long as `cond` gives true.',
  spec: 'spec.md#while',
  operands: [{ name: 'operand', type: carried, arity: 'variadic' }],
  results: [{ name: 'results', type: carried, arity: 'variadic' }],
  traits: ['storage-view'],
  regions: [{ name: 'cond' }, { name: 'body' }],
  effects: 'regions',
  constraints: {
    C1: 'cond has type (T0, ..., TN-1) -> tensor<i1>, where Ti = type(operand[i])',
    C2: 'body has type (T0, ..., TN-1) -> (T0, ..., TN-1), where Ti = type(operand[i])',
    C3: 'type(results...) = type(operand...)',
  },
  resultConstraint: 'C3',
  assembly: 'custom<WhileOp>($operand, $cond, $body)',
  inferTypes(site, check) {
    const declared = site.resultTypes;
    const count = site.operandTypes.length;
    if (declared.length > 0 || site.op !== undefined) {
      const same = declared.length === count;
      if (!check.require(same, 'C3', () => `${declared.length} results and ${count} operands`)) return undefined;
    }
    return site.operandTypes;
  },
  verify(site, check) {
    const [cond, body] = site.regions;
    if (cond === undefined || body === undefined) return;
    const [outcome, ...rest] = regionOutputs(cond);
    const isCondition =
      rest.length === 0 && isTensor(outcome) && outcome.shape.length === 0 && outcome.element === 'i1';
    check.require(
      isCondition && compatibleTypeLists(regionInputs(cond), site.operandTypes),
      'C1',
      () => `cond is ${describeSignature(cond)}, the operands are ${describeTypes(site.operandTypes)}`,
    );
    check.require(
      compatibleTypeLists(regionInputs(body), site.operandTypes) &&
        compatibleTypeLists(regionOutputs(body), site.operandTypes),
      'C2',
      () => `body is ${describeSignature(body)}, the operands are ${describeTypes(site.operandTypes)}`,
    );
  },
  *evaluate(site, inputs, context) {
    const [cond, body] = site.regions;
    let values = inputs;
    if (cond === undefined || body === undefined) return values;
    for (;;) {
      const [goesOn] = yield* context.run(cond, values);
      if (asTensor(goesOn).integer(0) === 0) return values;
      values = yield* context.run(body, values);
    }
  },
});
