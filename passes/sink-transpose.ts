/**
 * Transposes sink below elementwise ops: of several, one is left, and transposes meet others that undo them.
 *
 *     %0 = stablehlo.transpose %a, dims = [1, 0]            %0 = stablehlo.add %a, %b
 *     %1 = stablehlo.transpose %b, dims = [1, 0]      ->    %1 = stablehlo.transpose %0, dims = [1, 0]
 *     %2 = stablehlo.add %0, %1
 *
 * Operands without a transpose may be splats, small constants (transposed at compile time), broadcasts and iotas (which take
 * other dimensions). Fires when a transpose goes and the new one moves no more bytes than those that go.
 * Transposes that meet on the way become one, or none: else a long chain of them would take as many steps as its length squared.
 */
import type { Operation, Value } from '../ir/operation.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import { iota } from '../ir/ops/stablehlo/iota.ts';
import { transpose } from '../ir/ops/stablehlo/transpose.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { tensorType } from '../ir/types.ts';
import { constantOf, createConstant } from './constants.ts';
import { foldedAttr } from './fold-operation.ts';
import { reshapeRules } from './algebraic-simplify/reshapes.ts';
import { rewriteGreedily } from './greedy-rewrite.ts';
import { equalLists, inversePermutation, match, type StaticTensor, staticTensor } from './match.ts';
import { definePass, type PassContext } from './pass.ts';
import { movesData, ruleFor } from './rewrite-rule.ts';
import {
  type BeforeMove,
  computeBefore,
  isScalarOperand,
  isWorthSinking,
  sinkableOps,
  sinkableResult,
  splatBefore,
} from './sinking.ts';

const sinkRule = ruleFor(sinkableOps, {
  name: 'sink-transpose',
  equation: 'f(transpose<p>(x), transpose<p>(y)) = transpose<p>(f(x, y)) for elementwise f',
  floatingPoint: movesData,
  rewrite({ op, rewriter, context, makeAlike }) {
    const result = sinkableResult(op);
    const first = op.operands.find((value) => match(value, transpose) !== undefined);
    const permutation = first === undefined ? undefined : match(first, transpose)?.attrs.permutation;
    if (result === undefined || permutation === undefined) return undefined;
    const move = new Move(op, result, permutation, rewriter, context);
    const before = op.operands.map((value) => move.before(value));
    if (!before.every((make) => make !== undefined)) return undefined;
    if (
      !isWorthSinking(
        op,
        op.operands.filter((value) => move.isMoved(value)),
      )
    )
      return undefined;
    return makeAlike(transpose, [computeBefore(op, before, move.shape, rewriter)], { permutation });
  },
});

/** One transpose that an op may sink below. */
class Move {
  /** Of the operands before the transpose. */
  readonly shape: readonly number[];
  readonly #op: Operation;
  readonly #result: StaticTensor;
  readonly #permutation: readonly number[];
  readonly #rewriter: Rewriter;
  readonly #context: PassContext;

  constructor(
    op: Operation,
    result: StaticTensor,
    permutation: readonly number[],
    rewriter: Rewriter,
    context: PassContext,
  ) {
    this.#op = op;
    this.#result = result;
    this.#permutation = permutation;
    this.#rewriter = rewriter;
    this.#context = context;
    this.shape = inversePermutation(permutation).map((axis) => result.shape[axis] ?? 0);
  }

  isMoved(value: Value): boolean {
    const found = match(value, transpose);
    return found !== undefined && equalLists(found.attrs.permutation, this.#permutation);
  }

  /** What the operand is before the transpose. */
  before(value: Value): BeforeMove | undefined {
    const type = staticTensor(value.type);
    if (type === undefined) return undefined;
    if (isScalarOperand(value, this.#result)) return () => value;
    if (this.isMoved(value)) return () => value.definingOp?.operand(0) ?? value;
    return (
      splatBefore(value, this.shape, this.#op, this.#rewriter) ?? this.#generated(value, type) ?? this.#constant(value)
    );
  }

  /** Broadcasts and iotas write any order of dimensions alike. */
  #generated(value: Value, type: StaticTensor): BeforeMove | undefined {
    const resultTypes = [tensorType(this.shape, type.element)];
    const broadcast = match(value, broadcastInDim);
    if (broadcast !== undefined && value.hasOneUse) {
      const broadcast_dimensions = broadcast.attrs.broadcast_dimensions.map((axis) => this.#permutation[axis] ?? 0);
      const operands = [broadcast.op.operand(0)];
      return () =>
        this.#rewriter
          .createBefore(this.#op, broadcastInDim, operands, { broadcast_dimensions }, { resultTypes })
          .result();
    }
    const counted = match(value, iota);
    if (counted === undefined || !value.hasOneUse) return undefined;
    const iota_dimension = this.#permutation[counted.attrs.iota_dimension] ?? 0;
    return () => this.#rewriter.createBefore(this.#op, iota, [], { iota_dimension }, { resultTypes }).result();
  }

  #constant(value: Value): BeforeMove | undefined {
    const attribute = constantOf(value);
    if (attribute === undefined) return undefined;
    const site = { op: this.#op, rewriter: this.#rewriter, context: this.#context };
    const permutation = inversePermutation(this.#permutation);
    const attributes = foldedAttr(
      transpose,
      [value],
      { permutation },
      tensorType(this.shape, attribute.type.element),
      site,
    );
    return attributes === undefined ? undefined : () => createConstant(this.#rewriter, this.#op, attributes);
  }
}

export const sinkTranspose = definePass({
  name: 'sink-transpose',
  summary: 'compute before transposing, where that leaves fewer or smaller transposes',
  run: (module, context) => rewriteGreedily(module, [...reshapeRules, sinkRule], context).changed,
});
