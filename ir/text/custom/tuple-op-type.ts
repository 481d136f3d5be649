/** `TupleOpType(type($val), type($result))`: the tuple type, whose elements are the operands' types. */
import type { Directive } from './directive.ts';

export const tupleOpType: Directive = {
  name: 'TupleOpType',
  parse(state, [operands, result]) {
    if (operands === undefined || result === undefined) return;
    const { parser } = state;
    const start = parser.position;
    const type = parser.parseType();
    if (type.kind !== 'tuple') {
      const at = { start, end: parser.lastEnd };
      throw parser.fail({ code: 'E1903', message: `expected a tuple type, found ${type.text}` }, at);
    }
    state.setTypes(operands, type.elements);
    state.setTypes(result, [type]);
  },
  print(printer, { op }) {
    printer.types([op.result().type]);
  },
  fits({ op }) {
    const { type } = op.result();
    return (
      type.kind === 'tuple' &&
      type.elements.length === op.operandCount &&
      type.elements.every((element, index) => element === op.operand(index).type)
    );
  },
};
