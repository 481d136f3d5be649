/**
 * Products of narrow integers, two at a time: operands of a contraction into i32 whose elements fit 16 bits become words of two of them
 * along a contracted dimension.
 *
 *     %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<4x64xi8>, tensor<64x8xi8>) -> tensor<4x8xi32>
 *       ->
 *     %a = stablehlo.convert %x : tensor<4x64xi16>, as tensor<4x32xi32> by reshape and bitcast_convert
 *     %b = the words of %w : tensor<32x8xi32>
 *     %0 = "tessera.dot_general_pairs"(%a, %b) : (tensor<4x32xi32>, tensor<32x8xi32>) -> tensor<4x8xi32>
 *
 * Sums of integers wrap, so that their order is free and the result exact. Many targets multiply and add such pairs in one instruction
 * (docs/kernel-ir.md, `dot-pairs`). Words of constants are made here. An odd dimension is padded with a zero. What is known of an element
 * is its type, and what conversions, zero points and constants say (value-range.ts). Run it after all passes that simplify.
 */
import type { AttributeSchema, AttributesOf } from '../ir/attribute-schema.ts';
import { denseAttr } from '../ir/attributes.ts';
import { invariant } from '../ir/diagnostics/diagnostic.ts';
import { tensorOfConstant } from '../ir/evaluator/constant-value.ts';
import type { OpDefinition } from '../ir/op-definition.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { bitcastConvert } from '../ir/ops/stablehlo/bitcast-convert.ts';
import { convolution } from '../ir/ops/stablehlo/convolution.ts';
import { dotGeneral } from '../ir/ops/stablehlo/dot-general.ts';
import { or } from '../ir/ops/stablehlo/or.ts';
import { and } from '../ir/ops/stablehlo/and.ts';
import { shiftLeft } from '../ir/ops/stablehlo/shift-left.ts';
import { convolutionPairs } from '../ir/ops/tessera/convolution-pairs.ts';
import { dotGeneralPairs } from '../ir/ops/tessera/dot-general-pairs.ts';
import { isStaticTensor, tensorType } from '../ir/types.ts';
import { constantOf, createConstant } from './constants.ts';
import type { ExpandKit } from './expand-kit.ts';
import { runExpansions } from './expansions.ts';
import { depthOf, elementsOf } from './fuse/op-kind.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { rangeOf } from './value-range.ts';

export const pairProducts = definePass({
  name: 'pair-products',
  summary: 'multiply narrow integers two at a time',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [
          dotGeneral.name,
          (kit: ExpandKit, op: Operation) => {
            const attrs = attributesOf<typeof dotGeneral.attributes>(op);
            const { lhs_contracting_dimensions: lhs, rhs_contracting_dimensions: rhs } = attrs.dot_dimension_numbers;
            return paired(kit, op, dotGeneralPairs, attrs, innermost(op, lhs, rhs));
          },
        ],
        [
          convolution.name,
          (kit: ExpandKit, op: Operation) => {
            const attrs = attributesOf<typeof convolution.attributes>(op);
            return paired(kit, op, convolutionPairs, attrs, features(op, attrs));
          },
        ],
      ]),
    ),
});

/** The dimension of each operand along which pairs are made. */
type Axes = readonly [lhs: number, rhs: number];

/** Of several, the one that lies innermost in an operand whose elements are not known. */
function innermost(op: Operation, lhs: readonly number[], rhs: readonly number[]): Axes | undefined {
  const axes = lhs.map((axis, position): Axes => [axis, rhs[position] ?? 0]);
  const isLast = (operand: number, axis: number): boolean =>
    axis === tensorOf(op.operand(operand)).shape.length - 1 && constantOf(op.operand(operand)) === undefined;
  return axes.find((each) => isLast(0, each[0]) || isLast(1, each[1])) ?? axes[0];
}

/** Input features; those of a group must be whole pairs. */
function features(op: Operation, attrs: AttributesOf<typeof convolution.attributes>): Axes | undefined {
  const { dimension_numbers: dims, feature_group_count: groups, batch_group_count: batches } = attrs;
  const axes: Axes = [dims.input_feature_dimension, dims.kernel_input_feature_dimension];
  const inGroup = tensorOf(op.operand(1)).shape[axes[1]];
  const isWhole = groups === 1 || (typeof inGroup === 'number' && inGroup % 2 === 0);
  return batches === 1 && isWhole ? axes : undefined;
}

function paired<S extends AttributeSchema>(
  kit: ExpandKit,
  op: Operation,
  definition: OpDefinition<string, S>,
  attrs: AttributesOf<S>,
  axes: Axes | undefined,
): readonly Value[] | undefined {
  const [lhs, rhs] = op.operands;
  const result = op.result();
  if (axes === undefined || lhs === undefined || rhs === undefined) return undefined;
  if (!hasPairs(lhs, axes[0]) || !hasPairs(rhs, axes[1]) || tensorOf(result).element !== 'i32') return undefined;
  if (!isWorthwhile(op, axes) || !isNarrow(lhs) || !isNarrow(rhs)) return undefined;
  return [kit.make(definition, [words(kit, lhs, axes[0]), words(kit, rhs, axes[1])], attrs, result.type)];
}

/** Where other sizes are bound late, pairs must lie side by side. */
function hasPairs(value: Value, axis: number): boolean {
  const { shape } = tensorOf(value);
  return isStaticTensor(value.type) || (axis === shape.length - 1 && typeof shape[axis] === 'number');
}

/** Products for each element that is put into a word while the model runs; widening and storing one takes as long as some products. */
const leastUses = 4;

function isWorthwhile(op: Operation, [axis]: Axes): boolean {
  const products = elementsOf(op.result()) * depthOf(op);
  const packed = op.operands.filter((value) => constantOf(value) === undefined).map(elementsOf);
  const size = tensorOf(op.operand(0)).shape[axis];
  return size !== 0 && size !== 1 && products >= leastUses * packed.reduce((sum, each) => sum + each, 0);
}

function isNarrow(value: Value): boolean {
  const range = rangeOf(value);
  return range !== undefined && range.least >= -(2 ** 15) && range.greatest < 2 ** 15;
}

/** The elements two by two along an axis. */
function words(kit: ExpandKit, value: Value, axis: number): Value {
  const { shape } = tensorOf(value);
  const known = constantOf(value);
  const tensor = known === undefined ? undefined : tensorOfConstant(known);
  const count = Math.ceil(sizeOf(value, axis) / 2);
  const type = tensorType(shape.with(axis, count), 'i32');
  if (tensor?.kind === 'tensor') {
    const values = wordsOf(tensor.values as ArrayLike<number>, kit.sizesOf(value), axis);
    return createConstant(kit.rewriter, kit.anchor, denseAttr(type, { splat: false, values }));
  }
  const even = padded(kit, value, axis);
  if (axis !== shape.length - 1) return joined(kit, even, axis);
  const pairs = kit.reshape(even, [...shape.slice(0, axis), count, 2]);
  return kit.make(bitcastConvert, [kit.convert(pairs, 'i16')], {}, type);
}

function sizeOf(value: Value, axis: number): number {
  const size = tensorOf(value).shape[axis];
  invariant(typeof size === 'number', `dimension ${axis} is not known`);
  return size;
}

function padded(kit: ExpandKit, value: Value, axis: number): Value {
  const none = tensorOf(value).shape.map(() => 0);
  return kit.pad(value, none, none.with(axis, sizeOf(value, axis) % 2));
}

/** Of elements that do not lie side by side. */
function joined(kit: ExpandKit, value: Value, axis: number): Value {
  const size = kit.sizesOf(value)[axis] ?? 0;
  const half = (start: number): Value => kit.convert(kit.sliceAlong(value, axis, start, size, 2), 'i32');
  const [low, high] = [half(0), half(1)];
  const kept = kit.elementwise(and, [low, kit.constantLike(0xffff, low)]);
  return kit.elementwise(or, [kept, kit.elementwise(shiftLeft, [high, kit.constantLike(16, high)])]);
}

function wordsOf(values: ArrayLike<number>, sizes: readonly number[], axis: number): Int32Array {
  const inner = sizes.slice(axis + 1).reduce((count, size) => count * size, 1);
  const size = sizes[axis] ?? 0;
  const outer = sizes.slice(0, axis).reduce((count, each) => count * each, 1);
  const pairs = Math.ceil(size / 2);
  const result = new Int32Array(outer * pairs * inner);
  for (let row = 0; row < outer * pairs; row += 1) {
    const pair = row % pairs;
    const from = (Math.floor(row / pairs) * size + 2 * pair) * inner;
    const hasSecond = 2 * pair + 1 < size;
    for (let at = 0; at < inner; at += 1) {
      const high = hasSecond ? (values[from + inner + at] ?? 0) : 0;
      result[row * inner + at] = ((values[from + at] ?? 0) & 0xffff) | (high << 16);
    }
  }
  return result;
}
