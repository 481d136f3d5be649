/**
 * Makes ops of the IR on tensor values of the language: one method an op, sizes as polynomials, result types worked out here (the IR's
 * own inference knows numbers and names only). Callers have checked the shapes; nothing here reports to the user.
 *
 * Some attributes want numbers (the limits of a slice). Sizes that are open until the call are computed from the arguments' instead, where
 * there is an op that takes them so; where there is none, the op gets a placeholder and the variable is noted in `openSizes`: what is
 * exported must have bound those.
 */
import type { AttributesOf, AttributeSchema } from '../../../ir/attribute-schema.ts';
import { denseAttr } from '../../../ir/attributes.ts';
import type { Builder } from '../../../ir/builder.ts';
import { invariant } from '../../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import type { ElementsArray } from '../../../ir/elements.ts';
import { fileLocation, type Location } from '../../../ir/location.ts';
import type { OpDefinition } from '../../../ir/op-definition.ts';
import { Block, Region, type Value as IrValue } from '../../../ir/operation.ts';
import { add } from '../../../ir/ops/stablehlo/add.ts';
import { and } from '../../../ir/ops/stablehlo/and.ts';
import { bitcastConvert } from '../../../ir/ops/stablehlo/bitcast-convert.ts';
import { broadcastInDim } from '../../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { clamp } from '../../../ir/ops/stablehlo/clamp.ts';
import { compare } from '../../../ir/ops/stablehlo/compare.ts';
import { concatenate } from '../../../ir/ops/stablehlo/concatenate.ts';
import { constant } from '../../../ir/ops/stablehlo/constant.ts';
import { convert } from '../../../ir/ops/stablehlo/convert.ts';
import { divide } from '../../../ir/ops/stablehlo/divide.ts';
import { dotGeneral } from '../../../ir/ops/stablehlo/dot-general.ts';
import { dynamicGather } from '../../../ir/ops/stablehlo/dynamic-gather.ts';
import { dynamicSlice } from '../../../ir/ops/stablehlo/dynamic-slice.ts';
import { dynamicUpdateSlice } from '../../../ir/ops/stablehlo/dynamic-update-slice.ts';
import { gather } from '../../../ir/ops/stablehlo/gather.ts';
import { getDimensionSize } from '../../../ir/ops/stablehlo/get-dimension-size.ts';
import { iota } from '../../../ir/ops/stablehlo/iota.ts';
import { maximum } from '../../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../../ir/ops/stablehlo/minimum.ts';
import { multiply } from '../../../ir/ops/stablehlo/multiply.ts';
import { or } from '../../../ir/ops/stablehlo/or.ts';
import { pad } from '../../../ir/ops/stablehlo/pad.ts';
import { realDynamicSlice } from '../../../ir/ops/stablehlo/real-dynamic-slice.ts';
import { reduce } from '../../../ir/ops/stablehlo/reduce.ts';
import { reshape } from '../../../ir/ops/stablehlo/reshape.ts';
import { returnOp } from '../../../ir/ops/stablehlo/return.ts';
import { reverse } from '../../../ir/ops/stablehlo/reverse.ts';
import { select } from '../../../ir/ops/stablehlo/select.ts';
import { slice } from '../../../ir/ops/stablehlo/slice.ts';
import { subtract } from '../../../ir/ops/stablehlo/subtract.ts';
import { transpose } from '../../../ir/ops/stablehlo/transpose.ts';
import type { Span } from '../../../ir/source.ts';
import { tensorType, type TensorType } from '../../../ir/types.ts';
import { splatAttr } from '../../../passes/constants.ts';
import {
  addDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  type DimensionVariable,
  irDimension,
  linearIn,
  multiplyDimensions,
  partsOf,
  soleVariable,
  subtractDimensions,
  variablesOf,
} from './dimension.ts';
import type { TensorValue } from './values.ts';

export type Comparison = 'EQ' | 'NE' | 'GE' | 'GT' | 'LE' | 'LT';

/** The combiners that reductions, scatters and windows are made with. */
export type Combiner = 'add' | 'multiply' | 'maximum' | 'minimum' | 'and' | 'or';

export const combiners = { add, multiply, maximum, minimum, and, or } as const satisfies Record<Combiner, OpDefinition>;

export interface TensorShape {
  readonly dtype: DType;
  readonly dims: readonly Dimension[];
}

export interface Contraction {
  readonly batch: readonly (readonly [lhs: number, rhs: number])[];
  readonly contract: readonly (readonly [lhs: number, rhs: number])[];
}

export class TensorOps {
  readonly builder: Builder;
  /** The expression being elaborated; results say they come from here. */
  origin: Span;
  /** Variables whose numbers an op needs, with the first place that did. */
  readonly openSizes: Map<DimensionVariable, Span>;
  /** Arguments that say at run time what an open variable is. */
  readonly #sizeSources = new Map<DimensionVariable, SizeSource>();

  constructor(builder: Builder, origin: Span, openSizes: Map<DimensionVariable, Span>) {
    this.builder = builder;
    this.origin = origin;
    this.openSizes = openSizes;
  }

  /** The number for an attribute; a placeholder when a variable is open. */
  number(dimension: Dimension): number {
    const value = constantOf(dimension);
    if (value !== undefined) return value;
    for (const variable of variablesOf(dimension)) {
      if (!this.openSizes.has(variable)) this.openSizes.set(variable, this.origin);
    }
    return 1;
  }

  /** Notes what an argument says of sizes that are open until the call. */
  learnSizes({ ir, dims }: TensorValue): void {
    for (const [axis, dim] of dims.entries()) {
      const [variable, ...others] = variablesOf(dim);
      const linear = variable === undefined || others.length > 0 ? undefined : linearIn(dim, variable);
      if (variable === undefined || linear === undefined || this.#sizeSources.get(variable)?.factor === 1) continue;
      this.#sizeSources.set(variable, { ir, axis, ...linear });
    }
  }

  /** Sizes that only a call decides. */
  get openVariables(): readonly DimensionVariable[] {
    return [...this.#sizeSources.keys()];
  }

  /** True when every size is a number, or can be computed at run time. */
  #isKnown(sizes: readonly Dimension[]): boolean {
    return sizes.every((size) => variablesOf(size).every((variable) => this.#sizeSources.has(variable)));
  }

  /** A size as a scalar at run time. */
  size(dimension: Dimension, dtype: DType = 'i32'): TensorValue {
    if (constantOf(dimension) !== undefined || !this.#isKnown([dimension]))
      return this.constant(this.number(dimension), dtype);
    const variable = soleVariable(dimension);
    const source = variable && this.#sizeSources.get(variable);
    if (source !== undefined) return this.convert(this.#sizeFrom(source), dtype);
    const { op, lhs, rhs } = partsOf(dimension);
    return this.elementwise(arithmetic[op], [this.size(lhs, dtype), this.size(rhs, dtype)]);
  }

  #sizeFrom({ ir, axis, factor, constant }: SizeSource): TensorValue {
    const operand = this.value(ir, { dtype: 'i32', dims: [] });
    const size = this.make(getDimensionSize, [operand], { dimension: axis }, { dtype: 'i32', dims: [] });
    const rest = constant === 0 ? size : this.elementwise(subtract, [size, this.constant(constant, 'i32')]);
    return factor === 1 ? rest : this.elementwise(divide, [rest, this.constant(factor, 'i32')]);
  }

  /** Scalars as one tensor of rank 1. */
  #list(scalars: readonly TensorValue[]): TensorValue {
    return this.concatenate(
      scalars.map((scalar) => this.reshape(scalar, [constantDimension(1)])),
      0,
    );
  }

  /** Any op with one result. */
  make<S extends AttributeSchema>(
    definition: OpDefinition<string, S>,
    operands: readonly TensorValue[],
    attrs: Partial<AttributesOf<S>>,
    shape: TensorShape,
    regions: readonly Region[] = [],
  ): TensorValue {
    const [result] = this.makeMany(definition, operands, attrs, [shape], regions);
    invariant(result !== undefined, `${definition.name} without a result`);
    return result;
  }

  /** Any op. */
  makeMany<S extends AttributeSchema>(
    definition: OpDefinition<string, S>,
    operands: readonly TensorValue[],
    attrs: Partial<AttributesOf<S>>,
    shapes: readonly TensorShape[],
    regions: readonly Region[] = [],
  ): readonly TensorValue[] {
    const op = this.builder.create(
      definition,
      operands.map((operand) => operand.ir),
      attrs,
      { resultTypes: shapes.map(irType), regions, location: this.location() },
    );
    return op.results.map((ir, index) => {
      const shape = shapes[index];
      invariant(shape !== undefined, `${definition.name} has more results than shapes`);
      return this.value(ir, shape);
    });
  }

  value(ir: IrValue, { dtype, dims }: TensorShape): TensorValue {
    return { kind: 'tensor', dtype, dims, ir, origin: this.origin };
  }

  /** File, line and column of what is being elaborated. */
  location(): Location {
    const { source, start } = this.origin;
    const { line, column } = source.lineColumn(start);
    return fileLocation(source.name, line, column);
  }

  // ------------------------------------------------------------------------------------------------------- constants

  /** The number in every place, rounded to the dtype. */
  constant(number: number, dtype: DType, dims: readonly Dimension[] = []): TensorValue {
    if (dims.every((dim) => constantOf(dim) !== undefined)) {
      const shape = { dtype, dims };
      return this.make(constant, [], { value: splatAttr(irType(shape), number) }, shape);
    }
    return this.broadcast(this.constant(number, dtype), [], dims);
  }

  /** Elements in row-major order, in the dtype's storage form. */
  dense(values: ElementsArray, dtype: DType, sizes: readonly number[]): TensorValue {
    const shape = { dtype, dims: sizes.map(constantDimension) };
    return this.make(constant, [], { value: denseAttr(irType(shape), { splat: false, values }) }, shape);
  }

  iota(dtype: DType, dims: readonly Dimension[], axis: number): TensorValue {
    return this.make(iota, [], { iota_dimension: axis }, { dtype, dims });
  }

  // ----------------------------------------------------------------------------------------------------- elementwise

  /** An elementwise op; the result is like the first operand. */
  elementwise(definition: OpDefinition, operands: readonly TensorValue[], dtype?: DType): TensorValue {
    const [first] = operands;
    invariant(first !== undefined, `${definition.name} without operands`);
    return this.make(definition, operands, {}, { dtype: dtype ?? first.dtype, dims: first.dims });
  }

  compare(direction: Comparison, lhs: TensorValue, rhs: TensorValue): TensorValue {
    return this.make(compare, [lhs, rhs], { comparison_direction: direction }, { dtype: 'i1', dims: lhs.dims });
  }

  select(predicate: TensorValue, onTrue: TensorValue, onFalse: TensorValue): TensorValue {
    return this.make(select, [predicate, onTrue, onFalse], {}, onTrue);
  }

  /** Elements of another dtype; a float becomes an integer towards zero. */
  convert(x: TensorValue, dtype: DType): TensorValue {
    return x.dtype === dtype ? x : this.make(convert, [x], {}, { dtype, dims: x.dims });
  }

  /** The same bits as elements of `dtype`, in the shape that gives. */
  bitcast(x: TensorValue, dtype: DType, dims: readonly Dimension[]): TensorValue {
    return x.dtype === dtype ? x : this.make(bitcastConvert, [x], {}, { dtype, dims });
  }

  // --------------------------------------------------------------------------------------------------- data movement

  /** Axis `i` of `x` becomes axis `axes[i]` of the result; size 1 stretches. */
  broadcast(x: TensorValue, axes: readonly number[], dims: readonly Dimension[]): TensorValue {
    if (axes.length === dims.length && dims.every((dim, axis) => axes[axis] === axis && dim === x.dims[axis])) return x;
    return this.make(broadcastInDim, [x], { broadcast_dimensions: axes }, { dtype: x.dtype, dims });
  }

  reshape(x: TensorValue, dims: readonly Dimension[]): TensorValue {
    if (dims.length === x.dims.length && dims.every((dim, axis) => dim === x.dims[axis])) return x;
    return this.make(reshape, [x], {}, { dtype: x.dtype, dims });
  }

  /** Axis `i` of the result is axis `permutation[i]` of `x`. */
  transpose(x: TensorValue, permutation: readonly number[]): TensorValue {
    if (permutation.every((axis, index) => axis === index)) return x;
    const dims = permutation.map((axis) => dimAt(x, axis));
    return this.make(transpose, [x], { permutation }, { dtype: x.dtype, dims });
  }

  concatenate(xs: readonly TensorValue[], axis: number): TensorValue {
    const [first] = xs;
    invariant(first !== undefined, 'nothing to concatenate');
    if (xs.length === 1) return first;
    const size = xs.map((x) => dimAt(x, axis)).reduce(addDimensions);
    return this.make(concatenate, xs, { dimension: axis }, { dtype: first.dtype, dims: first.dims.with(axis, size) });
  }

  /** `[start, limit)` of each axis, every `stride`-th; `dims` are the sizes that gives. */
  slice(
    x: TensorValue,
    starts: readonly Dimension[],
    limits: readonly Dimension[],
    strides: readonly number[],
    dims: readonly Dimension[],
  ): TensorValue {
    if (dims.every((dim, axis) => dim === x.dims[axis])) return x;
    const bounds = [...starts, ...limits];
    if (!bounds.every(isNumber) && this.#isKnown(bounds)) return this.#openSlice(x, starts, limits, strides, dims);
    const attrs = {
      start_indices: starts.map((start) => this.number(start)),
      limit_indices: limits.map((limit) => this.number(limit)),
      strides,
    };
    return this.make(slice, [x], attrs, { dtype: x.dtype, dims });
  }

  /** A slice of a tensor with open sizes: what is cut off is a pad of less than nothing, where it is so many elements whatever the size. */
  #openSlice(
    x: TensorValue,
    starts: readonly Dimension[],
    limits: readonly Dimension[],
    strides: readonly number[],
    dims: readonly Dimension[],
  ): TensorValue {
    const strided = strides.findIndex((stride) => stride > 1);
    if (strided !== -1) return this.#everySecond(x, starts, limits, strides, dims, strided);
    const ends = limits.map((limit, axis) => subtractDimensions(limit, dimAt(x, axis)));
    const [low, high] = [starts.map((start) => -(constantOf(start) ?? NaN)), ends.map((end) => constantOf(end) ?? NaN)];
    if ([...low, ...high].every((width) => !Number.isNaN(width))) {
      const widths = [low, high].map((list) => list.map((width) => width || 0));
      return this.pad(x, this.constant(0, x.dtype), widths[0] ?? [], widths[1] ?? []);
    }
    return this.#window(
      x,
      starts.map((start) => this.size(start)),
      dims,
    );
  }

  /** One axis in rows of `stride` elements, of which the first is kept; the last row may reach over the end, where there is padding. */
  #everySecond(
    x: TensorValue,
    starts: readonly Dimension[],
    limits: readonly Dimension[],
    strides: readonly number[],
    dims: readonly Dimension[],
    axis: number,
  ): TensorValue {
    const stride = strides[axis] ?? 1;
    const rows = dims[axis] ?? constantDimension(1);
    const none = x.dims.map(() => 0);
    const padded = this.pad(x, this.constant(0, x.dtype), none, none.with(axis, stride - 1));
    const length = multiplyDimensions(rows, constantDimension(stride));
    const start = starts[axis] ?? constantDimension(0);
    const zeros = x.dims.map(() => constantDimension(0));
    const part = x.dims.with(axis, length);
    const cut = this.slice(
      padded,
      zeros.with(axis, start),
      x.dims.with(axis, addDimensions(start, length)),
      none.map(() => 1),
      part,
    );
    const split = this.reshape(cut, part.toSpliced(axis, 1, rows, constantDimension(stride)));
    const one = split.dims.with(axis + 1, constantDimension(1));
    const first = this.slice(
      split,
      split.dims.map(() => constantDimension(0)),
      one,
      split.dims.map(() => 1),
      one,
    );
    const kept = this.reshape(first, x.dims.with(axis, rows));
    return this.slice(
      kept,
      starts.with(axis, constantDimension(0)),
      limits.with(axis, rows),
      strides.with(axis, 1),
      dims,
    );
  }

  /** Starts are integer scalars, one an axis; they clamp so that the window fits. */
  dynamicSlice(x: TensorValue, starts: readonly TensorValue[], dims: readonly Dimension[]): TensorValue {
    if (!dims.every(isNumber) && this.#isKnown([...x.dims, ...dims])) {
      const isWide = starts.some(({ dtype }) => dtype !== 'i32' && dtypeInfo(dtype).bits >= 32);
      const clamped = dims.map((dim, axis) => this.#clamped(starts[axis], dimAt(x, axis), dim, isWide ? 'i64' : 'i32'));
      return this.#window(x, clamped, dims);
    }
    const attrs = { slice_sizes: dims.map((dim) => this.number(dim)) };
    return this.make(dynamicSlice, [x, ...starts], attrs, { dtype: x.dtype, dims });
  }

  #clamped(start: TensorValue | undefined, extent: Dimension, size: Dimension, dtype: DType): TensorValue {
    const zero = this.constant(0, dtype);
    if (start === undefined || extent === size) return zero;
    const last = this.size(subtractDimensions(extent, size), dtype);
    return this.make(clamp, [zero, this.convert(start, dtype), last], {}, { dtype, dims: [] });
  }

  /** The box of sizes `dims` that begins at the starts, all of one dtype, where it fits. */
  #window(x: TensorValue, starts: readonly TensorValue[], dims: readonly Dimension[]): TensorValue {
    const dtype = starts[0]?.dtype ?? 'i32';
    const limits = starts.map((start, axis) =>
      this.elementwise(add, [start, this.size(dims[axis] ?? constantDimension(1), dtype)]),
    );
    const strides = this.constant(1, dtype, [constantDimension(starts.length)]);
    const operands = [x, this.#list(starts), this.#list(limits), strides];
    return this.make(realDynamicSlice, operands, {}, { dtype: x.dtype, dims });
  }

  /** Slices of these sizes at the positions that `indices` hold. */
  gather(
    x: TensorValue,
    indices: TensorValue,
    dimension_numbers: AttributesOf<typeof gather.attributes>['dimension_numbers'],
    sizes: readonly Dimension[],
    dims: readonly Dimension[],
  ): TensorValue {
    const shape = { dtype: x.dtype, dims };
    if (sizes.every(isNumber) || !this.#isKnown(sizes))
      return this.make(
        gather,
        [x, indices],
        { dimension_numbers, slice_sizes: sizes.map((size) => this.number(size)) },
        shape,
      );
    const list = this.#list(sizes.map((size) => this.size(size)));
    return this.make(dynamicGather, [x, indices, list], { dimension_numbers }, shape);
  }

  dynamicUpdateSlice(x: TensorValue, update: TensorValue, starts: readonly TensorValue[]): TensorValue {
    return this.make(dynamicUpdateSlice, [x, update, ...starts], {}, x);
  }

  reverse(x: TensorValue, axes: readonly number[]): TensorValue {
    return this.make(reverse, [x], { dimensions: axes }, x);
  }

  /** `low` and `high` elements of `value` at the ends of each axis; negative takes away. */
  pad(x: TensorValue, value: TensorValue, low: readonly number[], high: readonly number[]): TensorValue {
    const dims = x.dims.map((dim, axis) => addDimensions(dim, constantDimension((low[axis] ?? 0) + (high[axis] ?? 0))));
    const attrs = { edge_padding_low: low, edge_padding_high: high, interior_padding: low.map(() => 0) };
    return this.make(pad, [x, value], attrs, { dtype: x.dtype, dims });
  }

  // ------------------------------------------------------------------------------------- reductions and contractions

  /** Combines over `axes`, which go away; starts from the combiner's identity. */
  reduce(x: TensorValue, axes: readonly number[], combiner: Combiner): TensorValue {
    if (axes.length === 0) return x;
    const dims = x.dims.filter((_, axis) => !axes.includes(axis));
    const region = this.combinerRegion(x.dtype, combiner);
    const shape = { dtype: x.dtype, dims };
    return this.make(
      reduce,
      [x, this.identity(x.dtype, combiner)],
      { dimensions: axes.toSorted((a, b) => a - b) },
      shape,
      [region],
    );
  }

  /** `(a, b) -> combine(a, b)` on scalars. */
  combinerRegion(dtype: DType, combiner: Combiner): Region {
    const scalar = { dtype, dims: [] };
    return this.region([scalar, scalar], (args) => [this.elementwise(combiners[combiner], args)]);
  }

  /** The scalar that changes nothing when combined. */
  identity(dtype: DType, combiner: Combiner): TensorValue {
    // 2^63 - 1 is no number, so the extremes of 64-bit integers are written in their storage form.
    if (dtype === 'i64' && combiner === 'minimum') return this.dense(BigInt64Array.of(2n ** 63n - 1n), dtype, []);
    if (dtype === 'ui64' && combiner === 'minimum') return this.dense(BigUint64Array.of(2n ** 64n - 1n), dtype, []);
    return this.constant(identityNumber(dtype, combiner), dtype);
  }

  /** Batch axes first, then the free axes of `lhs`, then those of `rhs`. */
  dot(lhs: TensorValue, rhs: TensorValue, { batch, contract }: Contraction): TensorValue {
    const lhsUsed = [...batch, ...contract].map(([axis]) => axis);
    const rhsUsed = [...batch, ...contract].map(([, axis]) => axis);
    const dims = [
      ...batch.map(([axis]) => dimAt(lhs, axis)),
      ...lhs.dims.filter((_, axis) => !lhsUsed.includes(axis)),
      ...rhs.dims.filter((_, axis) => !rhsUsed.includes(axis)),
    ];
    const numbers = {
      lhs_batching_dimensions: batch.map(([axis]) => axis),
      rhs_batching_dimensions: batch.map(([, axis]) => axis),
      lhs_contracting_dimensions: contract.map(([axis]) => axis),
      rhs_contracting_dimensions: contract.map(([, axis]) => axis),
    };
    return this.make(dotGeneral, [lhs, rhs], { dot_dimension_numbers: numbers }, { dtype: lhs.dtype, dims });
  }

  // ---------------------------------------------------------------------------------------------------------- regions

  /** A region with arguments of these shapes; `build` gives what it returns. Ops made meanwhile go into it. */
  region(shapes: readonly TensorShape[], build: (args: readonly TensorValue[]) => readonly TensorValue[]): Region {
    const block = new Block(shapes.map(irType));
    this.inBlock(block, () => {
      const args = block.arguments.map((ir, index) => {
        const shape = shapes[index];
        invariant(shape !== undefined, 'a block argument without a shape');
        return this.value(ir, shape);
      });
      const results = build(args);
      this.builder.create(
        returnOp,
        results.map((result) => result.ir),
        {},
        { location: this.location() },
      );
    });
    return new Region(block);
  }

  /** Runs `body` with ops going to the end of `block`. */
  inBlock<T>(block: Block, body: () => T): T {
    const { block: outer, anchor } = this.builder;
    this.builder.block = block;
    this.builder.anchor = undefined;
    try {
      return body();
    } finally {
      this.builder.block = outer;
      this.builder.anchor = anchor;
    }
  }
}

/** An argument whose size along `axis` is `factor * n + constant`. */
interface SizeSource {
  readonly ir: IrValue;
  readonly axis: number;
  readonly factor: number;
  readonly constant: number;
}

const arithmetic = { add, multiply, 'floor-divide': divide } as const;

function isNumber(dimension: Dimension): boolean {
  return constantOf(dimension) !== undefined;
}

export function irType({ dtype, dims }: TensorShape): TensorType {
  return tensorType(dims.map(irDimension), dtype);
}

export function dimAt(x: TensorValue, axis: number): Dimension {
  const dim = x.dims[axis];
  invariant(dim !== undefined, `no axis ${axis} in rank ${x.dims.length}`);
  return dim;
}

/** What combining with changes nothing; of floats the infinities stand for the extremes. */
export function identityNumber(dtype: DType, combiner: Combiner): number {
  switch (combiner) {
    case 'add':
    case 'or':
      return 0;
    case 'multiply':
      return 1;
    case 'and':
      return dtype === 'i1' ? 1 : -1;
    case 'maximum':
      return extremesOf(dtype)[0];
    case 'minimum':
      return extremesOf(dtype)[1];
  }
}

function extremesOf(dtype: DType): readonly [number, number] {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'boolean') return [0, 1];
  if (kind === 'unsigned') return [0, 2 ** bits - 1];
  if (kind === 'integer') return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return [-Infinity, Infinity];
}
