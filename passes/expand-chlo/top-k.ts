/**
 * `top_k` as a stable sort, largest first, of the elements with their positions, and a slice of the first k:
 *
 *     %values, %indices = chlo.top_k(%x, k = 2)
 *       ->
 *     %i = stablehlo.iota dim = <last>
 *     %sorted:2 = "stablehlo.sort"(%x, %i) ({ compare GT, %a, %b, TOTALORDER }) {is_stable = true}
 *     slices [0:2] of both along the last dimension
 *
 * Only where k is a large part of the elements: see `isSelective`. Equal elements keep their order, so the lower index comes first. Floats in their total order: NaN above infinity, 0 above -0.
 */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { Builder } from '../../ir/builder.ts';
import { dimMax } from '../../ir/dimension.ts';
import { Block, type Operation, Region } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { topK as chloTopK } from '../../ir/ops/chlo/top-k.ts';
import { compare } from '../../ir/ops/stablehlo/compare.ts';
import { returnOp } from '../../ir/ops/stablehlo/return.ts';
import { sort } from '../../ir/ops/stablehlo/sort.ts';
import { type ElementType, scalarTensor, tensorType } from '../../ir/types.ts';
import { tensorOf } from '../op-kit.ts';
import type { Expand } from './expansion.ts';
import { ShapeKit } from './shape-steps.ts';

/** Elements that kernels compare as they are. */
const selected: ReadonlySet<ElementType> = new Set<DType>([
  'i8', 'i16', 'i32', 'i64', 'ui8', 'ui16', 'ui32', 'ui64', 'f16', 'bf16', 'f32', 'f64',
]); // prettier-ignore

/** A top_k of few among many, which back ends select without sorting the others; a size that is bound late is taken for as large as it may be. */
export function isSelective(op: Operation): boolean {
  if (op.name !== 'chlo.top_k') return false;
  const { k } = attributesOf<typeof chloTopK.attributes>(op);
  const { shape, element } = tensorOf(op.operand(0));
  const count = dimMax(shape.at(-1) ?? 1);
  return selected.has(element) && count !== undefined && k > 0 && 4 * k <= count;
}

export const topK: Expand = (op, rewriter) => {
  const { k } = attributesOf<typeof chloTopK.attributes>(op);
  const kit = new ShapeKit(rewriter, op);
  const operand = op.operand(0);
  const { shape, element } = tensorOf(operand);
  const last = shape.length - 1;
  const positions = kit.iotaLike(operand, last, 'i32');
  const options = {
    resultTypes: [operand.type, tensorType(shape, 'i32')],
    regions: [largerFirst(element, op)],
  };
  const attrs = { dimension: last, is_stable: true };
  const sorted = rewriter.createBefore(op, sort, [operand, positions], attrs, options);
  return sorted.results.map((value) => kit.sliceAxis(value, last, 0, k));
};

function largerFirst(element: ElementType, op: Operation): Region {
  const [value, position] = [scalarTensor(element), scalarTensor('i32')];
  const block = new Block([value, value, position, position]);
  const builder = new Builder(block);
  builder.location = op.location;
  const isFloat = typeof element === 'string' && dtypeInfo(element).kind === 'float';
  const attrs = {
    comparison_direction: 'GT' as const,
    compare_type: isFloat ? ('TOTALORDER' as const) : undefined,
  };
  const isLarger = builder.create(compare, block.arguments.slice(0, 2), attrs);
  builder.create(returnOp, isLarger.results);
  return new Region(block);
}
