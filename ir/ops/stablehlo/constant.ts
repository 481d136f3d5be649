import { elements } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { inferConstant, valueOfConstant } from '../shared/constants.ts';

export const constant = defineOp({
  name: 'stablehlo.constant',
  code: 'E2111',
  summary: 'A tensor known at compile time.',
  spec: 'spec.md#constant',
  operands: [],
  results: [{ name: 'output', type: anyTensor }],
  attributes: { value: elements() },
  traits: ['constant-like', 'storage-view'],
  constraints: { C1: 'type(value) = type(output)' },
  resultConstraint: 'C1',
  assembly: 'attr-dict custom<TypedValue>($value, type($output))',
  inferTypes: (site) => [inferConstant(site.attrs.value.type, site)],
  evaluate: (site, _inputs, context) => [valueOfConstant(site.attrs.value, context)],
});
