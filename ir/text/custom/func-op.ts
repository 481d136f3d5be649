/**
 * `FuncOp()`, the whole of `func.func`:
 *
 *     func.func private @f(%arg0: tensor<4xf32> {jax.buffer_donor = true}) -> (tensor<4xf32> {jax.result_info = ""}) attributes {a} {
 *       ...
 *     }
 *
 * A declaration has no body, and its arguments need no names.
 */
import { arrayAttr, type Attribute, type AttributeMap, stringAttr } from '../../attributes.ts';
import type { Operation } from '../../operation.ts';
import { type FunctionType, functionType, type Type } from '../../types.ts';
import type { AssemblyState } from '../assembly-state.ts';
import { symbolText } from '../name-text.ts';
import type { OpParser, RegionArgument } from '../op-parser.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { Directive } from './directive.ts';

const visibilities = ['public', 'private', 'nested'];
const printed = new Set(['sym_name', 'function_type', 'sym_visibility', 'arg_attrs', 'res_attrs']);

interface Parameter {
  /** Undefined when a declaration leaves the name out. */
  readonly ref: RegionArgument['ref'] | undefined;
  readonly type: Type;
  readonly attributes: AttributeMap;
}

function parseParameter(parser: OpParser): Parameter {
  const ref = parser.isOperandNext() ? parser.parseOperandRef() : undefined;
  if (ref !== undefined) parser.expect(':');
  const type = parser.parseType();
  const attributes = parser.parseOptionalAttrDict();
  parser.parseOptionalLocation();
  return { ref, type, attributes };
}

/** `-> T`, `-> (T {a}, T)` or nothing. */
function parseResults(parser: OpParser): Parameter[] {
  const results: Parameter[] = [];
  if (!parser.consumeIf('->')) return results;
  if (parser.consumeIf('(')) {
    parser.parseCommaSeparated(')', () => {
      const type = parser.parseType();
      results.push({ ref: undefined, type, attributes: parser.parseOptionalAttrDict() });
    });
  } else results.push({ ref: undefined, type: parser.parseType(), attributes: new Map() });
  return results;
}

/** An array of one dictionary each, when any has entries. */
function setAttributes(state: AssemblyState, name: string, parameters: readonly Parameter[]): void {
  if (parameters.every(({ attributes }) => attributes.size === 0)) return;
  const dictionaries = parameters.map(({ attributes }): Attribute => ({ kind: 'dictionary', entries: attributes }));
  state.attributes.set(name, arrayAttr(dictionaries));
}

function parseBody(state: AssemblyState, inputs: readonly Parameter[]): void {
  const { parser } = state;
  if (!parser.isNext('{')) return;
  const args: RegionArgument[] = [];
  for (const { ref, type } of inputs) {
    if (ref === undefined)
      throw parser.fail({ code: 'E1908', message: 'a function with a body must name its arguments' });
    args.push({ ref, type });
  }
  state.regions.push(parser.parseRegion(args));
}

function typesOf(parameters: readonly Parameter[]): Type[] {
  return parameters.map(({ type }) => type);
}

function stringOf(op: Operation, name: string): string | undefined {
  const attribute = op.attribute(name);
  return attribute?.kind === 'string' ? attribute.value : undefined;
}

function signatureOf(op: Operation): FunctionType | undefined {
  const attribute = op.attribute('function_type');
  return attribute?.kind === 'type' && attribute.type.kind === 'function' ? attribute.type : undefined;
}

function dictionariesOf(op: Operation, name: string): readonly Attribute[] {
  const attribute = op.attribute(name);
  return attribute?.kind === 'array' ? attribute.elements : [];
}

function printDictionary(printer: OpPrinter, attribute: Attribute | undefined): void {
  if (attribute?.kind === 'dictionary') printer.dictionary(attribute.entries);
}

function printInputs(printer: OpPrinter, op: Operation, inputs: readonly Type[]): void {
  const attributes = dictionariesOf(op, 'arg_attrs');
  const args = op.regions[0]?.block.arguments ?? [];
  printer.write('(');
  for (const [index, type] of inputs.entries()) {
    if (index > 0) printer.write(', ');
    const argument = args[index];
    if (argument !== undefined) {
      printer.value(argument);
      printer.write(': ');
    }
    printer.write(type.text);
    printDictionary(printer, attributes[index]);
  }
  printer.write(')');
}

/** Parentheses unless there is exactly one result, no function and without attributes. */
function printResults(printer: OpPrinter, op: Operation, results: readonly Type[]): void {
  const attributes = dictionariesOf(op, 'res_attrs');
  const [only] = results;
  if (only === undefined) return;
  printer.write(' -> ');
  const isBare = results.length === 1 && only.kind !== 'function' && isEmpty(attributes[0]);
  if (!isBare) printer.write('(');
  for (const [index, type] of results.entries()) {
    printer.write(index === 0 ? type.text : `, ${type.text}`);
    printDictionary(printer, attributes[index]);
  }
  if (!isBare) printer.write(')');
}

function isEmpty(attribute: Attribute | undefined): boolean {
  return attribute?.kind !== 'dictionary' || attribute.entries.size === 0;
}

/** The attributes of arguments or results read back as they are: undefined, or one dictionary each of which one has entries. */
function areRegular(op: Operation, name: string, count: number): boolean {
  const attribute = op.attribute(name);
  if (attribute === undefined) return true;
  if (attribute.kind !== 'array' || attribute.elements.length !== count) return false;
  return attribute.elements.every(({ kind }) => kind === 'dictionary') && !attribute.elements.every(isEmpty);
}

function bodyFits(op: Operation, { inputs }: FunctionType): boolean {
  const [body] = op.regions;
  if (body === undefined) return true;
  const args = body.block.arguments;
  return args.length === inputs.length && args.every((argument, index) => argument.type === inputs[index]);
}

export const funcOp: Directive = {
  name: 'FuncOp',
  isWholeOp: true,
  parse(state) {
    const { parser } = state;
    const visibility = visibilities.find((keyword) => parser.consumeIf(keyword));
    state.attributes.set('sym_name', stringAttr(parser.parseSymbolName()));
    if (visibility !== undefined) state.attributes.set('sym_visibility', stringAttr(visibility));
    const inputs: Parameter[] = [];
    parser.expect('(');
    parser.parseCommaSeparated(')', () => inputs.push(parseParameter(parser)));
    const results = parseResults(parser);
    const type = functionType(typesOf(inputs), typesOf(results));
    state.attributes.set('function_type', { kind: 'type', type });
    setAttributes(state, 'arg_attrs', inputs);
    setAttributes(state, 'res_attrs', results);
    state.addAttributes(parser.parseOptionalAttrDictWithKeyword());
    parseBody(state, inputs);
  },
  print(printer, { op }) {
    const visibility = stringOf(op, 'sym_visibility');
    const signature = signatureOf(op);
    if (signature === undefined) return;
    printer.write(`${visibility === undefined ? ' ' : ` ${visibility} `}${symbolText(stringOf(op, 'sym_name') ?? '')}`);
    printInputs(printer, op, signature.inputs);
    printResults(printer, op, signature.results);
    printer.attrDict(op, printed, 'attributes');
    const [body] = op.regions;
    if (body === undefined) return;
    printer.write(' ');
    printer.region(body, 'without-arguments');
  },
  fits({ op }) {
    const signature = signatureOf(op);
    const visibility = op.attribute('sym_visibility');
    return (
      signature !== undefined &&
      stringOf(op, 'sym_name') !== undefined &&
      (visibility === undefined || (visibility.kind === 'string' && visibilities.includes(visibility.value))) &&
      areRegular(op, 'arg_attrs', signature.inputs.length) &&
      areRegular(op, 'res_attrs', signature.results.length) &&
      op.regions.length <= 1 &&
      bodyFits(op, signature)
    );
  },
};
