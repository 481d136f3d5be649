/** `PairwiseOpType(type($operand), type($result))`: one list of types for operands and results alike. */
import type { Directive } from './directive.ts';

export const pairwiseOpType: Directive = {
  name: 'PairwiseOpType',
  parse(state, [operands, results]) {
    if (operands === undefined || results === undefined) return;
    const types = state.parser.parseTypeList();
    state.setTypes(operands, types);
    state.setTypes(results, types);
  },
  print(printer, { op }) {
    printer.types(op.results.map((result) => result.type));
  },
  fits: ({ op }) =>
    op.results.length === op.operandCount &&
    op.results.every((result, index) => result.type === op.operand(index).type),
};
