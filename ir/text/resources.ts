/**
 * Constants out of line: `dense_resource<key>` refers to a blob in the `{-# dialect_resources: ... #-}` section, which stands at the
 * end of the file. Blobs are decoded from their hexadecimal text straight to bytes.
 */
import type { DenseResourceAttr, ResourceBlob } from '../attributes.ts';
import { balancedEnd } from './balanced-text.ts';
import { hexBytes } from './hex-data.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

const ALIGNMENT_BYTES = 4;
const MAX_ALIGNMENT = 1 << 20;

type PendingResource = { -readonly [K in keyof DenseResourceAttr]: DenseResourceAttr[K] };

export class ResourceTable {
  readonly blobs = new Map<string, ResourceBlob>();
  readonly #uses: { readonly attribute: PendingResource; readonly at: ByteRange }[] = [];

  /** Remembers an attribute whose blob may come later in the file. */
  addUse(attribute: DenseResourceAttr, at: ByteRange): void {
    this.#uses.push({ attribute, at });
  }

  /** Gives each attribute its blob. A module may leave a resource out; then `blob` stays undefined. */
  link(check: (attribute: DenseResourceAttr, at: ByteRange) => void): void {
    for (const { attribute, at } of this.#uses) {
      attribute.blob = this.blobs.get(attribute.key);
      check(attribute, at);
    }
  }
}

/** `{-# dialect_resources: {builtin: {key: "0x..."}}, external_resources: {...} #-}`; the opening mark is current. */
export function parseFileMetadata(tokens: TokenStream, resources: ResourceTable): void {
  const opening = tokens.start;
  tokens.advance();
  if (tokens.consumeIf('#-}')) return;
  do parseSection(tokens, resources);
  while (tokens.consumeIf(','));
  if (!tokens.consumeIf('#-}')) {
    if (tokens.kind === 'end') {
      throw tokens.fail({
        code: 'E1007',
        message: "the text ends where '#-}' is expected",
        notes: [{ message: 'opened here', span: tokens.span(opening, opening + 3) }],
      });
    }
    throw tokens.expected("',' or '#-}'");
  }
}

function parseSection(tokens: TokenStream, resources: ResourceTable): void {
  const { start } = tokens;
  const name = tokens.keyword("'dialect_resources' or 'external_resources'");
  if (name !== 'dialect_resources' && name !== 'external_resources') {
    tokens.report(
      { code: 'E1801', message: `'${name}' is not a section of the file's metadata` },
      { start, end: tokens.lastEnd },
    );
  }
  tokens.expect(':');
  if (name === 'dialect_resources') parseGroups(tokens, resources);
  else if (tokens.kind === '{') skipGroup(tokens);
  else throw tokens.expected("'{'");
}

/** What is carried for other tools is not kept. */
function skipGroup(tokens: TokenStream): void {
  const end = balancedEnd(tokens.bytes, tokens.start, tokens.limit, 64);
  if (typeof end === 'number') tokens.skipTo(end);
  else tokens.skipBalanced();
}

/** `{builtin: {key: "0x..."}, dialect: {...}}`. */
function parseGroups(tokens: TokenStream, resources: ResourceTable): void {
  const opening = tokens.start;
  tokens.expect('{');
  tokens.separated('}', opening, () => {
    tokens.keyword("a dialect's name");
    tokens.expect(':');
    const group = tokens.start;
    tokens.expect('{');
    tokens.separated('}', group, () => parseBlob(tokens, resources));
  });
}

function parseBlob(tokens: TokenStream, resources: ResourceTable): void {
  const { start } = tokens;
  const key = parseResourceKey(tokens);
  const keyRange = { start, end: tokens.lastEnd };
  tokens.expect(':');
  if (tokens.kind !== 'string') throw tokens.expected('a hexadecimal string');
  const at = { start: tokens.start, end: tokens.end };
  tokens.advance();
  const bytes = hexBytes(tokens.source, at.start, at.end);
  if (bytes === undefined || bytes.length < ALIGNMENT_BYTES) {
    tokens.report(
      {
        code: 'E1802',
        message: 'a resource must be "0x" and an even number of hexadecimal digits, at least eight',
        hint: 'the first four bytes are the alignment, little-endian',
      },
      { start: at.start, end: Math.min(at.end, at.start + 20) },
    );
    return;
  }
  addBlob(tokens, resources, key, keyRange, bytes);
}

function addBlob(tokens: TokenStream, resources: ResourceTable, key: string, at: ByteRange, bytes: Uint8Array): void {
  const alignment = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (alignment === 0 || alignment > MAX_ALIGNMENT || (alignment & (alignment - 1)) !== 0) {
    tokens.report({ code: 'E1805', message: `the alignment of '${key}' is ${alignment}, not a power of two` }, at);
  } else if (resources.blobs.has(key)) {
    tokens.report({ code: 'E1803', message: `the resource '${key}' is declared twice` }, at);
  } else resources.blobs.set(key, { key, alignment, bytes: bytes.subarray(ALIGNMENT_BYTES) });
}

/** A resource's name: an identifier or a string. */
export function parseResourceKey(tokens: TokenStream): string {
  return tokens.kind === 'string' ? tokens.string() : tokens.keyword("a resource's name");
}
