/**
 * Locations: `loc("file":1:2)`, `loc("file":1:2 to 3:4)`, `loc("name"(...))`, `loc(callsite(... at ...))`, `loc(fused<...>[...])`,
 * `loc(unknown)`, and aliases of them.
 */
import type { Attribute } from '../attributes.ts';
import { fileLocation, type Location, unknownLocation } from '../location.ts';
import { nearest } from './edit-distance.ts';
import { exactInteger } from './number-literal.ts';
import type { ParserContext } from './parser-context.ts';
import type { TokenStream } from './token-stream.ts';

/** `loc(...)`; the keyword is current. */
export function parseWrappedLocation(context: ParserContext): Location {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('(');
  const location = context.parseLocation();
  tokens.close(')', opening);
  return location;
}

/** What stands inside `loc(...)`. */
export function parseLocation(context: ParserContext): Location {
  const { tokens } = context;
  tokens.enter();
  const location = parseNested(context);
  tokens.leave();
  return location;
}

function parseNested(context: ParserContext): Location {
  const { tokens } = context;
  if (tokens.kind === 'string') return parseNamed(context);
  if (tokens.kind === 'attribute-name') return parseLocationAlias(context);
  const keyword = tokens.peekKeyword();
  switch (keyword) {
    case undefined:
      throw tokens.expected('a location');
    case 'unknown':
      tokens.advance();
      return unknownLocation;
    case 'loc':
      return parseWrappedLocation(context);
    case 'callsite':
      return parseCallSite(context);
    case 'fused':
      return parseFused(context);
    default:
      throw tokens.fail({
        code: 'E1701',
        message: `'${keyword}' is not a location`,
        hint: 'a location is "file":line:column, "name", callsite(...), fused[...] or unknown',
      });
  }
}

/** `"file":line:column`, with a range after it, or `"name"(child)`. */
function parseNamed(context: ParserContext): Location {
  const { tokens } = context;
  const name = tokens.string();
  if (tokens.kind === ':') return parseFilePlace(tokens, name);
  if (tokens.kind !== '(') return { kind: 'name', name, child: unknownLocation };
  const opening = tokens.start;
  tokens.advance();
  const child = context.parseLocation();
  tokens.close(')', opening);
  return { kind: 'name', name, child };
}

function parseFilePlace(tokens: TokenStream, file: string): Location {
  const line = parsePlace(tokens, 'a line number');
  const column = tokens.kind === ':' ? parsePlace(tokens, 'a column number') : 0;
  if (!tokens.consumeIf('to')) return fileLocation(file, line, column);
  const endLine = tokens.kind === ':' ? line : exactInteger(tokens, 'a line number');
  const endColumn = parsePlace(tokens, 'a column number');
  return { kind: 'file-range', file, line, column, endLine, endColumn };
}

/** `:12`. */
function parsePlace(tokens: TokenStream, what: string): number {
  tokens.expect(':');
  const { start } = tokens;
  const value = exactInteger(tokens, what);
  if (value >= 0) return value;
  throw tokens.fail({ code: 'E1704', message: `${what} cannot be negative` }, { start, end: tokens.lastEnd });
}

function parseCallSite(context: ParserContext): Location {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('(');
  const callee = context.parseLocation();
  tokens.expect('at');
  const caller = context.parseLocation();
  tokens.close(')', opening);
  return { kind: 'call-site', callee, caller };
}

function parseFused(context: ParserContext): Location {
  const { tokens } = context;
  tokens.advance();
  let metadata: Attribute | undefined;
  if (tokens.consumeIf('<')) {
    metadata = context.parseAttribute();
    tokens.expect('>');
  }
  const opening = tokens.start;
  const locations: Location[] = [];
  tokens.expect('[');
  tokens.separated(']', opening, () => locations.push(context.parseLocation()));
  return { kind: 'fused', locations, metadata };
}

function parseLocationAlias(context: ParserContext): Location {
  const { tokens, aliases } = context;
  const name = tokens.tokenText;
  const attribute = aliases.attributes.get(name) ?? aliases.readAhead(context, name, () => context.parseAttribute());
  if (attribute === undefined) {
    const guess = nearest(name, [...aliases.attributes.keys()]);
    throw tokens.fail({
      code: 'E1702',
      message: `the location alias '${name}' is not defined`,
      hint: guess === undefined ? `define it: ${name} = loc("file":1:2)` : `did you mean '${guess}'?`,
    });
  }
  aliases.attributes.set(name, attribute);
  if (attribute.kind !== 'location') {
    throw tokens.fail({ code: 'E1705', message: `the alias '${name}' is not a location` });
  }
  tokens.advance();
  return attribute.location;
}
