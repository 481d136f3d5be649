import { optional, text } from '../../attribute-schema.ts';
import { equalOrders, orderOf } from '../../dimension-order.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { isTensor, type Type } from '../../types.ts';
import { compatibleTypeLists, describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion } from '../shared/results.ts';

/** Of all ops this one has to know: inside and outside are one memory. */
function sameOrder(a: Type, b: Type | undefined): boolean {
  return !isTensor(a) || b === undefined || !isTensor(b) || equalOrders(orderOf(a), orderOf(b));
}

/** A group of ops that becomes one kernel. `name` is the kernel's, for profiles; it has no meaning. */
export const fusion = defineOp({
  name: 'tessera.fusion',
  code: 'E2701',
  summary: 'What its body computes from the operands, in one kernel.',
  spec: 'tessera',
  operands: [{ name: 'operands', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  attributes: { name: optional(text()) },
  regions: [{ name: 'body' }],
  traits: ['isolated', 'storage-view'],
  effects: 'regions',
  constraints: {
    F1: 'types(body arguments) = types(operands)',
    F2: 'types(body results) = types(results)',
    F3: 'no op of the body has an effect or talks to another process',
  },
  resultConstraint: 'F2',
  inferTypes(site, check) {
    const body = requireRegion(site);
    const inputs = regionInputs(body);
    const outputs = regionOutputs(body);
    check.require(
      compatibleTypeLists(inputs, site.operandTypes),
      'F1',
      () => `the body takes ${describeTypes(inputs)}, the operands are ${describeTypes(site.operandTypes)}`,
    );
    const isAsMany = site.op === undefined || outputs.length === site.resultTypes.length;
    const counts = (): string =>
      `the body gives ${outputs.length} values, there are ${site.resultTypes.length} results`;
    return check.require(isAsMany, 'F2', counts) ? outputs : undefined;
  },
  verify(site, check) {
    const { block } = requireRegion(site);
    const isLike = (a: readonly Type[], b: readonly Type[]): boolean =>
      a.every((type, index) => sameOrder(type, b[index]));
    const outside = (types: readonly Type[]): string =>
      `the dimension orders of ${describeTypes(types)} are others inside`;
    check.require(isLike(regionInputs(requireRegion(site)), site.operandTypes), 'F1', () => outside(site.operandTypes));
    check.require(isLike(regionOutputs(requireRegion(site)), site.resultTypes), 'F2', () => outside(site.resultTypes));
    for (const op of block.operations()) {
      if (op === block.terminator) continue;
      const { definition } = op;
      const isEffect = definition.traits.has('collective') || ['stablehlo.custom_call', 'func.call'].includes(op.name);
      check.require(!isEffect, 'F3', () => `it has ${op.name}`);
    }
  },
  evaluate(site, inputs, context) {
    return context.apply(requireRegion(site), inputs);
  },
});
