/**
 * erf. For |x| < 1 an odd polynomial, x + x P(x^2); beyond, 1 - exp(G(|x|)) with G = log erfc, bounded where erf rounds to 1. Both are
 * computed, one is selected. Minimax polynomials (Remez, 50 digits, errors relative to erf).
 */
import { add, compare, fma, multiply, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { reducedExp } from './exp.ts';
import {
  atMost,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  powerOfTwo,
  share,
  signBits,
  withSign,
} from './math-site.ts';

interface ErfConstants {
  /** From here on erf rounds to 1. */
  readonly one: number;
  readonly near: readonly number[];
  readonly far: readonly number[];
}

const constants: Readonly<Record<MathDType, ErfConstants>> = {
  f32: {
    one: 4,
    // Error 2^-29.6.
    near: [
      0.1283791661, -0.3761262596, 0.1128358543, -0.026853811, 0.005188327283, -0.0008010190795, 7.853853458e-5,
    ],
    // Error 2^-29.8.
    far: [
      -0.0003415503597, -1.127089024, -0.6381450295, -0.1031065881, 0.02183798328, -0.002947637811, 0.0001863770885,
    ],
  },
  f64: {
    one: 6,
    // Error 2^-62.7.
    near: [
      0.1283791670955126, -0.3761263890318375, 0.11283791670954857, -0.026866170645072896, 0.005223977624780865,
      -0.0008548326978742234, 0.00012055331036905151, -1.4925593507121904e-5, 1.6460972822124156e-6,
      -1.635002528897638e-7, 1.4657880354818473e-8, -1.1365668142817358e-9, 5.945265689723142e-11,
    ],
    // Error 2^-57.
    far: [
      -5.028406530801646e-7, -1.128374089574169, -0.6366436276066062, -0.10270344095520612, 0.018990181769968972,
      0.00041062365421868, -0.0019159387598531533, 0.0007706394861266079, -0.00013504804778866902,
      -2.026778528889957e-5, 2.2822929412187656e-5, -8.667290515597829e-6, 2.1357060589399625e-6,
      -3.733076753175803e-7, 4.642345825969483e-8, -3.934305913682782e-9, 2.0449856940377132e-10,
      -4.928675881731613e-12,
    ],
  },
}; // prettier-ignore

export function expandErf(site: MathSite, x: Expr): Expr {
  const { one, near, far } = constants[mathDType(x)];
  const magnitude = share(site, 'magnitude', unary('abs', x));
  const nearValue = fma(x, polynomial(share(site, 'square', multiply(x, x)), near), x);
  const bounded = share(site, 'bounded', atMost(magnitude, one));
  const exponent = share(site, 'exponent', polynomial(bounded, far));
  const { bits, q } = reducedExp(site, exponent);
  const erfc = multiply(powerOfTwo(bits), add(q, 1));
  return select(compare('lt', magnitude, 1), nearValue, withSign(subtract(like(x, 1), erfc), signBits(x)));
}
