/**
 * Implicit broadcasting made explicit: the operands are stretched to the shape of the result, then the op of the same name is
 * applied.
 *
 *     chlo.broadcast_add %x, %y : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
 *       ->
 *     %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
 *     stablehlo.add %0, %y : tensor<2x3xf32>
 *
 * The operand of lower rank gets the axes of `broadcast_dimensions`, by default the last ones. An unknown size of the result is
 * that of an operand which is not 1, computed by get_dimension_size and select.
 */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import { equalDims } from '../../ir/dimension.ts';
import type { OpDefinition } from '../../ir/op-definition.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { broadcastCompare as chloBroadcastCompare } from '../../ir/ops/chlo/broadcast-compare.ts';
import type { broadcastAttributes } from '../../ir/ops/shared/chlo-broadcast.ts';
import { compare } from '../../ir/ops/stablehlo/compare.ts';
import { select } from '../../ir/ops/stablehlo/select.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { isTensor, tensorType } from '../../ir/types.ts';
import { tensorOf } from '../op-kit.ts';
import type { Expand } from './expansion.ts';
import { ShapeKit } from './shape-steps.ts';

/** The op itself, on stretched operands. */
export function broadcasting(definition: OpDefinition): Expand {
  return (op, rewriter) => {
    const operands = stretched(op, rewriter);
    const resultTypes = op.results.map(({ type }) => type);
    return rewriter.createBefore(op, definition, operands, {}, { resultTypes }).results;
  };
}

/** What another rule makes of the stretched operands. */
export function broadcastingThen(expand: Expand): Expand {
  return (op, rewriter) => {
    // The rule reads the operands of the op that is expanded, which goes away.
    rewriter.setOperands(op, stretched(op, rewriter));
    return expand(op, rewriter);
  };
}

export const broadcastCompare: Expand = (op, rewriter) => {
  const { comparison_direction, compare_type } = attributesOf<typeof chloBroadcastCompare.attributes>(op);
  const attrs = { comparison_direction, compare_type };
  const resultTypes = [op.result().type];
  return rewriter.createBefore(op, compare, stretched(op, rewriter), attrs, { resultTypes }).results;
};

export const broadcastSelect: Expand = broadcasting(select);

function stretched(op: Operation, rewriter: Rewriter): readonly Value[] {
  const { broadcast_dimensions: dims } = attributesOf(op) as Partial<AttributesOf<typeof broadcastAttributes>>;
  const kit = new ShapeKit(rewriter, op);
  const { shape } = tensorOf(op.result());
  const { operands } = op;
  let sizes: readonly Value[] | undefined;
  return operands.map((value) => {
    const { shape: own, element } = tensorOf(value);
    const isWhole = own.length === shape.length && own.every((dim, axis) => equalDims(dim, shape[axis] ?? 0));
    if (isWhole) return value;
    const computeSizes = (): readonly Value[] => (sizes ??= resultSizes(op, operands, dims, kit));
    return kit.broadcastTo(value, placedAxes(value, shape.length, dims), tensorType(shape, element), computeSizes);
  });
}

/** For each axis of an operand, that of the result. */
function placedAxes(value: Value, resultRank: number, dims: readonly number[] | undefined): readonly number[] {
  const { shape } = tensorOf(value);
  if (dims !== undefined && shape.length < resultRank) return dims;
  return shape.map((_, axis) => axis + resultRank - shape.length);
}

/** The size of each axis of the result, as i32 scalars. */
function resultSizes(
  op: Operation,
  operands: readonly Value[],
  dims: readonly number[] | undefined,
  kit: ShapeKit,
): readonly Value[] {
  const { type } = op.result();
  const shape = isTensor(type) ? type.shape : [];
  return shape.map((dim, axis) => {
    if (typeof dim === 'number') return kit.scalar(dim, 'i32');
    let size = kit.scalar(1, 'i32');
    const one = size;
    for (const value of operands) {
      const own = placedAxes(value, shape.length, dims).indexOf(axis);
      const ownDim = tensorOf(value).shape[own];
      if (ownDim === undefined || ownDim === 1) continue;
      const ownSize = kit.dimensionSize(value, ownDim, own);
      size = size === one ? ownSize : kit.select(kit.compare('EQ', size, one), ownSize, size);
    }
    return size;
  });
}
