/**
 * The in-memory IR: operations, regions, blocks and values. An operation lives in at most one block; a region has exactly
 * one block; a block keeps its operations in a doubly linked list, a value its uses in another, so that inserting, erasing
 * and replacing take constant time. Only the methods here touch those links.
 */
import { type Attribute, type AttributeMap, noAttributes } from './attributes.ts';
import { invariant } from './diagnostics/diagnostic.ts';
import { type Location, unknownLocation } from './location.ts';
import type { OpDefinition } from './op-definition.ts';
import type { SourceFile, Span } from './source.ts';
import type { Type } from './types.ts';

export type ValueId = number & { readonly brand: 'ValueId' };
export type OpId = number & { readonly brand: 'OpId' };

let nextValueId = 0;
let nextOpId = 0;

/** One operand slot: a link in the use list of its value. */
export class Use {
  readonly owner: Operation;
  readonly index: number;
  /** The value used; change it with `set`. */
  value: Value;
  /** Neighbours in the value's use list. */
  next: Use | undefined = undefined;
  previous: Use | undefined = undefined;

  constructor(owner: Operation, index: number, value: Value) {
    this.owner = owner;
    this.index = index;
    this.value = value;
    this.#link();
  }

  set(value: Value): void {
    if (value === this.value) return;
    this.unlink();
    this.value = value;
    this.#link();
  }

  /** Takes the slot out of the use list; only for an operation that goes away. */
  unlink(): void {
    if (this.previous === undefined) this.value.firstUse = this.next;
    else this.previous.next = this.next;
    if (this.next !== undefined) this.next.previous = this.previous;
    this.next = undefined;
    this.previous = undefined;
  }

  #link(): void {
    const first = this.value.firstUse;
    this.next = first;
    if (first !== undefined) first.previous = this;
    this.value.firstUse = this;
  }
}

/** An SSA value: the result of an operation or the argument of a block. */
export class Value {
  readonly id: ValueId;
  type: Type;
  /** The operation that defines it, or the block it is an argument of. */
  readonly owner: Operation | Block;
  /** Position among the owner's results or arguments. */
  index: number;
  firstUse: Use | undefined = undefined;

  constructor(type: Type, owner: Operation | Block, index: number) {
    this.id = nextValueId++ as ValueId;
    this.type = type;
    this.owner = owner;
    this.index = index;
  }

  /** The defining operation; undefined for a block argument. */
  get definingOp(): Operation | undefined {
    return this.owner instanceof Operation ? this.owner : undefined;
  }

  /** The block it is an argument of; undefined for a result. */
  get argumentOf(): Block | undefined {
    return this.owner instanceof Block ? this.owner : undefined;
  }

  /** The block whose operations may use it. */
  get block(): Block | undefined {
    return this.owner instanceof Block ? this.owner : this.owner.block;
  }

  get hasUses(): boolean {
    return this.firstUse !== undefined;
  }

  get hasOneUse(): boolean {
    return this.firstUse !== undefined && this.firstUse.next === undefined;
  }

  /** Newest use first. The list may be changed while iterating, for the use at hand. */
  *uses(): Generator<Use> {
    for (let use = this.firstUse; use !== undefined;) {
      const next: Use | undefined = use.next;
      yield use;
      use = next;
    }
  }

  replaceAllUsesWith(value: Value): void {
    if (value === this) return;
    while (this.firstUse !== undefined) this.firstUse.set(value);
  }
}

export interface OperationInit {
  readonly operands?: readonly Value[];
  readonly resultTypes?: readonly Type[];
  readonly attributes?: AttributeMap;
  /** Discardable attributes are kept with the others; printing separates them by the definition's schema. */
  readonly regions?: readonly Region[];
  readonly location?: Location | undefined;
  /** Where it stands in the text it was read from. */
  readonly span?: Span | undefined;
}

/** One operation. Its meaning is its definition's. */
export class Operation {
  readonly id: OpId;
  readonly definition: OpDefinition;
  readonly results: readonly Value[];
  readonly regions: readonly Region[];
  location: Location;
  readonly source: SourceFile | undefined;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  block: Block | undefined = undefined;
  previous: Operation | undefined = undefined;
  next: Operation | undefined = undefined;
  /** Position in its block, valid while the block's order is; see `isBefore`. */
  order = 0;
  #attributes: AttributeMap;
  #uses: Use[];
  /** The attributes decoded by the definition's schema; owned by `OpSite`. */
  decodedAttributes: unknown = undefined;

  constructor(definition: OpDefinition, init: OperationInit = {}) {
    this.id = nextOpId++ as OpId;
    this.definition = definition;
    this.location = init.location ?? unknownLocation;
    this.source = init.span?.source;
    this.sourceStart = init.span?.start ?? 0;
    this.sourceEnd = init.span?.end ?? 0;
    this.#attributes = init.attributes ?? noAttributes;
    this.#uses = (init.operands ?? []).map((value, index) => new Use(this, index, value));
    this.results = (init.resultTypes ?? []).map((type, index) => new Value(type, this, index));
    this.regions = init.regions ?? [];
    for (const region of this.regions) {
      invariant(region.parentOp === undefined, `a region of ${definition.name} already belongs to an op`);
      region.parentOp = this;
    }
  }

  get name(): string {
    return this.definition.name;
  }

  get span(): Span | undefined {
    if (this.source === undefined) return undefined;
    return { source: this.source, start: this.sourceStart, end: this.sourceEnd };
  }

  get operandCount(): number {
    return this.#uses.length;
  }

  get operands(): readonly Value[] {
    return this.#uses.map((use) => use.value);
  }

  get operandUses(): readonly Use[] {
    return this.#uses;
  }

  operand(index: number): Value {
    const use = this.#uses[index];
    invariant(use !== undefined, `${this.name} has no operand ${index}`);
    return use.value;
  }

  setOperand(index: number, value: Value): void {
    const use = this.#uses[index];
    invariant(use !== undefined, `${this.name} has no operand ${index}`);
    use.set(value);
  }

  setOperands(values: readonly Value[]): void {
    for (const use of this.#uses) use.unlink();
    this.#uses = values.map((value, index) => new Use(this, index, value));
  }

  result(index = 0): Value {
    const value = this.results[index];
    invariant(value !== undefined, `${this.name} has no result ${index}`);
    return value;
  }

  region(index = 0): Region {
    const region = this.regions[index];
    invariant(region !== undefined, `${this.name} has no region ${index}`);
    return region;
  }

  get attributes(): AttributeMap {
    return this.#attributes;
  }

  set attributes(attributes: AttributeMap) {
    this.#attributes = attributes;
    this.decodedAttributes = undefined;
  }

  attribute(name: string): Attribute | undefined {
    return this.#attributes.get(name);
  }

  /** Sets or, with undefined, removes one attribute. */
  setAttribute(name: string, attribute: Attribute | undefined): void {
    const attributes = new Map(this.#attributes);
    if (attribute === undefined) attributes.delete(name);
    else attributes.set(name, attribute);
    this.attributes = attributes;
  }

  /** The operation whose region this one stands in. */
  get parentOp(): Operation | undefined {
    return this.block?.region?.parentOp;
  }

  get isUnused(): boolean {
    return this.results.every((result) => !result.hasUses);
  }

  /** Both must be in the same block. */
  isBefore(other: Operation): boolean {
    invariant(this.block !== undefined && this.block === other.block, 'isBefore needs two operations of one block');
    this.block.ensureOrder();
    return this.order < other.order;
  }

  /** True when `inner` is this operation or stands in one of its regions, at any depth. */
  isAncestorOf(inner: Operation): boolean {
    for (let op: Operation | undefined = inner; op !== undefined; op = op.parentOp) if (op === this) return true;
    return false;
  }

  /** Unlinks from its block, keeping operands and uses. */
  detach(): void {
    this.block?.remove(this);
  }

  /** Unlinks from its block and from the use lists of its operands, regions included. No result may have a use left. */
  erase(): void {
    invariant(this.isUnused, `${this.name} is erased while its results are used`);
    this.detach();
    this.dropUses();
  }

  /** Releases the operands of this operation and of all in its regions. */
  dropUses(): void {
    for (const use of this.#uses) use.unlink();
    this.#uses = [];
    for (const region of this.regions) for (const op of region.block.operations()) op.dropUses();
  }

  /** Visits this operation and all in its regions, parents first. */
  walk(visit: (op: Operation) => void): void {
    visit(this);
    for (const region of this.regions) for (const op of region.block.operations()) op.walk(visit);
  }
}

/** An ordered list of operations with arguments, ended by a terminator where the parent's definition wants one. */
export class Block {
  readonly arguments: Value[] = [];
  region: Region | undefined = undefined;
  first: Operation | undefined = undefined;
  last: Operation | undefined = undefined;
  size = 0;
  #isOrdered = true;

  constructor(argumentTypes: readonly Type[] = []) {
    for (const type of argumentTypes) this.addArgument(type);
  }

  addArgument(type: Type): Value {
    const value = new Value(type, this, this.arguments.length);
    this.arguments.push(value);
    return value;
  }

  /** The argument must have no use left. */
  removeArgument(index: number): void {
    const [value] = this.arguments.splice(index, 1);
    invariant(value !== undefined && !value.hasUses, `block argument ${index} is missing or still used`);
    for (const [position, argument] of this.arguments.entries()) argument.index = position;
  }

  argument(index: number): Value {
    const value = this.arguments[index];
    invariant(value !== undefined, `the block has no argument ${index}`);
    return value;
  }

  /** The last operation, when it is a terminator. */
  get terminator(): Operation | undefined {
    return this.last?.definition.traits.has('terminator') === true ? this.last : undefined;
  }

  /** In order; the operation at hand may be erased or replaced while iterating. */
  *operations(): Generator<Operation> {
    for (let op = this.first; op !== undefined;) {
      const next: Operation | undefined = op.next;
      yield op;
      op = next;
    }
  }

  append(op: Operation): void {
    this.insertBefore(op, undefined);
  }

  /** Inserts before `anchor`, or at the end. */
  insertBefore(op: Operation, anchor: Operation | undefined): void {
    invariant(op.block === undefined, `${op.name} is already in a block`);
    invariant(anchor === undefined || anchor.block === this, 'the anchor is in another block');
    const previous = anchor === undefined ? this.last : anchor.previous;
    op.block = this;
    op.previous = previous;
    op.next = anchor;
    if (previous === undefined) this.first = op;
    else previous.next = op;
    if (anchor === undefined) {
      op.order = previous === undefined ? 0 : previous.order + 1;
      this.last = op;
    } else {
      anchor.previous = op;
      this.#isOrdered = false;
    }
    this.size++;
  }

  remove(op: Operation): void {
    invariant(op.block === this, `${op.name} is not in this block`);
    if (op.previous === undefined) this.first = op.next;
    else op.previous.next = op.next;
    if (op.next === undefined) this.last = op.previous;
    else op.next.previous = op.previous;
    op.block = undefined;
    op.previous = undefined;
    op.next = undefined;
    this.size--;
  }

  /** Renumbers the operations if one was inserted in the middle since the last time. */
  ensureOrder(): void {
    if (this.#isOrdered) return;
    let order = 0;
    for (let op = this.first; op !== undefined; op = op.next) op.order = order++;
    this.#isOrdered = true;
  }
}

/** A region of an operation: one block. A function without a body has no region. */
export class Region {
  readonly block: Block;
  parentOp: Operation | undefined = undefined;

  constructor(block: Block = new Block()) {
    invariant(block.region === undefined, 'the block already belongs to a region');
    this.block = block;
    block.region = this;
  }
}
