/**
 * What expanders build with: arithmetic on values before an anchor, one call an op, scalars spread to the shape at hand.
 * Everything gets the anchor's location.
 */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import type { Dim } from '../ir/dimension.ts';
import { dtypeInfo } from '../ir/dtype.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import { Block, type Operation, Region, type Value } from '../ir/operation.ts';
import { Builder } from '../ir/builder.ts';
import { abs } from '../ir/ops/stablehlo/abs.ts';
import { add } from '../ir/ops/stablehlo/add.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import { compare } from '../ir/ops/stablehlo/compare.ts';
import { convert } from '../ir/ops/stablehlo/convert.ts';
import { divide } from '../ir/ops/stablehlo/divide.ts';
import { dynamicBroadcastInDim } from '../ir/ops/stablehlo/dynamic-broadcast-in-dim.ts';
import { multiply } from '../ir/ops/stablehlo/multiply.ts';
import { negate } from '../ir/ops/stablehlo/negate.ts';
import { reduce } from '../ir/ops/stablehlo/reduce.ts';
import { reshape } from '../ir/ops/stablehlo/reshape.ts';
import { returnOp } from '../ir/ops/stablehlo/return.ts';
import { select } from '../ir/ops/stablehlo/select.ts';
import { sqrt } from '../ir/ops/stablehlo/sqrt.ts';
import { subtract } from '../ir/ops/stablehlo/subtract.ts';
import { concatenate } from '../ir/ops/stablehlo/concatenate.ts';
import { getDimensionSize } from '../ir/ops/stablehlo/get-dimension-size.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { type ElementType, isTensor, scalarTensor, tensorType, type TensorType } from '../ir/types.ts';
import { createConstant, splatAttr } from './constants.ts';

export type ComparisonDirection = 'EQ' | 'NE' | 'GE' | 'GT' | 'LE' | 'LT';

/** The tensor type of a value that is known to be one. */
export function tensorOf(value: Value): TensorType {
  if (!isTensor(value.type)) throw new InvariantError(`${value.type.text} is not a tensor`);
  return value.type;
}

export class OpKit {
  readonly rewriter: Rewriter;
  readonly anchor: Operation;

  constructor(rewriter: Rewriter, anchor: Operation) {
    this.rewriter = rewriter;
    this.anchor = anchor;
  }

  /** An elementwise op: the result has the type of the first operand unless `type` is given. */
  elementwise(definition: OpDefinition, operands: readonly Value[], type?: TensorType): Value {
    const [first] = operands;
    if (first === undefined) throw new InvariantError(`${definition.name} without operands`);
    return this.rewriter
      .createBefore(this.anchor, definition, operands, {}, { resultTypes: [type ?? first.type] })
      .result();
  }

  add = (lhs: Value, rhs: Value): Value => this.elementwise(add, [lhs, rhs]);
  subtract = (lhs: Value, rhs: Value): Value => this.elementwise(subtract, [lhs, rhs]);
  multiply = (lhs: Value, rhs: Value): Value => this.elementwise(multiply, [lhs, rhs]);
  divide = (lhs: Value, rhs: Value): Value => this.elementwise(divide, [lhs, rhs]);
  negate = (operand: Value): Value => this.elementwise(negate, [operand]);
  sqrt = (operand: Value): Value => this.elementwise(sqrt, [operand]);
  /** The absolute value; of complex elements, the real modulus. */
  abs = (operand: Value): Value => {
    const type = tensorOf(operand);
    const part = typeof type.element === 'string' ? dtypeInfo(type.element).part : type.element;
    return this.elementwise(abs, [operand], tensorType(type.shape, part));
  };

  compare(direction: ComparisonDirection, lhs: Value, rhs: Value): Value {
    const type = tensorType(tensorOf(lhs).shape, 'i1');
    const attrs = { comparison_direction: direction };
    return this.rewriter.createBefore(this.anchor, compare, [lhs, rhs], attrs, { resultTypes: [type] }).result();
  }

  select(predicate: Value, onTrue: Value, onFalse: Value): Value {
    return this.elementwise(select, [predicate, onTrue, onFalse], tensorOf(onTrue));
  }

  convert(operand: Value, element: ElementType): Value {
    const type = tensorOf(operand);
    return type.element === element ? operand : this.elementwise(convert, [operand], tensorType(type.shape, element));
  }

  /** The number in every place. */
  constant(number: number, type: TensorType): Value {
    return createConstant(this.rewriter, this.anchor, splatAttr(type, number));
  }

  /** A scalar constant of the element type. */
  scalar(number: number, element: ElementType): Value {
    return this.constant(number, scalarTensor(element));
  }

  /** The number in every place of a tensor like `like`, whose sizes may be unknown; `element` overrides its element type. */
  constantLike(number: number, like: Value, element?: ElementType): Value {
    const type = tensorOf(like);
    const wanted = tensorType(type.shape, element ?? type.element);
    if (isStaticShape(wanted.shape)) return this.constant(number, wanted);
    return this.broadcastLike(this.scalar(number, wanted.element), [], like);
  }

  /** `value` along `dimensions` of the shape of `like`. */
  broadcastLike(value: Value, dimensions: readonly number[], like: Value): Value {
    const { shape } = tensorOf(like);
    const type = tensorType(shape, tensorOf(value).element);
    const attrs = { broadcast_dimensions: dimensions };
    const options = { resultTypes: [type] };
    if (isStaticShape(shape))
      return this.rewriter.createBefore(this.anchor, broadcastInDim, [value], attrs, options).result();
    return this.rewriter
      .createBefore(this.anchor, dynamicBroadcastInDim, [value, this.shapeOf(like)], attrs, options)
      .result();
  }

  /** The shape of a value as a one-dimensional i32 tensor. */
  shapeOf(value: Value): Value {
    const sizes = tensorOf(value).shape.map((dim, axis) => this.reshape(this.dimensionSize(value, dim, axis), [1]));
    const type = tensorType([sizes.length], 'i32');
    return this.rewriter
      .createBefore(this.anchor, concatenate, sizes, { dimension: 0 }, { resultTypes: [type] })
      .result();
  }

  /** The size of an axis as an i32 scalar. */
  dimensionSize(value: Value, dim: Dim, axis: number): Value {
    if (typeof dim === 'number') return this.scalar(dim, 'i32');
    const attrs = { dimension: axis };
    const options = { resultTypes: [scalarTensor('i32')] };
    return this.rewriter.createBefore(this.anchor, getDimensionSize, [value], attrs, options).result();
  }

  reshape(value: Value, shape: readonly Dim[]): Value {
    const type = tensorType(shape, tensorOf(value).element);
    return type === value.type ? value : this.elementwise(reshape, [value], type);
  }

  /** The sum over `dimensions`, starting at 0. */
  sum(operand: Value, dimensions: readonly number[]): Value {
    const { shape, element } = tensorOf(operand);
    const resultType = tensorType(
      shape.filter((_, axis) => !dimensions.includes(axis)),
      element,
    );
    const body = new Block([scalarTensor(element), scalarTensor(element)]);
    const builder = new Builder(body);
    builder.location = this.anchor.location;
    const total = builder.create(add, body.arguments, {}, { resultTypes: [scalarTensor(element)] }).result();
    builder.create(returnOp, [total]);
    const options = { resultTypes: [resultType], regions: [new Region(body)] };
    const operands = [operand, this.scalar(0, element)];
    return this.rewriter.createBefore(this.anchor, reduce, operands, { dimensions }, options).result();
  }
}

function isStaticShape(shape: readonly Dim[]): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number');
}
