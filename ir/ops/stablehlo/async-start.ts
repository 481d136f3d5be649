import { defineOp } from '../../op-definition.ts';
import { anyTensor, future } from '../../type-constraints.ts';
import { futureType } from '../../types.ts';
import {
  compatibleTypeLists,
  describeSignature,
  describeTypes,
  regionInputs,
  regionOutputs,
} from '../shared/region-signature.ts';

export const asyncStart = defineOp({
  name: 'stablehlo.async_start',
  code: 'E2416',
  summary: 'A future of the results of `body`, a collective or a slice that may run meanwhile.',
  spec: 'StablehloOps.td#async_start',
  operands: [{ name: 'operands', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'result', type: future }],
  traits: ['storage-view'],
  regions: [{ name: 'body' }],
  effects: 'regions',
  constraints: {
    V1: 'input_types(body) = types(operands...)',
    V2: 'type(result) = future<output_types(body)>',
  },
  resultConstraint: 'V2',
  inferTypes(site, check) {
    const [body] = site.regions;
    if (body === undefined) return undefined;
    const fits = check.require(
      compatibleTypeLists(regionInputs(body), site.operandTypes),
      'V1',
      () => `body is ${describeSignature(body)}, the operands are ${describeTypes(site.operandTypes)}`,
    );
    return fits ? [futureType(regionOutputs(body))] : undefined;
  },
  *evaluate(site, inputs, context) {
    const [body] = site.regions;
    const elements = body === undefined ? [] : yield* context.run(body, inputs);
    return [{ kind: 'future', elements }];
  },
});
