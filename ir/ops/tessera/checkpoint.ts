import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { describeTypes, regionInputs, regionOutputs } from '../shared/region-signature.ts';
import { requireRegion } from '../shared/results.ts';

/** A part of a program whose inner values a gradient computes again rather than keeps. */
export const checkpoint = defineOp({
  name: 'tessera.checkpoint',
  code: 'E2704',
  summary: 'What its body gives; differentiation computes the values in it again rather than keeping them.',
  spec: 'tessera',
  operands: [],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  regions: [{ name: 'body' }],
  effects: 'regions',
  traits: ['storage-view'],
  constraints: { P1: 'the body has no arguments', P2: 'types(body results) = types(results)' },
  resultConstraint: 'P2',
  inferTypes(site, check) {
    const body = requireRegion(site);
    const inputs = regionInputs(body);
    check.require(inputs.length === 0, 'P1', () => `it takes ${describeTypes(inputs)}`);
    const outputs = regionOutputs(body);
    const isAsMany = site.op === undefined || outputs.length === site.resultTypes.length;
    const counts = (): string =>
      `the body gives ${outputs.length} values, there are ${site.resultTypes.length} results`;
    return check.require(isAsMany, 'P2', counts) ? outputs : undefined;
  },
  *evaluate(site, _inputs, context) {
    return yield* context.run(requireRegion(site), []);
  },
});
