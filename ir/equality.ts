/**
 * Structural equality and hash of operations, with their regions. Two operations are equal when they differ only in which objects
 * their values are: names, spans, and by default locations do not count, the order of operations and of regions does.
 */
import {
  equalAttributeMaps,
  equalAttributes,
  hashAttributeMap,
  hashString,
  hashType,
  mixHash,
} from './attribute-equality.ts';
import { equalLocations } from './location.ts';
import type { OpDefinition } from './op-definition.ts';
import type { Block, Operation, Value } from './operation.ts';

export interface EqualityOptions {
  /** Locations must be equal too. */
  readonly locations?: boolean;
}

/**
 * Equality of two computations where they stand: same op, same operands (by identity), equal attributes, result types and regions. What
 * common-subexpression elimination asks.
 */
export function equalComputations(a: Operation, b: Operation): boolean {
  return compareOperations(a, b, { mapping: new Map(), locations: false });
}

/** A hash that equal computations share. */
export function hashComputation(op: Operation): number {
  return hashWith(op, (value) => value.id);
}

/**
 * Equality of two trees of operations, such as two modules: values defined inside correspond by position, values from outside must be
 * the same.
 */
export function equalOperations(a: Operation, b: Operation, options: EqualityOptions = {}): boolean {
  return compareOperations(a, b, { mapping: new Map(), locations: options.locations ?? false });
}

/** A hash that equal trees of operations share: values count by where they are defined, values from outside by their type. */
export function hashOperation(op: Operation): number {
  const numbers = new Map<Value, number>();
  const number = (value: Value): number => numbers.get(value) ?? hashType(value.type);
  const visit = (at: Operation): number => {
    let hash = hashWith(at, number);
    for (const result of at.results) numbers.set(result, numbers.size);
    for (const region of at.regions) {
      for (const argument of region.block.arguments) numbers.set(argument, numbers.size);
      for (const inner of region.block.operations()) hash = mixHash(hash, visit(inner));
    }
    return hash;
  };
  return visit(op);
}

interface Comparison {
  /** From values of the left tree to those of the right. */
  readonly mapping: Map<Value, Value>;
  readonly locations: boolean;
}

function compareOperations(a: Operation, b: Operation, comparison: Comparison): boolean {
  return (
    a.definition === b.definition &&
    a.operandCount === b.operandCount &&
    a.results.length === b.results.length &&
    a.regions.length === b.regions.length &&
    equalOperands(a, b, comparison.mapping) &&
    a.results.every((result, index) => correspond(result, b.results[index], comparison.mapping)) &&
    equalAttributeMaps(a.attributes, b.attributes, a.definition.attributes) &&
    (!comparison.locations || equalLocations(a.location, b.location, equalAttributes)) &&
    a.regions.every((region, index) => compareBlocks(region.block, b.region(index).block, comparison))
  );
}

function equalOperands(a: Operation, b: Operation, mapping: ReadonlyMap<Value, Value>): boolean {
  const right = b.operandUses;
  return a.operandUses.every((use, index) => (mapping.get(use.value) ?? use.value) === right[index]?.value);
}

/** Records that two values stand for each other, if their types agree. */
function correspond(a: Value, b: Value | undefined, mapping: Map<Value, Value>): boolean {
  if (b === undefined || a.type !== b.type) return false;
  mapping.set(a, b);
  return true;
}

function compareBlocks(a: Block, b: Block, comparison: Comparison): boolean {
  if (a.size !== b.size || a.arguments.length !== b.arguments.length) return false;
  if (!a.arguments.every((argument, index) => correspond(argument, b.arguments[index], comparison.mapping)))
    return false;
  let left = a.first;
  let right = b.first;
  while (left !== undefined && right !== undefined) {
    if (!compareOperations(left, right, comparison)) return false;
    left = left.next;
    right = right.next;
  }
  return left === right;
}

const nameHashes = new WeakMap<OpDefinition, number>();

function hashName(definition: OpDefinition): number {
  let hash = nameHashes.get(definition);
  if (hash === undefined) {
    hash = hashString(definition.name);
    nameHashes.set(definition, hash);
  }
  return hash;
}

function hashWith(op: Operation, number: (value: Value) => number): number {
  let hash = hashName(op.definition);
  for (const use of op.operandUses) hash = mixHash(hash, number(use.value));
  for (const result of op.results) hash = mixHash(hash, hashType(result.type));
  hash = mixHash(hash, hashAttributeMap(op.attributes, op.definition.attributes));
  return mixHash(hash, op.regions.length);
}
