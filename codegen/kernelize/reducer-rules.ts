/**
 * Ops whose results are reductions: each is a stage over the axes of its result and some reduction axes. dot_general and convolution
 * are sums of products that differ in access maps only.
 */
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { otherAxes } from '../../ir/ops/shared/axis-lists.ts';
import { windowAxes } from '../../ir/ops/shared/convolution-shape.ts';
import { windowOf } from '../../ir/ops/shared/window-geometry.ts';
import type { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import type { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import type { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import type { reduceWindow } from '../../ir/ops/stablehlo/reduce-window.ts';
import { addSizes, ceilDivideSizes, type Size } from '../kernel/size.ts';
import type { Guard, IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import { isFloatKernelDType, type KernelDType } from '../kernel/value-type.ts';
import { type Reduction, reductionOf, sumReduction } from './combiners.ts';
import type { ElementContext } from './element-context.ts';
import {
  accumulatorValue,
  binary,
  constantValue,
  convertValue,
  dimensionsOf,
  elementOf,
  elementValue,
  requireKernelDType,
  unsupportedKernel,
} from './expressions.ts';
import { type GuardSet, noGuards } from './index-algebra.ts';
import { elementOr, undilated } from './movement-rules.ts';
import { convertElement } from './narrow-elements.ts';
import { withJoin } from './selections.ts';
import { constantNumber } from './splat-constant.ts';

/** What a rule may do besides: make reduction axes. */
export interface ReducerContext extends ElementContext {
  /** An index that runs over a new reduction axis. */
  reductionAxis(extent: Size): IndexExpr;
}

/** The element that one point of the domain brings for each accumulator, and how they combine. */
export interface ReducerStage extends Reduction {
  readonly values: readonly ValueExpr[];
}

/** `indices`: one a dimension of the results, which all have one shape. */
export type ReducerRule = (op: Operation, indices: readonly IndexExpr[], context: ReducerContext) => ReducerStage;

/** Sums are kept in the widest float met; f16 and bf16 in f32; integers wrap in the result's type. */
function sumDType(dtypes: readonly KernelDType[], result: KernelDType): KernelDType {
  const all = [...dtypes, result];
  if (!all.some(isFloatKernelDType)) return result;
  return all.every((dtype) => dtype === 'f16' || dtype === 'bf16' || dtype === 'f32') ? 'f32' : 'f64';
}

function productSum(op: Operation, lhs: ValueExpr, rhs: ValueExpr): ReducerStage {
  const result = requireKernelDType(op.result(), op);
  const dtype = sumDType([lhs.dtype, rhs.dtype], result);
  const multiply = dtype === 'i1' ? 'and' : isOfPairs(op) ? 'dot-pairs' : 'multiply';
  const product = binary(multiply, convertValue(lhs, dtype), convertValue(rhs, dtype));
  return { values: [product], ...sumReduction(dtype, result) };
}

/** Words of two integers each. */
function isOfPairs({ name }: Operation): boolean {
  return name === 'tessera.dot_general_pairs' || name === 'tessera.convolution_pairs';
}

export const dotRule: ReducerRule = (op, indices, context) => {
  const { dot_dimension_numbers: dims } = attributesOf<typeof dotGeneral.attributes>(op);
  const [lhs, rhs] = [op.operand(0), op.operand(1)];
  const [lhsShape, rhsShape] = [dimensionsOf(lhs, op), dimensionsOf(rhs, op)];
  const { zero } = context.algebra;
  const lhsAt = lhsShape.map(() => zero);
  const rhsAt = rhsShape.map(() => zero);
  const rest = [...indices];
  const place = (at: IndexExpr[], axis: number, index: IndexExpr): void => void (at[axis] = index);
  for (const [position, axis] of dims.lhs_batching_dimensions.entries()) {
    const index = rest.shift() ?? zero;
    place(lhsAt, axis, index);
    place(rhsAt, dims.rhs_batching_dimensions[position] ?? 0, index);
  }
  const lhsTaken = [...dims.lhs_batching_dimensions, ...dims.lhs_contracting_dimensions];
  const rhsTaken = [...dims.rhs_batching_dimensions, ...dims.rhs_contracting_dimensions];
  for (const axis of otherAxes(lhsShape.length, lhsTaken)) place(lhsAt, axis, rest.shift() ?? zero);
  for (const axis of otherAxes(rhsShape.length, rhsTaken)) place(rhsAt, axis, rest.shift() ?? zero);
  for (const [position, axis] of dims.lhs_contracting_dimensions.entries()) {
    const index = context.reductionAxis(lhsShape[axis] ?? 1);
    place(lhsAt, axis, index);
    place(rhsAt, dims.rhs_contracting_dimensions[position] ?? 0, index);
  }
  const at = (value: Value, place: readonly IndexExpr[]): ValueExpr =>
    context.element(value, { indices: place, guards: noGuards });
  return productSum(op, at(lhs, lhsAt), at(rhs, rhsAt));
};

export const convolutionRule: ReducerRule = (op, indices, context) => {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  const dims = attrs.dimension_numbers;
  const { algebra } = context;
  const [lhs, rhs] = [op.operand(0), op.operand(1)];
  const [lhsShape, rhsShape] = [dimensionsOf(lhs, op), dimensionsOf(rhs, op)];
  const result = dimensionsOf(op.result(), op);
  const at = (axis: number): IndexExpr => indices[axis] ?? algebra.zero;
  const lhsAt = lhsShape.map(() => algebra.zero);
  const rhsAt = rhsShape.map(() => algebra.zero);
  const guards: Guard[] = [];
  for (const [axis, window] of windowAxes(attrs, attrs.padding).entries()) {
    const kernelAxis = dims.kernel_spatial_dimensions[axis] ?? 0;
    const inputAxis = dims.input_spatial_dimensions[axis] ?? 0;
    const extent = rhsShape[kernelAxis] ?? 1;
    const offset = context.reductionAxis(extent);
    const output = at(dims.output_spatial_dimensions[axis] ?? 0);
    const position = algebra.offset(
      algebra.add(algebra.scale(output, window.stride), algebra.scale(offset, window.rhsDilation)),
      -window.low,
    );
    const input = undilated(position, window.lhsDilation, lhsShape[inputAxis] ?? 1, algebra);
    guards.push(...input.guards);
    lhsAt[inputAxis] = input.index;
    const last = algebra.size(addSizes(extent, -1));
    rhsAt[kernelAxis] = window.reversed ? algebra.add(last, algebra.scale(offset, -1)) : offset;
  }
  const features = rhsShape[dims.kernel_input_feature_dimension] ?? 1;
  const feature = context.reductionAxis(features);
  const output = at(dims.output_feature_dimension);
  const outputs = result[dims.output_feature_dimension] ?? 1;
  const batches = result[dims.output_batch_dimension] ?? 1;
  const group = (count: number): IndexExpr =>
    count === 1 ? algebra.zero : algebra.floorDivide(output, ceilDivideSizes(outputs, count));
  lhsAt[dims.input_feature_dimension] = algebra.add(algebra.scale(group(attrs.feature_group_count), features), feature);
  lhsAt[dims.input_batch_dimension] = algebra.add(
    algebra.scale(group(attrs.batch_group_count), batches),
    at(dims.output_batch_dimension),
  );
  rhsAt[dims.kernel_input_feature_dimension] = feature;
  rhsAt[dims.kernel_output_feature_dimension] = output;
  const inside = { indices: lhsAt, guards: algebra.guards(noGuards, guards) };
  const zero = (): ValueExpr => constantValue(requireKernelDType(lhs, op), 0);
  const input = elementOr(lhs, inside, noGuards, zero, context);
  return productSum(op, input, context.element(rhs, { indices: rhsAt, guards: noGuards }));
};

/** The reducer of an op with inputs and as many initial values, of the elements at a place. */
function regionReduction(
  op: Operation,
  element: (input: Value, initial: () => ValueExpr) => ValueExpr,
  context: ReducerContext,
): ReducerStage {
  const count = op.operandCount / 2;
  const dtypes = op.results.map((result) => requireKernelDType(result, op));
  const scalar = { indices: [], guards: noGuards };
  const initialOf = (index: number): ValueExpr => context.element(op.operand(count + index), scalar);
  const values = dtypes.map((dtype, index) =>
    convertElement(
      element(op.operand(index), () => initialOf(index)),
      elementOf(op.operand(index), op),
      elementOf(op.result(index), op),
      dtype,
    ),
  );
  const args = [
    ...dtypes.map((dtype, index) => accumulatorValue(dtype, index)),
    ...dtypes.map((dtype, index) => elementValue(dtype, index)),
  ];
  const results = context.applyRegion(op, args, scalar);
  const isTyped = results.length === count && results.every(({ dtype }, index) => dtype === dtypes[index]);
  if (!isTyped) throw unsupportedKernel(op, 'its reducer gives other types than its results have');
  const constants = dtypes.map((_, index) => {
    const number = constantNumber(op.operand(count + index));
    const isSame = elementOf(op.operand(count + index), op) === elementOf(op.result(index), op);
    return isSame ? number : undefined;
  });
  const initial = dtypes.map((dtype, index) =>
    convertElement(initialOf(index), elementOf(op.operand(count + index), op), elementOf(op.result(index), op), dtype),
  );
  return { values, ...reductionOf(results, initial, constants) };
}

export const reduceRule: ReducerRule = (op, indices, context) => {
  const { dimensions } = attributesOf<typeof reduce.attributes>(op);
  const shape = dimensionsOf(op.operand(0), op);
  const kept = otherAxes(shape.length, dimensions);
  const at = shape.map((size, axis) => {
    const position = kept.indexOf(axis);
    return position < 0 ? context.reductionAxis(size) : (indices[position] ?? context.algebra.zero);
  });
  const stage = regionReduction(op, (input) => context.element(input, { indices: at, guards: noGuards }), context);
  const [reduced, ...others] = dimensions.map((dimension) => at[dimension]);
  if (reduced?.kind !== 'axis' || others.length > 0) return stage;
  return { ...stage, combiner: withJoin(stage.combiner, stage.values, (axis) => axis === reduced.axis) };
};

export const reduceWindowRule: ReducerRule = (op, indices, context) => {
  const { algebra } = context;
  const shape = dimensionsOf(op.operand(0), op);
  const window = windowOf(shape.length, attributesOf<typeof reduceWindow.attributes>(op));
  const guards: Guard[] = [];
  const at = shape.map((extent, axis) => {
    const offset = context.reductionAxis(window.dimensions[axis] ?? 1);
    const start = algebra.scale(indices[axis] ?? algebra.zero, window.strides[axis] ?? 1);
    const position = algebra.offset(
      algebra.add(start, algebra.scale(offset, window.windowDilations[axis] ?? 1)),
      -(window.low[axis] ?? 0),
    );
    const place = undilated(position, window.baseDilations[axis] ?? 1, extent, algebra);
    guards.push(...place.guards);
    return place.index;
  });
  const inside: GuardSet = algebra.guards(noGuards, guards);
  const element = (input: Value, initial: () => ValueExpr): ValueExpr =>
    elementOr(input, { indices: at, guards: inside }, noGuards, initial, context);
  return regionReduction(op, element, context);
};
