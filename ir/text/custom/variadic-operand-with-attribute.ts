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
    state.setOperands(operands, refs);
  },
  print(printer, view, [operands]) {
    if (operands === undefined) return;
    printer.values(view.values(operands));
    printer.write(',');
  },
};
