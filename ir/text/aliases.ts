/**
 * Aliases: `!t = tensor<2xf32>`, `#map = ...`, `#loc1 = loc(...)`. MLIR writes location aliases at the end of a file, after
 * their uses, so a name not yet met is looked up in an index of all lines that start with a definition, and read from there.
 */
import type { Attribute } from '../attributes.ts';
import type { Type } from '../types.ts';
import { BLANK, DIGIT, hasClass, skipClass, SUFFIX_PART } from './characters.ts';
import { ParseFailure } from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import type { TokenStream } from './token-stream.ts';

const LINE_FEED = 0x0a;
const EQUALS = 0x3d;
const HASH = 0x23;
const BANG = 0x21;

export class AliasTable {
  readonly attributes = new Map<string, Attribute>();
  readonly types = new Map<string, Type>();
  /** Offset of the first byte after `=`, by name with its sigil. */
  readonly #definitions = new Map<string, number>();
  readonly #reading = new Set<string>();
  /** Those whose definition has been read and reported as wrong. */
  readonly #broken = new Set<string>();
  #isIndexed = false;

  /** Where the definition of `#name` or `!name` has its value; undefined when there is none. */
  definition(tokens: TokenStream, name: string): number | undefined {
    if (!this.#isIndexed) this.#index(tokens);
    return this.#definitions.get(name);
  }

  /**
   * Reads the value of an alias where it is defined, and comes back. Undefined when there is no definition; a definition in
   * terms of itself is an error.
   */
  readAhead<T>(context: ParserContext, name: string, parse: () => T): T | undefined {
    const { tokens } = context;
    const offset = this.definition(tokens, name);
    if (offset === undefined) return undefined;
    if (this.#broken.has(name)) throw new ParseFailure();
    if (this.#reading.has(name)) {
      throw tokens.fail({ code: 'E1703', message: `the alias '${name}' is defined in terms of itself` });
    }
    const bookmark = tokens.bookmark();
    tokens.enter();
    this.#reading.add(name);
    try {
      tokens.skipTo(offset);
      return parse();
    } catch (error) {
      this.#broken.add(name);
      throw error;
    } finally {
      tokens.leave();
      this.#reading.delete(name);
      tokens.returnTo(bookmark);
    }
  }

  #index(tokens: TokenStream): void {
    this.#isIndexed = true;
    const { bytes, limit } = tokens;
    for (let line = tokens.origin; line < limit;) {
      this.#indexLine(bytes, line, limit, tokens);
      const next = bytes.indexOf(LINE_FEED, line);
      if (next === -1) return;
      line = next + 1;
    }
  }

  #indexLine(bytes: Uint8Array, line: number, limit: number, tokens: TokenStream): void {
    const sigil = skipClass(bytes, line, limit, BLANK);
    if (bytes[sigil] !== HASH && bytes[sigil] !== BANG) return;
    const end = skipClass(bytes, sigil + 1, limit, SUFFIX_PART);
    const equals = skipClass(bytes, end, limit, BLANK);
    if (end === sigil + 1 || bytes[equals] !== EQUALS || equals >= limit) return;
    const name = tokens.text(sigil, end);
    if (!this.#definitions.has(name)) this.#definitions.set(name, equals + 1);
  }
}

/** True when the token `#name` is a result number (`%0#1`) rather than an attribute. */
export function isResultNumber(tokens: TokenStream): boolean {
  return tokens.kind === 'attribute-name' && hasClass(tokens.bytes, tokens.start + 1, DIGIT);
}
