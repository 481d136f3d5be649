/**
 * Ops that one or two others say: `tan` is StableHLO's own, `conj` changes the sign of an imaginary part, and
 *
 *     (x + i y)^2 = (x - y) (x + y) + i 2 x y
 *
 * where x - y = 0 beside an infinite x + y is 0 nevertheless.
 */
import { byFormula, type ComplexTerm, elementwise, type Expand } from './expansion.ts';
import { tan as stablehloTan } from '../../ir/ops/stablehlo/tan.ts';
import { dtypeInfo } from '../../ir/dtype.ts';
import { tensorOf } from '../op-kit.ts';

export const tan: Expand = (op, rewriter) => {
  const resultTypes = [op.result().type];
  return rewriter.createBefore(op, stablehloTan, [op.operand(0)], {}, { resultTypes }).results;
};

export const conj: Expand = (op, rewriter) => {
  const { element } = tensorOf(op.operand(0));
  if (typeof element !== 'string' || dtypeInfo(element).kind !== 'complex') return [op.operand(0)];
  return conjugate(op, rewriter);
};

const conjugate = elementwise((z) => z.re.withImaginary(z.im.negated()));

/** Of a real number in its own format: one product, one rounding. */
export const square: Expand = (op, rewriter) => {
  const { element } = tensorOf(op.operand(0));
  const isComplex = typeof element === 'string' && dtypeInfo(element).kind === 'complex';
  return (isComplex ? complexSquare : realSquare)(op, rewriter);
};

const realSquare = elementwise((x) => x.squared());

const complexSquare = byFormula(
  (x) => x,
  ({ re: x, im: y }: ComplexTerm): ComplexTerm => {
    const product = x.times(y);
    const isBalanced = x.abs().eq(y.abs()).and(x.isFinite());
    return { re: isBalanced.choose(0, x.minus(y).times(x.plus(y))), im: product.plus(product) };
  },
);
