/** `SelectOpType(type($pred), type($on_true), type($on_false), type($result))`: `tensor<i1>, tensor<2xf32>` or `(T, T, T) -> T`. */
import type { Directive } from './directive.ts';
import { parseFunctionTypeInto } from './function-type.ts';

export const selectOpType: Directive = {
  name: 'SelectOpType',
  parse(state, [pred, onTrue, onFalse, result]) {
    if (pred === undefined || onTrue === undefined || onFalse === undefined || result === undefined) return;
    const { parser } = state;
    if (parser.isNext('(')) {
      parseFunctionTypeInto(state, [pred, onTrue, onFalse], result);
      return;
    }
    state.setTypes(pred, [parser.parseType()]);
    parser.expect(',');
    const type = parser.parseType();
    for (const target of [onTrue, onFalse, result]) state.setTypes(target, [type]);
  },
  print(printer, { op }) {
    const type = op.result().type;
    if (op.operand(1).type === type && op.operand(2).type === type) printer.types([op.operand(0).type, type]);
    else printer.functionalType(op);
  },
};
