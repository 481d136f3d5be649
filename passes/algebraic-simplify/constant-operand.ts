/** Binary ops with one constant operand. */
import type { Operation, Value } from '../../ir/operation.ts';
import { constantOf, integersOf, isSplatOf } from '../constants.ts';
import { elementKind } from '../match.ts';
import { dtypeInfo, integerRange } from '../../ir/dtype.ts';
import { hasDType, isTensor, type Type } from '../../ir/types.ts';

export interface ConstantOperand {
  readonly value: Value;
  readonly constant: Value;
}

/** The constant operand and the other one: the right one, or either of a commutative op. */
export function constantOperand(op: Operation): ConstantOperand | undefined {
  const [lhs, rhs] = [op.operand(0), op.operand(1)];
  if (constantOf(rhs) !== undefined) return { value: lhs, constant: rhs };
  if (op.definition.traits.has('commutative') && constantOf(lhs) !== undefined) return { value: rhs, constant: lhs };
  return undefined;
}

/** The other operand, when one is a splat of `number`; on the right only, unless the op is commutative. */
export function operandBeside(op: Operation, number: number): Value | undefined {
  const found = constantOperand(op);
  return found !== undefined && isSplatOf(found.constant, number) ? found.value : undefined;
}

/** True when all elements have all bits set: true, -1, or the greatest unsigned. */
export function isAllOnes(value: Value): boolean {
  const kind = elementKind(value.type);
  if (kind === 'boolean') return isSplatOf(value, 1);
  if (kind === 'integer') return isSplatOf(value, -1);
  return kind === 'unsigned' && isSplatOfLimit(value, 'greatest');
}

/** True when all elements are the least or greatest of their integer or boolean type, or the infinity of their float type. */
export function isSplatOfLimit(value: Value, limit: 'least' | 'greatest'): boolean {
  const kind = elementKind(value.type);
  if (kind === undefined || kind === 'complex') return false;
  if (kind === 'float') return isSplatOf(value, limit === 'least' ? -Infinity : Infinity);
  const range = rangeOf(value.type);
  if (range === undefined) return false;
  const attribute = constantOf(value);
  if (attribute?.kind !== 'dense') return false;
  const [element] = attribute.data.values;
  const isUniform = attribute.data.splat || attribute.data.values.length === 1;
  return isUniform && element !== undefined && BigInt(element) === range[limit === 'least' ? 0 : 1];
}

function rangeOf(type: Type): readonly [bigint, bigint] | undefined {
  return isTensor(type) && hasDType(type) ? integerRange(type.element) : undefined;
}

/** Bits of an element; undefined when it is no integer or float. */
export function elementBits(type: Type): number | undefined {
  return isTensor(type) && hasDType(type) ? dtypeInfo(type.element).bits : undefined;
}

/** The one element of an integer constant as a number. */
export function scalarInteger(value: Value): number | undefined {
  const integers = integersOf(value);
  return integers?.length === 1 ? integers[0] : undefined;
}
