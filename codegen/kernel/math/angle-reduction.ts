/**
 * x = k pi/2 + r with |r| <= pi/4 (a little more by rounding), for sin, cos and tan.
 *
 * Up to `limit`, after Cody and Waite: pi/2 in parts so short that their products with k are exact. Each difference is rounded; what it lost
 * (exact, Dekker's fast sum) is summed apart, so that r has one rounding even where x is next to a multiple of pi/2. Beyond, in a branch
 * rarely taken, by great-angle-reduction.ts.
 */
import { abs, add, compare, fma, laneReduce, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { reduceGreatAngle } from './great-angle-reduction.ts';
import { like, type MathDType, type MathSite, mathDType, roundScaled, share } from './math-site.ts';

export interface ReducedAngle {
  /** k in its two lowest bits. */
  readonly quadrant: Expr;
  /** r = high + low, unevaluated: their sum rounds once. */
  readonly high: Expr;
  readonly low: Expr;
}

interface AngleConstants {
  readonly limit: number;
  /** Of pi/2: their products with any k in range are exact. */
  readonly exactParts: readonly number[];
  readonly lastPart: number;
}

const constants: Readonly<Record<MathDType, AngleConstants>> = {
  // 11 bits each; k < 2^13.
  f32: {
    limit: 12800,
    exactParts: [1.5703125, 0.0004837512969970703, 7.549533620476723e-8, 2.5632829192545614e-12],
    lastPart: 6.123233995736766e-17,
  },
  // 33 bits each; k < 2^20.
  f64: {
    limit: 1640000,
    exactParts: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21],
    lastPart: 8.4784276603689e-32,
  },
};

export function reduceAngle(site: MathSite, x: Expr): ReducedAngle {
  const small = reduceSmallAngle(site, x);
  const isGreat = share(site, 'is_great', compare('gt', abs(x), constants[mathDType(x)].limit));
  const [high, low, quadrant] = site.builder.choose(
    laneReduce('or', isGreat),
    () => {
      const great = reduceGreatAngle(site, x);
      const chosen = (of: keyof ReducedAngle): Expr => select(isGreat, great[of], small[of]);
      return [chosen('high'), chosen('low'), chosen('quadrant')] as const;
    },
    () => [small.high, small.low, small.quadrant] as const,
    ['high', 'low', 'quadrant'],
  );
  return { high, low, quadrant };
}

function reduceSmallAngle(site: MathSite, x: Expr): ReducedAngle {
  const { exactParts, lastPart } = constants[mathDType(x)];
  const [first = 0, ...rest] = exactParts;
  const k = roundScaled(site, x, 2 / Math.PI);
  let r = share(site, 'r', subtract(x, multiply(k.value, first)));
  let lost: Expr | undefined;
  for (const part of rest) {
    const product = share(site, 'product', multiply(k.value, part));
    const next = share(site, 'r', subtract(r, product));
    const error = subtract(subtract(r, next), product);
    lost = lost === undefined ? error : add(lost, error);
    r = next;
  }
  const last = lost === undefined ? multiply(k.value, -lastPart) : fma(k.value, like(x, -lastPart), lost);
  return { high: r, low: share(site, 'low', last), quadrant: k.bits };
}
