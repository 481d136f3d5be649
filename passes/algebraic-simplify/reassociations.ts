/** Constants of chains of one associative op are made one. */
import { add } from '../../ir/ops/stablehlo/add.ts';
import { and } from '../../ir/ops/stablehlo/and.ts';
import { maximum } from '../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../ir/ops/stablehlo/minimum.ts';
import { multiply } from '../../ir/ops/stablehlo/multiply.ts';
import { or } from '../../ir/ops/stablehlo/or.ts';
import { subtract } from '../../ir/ops/stablehlo/subtract.ts';
import { xor } from '../../ir/ops/stablehlo/xor.ts';
import { constantOf } from '../constants.ts';
import { foldedValue } from '../fold-operation.ts';
import { elementKind, isExact, isInteger } from '../match.ts';
import { rule, ruleFor } from '../rewrite-rule.ts';
import { constantOperand } from './constant-operand.ts';

const associative = [add, multiply, and, or, xor, maximum, minimum] as const;

export const reassociationRules = [
  ruleFor(associative, {
    name: 'constants-together',
    equation: '(x + c) + d = x + (c + d), and so with *, &, |, ^, max, min',
    floatingPoint: 'integers and booleans; max and min of floats too, NaN payloads aside',
    rewrite(site) {
      const { op, makeAlike } = site;
      const definition = associative.find(({ name }) => name === op.name);
      const outer = constantOperand(op);
      const middle = outer?.value.definingOp;
      if (definition === undefined || outer === undefined || middle?.name !== op.name) return undefined;
      const inner = constantOperand(middle);
      const isExtreme = op.name === maximum.name || op.name === minimum.name;
      const isRight = isExact(op.result().type) || (isExtreme && elementKind(op.result().type) === 'float');
      if (inner === undefined || !isRight || inner.constant.type !== outer.constant.type) return undefined;
      if (constantOf(inner.value) !== undefined) return undefined;
      const constant = foldedValue(definition, [inner.constant, outer.constant], {}, outer.constant.type, site);
      return constant === undefined ? undefined : makeAlike(definition, [inner.value, constant]);
    },
  }),
  rule(subtract, {
    name: 'subtract-constants-together',
    equation: '(x + c) - d = x + (c - d), (x - c) - d = x - (c + d)',
    floatingPoint: 'integers only',
    rewrite(site) {
      const { op, makeAlike } = site;
      const [value, constant] = [op.operand(0), op.operand(1)];
      const middle = value.definingOp;
      if (!isInteger(op.result().type) || constantOf(constant) === undefined || middle === undefined) return undefined;
      if (middle.name === add.name) {
        const inner = constantOperand(middle);
        if (inner === undefined || constantOf(inner.value) !== undefined) return undefined;
        const sum = foldedValue(subtract, [inner.constant, constant], {}, constant.type, site);
        return sum === undefined ? undefined : makeAlike(add, [inner.value, sum]);
      }
      if (middle.name !== subtract.name || constantOf(middle.operand(1)) === undefined) return undefined;
      if (constantOf(middle.operand(0)) !== undefined) return undefined;
      const sum = foldedValue(add, [middle.operand(1), constant], {}, constant.type, site);
      return sum === undefined ? undefined : makeAlike(subtract, [middle.operand(0), sum]);
    },
  }),
];
