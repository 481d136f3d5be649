import {
  arrayOf,
  type AttributesOf,
  enumeration,
  i64List,
  optional,
  struct,
  withDefault,
} from '../../attribute-schema.ts';
import { compatibleDims, type Dim } from '../../dimension.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, Tensor } from '../../evaluator/tensor.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { operandTensor, type OpSite, resultTensor } from '../../op-site.ts';
import { integers, tensorOf } from '../../type-constraints.ts';
import { tensorType, type TensorType, type Type } from '../../types.ts';
import { allWithin, describeList, isUnique, otherAxes } from '../shared/axis-lists.ts';
import { keepGroup, raggedGroups } from '../shared/ragged-groups.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { compatibleShapes, describeShape, dimAt } from '../shared/shapes.ts';
import { copyBox, rowMajorWalk } from '../shared/strided-copy.ts';
import { pick } from '../shared/strided-offsets.ts';
import { contractedShape, contractionAxes, contractTensors, loopsOfAxes } from '../shared/tensor-contraction.ts';

const axisList = withDefault(i64List(), []);

const fields = {
  lhs_batching_dimensions: axisList,
  rhs_batching_dimensions: axisList,
  lhs_contracting_dimensions: axisList,
  rhs_contracting_dimensions: axisList,
  lhs_ragged_dimensions: axisList,
  rhs_group_dimensions: axisList,
};

type Dimensions = AttributesOf<typeof fields>;

const attributes = {
  ragged_dot_dimension_numbers: struct('chlo', 'ragged_dot', fields),
  precision_config: optional(arrayOf(enumeration('chlo', 'precision', ['DEFAULT', 'HIGH', 'HIGHEST']))),
};

type Site = OpSite<typeof attributes>;

/** Which dimension is ragged: `rows` of lhs that are kept, terms that are summed, or whole batches. */
type Mode = 'rows' | 'terms' | 'batches';

function modeOf(dims: Dimensions): Mode {
  const [ragged = -1] = dims.lhs_ragged_dimensions;
  if (dims.lhs_batching_dimensions.includes(ragged)) return 'batches';
  return dims.lhs_contracting_dimensions.includes(ragged) ? 'terms' : 'rows';
}

/** Axes of lhs along which group_sizes may vary, and the ragged one last. */
function groupedAxes(rank: number, dims: Dimensions): number[] {
  const [ragged = -1] = dims.lhs_ragged_dimensions;
  const batch = dims.lhs_batching_dimensions;
  const before = (axes: readonly number[]): number[] => axes.slice(0, axes.indexOf(ragged));
  const mode = modeOf(dims);
  if (mode === 'batches') return [...before(batch), ragged];
  const summed = dims.lhs_contracting_dimensions;
  const own = mode === 'terms' ? summed : otherAxes(rank, [...batch, ...summed]);
  return [...batch, ...before(own), ragged];
}

/** C1 to C6. */
function checkAxes(lhs: TensorType, rhs: TensorType, dims: Dimensions, check: ConstraintCheck): boolean {
  const left = [...dims.lhs_batching_dimensions, ...dims.lhs_contracting_dimensions];
  const right = [...dims.rhs_batching_dimensions, ...dims.rhs_contracting_dimensions];
  const describe = (): string => `lhs ${describeList(left)}, rhs ${describeList(right)}`;
  const paired =
    dims.lhs_batching_dimensions.length === dims.rhs_batching_dimensions.length && left.length === right.length;
  const ragged = dims.lhs_ragged_dimensions;
  const group = dims.rhs_group_dimensions;
  return (
    check.require(paired, 'C1', describe) &&
    check.require(isUnique(left) && isUnique([...right, ...group]), 'C2', describe) &&
    check.require(allWithin(left, 0, lhs.shape.length) && allWithin(right, 0, rhs.shape.length), 'C3', describe) &&
    check.require(
      left.every((axis, pair) => compatibleDims(dimAt(lhs.shape, axis), dimAt(rhs.shape, right[pair] ?? 0))),
      'C4',
      () => `lhs is ${lhs.text}, rhs is ${rhs.text}; ${describe()}`,
    ) &&
    check.require(
      ragged.length === 1 && allWithin(ragged, 0, lhs.shape.length),
      'C5',
      () => `they are ${describeList(ragged)}`,
    ) &&
    check.require(
      group.length === (modeOf(dims) === 'rows' ? 1 : 0) && allWithin(group, 0, rhs.shape.length),
      'C6',
      () => `they are ${describeList(group)}`,
    )
  );
}

/** C7 and C8. */
function checkGroups(site: Site, check: ConstraintCheck): boolean {
  const [lhs, rhs, sizes] = [operandTensor(site, 0), operandTensor(site, 1), operandTensor(site, 2)];
  const dims = site.attrs.ragged_dot_dimension_numbers;
  const count = sizes.shape.at(-1);
  const prefix = groupedAxes(lhs.shape.length, dims).slice(0, -1);
  const expected = prefix.map((axis) => dimAt(lhs.shape, axis));
  const isSized = sizes.shape.length === 1 || compatibleShapes(sizes.shape.slice(0, -1), expected);
  if (!check.require(count !== undefined && isSized, 'C7', () => `group_sizes is ${sizes.text}, lhs ${lhs.text}`))
    return false;
  const [group] = dims.rhs_group_dimensions;
  const fits = group === undefined || count === undefined || compatibleDims(dimAt(rhs.shape, group), count);
  return check.require(fits, 'C8', () => `rhs is ${rhs.text}, group_sizes is ${describeShape(sizes.shape)}`);
}

function inferTypes(site: Site, check: ConstraintCheck): readonly Type[] | undefined {
  const [lhs, rhs, sizes] = [operandTensor(site, 0), operandTensor(site, 1), operandTensor(site, 2)];
  const dims = site.attrs.ragged_dot_dimension_numbers;
  if (!checkAxes(lhs, rhs, dims, check) || !checkGroups(site, check)) return undefined;
  const batch = dims.lhs_batching_dimensions;
  const lhsFree = otherAxes(lhs.shape.length, [...batch, ...dims.lhs_contracting_dimensions]);
  const rhsFree = otherAxes(rhs.shape.length, [
    ...dims.rhs_batching_dimensions,
    ...dims.rhs_contracting_dimensions,
    ...dims.rhs_group_dimensions,
  ]);
  const groups: readonly Dim[] = modeOf(dims) === 'terms' ? sizes.shape.slice(-1) : [];
  const shape = [
    ...groups,
    ...[...batch, ...lhsFree].map((axis) => dimAt(lhs.shape, axis)),
    ...rhsFree.map((axis) => dimAt(rhs.shape, axis)),
  ];
  return [tensorType(shape, resultTensor(site)?.element ?? lhs.element)];
}

type Inputs = readonly [lhs: Tensor, rhs: Tensor, sizes: Tensor];

/** One product a group of rows, of which the group's rows are kept. */
function evaluateRows([lhs, rhs, sizes]: Inputs, dims: Dimensions, result: Tensor, context: EvaluationContext): void {
  const [groupAxis = 0] = dims.rhs_group_dimensions;
  const axes = contractionAxes(dims, (axis) => (axis > groupAxis ? axis - 1 : axis));
  const lhsAxes = groupedAxes(lhs.rank, dims);
  const groups = raggedGroups(sizes, pick(lhs.shape, lhsAxes));
  const order = [
    ...dims.lhs_batching_dimensions,
    ...otherAxes(lhs.rank, [...dims.lhs_batching_dimensions, ...dims.lhs_contracting_dimensions]),
  ];
  const resultAxes = lhsAxes.map((axis) => order.indexOf(axis));
  const sliceShape = rhs.shape.filter((_, axis) => axis !== groupAxis);
  const rhsStrides = rowMajorStrides(rhs.shape);
  const total = new Uint8Array(result.values.buffer, result.values.byteOffset, result.values.byteLength);
  for (let group = 0; group < (rhs.shape[groupAxis] ?? 0); group++) {
    const slice = context.allocate(rhs.dtype, sliceShape);
    const strides = rhsStrides.filter((_, axis) => axis !== groupAxis);
    copyBox(
      sliceShape,
      rhs,
      { offset: group * (rhsStrides[groupAxis] ?? 0), strides },
      slice,
      rowMajorWalk(sliceShape),
    );
    const part = Tensor.zeros(result.dtype, result.shape);
    contractTensors(lhs, slice, loopsOfAxes(lhs.shape, sliceShape, axes), part);
    keepGroup(part, groups, resultAxes, group);
    // Each element is in at most one group, and zero bits in the others.
    const bytes = new Uint8Array(part.values.buffer);
    for (let at = 0; at < total.length; at++) total[at] = (total[at] ?? 0) | (bytes[at] ?? 0);
  }
}

/** One product a group of terms, of which the others are zeroed. */
function evaluateTerms([lhs, rhs, sizes]: Inputs, dims: Dimensions, result: Tensor): void {
  const axes = contractionAxes(dims);
  const lhsAxes = groupedAxes(lhs.rank, dims);
  const groups = raggedGroups(sizes, pick(lhs.shape, lhsAxes));
  const left = [...axes.lhsBatching, ...axes.lhsContracting];
  const right = [...axes.rhsBatching, ...axes.rhsContracting];
  const rhsAxes = lhsAxes.map((axis) => right[left.indexOf(axis)] ?? 0);
  const shape = contractedShape(lhs.shape, rhs.shape, axes);
  const count = sizes.shape.at(-1) ?? 0;
  const length = count === 0 ? 0 : result.values.length / count;
  for (let group = 0; group < count; group++) {
    const [ownLhs, ownRhs] = [copyOf(lhs), copyOf(rhs)];
    keepGroup(ownLhs, groups, lhsAxes, group);
    keepGroup(ownRhs, groups, rhsAxes, group);
    const part = new Tensor(result.dtype, shape, result.values.subarray(group * length, (group + 1) * length));
    contractTensors(ownLhs, ownRhs, loopsOfAxes(lhs.shape, rhs.shape, axes), part);
  }
}

function copyOf(tensor: Tensor): Tensor {
  return new Tensor(tensor.dtype, tensor.shape, tensor.values.slice());
}

export const raggedDot = defineOp({
  name: 'chlo.ragged_dot',
  code: 'E2645',
  summary:
    'A dot_general in which one dimension of lhs is cut into groups: each group of rows meets its own rhs, or each group of terms is summed alone.',
  spec: 'chlo.md#chloragged_dot',
  operands: [
    { name: 'lhs', type: tensorOf(['boolean', 'integer', 'unsigned', 'float', 'complex']) },
    { name: 'rhs', type: tensorOf(['boolean', 'integer', 'unsigned', 'float', 'complex']) },
    { name: 'group_sizes', type: tensorOf(integers) },
  ],
  results: [{ name: 'result', type: tensorOf(['boolean', 'integer', 'unsigned', 'float', 'complex']) }],
  attributes,
  constraints: {
    C1: 'as many batching, and as many contracting dimensions in lhs as in rhs',
    C2: 'the batching, contracting and group dimensions of each operand are unique',
    C3: 'batching and contracting dimensions are axes of their operand',
    C4: 'dim(lhs, batching and contracting...) = dim(rhs, batching and contracting...)',
    C5: 'lhs_ragged_dimensions is exactly one axis of lhs',
    C6: 'rhs_group_dimensions is one axis of rhs if the ragged dimension is neither batching nor contracting, else empty',
    C7: 'group_sizes has shape [g], or [dimensions before the ragged one..., g]',
    C8: 'dim(rhs, rhs_group_dimensions) = g',
    C9: 'shape(result) = ([g] if the ragged dimension is contracting) + batching + lhs_result_dimensions + rhs_result_dimensions',
  },
  resultConstraint: 'C9',
  inferTypes,
  evaluate(site, inputs, context) {
    const [lhs, rhs, sizes] = [tensorInput(inputs, 0), tensorInput(inputs, 1), tensorInput(inputs, 2)];
    const dims = site.attrs.ragged_dot_dimension_numbers;
    const dtype = resultDType(requireResult(site), context);
    const mode = modeOf(dims);
    const [group] = dims.rhs_group_dimensions;
    const rhsShape = rhs.shape.filter((_, axis) => axis !== group);
    const axes = contractionAxes(dims, (axis) => (group !== undefined && axis > group ? axis - 1 : axis));
    const shape = contractedShape(lhs.shape, rhsShape, axes);
    const result = context.allocate(dtype, mode === 'terms' ? [...sizes.shape.slice(-1), ...shape] : shape);
    if (mode === 'rows') evaluateRows([lhs, rhs, sizes], dims, result, context);
    else if (mode === 'terms') evaluateTerms([lhs, rhs, sizes], dims, result);
    else contractTensors(lhs, rhs, loopsOfAxes(lhs.shape, rhs.shape, axes), result);
    return [result];
  },
});
