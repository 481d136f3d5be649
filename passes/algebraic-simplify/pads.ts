/** Rules of pad and reverse. */
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { pad } from '../../ir/ops/stablehlo/pad.ts';
import { reverse } from '../../ir/ops/stablehlo/reverse.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { splatOf } from '../constants.ts';
import { equalLists, match, staticTensor } from '../match.ts';
import type { Value } from '../../ir/operation.ts';
import { movesData, rule } from '../rewrite-rule.ts';

const isZero = (amount: number): boolean => amount === 0;

/** The same value, or constants of the same bits. */
function isSameScalar(a: Value, b: Value): boolean {
  if (a === b) return true;
  const [left, right] = [splatOf(a), splatOf(b)];
  if (left === undefined || right === undefined || a.type !== b.type) return false;
  return left.every((slot: number | bigint, index: number) => Object.is(slot, right[index]));
}

export const padRules = [
  rule(pad, {
    name: 'pad-nothing',
    equation: 'pad<0, 0, 0>(x, v) = x',
    floatingPoint: movesData,
    rewrite({ op, attrs }) {
      const { edge_padding_low: low, edge_padding_high: high, interior_padding: interior } = attrs;
      return low.every(isZero) && high.every(isZero) && interior.every(isZero) ? op.operand(0) : undefined;
    },
  }),
  rule(pad, {
    name: 'pad-cuts',
    equation: 'pad(x, v) = slice(x), where all padding is negative or 0',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const operand = staticTensor(op.operand(0).type);
      const { edge_padding_low: low, edge_padding_high: high, interior_padding: interior } = attrs;
      const isCut = low.every((amount) => amount <= 0) && high.every((amount) => amount <= 0) && interior.every(isZero);
      if (!isCut || operand === undefined) return undefined;
      return makeAlike(slice, [op.operand(0)], {
        start_indices: low.map((amount) => 0 - amount),
        limit_indices: operand.shape.map((size, axis) => size + (high[axis] ?? 0)),
        strides: low.map(() => 1),
      });
    },
  }),
  rule(pad, {
    name: 'pad-of-nothing',
    equation: 'pad(x, v) = broadcast(v), where x has no elements',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const operand = staticTensor(op.operand(0).type);
      const isEmpty = operand?.shape.includes(0) === true && staticTensor(op.result().type) !== undefined;
      return isEmpty ? makeAlike(broadcastInDim, [op.operand(1)], { broadcast_dimensions: [] }) : undefined;
    },
  }),
  rule(pad, {
    name: 'pad-pad',
    equation: 'pad<l, h>(pad<m, k>(x, v), v) = pad<l + m, h + k>(x, v)',
    floatingPoint: `${movesData}; no interior padding, none negative`,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), pad);
      if (inner === undefined || !isSameScalar(inner.op.operand(1), op.operand(1))) return undefined;
      const all = [attrs, inner.attrs];
      const isSimple = all.every(
        ({ edge_padding_low: low, edge_padding_high: high, interior_padding: interior }) =>
          interior.every(isZero) && [...low, ...high].every((amount) => amount >= 0),
      );
      if (!isSimple) return undefined;
      const sum = (a: readonly number[], b: readonly number[]): number[] =>
        a.map((value, axis) => value + (b[axis] ?? 0));
      return makeAlike(pad, [inner.op.operand(0), op.operand(1)], {
        edge_padding_low: sum(attrs.edge_padding_low, inner.attrs.edge_padding_low),
        edge_padding_high: sum(attrs.edge_padding_high, inner.attrs.edge_padding_high),
        interior_padding: attrs.interior_padding,
      });
    },
  }),
  rule(reverse, {
    name: 'reverse-nothing',
    equation: 'reverse<>(x) = x',
    floatingPoint: movesData,
    rewrite: ({ op, attrs }) => (attrs.dimensions.length === 0 ? op.operand(0) : undefined),
  }),
  rule(reverse, {
    name: 'reverse-size-one',
    equation: 'reverse<d>(x) = reverse<d without e>(x), where axis e has at most one element',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const shape = staticTensor(op.operand(0).type)?.shape;
      const dimensions = attrs.dimensions.filter((axis) => (shape?.[axis] ?? 2) > 1);
      return equalLists(dimensions, attrs.dimensions) ? undefined : makeAlike(reverse, [op.operand(0)], { dimensions });
    },
  }),
  rule(reverse, {
    name: 'reverse-reverse',
    equation: 'reverse<d>(reverse<e>(x)) = reverse<d xor e>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), reverse);
      if (inner === undefined) return undefined;
      const [outer, other] = [attrs.dimensions, inner.attrs.dimensions];
      const dimensions = [
        ...outer.filter((axis) => !other.includes(axis)),
        ...other.filter((axis) => !outer.includes(axis)),
      ].sort((a, b) => a - b);
      return makeAlike(reverse, [inner.op.operand(0)], { dimensions });
    },
  }),
  rule(reverse, {
    name: 'reverse-broadcast',
    equation: 'reverse<d>(broadcast(x)) = reverse<d without e>(broadcast(x)), where axis e repeats',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), broadcastInDim);
      const from = staticTensor(inner?.op.operand(0).type);
      if (inner === undefined || from === undefined) return undefined;
      const varying = inner.attrs.broadcast_dimensions.filter((_, axis) => from.shape[axis] !== 1);
      const dimensions = attrs.dimensions.filter((axis) => varying.includes(axis));
      return equalLists(dimensions, attrs.dimensions) ? undefined : makeAlike(reverse, [op.operand(0)], { dimensions });
    },
  }),
];
