/** Operations, in the generic and in the pretty form, and the regions with their blocks. */
import { type AttributeMap, noAttributes } from '../attributes.ts';
import { fileLocation, type Location } from '../location.ts';
import type { OpDefinition } from '../op-definition.ts';
import { Block, Operation, Region, type Value } from '../operation.ts';
import { allOpNames, lookupOp } from '../ops/registry.ts';
import type { Type } from '../types.ts';
import { parseAttributeDictionary } from './attribute-parser.ts';
import { nearest } from './edit-distance.ts';
import { LineCounter } from './line-counter.ts';
import { parseWrappedLocation } from './location-parser.ts';
import { exactInteger } from './number-literal.ts';
import {
  type AssemblyReader,
  type OperandRef,
  type ParsedAssembly,
  ParseFailure,
  type RegionArgument,
} from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { count, parseOperandRefs, PrettyOpParser, type RegionReader } from './pretty-op-parser.ts';
import { skipToNextOp } from './recovery.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';
import { parseParenthesizedTypes, parseResultTypes } from './type-parser.ts';
import { ValueScope } from './value-scope.ts';

/** `%a:2`: a name for so many results. */
interface ResultName {
  readonly name: string;
  readonly count: number;
  readonly at: ByteRange;
}

/** An op's text may not name more results than this: each is a value. */
const MAX_RESULTS = 1 << 20;

/** The reader of an op's pretty form; undefined when it has none. */
type FindAssemblyReader = (definition: OpDefinition) => AssemblyReader | undefined;

export class OperationParser {
  readonly names: ValueScope;
  /** Functions of which some part could not be read. */
  readonly unread = new Set<Operation>();
  readonly #context: ParserContext;
  readonly #tokens: TokenStream;
  readonly #assemblyReader: FindAssemblyReader;
  readonly #lines: LineCounter;
  readonly #readRegion: RegionReader = (definition, args) => this.parseRegion(definition, args);
  /** Open functions: inside, `call` and `return` need no dialect. */
  #functions = 0;

  constructor(context: ParserContext, assemblyReader: FindAssemblyReader) {
    this.#context = context;
    this.#tokens = context.tokens;
    this.#assemblyReader = assemblyReader;
    this.#lines = new LineCounter(context.tokens.bytes);
    this.names = new ValueScope(context.tokens);
  }

  /** Reads ops into the block until `}` or the end of the text; what cannot be read is reported and skipped. */
  parseOps(block: Block, atTop?: () => boolean): void {
    const tokens = this.#tokens;
    while (tokens.kind !== '}' && tokens.kind !== 'end') {
      const { depth, openBraces, start } = tokens;
      const { openRegions } = this.names;
      const functions = this.#functions;
      try {
        if (atTop?.() !== true) this.#parseOp(block);
      } catch (error) {
        if (!(error instanceof ParseFailure) || tokens.isFull) throw error;
        tokens.depth = depth;
        this.#functions = functions;
        this.names.closeTo(openRegions);
        skipToNextOp(tokens, start, openBraces);
      }
    }
  }

  #parseOp(block: Block): void {
    const results = this.#parseResultNames();
    let op: Operation | undefined;
    try {
      op = this.#parseNamedOp(results);
    } finally {
      // Uses of what a broken op would have defined are not reported as well.
      if (op === undefined) for (const { name, at } of results ?? []) this.names.define(name, undefined, at);
    }
    if (op === undefined) return;
    this.#defineResults(op, results);
    block.append(op);
  }

  /** `%a, %b:2 =`; undefined when no name stands there. */
  #parseResultNames(): ResultName[] | undefined {
    const tokens = this.#tokens;
    if (tokens.kind !== 'value') return undefined;
    const results: ResultName[] = [];
    do {
      if (tokens.kind !== 'value') throw tokens.expected('the name of a result');
      const { start, end } = tokens;
      tokens.advance();
      const size = tokens.consumeIf(':') ? this.#parseResultCount() : 1;
      results.push({ name: tokens.text(start + 1, end), count: size, at: { start, end } });
    } while (tokens.consumeIf(','));
    tokens.expect('=');
    return results;
  }

  #parseResultCount(): number {
    const tokens = this.#tokens;
    const { start } = tokens;
    const size = exactInteger(tokens, 'a number of results');
    if (size >= 1 && size <= MAX_RESULTS) return size;
    throw tokens.fail(
      { code: 'E1206', message: 'a name stands for at least one result, and at most 2^20' },
      { start, end: tokens.lastEnd },
    );
  }

  #defineResults(op: Operation, results: readonly ResultName[] | undefined): void {
    if (results === undefined) return;
    const named = results.reduce((sum, result) => sum + result.count, 0);
    if (named !== op.results.length) {
      this.#tokens.report(
        {
          code: 'E1104',
          message: `${count(named, 'result')} ${named === 1 ? 'is' : 'are'} named, but ${op.name} has ${op.results.length}`,
        },
        { start: results[0]?.at.start ?? 0, end: results.at(-1)?.at.end ?? 0 },
      );
      for (const { name, at } of results) this.names.define(name, undefined, at);
      return;
    }
    let next = 0;
    for (const result of results) {
      const values = results.length === 1 ? op.results : op.results.slice(next, next + result.count);
      this.names.define(result.name, values, result.at);
      next += result.count;
    }
  }

  /** From the op's name on. Undefined when the op is unknown but its text could be read. */
  #parseNamedOp(results: readonly ResultName[] | undefined): Operation | undefined {
    const tokens = this.#tokens;
    if (tokens.kind !== 'string' && tokens.kind !== 'identifier') throw tokens.expected('an operation');
    const { start, end } = tokens;
    const errors = tokens.errorCount;
    const isGeneric = tokens.kind === 'string';
    const definition = isGeneric ? this.#genericDefinition() : this.#prettyDefinition();
    const isFunction = definition?.name === 'func.func';
    if (isFunction) this.#functions++;
    const resultCount = results?.reduce((sum, result) => sum + result.count, 0);
    const parts = isGeneric
      ? this.#parseGeneric(definition)
      : this.#parsePretty(definition, resultCount, { start, end });
    if (isFunction) this.#functions--;
    const location = this.#parseLocation(start);
    if (definition === undefined || parts === undefined) return undefined;
    const { operands, resultTypes, attributes, regions } = parts;
    const span = tokens.span(start);
    const op = new Operation(definition, { operands, resultTypes, attributes, regions, location, span });
    if (isFunction && tokens.errorCount > errors) this.unread.add(op);
    return op;
  }

  /** The explicit location, else the place of the op's name in the text. */
  #parseLocation(start: number): Location {
    if (this.#tokens.isNext('loc')) return parseWrappedLocation(this.#context);
    const { line, column } = this.#lines.at(start);
    return fileLocation(this.#tokens.source.name, line, column);
  }

  // Names

  #genericDefinition(): OpDefinition | undefined {
    const tokens = this.#tokens;
    const at = { start: tokens.start, end: tokens.end };
    const name = tokens.string();
    const definition = lookupOp(name);
    if (definition === undefined) this.#reportUnknown(name, at);
    return definition;
  }

  #prettyDefinition(): OpDefinition {
    const tokens = this.#tokens;
    const at = { start: tokens.start, end: tokens.end };
    const name = tokens.tokenText;
    const definition = lookupOp(this.#fullName(name));
    if (definition === undefined) {
      this.#reportUnknown(name, at);
      throw new ParseFailure();
    }
    tokens.advance();
    return definition;
  }

  /** `module` -> `builtin.module`; inside a function `call` -> `func.call`. */
  #fullName(name: string): string {
    if (name.includes('.')) return name;
    if (name === 'module') return 'builtin.module';
    return this.#functions > 0 ? `func.${name}` : name;
  }

  #reportUnknown(name: string, at: ByteRange): void {
    if (name.includes('.')) {
      const guess = nearest(name, allOpNames());
      this.#tokens.report(
        {
          code: 'E1101',
          message: `there is no operation '${name}'`,
          hint: guess === undefined ? undefined : `did you mean '${guess}'?`,
        },
        at,
      );
      return;
    }
    const full = ['stablehlo', 'chlo', 'func'].map((dialect) => `${dialect}.${name}`);
    const guess = full.find((candidate) => lookupOp(candidate) !== undefined) ?? nearest(full[0] ?? '', allOpNames());
    this.#tokens.report(
      {
        code: 'E1102',
        message: `'${name}' is not an operation: its dialect is missing`,
        hint: guess === undefined ? 'write it as in stablehlo.add' : `did you mean '${guess}'?`,
      },
      at,
    );
  }

  // Forms

  #parsePretty(
    definition: OpDefinition | undefined,
    resultCount: number | undefined,
    name: ByteRange,
  ): ParsedAssembly | undefined {
    if (definition === undefined) return undefined;
    const read = this.#assemblyReader(definition);
    if (read === undefined) {
      throw this.#tokens.fail(
        {
          code: 'E1108',
          message: `${definition.name} has only the generic form`,
          hint: `write "${definition.name}"(%operands) : (types) -> type`,
        },
        name,
      );
    }
    return read(new PrettyOpParser(this.#context, this.names, this.#readRegion, definition, resultCount));
  }

  /** `(%a) <{props}> ({regions}) {attrs} : (T) -> T`; read to its end even when the op is unknown. */
  #parseGeneric(definition: OpDefinition | undefined): ParsedAssembly {
    const tokens = this.#tokens;
    const opening = tokens.start;
    tokens.expect('(');
    const refs = parseOperandRefs(tokens);
    tokens.close(')', opening);
    const at = { start: opening, end: tokens.lastEnd };
    this.#refuseSuccessors();
    const properties = this.#parseProperties();
    const regions = this.#parseGenericRegions(definition);
    const attributes = this.#mergeAttributes(properties);
    tokens.expect(':');
    const operandTypes = parseParenthesizedTypes(this.#context);
    tokens.expect('->');
    const resultTypes = parseResultTypes(this.#context);
    return { operands: this.#resolve(refs, operandTypes, at), resultTypes, attributes, regions };
  }

  #resolve(refs: readonly OperandRef[], types: readonly Type[], at: ByteRange): Value[] {
    if (refs.length !== types.length) {
      throw this.#tokens.fail(
        {
          code: 'E1103',
          message: `${count(refs.length, 'operand')} and ${count(types.length, 'operand type')} are given`,
        },
        at,
      );
    }
    const values: Value[] = [];
    for (let index = 0; index < refs.length; index++) {
      const ref = refs[index];
      const type = types[index];
      if (ref !== undefined && type !== undefined) values.push(this.names.resolve(ref, type));
    }
    return values;
  }

  #refuseSuccessors(): void {
    const tokens = this.#tokens;
    if (tokens.kind !== '[') return;
    throw tokens.fail({
      code: 'E1105',
      message: 'an operation cannot branch to another block',
      hint: 'control flow is stablehlo.if, stablehlo.case and stablehlo.while',
    });
  }

  #parseProperties(): AttributeMap {
    const tokens = this.#tokens;
    if (!tokens.consumeIf('<')) return noAttributes;
    tokens.require('{');
    const properties = parseAttributeDictionary(this.#context);
    tokens.expect('>');
    return properties;
  }

  /** The attributes after the regions, together with the properties. */
  #mergeAttributes(properties: AttributeMap): AttributeMap {
    const tokens = this.#tokens;
    if (tokens.kind !== '{') return properties;
    const at = { start: tokens.start, end: tokens.end };
    const attributes = parseAttributeDictionary(this.#context);
    if (properties.size === 0) return attributes;
    const merged = new Map(properties);
    for (const [name, attribute] of attributes) {
      if (merged.has(name)) {
        tokens.report({ code: 'E1107', message: `'${name}' is given as a property and as an attribute` }, at);
      } else merged.set(name, attribute);
    }
    return merged;
  }

  #parseGenericRegions(definition: OpDefinition | undefined): Region[] {
    const tokens = this.#tokens;
    const regions: Region[] = [];
    if (tokens.kind !== '(') return regions;
    const opening = tokens.start;
    tokens.advance();
    tokens.separated(')', opening, () => {
      const isEmpty = this.#isEmptyBodyNext();
      const region = this.parseRegion(definition);
      // A function that is only declared has no region here, an empty one in MLIR's generic form.
      if (!(isEmpty && definition?.name === 'func.func')) regions.push(region);
    });
    return regions;
  }

  #isEmptyBodyNext(): boolean {
    const tokens = this.#tokens;
    const bookmark = tokens.bookmark();
    const isEmpty = tokens.consumeIf('{') && tokens.kind === '}';
    tokens.returnTo(bookmark);
    return isEmpty;
  }

  // Regions

  parseRegion(definition: OpDefinition | undefined, args?: readonly RegionArgument[]): Region {
    const tokens = this.#tokens;
    const opening = tokens.start;
    tokens.require('{');
    tokens.enter();
    tokens.advance();
    this.names.openRegion(definition?.traits.has('isolated') ?? false);
    const block = new Block();
    for (const { ref, type } of args ?? []) this.#addArgument(block, ref.name, type, ref);
    if (tokens.kind === 'label') this.#parseLabel(block, args);
    this.parseOps(block, () => this.#refuseLabel());
    tokens.close('}', opening);
    this.names.closeRegion();
    tokens.leave();
    return new Region(block);
  }

  #addArgument(block: Block, name: string, type: Type, { start, end }: ByteRange): void {
    this.names.define(name, [block.addArgument(type)], { start, end });
  }

  /** `^bb0(%a: T, %b: T):`. */
  #parseLabel(block: Block, args: readonly RegionArgument[] | undefined): void {
    const tokens = this.#tokens;
    const at = { start: tokens.start, end: tokens.end };
    tokens.advance();
    if (tokens.kind === '(') {
      if (args !== undefined && args.length > 0) {
        throw tokens.fail(
          { code: 'E1302', message: 'the arguments of this block are already declared by its operation' },
          at,
        );
      }
      const opening = tokens.start;
      tokens.advance();
      tokens.separated(')', opening, () => this.#parseArgument(block));
    }
    tokens.expect(':');
  }

  #parseArgument(block: Block): void {
    const tokens = this.#tokens;
    if (tokens.kind !== 'value') throw tokens.expected("an argument such as '%arg0'");
    const { start, end } = tokens;
    tokens.advance();
    tokens.expect(':');
    const type = this.#context.parseType();
    if (tokens.isNext('loc')) parseWrappedLocation(this.#context);
    this.#addArgument(block, tokens.text(start + 1, end), type, { start, end });
  }

  /** A second block: its arguments are read, so that their uses are not reported too. */
  #refuseLabel(): boolean {
    const tokens = this.#tokens;
    if (tokens.kind !== 'label') return false;
    tokens.report({
      code: 'E1301',
      message: 'a region has one block',
      hint: 'control flow is stablehlo.if, stablehlo.case and stablehlo.while',
    });
    this.#parseLabel(new Block(), undefined);
    return true;
  }
}
