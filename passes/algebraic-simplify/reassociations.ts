/** Constants of chains of one associative op come together, for constant folding to make one of them. */
import { add } from '../../ir/ops/stablehlo/add.ts';
import { and } from '../../ir/ops/stablehlo/and.ts';
import { maximum } from '../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../ir/ops/stablehlo/minimum.ts';
import { multiply } from '../../ir/ops/stablehlo/multiply.ts';
import { or } from '../../ir/ops/stablehlo/or.ts';
import { subtract } from '../../ir/ops/stablehlo/subtract.ts';
import { xor } from '../../ir/ops/stablehlo/xor.ts';
import { constantOf } from '../constants.ts';
import { elementKind, isExact, isInteger } from '../match.ts';
import { rule, ruleFor } from '../rewrite-rule.ts';
import { constantOperand } from './constant-operand.ts';

const associative = [add, multiply, and, or, xor, maximum, minimum] as const;

export const reassociationRules = [
  ruleFor(associative, {
    name: 'constants-together',
    equation: '(x + c) + d = x + (c + d), and so with *, &, |, ^, max, min',
    floatingPoint: 'integers and booleans; max and min of floats too, NaN payloads aside',
    rewrite({ op, makeAlike }) {
      const definition = associative.find(({ name }) => name === op.name);
      const outer = constantOperand(op);
      const middle = outer?.value.definingOp;
      if (definition === undefined || outer === undefined || middle?.name !== op.name) return undefined;
      const inner = constantOperand(middle);
      const isExtreme = op.name === maximum.name || op.name === minimum.name;
      const isRight = isExact(op.result().type) || (isExtreme && elementKind(op.result().type) === 'float');
      if (inner === undefined || !isRight || inner.constant.type !== outer.constant.type) return undefined;
      if (constantOf(inner.value) !== undefined) return undefined;
      return makeAlike(definition, [inner.value, makeAlike(definition, [inner.constant, outer.constant])]);
    },
  }),
  rule(subtract, {
    name: 'subtract-constants-together',
    equation: '(x + c) - d = x + (c - d), (x - c) - d = x - (c + d)',
    floatingPoint: 'integers only',
    rewrite({ op, makeAlike }) {
      const [value, constant] = [op.operand(0), op.operand(1)];
      const middle = value.definingOp;
      if (!isInteger(op.result().type) || constantOf(constant) === undefined || middle === undefined) return undefined;
      if (middle.name === add.name) {
        const inner = constantOperand(middle);
        if (inner === undefined || constantOf(inner.value) !== undefined) return undefined;
        return makeAlike(add, [inner.value, makeAlike(subtract, [inner.constant, constant])]);
      }
      if (middle.name !== subtract.name || constantOf(middle.operand(1)) === undefined) return undefined;
      if (constantOf(middle.operand(0)) !== undefined) return undefined;
      return makeAlike(subtract, [middle.operand(0), makeAlike(add, [middle.operand(1), constant])]);
    },
  }),
];
