/**
 * What an op's assembly sees of the printer while it prints the pretty form. The printer has written the results, `=` and the op's name;
 * after the assembly has run it writes the location and the line break.
 */
import type { Attribute, StructAttr } from '../attributes.ts';
import type { Operation, Region, Value } from '../operation.ts';
import type { Type } from '../types.ts';

export interface OpPrinter {
  write(text: string): void;
  /** `%name`, `%name#1`. */
  value(value: Value): void;
  /** `%a, %b`. */
  values(values: readonly Value[]): void;
  /** `T, T`. */
  types(types: readonly Type[]): void;
  attribute(attribute: Attribute): void;
  /** Without ` : type`. */
  attributeWithoutType(attribute: Attribute): void;
  /** `<a = 1>`: a struct attribute without its name. */
  structBody(attribute: StructAttr): void;
  /** ` {a = 1}`: all attributes but these and those that equal their default; nothing when none is left. */
  attrDict(op: Operation, without: ReadonlySet<string>, keyword?: 'attributes'): void;
  /** ` {a = 1}` of the entries as they are; nothing when there are none. */
  dictionary(entries: Iterable<readonly [string, Attribute]>): void;
  /** `(T, T) -> T` of all operands and results. */
  functionalType(op: Operation): void;
  /** `{`, the block and `}` on a line of its own. The block's arguments are left out when the op's own text has declared them. */
  region(region: Region, args: 'with-arguments' | 'without-arguments'): void;
  /** A line break and the indentation of the op. */
  newline(): void;
}
