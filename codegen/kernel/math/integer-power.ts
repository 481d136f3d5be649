/** Powers of integers by squaring; they wrap, and a negative exponent gives 0 but for the bases 1 and -1. */
import { abs, and, binary, compare, laneReduce, multiply, select } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { isUnsignedKernelDType } from '../value-type.ts';
import { like, type MathSite, share } from './math-site.ts';

export function expandIntegerPower(site: MathSite, x: Expr, y: Expr): Expr {
  if (isUnsignedKernelDType(x.type.dtype)) return powerOf(site, x, y);
  const isFraction = and(compare('lt', y, 0), and(compare('ne', x, 1), compare('ne', x, -1)));
  return select(isFraction, 0, powerOf(site, x, abs(y)));
}

function powerOf(site: MathSite, x: Expr, magnitude: Expr): Expr {
  return magnitude.kind === 'constant'
    ? powerOfConstant(site, x, BigInt(magnitude.value))
    : bySquaring(site, x, share(site, 'magnitude', magnitude));
}

/** As many steps as the greatest exponent among the lanes has bits. The magnitude of the least integer is itself, without its sign. */
function bySquaring({ builder }: MathSite, x: Expr, magnitude: Expr): Expr {
  const [, , power] = builder.while(
    [
      { name: 'left', initial: magnitude },
      { name: 'square', initial: x },
      { name: 'power', initial: like(x, 1) },
    ] as const,
    ([left]) => {
      const goesOn = compare('ne', left, 0);
      return left.type.lanes === 1 ? goesOn : laneReduce('or', goesOn);
    },
    ([left, square, result]) => {
      const isOdd = compare('ne', and(left, 1), 0);
      const next = select(isOdd, multiply(result, square), result);
      return [binary('shift-right-logical', left, 1), multiply(square, square), next] as const;
    },
  );
  return power;
}

function powerOfConstant(site: MathSite, x: Expr, exponent: bigint): Expr {
  let result: Expr | undefined;
  let square = x;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = result === undefined ? square : share(site, 'power', multiply(result, square));
    if (left > 1n) square = share(site, 'square', multiply(square, square));
  }
  return result ?? like(x, 1);
}
