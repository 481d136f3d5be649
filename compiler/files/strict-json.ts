/**
 * JSON of headers that others wrote: like JSON.parse, but a name that an object has twice is an error, nesting has a limit, and
 * objects are maps, so that no name means anything to JavaScript. RFC 8259.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Where and why a text is not JSON as we want it. `offset` counts UTF-16 units from the start of the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly offset: number;
  /** The name that an object has twice, when that is what is wrong. */
  readonly duplicate: string | undefined;

  constructor(message: string, offset: number, duplicate?: string) {
    super(message);
    this.offset = offset;
    this.duplicate = duplicate;
  }
}

const maxDepth = 16;

/** Throws a JsonError. */
export function parseStrictJson(text: string): JsonValue {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    this.#match(blank);
    if (depth > maxDepth) throw this.#error('nested too deeply');
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    return first === '"' ? this.#string() : this.#scalar();
  }

  end(): void {
    this.#match(blank);
    if (this.#at < this.#text.length) throw this.#error('something follows the value');
  }

  #object(depth: number): JsonObject {
    const entries = new Map<string, JsonValue>();
    this.#list('}', () => {
      const start = this.#at;
      const name = this.#string();
      if (entries.has(name)) throw new JsonError(`the name '${name}' is given twice`, start, name);
      if (!this.#skip(':')) throw this.#error("a ':' is missing");
      entries.set(name, this.value(depth + 1));
    });
    return entries;
  }

  #array(depth: number): readonly JsonValue[] {
    const elements: JsonValue[] = [];
    this.#list(']', () => elements.push(this.value(depth + 1)));
    return elements;
  }

  /** From its opening bracket to its closing one. */
  #list(close: string, element: () => void): void {
    this.#at++;
    if (this.#skip(close)) return;
    do {
      this.#match(blank);
      element();
    } while (this.#skip(','));
    if (!this.#skip(close)) throw this.#error(`a '${close}' is missing`);
  }

  #string(): string {
    const end = this.#text[this.#at] === '"' ? this.#closingQuote() : -1;
    if (end < 0) throw this.#error('a string is missing or not closed');
    const found = this.#text.slice(this.#at, end + 1);
    try {
      // Which checks it, and decodes its escapes.
      const value = JSON.parse(found) as string;
      this.#at = end + 1;
      return value;
    } catch {
      throw this.#error('not a usable string');
    }
  }

  /** The quote that ends the string that starts here: one with an even number of backslashes before it. Not a pattern: strings may be long. */
  #closingQuote(): number {
    let end = this.#text.indexOf('"', this.#at + 1);
    while (end > 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    return end;
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#text[at - 1 - backslashes] === '\\') backslashes++;
    return backslashes % 2 === 1;
  }

  #scalar(): JsonValue {
    const found = this.#match(word) ?? this.#match(number);
    if (found === undefined) throw this.#error('a value is missing');
    return JSON.parse(found) as JsonValue;
  }

  #skip(character: string): boolean {
    this.#match(blank);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #error(message: string): JsonError {
    return new JsonError(message, this.#at);
  }
}
