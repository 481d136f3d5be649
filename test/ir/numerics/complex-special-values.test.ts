import { describe, expect, it } from 'vitest';
import type { ComplexPair } from '../../../ir/numerics/index.ts';
import * as numerics from '../../../ir/numerics/index.ts';
import { readNumbers } from './number-words.ts';

/** The parts of the argument > the parts of the result, the cases separated by commas. */
const unary: readonly (readonly [string, (z: ComplexPair) => ComplexPair, string])[] = [
  [
    'exp: an infinite angle has no direction',
    numerics.complexExp,
    `
      inf 0 > inf 0, inf -0 > inf -0, -inf 2 > -0 0, inf 2 > -inf inf, -inf inf > nan nan,
      inf nan > nan nan, nan 0 > nan 0, 1 inf > nan nan
    `,
  ],
  ['expm1', numerics.complexExpm1, '-0 -0 > -0 -0, -inf 1 > -1 0, inf 0 > inf 0'],
  ['logistic', numerics.complexLogistic, '0 0 > 0.5 0, 1000 1 > 1 0, -1000 1 > 0 0'],
  [
    'log: the cut is the negative real axis',
    numerics.complexLog,
    `
      -1 0 > 0 pi, -1 -0 > 0 -pi, 0 0 > -inf 0, -0 0 > -inf pi, -inf inf > inf 3pi/4,
      nan inf > inf nan, 1 nan > nan nan
    `,
  ],
  [
    'log1p: the cut is the real axis below -1',
    numerics.complexLog1p,
    '-1 0 > -inf 0, -0 -0 > -0 -0, -2 -0 > 0 -pi, inf 1 > inf 0',
  ],
  [
    'sqrt: the cut is the negative real axis',
    numerics.complexSqrt,
    `
      -4 0 > 0 2, -4 -0 > 0 -2, -0 -0 > 0 -0, nan -inf > inf -inf, -inf 1 > 0 inf,
      inf -1 > inf -0, -inf nan > nan inf
    `,
  ],
  ['rsqrt', numerics.complexRsqrt, '4 0 > 0.5 -0, 0 0 > inf nan, inf 1 > 0 0'],
  ['cbrt is the principal one', numerics.complexCbrt, '27 0 > 3 0, 0 0 > 0 0, inf 0 > inf 0'],
  [
    'sinh',
    numerics.complexSinh,
    `
      0 inf > 0 nan, inf 0 > inf 0, inf inf > inf nan, nan 0 > nan 0, 1 inf > nan nan,
      0 -2 > -0 -0.9092974268256817
    `,
  ],
  ['cosh', numerics.complexCosh, '0 inf > nan 0, -inf 0 > inf -0, inf nan > inf nan, nan -0 > nan -0'],
  ['tanh', numerics.complexTanh, '-inf 1 > -1 0, inf 2 > 1 -0, inf nan > 1 0, -0 inf > -0 nan, 1 inf > nan nan'],
  [
    'asin: the cuts are the real axis beyond -1 and 1',
    numerics.complexAsin,
    `
      2 0 > pi/2 1.3169578969248168, 2 -0 > pi/2 -1.3169578969248168, -inf inf > -pi/4 inf,
      inf 1 > pi/2 inf, 1 -inf > 0 -inf, 0 nan > 0 nan, nan inf > nan inf, -0 -0 > -0 -0
    `,
  ],
  [
    'acos: the cuts are the real axis beyond -1 and 1',
    numerics.complexAcos,
    `
      1 0 > 0 -0, 1 -0 > 0 0, -1 0 > pi -0, 2 0 > 0 -1.3169578969248168, -inf 1 > pi -inf,
      -inf inf > 3pi/4 -inf, 0 nan > pi/2 nan
    `,
  ],
  [
    'asinh: the cuts are the imaginary axis beyond -i and i',
    numerics.complexAsinh,
    `
      0 2 > 1.3169578969248168 pi/2, -0 2 > -1.3169578969248168 pi/2, inf inf > inf pi/4,
      nan 0 > nan 0
    `,
  ],
  [
    'acosh: the cut is the real axis below 1',
    numerics.complexAcosh,
    `
      -2 0 > 1.3169578969248168 pi, -2 -0 > 1.3169578969248168 -pi, 0 0 > 0 pi/2,
      inf inf > inf pi/4
    `,
  ],
  [
    'atan: the cuts are the imaginary axis beyond -i and i',
    numerics.complexAtan,
    `
      0 1 > 0 inf, 0 2 > pi/2 0.5493061443340549, -0 2 > -pi/2 0.5493061443340549,
      inf nan > pi/2 0
    `,
  ],
  [
    'atanh: the cuts are the real axis beyond -1 and 1',
    numerics.complexAtanh,
    `
      1 0 > inf 0, -1 -0 > -inf -0, 2 0 > 0.5493061443340549 pi/2, nan -inf > 0 -pi/2,
      inf nan > 0 nan
    `,
  ],
  ['sign', numerics.complexSign, '0 -0 > 0 0, 3 -4 > 0.6 -0.8, nan 0 > nan nan'],
  [
    'square: an infinity keeps textbook NaN',
    numerics.complexSquare,
    '-inf -inf > nan inf, 1e308 inf > -inf inf, 1e308 1e308 > 0 inf, 0 -0 > 0 -0',
  ],
];

const divisions =
  '1 2 0 0 > inf inf, 1 2 -0 0 > -inf -inf, 0 0 0 0 > nan nan, inf 1 1 1 > inf -inf, 1 1 inf nan > 0 0, inf 1 inf 1 > nan nan';
const powers = '0 0 0 0 > 1 0, 0 0 2 0 > 0 0, 0 0 0 1 > nan nan, 1 0 inf 3 > 1 0, nan 1 0 0 > 1 0';

function expectCases(cases: string, evaluate: (args: readonly number[]) => ComplexPair): void {
  for (const text of cases.trim().split(/,\s+/)) {
    const [args = '', expected = ''] = text.split(' > ');
    const { re, im } = evaluate(readNumbers(args));
    expect([text, re, im]).toStrictEqual([text, ...readNumbers(expected)]);
  }
}

describe('complex special values', () => {
  it.each(unary)('%s', (_name, evaluate, cases) => {
    expectCases(cases, ([re = 0, im = 0]) => evaluate({ re, im }));
  });

  it('division by zero, of and by infinities', () => {
    expectCases(divisions, ([a = 0, b = 0, c = 0, d = 0]) =>
      numerics.complexDivide({ re: a, im: b }, { re: c, im: d }),
    );
  });

  it('powers of zero and one, and the zeroth', () => {
    expectCases(powers, ([a = 0, b = 0, c = 0, d = 0]) => numerics.complexPower({ re: a, im: b }, { re: c, im: d }));
  });
});
