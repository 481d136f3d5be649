import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComplexPair } from '../../../ir/numerics/index.ts';
import * as numerics from '../../../ir/numerics/index.ts';

const any = fc.double({ noNaN: true });
const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ noNaN: true, min, max });
const runs = { numRuns: 300 };

const monotone = [
  ['exp', numerics.exp, any],
  ['expm1', numerics.expm1, any],
  ['log', numerics.log, between(0, Infinity)],
  ['log1p', numerics.log1p, between(-1, Infinity)],
  ['sinh', numerics.sinh, any],
  ['tanh', numerics.tanh, any],
  ['logistic', numerics.logistic, any],
  ['asin', numerics.asin, between(-1, 1)],
  ['atan', numerics.atan, any],
  ['asinh', numerics.asinh, any],
  ['acosh', numerics.acosh, between(1, Infinity)],
  ['atanh', numerics.atanh, between(-1, 1)],
  ['cbrt', numerics.cbrt, any],
  ['erf', numerics.erf, any],
  ['erfInv', numerics.erfInv, between(-1, 1)],
] as const;

const odd = [
  ['sin', numerics.sin],
  ['tan', numerics.tan],
  ['sinh', numerics.sinh],
  ['tanh', numerics.tanh],
  ['asin', numerics.asin],
  ['atan', numerics.atan],
  ['asinh', numerics.asinh],
  ['atanh', numerics.atanh],
  ['cbrt', numerics.cbrt],
  ['erf', numerics.erf],
  ['erfInv', numerics.erfInv],
  ['besselI1e', numerics.besselI1e],
] as const;

const conjugating = [
  ['complexExp', numerics.complexExp],
  ['complexLog', numerics.complexLog],
  ['complexSqrt', numerics.complexSqrt],
  ['complexAsin', numerics.complexAsin],
  ['complexAcos', numerics.complexAcos],
  ['complexAtan', numerics.complexAtan],
  ['complexTanh', numerics.complexTanh],
  ['complexSquare', numerics.complexSquare],
] as const;

function conjugate({ re, im }: ComplexPair): ComplexPair {
  return { re, im: -im };
}

describe('properties', () => {
  it.each(monotone)('%s never falls', (_name, evaluate, domain) => {
    fc.assert(
      fc.property(domain, domain, (x, y) => x > y || evaluate(x) <= evaluate(y)),
      runs,
    );
    fc.assert(
      fc.property(domain, (x) => {
        const next = numerics.nextAfter64(x, Infinity);
        return Number.isNaN(evaluate(next)) || evaluate(x) <= evaluate(next);
      }),
      runs,
    );
  });

  it.each(odd)('%s is odd, to the bit', (_name, evaluate) => {
    fc.assert(
      fc.property(any, (x) => Object.is(evaluate(-x), -evaluate(x))),
      runs,
    );
  });

  it.each(conjugating)('%s commutes with conjugation, to the bit', (_name, evaluate) => {
    fc.assert(
      fc.property(any, any, (re, im) => {
        expect(evaluate({ re, im: -im })).toStrictEqual(conjugate(evaluate({ re, im })));
      }),
      runs,
    );
  });

  it('sine and cosine stay within 1, and their squares sum to 1', () => {
    fc.assert(
      fc.property(between(-1e308, 1e308), (x) => {
        const [sine, cosine] = [numerics.sin(x), numerics.cos(x)];
        expect(Math.abs(sine) <= 1 && Math.abs(cosine) <= 1).toBe(true);
        expect(sine * sine + cosine * cosine).toBeCloseTo(1, 15);
      }),
      runs,
    );
  });

  it('a complex function of a real number is the real function', () => {
    fc.assert(
      fc.property(any, (re) => {
        expect(numerics.complexExp({ re, im: 0 }).re).toBe(numerics.exp(re));
        expect(numerics.complexTanh({ re, im: 0 }).re).toBe(numerics.tanh(re));
        expect(numerics.complexAtan({ re, im: 0 }).re).toBe(numerics.atan(re));
        expect(numerics.complexAsinh({ re, im: 0 }).re).toBe(numerics.asinh(re));
        expect(numerics.complexSin({ re, im: 0 }).re).toBe(numerics.sin(re));
      }),
      runs,
    );
  });
});
