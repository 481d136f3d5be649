/** Prints one operation and all in it; the public functions are in printer.ts. */
import { isDefault } from '../attribute-equality.ts';
import type { Attribute, StructAttr } from '../attributes.ts';
import type { Location } from '../location.ts';
import type { Operation, Region, Value } from '../operation.ts';
import type { Type } from '../types.ts';
import { fittingFormat, printAssembly } from './assembly-printer.ts';
import {
  type AttributeEntry,
  sortedEntries,
  writeAttribute,
  writeAttributeWithoutType,
  writeEntries,
  writeStructBody,
} from './attribute-text.ts';
import { writeLocation } from './location-text.ts';
import type { OpPrinter } from './op-printer.ts';
import type { PrintOptions } from './print-options.ts';
import { type TextSink, textOf } from './text-sink.ts';
import { ValueNames } from './value-names.ts';

/** Dialects whose ops are written without their prefix in the region of this op. */
const defaultDialects: ReadonlyMap<string, string> = new Map([
  ['builtin.module', 'builtin'],
  ['func.func', 'func'],
]);

export class ModulePrinter implements OpPrinter {
  readonly #sink: TextSink;
  readonly #root: Operation;
  readonly #options: PrintOptions;
  readonly #names: ValueNames;
  /** Alias of each location, by its text. */
  readonly #locations = new Map<string, string>();
  #indent = '';
  #dialect = 'builtin';

  constructor(sink: TextSink, root: Operation, options: PrintOptions) {
    this.#sink = sink;
    this.#root = root;
    this.#options = options;
    this.#names = new ValueNames(root, options.generic === true ? 'plain' : 'pretty');
  }

  print(): void {
    this.#operation(this.#root);
    this.#sink.write('\n');
    for (const [text, alias] of this.#locations) this.#sink.write(`${alias} = ${text}\n`);
  }

  #operation(op: Operation): void {
    const results = this.#names.resultList(op);
    this.#sink.write(results === '' ? this.#indent : `${this.#indent}${results} = `);
    const format = this.#options.generic === true ? undefined : fittingFormat(op);
    if (format === undefined) this.#generic(op);
    else {
      this.#sink.write(this.#shortName(op.name));
      printAssembly(this, op, format);
    }
    this.#location(op.location);
  }

  #shortName(name: string): string {
    const prefix = this.#dialect.length;
    return prefix > 0 && name.startsWith(this.#dialect) && name[prefix] === '.' ? name.slice(prefix + 1) : name;
  }

  #generic(op: Operation): void {
    this.#sink.write(`"${op.name}"(`);
    this.values(op.operands);
    this.#sink.write(')');
    const schema = op.definition.attributes;
    const isInherent = ([name]: AttributeEntry): boolean => Object.hasOwn(schema, name);
    const entries = sortedEntries(op.attributes);
    const inherent = entries.filter(isInherent);
    if (inherent.length > 0) {
      this.#sink.write(' <');
      writeEntries(this.#sink, inherent);
      this.#sink.write('>');
    }
    this.#genericRegions(op);
    this.#entries(
      entries.filter((entry) => !isInherent(entry)),
      undefined,
    );
    this.#sink.write(' : ');
    this.functionalType(op);
  }

  /** A region the op may do without, as a function without a body does, prints as one without a block. */
  #genericRegions(op: Operation): void {
    const missing = op.definition.regions.filter(({ arity }) => arity !== 'variadic').length - op.regions.length;
    if (op.regions.length === 0 && missing <= 0) return;
    this.#sink.write(' (');
    for (const [index, region] of op.regions.entries()) {
      if (index > 0) this.#sink.write(', ');
      this.region(region, 'with-arguments');
    }
    for (let index = 0; index < missing; index++) {
      this.#sink.write(`${index + op.regions.length > 0 ? ', ' : ''}{\n${this.#indent}}`);
    }
    this.#sink.write(')');
  }

  #location(location: Location): void {
    if (this.#options.locations !== true) return;
    this.#sink.write(' ');
    if (this.#options.locationAliases === true) this.#sink.write(`loc(${this.#locationAlias(location)})`);
    else writeLocation(this.#sink, location, writeAttribute);
  }

  #locationAlias(location: Location): string {
    if (location.kind === 'unknown') return 'unknown';
    const text = textOf((sink) => {
      writeLocation(sink, location, writeAttribute);
    });
    let alias = this.#locations.get(text);
    if (alias === undefined) {
      alias = `#loc${this.#locations.size + 1}`;
      this.#locations.set(text, alias);
    }
    return alias;
  }

  #entries(entries: readonly AttributeEntry[], keyword: 'attributes' | undefined): void {
    if (entries.length === 0) return;
    this.#sink.write(keyword === undefined ? ' ' : ' attributes ');
    writeEntries(this.#sink, entries);
  }

  // What assemblies see.

  write(text: string): void {
    this.#sink.write(text);
  }

  value(value: Value): void {
    this.#sink.write(this.#names.of(value));
  }

  values(values: readonly Value[]): void {
    let text = '';
    for (const value of values) text += text === '' ? this.#names.of(value) : `, ${this.#names.of(value)}`;
    this.#sink.write(text);
  }

  types(types: readonly Type[]): void {
    let text = '';
    for (const type of types) text += text === '' ? type.text : `, ${type.text}`;
    this.#sink.write(text);
  }

  attribute(attribute: Attribute): void {
    writeAttribute(this.#sink, attribute);
  }

  attributeWithoutType(attribute: Attribute): void {
    writeAttributeWithoutType(this.#sink, attribute);
  }

  structBody(attribute: StructAttr): void {
    this.#sink.write('<');
    writeStructBody(this.#sink, attribute);
    this.#sink.write('>');
  }

  attrDict(op: Operation, without: ReadonlySet<string>, keyword?: 'attributes'): void {
    if (op.attributes.size === 0) return;
    const schema = op.definition.attributes;
    const rest: AttributeEntry[] = [];
    for (const entry of op.attributes) {
      const [name, attribute] = entry;
      if (!without.has(name) && !isDefault(schema[name], attribute)) rest.push(entry);
    }
    this.#entries(sortedEntries(rest), keyword);
  }

  dictionary(entries: Iterable<AttributeEntry>): void {
    this.#entries(sortedEntries(entries), undefined);
  }

  functionalType(op: Operation): void {
    let text = '(';
    for (const use of op.operandUses) text += text === '(' ? use.value.type.text : `, ${use.value.type.text}`;
    const [only] = op.results;
    if (op.results.length === 1 && only !== undefined && only.type.kind !== 'function') {
      this.#sink.write(`${text}) -> ${only.type.text}`);
      return;
    }
    this.#sink.write(`${text}) -> (`);
    this.types(op.results.map((result) => result.type));
    this.#sink.write(')');
  }

  region(region: Region, args: 'with-arguments' | 'without-arguments'): void {
    const { block } = region;
    const outerIndent = this.#indent;
    const outerDialect = this.#dialect;
    this.#sink.write('{\n');
    if (args === 'with-arguments' && (block.arguments.length > 0 || block.size === 0)) this.#label(block.arguments);
    this.#indent = `${outerIndent}  `;
    this.#dialect = defaultDialects.get(region.parentOp?.name ?? '') ?? '';
    for (let op = block.first; op !== undefined; op = op.next) {
      this.#operation(op);
      this.#sink.write('\n');
    }
    this.#indent = outerIndent;
    this.#dialect = outerDialect;
    this.#sink.write(`${outerIndent}}`);
  }

  /** `^bb0(%arg0: tensor<f32>):`, on the level of the op itself. */
  #label(args: readonly Value[]): void {
    const list = args.map((argument) => `${this.#names.of(argument)}: ${argument.type.text}`).join(', ');
    this.#sink.write(`${this.#indent}^bb0${args.length === 0 ? '' : `(${list})`}:\n`);
  }

  newline(): void {
    this.#sink.write(`\n${this.#indent}`);
  }
}
