/** MLIR's generic form of an op, after its name: `(%a) <{props}> ({regions}) {attrs} : (T) -> T`. */
import { type AttributeMap, noAttributes } from '../attributes.ts';
import type { OpDefinition } from '../op-definition.ts';
import type { Region, Value } from '../operation.ts';
import type { Type } from '../types.ts';
import { parseAttributeDictionary } from './attribute-parser.ts';
import type { OperandRef, ParsedAssembly } from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { count, parseOperandRefs, type RegionReader } from './pretty-op-parser.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';
import { parseParenthesizedTypes, parseResultTypes } from './type-parser.ts';
import type { ValueScope } from './value-scope.ts';

export class GenericOpParser {
  readonly #context: ParserContext;
  readonly #tokens: TokenStream;
  readonly #names: ValueScope;
  readonly #readRegion: RegionReader;

  constructor(context: ParserContext, names: ValueScope, readRegion: RegionReader) {
    this.#context = context;
    this.#tokens = context.tokens;
    this.#names = names;
    this.#readRegion = readRegion;
  }

  /** Reads to the end of the types even when the op is unknown, so that the ops after it can be read. */
  parse(definition: OpDefinition | undefined): ParsedAssembly {
    const tokens = this.#tokens;
    const opening = tokens.start;
    tokens.expect('(');
    const refs = parseOperandRefs(tokens);
    tokens.close(')', opening);
    const at = { start: opening, end: tokens.lastEnd };
    this.#refuseSuccessors();
    const properties = this.#parseProperties();
    const regions = this.#parseRegions(definition);
    const attributes = withoutEmptyLists(this.#mergeAttributes(properties));
    tokens.expect(':');
    const operandTypes = parseParenthesizedTypes(this.#context);
    tokens.expect('->');
    const resultTypes = parseResultTypes(this.#context);
    return { operands: this.#resolve(refs, operandTypes, at), resultTypes, attributes, regions };
  }

  #resolve(refs: readonly OperandRef[], types: readonly Type[], at: ByteRange): Value[] {
    if (refs.length !== types.length) {
      const message = `${count(refs.length, 'operand')} and ${count(types.length, 'operand type')} are given`;
      throw this.#tokens.fail({ code: 'E1103', message }, at);
    }
    const values: Value[] = [];
    for (let index = 0; index < refs.length; index++) {
      const ref = refs[index];
      const type = types[index];
      if (ref !== undefined && type !== undefined) values.push(this.#names.resolve(ref, type));
    }
    return values;
  }

  #refuseSuccessors(): void {
    if (this.#tokens.kind !== '[') return;
    throw this.#tokens.fail({
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

  #parseRegions(definition: OpDefinition | undefined): Region[] {
    const tokens = this.#tokens;
    const regions: Region[] = [];
    if (tokens.kind !== '(') return regions;
    const opening = tokens.start;
    tokens.advance();
    tokens.separated(')', opening, () => {
      const isEmpty = this.#isEmptyBodyNext();
      const region = this.#readRegion(definition);
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
}

const listNames = ['arg_attrs', 'res_attrs'];

/** Attributes of arguments or results that are all empty say nothing, and the pretty form leaves them out. */
function withoutEmptyLists(attributes: AttributeMap): AttributeMap {
  let kept: Map<string, NonNullable<ReturnType<AttributeMap['get']>>> | undefined;
  for (const name of listNames) {
    const list = attributes.get(name);
    if (list?.kind !== 'array') continue;
    if (!list.elements.every((element) => element.kind === 'dictionary' && element.entries.size === 0)) continue;
    kept ??= new Map(attributes);
    kept.delete(name);
  }
  return kept ?? attributes;
}
