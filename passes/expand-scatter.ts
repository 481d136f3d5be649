/**
 * A scatter becomes a loop over its positions, each of which updates one window in place:
 *
 *     %1 = "stablehlo.scatter"(%input, %indices, %updates) ({ body })
 *       ->
 *     padded = input with a margin of one window around
 *     for p in 0 .. positions {
 *       window = dynamic_slice(padded, start(p));  padded = dynamic_update_slice(padded, body(window, update(p)), start(p))
 *     }
 *     %1 = slice of padded without the margin
 *
 * Starts are clamped so far that what is out of bounds falls into the margin, element by element, as the specification has it. Positions
 * come in row-major order, so that updates of the same element are combined in order. Bodies act element by element; others keep the op.
 */
import { shapeSize } from '../ir/evaluator/tensor.ts';
import { attributesOf } from '../ir/op-site.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { indexBatchAxes, scatterDims, windowAxes, type WindowDims } from '../ir/ops/shared/window-dimensions.ts';
import { clamp } from '../ir/ops/stablehlo/clamp.ts';
import { pad } from '../ir/ops/stablehlo/pad.ts';
import { scatter } from '../ir/ops/stablehlo/scatter.ts';
import { dtypeInfo } from '../ir/dtype.ts';
import { hasDType, tensorType } from '../ir/types.ts';
import { dtypeOf, type ExpandKit, present } from './expand-kit.ts';
import { type ExpansionRule, isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { applyElementwise, isElementwiseRegion } from './region-elementwise.ts';

export const expandScatter = definePass({
  name: 'expand-scatter',
  summary: 'replace scatters by loops over windows that are updated in place',
  run: (module, context) => runExpansions(module, context, new Map([[scatter.name, expand]])),
});

const expand: ExpansionRule = (kit, op) => {
  if (!isStaticOp(op)) return unknownSizes;
  if (!op.operands.every((value) => hasDType(tensorOf(value)))) return notExpanded('its elements are quantised');
  const region = op.region();
  if (!isElementwiseRegion(region)) return notExpanded('its body does not act element by element');
  const count = op.results.length;
  const isTyped = op.results.every(
    (result, index) =>
      dtypeOf(result) === dtypeOf(op.operand(index)) &&
      dtypeOf(result) === dtypeOf(op.operand(count + 1 + index)) &&
      dtypeOf(result) === dtypeOf(present(region.block.arguments[index])) &&
      dtypeOf(result) === dtypeOf(present(region.block.terminator?.operands[index])),
  );
  if (!isTyped) return notExpanded('its body promotes elements');
  return new Scatter(kit, op).expand();
};

class Scatter {
  readonly #kit: ExpandKit;
  readonly #op: Operation;
  readonly #dims: WindowDims;
  readonly #shape: readonly number[];
  /** Sizes of the window along all axes of the inputs. */
  readonly #window: readonly number[];

  constructor(kit: ExpandKit, op: Operation) {
    this.#kit = kit;
    this.#op = op;
    this.#dims = scatterDims(attributesOf<typeof scatter.attributes>(op).scatter_dimension_numbers);
    this.#shape = kit.sizesOf(op.operand(0));
    const update = kit.sizesOf(op.operand(op.results.length + 1));
    const window = this.#shape.map(() => 1);
    for (const [index, axis] of windowAxes(this.#shape.length, this.#dims).entries())
      window[axis] = update[this.#dims.windowDims[index] ?? 0] ?? 1;
    this.#window = window;
  }

  expand(): readonly Value[] {
    const [kit, op] = [this.#kit, this.#op];
    const count = op.results.length;
    const inputs = op.operands.slice(0, count);
    const updates = op.operands.slice(count + 1).map((value) => this.#updateRows(value));
    const [positions = 0] = kit.sizesOf(present(updates[0]));
    if (positions === 0 || shapeSize(this.#window) === 0 || shapeSize(this.#shape) === 0) return inputs;
    const starts = this.#starts(positions);
    const carried = [...inputs.map((value) => this.#padded(value)), starts, ...updates];
    const results = kit.loop(positions, carried, (inner, index, values) => [
      ...this.#step(inner, index, values),
      ...values.slice(count),
    ]);
    const margins = this.#margins();
    const limits = this.#shape.map((size, axis) => size + (margins[axis] ?? 0));
    return results.slice(0, count).map((value) => kit.slice(value, margins, limits));
  }

  #step(kit: ExpandKit, index: Value, values: readonly Value[]): readonly Value[] {
    const count = this.#op.results.length;
    const row = kit.at(present(values[count]), 0, index);
    const starts = this.#shape.map((_, axis) => kit.reshape(kit.slice(row, [0, axis], [1, axis + 1]), []));
    const targets = values.slice(0, count);
    const windows = targets.map((target) => kit.dynamicSlice(target, starts, this.#window));
    const updates = values.slice(count + 1).map((update) => kit.reshape(kit.at(update, 0, index), this.#window));
    const combined = applyElementwise(kit, this.#op.region(), [...windows, ...updates], this.#window);
    return targets.map((target, at) => kit.updateSlice(target, present(combined[at]), starts));
  }

  /** Updates as `[positions, window...]`. */
  #updateRows(updates: Value): Value {
    const kit = this.#kit;
    const shape = kit.sizesOf(updates);
    const { windowDims } = this.#dims;
    const batch = [...shape.keys()].filter((axis) => !windowDims.includes(axis));
    const positions = batch.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
    const window = windowDims.map((axis) => shape[axis] ?? 1);
    return kit.reshape(kit.transpose(updates, [...batch, ...windowDims]), [positions, ...window]);
  }

  /** Windows that indices move may stand out on either side, by their whole size. */
  #margins(): readonly number[] {
    return this.#shape.map((_, axis) => (this.#dims.indexMap.includes(axis) ? (this.#window[axis] ?? 1) : 0));
  }

  #padded(value: Value): Value {
    const kit = this.#kit;
    const margins = this.#margins();
    const { part, kind } = dtypeInfo(dtypeOf(value));
    const number = kit.scalar(0, part);
    const zero = kind === 'complex' ? kit.complex(number, number) : number;
    const attrs = { edge_padding_low: margins, edge_padding_high: margins, interior_padding: margins.map(() => 0) };
    const shape = this.#shape.map((size, axis) => size + 2 * (margins[axis] ?? 0));
    return kit.make(pad, [value, zero], attrs, tensorType(shape, dtypeOf(value)));
  }

  /** The start in the padded inputs of each position, as i32 `[positions, rank]`. */
  #starts(positions: number): Value {
    const kit = this.#kit;
    const columns = this.#shape.map((_, axis) => {
      const mapped = this.#dims.indexMap.indexOf(axis);
      if (mapped >= 0) return this.#indexColumn(mapped, axis, positions);
      const batching = this.#dims.batchingDims.indexOf(axis);
      if (batching >= 0) return this.#batchColumn(batching, positions);
      return kit.constant(0, tensorType([positions, 1], 'i32'));
    });
    return columns.length === 0 ? kit.constant(0, tensorType([positions, 0], 'i32')) : kit.concatenate(columns, 1);
  }

  #indexColumn(component: number, axis: number, positions: number): Value {
    const kit = this.#kit;
    const indices = this.#op.operand(this.#op.results.length);
    const shape = kit.sizesOf(indices);
    const { indexVectorDim } = this.#dims;
    const only =
      indexVectorDim < shape.length ? kit.sliceAlong(indices, indexVectorDim, component, component + 1) : indices;
    const column = this.#wide(kit.reshape(only, [positions, 1]));
    const [size, window] = [this.#shape[axis] ?? 1, this.#window[axis] ?? 1];
    const element = dtypeOf(column);
    const bounds = [kit.scalar(-window, element), kit.scalar(size, element)] as const;
    const clamped = kit.convert(kit.make(clamp, [bounds[0], column, bounds[1]], {}, column.type), 'i32');
    return kit.add(clamped, kit.constantLike(window, clamped));
  }

  /** Indices as signed integers that hold all sizes; what does not fit is out of bounds as a negative number too. */
  #wide(indices: Value): Value {
    const { bits, kind } = dtypeInfo(dtypeOf(indices));
    return this.#kit.convert(indices, bits === 64 || (bits === 32 && kind === 'unsigned') ? 'i64' : 'i32');
  }

  /** The position along the batch axis of the indices that a batching dimension goes with. */
  #batchColumn(batching: number, positions: number): Value {
    const kit = this.#kit;
    const shape = kit.sizesOf(this.#op.operand(this.#op.results.length));
    const axes = indexBatchAxes(shape.length, this.#dims);
    const sizes = axes.map((axis) => shape[axis] ?? 1);
    const at = axes.indexOf(this.#dims.indexBatching[batching] ?? -1);
    return kit.reshape(kit.iota(sizes, at, 'i32'), [positions, 1]);
  }
}
