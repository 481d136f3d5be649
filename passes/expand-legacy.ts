/**
 * Ops that StableHLO keeps for old programs, by what has replaced them:
 *
 *     %1 = stablehlo.einsum %a, %b, config = "ij,jk->ki"
 *       ->
 *     %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0]
 *     %1 = stablehlo.transpose %0, dims = [1, 0]
 *
 *     %1 = stablehlo.torch_index_select %a, %i, dim = 1        ->      %1 = stablehlo.gather of whole slices
 *
 * A label that only one operand has, and the result has not, is summed with the other operand spread along it, so that the products and
 * their order are those of the evaluator; `unary_einsum` is a product with 1. `dot` and `broadcast` are `canonicalize`'s.
 */
import { dtypeInfo } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { range } from '../ir/ops/shared/axis-lists.ts';
import { einsumSizes, parseEinsum } from '../ir/ops/shared/einsum-config.ts';
import { einsum } from '../ir/ops/stablehlo/einsum.ts';
import { gather } from '../ir/ops/stablehlo/gather.ts';
import { torchIndexSelect } from '../ir/ops/stablehlo/torch-index-select.ts';
import { unaryEinsum } from '../ir/ops/stablehlo/unary-einsum.ts';
import { scalarTensor } from '../ir/types.ts';
import { dtypeOf, type ExpandKit, present } from './expand-kit.ts';
import { type ExpansionRule, isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';

export const expandLegacy = definePass({
  name: 'expand-legacy',
  summary: 'replace ops that StableHLO keeps for old programs',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [einsum.name, expandEinsum],
        [unaryEinsum.name, expandEinsum],
        [torchIndexSelect.name, expandIndexSelect],
      ]),
    ),
});

/** A tensor whose axes have names, each once. */
interface Labelled {
  readonly value: Value;
  readonly labels: readonly string[];
}

const verified = { require: (condition: boolean): boolean => condition };

const expandEinsum: ExpansionRule = (kit, op) => {
  if (!isStaticOp(op)) return unknownSizes;
  const element = dtypeOf(op.result());
  if (op.operands.some((value) => dtypeOf(value) !== element)) return notExpanded('its operands are of other types');
  const types = op.operands.map(tensorOf);
  const config = parseEinsum(attributesOf<typeof einsum.attributes>(op).einsum_config, types, verified);
  const sizes = config === undefined ? undefined : einsumSizes(config, types, verified);
  if (config === undefined || sizes === undefined) return notExpanded('its configuration does not fit');
  const sizeOf = (label: string): number => Number(sizes.get(label));
  const given = op.operands.map((value, index) =>
    withoutBroadcasts(kit, withoutRepeats(kit, { value, labels: present(config.operands[index]) }), sizeOf),
  );
  const summed = [...sizes.keys()].filter((label) => !config.result.includes(label));
  const sides = [present(given[0]), given[1] ?? one(kit, op)].map((side) => spread(kit, side, summed, sizeOf));
  return [inOrder(kit, product(kit, present(sides[0]), present(sides[1]), summed), config.result)];
};

/** A repeated label is a diagonal: both axes as one, of which every n + 1st element stays. */
function withoutRepeats(kit: ExpandKit, { value, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis);
  if (second < 0) return { value, labels };
  const first = labels.indexOf(present(labels[second]));
  const others = range(labels.length).filter((axis) => axis !== first && axis !== second);
  const shape = kit.sizesOf(value);
  const n = shape[first] ?? 0;
  const last = others.length;
  const square = kit.transpose(value, [...others, first, second]);
  const flat = kit.reshape(square, [...others.map((axis) => shape[axis] ?? 0), n * n]);
  const diagonal = kit.sliceAlong(flat, last, 0, n * n, n + 1);
  return withoutRepeats(kit, {
    value: diagonal,
    labels: [...others.map((axis) => present(labels[axis])), present(labels[first])],
  });
}

/** Axes of size 1 under `...` that stand for larger ones go. */
function withoutBroadcasts(kit: ExpandKit, { value, labels }: Labelled, sizeOf: (label: string) => number): Labelled {
  const shape = kit.sizesOf(value);
  const kept = range(labels.length).filter((axis) => shape[axis] === sizeOf(present(labels[axis])));
  return {
    value: kit.reshape(
      value,
      kept.map((axis) => shape[axis] ?? 0),
    ),
    labels: kept.map((axis) => present(labels[axis])),
  };
}

function one(kit: ExpandKit, op: Operation): Labelled {
  const { part, kind } = dtypeInfo(dtypeOf(op.result()));
  const real = kit.constant(1, scalarTensor(part));
  return { value: kind === 'complex' ? kit.complex(real, kit.constant(0, scalarTensor(part))) : real, labels: [] };
}

/** With an axis for each label of `summed`, spread where it has none. */
function spread(
  kit: ExpandKit,
  { value, labels }: Labelled,
  summed: readonly string[],
  sizeOf: (label: string) => number,
): Labelled {
  const missing = summed.filter((label) => !labels.includes(label));
  if (missing.length === 0) return { value, labels };
  const shape = [...kit.sizesOf(value), ...missing.map(sizeOf)];
  return { value: kit.broadcast(value, range(labels.length), shape), labels: [...labels, ...missing] };
}

function product(kit: ExpandKit, lhs: Labelled, rhs: Labelled, summed: readonly string[]): Labelled {
  const pair = (label: string): readonly [number, number] => [lhs.labels.indexOf(label), rhs.labels.indexOf(label)];
  const batch = lhs.labels.filter((label) => rhs.labels.includes(label) && !summed.includes(label));
  const free = [...lhs.labels, ...rhs.labels].filter((label) => !batch.includes(label) && !summed.includes(label));
  const value = kit.dot(lhs.value, rhs.value, { batch: batch.map(pair), contract: summed.map(pair) });
  return { value, labels: [...batch, ...free] };
}

function inOrder(kit: ExpandKit, { value, labels }: Labelled, wanted: readonly string[]): Value {
  return kit.transpose(
    value,
    wanted.map((label) => labels.indexOf(label)),
  );
}

const expandIndexSelect: ExpansionRule = (kit, op) => {
  if (!isStaticOp(op)) return unknownSizes;
  const { dim, batch_dims: batch } = attributesOf<typeof torchIndexSelect.attributes>(op);
  const [operand, index] = [op.operand(0), op.operand(1)];
  const [shape, indexRank] = [kit.sizesOf(operand), tensorOf(index).shape.length];
  if (shape[dim] === 0) return notExpanded('the dimension that it selects from is empty');
  const result = tensorOf(op.result());
  const picks = range(indexRank - batch).map((axis) => dim + axis);
  const windows = range(result.shape.length).filter((axis) => axis >= batch && !picks.includes(axis));
  const attrs = {
    dimension_numbers: {
      offset_dims: windows,
      collapsed_slice_dims: [dim],
      operand_batching_dims: range(batch),
      start_indices_batching_dims: range(batch),
      start_index_map: [dim],
      index_vector_dim: indexRank,
    },
    slice_sizes: shape.map((size, axis) => (axis === dim || axis < batch ? Math.min(1, size) : size)),
  };
  return [kit.make(gather, [operand, index], attrs, result)];
};
