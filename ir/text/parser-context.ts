/** What the parsers of types, attributes, locations and operations share, and how they call each other. */
import type { Attribute } from '../attributes.ts';
import type { Location } from '../location.ts';
import type { Type } from '../types.ts';
import type { AliasTable } from './aliases.ts';
import type { ResourceTable } from './resources.ts';
import type { SliceTable } from './slice-table.ts';
import type { TokenStream } from './token-stream.ts';

export interface ParserContext {
  readonly tokens: TokenStream;
  readonly aliases: AliasTable;
  readonly resources: ResourceTable;
  /** Types by their text in this source: nearly every type has been seen before. */
  readonly knownTypes: SliceTable<Type>;
  parseType(): Type;
  parseAttribute(expectedType?: Type): Attribute;
  /** A location as it stands inside `loc(...)`. */
  parseLocation(): Location;
}
