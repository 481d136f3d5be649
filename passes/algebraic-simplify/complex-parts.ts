/** Rules of complex, real and imag. */
import { complex } from '../../ir/ops/stablehlo/complex.ts';
import { imag } from '../../ir/ops/stablehlo/imag.ts';
import { isFinite } from '../../ir/ops/stablehlo/is-finite.ts';
import { negate } from '../../ir/ops/stablehlo/negate.ts';
import { real } from '../../ir/ops/stablehlo/real.ts';
import { definedBy, elementKind } from '../match.ts';
import { movesData, rule } from '../rewrite-rule.ts';

export const complexRules = [
  rule(real, {
    name: 'real-complex',
    equation: 'real(complex(x, y)) = x',
    floatingPoint: movesData,
    rewrite: ({ op }) => definedBy(op.operand(0), complex)?.operand(0),
  }),
  rule(imag, {
    name: 'imag-complex',
    equation: 'imag(complex(x, y)) = y',
    floatingPoint: movesData,
    rewrite: ({ op }) => definedBy(op.operand(0), complex)?.operand(1),
  }),
  rule(complex, {
    name: 'complex-of-parts',
    equation: 'complex(real(z), imag(z)) = z',
    floatingPoint: movesData,
    rewrite({ op }) {
      const re = definedBy(op.operand(0), real);
      const im = definedBy(op.operand(1), imag);
      return re !== undefined && im !== undefined && re.operand(0) === im.operand(0) ? re.operand(0) : undefined;
    },
  }),
  rule(real, {
    name: 'real-of-real',
    equation: 'real(x) = x for real x',
    floatingPoint: movesData,
    rewrite: ({ op }) => (elementKind(op.operand(0).type) === 'float' ? op.operand(0) : undefined),
  }),
  rule(imag, {
    name: 'imag-of-real',
    equation: 'imag(x) = 0 for real x',
    floatingPoint: 'exact: also of NaN',
    rewrite: ({ op, splat }) => (elementKind(op.operand(0).type) === 'float' ? splat(0) : undefined),
  }),
  rule(isFinite, {
    name: 'is-finite-negate',
    equation: 'is_finite(-x) = is_finite(x)',
    floatingPoint: 'exact',
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), negate);
      return inner === undefined ? undefined : makeAlike(isFinite, [inner.operand(0)]);
    },
  }),
];
