/** `VariadicOperandWithAttribute($inputs)`: `%a, %b,` with a comma after the last as well, since an attribute follows. */
import type { OperandRef } from '../op-parser.ts';
import type { Directive } from './directive.ts';

export const variadicOperandWithAttribute: Directive = {
  name: 'VariadicOperandWithAttribute',
  parse(state, [operands]) {
    if (operands === undefined) return;
    const { parser } = state;
    const refs: OperandRef[] = [];
    while (parser.isOperandNext()) {
      refs.push(parser.parseOperandRef());
      parser.expect(',');
    }
    // StableHLO's own printer writes the comma of an empty list.
    if (refs.length === 0) parser.consumeIf(',');
    state.setOperands(operands, refs);
  },
  print(printer, view, [operands]) {
    if (operands === undefined) return;
    const values = view.values(operands);
    if (values.length === 0) return;
    printer.values(values);
    printer.write(',');
  },
};
