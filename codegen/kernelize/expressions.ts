/** Value expressions, one short constructor each, and what a tensor's element type is in a kernel. */
import type { DimensionOrder } from '../../ir/dimension-order.ts';
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { elementText, hasDType, isTensor, type Type } from '../../ir/types.ts';
import { isBigintDType } from '../kernel/scalar-semantics.ts';
import type { BinaryOp, CompareOp, UnaryOp } from '../kernel/scalar-ops.ts';
import { type Size, symbolSize } from '../kernel/size.ts';
import type { Access, Guard, IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import { type KernelDType, kernelDTypes } from '../kernel/value-type.ts';

/** The error for what cannot become a kernel yet; names the op and its place. */
export function unsupportedKernel(op: Operation, why: string): DiagnosticError {
  return new DiagnosticError({
    code: 'E3103',
    kind: 'unsupported',
    message: `${op.name}: ${why}`,
    span: op.span,
    location: op.location,
  });
}

/** What a register holds of an element of this type: its number, its bits (narrow-elements.ts), or one part of a complex one. */
function kernelDTypeOf(type: Type): KernelDType | undefined {
  if (!isTensor(type) || !hasDType(type)) return undefined;
  const { part, kind, bits } = dtypeInfo(type.element);
  const known = kernelDTypes.find((dtype) => dtype === part && dtype !== 'index');
  if (known !== undefined || bits > 8) return known;
  return kind === 'integer' ? 'i8' : 'ui8';
}

/** As `kernelDTypeOf`; `op` is blamed. */
export function requireKernelDType(value: Value, op: Operation): KernelDType {
  const { type } = value;
  const dtype = kernelDTypeOf(type);
  if (dtype !== undefined) return dtype;
  const what = isTensor(type) ? `elements of type ${elementText(type.element)}` : `a value of type ${type.text}`;
  throw unsupportedKernel(op, `kernels do not compute with ${what} yet`);
}

/** The sizes of a tensor; an unknown size without a name is no size that a kernel can compute. */
export function dimensionsOf(value: Value, op: Operation): readonly Size[] {
  const { type } = value;
  if (!isTensor(type)) throw unsupportedKernel(op, `kernels do not compute with a value of type ${type.text}`);
  return type.shape.map((dim): Size => {
    if (typeof dim === 'number') return dim;
    if (dim.name === '') throw unsupportedKernel(op, `the type ${type.text} leaves a size open that has no name`);
    return symbolSize(dim);
  });
}

/** The dimensions of `shapeOf` from the outermost of its memory to the innermost; undefined when that is their own order. */
export function memoryOrderOf(value: Value): DimensionOrder | undefined {
  const { type } = value;
  if (!isTensor(type) || type.order === undefined) return undefined;
  return isComplex(value) ? [...type.order, type.order.length] : type.order;
}

/** Those of its memory: a complex tensor is one of its part, with a last dimension of size 2. */
export function shapeOf(value: Value, op: Operation): readonly Size[] {
  const sizes = dimensionsOf(value, op);
  return isComplex(value) ? [...sizes, 2] : sizes;
}

export function isComplex({ type }: Value): boolean {
  return isTensor(type) && hasDType(type) && dtypeInfo(type.element).kind === 'complex';
}

/** The dtype of a tensor's elements. */
export function elementOf(value: Value, op: Operation): DType {
  const { type } = value;
  if (isTensor(type) && hasDType(type)) return type.element;
  throw unsupportedKernel(op, `kernels do not compute with a value of type ${type.text}`);
}

export function rankOf(value: Value): number {
  return isTensor(value.type) ? value.type.shape.length : 0;
}

export function constantValue(dtype: KernelDType, value: number | bigint): ValueExpr {
  return { kind: 'constant', dtype, value: isBigintDType(dtype) ? BigInt(value) : Number(value) };
}

export function unary(op: UnaryOp, operand: ValueExpr, dtype: KernelDType = operand.dtype): ValueExpr {
  return { kind: 'unary', dtype, op, operand };
}

export function binary(op: BinaryOp, lhs: ValueExpr, rhs: ValueExpr): ValueExpr {
  return { kind: 'binary', dtype: lhs.dtype, op, lhs, rhs };
}

export function compareValues(op: CompareOp, lhs: ValueExpr, rhs: ValueExpr): ValueExpr {
  return { kind: 'compare', dtype: 'i1', op, lhs, rhs };
}

export function selectValue(predicate: ValueExpr, onTrue: ValueExpr, onFalse: ValueExpr): ValueExpr {
  return { kind: 'select', dtype: onTrue.dtype, predicate, onTrue, onFalse };
}

export function convertValue(operand: ValueExpr, dtype: KernelDType): ValueExpr {
  return operand.dtype === dtype ? operand : { kind: 'convert', dtype, operand };
}

export function bitcastValue(operand: ValueExpr, dtype: KernelDType): ValueExpr {
  return operand.dtype === dtype ? operand : { kind: 'bitcast', dtype, operand };
}

export function indexValue(dtype: KernelDType, index: IndexExpr): ValueExpr {
  return { kind: 'index', dtype, index };
}

export function guardedValue(guards: readonly Guard[]): ValueExpr {
  return { kind: 'guarded', dtype: 'i1', guards };
}

/** What a load gives where a guard fails and nobody will look. */
const unseenValues = new Map<KernelDType, ValueExpr>();

export function loadValue(dtype: KernelDType, access: Access): ValueExpr {
  if (access.guards.length === 0) return { kind: 'load', dtype, access, otherwise: undefined };
  let unseen = unseenValues.get(dtype);
  if (unseen === undefined) unseenValues.set(dtype, (unseen = constantValue(dtype, 0)));
  return { kind: 'load', dtype, access, otherwise: unseen };
}

/** A load under all these guards whose value where one fails is still free. */
export function isOpenLoad(value: ValueExpr, guards: readonly Guard[]): value is Extract<ValueExpr, { kind: 'load' }> {
  return value.kind === 'load' && value.access.guards === guards && value.otherwise === unseenValues.get(value.dtype);
}

export function accumulatorValue(dtype: KernelDType, index: number): ValueExpr {
  return { kind: 'accumulator', dtype, index };
}

export function elementValue(dtype: KernelDType, index: number): ValueExpr {
  return { kind: 'element', dtype, index };
}
