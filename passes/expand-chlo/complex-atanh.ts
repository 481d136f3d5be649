/**
 * Inverse tangents of complex numbers. For x, y >= 0 (Kahan 1987, "Branch cuts for complex elementary functions", CATANH):
 *
 *     atanh(x + i y) = log1p(4 x / ((1 - x)^2 + y^2)) / 4 + i atan2(2 y, (1 - x) (1 + x) - y^2) / 2
 *     atan z = -i atanh(i z)
 *
 * and the other quadrants by symmetry. Far out 1 / z + i pi / 2, without squares; right above 1, where y^2 underflows, the real
 * part is log(2 / y) / 2. Infinities and NaN as in C23 G.6.2.3.
 */
import { type ComplexTerm, forFormat, type PerFormat } from './expansion.ts';
import type { Term } from './term.ts';

/** `far`: beyond, 1 / |z| does not count beside pi / 2. `near`: below, y^2 does not count beside 4. */
const limits: PerFormat<{ readonly far: number; readonly near: number }> = {
  f32: { far: 1e10, near: 1e-5 },
  f64: { far: 1e18, near: 1e-9 },
};

export function complexAtanh(z: ComplexTerm): ComplexTerm {
  const [x, y] = [z.re.abs(), z.im.abs()];
  const isFar = x.ge(forFormat(x, limits).far).or(y.ge(forFormat(x, limits).far));
  return {
    re: isFar.choose(realOfReciprocal(x, y), realPart(x, y)).withSignOf(z.re),
    im: isFar.choose(y.isNaN().choose(y, y.lift(Math.PI / 2)), imaginaryPart(x, y)).withSignOf(z.im),
  };
}

export function complexAtan({ re, im }: ComplexTerm): ComplexTerm {
  const turned = complexAtanh({ re: im, im: re });
  return { re: turned.im, im: turned.re };
}

function realPart(x: Term, y: Term): Term {
  const rest = x.lift(1).minus(x);
  const inside = x.times(4).over(rest.squared().plus(y.squared())).log1p().times(0.25);
  const above = y.log().negated().plus(Math.LN2).times(0.5);
  return x
    .eq(1)
    .and(y.lt(forFormat(x, limits).near))
    .choose(above, inside);
}

function imaginaryPart(x: Term, y: Term): Term {
  const one = x.lift(1);
  const adjacent = one.minus(x).times(one.plus(x)).minus(y.squared());
  return y.times(2).atan2(adjacent).times(0.5);
}

/** Re 1 / (x + i y), by halves of both, whose sum does not overflow. */
function realOfReciprocal(x: Term, y: Term): Term {
  const [halfX, halfY] = [x.times(0.5), y.times(0.5)];
  const flat = x.lift(0.5).over(halfX.plus(halfY.times(y.over(x))));
  const slope = halfX.over(y);
  const steep = slope.over(halfY.plus(x.times(slope)));
  const isInfinite = x.eq(Infinity).or(y.eq(Infinity));
  return isInfinite.choose(0, x.ge(y).choose(flat, steep));
}
