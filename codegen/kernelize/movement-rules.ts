/** Ops that only move data: each element of the result is an element of an operand elsewhere, so they become indices. */
import { dtypeInfo } from '../../ir/dtype.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import type { constant } from '../../ir/ops/stablehlo/constant.ts';
import type { getDimensionSize } from '../../ir/ops/stablehlo/get-dimension-size.ts';
import type { iota } from '../../ir/ops/stablehlo/iota.ts';
import type { pad } from '../../ir/ops/stablehlo/pad.ts';
import type { reverse } from '../../ir/ops/stablehlo/reverse.ts';
import type { slice } from '../../ir/ops/stablehlo/slice.ts';
import type { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { addSizes, type Size } from '../kernel/size.ts';
import type { Guard, IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import type { ElementContext, ElementRule, Place } from './element-context.ts';
import {
  binary,
  constantValue,
  convertValue,
  dimensionsOf,
  elementOf,
  guardedValue,
  indexValue,
  isOpenLoad,
  requireKernelDType,
  selectValue,
  unsupportedKernel,
} from './expressions.ts';
import type { GuardSet, IndexAlgebra } from './index-algebra.ts';
import { bitsOfElement, elementOfBits, unsignedWord } from './narrow-elements.ts';
import { reshapeIndices } from './reshape-indices.ts';
import { splatOfConstant } from './splat-constant.ts';

/** An element under more guards than its surroundings; `otherwise` where the new ones fail. */
export function elementOr(
  value: Value,
  inner: Place,
  outer: GuardSet,
  otherwise: () => ValueExpr,
  context: ElementContext,
): ValueExpr {
  const element = context.element(value, inner);
  const added = context.algebra.newGuards(outer, inner.guards);
  if (added.length === 0) return element;
  if (isOpenLoad(element, inner.guards.guards)) return { ...element, otherwise: otherwise() };
  return selectValue(guardedValue(added), element, otherwise());
}

/** `operand` at indices computed from those of the result. */
function moved(
  map: (op: Operation, indices: readonly IndexExpr[], algebra: IndexAlgebra) => readonly IndexExpr[],
): ElementRule {
  return (op, { indices, guards }, context) =>
    context.element(op.operand(0), { indices: map(op, indices, context.algebra), guards });
}

export const broadcastRule = moved((op, indices, algebra) => {
  const { broadcast_dimensions: dims } = attributesOf<typeof broadcastInDim.attributes>(op);
  const shape = dimensionsOf(op.operand(0), op);
  return shape.map((size, axis) => (size === 1 ? algebra.zero : (indices[dims[axis] ?? 0] ?? algebra.zero)));
});

export const transposeRule = moved((op, indices, algebra) => {
  const { permutation } = attributesOf<typeof transpose.attributes>(op);
  const result = permutation.map(() => algebra.zero);
  for (const [axis, from] of permutation.entries()) result[from] = indices[axis] ?? algebra.zero;
  return result;
});

export const sliceRule = moved((op, indices, algebra) => {
  const { start_indices: starts, strides } = attributesOf<typeof slice.attributes>(op);
  return indices.map((index, axis) => algebra.offset(algebra.scale(index, strides[axis] ?? 1), starts[axis] ?? 0));
});

export const reverseRule = moved((op, indices, algebra) => {
  const { dimensions } = attributesOf<typeof reverse.attributes>(op);
  const shape = dimensionsOf(op.operand(0), op);
  return indices.map((index, axis) =>
    dimensions.includes(axis)
      ? algebra.add(algebra.size(addSizes(shape[axis] ?? 1, -1)), algebra.scale(index, -1))
      : index,
  );
});

export const reshapeRule = moved((op, indices, algebra) =>
  reshapeIndices(indices, dimensionsOf(op.operand(0), op), dimensionsOf(op.result(), op), algebra),
);

/** The position before dilation, and the guards that say there is an element. */
export function undilated(
  position: IndexExpr,
  dilation: number,
  extent: Size,
  algebra: IndexAlgebra,
): { readonly index: IndexExpr; readonly guards: readonly Guard[] } {
  if (dilation === 1) return { index: position, guards: [{ index: position, extent }] };
  const index = algebra.floorDivide(position, dilation);
  return {
    index,
    guards: [
      { index, extent },
      { index: algebra.modulo(position, dilation), extent: 1 },
    ],
  };
}

export const padRule: ElementRule = (op, { indices, guards }, context) => {
  const { edge_padding_low: low, interior_padding: interior } = attributesOf<typeof pad.attributes>(op);
  const { algebra } = context;
  const shape = dimensionsOf(op.operand(0), op);
  const places = indices.map((index, axis) =>
    undilated(algebra.offset(index, -(low[axis] ?? 0)), (interior[axis] ?? 0) + 1, shape[axis] ?? 1, algebra),
  );
  const inner = {
    indices: places.map((place) => place.index),
    guards: algebra.guards(
      guards,
      places.flatMap((place) => place.guards),
    ),
  };
  const padding = (): ValueExpr => context.element(op.operand(1), { indices: [], guards });
  return elementOr(op.operand(0), inner, guards, padding, context);
};

/** The first input that reaches to the index; the last one needs no question. */
export const concatenateRule: ElementRule = (op, { indices, guards }, context) => {
  const { dimension } = attributesOf<typeof concatenate.attributes>(op);
  const { algebra } = context;
  const index = indices[dimension] ?? algebra.zero;
  const pieces = concatenatedPieces(op, dimension);
  const from = (position: number): ValueExpr => {
    const piece = pieces[position];
    if (piece === undefined) throw unsupportedKernel(op, 'it has no inputs');
    const start = algebra.add(index, algebra.scale(algebra.size(piece.offset), -1));
    const isLast = position === pieces.length - 1;
    const added: readonly Guard[] = isLast ? [] : [{ index: start, extent: piece.extent }];
    // All but the last are read below their ends, the last one from its start on.
    const reading = isLast ? [{ index: start, extent: piece.extent }] : added;
    const inner = {
      indices: indices.map((other, axis) => (axis === dimension ? start : other)),
      guards: algebra.guards(guards, reading),
    };
    if (isLast) return context.element(piece.value, inner);
    return elementOr(piece.value, inner, guards, () => from(position + 1), context);
  };
  return from(0);
};

export interface ConcatenatedPiece {
  readonly value: Value;
  readonly offset: Size;
  readonly extent: Size;
}

/** The inputs that have elements, each with where it starts. */
export function concatenatedPieces(op: Operation, dimension: number): readonly ConcatenatedPiece[] {
  const pieces: ConcatenatedPiece[] = [];
  let offset: Size = 0;
  for (const value of op.operands) {
    const extent = dimensionsOf(value, op)[dimension] ?? 0;
    if (extent !== 0) pieces.push({ value, offset, extent });
    offset = addSizes(offset, extent);
  }
  const [first] = op.operands;
  return pieces.length > 0 || first === undefined ? pieces : [{ value: first, offset: 0, extent: 0 }];
}

export const iotaRule: ElementRule = (op, { indices }, { algebra }) => {
  const { iota_dimension: axis } = attributesOf<typeof iota.attributes>(op);
  return indexValue(requireKernelDType(op.result(), op), indices[axis] ?? algebra.zero);
};

export const sizeRule: ElementRule = (op, _place, { algebra }) => {
  const { dimension } = attributesOf<typeof getDimensionSize.attributes>(op);
  return indexValue(requireKernelDType(op.result(), op), algebra.size(dimensionsOf(op.operand(0), op)[dimension] ?? 0));
};

export const constantRule: ElementRule = (op) => {
  const splat = splatOfConstant(attributesOf<typeof constant.attributes>(op).value);
  if (splat === undefined) throw unsupportedKernel(op, 'a constant of many elements inside a fusion');
  return constantValue(requireKernelDType(op.result(), op), splat);
};

/** Elements of another width: a wider one is made of several, a narrower one is a part. */
export const bitcastRule: ElementRule = (op, { indices, guards }, context) => {
  const { algebra } = context;
  const [from, to] = [elementOf(op.operand(0), op), elementOf(op.result(), op)];
  const [fromBits, toBits] = [dtypeInfo(from).bits, dtypeInfo(to).bits];
  const register = requireKernelDType(op.result(), op);
  const operand = (at: readonly IndexExpr[]): ValueExpr =>
    bitsOfElement(context.element(op.operand(0), { indices: at, guards }), from);
  if (fromBits > toBits) {
    const part = indices.at(-1) ?? algebra.zero;
    const whole = operand(indices.slice(0, -1));
    const shift = indexValue(whole.dtype, algebra.scale(part, toBits));
    const low = convertValue(binary('shift-right-logical', whole, shift), unsignedWord(Math.max(8, toBits)));
    const kept = toBits < 8 ? binary('and', low, constantValue(low.dtype, (1 << toBits) - 1)) : low;
    return elementOfBits(kept, to, register);
  }
  if (fromBits === toBits) return elementOfBits(operand(indices), to, register);
  const word = unsignedWord(Math.max(8, toBits));
  const parts = Array.from({ length: toBits / fromBits }, (_, part) => {
    const bits = convertValue(operand([...indices, algebra.constant(part)]), word);
    return part === 0 ? bits : binary('shift-left', bits, constantValue(word, part * fromBits));
  });
  const whole = parts.reduce((sum, part) => binary('or', sum, part));
  return elementOfBits(whole, to, register);
};

export const mapRule: ElementRule = (op, place, context) => {
  const elements = op.operands.map((operand) => context.element(operand, place));
  const [result] = context.applyRegion(op, elements, place);
  if (result === undefined) throw unsupportedKernel(op, 'its region gives nothing');
  return result;
};
