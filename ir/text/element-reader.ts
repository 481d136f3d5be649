/** One element of a `dense` list at a time, from the token stream into a storage array. */
import { type DType, dtypeInfo, type DTypeInfo } from '../dtype.ts';
import type { ElementsArray } from '../elements.ts';
import { encodeFloat } from '../numerics/index.ts';
import { fastDecimal, fastDecimal32 } from './fast-decimal.ts';
import { smallInteger } from './number-literal.ts';
import {
  floatBits,
  floatFormatOf,
  floatValue,
  integerValue,
  type NumberLiteral,
  parseNumberLiteral,
} from './scalar-literal.ts';
import type { TokenStream } from './token-stream.ts';

export class ElementReader {
  readonly #tokens: TokenStream;
  readonly #info: DTypeInfo;
  readonly #values: ElementsArray;
  readonly #view: DataView;

  constructor(tokens: TokenStream, dtype: DType, values: ElementsArray) {
    this.#tokens = tokens;
    this.#info = dtypeInfo(dtype);
    this.#values = values;
    this.#view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  }

  /** Reads the element at the current token into place `index`. */
  read(index: number): void {
    const { kind } = this.#info;
    switch (kind) {
      case 'boolean':
        return this.#readBoolean(index);
      case 'integer':
      case 'unsigned':
        return this.#readInteger(index);
      case 'float':
        return this.#readFloat(index);
      case 'complex':
        return this.#readComplex(index);
      default:
        return kind satisfies never;
    }
  }

  #readBoolean(index: number): void {
    const tokens = this.#tokens;
    if (tokens.consumeIf('true')) this.#values[index] = 1;
    else if (!tokens.consumeIf('false')) this.#readInteger(index);
  }

  #readInteger(index: number): void {
    const tokens = this.#tokens;
    const { name, bits, storage } = this.#info;
    this.#refuseKeyword();
    if (tokens.kind === 'integer' && bits >= 8 && storage !== 'i64' && storage !== 'u64') {
      const small = smallInteger(tokens.bytes, tokens.start, tokens.end);
      if (small !== undefined && small < 128) {
        this.#values[index] = small;
        tokens.advance();
        return;
      }
    }
    const literal = parseNumberLiteral(tokens);
    if (literal.kind === 'float') {
      throw tokens.fail({ code: 'E1604', message: `a fraction is no element of type ${name}` }, literal.at);
    }
    const value = integerValue(tokens, literal, name);
    this.#values[index] = storage === 'i64' || storage === 'u64' ? value : Number(value);
  }

  #refuseKeyword(): void {
    const tokens = this.#tokens;
    const word = tokens.peekKeyword();
    if (word === 'true' || word === 'false') {
      throw tokens.fail({ code: 'E1604', message: `'${word}' is no element of type ${this.#info.name}` });
    }
    if (tokens.kind === '(') {
      throw tokens.fail({ code: 'E1604', message: `a pair is no element of type ${this.#info.name}` });
    }
  }

  #readFloat(slot: number): void {
    const tokens = this.#tokens;
    const { part } = this.#info;
    this.#refuseKeyword();
    const literal = parseNumberLiteral(tokens);
    if (literal.kind === 'integer') this.#storeBits(slot, floatBits(tokens, literal, part));
    else this.#storeNumber(slot, literal, part);
  }

  #storeNumber(slot: number, literal: NumberLiteral, part: DType): void {
    const tokens = this.#tokens;
    const { start, end } = literal;
    let value: number | undefined;
    if (part === 'f32') value = fastDecimal32(tokens.bytes, start, end);
    else if (part === 'f64') value = fastDecimal(tokens.bytes, start, end);
    if (value !== undefined) this.#values[slot] = literal.negative ? -value : value;
    else {
      const exact = floatValue(tokens, literal, part);
      const isNumber = part === 'f32' || part === 'f64';
      this.#values[slot] = isNumber ? exact : encodeFloat(exact, floatFormatOf(part));
    }
  }

  /** Through the bytes, so that a NaN keeps its payload. */
  #storeBits(slot: number, bits: bigint): void {
    const at = slot * this.#values.BYTES_PER_ELEMENT;
    switch (this.#values.BYTES_PER_ELEMENT) {
      case 1:
        return this.#view.setUint8(at, Number(bits));
      case 2:
        return this.#view.setUint16(at, Number(bits), true);
      case 4:
        return this.#view.setUint32(at, Number(bits), true);
      default:
        return this.#view.setBigUint64(at, bits, true);
    }
  }

  /** `(1.0, 2.0)`. */
  #readComplex(index: number): void {
    const tokens = this.#tokens;
    if (tokens.kind !== '(') {
      throw tokens.fail({
        code: 'E1608',
        message: `an element of type ${this.#info.name} is a pair`,
        hint: 'write (1.0, 2.0): the real part, then the imaginary part',
      });
    }
    tokens.advance();
    for (const slot of [2 * index, 2 * index + 1]) {
      if (slot % 2 === 1) tokens.expect(',');
      if (tokens.kind === '(') throw tokens.expected('a number');
      this.#readFloat(slot);
    }
    tokens.expect(')');
  }
}
