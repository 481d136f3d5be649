/** What rules ask of values, types and ops. */
import type { AttributesOf, AttributeSchema } from '../ir/attribute-schema.ts';
import { type DTypeKind, dtypeInfo } from '../ir/dtype.ts';
import { attributesOf } from '../ir/op-site.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { cumulativeWindow, windowOf } from '../ir/ops/shared/window-geometry.ts';
import { reduceWindow } from '../ir/ops/stablehlo/reduce-window.ts';
import { hasDType, isTensor, type TensorType, type Type } from '../ir/types.ts';

/** An op of a known definition, with its decoded attributes. */
export interface Match<S extends AttributeSchema> {
  readonly op: Operation;
  readonly attrs: AttributesOf<S>;
}

/** The op that defines the value, if it is one of this definition. */
export function definedBy(value: Value, definition: OpDefinition): Operation | undefined {
  const op = value.definingOp;
  return op?.definition.name === definition.name ? op : undefined;
}

/** The same, with its attributes. */
export function match<S extends AttributeSchema>(
  value: Value,
  definition: OpDefinition<string, S>,
): Match<S> | undefined {
  const op = value.definingOp;
  return op?.definition.name === definition.name ? { op, attrs: attributesOf<S>(op) } : undefined;
}

export function attrsOf<S extends AttributeSchema>(
  op: Operation,
  definition: OpDefinition<string, S>,
): AttributesOf<S> | undefined {
  return op.definition.name === definition.name ? attributesOf<S>(op) : undefined;
}

/** The kind of element of a tensor type; undefined when it is quantised or no tensor. */
export function elementKind(type: Type): DTypeKind | undefined {
  return isTensor(type) && hasDType(type) ? dtypeInfo(type.element).kind : undefined;
}

/** Signed, unsigned, or boolean: where arithmetic is exact and there are no NaN. */
export function isExact(type: Type): boolean {
  const kind = elementKind(type);
  return kind === 'integer' || kind === 'unsigned' || kind === 'boolean';
}

export function isInteger(type: Type): boolean {
  const kind = elementKind(type);
  return kind === 'integer' || kind === 'unsigned';
}

/** A tensor with known sizes: its type with a shape of numbers. */
export interface StaticTensor extends TensorType {
  readonly shape: readonly number[];
}

export function staticTensor(type: Type | undefined): StaticTensor | undefined {
  return isTensor(type) && type.shape.every((dim) => typeof dim === 'number') ? (type as StaticTensor) : undefined;
}

/** Number of elements; undefined when a size is not known. */
export function elementCount(type: Type | undefined): number | undefined {
  const tensor = staticTensor(type);
  if (tensor === undefined) return undefined;
  let count = 1;
  for (const dim of tensor.shape) count *= dim;
  return count;
}

/** The shape as a string: equal for shapes that are surely equal, undefined when a size is not known. */
export function sameShape(a: Type, b: Type): boolean {
  const left = staticTensor(a);
  const right = staticTensor(b);
  if (left === undefined || right === undefined) return a === b;
  return left.shape.length === right.shape.length && left.shape.every((dim, axis) => dim === right.shape[axis]);
}

export function equalLists(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

export function isIdentity(permutation: readonly number[]): boolean {
  return permutation.every((axis, index) => axis === index);
}

/** `inverse[permutation[i]] = i`. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length).fill(0);
  for (const [index, axis] of permutation.entries()) inverse[axis] = index;
  return inverse;
}

/** Each window is the one before and an element more: kernels and the evaluator take one step an element. */
export function isCumulativeWindow(op: Operation): boolean {
  const attrs = attrsOf(op, reduceWindow);
  const type = attrs === undefined ? undefined : op.operand(0).type;
  if (attrs === undefined || type === undefined || !isTensor(type)) return false;
  return cumulativeWindow(type.shape, windowOf(type.shape.length, attrs)) !== undefined;
}
