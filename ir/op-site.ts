/**
 * What a definition's functions see of an op: types, decoded attributes, regions; either of an operation in a module or of one about
 * to be built.
 */
import { type AttributesOf, type AttributeSchema, decodeAttributes } from './attribute-schema.ts';
import { invariant } from './diagnostics/diagnostic.ts';
import type { OpDefinition, ValueSpec } from './op-definition.ts';
import type { Operation, Region } from './operation.ts';
import { isTensor, type TensorType, type Type } from './types.ts';

export interface OpSite<S extends AttributeSchema = AttributeSchema> {
  /** Undefined while the op is being built. */
  readonly op: Operation | undefined;
  readonly definition: OpDefinition;
  readonly operandTypes: readonly Type[];
  /** Declared result types; empty while the op is being built without them. */
  readonly resultTypes: readonly Type[];
  readonly attrs: AttributesOf<S>;
  readonly regions: readonly Region[];
}

/** Decodes once and remembers on the operation. The attributes must have passed the verifier; else an InvariantError. */
export function opSite<S extends AttributeSchema = AttributeSchema>(op: Operation): OpSite<S> {
  return {
    op,
    definition: op.definition,
    operandTypes: op.operandUses.map((use) => use.value.type),
    resultTypes: op.results.map((result) => result.type),
    attrs: attributesOf<S>(op),
    regions: op.regions,
  };
}

/** The decoded attributes of a verified operation. */
export function attributesOf<S extends AttributeSchema>(op: Operation): AttributesOf<S> {
  if (op.decodedAttributes === undefined) {
    const decoded = decodeAttributes(op.definition.attributes, op.attributes);
    invariant(decoded.errors.length === 0, `${op.name}: ${decoded.errors[0]?.message ?? ''}`);
    op.decodedAttributes = decoded.values;
  }
  return op.decodedAttributes as AttributesOf<S>;
}

/** `[start, end)` of each operand or result group in the flat list; undefined when the count does not fit the specs. */
export function splitGroups(
  specs: readonly ValueSpec[],
  count: number,
): ReadonlyMap<string, readonly [start: number, end: number]> | undefined {
  const single = specs.filter((spec) => (spec.arity ?? 'single') === 'single').length;
  const optional = specs.filter((spec) => spec.arity === 'optional').length;
  const variadic = specs.filter((spec) => spec.arity === 'variadic').length;
  const rest = count - single;
  if (rest < 0) return undefined;
  let presentOptionals = 0;
  let groupSize = 0;
  if (variadic > 0) {
    if (rest % variadic !== 0) return undefined;
    groupSize = rest / variadic;
  } else {
    if (rest > optional) return undefined;
    presentOptionals = rest;
  }
  const groups = new Map<string, readonly [number, number]>();
  let at = 0;
  for (const spec of specs) {
    let size = 1;
    if (spec.arity === 'variadic') size = groupSize;
    else if (spec.arity === 'optional') size = presentOptionals-- > 0 ? 1 : 0;
    groups.set(spec.name, [at, at + size]);
    at += size;
  }
  return groups;
}

/** Types of the operands in a named group. */
export function operandGroup(site: OpSite, name: string): readonly Type[] {
  const range = splitGroups(site.definition.operands, site.operandTypes.length)?.get(name);
  invariant(range !== undefined, `${site.definition.name} has no operand group ${name}`);
  return site.operandTypes.slice(range[0], range[1]);
}

/** The tensor type of operand `index`; its constraint must have held. */
export function operandTensor(site: OpSite, index: number): TensorType {
  const type = site.operandTypes[index];
  invariant(isTensor(type), `${site.definition.name}: operand ${index} is not a tensor`);
  return type;
}

/** The declared tensor type of result `index`, if there is one. */
export function resultTensor(site: OpSite, index = 0): TensorType | undefined {
  const type = site.resultTypes[index];
  return isTensor(type) ? type : undefined;
}
