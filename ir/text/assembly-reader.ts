/** Reads the pretty form of an op by its compiled assembly. */
import type { OpDefinition } from '../op-definition.ts';
import { type AssemblyFormat, assemblyFormat, type FormatElement } from './assembly-format.ts';
import { AssemblyState } from './assembly-state.ts';
import type { FormatTarget } from './format-target.ts';
import { parseInlineAttribute } from './inline-attribute.ts';
import type { AssemblyReader, OpParser, ParsedAssembly } from './op-parser.ts';

const readers = new WeakMap<OpDefinition, AssemblyReader>();

/** Undefined for an op that only has the generic form. */
export function assemblyReader(definition: OpDefinition): AssemblyReader | undefined {
  const known = readers.get(definition);
  if (known !== undefined) return known;
  const format = assemblyFormat(definition);
  if (format === undefined) return undefined;
  const reader: AssemblyReader = (parser) => read(format, parser);
  readers.set(definition, reader);
  return reader;
}

function read(format: AssemblyFormat, parser: OpParser): ParsedAssembly {
  const state = new AssemblyState(parser);
  readElements(state, format.elements);
  return state.finish(format.untold);
}

function readElements(state: AssemblyState, elements: readonly FormatElement[]): void {
  for (const element of elements) readElement(state, element);
}

function readElement(state: AssemblyState, element: FormatElement): void {
  const { parser } = state;
  switch (element.kind) {
    case 'literal':
      parser.expect(element.text);
      return;
    case 'target':
      readTarget(state, element.target);
      return;
    case 'functional-type': {
      const type = parser.parseFunctionType();
      state.setTypes(element.inputs, type.inputs);
      state.setTypes(element.results, type.results);
      return;
    }
    case 'attr-dict':
      state.addAttributes(element.keyword ? parser.parseOptionalAttrDictWithKeyword() : parser.parseOptionalAttrDict());
      return;
    case 'optional':
      readElements(state, isPresent(state, element.present[0]) ? element.present : element.absent);
      return;
    case 'custom':
      element.directive.parse(state, element.args);
      return;
    default:
      element satisfies never;
  }
}

function readTarget(state: AssemblyState, target: FormatTarget): void {
  const { parser } = state;
  switch (target.kind) {
    case 'operand':
      state.setOperands(target, readGroup(state, target.group));
      return;
    case 'operands':
      state.setOperands(target, parser.parseOperandRefs());
      return;
    case 'operand-types':
      state.setTypes(target, readTypes(parser, isSingle(state.definition.operands[target.group]?.arity)));
      return;
    case 'result-types':
      state.setTypes(target, readTypes(parser, isSingle(state.definition.results[target.group]?.arity)));
      return;
    case 'all-operand-types':
    case 'all-result-types':
      state.setTypes(target, readTypes(parser, false));
      return;
    case 'attribute':
      state.setAttribute(target, parseInlineAttribute(parser, target.codec));
      return;
    case 'region':
      readRegions(state, state.definition.regions[target.index]?.arity === 'variadic');
      return;
    case 'regions':
      readRegions(state, true);
      return;
    default:
      target satisfies never;
  }
}

function isSingle(arity: 'single' | 'optional' | 'variadic' | undefined): boolean {
  return (arity ?? 'single') === 'single';
}

function readGroup(state: AssemblyState, group: number): ReturnType<OpParser['parseOperandRefs']> {
  const { parser } = state;
  const arity = state.definition.operands[group]?.arity ?? 'single';
  if (arity === 'variadic') return parser.parseOperandRefs();
  return arity === 'single' || parser.isOperandNext() ? [parser.parseOperandRef()] : [];
}

function readTypes(parser: OpParser, single: boolean): ReturnType<OpParser['parseTypeList']> {
  if (single) return [parser.parseType()];
  return parser.isTypeNext() ? parser.parseTypeList() : [];
}

function readRegions(state: AssemblyState, variadic: boolean): void {
  const { parser } = state;
  state.regions.push(parser.parseRegion());
  if (!variadic) return;
  while (parser.consumeIf(',')) state.regions.push(parser.parseRegion());
}

/** Whether an optional group follows, told by its first element. */
function isPresent(state: AssemblyState, first: FormatElement | undefined): boolean {
  const { parser } = state;
  if (first?.kind === 'literal') return parser.isNext(first.text);
  if (first?.kind !== 'target') return first?.kind === 'functional-type' && parser.isNext('(');
  switch (first.target.kind) {
    case 'operand':
    case 'operands':
      return parser.isOperandNext();
    case 'region':
    case 'regions':
      return parser.isNext('{');
    case 'attribute':
      return first.target.codec.keywords?.includes(parser.peekKeyword() ?? '') ?? parser.peekKeyword() !== undefined;
    case 'operand-types':
    case 'result-types':
    case 'all-operand-types':
    case 'all-result-types':
      return parser.isTypeNext();
    default:
      return first.target satisfies never;
  }
}
