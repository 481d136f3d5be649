/** Constants stand on the right of commutative ops and of comparisons, where rules look for them; older ops become newer ones. */
import type { OpDefinition } from '../../ir/op-definition.ts';
import { definitions } from '../../ir/ops/registry.ts';
import { range } from '../../ir/ops/shared/axis-lists.ts';
import { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import { broadcast } from '../../ir/ops/stablehlo/broadcast.ts';
import { compare } from '../../ir/ops/stablehlo/compare.ts';
import { convert } from '../../ir/ops/stablehlo/convert.ts';
import { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import { dot } from '../../ir/ops/stablehlo/dot.ts';
import { isTensor } from '../../ir/types.ts';
import { swappedDirection } from '../algebraic-simplify/comparisons.ts';
import { constantOf } from '../constants.ts';
import { movesData, rule, ruleFor } from '../rewrite-rule.ts';

/** Not of chlo, where an attribute may say which operand is broadcast how. */
const commutativeOps: readonly OpDefinition[] = definitions.filter(
  (definition: OpDefinition) =>
    definition.traits.has('commutative') &&
    definition.name.startsWith('stablehlo.') &&
    definition.operands.length === 2,
);

export const operandOrderRules = [
  ruleFor(commutativeOps, {
    name: 'constant-to-the-right',
    equation: 'c + x = x + c, and so for every commutative op',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite({ op, rewriter }) {
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      if (constantOf(lhs) === undefined || constantOf(rhs) !== undefined) return undefined;
      rewriter.setOperands(op, [rhs, lhs]);
      return 'changed';
    },
  }),
  rule(compare, {
    name: 'compare-constant-to-the-right',
    equation: '(c < x) = (x > c), and so on',
    floatingPoint: 'exact',
    rewrite({ op, attrs, makeAlike }) {
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      if (constantOf(lhs) === undefined || constantOf(rhs) !== undefined) return undefined;
      const comparison_direction = swappedDirection[attrs.comparison_direction];
      return makeAlike(compare, [rhs, lhs], { ...attrs, comparison_direction });
    },
  }),
  rule(convert, {
    name: 'convert-to-itself',
    equation: 'convert<T>(x : T) = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => op.operand(0),
  }),
  rule(broadcast, {
    name: 'broadcast-to-in-dim',
    equation: 'broadcast<s>(x) = broadcast_in_dim<size(s), size(s) + 1, ...>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const { type } = op.operand(0);
      if (!isTensor(type)) return undefined;
      const dims = range(type.shape.length).map((axis) => axis + attrs.broadcast_sizes.length);
      return makeAlike(broadcastInDim, [op.operand(0)], { broadcast_dimensions: dims });
    },
  }),
  rule(dot, {
    name: 'dot-to-general',
    equation: 'dot(x, y) = dot_general<contracting [last] x [0]>(x, y)',
    floatingPoint: 'exact: the same sums in the same order',
    rewrite({ op, attrs, makeAlike }) {
      const { type } = op.operand(0);
      if (!isTensor(type)) return undefined;
      const dot_dimension_numbers = {
        lhs_batching_dimensions: [],
        rhs_batching_dimensions: [],
        lhs_contracting_dimensions: [type.shape.length - 1],
        rhs_contracting_dimensions: [0],
      };
      return makeAlike(dotGeneral, op.operands, { ...attrs, dot_dimension_numbers });
    },
  }),
];
