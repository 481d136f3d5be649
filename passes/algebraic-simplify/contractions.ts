/** Rules of dot_general. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import type { Value } from '../../ir/operation.ts';
import { isSorted, otherAxes } from '../../ir/ops/shared/axis-lists.ts';
import { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { elementKind, match, staticTensor } from '../match.ts';
import { rule } from '../rewrite-rule.ts';

type DotDimensions = AttributesOf<typeof dotGeneral.attributes>['dot_dimension_numbers'];

interface Side {
  readonly value: Value;
  readonly batching: readonly number[];
  readonly contracting: readonly number[];
}

/** The operand before its transpose; undefined when there is none, or its other axes would change their order. */
function beforeTranspose({ value, batching, contracting }: Side): Side | undefined {
  const inner = match(value, transpose);
  if (inner === undefined) return undefined;
  const { permutation } = inner.attrs;
  const source = (axis: number): number => permutation[axis] ?? 0;
  const free = otherAxes(permutation.length, [...batching, ...contracting]).map(source);
  if (!isSorted(free)) return undefined;
  return { value: inner.op.operand(0), batching: batching.map(source), contracting: contracting.map(source) };
}

function dimensionsOf(lhs: Side, rhs: Side): DotDimensions {
  return {
    lhs_batching_dimensions: lhs.batching,
    rhs_batching_dimensions: rhs.batching,
    lhs_contracting_dimensions: lhs.contracting,
    rhs_contracting_dimensions: rhs.contracting,
  };
}

export const contractionRules = [
  rule(dotGeneral, {
    name: 'dot-general-empty',
    equation: 'dot_general(x, y) = 0, where a contracting axis has size 0',
    floatingPoint: 'exact: a sum of nothing is 0',
    rewrite({ op, attrs, splat }) {
      const [lhs, result] = [staticTensor(op.operand(0).type), staticTensor(op.result().type)];
      const axes = attrs.dot_dimension_numbers.lhs_contracting_dimensions;
      const isEmpty = lhs !== undefined && axes.some((axis) => lhs.shape[axis] === 0);
      const kind = elementKind(op.result().type);
      return isEmpty && result !== undefined && kind !== undefined && kind !== 'complex' ? splat(0) : undefined;
    },
  }),
  rule(dotGeneral, {
    name: 'dot-general-transpose',
    equation:
      'dot_general<d>(transpose<p>(x), y) = dot_general<p o d>(x, y), where the axes that stay keep their order',
    floatingPoint: 'exact: the same products are added in the same order',
    rewrite({ op, attrs, makeAlike }) {
      const dims = attrs.dot_dimension_numbers;
      const lhs = {
        value: op.operand(0),
        batching: dims.lhs_batching_dimensions,
        contracting: dims.lhs_contracting_dimensions,
      };
      const rhs = {
        value: op.operand(1),
        batching: dims.rhs_batching_dimensions,
        contracting: dims.rhs_contracting_dimensions,
      };
      const [left, right] = [beforeTranspose(lhs), beforeTranspose(rhs)];
      if (left === undefined && right === undefined) return undefined;
      const [newLhs, newRhs] = [left ?? lhs, right ?? rhs];
      const dot_dimension_numbers = dimensionsOf(newLhs, newRhs);
      return makeAlike(dotGeneral, [newLhs.value, newRhs.value], { ...attrs, dot_dimension_numbers });
    },
  }),
];
