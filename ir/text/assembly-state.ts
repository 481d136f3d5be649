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
  #operands: (readonly OperandRef[] | undefined)[] = [];
  #operandTypes: (readonly Type[] | undefined)[] = [];
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
    return this.#operands.reduce((count, refs) => count + (refs?.length ?? 0), 0);
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

  /** `untold`: operand groups whose types are not written (see `AssemblyFormat`). */
  finish(untold: readonly number[]): ParsedAssembly {
    const refs = flatten(this.#operands);
    const resultTypes = flatten(this.#resultTypes);
    if (untold.length > 0) this.#tellTypes(untold, resultTypes[0]);
    const at = { start: this.#start, end: this.parser.lastEnd };
    return {
      operands: this.parser.resolveOperands(refs, flatten(this.#operandTypes), at),
      resultTypes,
      attributes: this.attributes,
      regions: this.regions,
    };
  }

  #tellTypes(untold: readonly number[], resultType: Type | undefined): void {
    const type = this.#operandTypes.find((types) => types !== undefined)?.[0] ?? resultType;
    if (type === undefined) return;
    for (const group of untold) {
      this.#operandTypes[group] = Array.from({ length: this.#operands[group]?.length ?? 0 }, () => type);
    }
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
  for (const group of groups) for (const item of group ?? []) all.push(item);
  return all;
}
