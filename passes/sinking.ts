/**
 * What the sinking passes share. A sinking pass takes an elementwise op whose operands are all moved data and computes before
 * the move: `op(move(a), move(b)) = move(op(a, b))`. Moves only ever go down, past ops that compute; no pass takes them up, so
 * that sinking passes, each other's and the algebraic rules come to an end together.
 */
import type { Attribute } from '../ir/attributes.ts';
import { hasDType, tensorType, type Type } from '../ir/types.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import { Operation, type Value } from '../ir/operation.ts';
import { definitions } from '../ir/ops/registry.ts';
import { clamp } from '../ir/ops/stablehlo/clamp.ts';
import { select } from '../ir/ops/stablehlo/select.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { splatElement, constantOf, retyped, createConstant } from './constants.ts';
import { totalBytes } from './evaluation-cost.ts';
import { type StaticTensor, staticTensor } from './match.ts';

/** Ops that compute each element from the elements at the same place, and scalars. */
export const sinkableOps: readonly OpDefinition[] = [
  ...definitions.filter(
    (definition: OpDefinition) =>
      definition.traits.has('elementwise') &&
      definition.operands.length > 0 &&
      definition.results.length === 1 &&
      definition.regions.length === 0 &&
      !definition.name.startsWith('chlo.broadcast_'),
  ),
  select,
  clamp,
];

/** Makes the value an operand has before the move; nothing is made until all operands are known to have one. */
export type BeforeMove = () => Value;

/** The static result of an op that may sink; undefined when sizes are open or elements quantised. */
export function sinkableResult(op: Operation): StaticTensor | undefined {
  const result = staticTensor(op.result().type);
  return result !== undefined && hasDType(result) ? result : undefined;
}

/** True for the scalar predicate of a select and the scalar bounds of a clamp, which no move concerns. */
export function isScalarOperand(value: Value, result: StaticTensor): boolean {
  return staticTensor(value.type)?.shape.length === 0 && result.shape.length > 0;
}

/** A splat constant under another shape. */
export function splatBefore(
  value: Value,
  shape: readonly number[],
  op: Operation,
  rewriter: Rewriter,
): BeforeMove | undefined {
  const attribute = constantOf(value);
  if (attribute?.kind !== 'dense' || splatElement(attribute) === undefined) return undefined;
  const splat = { ...attribute, data: { splat: true, values: attribute.data.values } };
  return () => createConstant(rewriter, op, retyped(splat, tensorType(shape, attribute.type.element)));
}

/** The op on operands of `shape`, made before itself. Discardable attributes may speak of the shape, and go. */
export function computeBefore(
  op: Operation,
  operands: readonly BeforeMove[],
  shape: readonly number[],
  rewriter: Rewriter,
): Value {
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of op.attributes) if (name in op.definition.attributes) attributes.set(name, attribute);
  const made = new Operation(op.definition, {
    operands: operands.map((make) => make()),
    resultTypes: [withShape(op.result().type, shape)],
    attributes,
    location: op.location,
    span: op.span,
  });
  rewriter.insertBefore(op, made);
  return made.result();
}

function withShape(type: Type, shape: readonly number[]): Type {
  return type.kind === 'tensor' ? tensorType(shape, type.element) : type;
}

/** The values among `moved` that nothing but `op` uses, each once: their moves go when it sinks. */
function dyingMoves(op: Operation, moved: readonly Value[]): readonly Value[] {
  return [...new Set(moved)].filter((value) => {
    for (const use of value.uses()) if (use.owner !== op) return false;
    return true;
  });
}

/** True when the move after the op takes no more than the moves that go. */
export function isWorthSinking(op: Operation, moved: readonly Value[]): boolean {
  const dying = dyingMoves(op, moved);
  return dying.length > 0 && totalBytes(op.results) <= totalBytes(dying);
}
