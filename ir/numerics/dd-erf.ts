/** erf and erfc in double-double, good to about 70 bits. */
import { DD_PI, DD_TWO_OVER_ROOT_PI } from './dd-constants.ts';
import { ddExpScaled, ddExp } from './dd-exp.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAdd,
  ddAddF64,
  ddDiv,
  DD_ZERO,
  ddFrom,
  ddMul,
  ddMulF64,
  ddNeg,
  ddPolynomial,
  ddTable,
  twoProduct,
} from './double-double.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { scaledAdd, scaledFrom, scaledMul } from './scaled-double-double.ts';

/** (-1)^n / (n! (2n + 1)) for n = 22 ... 0 */
const ERF_SERIES = ddTable([
  1.977064753877905e-23, 7.235097150976344e-40, -4.5518467589282e-22, -4.044080705028019e-38, 1.0025164934907719e-20,
  1.0855031404807339e-37, -2.107855191442136e-19, 9.137436977439183e-36, 4.221407288807088e-18, 9.59729713379293e-36,
  -8.032735012415773e-17, -3.308132020922888e-33, 1.4483264643598138e-15, -6.435992101166303e-32,
  -2.466827010264457e-14, 1.2997717914814896e-30, 3.9554295164585257e-13, 7.122590604424395e-30,
  -5.9477940136376354e-12, 3.715898253979538e-28, 8.35070279514724e-11, -1.2104650565335437e-27, -1.0892221037148573e-9,
  -2.691902001941988e-26, 1.3122532963802806e-8, -7.589026085854777e-25, -1.4503852223150468e-7, -2.75729942161183e-24,
  1.4589169000933706e-6, 1.009163436691398e-22, -1.3227513227513228e-5, 5.532155926405864e-22, 0.00010683760683760684,
  9.266685234918841e-23, -0.0007575757575757576, -6.570922257487906e-22, 0.004629629629629629, 2.569960705150825e-19,
  -0.023809523809523808, -1.32169407693471e-18, 0.1, -5.551115123125783e-18, -0.3333333333333333,
  -1.850371707708594e-17, 1, 0,
]);

/** The step of the trapezoidal rule, 7/16: its own error is exp(-(pi / step)^2) = 2^-74. */
const STEP = 0.4375;

/** exp(-(n STEP)^2) for n = 1 ... 16; the next is below 2^-79. */
const WEIGHTS = ddTable([
  0.8257970399501007, -1.6425514406411233e-17, 0.4650431881340563, -4.7945211232550475e-18, 0.17859113461243561,
  7.190645478356862e-18, 0.04677062238395898, 3.1802654895671888e-18, 0.008352818518081014, -4.795630796266044e-20,
  0.0010172778436147007, -3.1850761275445433e-20, 8.448756028504651e-5, 6.0173866619569036e-21, 4.785117392129009e-6,
  3.3493482583309713e-22, 1.8481578772048032e-7, 5.2586351622723836e-24, 4.867793902108199e-9, -2.6852828411724293e-25,
  8.743230754733761e-11, -4.534401972127383e-27, 1.0709232382508077e-12, -1.883236290141368e-29, 8.945227455904632e-15,
  -5.600234607433062e-31, 5.095315462737445e-17, 2.564265169537942e-33, 1.9792352186549065e-19, -7.184396734267179e-36,
  5.242885663363464e-22, 3.946311221816784e-39,
]);
/** Weights from here on are below 2^-22, and plain doubles do. */
const FIRST_LIGHT_WEIGHT = 10;
/** pi / STEP, rounded up: beyond, the rule's pole term is below its error. */
const POLE_LIMIT = 7.2;

/** `erf x` for `|x| <= 1`, by Taylor's series. */
export function ddErfNearZero(x: number): DoubleDouble {
  const series = ddPolynomial(ERF_SERIES, twoProduct(x, x));
  return ddMul(DD_TWO_OVER_ROOT_PI, ddMulF64(series, x));
}

/**
 * `erfc x` for `1 <= x <= 30`, with a relative error below 2^-68: the trapezoidal rule on
 * `erfc x = (2 x / pi) exp(-x^2) * integral of exp(-t^2) / (t^2 + x^2) over t > 0`, whose error falls with
 * exp(-(pi / step)^2), less the residue at the pole t = i x
 * (Chiarella, Reichel 1968, "On the evaluation of integrals related to the error function").
 */
export function scaledErfc(x: number): ScaledDoubleDouble {
  const square = twoProduct(x, x);
  const factor = ddMulF64(ddDiv(ddMul(ddFrom(2 * STEP), trapezoidalSum(square)), DD_PI), x);
  const bulk = scaledMul(ddExpScaled(ddNeg(square)), scaledFrom(factor));
  return x < POLE_LIMIT ? scaledAdd(bulk, scaledFrom(residue(x))) : bulk;
}

function trapezoidalSum(square: DoubleDouble): DoubleDouble {
  let light = 0;
  let heavy = ddDiv(ddFrom(0.5), square);
  for (let n = WEIGHTS.length; n >= 1; n--) {
    const weight = WEIGHTS[n - 1] ?? DD_ZERO;
    const node = n * n * STEP * STEP;
    if (n >= FIRST_LIGHT_WEIGHT) light += weight.hi / (square.hi + node);
    else heavy = ddAdd(heavy, ddDiv(weight, ddAddF64(square, node)));
  }
  return ddAddF64(heavy, light);
}

/** `2 / (1 - exp(2 pi x / STEP))` */
function residue(x: number): DoubleDouble {
  const power = ddExp(ddMulF64(DD_PI, (2 / STEP) * x));
  return ddDiv(ddFrom(2), ddAddF64(ddNeg(power), 1));
}
