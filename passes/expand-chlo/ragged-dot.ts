/**
 * `ragged_dot` as one dot_general a group, by what its ragged dimension is:
 *
 *     rows of lhs:   result = sum over g of the rows of group g in  lhs . rhs[g]
 *     summed terms:  result[g] = (lhs, but 0 outside of group g) . (rhs, but 0 outside of group g)
 *     batches:       result = lhs . rhs
 *
 * Group g is the positions from the sum of the sizes before it to that with its own; rows beyond the last group are 0. Rows are
 * selected, not multiplied by 0 or 1, so that no NaN of another group gets in.
 */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import { dtypeInfo } from '../../ir/dtype.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { raggedDot as chloRaggedDot } from '../../ir/ops/chlo/ragged-dot.ts';
import { and } from '../../ir/ops/stablehlo/and.ts';
import { clamp } from '../../ir/ops/stablehlo/clamp.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { tensorType, type TensorType } from '../../ir/types.ts';
import { tensorOf } from '../op-kit.ts';
import { type Expand, unsupported } from './expansion.ts';
import { ShapeKit } from './shape-steps.ts';

type RaggedDimensions = AttributesOf<typeof chloRaggedDot.attributes>['ragged_dot_dimension_numbers'];

export const raggedDot: Expand = (op, rewriter) => {
  const dot = new RaggedDot(op, rewriter);
  if (dot.mode === 'batches') return [dot.product(op.operand(0), op.operand(1), tensorOf(op.result()))];
  const count = tensorOf(op.operand(2)).shape.at(-1);
  if (typeof count !== 'number') return unsupported('a ragged_dot with an unknown number of groups');
  return dot.mode === 'rows' ? dot.expandRows(count) : dot.expandTerms(count);
};

/** Where a group begins and ends, for each index of the dimensions that its sizes vary along. */
interface Bounds {
  readonly start: Value;
  readonly end: Value;
}

class RaggedDot {
  readonly op: Operation;
  readonly kit: ShapeKit;
  readonly mode: 'rows' | 'terms' | 'batches';
  readonly #dims: RaggedDimensions;
  readonly #ragged: number;

  constructor(op: Operation, rewriter: Rewriter) {
    this.op = op;
    this.kit = new ShapeKit(rewriter, op);
    this.#dims = attributesOf<typeof chloRaggedDot.attributes>(op).ragged_dot_dimension_numbers;
    const [ragged = 0] = this.#dims.lhs_ragged_dimensions;
    this.#ragged = ragged;
    const isSummed = this.#dims.lhs_contracting_dimensions.includes(ragged);
    this.mode = this.#dims.lhs_batching_dimensions.includes(ragged) ? 'batches' : isSummed ? 'terms' : 'rows';
  }

  expandRows(count: number): readonly Value[] | ReturnType<typeof unsupported> {
    const { kit, op } = this;
    const [groupAxis = 0] = this.#dims.rhs_group_dimensions;
    const type = tensorOf(op.result());
    const axes = this.#groupedAxes().map((axis) => this.#resultAxes().indexOf(axis));
    let result: Value | undefined;
    for (const [group, bounds] of this.#groups(count).entries()) {
      const rhs = kit.dropAxis(kit.sliceAxis(op.operand(1), groupAxis, group, group + 1), groupAxis);
      const part = this.product(op.operand(0), rhs, type);
      const rest = result ?? kit.constantLike(0, part);
      result = kit.select(this.#isInside(part, axes, bounds), part, rest);
    }
    if (result !== undefined) return [result];
    if (type.shape.every((dim) => typeof dim === 'number')) return [kit.constant(0, type)];
    return unsupported('a ragged_dot without groups, of unknown sizes');
  }

  expandTerms(count: number): readonly Value[] {
    const { kit, op } = this;
    const type = tensorOf(op.result());
    if (count === 0) return [kit.constant(0, type)];
    const partType = tensorType(type.shape.slice(1), type.element);
    const [lhsAxes, rhsAxes] = [this.#groupedAxes(), this.#groupedAxes().map((axis) => this.#pairedAxis(axis))];
    const parts = this.#groups(count).map((bounds) => {
      const lhs = this.#masked(op.operand(0), lhsAxes, bounds);
      const rhs = this.#masked(op.operand(1), rhsAxes, bounds);
      return kit.insertAxis(this.product(lhs, rhs, partType), 0);
    });
    const options = { resultTypes: [type] };
    return kit.rewriter.createBefore(op, concatenate, parts, { dimension: 0 }, options).results;
  }

  /** dot_general along the dimensions of this op; a group dimension is gone from rhs. */
  product(lhs: Value, rhs: Value, type: TensorType): Value {
    const dims = this.#dims;
    const [groupAxis = Infinity] = dims.rhs_group_dimensions;
    const shifted = (axes: readonly number[]): number[] => axes.map((axis) => (axis > groupAxis ? axis - 1 : axis));
    const dot_dimension_numbers = {
      lhs_batching_dimensions: dims.lhs_batching_dimensions,
      rhs_batching_dimensions: shifted(dims.rhs_batching_dimensions),
      lhs_contracting_dimensions: dims.lhs_contracting_dimensions,
      rhs_contracting_dimensions: shifted(dims.rhs_contracting_dimensions),
    };
    const { precision_config } = attributesOf<typeof chloRaggedDot.attributes>(this.op);
    const attrs = { dot_dimension_numbers, precision_config };
    return this.kit.rewriter.createBefore(this.op, dotGeneral, [lhs, rhs], attrs, { resultTypes: [type] }).result();
  }

  /** Axes of lhs in the order they have in the result: batching, then its own. */
  #resultAxes(): readonly number[] {
    const batch = this.#dims.lhs_batching_dimensions;
    const gone = new Set([...batch, ...this.#dims.lhs_contracting_dimensions]);
    return [
      ...batch,
      ...tensorOf(this.op.operand(0))
        .shape.map((_, axis) => axis)
        .filter((axis) => !gone.has(axis)),
    ];
  }

  /** Axes of lhs along which sizes may vary, and the ragged one last. */
  #groupedAxes(): readonly number[] {
    const batch = this.#dims.lhs_batching_dimensions;
    const own = this.mode === 'terms' ? this.#dims.lhs_contracting_dimensions : this.#resultAxes().slice(batch.length);
    return [...batch, ...own.slice(0, own.indexOf(this.#ragged)), this.#ragged];
  }

  /** The axis of rhs that is batched or summed together with one of lhs. */
  #pairedAxis(axis: number): number {
    const dims = this.#dims;
    const left = [...dims.lhs_batching_dimensions, ...dims.lhs_contracting_dimensions];
    const right = [...dims.rhs_batching_dimensions, ...dims.rhs_contracting_dimensions];
    return right[left.indexOf(axis)] ?? 0;
  }

  #groups(count: number): readonly Bounds[] {
    const { kit } = this;
    const sizes = this.#sizes();
    const axis = tensorOf(sizes).shape.length - 1;
    const groups: Bounds[] = [];
    let start: Value | undefined;
    for (let group = 0; group < count; group++) {
      const size = kit.dropAxis(kit.sliceAxis(sizes, axis, group, group + 1), axis);
      start ??= kit.constantLike(0, size);
      const end = kit.add(start, size);
      groups.push({ start, end });
      start = end;
    }
    return groups;
  }

  /** group_sizes in i32, no less than 0; in range before they are made narrower. */
  #sizes(): Value {
    const { kit, op } = this;
    const sizes = op.operand(2);
    const { element } = tensorOf(sizes);
    const length = tensorOf(op.operand(0)).shape[this.#ragged];
    const isNarrow = typeof element === 'string' && dtypeInfo(element).bits < 32;
    const wide = isNarrow ? kit.convert(sizes, 'i32') : sizes;
    const own = tensorOf(wide).element;
    const limit = typeof length === 'number' ? length : 0x7fffffff;
    const bounded = kit.elementwise(clamp, [kit.scalar(0, own), wide, kit.scalar(limit, own)], tensorOf(wide));
    return kit.convert(bounded, 'i32');
  }

  /** Where a tensor is in a group; `axes` are those of the bounds in it, and the ragged one last. */
  #isInside(like: Value, axes: readonly number[], { start, end }: Bounds): Value {
    const { kit } = this;
    const positions = kit.iotaLike(like, axes.at(-1) ?? 0, 'i32');
    const spread = (bound: Value): Value => kit.broadcastLike(bound, axes.slice(0, tensorOf(bound).shape.length), like);
    const isAfter = kit.compare('GE', positions, spread(start));
    return kit.elementwise(and, [isAfter, kit.compare('LT', positions, spread(end))]);
  }

  #masked(value: Value, axes: readonly number[], bounds: Bounds): Value {
    return this.kit.select(this.#isInside(value, axes, bounds), value, this.kit.constantLike(0, value));
  }
}
