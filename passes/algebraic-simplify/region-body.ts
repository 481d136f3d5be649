/** Regions over scalars, written out on whole tensors. */
import { cloneOperation, type ValueMapping } from '../../ir/clone.ts';
import type { Operation, Region, Value } from '../../ir/operation.ts';
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { isTensor, tensorType, type Type } from '../../ir/types.ts';

/** True when all ops of the region are elementwise or constants, so that it may be applied to tensors of any one shape. */
export function isElementwiseRegion(region: Region): boolean {
  const { block } = region;
  for (let op = block.first; op !== undefined && op !== block.last; op = op.next) {
    const { traits } = op.definition;
    if (!traits.has('elementwise') && !traits.has('constant-like')) return false;
    if (op.results.some((result) => !isTensor(result.type) || result.type.shape.length > 0)) return false;
  }
  return block.terminator !== undefined;
}

/**
 * Writes the region's ops before `anchor`, applied to tensors of `shape` in place of its scalar arguments; gives its results,
 * of that shape too. The region must be elementwise.
 */
export function applyElementwise(
  region: Region,
  anchor: Operation,
  rewriter: Rewriter,
  inputs: readonly Value[],
  shape: readonly number[],
): readonly Value[] {
  const { block } = region;
  const mapping: ValueMapping = new Map();
  for (const [index, argument] of block.arguments.entries()) {
    const input = inputs[index];
    if (input !== undefined) mapping.set(argument, input);
  }
  const spread = (value: Value): Value => mapping.get(value) ?? broadcastScalar(value, anchor, rewriter, shape);
  const mapType = (type: Type): Type => (isTensor(type) ? tensorType(shape, type.element) : type);
  for (const op of block.operations()) {
    if (op === block.last) break;
    for (const { value } of op.operandUses) mapping.set(value, spread(value));
    const isConstant = op.definition.traits.has('constant-like');
    const copy = cloneOperation(op, mapping, isConstant ? {} : { mapType });
    rewriter.insertBefore(anchor, copy);
    if (isConstant) mapping.set(op.result(), broadcastScalar(copy.result(), anchor, rewriter, shape));
  }
  return (block.terminator?.operands ?? []).map(spread);
}

/** The scalar repeated to `shape`; itself when that is a scalar's. */
export function broadcastScalar(scalar: Value, anchor: Operation, rewriter: Rewriter, shape: readonly number[]): Value {
  if (shape.length === 0 || !isTensor(scalar.type)) return scalar;
  const resultTypes = [tensorType(shape, scalar.type.element)];
  return rewriter
    .createBefore(anchor, broadcastInDim, [scalar], { broadcast_dimensions: [] }, { resultTypes })
    .result();
}
