/** log gamma and digamma in double-double. */
import { DD_HALF_LOG_TWO_PI } from './dd-constants.ts';
import { ddLog, ddLog1p, ddLogOfF64 } from './dd-log.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAdd,
  ddAddF64,
  ddDiv,
  DD_ONE,
  ddFrom,
  ddMul,
  ddMulF64,
  ddPolynomial,
  ddScale,
  ddSquare,
  ddSub,
  ddTable,
  DD_ZERO,
  twoSum,
} from './double-double.ts';
import { roundHalfEven } from './rounding.ts';

/** (-1)^k (zeta(k) - 1) / k for k = 40 ... 2, then 1 - Euler's gamma: log gamma(2 + e) / e by powers of e. */
const LGAMMA_SERIES = ddTable([
  2.2737369600659724e-14, -9.672147869269828e-31, -4.6640760264283744e-14, 2.186282283713084e-30, 9.573630387838556e-14,
  1.9773509309959252e-30, -1.9664756310966165e-13, 4.0719036606056276e-30, 4.04220052528944e-13,
  -1.2672480151835454e-29, -8.315385841420285e-13, 1.5951572809733943e-29, 1.711991790559618e-12,
  -6.994387860952799e-29, -3.527742476575915e-12, -1.8425514965961343e-29, 7.275974480239079e-12, 4.879514445370743e-28,
  -1.5021384080754142e-11, -5.063470614908766e-28, 3.1044247747322276e-11, -2.8715350933450543e-27,
  -6.4229645638381e-11, -4.232176684861536e-27, 1.330476437424449e-10, 6.614614775208236e-27, -2.7595228851242334e-10,
  2.107257883073299e-26, 5.731367241678862e-10, -2.3810866578223724e-26, -1.1921401405860912e-9, -5.269861418993634e-26,
  2.4836745438024785e-9, -1.5805048837932932e-25, -5.183475041970047e-9, -1.0891302535635231e-26, 1.0838659214896955e-8,
  -5.018242148804151e-25, -2.2711094608943164e-8, -1.406065812811299e-24, 4.7698101693639804e-8, 1.6747349659198183e-24,
  -1.0043224823968099e-7, -5.246728062732248e-24, 2.1207184805554665e-7, 1.2243193613787666e-23, -4.492469198764566e-7,
  1.4219340578032317e-23, 9.55141213040742e-7, 4.798512617588967e-23, -2.039215753801366e-6, -4.70891370095011e-23,
  4.374866789907488e-6, -3.7021851137962053e-22, -9.439488275268397e-6, 8.111985879973243e-22, 2.050721277567069e-5,
  4.864174577619616e-22, -4.492623673813314e-5, 3.4577848248512954e-22, 9.945751278180853e-5, 2.734261130690314e-21,
  -0.00022315475845357939, 6.032078299350848e-21, 0.0005096695247430425, -2.780354175057013e-20, -0.001192753911703261,
  4.1747852352514e-20, 0.0028905103307415234, -7.357950161901912e-20, -0.007385551028673986, 4.1051370891788617e-19,
  0.020580808427784546, 1.4629392512775695e-18, -0.0673523010531981, 6.87667631175899e-18, 0.3224670334241132,
  1.520336175199238e-17, 0.42278433509846713, 4.942915152430645e-18,
]);

/** (-1)^k (zeta(k) - 1) for k = 40 ... 2, then 1 - Euler's gamma: digamma(2 + e) by powers of e. */
const DIGAMMA_SERIES = ddTable([
  9.094947840263888e-13, 8.752915335828258e-29, -1.818989650307066e-12, 1.2313033251541885e-28, 3.637979547378651e-12,
  3.2757482504856895e-28, -7.275959835057482e-12, 7.817491596192177e-28, 1.4551921891041985e-11,
  -6.5815767720265535e-28, -2.9103850444971e-11, 3.1836341409162154e-27, 5.820772087902701e-11, -5.609266140509216e-27,
  -1.164155017270052e-10, -4.647009828608305e-27, 2.3283118336765053e-10, 1.5614446225186379e-26,
  -4.656629065033784e-10, -4.154615304849929e-26, 9.313274324196682e-10, 1.7251523768776834e-26, -1.862659723513049e-9,
  1.357608175618366e-25, 3.725334024788457e-9, -2.2838109257068324e-25, -7.45071178983543e-9, 5.689596284297908e-25,
  1.4901554828365043e-8, -1.4462631435868446e-24, -2.980350351465228e-8, -9.038750484718945e-25, 5.960818905125948e-8,
  -4.84489270891793e-25, -1.1921992596531106e-7, -9.349486696402915e-24, 2.38450502727733e-7, -1.4348855177581243e-23,
  -4.769329867878064e-7, -1.6292492268188835e-23, 9.539620338727962e-7, -9.885419869008806e-23, -1.908212716553939e-6,
  4.589595461742015e-23, 3.81729326499984e-6, -3.619576661891535e-22, -7.637197637899763e-6, 2.946683490299432e-22,
  1.528225940865187e-5, 7.677620188142347e-22, -3.058823630702049e-5, -2.828205815153663e-22, 6.124813505870483e-5,
  1.5932044187197156e-21, -0.00012271334757848915, -1.312879617594989e-21, 0.0002460865533080483,
  -2.126804481899407e-20, -0.0004941886041194645, -3.007775458283559e-20, 0.0009945751278180853, 8.155271993117836e-20,
  -0.0020083928260822143, -1.6255172980294325e-19, 0.00407735619794434, -2.2242833400456106e-19, -0.008349277381922827,
  2.92234966467598e-19, 0.01734306198444914, -4.414770097141147e-19, -0.03692775514336993, 3.178450686126237e-19,
  0.08232323371113819, 5.851757005110278e-18, -0.2020569031595943, 6.752241127462512e-18, 0.6449340668482264,
  3.040672350398476e-17, 0.42278433509846713, 4.942915152430645e-18,
]);

/** B(2k) / (2k (2k - 1)) for k = 15 ... 1 */
const STIRLING_SERIES = ddTable([
  691472.268851313, 2.5585296305158e-11, -36108.77125372499, 5.897583353514365e-13, 2193.1033333333335,
  -1.3339255626002948e-13, -156.84828462600203, 9.391823141715389e-15, 13.402864044168393, -6.154114101993966e-16,
  -1.3924322169059011, 1.5837056989230303e-17, 0.17964437236883057, -6.401600482710946e-19, -0.029550653594771242,
  4.861760957508855e-19, 0.00641025641025641, 2.2240044563805217e-19, -0.0019175269175269176, 1.0675702776872475e-19,
  0.0008417508417508417, 3.6870174889237694e-20, -0.0005952380952380953, 5.36938218754726e-20, 0.0007936507936507937,
  6.883823317368282e-22, -0.002777777777777778, 1.0601087908747154e-19, 0.08333333333333333, 4.625929269271485e-18,
]);

/** B(2k) / 2k for k = 15 ... 1 */
const DIGAMMA_ASYMPTOTIC = ddTable([
  20052695.79668808, -8.878409127275055e-10, -974936.8238505747, -4.2284185858978625e-11, 54827.583333333336,
  -2.4253192047278085e-12, -3607.5105463980462, -1.5347029033579816e-13, 281.46014492753625, -1.647635329298783e-14,
  -26.456212121212122, 7.449932926454383e-16, 3.0539543302701198, -1.0882720820608607e-17, -0.4432598039215686,
  -2.0462934179365632e-17, 0.08333333333333333, 4.625929269271485e-18, -0.021092796092796094, 1.3911677399530732e-18,
  0.007575757575757576, -2.1026951223961299e-19, -0.004166666666666667, -5.782411586589357e-20, 0.003968253968253968,
  2.20282346155785e-19, -0.008333333333333333, -1.1564823173178714e-19, 0.08333333333333333, 4.625929269271485e-18,
]);

/** From here on the asymptotic series are good to 90 bits. */
const ASYMPTOTIC = 13;
/** From here on `x (log x - 1)` is log gamma to double-double, and x might overflow the splitting of a double. */
const HUGE = 1e40;
const HUGE_SCALE = 1.2676506002282294e30;
const LEAST = 1e-290;

/**
 * `log gamma(x)` for `x > 0`: absolute error below 2^-92, relative error below 2^-68 near the zeros 1 and 2 too.
 *
 * Around 2 Taylor's series (Abramowitz, Stegun 6.1.33); from 2.5 to 13 down by the recurrence to there; beyond,
 * Stirling's series (6.1.40).
 */
export function ddLgamma(x: number): DoubleDouble {
  if (x < 1.5) return ddLgammaBelow(x);
  if (x > HUGE) return ddScale(ddMulF64(ddAddF64(ddLogOfF64(x), -1), x / HUGE_SCALE), HUGE_SCALE);
  if (x >= ASYMPTOTIC) return stirling(x);
  const steps = roundHalfEven(x) - 2;
  let product = DD_ONE;
  for (let i = 1; i <= steps; i++) product = ddMulF64(product, x - i);
  const start = ddLgammaOfTwoPlus(x - steps - 2);
  return steps === 0 ? start : ddAdd(start, ddLog(product));
}

/** `log |gamma(x)|` for `-0.5 < x < 1.5`, not 0. */
export function ddLgammaBelow(x: number): DoubleDouble {
  if (x >= 0.5) return ddSub(ddLgammaOfTwoPlus(x - 1), ddLog1p(ddFrom(x - 1)));
  const magnitude = Math.abs(x);
  const shifted = magnitude < LEAST ? DD_ZERO : ddSub(ddLgammaOfTwoPlus(x), ddLog1p(ddFrom(x)));
  return ddSub(shifted, ddLogOfF64(magnitude));
}

/**
 * `digamma(x)` for `x > 0`: absolute error below 2^-95 but for the poles' own relative error.
 * The same three ranges as `ddLgamma` (Abramowitz, Stegun 6.3.14, 6.3.5 and 6.3.18).
 */
export function ddDigamma(x: number): DoubleDouble {
  if (x >= ASYMPTOTIC) return digammaAsymptotic(x);
  if (x < 1.5) return ddDigammaBelow(x);
  const steps = roundHalfEven(x) - 2;
  let sum = DD_ZERO;
  for (let i = 1; i <= steps; i++) sum = ddAdd(sum, ddDiv(DD_ONE, ddFrom(x - i)));
  return ddAdd(ddPolynomial(DIGAMMA_SERIES, ddFrom(x - steps - 2)), sum);
}

/** `digamma(x)` for `-0.5 < x < 1.5`, `|x| > 1e-290`: one or two steps up by the recurrence. */
export function ddDigammaBelow(x: number): DoubleDouble {
  const reciprocal = ddDiv(DD_ONE, ddFrom(x));
  if (x >= 0.5) return ddSub(ddPolynomial(DIGAMMA_SERIES, ddFrom(x - 1)), reciprocal);
  const next = ddDiv(DD_ONE, twoSum(1, x));
  return ddSub(ddSub(ddPolynomial(DIGAMMA_SERIES, ddFrom(x)), next), reciprocal);
}

/** `log gamma(2 + e)` for `|e| <= 0.5`. */
function ddLgammaOfTwoPlus(e: number): DoubleDouble {
  return ddMulF64(ddPolynomial(LGAMMA_SERIES, ddFrom(e)), e);
}

function stirling(x: number): DoubleDouble {
  const logarithm = ddLog(ddFrom(x));
  const reciprocal = ddDiv(DD_ONE, ddFrom(x));
  const tail = ddMul(ddPolynomial(STIRLING_SERIES, ddSquare(reciprocal)), reciprocal);
  const head = ddAddF64(ddMul(twoSum(x, -0.5), logarithm), -x);
  return ddAdd(ddAdd(head, DD_HALF_LOG_TWO_PI), tail);
}

function digammaAsymptotic(x: number): DoubleDouble {
  const reciprocal = ddDiv(DD_ONE, ddFrom(x));
  const square = ddSquare(reciprocal);
  const tail = ddAdd(ddScale(reciprocal, 0.5), ddMul(ddPolynomial(DIGAMMA_ASYMPTOTIC, square), square));
  return ddSub(ddLog(ddFrom(x)), tail);
}
