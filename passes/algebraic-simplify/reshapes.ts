/** Rules of reshape and transpose. */
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { iota } from '../../ir/ops/stablehlo/iota.ts';
import { reshape } from '../../ir/ops/stablehlo/reshape.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { definedBy, inversePermutation, isIdentity, match, staticTensor } from '../match.ts';
import { movesData, rule } from '../rewrite-rule.ts';
import { insertedAxes } from './size-one-axes.ts';

export const reshapeRules = [
  rule(reshape, {
    name: 'reshape-same',
    equation: 'reshape<T>(x : T) = x',
    floatingPoint: movesData,
    rewrite: ({ op }) => (op.operand(0).type === op.result().type ? op.operand(0) : undefined),
  }),
  rule(reshape, {
    name: 'reshape-reshape',
    equation: 'reshape(reshape(x)) = reshape(x)',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), reshape);
      return inner === undefined ? undefined : makeAlike(reshape, [inner.operand(0)]);
    },
  }),
  rule(reshape, {
    name: 'reshape-broadcast',
    equation:
      'reshape(broadcast(x)) = broadcast(x), where reshape only adds or drops axes of size 1 that x has no part in',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const inner = match(op.operand(0), broadcastInDim);
      const [from, to] = [staticTensor(op.operand(0).type), staticTensor(op.result().type)];
      if (inner === undefined || from === undefined || to === undefined) return undefined;
      const target = insertedAxes(from.shape, to.shape);
      if (target === undefined) return undefined;
      const dims = inner.attrs.broadcast_dimensions.map((axis) => target[axis] ?? -1);
      return dims.includes(-1)
        ? undefined
        : makeAlike(broadcastInDim, [inner.op.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(transpose, {
    name: 'transpose-identity',
    equation: 'transpose<0, 1, ...>(x) = x',
    floatingPoint: movesData,
    rewrite: ({ op, attrs }) => (isIdentity(attrs.permutation) ? op.operand(0) : undefined),
  }),
  rule(transpose, {
    name: 'transpose-transpose',
    equation: 'transpose<p>(transpose<q>(x)) = transpose<q o p>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), transpose);
      if (inner === undefined) return undefined;
      const permutation = attrs.permutation.map((axis) => inner.attrs.permutation[axis] ?? 0);
      if (isIdentity(permutation) && inner.op.operand(0).type === op.result().type) return inner.op.operand(0);
      return makeAlike(transpose, [inner.op.operand(0)], { permutation });
    },
  }),
  rule(transpose, {
    name: 'transpose-of-size-one',
    equation: 'transpose(x) = reshape(x), where only axes of size 1 change their place',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const operand = staticTensor(op.operand(0).type);
      if (operand === undefined || typeof operand.element !== 'string') return undefined;
      const moving = attrs.permutation.filter((axis) => operand.shape[axis] !== 1);
      const isKept = moving.every((axis, index) => index === 0 || (moving[index - 1] ?? 0) < axis);
      return isKept && !isIdentity(attrs.permutation) ? makeAlike(reshape, [op.operand(0)]) : undefined;
    },
  }),
  rule(transpose, {
    name: 'transpose-broadcast',
    equation: 'transpose(broadcast<d>(x)) = broadcast<p o d>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), broadcastInDim);
      if (inner === undefined) return undefined;
      const place = inversePermutation(attrs.permutation);
      const dims = inner.attrs.broadcast_dimensions.map((axis) => place[axis] ?? 0);
      return makeAlike(broadcastInDim, [inner.op.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(transpose, {
    name: 'transpose-iota',
    equation: 'transpose<p>(iota<d>()) = iota<p^-1(d)>()',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), iota);
      if (inner === undefined) return undefined;
      return makeAlike(iota, [], { iota_dimension: attrs.permutation.indexOf(inner.attrs.iota_dimension) });
    },
  }),
];
