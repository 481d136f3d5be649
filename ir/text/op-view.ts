/** An operation as its assembly sees it while printing: operands and types by the names of its definition. */
import type { Attribute } from '../attributes.ts';
import { invariant, InvariantError } from '../diagnostics/diagnostic.ts';
import type { OpDefinition, ValueSpec } from '../op-definition.ts';
import { splitGroups } from '../op-site.ts';
import type { Operation, Region, Value } from '../operation.ts';
import type { Type } from '../types.ts';
import type { FormatTarget } from './format-target.ts';

type Range = readonly [start: number, end: number];

export class OpView {
  readonly op: Operation;

  constructor(op: Operation) {
    this.op = op;
  }

  /** True when the numbers of operands, results and regions are those of the definition. */
  get isWellFormed(): boolean {
    const { operands, results, regions } = this.op.definition;
    return (
      fits(operands, this.op.operandCount) &&
      fits(results, this.op.results.length) &&
      (regions.some(({ arity }) => arity === 'variadic') || regions.length === this.op.regions.length)
    );
  }

  values(target: FormatTarget): readonly Value[] {
    if (target.kind === 'operands') return this.op.operands;
    if (target.kind !== 'operand') throw new InvariantError(`${this.op.name}: ${target.kind} has no values`);
    return this.#operandGroup(target.group);
  }

  types(target: FormatTarget): readonly Type[] {
    switch (target.kind) {
      case 'operand-types':
      case 'operand':
        return typesOf(this.#operandGroup(target.group));
      case 'all-operand-types':
      case 'operands':
        return this.op.operandUses.map((use) => use.value.type);
      case 'result-types':
        return typesOf(this.#resultGroup(target.group));
      case 'all-result-types':
        return typesOf(this.op.results);
      case 'attribute':
      case 'region':
      case 'regions':
        throw new InvariantError(`${this.op.name}: ${target.kind} has no types`);
      default:
        return target satisfies never;
    }
  }

  attribute(target: FormatTarget | undefined): Attribute | undefined {
    invariant(target?.kind === 'attribute', `${this.op.name}: an attribute was meant`);
    return this.op.attribute(target.name);
  }

  regions(target: FormatTarget): readonly Region[] {
    if (target.kind === 'regions') return this.op.regions;
    if (target.kind !== 'region') throw new InvariantError(`${this.op.name}: ${target.kind} is no region`);
    const specs = this.op.definition.regions;
    const isLast = target.index === specs.length - 1;
    const end = isLast && specs[target.index]?.arity === 'variadic' ? this.op.regions.length : target.index + 1;
    return this.op.regions.slice(target.index, end);
  }

  /** Whether there is anything behind the name: what an optional group asks of its anchor. */
  isPresent(target: FormatTarget): boolean {
    switch (target.kind) {
      case 'attribute':
        return this.op.attributes.has(target.name);
      case 'region':
      case 'regions':
        return this.regions(target).length > 0;
      case 'operand':
      case 'operands':
        return this.values(target).length > 0;
      case 'operand-types':
      case 'all-operand-types':
      case 'result-types':
      case 'all-result-types':
        return this.types(target).length > 0;
      default:
        return target satisfies never;
    }
  }

  #operandGroup(group: number): readonly Value[] {
    const range = rangeOf(this.op.definition, 'operands', group, this.op.operandCount);
    const values: Value[] = [];
    for (let index = range[0]; index < range[1]; index++) values.push(this.op.operand(index));
    return values;
  }

  #resultGroup(group: number): readonly Value[] {
    const range = rangeOf(this.op.definition, 'results', group, this.op.results.length);
    return this.op.results.slice(range[0], range[1]);
  }
}

function typesOf(values: readonly Value[]): Type[] {
  return values.map((value) => value.type);
}

function isSingle({ arity }: ValueSpec): boolean {
  return (arity ?? 'single') === 'single';
}

function fits(specs: readonly ValueSpec[], count: number): boolean {
  return specs.every(isSingle) ? specs.length === count : splitGroups(specs, count) !== undefined;
}

function rangeOf(definition: OpDefinition, side: 'operands' | 'results', group: number, count: number): Range {
  const specs = definition[side];
  if (specs.every(isSingle)) return [group, group + 1];
  const range = splitGroups(specs, count)?.get(specs[group]?.name ?? '');
  invariant(range !== undefined, `${definition.name}: ${count} ${side} do not fit its groups`);
  return range;
}
