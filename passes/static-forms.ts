/**
 * The static forms of ops whose shapes are operands, used where these operands are constant or the result's type says the same.
 *
 *     %0 = stablehlo.dynamic_reshape %x, %shape : (tensor<6xf32>, tensor<2xi32>) -> tensor<2x3xf32>
 *       ->
 *     %0 = stablehlo.reshape %x : (tensor<6xf32>) -> tensor<2x3xf32>
 *
 * Result types stay as they are: making them better known is shape refinement's part.
 */
import type { AttributesOf, AttributeSchema } from '../ir/attribute-schema.ts';
import { attributesOf } from '../ir/op-site.ts';
import type { ConstraintCheck, OpDefinition } from '../ir/op-definition.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { compatibleTypeLists } from '../ir/ops/shared/region-signature.ts';
import { broadcastInDim } from '../ir/ops/stablehlo/broadcast-in-dim.ts';
import { convolution } from '../ir/ops/stablehlo/convolution.ts';
import { dynamicBroadcastInDim } from '../ir/ops/stablehlo/dynamic-broadcast-in-dim.ts';
import { dynamicConv } from '../ir/ops/stablehlo/dynamic-conv.ts';
import { dynamicGather } from '../ir/ops/stablehlo/dynamic-gather.ts';
import { dynamicIota } from '../ir/ops/stablehlo/dynamic-iota.ts';
import { dynamicPad } from '../ir/ops/stablehlo/dynamic-pad.ts';
import { dynamicReshape } from '../ir/ops/stablehlo/dynamic-reshape.ts';
import { gather } from '../ir/ops/stablehlo/gather.ts';
import { getDimensionSize } from '../ir/ops/stablehlo/get-dimension-size.ts';
import { iota } from '../ir/ops/stablehlo/iota.ts';
import { pad } from '../ir/ops/stablehlo/pad.ts';
import { realDynamicSlice } from '../ir/ops/stablehlo/real-dynamic-slice.ts';
import { reshape } from '../ir/ops/stablehlo/reshape.ts';
import { setDimensionSize } from '../ir/ops/stablehlo/set-dimension-size.ts';
import { slice } from '../ir/ops/stablehlo/slice.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { isTensor } from '../ir/types.ts';
import { createConstant, integersOf, splatAttr, splatNumber } from './constants.ts';
import { staticTensor } from './match.ts';

/** Makes what stands for the op, or nothing and gives undefined. */
type StaticForm = (op: Operation, rewriter: Rewriter) => Value | undefined;

/** Replaces the op by its static form, if it has one and its shapes are known; true when it did. */
export function makeStatic(op: Operation, rewriter: Rewriter): boolean {
  const value = forms.get(op.name)?.(op, rewriter);
  if (value === undefined) return false;
  rewriter.replace(op, [value]);
  return true;
}

/** Names of the ops that may have a static form. */
export function opsWithStaticForm(): readonly string[] {
  return [...forms.keys()];
}

const forms: ReadonlyMap<string, StaticForm> = new Map([
  form(dynamicReshape, ({ op, make }) => (hasKnownShape(op) ? make(reshape, [op.operand(0)], {}) : undefined)),
  form(dynamicBroadcastInDim, ({ op, attrs, make }) => {
    const { broadcast_dimensions } = attrs;
    return hasKnownShape(op) ? make(broadcastInDim, [op.operand(0)], { broadcast_dimensions }) : undefined;
  }),
  form(dynamicIota, ({ op, attrs, make }) => (hasKnownShape(op) ? make(iota, [], attrs) : undefined)),
  form(dynamicPad, ({ op, make }) => {
    const [low, high, interior] = constantLists(op, 2);
    if (low === undefined || high === undefined || interior === undefined) return undefined;
    const attrs = { edge_padding_low: low, edge_padding_high: high, interior_padding: interior };
    return make(pad, [op.operand(0), op.operand(1)], attrs);
  }),
  form(realDynamicSlice, ({ op, make }) => {
    const [starts, limits, strides] = constantLists(op, 1);
    if (starts === undefined || limits === undefined || strides === undefined) return undefined;
    return make(slice, [op.operand(0)], { start_indices: starts, limit_indices: limits, strides });
  }),
  form(dynamicGather, ({ op, attrs, make }) => {
    const sizes = integersOf(op.operand(2));
    if (sizes === undefined) return undefined;
    return make(gather, [op.operand(0), op.operand(1)], { ...attrs, slice_sizes: sizes });
  }),
  form(dynamicConv, ({ op, attrs, make }) => {
    const edges = integersOf(op.operand(2));
    if (edges === undefined) return undefined;
    const rank = attrs.dimension_numbers.input_spatial_dimensions.length;
    const padding = Array.from({ length: rank }, (_, axis) => edges.slice(2 * axis, 2 * axis + 2));
    const window_strides = attrs.window_strides?.slice(0, rank);
    return make(convolution, [op.operand(0), op.operand(1)], { ...attrs, window_strides, padding });
  }),
  form(getDimensionSize, ({ op, attrs, rewriter }) => {
    const operand = op.operand(0).type;
    const size = isTensor(operand) ? operand.shape[attrs.dimension] : undefined;
    const { type } = op.result();
    if (typeof size !== 'number' || size > 0x7fffffff || !isTensor(type)) return undefined;
    return createConstant(rewriter, op, splatAttr(type, size));
  }),
  form(setDimensionSize, ({ op, attrs }) => {
    const operand = staticTensor(op.operand(0).type);
    const size = splatNumber(op.operand(1));
    const isWhole = operand !== undefined && size !== undefined && Number(size) === operand.shape[attrs.dimension];
    return isWhole && operand === op.result().type ? op.operand(0) : undefined;
  }),
]);

interface FormSite<S extends AttributeSchema> {
  readonly op: Operation;
  readonly attrs: AttributesOf<S>;
  readonly rewriter: Rewriter;
  /** An op of the same result type; undefined, with nothing made, when it would break one of its constraints. */
  make<N extends string, T extends AttributeSchema>(
    definition: OpDefinition<N, T>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<T>>,
  ): Value | undefined;
}

function form<S extends AttributeSchema>(
  definition: OpDefinition<string, S>,
  write: (site: FormSite<S>) => Value | undefined,
): readonly [string, StaticForm] {
  return [
    definition.name,
    (op, rewriter) =>
      write({
        op,
        attrs: attributesOf<S>(op),
        rewriter,
        make(target, operands, attrs) {
          if (!isAllowed(target, operands, attrs as AttributesOf<typeof target.attributes>, op)) return undefined;
          const resultTypes = [op.result().type];
          return rewriter.createBefore(op, target, operands, attrs, { resultTypes }).result();
        },
      }),
  ];
}

/** True when the static op may have these operands and attributes, and the result type of the dynamic one. */
function isAllowed<S extends AttributeSchema>(
  definition: OpDefinition<string, S>,
  operands: readonly Value[],
  attrs: AttributesOf<S>,
  op: Operation,
): boolean {
  let isRight = true;
  const check: ConstraintCheck = {
    require(condition) {
      isRight &&= condition;
      return condition;
    },
  };
  const resultTypes = [op.result().type];
  const operandTypes = operands.map(({ type }) => type);
  const site = { op: undefined, definition, operandTypes, resultTypes, attrs, regions: [] };
  const inferred = definition.inferTypes?.(site, check);
  if (isRight) definition.verify?.(site, check);
  return isRight && (inferred === undefined || compatibleTypeLists(inferred, resultTypes));
}

/** Every size is a number, or has a name that says where it comes from. */
function hasKnownShape(op: Operation): boolean {
  const { type } = op.result();
  return isTensor(type) && type.shape.every((size) => typeof size === 'number' || size.name !== '');
}

/** The three constant lists from operand `first` on; undefined for one that is not constant. */
function constantLists(op: Operation, first: number): readonly (readonly number[] | undefined)[] {
  return [0, 1, 2].map((index) => integersOf(op.operand(first + index)));
}
