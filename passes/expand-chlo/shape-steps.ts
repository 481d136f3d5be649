/** Steps along axes, of tensors whose sizes may be unknown: shape arithmetic is made only where a size is. */
import type { AttributesOf, AttributeSchema } from '../../ir/attribute-schema.ts';
import type { Dim } from '../../ir/dimension.ts';
import type { OpDefinition } from '../../ir/op-definition.ts';
import type { Value } from '../../ir/operation.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { dynamicBroadcastInDim } from '../../ir/ops/stablehlo/dynamic-broadcast-in-dim.ts';
import { dynamicIota } from '../../ir/ops/stablehlo/dynamic-iota.ts';
import { dynamicReshape } from '../../ir/ops/stablehlo/dynamic-reshape.ts';
import { dynamicSlice } from '../../ir/ops/stablehlo/dynamic-slice.ts';
import { dynamicUpdateSlice } from '../../ir/ops/stablehlo/dynamic-update-slice.ts';
import { iota } from '../../ir/ops/stablehlo/iota.ts';
import { realDynamicSlice } from '../../ir/ops/stablehlo/real-dynamic-slice.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { type ElementType, tensorType, type TensorType } from '../../ir/types.ts';
import { OpKit, tensorOf } from '../op-kit.ts';

/** An OpKit with steps along axes. Sizes and positions are i32 scalars. */
export class ShapeKit extends OpKit {
  /** The size of each axis. */
  sizesOf(value: Value): readonly Value[] {
    return tensorOf(value).shape.map((dim, axis) => this.dimensionSize(value, dim, axis));
  }

  /** i32 scalars as one tensor. */
  vector(scalars: readonly Value[]): Value {
    const parts = scalars.map((scalar) => this.reshape(scalar, [1]));
    return this.#make(concatenate, parts, { dimension: 0 }, tensorType([parts.length], 'i32'));
  }

  /** `value` along `dimensions` of a result of this type; `sizes` are used where the type does not tell them. */
  broadcastTo(value: Value, dimensions: readonly number[], type: TensorType, sizes: () => readonly Value[]): Value {
    const attrs = { broadcast_dimensions: dimensions };
    if (isStatic(type) && isStatic(tensorOf(value))) return this.#make(broadcastInDim, [value], attrs, type);
    return this.#make(dynamicBroadcastInDim, [value, this.vector(sizes())], attrs, type);
  }

  /** The number in every place of a tensor of this type. */
  fill(number: number, type: TensorType, sizes: () => readonly Value[]): Value {
    if (isStatic(type)) return this.constant(number, type);
    return this.broadcastTo(this.scalar(number, type.element), [], type, sizes);
  }

  /** Positions along an axis of a tensor with the shape of `like`. */
  iotaLike(like: Value, axis: number, element: ElementType): Value {
    const type = tensorType(tensorOf(like).shape, element);
    if (isStatic(type)) return this.#make(iota, [], { iota_dimension: axis }, type);
    return this.#make(dynamicIota, [this.shapeOf(like)], { iota_dimension: axis }, type);
  }

  /** The first `limit - start` elements from `start` on along an axis. */
  sliceAxis(value: Value, axis: number, start: number, limit: number): Value {
    const { shape, element } = tensorOf(value);
    const type = tensorType(shape.with(axis, limit - start), element);
    const at = (here: number, elsewhere: Dim): Dim[] => shape.map((_, index) => (index === axis ? here : elsewhere));
    if (shape.every((dim) => typeof dim === 'number')) {
      const attrs = {
        start_indices: numbers(at(start, 0)),
        limit_indices: shape.with(axis, limit),
        strides: numbers(at(1, 1)),
      };
      return this.#make(slice, [value], attrs, type);
    }
    const limits = this.sizesOf(value).with(axis, this.scalar(limit, 'i32'));
    return this.#runtimeSlice(value, this.#zerosBut(shape.length, axis, this.scalar(start, 'i32')), limits, type);
  }

  /** The element at a position along an axis, which stays with size 1. */
  elementAt(value: Value, axis: number, position: Value): Value {
    const { shape, element } = tensorOf(value);
    const type = tensorType(shape.with(axis, 1), element);
    const starts = this.#zerosBut(shape.length, axis, position);
    if (isStatic(type)) return this.#make(dynamicSlice, [value, ...starts], { slice_sizes: numbers(type.shape) }, type);
    const limits = this.sizesOf(value).with(axis, this.add(position, this.scalar(1, 'i32')));
    return this.#runtimeSlice(value, starts, limits, type);
  }

  /** The value with an update, of size 1 along the axis, put in at a position. */
  updatedAt(value: Value, update: Value, axis: number, position: Value): Value {
    const starts = this.#zerosBut(tensorOf(value).shape.length, axis, position);
    return this.#make(dynamicUpdateSlice, [value, update, ...starts], {}, tensorOf(value));
  }

  /** Without an axis of size 1. */
  dropAxis(value: Value, axis: number): Value {
    const { shape, element } = tensorOf(value);
    return this.#reshaped(value, tensorType(shape.toSpliced(axis, 1), element), () =>
      this.sizesOf(value).toSpliced(axis, 1),
    );
  }

  /** With a new axis of size 1. */
  insertAxis(value: Value, axis: number): Value {
    const { shape, element } = tensorOf(value);
    return this.#reshaped(value, tensorType(shape.toSpliced(axis, 0, 1), element), () =>
      this.sizesOf(value).toSpliced(axis, 0, this.scalar(1, 'i32')),
    );
  }

  #reshaped(value: Value, type: TensorType, sizes: () => readonly Value[]): Value {
    if (isStatic(type)) return this.reshape(value, type.shape);
    return this.#make(dynamicReshape, [value, this.vector(sizes())], {}, type);
  }

  #runtimeSlice(value: Value, starts: readonly Value[], limits: readonly Value[], type: TensorType): Value {
    const strides = this.constant(1, tensorType([starts.length], 'i32'));
    return this.#make(realDynamicSlice, [value, this.vector(starts), this.vector(limits), strides], {}, type);
  }

  #zerosBut(rank: number, axis: number, position: Value): readonly Value[] {
    const zero = this.scalar(0, 'i32');
    return new Array<Value>(rank).fill(zero).with(axis, position);
  }

  #make: MakeOne = (definition, operands, attrs, type) =>
    this.rewriter.createBefore(this.anchor, definition, operands, attrs, { resultTypes: [type] }).result();
}

type MakeOne = <S extends AttributeSchema>(
  definition: OpDefinition<string, S>,
  operands: readonly Value[],
  attrs: Partial<AttributesOf<S>>,
  type: TensorType,
) => Value;

export function isStatic(type: TensorType): boolean {
  return type.shape.every((dim) => typeof dim === 'number');
}

function numbers(dims: readonly Dim[]): number[] {
  return dims.filter((dim) => typeof dim === 'number');
}
