import { describe, expect, it } from 'vitest';
import * as numerics from '../../../ir/numerics/index.ts';
import { readNumbers } from './number-words.ts';

const ODDISH = '0 0, -0 -0, nan nan';
const ODD = `${ODDISH}, 5e-324 5e-324, -5e-324 -5e-324`;

/** Argument and result, the cases separated by commas. */
const unary: readonly (readonly [string, (x: number) => number, string])[] = [
  ['exp', numerics.exp, '0 1, -0 1, -inf 0, inf inf, nan nan, 710 inf, -746 0'],
  ['expm1', numerics.expm1, `${ODD}, -inf -1, inf inf, -50 -1, 710 inf`],
  ['log', numerics.log, '1 0, 0 -inf, -0 -inf, -1 nan, inf inf, -inf nan, nan nan'],
  ['log1p', numerics.log1p, `${ODD}, -1 -inf, -2 nan, inf inf, -inf nan`],
  ['sin', numerics.sin, `${ODD}, inf nan, -inf nan`],
  ['cos', numerics.cos, '0 1, -0 1, inf nan, -inf nan, nan nan'],
  ['tan', numerics.tan, `${ODD}, inf nan, -inf nan`],
  ['sinh', numerics.sinh, `${ODD}, inf inf, -inf -inf, 711 inf, -711 -inf`],
  ['cosh', numerics.cosh, '0 1, -0 1, inf inf, -inf inf, nan nan, -711 inf'],
  ['tanh', numerics.tanh, `${ODD}, inf 1, -inf -1, 50 1`],
  ['logistic', numerics.logistic, '0 0.5, inf 1, -inf 0, nan nan, 50 1, -800 0'],
  ['asin', numerics.asin, `${ODD}, 1 pi/2, -1 -pi/2, 1.5 nan, inf nan`],
  ['acos', numerics.acos, '1 0, -1 pi, 0 pi/2, -1.5 nan, nan nan'],
  ['atan', numerics.atan, `${ODD}, inf pi/2, -inf -pi/2`],
  ['asinh', numerics.asinh, `${ODD}, inf inf, -inf -inf`],
  ['acosh', numerics.acosh, '1 0, 0.5 nan, -inf nan, inf inf, nan nan'],
  ['atanh', numerics.atanh, `${ODD}, 1 inf, -1 -inf, 2 nan`],
  ['cbrt', numerics.cbrt, `${ODDISH}, inf inf, -inf -inf, 27 3, -8 -2`],
  ['rsqrt', numerics.rsqrt, '0 inf, -0 -inf, inf 0, -1 nan, nan nan, 4 0.5'],
  ['erf', numerics.erf, `${ODDISH}, inf 1, -inf -1, 7 1`],
  ['erfc', numerics.erfc, '0 1, inf 0, -inf 2, 28 0, -7 2, nan nan'],
  ['erfInv', numerics.erfInv, `${ODDISH}, 1 inf, -1 -inf, 1.5 nan`],
  ['lgamma', numerics.lgamma, '1 0, 2 0, 0 inf, -0 inf, -3 inf, inf inf, -inf inf, nan nan'],
  ['digamma', numerics.digamma, '0 nan, -2 nan, inf inf, -inf nan, nan nan, 1e-310 -inf, max 709.782712893384'],
  ['besselI1e', numerics.besselI1e, `${ODDISH}, inf 0, -inf -0`],
];

/** Both arguments and the result. */
const binary: readonly (readonly [string, (x: number, y: number) => number, string])[] = [
  [
    'atan2',
    numerics.atan2,
    `
      0 0 0, -0 0 -0, 0 -0 pi, -0 -0 -pi, 0 -1 pi, -0 1 -0, 1 0 pi/2, -1 -0 -pi/2, inf inf pi/4,
      -inf -inf -3pi/4, 1 inf 0, -1 -inf -pi, inf 5 pi/2, nan 1 nan
    `,
  ],
  [
    'pow',
    numerics.pow,
    `
      nan 0 1, 1 nan 1, -1 inf 1, -1 -inf 1, 0.5 inf 0, 0.5 -inf inf, 2 -inf 0, -0 3 -0, -0 2 0,
      -0 -3 -inf, 0 -2.5 inf, -inf 3 -inf, -inf -3 -0, -inf 2.5 inf, -8 0.5 nan, -2 3 -8,
      -2 1025 -inf, 2 10 1024, nan 1 nan, 2 nan nan
    `,
  ],
  ['hypot', numerics.hypot, '3 -4 5, inf nan inf, nan -inf inf, nan 1 nan, -0 0 0, max max inf, -5e-324 0 5e-324'],
  [
    'zeta',
    numerics.zeta,
    `
      1 2 inf, 0.5 2 nan, 2 0 inf, 2 -1 inf, 3 -1 nan, 2.5 -0.5 nan, nan 1 nan, 2 inf nan,
      2000 1 1, 2000 0.5 inf, 3e38 7 0, 3e38 0.5 inf, 3e38 3e38 0
    `,
  ],
  ['polygamma', numerics.polygamma, '0.5 1 nan, -1 1 nan, 1 0 inf, 2 0 nan, 0 0 nan, 1 nan nan'],
];

describe('special values', () => {
  it.each(unary)('%s', (_name, evaluate, cases) => {
    for (const words of cases.trim().split(/,\s+/)) {
      const [x = 0, expected = 0] = readNumbers(words);
      expect([words, evaluate(x)]).toStrictEqual([words, expected]);
    }
  });

  it.each(binary)('%s', (_name, evaluate, cases) => {
    for (const words of cases.trim().split(/,\s+/)) {
      const [x = 0, y = 0, expected = 0] = readNumbers(words);
      expect([words, evaluate(x, y)]).toStrictEqual([words, expected]);
    }
  });
});
