/** What an op's assembly has read so far, by the names of its definition; `finish` makes operands and types of it. */
import type { Attribute } from '../attributes.ts';
import { InvariantError } from '../diagnostics/diagnostic.ts';
import type { OpDefinition } from '../op-definition.ts';
import type { Region } from '../operation.ts';
import type { Type } from '../types.ts';
import type { FormatTarget } from './format-target.ts';
import type { OpParser, OperandRef, ParsedAssembly } from './op-parser.ts';

export class AssemblyState {
  readonly parser: OpParser;
  readonly definition: OpDefinition;
  readonly attributes = new Map<string, Attribute>();
  readonly regions: Region[] = [];
  readonly #start: number;
  /** By group, until all are set at once. */
  #operands: (readonly OperandRef[])[] = [];
  #operandTypes: (readonly Type[])[] = [];
  #resultTypes: (readonly Type[])[] = [];

  constructor(parser: OpParser) {
    this.parser = parser;
    this.definition = parser.definition;
    this.#start = parser.position;
  }

  setOperands(target: FormatTarget, refs: readonly OperandRef[]): void {
    if (target.kind === 'operands') this.#operands = [refs];
    else if (target.kind === 'operand') this.#operands[target.group] = refs;
    else throw this.#misuse(target);
  }

  /** How many operands have been read for this name, or for the operands whose types it stands for. */
  operandCount(target: FormatTarget): number {
    if (target.kind === 'operand' || target.kind === 'operand-types') return this.#operands[target.group]?.length ?? 0;
    return this.#operands.reduce((count, refs) => count + refs.length, 0);
  }

  setTypes(target: FormatTarget, types: readonly Type[]): void {
    switch (target.kind) {
      case 'operand-types':
        this.#operandTypes[target.group] = types;
        return;
      case 'all-operand-types':
        this.#operandTypes = [types];
        return;
      case 'result-types':
        this.#resultTypes[target.group] = types;
        return;
      case 'all-result-types':
        this.#resultTypes = [types];
        return;
      case 'operand':
      case 'operands':
      case 'attribute':
      case 'region':
      case 'regions':
        throw this.#misuse(target);
      default:
        target satisfies never;
    }
  }

  setAttribute(target: FormatTarget | undefined, attribute: Attribute): void {
    if (target?.kind !== 'attribute') throw this.#misuse(target);
    this.attributes.set(target.name, attribute);
  }

  addAttributes(attributes: ReadonlyMap<string, Attribute>): void {
    for (const [name, attribute] of attributes) {
      if (this.attributes.has(name)) {
        this.parser.report({ code: 'E1902', message: `the attribute '${name}' is given twice` });
      } else this.attributes.set(name, attribute);
    }
  }

  /** `sameTypes`: the operands have the type of the only result. */
  finish(sameTypes: boolean): ParsedAssembly {
    const refs = flatten(this.#operands);
    const resultTypes = flatten(this.#resultTypes);
    const types = sameTypes ? this.#repeat(resultTypes, refs.length) : flatten(this.#operandTypes);
    const at = { start: this.#start, end: this.parser.lastEnd };
    return {
      operands: this.parser.resolveOperands(refs, types, at),
      resultTypes,
      attributes: this.attributes,
      regions: this.regions,
    };
  }

  #repeat(types: readonly Type[], count: number): readonly Type[] {
    const [type] = types;
    return type === undefined ? [] : Array.from({ length: count }, () => type);
  }

  #misuse(target: FormatTarget | undefined): InvariantError {
    return new InvariantError(
      `the assembly of ${this.definition.name} misuses ${target?.kind ?? 'a missing argument'}`,
    );
  }
}

/** Groups are set in any order, and some may never be. */
function flatten<T>(groups: readonly (readonly T[] | undefined)[]): readonly T[] {
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) return only;
  const all: T[] = [];
  for (const group of groups) if (group !== undefined) all.push(...group);
  return all;
}
