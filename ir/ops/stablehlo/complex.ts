import { complexOf } from '../../dtype.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorType } from '../../types.ts';
import { tensorOf } from '../../type-constraints.ts';
import { inferSameType, sameShapeInputs } from '../shared/elementwise.ts';
import { complexPart } from '../shared/complex-parts.ts';

export const complex = defineOp({
  name: 'stablehlo.complex',
  code: 'E2110',
  summary: 'Complex numbers from their real parts (lhs) and imaginary parts (rhs).',
  spec: 'spec.md#complex',
  operands: [
    { name: 'lhs', type: complexPart },
    { name: 'rhs', type: complexPart },
  ],
  results: [{ name: 'result', type: tensorOf(['complex']) }],
  traits: ['elementwise'],
  constraints: {
    C1: 'type(lhs) = type(rhs)',
    C2: 'shape(result) = shape(lhs)',
    C3: 'element_type(result) = complex_type(element_type(lhs))',
  },
  resultConstraint: 'C2, C3',
  assembly: '$lhs `,` $rhs attr-dict `:` custom<ComplexOpType>(type($lhs), type($rhs), type($result))',
  inferTypes(site, check) {
    const part = inferSameType(site, 'C1', check)?.[0];
    return part === undefined ? undefined : [tensorType(part.shape, complexOf(part.element === 'f64' ? 'f64' : 'f32'))];
  },
  evaluate(_site, inputs, context) {
    const [lhs, rhs] = sameShapeInputs(inputs, context);
    const result = context.allocate(complexOf(lhs.dtype === 'f64' ? 'f64' : 'f32'), lhs.shape);
    for (let index = 0; index < lhs.values.length; index++) {
      result.values[2 * index] = lhs.values[index] ?? 0;
      result.values[2 * index + 1] = rhs.values[index] ?? 0;
    }
    return [result];
  },
});
