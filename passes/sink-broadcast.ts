/**
 * Broadcasts sink below elementwise ops, so that the smaller tensor is computed with.
 *
 *     %0 = stablehlo.broadcast_in_dim %a, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
 *     %1 = stablehlo.exponential %0 : tensor<2x3xf32>
 *       ->
 *     %0 = stablehlo.exponential %a : tensor<3xf32>
 *     %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
 *
 * All operands must be broadcast alike, or be splats or broadcast scalars. Fires whenever the operand is smaller than the
 * result: the broadcast then writes what the op wrote before, and the op less. What computes on scalars alone stays scalar.
 * Broadcasts that meet on the way become one: else a long chain of them would take as many steps as its length squared.
 */
import type { Operation, Value } from '../ir/operation.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { tensorType } from '../ir/types.ts';
import { broadcastRules } from './algebraic-simplify/broadcasts.ts';
import { rewriteGreedily } from './greedy-rewrite.ts';
import { elementCount, equalLists, match, sameShape, type StaticTensor, staticTensor } from './match.ts';
import { definePass } from './pass.ts';
import { movesData, ruleFor } from './rewrite-rule.ts';
import {
  type BeforeMove,
  computeBefore,
  isScalarOperand,
  sinkableOps,
  sinkableResult,
  splatBefore,
} from './sinking.ts';

const sinkRule = ruleFor(sinkableOps, {
  name: 'sink-broadcast',
  equation: 'f(broadcast<d>(x), broadcast<d>(y)) = broadcast<d>(f(x, y)) for elementwise f and x, y of one shape',
  floatingPoint: movesData,
  rewrite({ op, rewriter, makeAlike }) {
    const result = sinkableResult(op);
    const source = result === undefined ? undefined : largestSource(op, result);
    if (result === undefined || source === undefined) return undefined;
    if ((elementCount(source.type) ?? Infinity) >= (elementCount(result) ?? 0)) return undefined;
    const before = op.operands.map((value) => beforeBroadcast(value, { op, result, source, rewriter }));
    if (!before.every((make) => make !== undefined)) return undefined;
    const computed = computeBefore(op, before, source.type.shape, rewriter);
    return makeAlike(broadcastInDim, [computed], { broadcast_dimensions: source.dims });
  },
});

/** What is broadcast, and where its dimensions go. */
interface Source {
  readonly type: StaticTensor;
  readonly dims: readonly number[];
}

interface Move {
  readonly op: Operation;
  readonly result: StaticTensor;
  readonly source: Source;
  readonly rewriter: Rewriter;
}

function sourceOf(value: Value): Source | undefined {
  const broadcast = match(value, broadcastInDim);
  const type = staticTensor(broadcast?.op.operand(0).type);
  if (broadcast === undefined || type === undefined) return undefined;
  return { type, dims: broadcast.attrs.broadcast_dimensions };
}

/** Of the operands that are broadcast, one with the most dimensions: scalars can follow any. */
function largestSource(op: Operation, result: StaticTensor): Source | undefined {
  let largest: Source | undefined;
  for (const { value } of op.operandUses) {
    const source = isScalarOperand(value, result) ? undefined : sourceOf(value);
    if (source === undefined) continue;
    if (largest === undefined || source.dims.length > largest.dims.length) largest = source;
  }
  return largest;
}

function beforeBroadcast(value: Value, move: Move): BeforeMove | undefined {
  const { op, result, source, rewriter } = move;
  if (isScalarOperand(value, result)) return () => value;
  const own = sourceOf(value);
  const operand = value.definingOp;
  if (own === undefined || operand === undefined) return splatBefore(value, source.type.shape, op, rewriter);
  const inner = operand.operand(0);
  if (sameShape(own.type, source.type) && equalLists(own.dims, source.dims)) return () => inner;
  if (own.dims.length > 0) return undefined;
  const options = { resultTypes: [tensorType(source.type.shape, own.type.element)] };
  return () => rewriter.createBefore(op, broadcastInDim, [inner], { broadcast_dimensions: [] }, options).result();
}

export const sinkBroadcast = definePass({
  name: 'sink-broadcast',
  summary: 'compute before broadcasting, on fewer elements',
  run: (module, context) => rewriteGreedily(module, [...broadcastRules, sinkRule], context).changed,
});
