import { text } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { numbers, tensorOf } from '../../type-constraints.ts';
import { evaluateEinsum, inferEinsum } from '../shared/einsum.ts';
import { einsumConstraints } from '../shared/einsum-config.ts';

export const unaryEinsum = defineOp({
  name: 'stablehlo.unary_einsum',
  code: 'E2314',
  summary: 'The sums, diagonals and transposes of one tensor that a configuration such as `ab->a` describes.',
  spec: 'StablehloOps.td#unary_einsum',
  operands: [{ name: 'operand', type: tensorOf(numbers) }],
  results: [{ name: 'result', type: tensorOf(numbers) }],
  attributes: { einsum_config: text() },
  constraints: einsumConstraints,
  resultConstraint: 'C5',
  assembly: '$operand `,` `config` `=` $einsum_config attr-dict `:` functional-type(operands, results)',
  inferTypes: (site, check) => inferEinsum(site, site.attrs.einsum_config, [operandTensor(site, 0)], check),
  evaluate: (site, inputs, context) => evaluateEinsum(site, site.attrs.einsum_config, inputs, context),
});
