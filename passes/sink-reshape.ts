/**
 * Reshapes sink below elementwise ops: of several, one is left, and reshapes meet others that they make one with.
 *
 *     %0 = stablehlo.reshape %a : (tensor<6xf32>) -> tensor<2x3xf32>         %0 = stablehlo.add %a, %b : tensor<6xf32>
 *     %1 = stablehlo.reshape %b : (tensor<6xf32>) -> tensor<2x3xf32>    ->   %1 = stablehlo.reshape %0 : (tensor<6xf32>) -> tensor<2x3xf32>
 *     %2 = stablehlo.add %0, %1 : tensor<2x3xf32>
 *
 * Operands without a reshape may be constants, which have the same bytes in any shape, and broadcast scalars. Fires when a
 * reshape goes and the new one is of no more bytes than those that go.
 * Reshapes that meet on the way become one, or none: else a long chain of them would take as many steps as its length squared.
 */
import type { Operation, Value } from '../ir/operation.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import { reshape } from '../ir/ops/stablehlo/reshape.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { tensorType } from '../ir/types.ts';
import { constantOf, createConstant } from './constants.ts';
import { reshapeRules } from './algebraic-simplify/reshapes.ts';
import { rewriteGreedily } from './greedy-rewrite.ts';
import { definedBy, sameShape, type StaticTensor, staticTensor } from './match.ts';
import { definePass } from './pass.ts';
import { movesData, ruleFor } from './rewrite-rule.ts';
import {
  type BeforeMove,
  computeBefore,
  isScalarOperand,
  isWorthSinking,
  sinkableOps,
  sinkableResult,
} from './sinking.ts';

const sinkRule = ruleFor(sinkableOps, {
  name: 'sink-reshape',
  equation: 'f(reshape(x), reshape(y)) = reshape(f(x, y)) for elementwise f and x, y of one shape',
  floatingPoint: movesData,
  rewrite({ op, rewriter, makeAlike }) {
    const result = sinkableResult(op);
    const first = op.operands.find((value) => definedBy(value, reshape) !== undefined);
    const source = first === undefined ? undefined : staticTensor(first.definingOp?.operand(0).type);
    if (result === undefined || source === undefined) return undefined;
    const isMoved = (value: Value): boolean => {
      const inner = definedBy(value, reshape);
      return inner !== undefined && sameShape(inner.operand(0).type, source);
    };
    const before = op.operands.map((value) => beforeReshape(value, isMoved, { op, result, source, rewriter }));
    if (!before.every((make) => make !== undefined)) return undefined;
    if (!isWorthSinking(op, op.operands.filter(isMoved))) return undefined;
    return makeAlike(reshape, [computeBefore(op, before, source.shape, rewriter)]);
  },
});

interface Move {
  readonly op: Operation;
  readonly result: StaticTensor;
  /** A type of the shape before the reshape. */
  readonly source: StaticTensor;
  readonly rewriter: Rewriter;
}

function beforeReshape(value: Value, isMoved: (value: Value) => boolean, move: Move): BeforeMove | undefined {
  const { op, result, source, rewriter } = move;
  const type = staticTensor(value.type);
  if (type === undefined) return undefined;
  if (isMoved(value)) return () => value.definingOp?.operand(0) ?? value;
  if (isScalarOperand(value, result)) return () => value;
  const moved = tensorType(source.shape, type.element);
  const attribute = constantOf(value);
  if (attribute !== undefined) return () => createConstant(rewriter, op, { ...attribute, type: moved });
  const scalar = definedBy(value, broadcastInDim)?.operand(0);
  if (scalar === undefined || staticTensor(scalar.type)?.shape.length !== 0) return undefined;
  const options = { resultTypes: [moved] };
  return () => rewriter.createBefore(op, broadcastInDim, [scalar], { broadcast_dimensions: [] }, options).result();
}

export const sinkReshape = definePass({
  name: 'sink-reshape',
  summary: 'compute before reshaping, where that leaves fewer or smaller reshapes',
  run: (module, context) => rewriteGreedily(module, [...reshapeRules, sinkRule], context).changed,
});
