/** Operations, in the generic and in the pretty form, and the regions with their blocks. */
import { fileLocation, type Location } from '../location.ts';
import type { OpDefinition } from '../op-definition.ts';
import { Block, Operation, Region } from '../operation.ts';
import { lookupOp } from '../ops/registry.ts';
import type { Type } from '../types.ts';
import { GenericOpParser } from './generic-op-parser.ts';
import { LineCounter } from './line-counter.ts';
import { parseWrappedLocation } from './location-parser.ts';
import { fullOpName, reportUnknownOp } from './op-names.ts';
import { type AssemblyReader, type ParsedAssembly, ParseFailure, type RegionArgument } from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { PrettyOpParser, type RegionReader } from './pretty-op-parser.ts';
import { skipToNextOp } from './recovery.ts';
import { defineResults, defineUnread, namedCount, parseResultNames, type ResultName } from './result-names.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';
import { ValueScope } from './value-scope.ts';

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
  readonly #generic: GenericOpParser;
  /** Open functions: inside, `call` and `return` need no dialect. */
  #functions = 0;

  constructor(context: ParserContext, assemblyReader: FindAssemblyReader) {
    this.#context = context;
    this.#tokens = context.tokens;
    this.#assemblyReader = assemblyReader;
    this.#lines = new LineCounter(context.tokens.bytes);
    this.names = new ValueScope(context.tokens);
    this.#generic = new GenericOpParser(context, this.names, this.#readRegion);
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
    const results = parseResultNames(this.#tokens);
    const { openRegions } = this.names;
    let op: Operation | undefined;
    try {
      op = this.#parseNamedOp(results);
    } finally {
      if (op === undefined && results !== undefined) {
        this.names.closeTo(openRegions);
        defineUnread(this.names, results);
      }
    }
    if (op === undefined) return;
    if (results !== undefined) defineResults(this.#tokens, this.names, op, results);
    block.append(op);
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
    const resultCount = results === undefined ? undefined : namedCount(results);
    const parts = isGeneric
      ? this.#generic.parse(definition)
      : this.#parsePretty(definition, resultCount, { start, end });
    if (isFunction) this.#functions--;
    const location = this.#parseLocation(start);
    if (definition === undefined || parts === undefined) return undefined;
    const { operands, resultTypes, attributes, regions } = parts;
    // Messages about an op point to its name.
    const span = tokens.span(start, end);
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
    if (definition === undefined) reportUnknownOp(tokens, name, at);
    return definition;
  }

  #prettyDefinition(): OpDefinition {
    const tokens = this.#tokens;
    const at = { start: tokens.start, end: tokens.end };
    const name = tokens.tokenText;
    const definition = lookupOp(fullOpName(name, this.#functions > 0));
    if (definition === undefined) {
      reportUnknownOp(tokens, name, at);
      throw new ParseFailure();
    }
    tokens.advance();
    return definition;
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
