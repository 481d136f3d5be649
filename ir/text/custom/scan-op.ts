/**
 * `ScanOp()`, the whole of `chlo.scan`:
 *
 *     chlo.scan(%0, %1) inits (%2) dimension=0  attributes {is_reverse = true} {
 *     ^bb0(%input: ..., %carry: ...):
 *       ...
 *     } : (...) -> (...)
 *
 * How many operands are inputs is kept in `operandSegmentSizes`, how many results are outputs in `resultSegmentSizes`.
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

/** The two numbers of a segment attribute; undefined when it is not of that form. */
function sizesOf(op: Operation, name: string): readonly [number, number] | undefined {
  const sizes = op.attribute(name);
  if (sizes?.kind !== 'dense-array' || sizes.type.dtype !== 'i32' || sizes.values.length !== 2) return undefined;
  return [Number(sizes.values[0]), Number(sizes.values[1])];
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
    const [count] = sizesOf(op, 'operandSegmentSizes') ?? [0];
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
    const [inputs, inits] = sizesOf(op, 'operandSegmentSizes') ?? [-1, -1];
    const [outputs, carries] = sizesOf(op, 'resultSegmentSizes') ?? [-1, -1];
    return (
      dimension?.kind === 'integer' &&
      dimension.type.dtype === 'i64' &&
      op.regions.length === 1 &&
      inputs >= 0 &&
      outputs >= 0 &&
      inputs + inits === op.operandCount &&
      outputs + carries === op.results.length &&
      carries === inits
    );
  },
};
