import * as numerics from '../../numerics/index.ts';
import { chloBinary } from '../shared/chlo-elementwise.ts';

export const polygamma = chloBinary({
  name: 'chlo.polygamma',
  code: 'E2644',
  summary: 'The derivative of order n of the digamma function at x.',
  spec: 'chlo.md#chlopolygamma',
  elements: ['float'],
  operandNames: ['n', 'x'],
  rules: { float: numerics.polygamma },
});
