/** Rules of broadcast_in_dim. */
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { iota } from '../../ir/ops/stablehlo/iota.ts';
import { reshape } from '../../ir/ops/stablehlo/reshape.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { definedBy, elementCount, isIdentity, match, staticTensor } from '../match.ts';
import { movesData, rule } from '../rewrite-rule.ts';
import { insertedAxes } from './size-one-axes.ts';

export const broadcastRules = [
  rule(broadcastInDim, {
    name: 'broadcast-same',
    equation: 'broadcast<0, 1, ...>(x : T) : T = x',
    floatingPoint: movesData,
    rewrite: ({ op, attrs }) => (isIdentity(attrs.broadcast_dimensions) ? op.operand(0) : undefined),
  }),
  rule(broadcastInDim, {
    name: 'broadcast-broadcast',
    equation: 'broadcast<d>(broadcast<e>(x)) = broadcast<d o e>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), broadcastInDim);
      if (inner === undefined) return undefined;
      const dims = inner.attrs.broadcast_dimensions.map((axis) => attrs.broadcast_dimensions[axis] ?? 0);
      return makeAlike(broadcastInDim, [inner.op.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(broadcastInDim, {
    name: 'broadcast-transpose',
    equation: 'broadcast<d>(transpose<p>(x)) = broadcast<d o p^-1>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), transpose);
      if (inner === undefined) return undefined;
      const dims = new Array<number>(inner.attrs.permutation.length).fill(0);
      for (const [axis, from] of inner.attrs.permutation.entries()) dims[from] = attrs.broadcast_dimensions[axis] ?? 0;
      return makeAlike(broadcastInDim, [inner.op.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(broadcastInDim, {
    name: 'broadcast-reshape',
    equation: 'broadcast(reshape(x)) = broadcast(x), where reshape only adds axes of size 1',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = definedBy(op.operand(0), reshape);
      if (inner === undefined) return undefined;
      const [from, to] = [staticTensor(inner.operand(0).type), staticTensor(op.operand(0).type)];
      if (from === undefined || to === undefined || typeof from.element !== 'string') return undefined;
      const places = insertedAxes(from.shape, to.shape);
      if (places === undefined || places.includes(-1)) return undefined;
      const dims = places.map((axis) => attrs.broadcast_dimensions[axis] ?? 0);
      return makeAlike(broadcastInDim, [inner.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(broadcastInDim, {
    name: 'broadcast-iota',
    equation: 'broadcast<d>(iota<a>()) = iota<d[a]>()',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const inner = match(op.operand(0), iota);
      const [from, to] = [staticTensor(op.operand(0).type), staticTensor(op.result().type)];
      if (inner === undefined || from === undefined || to === undefined) return undefined;
      const axis = attrs.broadcast_dimensions[inner.attrs.iota_dimension] ?? 0;
      return from.shape[inner.attrs.iota_dimension] === to.shape[axis]
        ? makeAlike(iota, [], { iota_dimension: axis })
        : undefined;
    },
  }),
  rule(broadcastInDim, {
    name: 'broadcast-of-all',
    equation: 'broadcast(x) = reshape(x), where nothing is repeated and the axes keep their order',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const count = elementCount(op.result().type);
      const operand = staticTensor(op.operand(0).type);
      if (count === undefined || operand === undefined || typeof operand.element !== 'string') return undefined;
      const axes = attrs.broadcast_dimensions.filter((_, axis) => operand.shape[axis] !== 1);
      const isOrdered = axes.every((axis, index) => index === 0 || (axes[index - 1] ?? 0) < axis);
      return isOrdered && count === elementCount(operand) ? makeAlike(reshape, [op.operand(0)]) : undefined;
    },
  }),
];
