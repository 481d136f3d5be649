import { text } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { numbers, tensorOf } from '../../type-constraints.ts';
import { evaluateEinsum, inferEinsum } from '../shared/einsum.ts';
import { einsumConstraints } from '../shared/einsum-config.ts';

export const einsum = defineOp({
  name: 'stablehlo.einsum',
  code: 'E2309',
  summary: 'The sum of products of two tensors that a configuration such as `ab,bc->ac` describes.',
  spec: 'StablehloOps.td#einsum',
  operands: [
    { name: 'lhs', type: tensorOf(numbers) },
    { name: 'rhs', type: tensorOf(numbers) },
  ],
  results: [{ name: 'result', type: tensorOf(numbers) }],
  attributes: { einsum_config: text() },
  constraints: einsumConstraints,
  resultConstraint: 'C5',
  assembly: '$lhs `,` $rhs `,` `config` `=` $einsum_config attr-dict `:` functional-type(operands, results)',
  inferTypes: (site, check) =>
    inferEinsum(site, site.attrs.einsum_config, [operandTensor(site, 0), operandTensor(site, 1)], check),
  evaluate: (site, inputs, context) => evaluateEinsum(site, site.attrs.einsum_config, inputs, context),
});
