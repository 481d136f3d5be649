/**
 * `WhileOp($operand, $cond, $body)`, the whole op:
 *
 *     stablehlo.while(%iterArg = %0, %iterArg_0 = %1) : tensor<i32>, tensor<4xf32> attributes {a = 1 : i32}
 *     cond {
 *       ...
 *     } do {
 *       ...
 *     }
 */
import type { Operation, Region } from '../../operation.ts';
import type { OperandRef, RegionArgument } from '../op-parser.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { Directive } from './directive.ts';

function printCarried(printer: OpPrinter, op: Operation): void {
  printer.write('(');
  for (const [index, argument] of op.region().block.arguments.entries()) {
    if (index > 0) printer.write(', ');
    printer.value(argument);
    printer.write(' = ');
    printer.value(op.operand(index));
  }
  printer.write(')');
}

/** Both regions take exactly the carried values, and are printed without declaring them. */
function takesCarried(region: Region | undefined, op: Operation): boolean {
  const args = region?.block.arguments;
  return (
    args?.length === op.operandCount &&
    args.every(
      (argument, index) => argument.type === op.operand(index).type && op.results[index]?.type === argument.type,
    )
  );
}

export const whileOp: Directive = {
  name: 'WhileOp',
  isWholeOp: true,
  parse(state, [operands]) {
    if (operands === undefined) return;
    const { parser } = state;
    const args: OperandRef[] = [];
    const refs: OperandRef[] = [];
    parser.expect('(');
    parser.parseCommaSeparated(')', () => {
      args.push(parser.parseOperandRef());
      parser.expect('=');
      refs.push(parser.parseOperandRef());
    });
    const typesStart = parser.position;
    const types = parser.consumeIf(':') ? parser.parseTypeList() : [];
    if (types.length !== args.length) {
      const at = { start: typesStart, end: parser.lastEnd };
      throw parser.fail(
        { code: 'E1906', message: `${args.length} values are carried, but ${types.length} types given` },
        at,
      );
    }
    state.setOperands(operands, refs);
    state.setTypes({ kind: 'all-operand-types' }, types);
    state.setTypes({ kind: 'all-result-types' }, types);
    state.addAttributes(parser.parseOptionalAttrDictWithKeyword());
    const declared = args.flatMap((ref, index): RegionArgument[] => {
      const type = types[index];
      return type === undefined ? [] : [{ ref, type }];
    });
    parser.expect('cond');
    state.regions.push(parser.parseRegion(declared));
    parser.expect('do');
    state.regions.push(parser.parseRegion(declared));
  },
  print(printer, { op }) {
    printCarried(printer, op);
    if (op.operandCount > 0) {
      printer.write(' : ');
      printer.types(op.operandUses.map((use) => use.value.type));
    }
    printer.attrDict(op, new Set(), 'attributes');
    printer.newline();
    printer.write('cond ');
    printer.region(op.region(0), 'without-arguments');
    printer.write(' do ');
    printer.region(op.region(1), 'without-arguments');
  },
  fits: ({ op }) =>
    op.regions.length === 2 &&
    op.results.length === op.operandCount &&
    takesCarried(op.regions[0], op) &&
    takesCarried(op.regions[1], op),
};
