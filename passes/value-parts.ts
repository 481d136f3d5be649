/**
 * Values of types that are to go become parts: tensors of other types that hold the same numbers. An op whose operands or results have such a
 * type is made anew on parts by a rule; its results are joined again for ops that have no rule (the function's boundary, calls, what is
 * not known), and joins that nobody needs any more go.
 *
 *     %1 = op %0 : A            ->   %p = split %0, %q = op' %p, %1 = join %q
 *
 * So every step is local and right by itself: a module in which some ops have no rule is still a module of the same meaning.
 */
import { Block, type Operation, Region, type Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import type { Type } from '../ir/types.ts';
import { ExpandKit, present } from './expand-kit.ts';
import type { NotExpanded } from './expansions.ts';
import type { PassContext } from './pass.ts';

/** What stands for each result of an op: its parts, or the value itself where its type stays. */
export type PartResults = readonly (readonly Value[])[];

export type PartRule = (conversion: PartConversion, kit: ExpandKit, op: Operation) => PartResults | NotExpanded;

export interface PartScheme {
  /** The types of the parts; undefined for a type that stays. */
  partTypes(type: Type): readonly Type[] | undefined;
  split(kit: ExpandKit, value: Value): readonly Value[];
  join(kit: ExpandKit, parts: readonly Value[], type: Type): Value;
  /** Whether an op is such a join: its operands are the parts. */
  isJoin(op: Operation): boolean;
  /** Undefined for ops that keep joined values without a word: functions, calls, returns. */
  rule(op: Operation): PartRule | undefined;
}

/** True when anything was made of parts. */
export function convertToParts(module: Operation, context: PassContext, scheme: PartScheme): boolean {
  const conversion = new PartConversion(context, scheme);
  for (const region of module.regions) conversion.convertBlock(region.block);
  conversion.eraseUnused();
  return conversion.converted > 0;
}

export class PartConversion {
  readonly rewriter = new Rewriter();
  readonly scheme: PartScheme;
  converted = 0;
  readonly #context: PassContext;
  readonly #parts = new Map<Value, readonly Value[]>();
  /** Splits and joins that were made here. */
  readonly #made: Operation[] = [];
  /** Joins that were there before. */
  readonly #joins: Operation[] = [];

  constructor(context: PassContext, scheme: PartScheme) {
    this.#context = context;
    this.scheme = scheme;
  }

  isConverted(value: Value): boolean {
    return this.scheme.partTypes(value.type) !== undefined;
  }

  /** The parts that are there already, without a split; undefined where there are none. */
  knownParts(value: Value): readonly Value[] | undefined {
    const definer = value.definingOp;
    if (definer !== undefined && this.scheme.isJoin(definer)) return definer.operands;
    return this.#parts.get(value);
  }

  /** The parts of a value; a value whose type stays is its only part. */
  parts(value: Value): readonly Value[] {
    if (!this.isConverted(value)) return [value];
    const known = this.knownParts(value);
    if (known !== undefined) return known;
    const { definingOp, block } = value;
    const after = present(definingOp === undefined ? block?.first : definingOp.next);
    const parts = this.scheme.split(new ExpandKit(this.rewriter, after), value);
    for (const part of parts) this.#note(part);
    this.#parts.set(value, parts);
    return parts;
  }

  flatParts(values: readonly Value[]): readonly Value[] {
    return values.flatMap((value) => this.parts(value));
  }

  flatTypes(types: readonly Type[]): readonly Type[] {
    return types.flatMap((type) => this.scheme.partTypes(type) ?? [type]);
  }

  /** Flat values, one or more for each of `like`, as groups again. */
  grouped(flat: readonly Value[], like: readonly { readonly type: Type }[]): PartResults {
    let at = 0;
    return like.map(({ type }) => {
      const count = this.scheme.partTypes(type)?.length ?? 1;
      at += count;
      return flat.slice(at - count, at);
    });
  }

  /** The region on parts: its arguments in the order that `flatten` gives them, its ops converted, its results flat. */
  flatRegion(region: Region, order: (groups: PartResults) => readonly Value[] = (groups) => groups.flat()): Region {
    const old = region.block;
    const block = new Block();
    const groups = old.arguments.map(({ type }) =>
      (this.scheme.partTypes(type) ?? [type]).map((partType) => block.addArgument(partType)),
    );
    const wanted = order(groups);
    block.arguments.sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
    for (const [index, argument] of block.arguments.entries()) argument.index = index;
    const made = new Region(block);
    for (const op of old.operations()) {
      op.detach();
      block.append(op);
    }
    const start = new ExpandKit(this.rewriter, present(block.first));
    for (const [index, argument] of old.arguments.entries()) {
      this.rewriter.replaceUses(argument, this.#joined(start, present(groups[index]), argument.type));
    }
    this.convertBlock(block);
    const end = present(block.last);
    this.rewriter.setOperands(end, this.flatParts(end.operands));
    return made;
  }

  convertBlock(block: Block): void {
    for (const op of block.operations()) this.#convert(op);
  }

  #convert(op: Operation): void {
    const touches = op.operands.some((value) => this.isConverted(value)) || op.results.some((r) => this.isConverted(r));
    if (this.scheme.isJoin(op)) return void this.#joins.push(op);
    const rule = touches ? this.scheme.rule(op) : undefined;
    if (rule === undefined) return this.#convertRegions(op);
    this.#context.at(op);
    const kit = new ExpandKit(this.rewriter, op);
    const outcome = rule(this, kit, op);
    if ('reason' in outcome) {
      if (outcome.reason !== '') this.#context.remark(op, `${op.name} keeps its types: ${outcome.reason}`);
      return this.#convertRegions(op);
    }
    const values = op.results.map(({ type }, index) => this.#joined(kit, present(outcome[index]), type));
    this.rewriter.replace(op, values);
    this.converted++;
  }

  #convertRegions(op: Operation): void {
    for (const region of op.regions) this.convertBlock(region.block);
  }

  #joined(kit: ExpandKit, parts: readonly Value[], type: Type): Value {
    if (this.scheme.partTypes(type) === undefined) return present(parts[0]);
    const whole = this.scheme.join(kit, parts, type);
    this.#note(whole);
    this.#parts.set(whole, parts);
    return whole;
  }

  #note(value: Value): void {
    if (value.definingOp !== undefined) this.#made.push(value.definingOp);
  }

  /** Joins and splits that were made on the way and are not needed, and joins that this has made so. */
  eraseUnused(): void {
    const joins = this.converted > 0 ? this.#joins : [];
    for (const op of [...this.#made.reverse(), ...joins])
      if (op.block !== undefined && op.isUnused) this.rewriter.erase(op);
  }
}

/** Stays as it is without a remark. */
export const keepsTypes: NotExpanded = { reason: '' };

/** One op for each part: data movement, and what acts on each part alone. */
export const partwise: PartRule = (conversion, { rewriter }, op) => {
  const groups = op.operands.map((value) => conversion.parts(value));
  const types = op.results.map(({ type }) => conversion.scheme.partTypes(type) ?? [type]);
  const count = Math.max(...groups.map(({ length }) => length), ...types.map(({ length }) => length));
  const made = Array.from({ length: count }, (_, part) => {
    const operands = groups.map((group) => present(group[group.length === 1 ? 0 : part]));
    const resultTypes = types.map((group) => present(group[group.length === 1 ? 0 : part]));
    const options = { resultTypes };
    const copy = rewriter.createBefore(op, op.definition, operands, {}, options);
    copy.attributes = op.attributes;
    return copy.results;
  });
  return op.results.map((_, index) => made.map((results) => present(results[index])));
};

/** The same op with parts in the place of values, in operands, results and the arguments and results of its regions. */
export const flattened: PartRule = (conversion, { rewriter }, op) => {
  const operands = conversion.flatParts(op.operands);
  const resultTypes = conversion.flatTypes(op.results.map(({ type }) => type));
  const regions = op.regions.map((region) => conversion.flatRegion(region));
  const made = rewriter.createBefore(op, op.definition, operands, {}, { resultTypes, regions });
  made.attributes = op.attributes;
  return conversion.grouped(made.results, op.results);
};
