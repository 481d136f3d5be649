/**
 * What expanders build with beyond arithmetic: data movement of known sizes, contractions and constants with many elements, one call an
 * op, before an anchor and with its location.
 */
import type { AttributesOf, AttributeSchema } from '../ir/attribute-schema.ts';
import { denseAttr } from '../ir/attributes.ts';
import { invariant } from '../ir/diagnostics/diagnostic.ts';
import { isStaticDim } from '../ir/dimension.ts';
import { type DType, dtypeInfo } from '../ir/dtype.ts';
import { allocateElements } from '../ir/elements.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../ir/numerics/index.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import type { Region, Value } from '../ir/operation.ts';
import { bitcastConvert } from '../ir/ops/stablehlo/bitcast-convert.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import { complex } from '../ir/ops/stablehlo/complex.ts';
import { concatenate } from '../ir/ops/stablehlo/concatenate.ts';
import { dotGeneral } from '../ir/ops/stablehlo/dot-general.ts';
import { imag } from '../ir/ops/stablehlo/imag.ts';
import { pad } from '../ir/ops/stablehlo/pad.ts';
import { real } from '../ir/ops/stablehlo/real.ts';
import { reverse } from '../ir/ops/stablehlo/reverse.ts';
import { slice } from '../ir/ops/stablehlo/slice.ts';
import { transpose } from '../ir/ops/stablehlo/transpose.ts';
import { type ElementType, scalarTensor, tensorType, type TensorType, type Type } from '../ir/types.ts';
import { createConstant } from './constants.ts';
import { OpKit, tensorOf } from './op-kit.ts';

export interface DotAxes {
  readonly batch?: readonly (readonly [lhs: number, rhs: number])[];
  readonly contract: readonly (readonly [lhs: number, rhs: number])[];
}

export class ExpandKit extends OpKit {
  /** Any op with one result. */
  make<S extends AttributeSchema>(
    definition: OpDefinition<string, S>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<S>>,
    type: Type,
    regions: readonly Region[] = [],
  ): Value {
    const options = { resultTypes: [type], regions };
    return this.rewriter.createBefore(this.anchor, definition, operands, attrs, options).result();
  }

  complex(re: Value, im: Value): Value {
    const { shape, element } = tensorOf(re);
    return this.make(complex, [re, im], {}, tensorType(shape, element === 'f64' ? 'complex<f64>' : 'complex<f32>'));
  }

  real = (value: Value): Value => this.make(real, [value], {}, partType(tensorOf(value)));
  imag = (value: Value): Value => this.make(imag, [value], {}, partType(tensorOf(value)));

  /** The same bits as elements of the same width. */
  bitcast(value: Value, element: ElementType): Value {
    const { shape, element: from } = tensorOf(value);
    return from === element ? value : this.make(bitcastConvert, [value], {}, tensorType(shape, element));
  }

  slice(value: Value, starts: readonly number[], limits: readonly number[], strides?: readonly number[]): Value {
    const { shape, element } = tensorOf(value);
    const steps = strides ?? starts.map(() => 1);
    const sizes = starts.map((start, axis) => Math.ceil(((limits[axis] ?? 0) - start) / (steps[axis] ?? 1)));
    if (sizes.every((size, axis) => size === shape[axis])) return value;
    const attrs = { start_indices: starts, limit_indices: limits, strides: steps };
    return this.make(slice, [value], attrs, tensorType(sizes, element));
  }

  /** The elements in `[start, limit)` of one axis, every `stride`-th. */
  sliceAlong(value: Value, axis: number, start: number, limit: number, stride = 1): Value {
    const shape = this.sizesOf(value);
    const zeros = shape.map(() => 0);
    const ones = shape.map(() => 1);
    return this.slice(value, zeros.with(axis, start), shape.with(axis, limit), ones.with(axis, stride));
  }

  transpose(value: Value, permutation: readonly number[]): Value {
    if (permutation.every((axis, index) => axis === index)) return value;
    const { shape, element } = tensorOf(value);
    const type = tensorType(
      permutation.map((axis) => shape[axis] ?? 0),
      element,
    );
    return this.make(transpose, [value], { permutation }, type);
  }

  /** With zeros around it, or cut off where a number is negative; sizes bound late have neither. */
  pad(value: Value, low: readonly number[], high: readonly number[]): Value {
    if ([...low, ...high].every((amount) => amount === 0)) return value;
    const { shape, element } = tensorOf(value);
    const sizes = shape.map((dim, axis) => (isStaticDim(dim) ? dim + (low[axis] ?? 0) + (high[axis] ?? 0) : dim));
    const attrs = { edge_padding_low: low, edge_padding_high: high, interior_padding: low.map(() => 0) };
    return this.make(pad, [value, this.scalar(0, element)], attrs, tensorType(sizes, element));
  }

  concatenate(values: readonly Value[], axis: number): Value {
    const [first] = values;
    invariant(first !== undefined, 'nothing to concatenate');
    if (values.length === 1) return first;
    const size = values.reduce((sum, value) => sum + Number(tensorOf(value).shape[axis]), 0);
    const { shape, element } = tensorOf(first);
    return this.make(concatenate, values, { dimension: axis }, tensorType(shape.with(axis, size), element));
  }

  reverse(value: Value, dimensions: readonly number[]): Value {
    return this.make(reverse, [value], { dimensions }, value.type);
  }

  /** `value` along `dimensions` of a shape. */
  broadcast(value: Value, dimensions: readonly number[], shape: readonly number[]): Value {
    const type = tensorType(shape, tensorOf(value).element);
    if (type === value.type) return value;
    return this.make(broadcastInDim, [value], { broadcast_dimensions: dimensions }, type);
  }

  /** The contraction of paired axes; free axes stay in order, batch axes come first. Exact to the element type. */
  dot(lhs: Value, rhs: Value, { batch = [], contract }: DotAxes): Value {
    const lhsAxes = [...batch, ...contract].map(([axis]) => axis);
    const rhsAxes = [...batch, ...contract].map(([, axis]) => axis);
    const dims = {
      lhs_batching_dimensions: batch.map(([axis]) => axis),
      rhs_batching_dimensions: batch.map(([, axis]) => axis),
      lhs_contracting_dimensions: contract.map(([axis]) => axis),
      rhs_contracting_dimensions: contract.map(([, axis]) => axis),
    };
    const [lhsShape, rhsShape] = [this.sizesOf(lhs), this.sizesOf(rhs)];
    const shape = [
      ...batch.map(([axis]) => lhsShape[axis] ?? 0),
      ...lhsShape.filter((_, axis) => !lhsAxes.includes(axis)),
      ...rhsShape.filter((_, axis) => !rhsAxes.includes(axis)),
    ];
    const attrs = { dot_dimension_numbers: dims, precision_config: ['HIGHEST', 'HIGHEST'] as const };
    return this.make(dotGeneral, [lhs, rhs], attrs, tensorType(shape, tensorOf(lhs).element));
  }

  /** A constant of these elements in row-major order; complex ones take two numbers. */
  constantOf(numbers: readonly (number | bigint)[], type: TensorType): Value {
    const { element } = type;
    invariant(typeof element === 'string', `no constant is made of ${type.text}`);
    const values = allocateElements(element, numbers.length / dtypeInfo(element).slots);
    const isNarrow = isFloatFormatName(element) && element !== 'f32' && element !== 'f64';
    const encode = isNarrow ? (x: number): number => encodeFloat(x, floatFormats[element]) : Number;
    for (const [index, number] of numbers.entries()) {
      if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(number);
      else values[index] = encode(Number(number));
    }
    return createConstant(this.rewriter, this.anchor, denseAttr(type, { splat: false, values }));
  }

  /** The sizes of a value that is known to have static ones. */
  sizesOf(value: Value): readonly number[] {
    const { shape, text } = tensorOf(value);
    return shape.map((dim) => {
      invariant(typeof dim === 'number', `${text} has sizes that are not known`);
      return dim;
    });
  }
}

/** A value that must be there. */
export function present<T>(value: T | undefined): T {
  invariant(value !== undefined, 'a value is missing');
  return value;
}

/** The type of the real parts of complex elements. */
export function partType({ shape, element, text }: TensorType): TensorType {
  invariant(typeof element === 'string', `${text} has no parts`);
  return tensorType(shape, dtypeInfo(element).part);
}

/** The dtype of a value that is known not to be quantised. */
export function dtypeOf(value: Value): DType {
  const { element, text } = tensorOf(value);
  invariant(typeof element === 'string', `${text} is quantised`);
  return element;
}

export function scalarOf(value: Value): TensorType {
  return scalarTensor(tensorOf(value).element);
}
