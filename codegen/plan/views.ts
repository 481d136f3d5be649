/**
 * Ops that move no element: their result lies in their operand's memory, or their operands in the result's. A fusion of one op is that
 * op. Offsets are known at compile time; where a size bound late would move them, the op is a kernel.
 */
import { dtypeInfo, storageBytes } from '../../ir/dtype.ts';
import { equalOrders, isSameMemory, orderOf, reshapedDimensions, wideDimensions } from '../../ir/dimension-order.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import type { slice } from '../../ir/ops/stablehlo/slice.ts';
import type { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';
import { hasDType, isTensor, type TensorType } from '../../ir/types.ts';

/** Result `index` of an op, as bytes of one of its operands. */
export interface ViewOf {
  readonly operand: Value;
  readonly byteOffset: number;
  /** The result is all of the operand. */
  readonly isWhole: boolean;
}

/** For each result, what it is a view of; undefined for an op that computes, or that moves elements into another dimension order. */
export function viewsOf(op: Operation): readonly ViewOf[] | undefined {
  if (op.name === 'stablehlo.optimization_barrier')
    return op.operands.map((operand) => ({ operand, byteOffset: 0, isWhole: true }));
  const views = innerResults(op).map((value) => seenThrough(value, op));
  const known = views.filter((view) => view !== undefined);
  return known.length === views.length ? known : undefined;
}

/** Where each operand of a concatenation begins in the result, in bytes; undefined where the result interleaves them. */
export function concatenatedOffsets(op: Operation): readonly { value: Value; byteOffset: number }[] | undefined {
  const [result, ...others] = innerResults(op);
  const inner = result?.definingOp;
  if (result === undefined || inner?.name !== 'stablehlo.concatenate' || others.length > 0) return undefined;
  const { dimension } = attributesOf<typeof concatenate.attributes>(inner);
  const offsets: { value: Value; byteOffset: number }[] = [];
  let next = 0;
  for (const piece of inner.operands) {
    const bytes = staticBytes(piece);
    const value = inner === op ? piece : wholeOperand(piece, op);
    if (bytes === undefined || value === undefined || !isOuter(piece, dimension)) return undefined;
    if (!isTensor(piece.type) || !isTensor(result.type) || !isAlike(result.type, piece.type)) return undefined;
    offsets.push({ value, byteOffset: next });
    next += bytes;
  }
  return offsets;
}

/** What computes the results of an op: they themselves, or in a fusion what it returns. */
function innerResults(op: Operation): readonly Value[] {
  return op.name === fusion.name ? (op.region().block.terminator?.operands ?? []) : op.results;
}

/** The operand of `op` of which `value` is a view, through any number of ops inside of it. */
function seenThrough(value: Value, op: Operation): ViewOf | undefined {
  let byteOffset = 0;
  let isWhole = true;
  for (let at = value; ;) {
    const inner = at.definingOp;
    if (inner === undefined)
      return at.argumentOf === op.regions[0]?.block
        ? { operand: op.operand(at.index), byteOffset, isWhole }
        : undefined;
    const step = viewOffset(inner);
    if (step === undefined) return undefined;
    byteOffset += step;
    isWhole &&= inner.name !== 'stablehlo.slice';
    at = inner.operand(0);
    if (inner === op) return { operand: at, byteOffset, isWhole };
  }
}

function wholeOperand(value: Value, op: Operation): Value | undefined {
  const view = seenThrough(value, op);
  return view?.isWhole === true ? view.operand : undefined;
}

function viewOffset(op: Operation): number | undefined {
  switch (op.name) {
    case 'stablehlo.reshape':
      return keepsPlaces(op) ? 0 : undefined;
    case 'stablehlo.transpose': {
      const { permutation } = attributesOf<typeof transpose.attributes>(op);
      return inPlaces(op, permutation) ? 0 : undefined;
    }
    case 'tessera.relayout':
      return inPlaces(op) ? 0 : undefined;
    case 'stablehlo.bitcast_convert':
      return (keepsBits(op) && inPlaces(op)) || joinsBytes(op) ? 0 : undefined;
    case 'stablehlo.slice':
      return sliceOffset(op);
    default:
      return undefined;
  }
}

/** A reshape moves nothing in row-major memory; in another order, if only dimensions of size 1 come and go. */
function keepsPlaces(op: Operation): boolean {
  const [from, to] = [op.operand(0).type, op.result().type];
  if (!isTensor(from) || !isTensor(to)) return false;
  if (from.order === undefined && to.order === undefined) return true;
  const toOperand = reshapedDimensions(from.shape, to.shape);
  return toOperand !== undefined && isSameMemory(from, to, toOperand);
}

/** True when the elements lie where the operand's do; the dimensions are the operand's by a permutation, or the same. */
function inPlaces(op: Operation, permutation?: readonly number[]): boolean {
  const [from, to] = [op.operand(0).type, op.result().type];
  if (!isTensor(from) || !isTensor(to)) return false;
  return isSameMemory(from, to, permutation ?? from.shape.map((_, dimension) => dimension));
}

/** Elements keep their width, and are whole bytes. */
function keepsBits(op: Operation): boolean {
  const [from, to] = [op.operand(0).type, op.result().type];
  if (!isTensor(from) || !isTensor(to) || !hasDType(from) || !hasDType(to)) return false;
  const [a, b] = [dtypeInfo(from.element), dtypeInfo(to.element)];
  return a.bits === b.bits && a.bits >= 8 && a.kind !== 'complex' && b.kind !== 'complex';
}

/** Elements of whole bytes side by side become one of as many bits, or one becomes several. */
function joinsBytes(op: Operation): boolean {
  const [from, to] = [op.operand(0).type, op.result().type];
  if (!isTensor(from) || !isTensor(to) || !hasDType(from) || !hasDType(to)) return false;
  if (from.order !== undefined || to.order !== undefined) return false;
  return [from.element, to.element].every((element) => {
    const { bits, kind } = dtypeInfo(element);
    return bits >= 8 && kind !== 'complex';
  });
}

/** A slice without strides whose elements are consecutive: one index of the outer dimensions, a range of one, all of the inner. */
function sliceOffset(op: Operation): number | undefined {
  const type = staticType(op.operand(0));
  const result = staticType(op.result());
  if (type === undefined || result === undefined || !isAlike(type, result)) return undefined;
  const { start_indices: starts, limit_indices: limits, strides } = attributesOf<typeof slice.attributes>(op);
  let elements = 0;
  let stride = 1;
  let isPartial = false;
  for (const axis of orderOf(type).toReversed()) {
    const [start, limit, extent] = [starts[axis] ?? 0, limits[axis] ?? 0, Number(type.shape[axis])];
    const size = limit - start;
    if (size !== 1 && (isPartial || (strides[axis] ?? 1) !== 1)) return undefined;
    isPartial ||= size !== extent;
    elements += start * stride;
    stride *= extent;
  }
  return elements * storageBytes(type.element);
}

type NumberTensor = TensorType & { readonly element: Parameters<typeof storageBytes>[0] };

function staticType({ type }: Value): NumberTensor | undefined {
  return isTensor(type) && hasDType(type) && type.shape.every((dim) => typeof dim === 'number') ? type : undefined;
}

function staticBytes(value: Value): number | undefined {
  const type = staticType(value);
  return type?.shape.reduce<number>((bytes, dim) => bytes * Number(dim), storageBytes(type.element));
}

/** True when all dimensions that lie outside of `dimension` are 1. */
function isOuter({ type }: Value, dimension: number): boolean {
  if (!isTensor(type)) return false;
  const order = orderOf(type);
  return order.slice(0, order.indexOf(dimension)).every((outer) => type.shape[outer] === 1);
}

/** One order, but for dimensions that have size 1 in `part`. */
function isAlike(whole: TensorType, part: TensorType): boolean {
  return equalOrders(wideDimensions(orderOf(whole), part.shape), wideDimensions(orderOf(part), part.shape));
}
