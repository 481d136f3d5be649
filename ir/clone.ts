/**
 * Deep copies. Operands defined inside the copied tree are mapped to their copies, others stay as they are unless the mapping already
 * says otherwise; attributes and types are immutable and shared.
 */
import { Block, Operation, Region, type Value } from './operation.ts';
import type { Type } from './types.ts';

/** From values to what stands for them in the copy; filled while copying. */
export type ValueMapping = Map<Value, Value>;

export interface CloneOptions {
  /** Gives the copy of a value another type. */
  readonly mapType?: (type: Type) => Type;
}

/** A detached copy of the operation and its regions. */
export function cloneOperation(
  op: Operation,
  mapping: ValueMapping = new Map(),
  options: CloneOptions = {},
): Operation {
  const mapType = options.mapType ?? ((type: Type): Type => type);
  const copy = new Operation(op.definition, {
    operands: op.operandUses.map((use) => mapping.get(use.value) ?? use.value),
    resultTypes: op.results.map((result) => mapType(result.type)),
    attributes: op.attributes,
    regions: op.regions.map((region) => cloneRegion(region, mapping, options)),
    location: op.location,
    span: op.span,
  });
  for (const [index, result] of op.results.entries()) mapping.set(result, copy.result(index));
  return copy;
}

/** A copy of the region with its block, arguments and operations. */
export function cloneRegion(region: Region, mapping: ValueMapping = new Map(), options: CloneOptions = {}): Region {
  const mapType = options.mapType ?? ((type: Type): Type => type);
  const block = new Block();
  for (const argument of region.block.arguments) mapping.set(argument, block.addArgument(mapType(argument.type)));
  cloneInto(region.block, block, undefined, mapping, options);
  return new Region(block);
}

/** Copies the operations of one block to another, before `anchor` or to its end; arguments must be in the mapping already. */
export function cloneInto(
  from: Block,
  to: Block,
  anchor: Operation | undefined,
  mapping: ValueMapping,
  options: CloneOptions = {},
): void {
  for (const op of from.operations()) to.insertBefore(cloneOperation(op, mapping, options), anchor);
}
