/**
 * What an op's assembly sees of the reader while it reads the pretty form: the token stream, the parsers for what may stand in
 * it, and the op's definition. The reader has already consumed the result list, `=` and the op's name; after the assembly has
 * run it reads `loc(...)` and makes the operation.
 *
 * A parse function that cannot go on reports a diagnostic and throws a `ParseFailure`, which the reader catches where it can
 * recover (the next op, or the closing brace). So an assembly neither catches nor returns undefined for an error: what it gets
 * back is valid. Errors that leave the text readable (a wrong type, an unknown attribute) are reported with `report` and parsing
 * goes on.
 */
import type { Attribute, AttributeMap, StructAttr } from '../attributes.ts';
import type { DiagnosticInit } from '../diagnostics/diagnostic.ts';
import type { Location } from '../location.ts';
import type { OpDefinition } from '../op-definition.ts';
import type { Region, Value } from '../operation.ts';
import type { SourceFile, Span } from '../source.ts';
import type { FunctionType, Type } from '../types.ts';

/** Thrown after its diagnostic has been reported; never leaves the reader. */
export class ParseFailure extends Error {
  constructor() {
    super('the text cannot be read further here');
    this.name = 'ParseFailure';
  }
}

/** What an assembly makes of the text: all there is to know of the op but its location. */
export interface ParsedAssembly {
  readonly operands: readonly Value[];
  readonly resultTypes: readonly Type[];
  /** Inherent and discardable attributes together. */
  readonly attributes: AttributeMap;
  readonly regions: readonly Region[];
}

/** A use of a value as written, before its type is known: `%a`, `%a#1`. */
export interface OperandRef {
  /** Without the `%`. */
  readonly name: string;
  /** The number after `#`; 0 when there is none. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** An argument of a region's block, where the assembly and not the block itself declares it. */
export interface RegionArgument {
  readonly ref: OperandRef;
  readonly type: Type;
}

export interface OpParser {
  readonly definition: OpDefinition;
  readonly source: SourceFile;
  /** Results written left of `=`: 3 for `%0:2, %1 =`. Undefined when there is no `=`. */
  readonly resultCount: number | undefined;
  /** Byte offset of the current token, for spans of errors. */
  readonly position: number;
  /** Byte offset just past the last token consumed. */
  readonly lastEnd: number;

  // Tokens. A literal is a punctuation mark (`(`, `,`, `->`, `::`, ...) or a keyword (`dims`, `attributes`).
  /** True when the current token is this literal; consumes nothing. */
  isNext(literal: string): boolean;
  /** Consumes the literal if it is there. */
  consumeIf(literal: string): boolean;
  /** Consumes the literal or fails with "expected '...'". */
  expect(literal: string): void;
  /** The keyword (bare identifier, may contain dots) at the current token; undefined for any other token. Consumes nothing. */
  peekKeyword(): string | undefined;
  /** Consumes a keyword; `what` completes "expected ..." in the error. */
  parseKeyword(what: string): string;
  /** True at `%name`. */
  isOperandNext(): boolean;
  /** True at a number, `-` included. */
  isNumberNext(): boolean;
  /** True at a token that starts a type. */
  isTypeNext(): boolean;
  /** True at a string literal. */
  isStringNext(): boolean;
  /** True at `@name`. */
  isSymbolNext(): boolean;

  // Operands
  parseOperandRef(): OperandRef;
  /** `%a, %b`, possibly none, up to a token that is not an operand. */
  parseOperandRefs(): OperandRef[];
  /** The value a name stands for; reports an undefined one, or one of another type, and gives a stand-in of the type then. */
  resolveOperand(ref: OperandRef, type: Type): Value;
  /** One by one; reports (at `at`, else at the current token) when the counts differ. */
  resolveOperands(refs: readonly OperandRef[], types: readonly Type[], at?: Pick<Span, 'start' | 'end'>): Value[];

  // Values of all kinds
  parseType(): Type;
  /** `T, T`, at least one, without parentheses. */
  parseTypeList(): Type[];
  /** `(T, T) -> T` or `(T, T) -> (T, T)`. */
  parseFunctionType(): FunctionType;
  /**
   * Any attribute. With `expectedType` a typed literal may leave its type out (`dense<1.0>`, `4`), and gets this one.
   */
  parseAttribute(expectedType?: Type): Attribute;
  /** The inside of `#dialect.name<...>` without the angle brackets, as an op's pretty form may write it (`[b, f]x[i, o]->[b, f]`). */
  parseStructBody(dialect: string, name: string): StructAttr;
  /** The bracketed text that starts at the current token, brackets included, whatever is in it: another dialect's attribute. */
  parseBalancedText(): string;
  /** `{a = 1, b}` when a `{` follows, else no attributes. */
  parseOptionalAttrDict(): AttributeMap;
  /** `attributes {a = 1}` when the keyword follows, else no attributes. */
  parseOptionalAttrDictWithKeyword(): AttributeMap;
  parseInteger(): bigint;
  /** A number without its type, rounded once to `dtype`; a hexadecimal one is the bits. */
  parseFloat(dtype: 'f32' | 'f64'): number;
  /** A whole number that fits a JavaScript number exactly. */
  parseIndex(): number;
  /** `[1, 2, 3]` or `[]`. */
  parseIndexList(): number[];
  /** `item, item` until `close`, which is consumed too; possibly none. The opening mark has been consumed. */
  parseCommaSeparated(close: string, parseItem: () => void): void;
  parseString(): string;
  /** `@name` or `@"quoted name"`; the name without `@`. */
  parseSymbolName(): string;
  /** `loc(...)` when it follows, as after a block argument. */
  parseOptionalLocation(): Location | undefined;

  /**
   * `{ ... }` with one block. With `args` they are the block's arguments and the body must not start with a label that
   * declares arguments. Values of the surrounding regions are visible unless the op is `isolated`.
   */
  parseRegion(args?: readonly RegionArgument[]): Region;

  /** The definition of another op that the text names, such as the one a reduction applies. */
  lookupOp(name: string): OpDefinition | undefined;

  // Errors
  /** "expected `what`, found ..." at the current token. Use: `throw parser.expected('a comma')`. */
  expected(what: string): ParseFailure;
  /** Reports at the current token, or at `at`; use: `throw parser.fail({code, message}, at)`. */
  fail(init: DiagnosticInit, at?: Pick<Span, 'start' | 'end'>): ParseFailure;
  /** Reports and goes on. */
  report(init: DiagnosticInit, at?: Pick<Span, 'start' | 'end'>): void;
}

/** Reads the pretty form of one op from the token after its name on. */
export type AssemblyReader = (parser: OpParser) => ParsedAssembly;
