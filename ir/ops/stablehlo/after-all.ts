import { defineOp } from '../../op-definition.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { token } from '../../type-constraints.ts';
import { tokenType } from '../../types.ts';

export const afterAll = defineOp({
  name: 'stablehlo.after_all',
  code: 'E2414',
  summary: 'A token that is there once all the inputs are.',
  spec: 'spec.md#after_all',
  operands: [{ name: 'inputs', type: token, arity: 'variadic' }],
  results: [{ name: 'result', type: token }],
  assembly:
    '$inputs attr-dict `:` custom<VariadicSameOperandsAndResultType>(ref($inputs), type($inputs), type($result))',
  inferTypes: () => [tokenType],
  evaluate: () => [tokenValue],
});
