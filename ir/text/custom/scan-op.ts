/**
 * `ScanOp()`, the whole of `chlo.scan`:
 *
 *     chlo.scan(%0, %1) inits (%2) dimension=0  attributes {is_reverse = true} {
 *     ^bb0(%input: ..., %carry: ...):
 *       ...
 *     } : (...) -> (...)
 *
 * How many operands are inputs is kept in `operandSegmentSizes`, how many results are outputs in `resultSegmentSizes`; without them it
 * is one half each.
 */
import { denseArrayAttr, integerAttr } from '../../attributes.ts';
import type { Operation } from '../../operation.ts';
import { scalarType } from '../../types.ts';
import type { OperandRef, OpParser } from '../op-parser.ts';
import type { Directive } from './directive.ts';

const printed = new Set(['dimension', 'operandSegmentSizes', 'resultSegmentSizes']);

function parseOperands(parser: OpParser): OperandRef[] {
  parser.expect('(');
  const refs = parser.parseOperandRefs();
  parser.expect(')');
  return refs;
}

function inputCount(op: Operation): number {
  const sizes = op.attribute('operandSegmentSizes');
  return sizes?.kind === 'dense-array' ? Number(sizes.values[0] ?? 0) : op.operandCount / 2;
}

export const scanOp: Directive = {
  name: 'ScanOp',
  isWholeOp: true,
  parse(state) {
    const { parser } = state;
    const inputs = parseOperands(parser);
    parser.expect('inits');
    const inits = parseOperands(parser);
    state.setOperands({ kind: 'operands' }, [...inputs, ...inits]);
    parser.expect('dimension');
    parser.expect('=');
    state.attributes.set('dimension', integerAttr(parser.parseInteger(), scalarType('i64')));
    state.addAttributes(parser.parseOptionalAttrDictWithKeyword());
    state.regions.push(parser.parseRegion());
    parser.expect(':');
    const type = parser.parseFunctionType();
    state.setTypes({ kind: 'all-operand-types' }, type.inputs);
    state.setTypes({ kind: 'all-result-types' }, type.results);
    const outputs = type.results.length - inits.length;
    const i32 = scalarType('i32');
    state.attributes.set('operandSegmentSizes', denseArrayAttr(i32, [inputs.length, inits.length]));
    state.attributes.set('resultSegmentSizes', denseArrayAttr(i32, [outputs, inits.length]));
  },
  print(printer, { op }) {
    const operands = op.operands;
    const count = inputCount(op);
    const dimension = op.attribute('dimension');
    printer.write('(');
    printer.values(operands.slice(0, count));
    printer.write(') inits (');
    printer.values(operands.slice(count));
    printer.write(`) dimension=${dimension?.kind === 'integer' ? String(dimension.value) : ''} `);
    printer.attrDict(op, printed, 'attributes');
    printer.write(' ');
    printer.region(op.region(), 'with-arguments');
    printer.write(' : ');
    printer.functionalType(op);
  },
  fits({ op }) {
    const dimension = op.attribute('dimension');
    return dimension?.kind === 'integer' && dimension.type.dtype === 'i64' && op.regions.length === 1;
  },
};
