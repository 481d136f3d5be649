/** Rules of slice: it moves towards what it cuts from, or goes. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { pad } from '../../ir/ops/stablehlo/pad.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { match, staticTensor } from '../match.ts';
import { movesData, rule } from '../rewrite-rule.ts';

export type SliceAttrs = AttributesOf<typeof slice.attributes>;

/** The part `[start, limit)` of each axis that a slice of stride 1 everywhere takes. */
function isDense(attrs: SliceAttrs): boolean {
  return attrs.strides.every((stride) => stride === 1);
}

/** The slice along `axis` alone moved by `-offset`. */
function shifted(attrs: SliceAttrs, axis: number, offset: number): SliceAttrs {
  const move = (value: number, position: number): number => (position === axis ? value - offset : value);
  return {
    start_indices: attrs.start_indices.map(move),
    limit_indices: attrs.limit_indices.map(move),
    strides: attrs.strides,
  };
}

/** The operand of the concatenation that the slice stays within, and where this begins. */
function partWithin(
  parts: Operation,
  axis: number,
  start: number,
  limit: number,
): { readonly value: Value; readonly offset: number } | undefined {
  let offset = 0;
  for (const value of parts.operands) {
    const size = staticTensor(value.type)?.shape[axis];
    if (size === undefined) return undefined;
    if (start >= offset && limit <= offset + size && start < limit) return { value, offset };
    offset += size;
  }
  return undefined;
}

export const sliceRules = [
  rule(slice, {
    name: 'slice-of-all',
    equation: 'slice(x) = x, where it takes all',
    floatingPoint: movesData,
    rewrite({ op, attrs }) {
      const isAll = attrs.start_indices.every((start) => start === 0) && isDense(attrs);
      return isAll && staticTensor(op.operand(0).type) !== undefined ? op.operand(0) : undefined;
    },
  }),
  rule(slice, {
    name: 'slice-slice',
    equation: 'slice(slice(x)) = slice(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), slice);
      if (inner === undefined) return undefined;
      const { start_indices: starts, strides } = inner.attrs;
      const outer = staticTensor(op.result().type);
      if (outer === undefined) return undefined;
      // Where nothing is taken, strides may lead past the end.
      const from = attrs.start_indices.map((start, axis) =>
        outer.shape[axis] === 0 ? 0 : (starts[axis] ?? 0) + start * (strides[axis] ?? 1),
      );
      const steps = attrs.strides.map((stride, axis) => stride * (strides[axis] ?? 1));
      // The limit is right after the last element taken, so that it stays in bounds.
      const limits = from.map((start, axis) => {
        const size = outer.shape[axis] ?? 0;
        return size === 0 ? start : start + (size - 1) * (steps[axis] ?? 1) + 1;
      });
      return makeAlike(slice, [inner.op.operand(0)], { start_indices: from, limit_indices: limits, strides: steps });
    },
  }),
  rule(slice, {
    name: 'slice-concatenate',
    equation: 'slice(concatenate(..., x, ...)) = slice(x), where it takes from x only',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), concatenate);
      if (inner === undefined) return undefined;
      const axis = inner.attrs.dimension;
      const found = partWithin(inner.op, axis, attrs.start_indices[axis] ?? 0, attrs.limit_indices[axis] ?? 0);
      return found === undefined ? undefined : makeAlike(slice, [found.value], shifted(attrs, axis, found.offset));
    },
  }),
  rule(slice, {
    name: 'slice-broadcast',
    equation: 'slice(broadcast(x)) = broadcast(slice(x)), or broadcast(x) where x is not cut',
    floatingPoint: movesData,
    rewrite({ op, attrs, make, makeAlike }) {
      const inner = match(op.operand(0), broadcastInDim);
      const from = staticTensor(inner?.op.operand(0).type);
      const middle = staticTensor(op.operand(0).type);
      if (inner === undefined || from === undefined || middle === undefined) return undefined;
      const dims = inner.attrs.broadcast_dimensions;
      const isCopied = from.shape.map((size, axis) => size === middle.shape[dims[axis] ?? 0]);
      const part: SliceAttrs = {
        start_indices: dims.map((axis, index) => (isCopied[index] === true ? (attrs.start_indices[axis] ?? 0) : 0)),
        limit_indices: dims.map((axis, index) => (isCopied[index] === true ? (attrs.limit_indices[axis] ?? 0) : 1)),
        strides: dims.map((axis, index) => (isCopied[index] === true ? (attrs.strides[axis] ?? 1) : 1)),
      };
      const isUncut = from.shape.every(
        (size, axis) => part.start_indices[axis] === 0 && part.limit_indices[axis] === size && part.strides[axis] === 1,
      );
      const source = isUncut ? inner.op.operand(0) : make(slice, [inner.op.operand(0)], part);
      return makeAlike(broadcastInDim, [source], { broadcast_dimensions: dims });
    },
  }),
  rule(slice, {
    name: 'slice-transpose',
    equation: 'slice(transpose(x)) = transpose(slice(x))',
    floatingPoint: movesData,
    rewrite({ op, attrs, make, makeAlike }) {
      const inner = match(op.operand(0), transpose);
      if (inner === undefined || !op.operand(0).hasOneUse) return undefined;
      const { permutation } = inner.attrs;
      const moved = (list: readonly number[]): number[] => {
        const result = [...list];
        for (const [axis, from] of permutation.entries()) result[from] = list[axis] ?? 0;
        return result;
      };
      const source = make(slice, [inner.op.operand(0)], {
        start_indices: moved(attrs.start_indices),
        limit_indices: moved(attrs.limit_indices),
        strides: moved(attrs.strides),
      });
      return makeAlike(transpose, [source], { permutation });
    },
  }),
  rule(slice, {
    name: 'slice-pad',
    equation: 'slice(pad(x, v)) = slice(x), where it takes from x only; = broadcast(v), where it takes padding only',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), pad);
      const operand = staticTensor(inner?.op.operand(0).type);
      if (inner === undefined || operand === undefined) return undefined;
      const { edge_padding_low: low, interior_padding: interior } = inner.attrs;
      const lows = low.map((amount, axis) => (attrs.start_indices[axis] ?? 0) - amount);
      const highs = low.map((amount, axis) => (attrs.limit_indices[axis] ?? 0) - amount);
      const spread = operand.shape.map((size, axis) => size + Math.max(size - 1, 0) * (interior[axis] ?? 0));
      if (spread.some((size, axis) => (highs[axis] ?? 0) <= 0 || (lows[axis] ?? 0) >= size)) {
        return makeAlike(broadcastInDim, [inner.op.operand(1)], { broadcast_dimensions: [] });
      }
      const isInside = operand.shape.every(
        (size, axis) => interior[axis] === 0 && (lows[axis] ?? -1) >= 0 && (highs[axis] ?? 0) <= size,
      );
      return isInside
        ? makeAlike(slice, [inner.op.operand(0)], { start_indices: lows, limit_indices: highs, strides: attrs.strides })
        : undefined;
    },
  }),
];
