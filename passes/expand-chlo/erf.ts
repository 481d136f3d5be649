/**
 * The error function, its complement and its inverse.
 *
 *     erf x = x T(x^2) / U(x^2)                      for |x| < 1, else sign(x) (1 - erfc |x|)
 *     erfc x = exp(-x^2) P(x) / Q(x)                 for x >= 1, else 1 - erf x; erfc(-x) = 2 - erfc x
 *     erf_inv x = x P(w), w = -log(1 - x^2)          each P in w, or in sqrt(w) further out
 *
 * Coefficients of erf and erfc: Moshier, Cephes (ndtr.c, ndtrf.c); of erf_inv: Giles 2011, "Approximating the erfinv function".
 * exp(-x^2) is exp(-h^2) exp((h - x) (h + x)) for h near x with a square that is exact, since an error in x^2 would be
 * multiplied by x^2.
 */
import { forFormat, type PerFormat } from './expansion.ts';
import type { Term } from './term.ts';

/** Of x^2, from the highest power down. */
const nearZero: PerFormat<{ readonly over: readonly number[]; readonly under: readonly number[] }> = {
  f32: {
    over: [
      0.00007853861353153693, -0.0008010193625184903, 0.005188327685732524, -0.02685381193529856, 0.1128358514861418,
      -0.37612625824233, 1.12837916572671,
    ],
    under: [1],
  },
  f64: {
    over: [9.604973739870516, 90.02601972038427, 2232.005345946843, 7003.325141128051, 55592.30130103949],
    under: [1, 33.56171416475031, 521.3579497801527, 4594.323829709801, 22629.000061389095, 49267.39426086359],
  },
};

/** In f32: of 1/x^2, for 1 <= x < 2 and beyond; the result is over x. */
const tailsOfF32 = {
  near: [
    0.02326819970068386, -0.1387039388740657, 0.3687424674597105, -0.5824733027278666, 0.6210004621745983,
    -0.4944515323274145, 0.3404879937665872, -0.2741127028184656, 0.5638259427386472,
  ],
  far: [
    -10.47766399936249, 12.97719955372516, -7.495518717768503, 2.92101901921078, -1.0152652792027, 0.4218463358204948,
    -0.2820767439740514, 0.5641895067754075,
  ],
} as const;

/** In f64: of x, for 1 <= x < 8 and beyond. */
const tailsOfF64 = {
  near: {
    over: [
      2.461969814735305e-10, 0.5641895648310689, 7.463210564422699, 48.63719709856814, 196.5208329560771,
      526.4451949954773, 934.5285271719576, 1027.5518868951572, 557.5353353693994,
    ],
    under: [
      1, 13.228195115474499, 86.70721408859897, 354.9377788878199, 975.7085017432055, 1823.9091668790973,
      2246.3376081871097, 1656.6630919416134, 557.5353408177277,
    ],
  },
  far: {
    over: [
      0.5641895835477551, 1.275366707599781, 5.019050422511805, 6.160210979930536, 7.4097426995044895,
      2.9788666537210022,
    ],
    under: [
      1, 2.2605286322011726, 9.396035249380015, 12.048953980809666, 17.08144507475659, 9.608968090632859,
      3.369076451000815,
    ],
  },
} as const;

export function erf(x: Term): Term {
  const far = x.sign().times(erfcOfMagnitude(x).negated().plus(1));
  return x.abs().lt(1).choose(erfNearZero(x), far);
}

export function erfc(x: Term): Term {
  const tail = erfcOfMagnitude(x);
  const far = x.lt(0).choose(tail.negated().plus(2), tail);
  return x.abs().lt(1).choose(erfNearZero(x).negated().plus(1), far);
}

/** For |x| < 1. */
function erfNearZero(x: Term): Term {
  const { over, under } = forFormat(x, nearZero);
  const square = x.squared();
  return x.times(quotient(square, over, under));
}

function quotient(x: Term, over: readonly number[], under: readonly number[]): Term {
  const numerator = x.polynomial(over);
  return under.length === 1 ? numerator : numerator.over(x.polynomial(under));
}

/** erfc |x| for |x| >= 1. */
function erfcOfMagnitude(x: Term): Term {
  // From 28 on it is 0 in both formats; no square is to overflow.
  const size = x.abs().min(30);
  const tail = x.element === 'f64' ? tailOfF64(size) : tailOfF32(size);
  return expOfMinusSquare(size).times(tail);
}

function tailOfF32(size: Term): Term {
  const reciprocal = size.lift(1).over(size);
  const square = reciprocal.squared();
  const { near, far } = tailsOfF32;
  return reciprocal.times(size.lt(2).choose(square.polynomial(near), square.polynomial(far)));
}

function tailOfF64(size: Term): Term {
  const { near, far } = tailsOfF64;
  return size.lt(8).choose(quotient(size, near.over, near.under), quotient(size, far.over, far.under));
}

/** exp(-x^2) for x >= 0. */
function expOfMinusSquare(x: Term): Term {
  const head = truncated(x);
  const rest = head.minus(x).times(head.plus(x));
  return head.squared().negated().exp().times(rest.exp());
}

/** Fewer than half of the significant bits of x, so that the square is exact. */
function truncated(x: Term): Term {
  const bits = x.bits();
  const drop = x.element === 'f64' ? -4294967296 : -4096;
  return bits.and(drop).bitsAs(x.element);
}

/** By w < 5, and beyond in sqrt(w). */
const inverseOfF32 = {
  near: [
    2.81022636e-8, 3.43273939e-7, -0.0000035233877, -0.00000439150654, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
  ],
  far: [
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
  ],
} as const;

/** By w < 6.25, and in sqrt(w) for w < 16 and beyond. */
const inverseOfF64 = {
  near: [
    -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18, 1.1157877678025181e-17,
    -1.333171662854621e-16, 2.0972767875968562e-17, 6.637638134358324e-15, -4.054566272975207e-14,
    -8.151934197605472e-14, 2.6335093153082323e-12, -1.2975133253453532e-11, -5.415412054294628e-11,
    1.0512122733215323e-9, -4.112633980346984e-9, -2.9070369957882005e-8, 4.2347877827932404e-7,
    -0.0000013654692000834679, -0.000013882523362786469, 0.00018673420803405714, -0.000740702534166267,
    -0.006033670871430149, 0.24015818242558962, 1.6536545626831027,
  ],
  middle: [
    2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8,
    0.0000015027403968909828, -0.000004013867526981546, 0.0000029234449089955446, 0.000012475304481671779,
    -0.000047318229009055734, 0.00006828485145957318, 0.000024031110387097894, -0.0003550375203628475,
    0.0009532893797373805, -0.0016882755560235047, 0.002491442096107851, -0.003751208507569241, 0.005370914553590064,
    1.0052589676941592, 3.0838856104922208,
  ],
  far: [
    -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9, 7.61570120807834e-9,
    -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8, 2.2900482228026655e-7, -9.9298272942317e-7,
    0.000004526062597223154, -0.00001968177810553167, 0.00007599527703001776, -0.00021503011930044477,
    -0.00013871931833623122, 1.0103004648645344, 4.849906401408584,
  ],
} as const;

/** Infinite at 1 and -1, NaN beyond. */
export function erfInv(x: Term): Term {
  const one = x.lift(1);
  const w = one.minus(x).times(one.plus(x)).log().negated();
  const factor = x.element === 'f64' ? inverseFactorOfF64(w) : inverseFactorOfF32(w);
  return x.abs().eq(1).choose(x.times(Infinity), x.times(factor));
}

function inverseFactorOfF32(w: Term): Term {
  const far = w.sqrt().minus(3).polynomial(inverseOfF32.far);
  return w.lt(5).choose(w.minus(2.5).polynomial(inverseOfF32.near), far);
}

function inverseFactorOfF64(w: Term): Term {
  const root = w.sqrt();
  const middle = root.minus(3.25).polynomial(inverseOfF64.middle);
  const far = root.minus(5).polynomial(inverseOfF64.far);
  const near = w.minus(3.125).polynomial(inverseOfF64.near);
  return w.lt(6.25).choose(near, w.lt(16).choose(middle, far));
}
