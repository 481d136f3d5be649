import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { compatibleTypeLists, describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion } from '../shared/results.ts';

/** Forward mode: the body's results, and how they change when its arguments move along tangents. */
export const jvp = defineOp({
  name: 'tessera.jvp',
  code: 'E2706',
  summary: 'The results of the body at the first half of the operands, then their derivatives along the second half.',
  spec: 'tessera',
  operands: [{ name: 'operands', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  regions: [{ name: 'body' }],
  effects: 'regions',
  constraints: {
    J1: 'types(operands) = types(body arguments...), types(body arguments...)',
    J2: 'types(results) = types(body results...), types(body results...)',
  },
  resultConstraint: 'J2',
  inferTypes(site, check) {
    const body = requireRegion(site);
    const inputs = regionInputs(body);
    const given = (): string =>
      `the body takes ${describeTypes(inputs)}, the operands are ${describeTypes(site.operandTypes)}`;
    check.require(compatibleTypeLists([...inputs, ...inputs], site.operandTypes), 'J1', given);
    const outputs = regionOutputs(body);
    const results = [...outputs, ...outputs];
    const isAsMany = site.op === undefined || results.length === site.resultTypes.length;
    const counts = (): string => `${results.length} values, and ${site.resultTypes.length} results`;
    return check.require(isAsMany, 'J2', counts) ? results : undefined;
  },
  evaluate(_site, _inputs, context) {
    throw context.unsupported('tessera.jvp before it is differentiated');
  },
});
