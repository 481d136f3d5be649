/**
 * `ReduceOp($inputs, $init_values, $dimensions, $body)`, the whole op. One input and a body of one commutative op:
 *
 *     stablehlo.reduce(%0 init: %1) applies stablehlo.add across dimensions = [0] : (tensor<4x4xf32>, tensor<f32>) -> tensor<4xf32>
 *
 * and otherwise, where each pair of parentheses after `reducer` is an element and its accumulator:
 *
 *     stablehlo.reduce(%0 init: %2), (%1 init: %3) across dimensions = [0] : (...) -> (...)
 *      reducer(%arg0: tensor<f32>, %arg2: tensor<f32>) (%arg1: tensor<i32>, %arg3: tensor<i32>)  {
 *       ...
 *     }
 */
import { denseArrayAttr } from '../../attributes.ts';
import { Block, Operation, Region } from '../../operation.ts';
import { type FunctionType, isTensor, scalarTensor, scalarType, type TensorType } from '../../types.ts';
import type { AssemblyState } from '../assembly-state.ts';
import { denseArrayElements } from '../attribute-text.ts';
import { isIndexList } from '../inline-attribute.ts';
import type { OperandRef, OpParser, RegionArgument } from '../op-parser.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { Directive } from './directive.ts';

const dimensionsName = new Set(['dimensions']);

/** `(%0 init: %1), (%2 init: %3)`: inputs first, then initial values, as the op has them. */
function parseInputs(parser: OpParser): OperandRef[] {
  const inputs: OperandRef[] = [];
  const inits: OperandRef[] = [];
  do {
    parser.expect('(');
    inputs.push(parser.parseOperandRef());
    parser.expect('init');
    parser.expect(':');
    inits.push(parser.parseOperandRef());
    parser.expect(')');
  } while (parser.consumeIf(','));
  return [...inputs, ...inits];
}

/** The body that `applies stablehlo.add` stands for, on scalars of the result's element type. */
function compactBody(parser: OpParser, name: string, at: { start: number; end: number }, type: FunctionType): Region {
  const inner = parser.lookupOp(name);
  const terminator = parser.lookupOp('stablehlo.return');
  const [result] = type.results;
  if (inner?.traits.has('commutative') !== true || inner.operands.length !== 2 || terminator === undefined) {
    throw parser.fail(
      { code: 'E1907', message: `'${name}' cannot be applied: it is no commutative op of two operands` },
      at,
    );
  }
  if (!isTensor(result) || type.results.length !== 1) {
    throw parser.fail({ code: 'E1907', message: `'applies' needs one result that is a tensor` });
  }
  const scalar = scalarTensor(result.element);
  const block = new Block([scalar, scalar]);
  const applied = new Operation(inner, { operands: block.arguments, resultTypes: [scalar] });
  block.append(applied);
  block.append(new Operation(terminator, { operands: applied.results }));
  return new Region(block);
}

/** `(%a: T, %b: T) (%c: T, %d: T)`: all elements first, then all accumulators. */
function parseReducerArguments(parser: OpParser): RegionArgument[] {
  const elements: RegionArgument[] = [];
  const accumulators: RegionArgument[] = [];
  const parseArgument = (): RegionArgument => {
    const ref = parser.parseOperandRef();
    parser.expect(':');
    const type = parser.parseType();
    parser.parseOptionalLocation();
    return { ref, type };
  };
  while (parser.consumeIf('(')) {
    elements.push(parseArgument());
    parser.expect(',');
    accumulators.push(parseArgument());
    parser.expect(')');
  }
  return [...elements, ...accumulators];
}

function parseSignature(state: AssemblyState): FunctionType {
  const { parser } = state;
  parser.expect('across');
  parser.expect('dimensions');
  parser.expect('=');
  state.attributes.set('dimensions', denseArrayAttr(scalarType('i64'), parser.parseIndexList()));
  state.addAttributes(parser.parseOptionalAttrDict());
  parser.expect(':');
  const type = parser.parseFunctionType();
  state.setTypes({ kind: 'all-operand-types' }, type.inputs);
  state.setTypes({ kind: 'all-result-types' }, type.results);
  return type;
}

/** The op that the body applies, when it is the body `applies` stands for. */
function compactOp(op: Operation): Operation | undefined {
  const { block } = op.region();
  const inner = block.first;
  const [result] = op.results;
  if (op.operandCount !== 2 || block.size !== 2 || inner === undefined || !isTensor(result?.type)) return undefined;
  return appliesTo(inner, block, scalarTensor(result.type.element)) && returnsOnly(block.last, inner)
    ? inner
    : undefined;
}

function appliesTo(inner: Operation, block: Block, scalar: TensorType): boolean {
  return (
    inner.name.startsWith('stablehlo.') &&
    inner.definition.traits.has('commutative') &&
    inner.attributes.size === 0 &&
    inner.regions.length === 0 &&
    inner.operandCount === 2 &&
    inner.results.length === 1 &&
    inner.results[0]?.type === scalar &&
    block.arguments.length === 2 &&
    block.arguments.every((argument, index) => argument.type === scalar && inner.operand(index) === argument)
  );
}

function returnsOnly(terminator: Operation | undefined, inner: Operation): boolean {
  return (
    terminator?.name === 'stablehlo.return' &&
    terminator.attributes.size === 0 &&
    terminator.operandCount === 1 &&
    terminator.operand(0) === inner.result()
  );
}

function printInputs(printer: OpPrinter, op: Operation): void {
  const count = op.operandCount / 2;
  for (let index = 0; index < count; index++) {
    printer.write(index === 0 ? '(' : ', (');
    printer.value(op.operand(index));
    printer.write(' init: ');
    printer.value(op.operand(count + index));
    printer.write(')');
  }
}

function printReducerArguments(printer: OpPrinter, op: Operation): void {
  const args = op.region().block.arguments;
  const count = args.length / 2;
  for (let index = 0; index < count; index++) {
    for (const [position, argument] of [args[index], args[count + index]].entries()) {
      if (argument === undefined) continue;
      printer.write(position === 0 ? '(' : ', ');
      printer.value(argument);
      printer.write(`: ${argument.type.text}`);
    }
    printer.write(') ');
  }
}

export const reduceOp: Directive = {
  name: 'ReduceOp',
  isWholeOp: true,
  parse(state) {
    const { parser } = state;
    state.setOperands({ kind: 'operands' }, parseInputs(parser));
    if (parser.consumeIf('applies')) {
      const at = { start: parser.position, end: parser.position };
      const name = parser.parseKeyword('the op that is applied');
      at.end = parser.lastEnd;
      const type = parseSignature(state);
      state.regions.push(compactBody(parser, name, at, type));
      return;
    }
    parseSignature(state);
    parser.expect('reducer');
    state.regions.push(parser.parseRegion(parseReducerArguments(parser)));
  },
  print(printer, { op }) {
    printInputs(printer, op);
    const inner = compactOp(op);
    if (inner !== undefined) printer.write(` applies ${inner.name}`);
    const dimensions = op.attribute('dimensions');
    const list = dimensions?.kind === 'dense-array' ? denseArrayElements(dimensions) : '';
    printer.write(` across dimensions = [${list}]`);
    printer.attrDict(op, dimensionsName);
    printer.write(' : ');
    printer.functionalType(op);
    if (inner !== undefined) return;
    printer.newline();
    printer.write(' reducer');
    printReducerArguments(printer, op);
    printer.write(' ');
    printer.region(op.region(), 'without-arguments');
  },
  fits({ op }) {
    const dimensions = op.attribute('dimensions');
    return (
      op.operandCount > 0 &&
      op.operandCount % 2 === 0 &&
      op.regions.length === 1 &&
      op.region().block.arguments.length === op.operandCount &&
      dimensions !== undefined &&
      isIndexList(dimensions)
    );
  },
};
