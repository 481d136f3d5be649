/** The reader as an op's assembly sees it: `OpParser` over the parsers of this folder. */
import { type Attribute, type AttributeMap, noAttributes, type StructAttr } from '../attributes.ts';
import type { DiagnosticInit } from '../diagnostics/diagnostic.ts';
import type { Location } from '../location.ts';
import type { OpDefinition } from '../op-definition.ts';
import type { Region, Value } from '../operation.ts';
import { lookupOp } from '../ops/registry.ts';
import type { SourceFile } from '../source.ts';
import type { FunctionType, Type } from '../types.ts';
import { isResultNumber } from './aliases.ts';
import { parseAttributeDictionary } from './attribute-parser.ts';
import { parseIndexList } from './convolution-dimensions.ts';
import { parseStructBody } from './dialect-attribute-parser.ts';
import { parseWrappedLocation } from './location-parser.ts';
import { exactInteger, signedInteger } from './number-literal.ts';
import type { OperandRef, OpParser, ParseFailure, RegionArgument } from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { floatValue, parseNumberLiteral } from './scalar-literal.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';
import { isTypeStart, parseFunctionType } from './type-parser.ts';
import type { ValueScope } from './value-scope.ts';

/** Reads a region of an op, or of one that is not known; the opening brace is current. */
export type RegionReader = (definition: OpDefinition | undefined, args?: readonly RegionArgument[]) => Region;

/** `%a` or `%a#1`. */
export function parseOperandRef(tokens: TokenStream): OperandRef {
  if (tokens.kind !== 'value') throw tokens.expected("a value such as '%0'");
  const { start, end } = tokens;
  const name = tokens.text(start + 1, end);
  tokens.advance();
  if (!isResultNumber(tokens)) return { name, index: 0, start, end };
  const index = Number(tokens.text(tokens.start + 1, Math.min(tokens.end, tokens.start + 20)));
  tokens.advance();
  return { name, index, start, end: tokens.lastEnd };
}

/** `%a, %b`, possibly none. */
export function parseOperandRefs(tokens: TokenStream): OperandRef[] {
  const refs: OperandRef[] = [];
  if (tokens.kind !== 'value') return refs;
  do refs.push(parseOperandRef(tokens));
  while (tokens.consumeIf(','));
  return refs;
}

export class PrettyOpParser implements OpParser {
  readonly definition: OpDefinition;
  readonly resultCount: number | undefined;
  readonly #context: ParserContext;
  readonly #tokens: TokenStream;
  readonly #names: ValueScope;
  readonly #readRegion: RegionReader;

  constructor(
    context: ParserContext,
    names: ValueScope,
    readRegion: RegionReader,
    definition: OpDefinition,
    resultCount: number | undefined,
  ) {
    this.#context = context;
    this.#tokens = context.tokens;
    this.#names = names;
    this.#readRegion = readRegion;
    this.definition = definition;
    this.resultCount = resultCount;
  }

  get source(): SourceFile {
    return this.#tokens.source;
  }

  get position(): number {
    return this.#tokens.start;
  }

  get lastEnd(): number {
    return this.#tokens.lastEnd;
  }

  isNext(literal: string): boolean {
    return this.#tokens.isNext(literal);
  }

  consumeIf(literal: string): boolean {
    return this.#tokens.consumeIf(literal);
  }

  expect(literal: string): void {
    this.#tokens.expect(literal);
  }

  peekKeyword(): string | undefined {
    return this.#tokens.peekKeyword();
  }

  parseKeyword(what: string): string {
    return this.#tokens.keyword(what);
  }

  isOperandNext(): boolean {
    return this.#tokens.kind === 'value';
  }

  isNumberNext(): boolean {
    const { kind } = this.#tokens;
    return kind === 'integer' || kind === 'float' || kind === '-';
  }

  isTypeNext(): boolean {
    return isTypeStart(this.#tokens);
  }

  isStringNext(): boolean {
    return this.#tokens.kind === 'string';
  }

  isSymbolNext(): boolean {
    return this.#tokens.kind === 'symbol';
  }

  parseOperandRef(): OperandRef {
    return parseOperandRef(this.#tokens);
  }

  parseOperandRefs(): OperandRef[] {
    return parseOperandRefs(this.#tokens);
  }

  resolveOperand(ref: OperandRef, type: Type): Value {
    return this.#names.resolve(ref, type);
  }

  resolveOperands(refs: readonly OperandRef[], types: readonly Type[], at?: ByteRange): Value[] {
    if (refs.length !== types.length) {
      throw this.fail(
        { code: 'E1109', message: `${count(refs.length, 'operand')} and ${count(types.length, 'type')} are given` },
        at,
      );
    }
    const values: Value[] = [];
    for (const [index, ref] of refs.entries()) {
      const type = types[index];
      if (type !== undefined) values.push(this.#names.resolve(ref, type));
    }
    return values;
  }

  parseType(): Type {
    return this.#context.parseType();
  }

  parseTypeList(): Type[] {
    const types = [this.parseType()];
    while (this.consumeIf(',')) types.push(this.parseType());
    return types;
  }

  parseFunctionType(): FunctionType {
    return parseFunctionType(this.#context);
  }

  parseAttribute(expectedType?: Type): Attribute {
    return this.#context.parseAttribute(expectedType);
  }

  parseStructBody(dialect: string, name: string): StructAttr {
    return parseStructBody(this.#context, dialect, name);
  }

  parseBalancedText(): string {
    const { tokens } = this.#context;
    if (tokens.kind !== '<') throw this.expected("'<'");
    const { start } = tokens;
    return tokens.text(start, tokens.skipBalanced());
  }

  parseOptionalAttrDict(): AttributeMap {
    return this.#tokens.kind === '{' ? parseAttributeDictionary(this.#context) : noAttributes;
  }

  parseOptionalAttrDictWithKeyword(): AttributeMap {
    if (!this.consumeIf('attributes')) return noAttributes;
    this.#tokens.require('{');
    return parseAttributeDictionary(this.#context);
  }

  parseInteger(): bigint {
    const { start } = this.#tokens;
    const value = signedInteger(this.#tokens, 'a whole number');
    if (value !== undefined) return value;
    throw this.fail({ code: 'E1009', message: 'the number is too long' }, { start, end: this.lastEnd });
  }

  parseFloat(dtype: 'f32' | 'f64'): number {
    return floatValue(this.#tokens, parseNumberLiteral(this.#tokens), dtype);
  }

  parseIndex(): number {
    return exactInteger(this.#tokens, 'a whole number');
  }

  parseIndexList(): number[] {
    return parseIndexList(this.#tokens);
  }

  parseCommaSeparated(close: string, parseItem: () => void): void {
    this.#tokens.separated(close, Math.max(0, this.lastEnd - 1), parseItem);
  }

  parseString(): string {
    return this.#tokens.string();
  }

  parseSymbolName(): string {
    return this.#tokens.symbol();
  }

  parseOptionalLocation(): Location | undefined {
    return this.isNext('loc') ? parseWrappedLocation(this.#context) : undefined;
  }

  parseRegion(args?: readonly RegionArgument[]): Region {
    return this.#readRegion(this.definition, args);
  }

  lookupOp(name: string): OpDefinition | undefined {
    return lookupOp(name);
  }

  expected(what: string): ParseFailure {
    return this.#tokens.expected(what);
  }

  fail(init: DiagnosticInit, at?: ByteRange): ParseFailure {
    return this.#tokens.fail(init, at);
  }

  report(init: DiagnosticInit, at?: ByteRange): void {
    this.#tokens.report(init, at);
  }
}

/** `1 operand`, `2 operands`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
