/** `ComplexOpType(type($lhs), type($rhs), type($result))`: the complex type, where the operands have the type of its parts. */
import { dtypeInfo } from '../../dtype.ts';
import { tensorType, type Type } from '../../types.ts';
import type { Directive } from './directive.ts';
import { parseFunctionTypeInto } from './function-type.ts';

/** `tensor<2xcomplex<f32>>` -> `tensor<2xf32>`; undefined for any other type. */
function partType(type: Type): Type | undefined {
  if (type.kind !== 'tensor' || typeof type.element !== 'string' || type.encoding !== undefined) return undefined;
  const { kind, part } = dtypeInfo(type.element);
  return kind === 'complex' ? tensorType(type.shape, part, { order: type.order }) : undefined;
}

export const complexOpType: Directive = {
  name: 'ComplexOpType',
  parse(state, [lhs, rhs, result]) {
    if (lhs === undefined || rhs === undefined || result === undefined) return;
    const { parser } = state;
    if (parser.isNext('(')) {
      parseFunctionTypeInto(state, [lhs, rhs], result);
      return;
    }
    const start = parser.position;
    const type = parser.parseType();
    const part = partType(type);
    if (part === undefined) {
      const at = { start, end: parser.lastEnd };
      throw parser.fail({ code: 'E1903', message: `expected a tensor of complex elements, found ${type.text}` }, at);
    }
    state.setTypes(lhs, [part]);
    state.setTypes(rhs, [part]);
    state.setTypes(result, [type]);
  },
  print(printer, { op }) {
    const { type } = op.result();
    const part = partType(type);
    if (part === op.operand(0).type && part === op.operand(1).type) printer.types([type]);
    else printer.functionalType(op);
  },
};
