import { defineOp } from '../../op-definition.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { token } from '../../type-constraints.ts';
import { tokenType } from '../../types.ts';

export const createToken = defineOp({
  name: 'stablehlo.create_token',
  code: 'E2419',
  summary: 'A token that waits for nothing; the same as after_all without inputs.',
  spec: 'StablehloOps.td#create_token',
  operands: [],
  results: [{ name: 'output', type: token }],
  assembly: 'attr-dict `:` type(results)',
  inferTypes: () => [tokenType],
  evaluate: () => [tokenValue],
});
