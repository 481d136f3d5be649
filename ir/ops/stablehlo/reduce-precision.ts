import { i32 } from '../../attribute-schema.ts';
import { reducePrecision as reduced } from '../../numerics/index.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { applyUnary } from '../shared/elementwise-loops.ts';
import { perTensorOf } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { requireIeee } from '../shared/scalar-formats.ts';

const type = perTensorOf(['float', 'quantized']);

export const reducePrecision = defineOp({
  name: 'stablehlo.reduce_precision',
  code: 'E2133',
  summary: 'Each element rounded to a format of fewer exponent and mantissa bits, in its own type.',
  spec: 'spec.md#reduce_precision',
  operands: [{ name: 'operand', type }],
  results: [{ name: 'output', type }],
  attributes: { exponent_bits: i32(), mantissa_bits: i32() },
  traits: ['elementwise'],
  constraints: {
    C1: 'baseline_type(operand) = baseline_type(output)',
    C2: '1 <= exponent_bits',
    C3: '0 <= mantissa_bits',
  },
  resultConstraint: 'C1',
  assembly:
    '$operand `,` `format` `=` custom<ExponentMantissa>($exponent_bits, $mantissa_bits) attr-dict `:` ' +
    'custom<SameOperandsAndResultType>(type($operand), type($output))',
  inferTypes: (site) => [operandTensor(site, 0)],
  verify({ attrs }, check) {
    check.require(attrs.exponent_bits >= 1, 'C2', () => `exponent_bits = ${attrs.exponent_bits}`);
    check.require(attrs.mantissa_bits >= 0, 'C3', () => `mantissa_bits = ${attrs.mantissa_bits}`);
  },
  evaluate(site, inputs, context) {
    const format = { exponentBits: site.attrs.exponent_bits, mantissaBits: site.attrs.mantissa_bits };
    const operand = tensorInput(inputs, 0);
    requireIeee(operand.dtype, context);
    return [applyUnary({ float: (x, from) => reduced(x, from, format) }, operand, context)];
  },
});
