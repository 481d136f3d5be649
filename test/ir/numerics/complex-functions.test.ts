import { describe, expect, it } from 'vitest';
import type { ComplexPair } from '../../../ir/numerics/index.ts';
import * as numerics from '../../../ir/numerics/index.ts';
import { complexReferences } from './complex-reference-values.ts';
import type { ReferenceLine } from './reference.ts';
import { errorInUlps, parseReferences } from './reference.ts';

/** Each part is rounded once from double-double, or twice where it is subnormal. */
const ROUNDED_ONCE = 0.511;

const unary = {
  complexExp: numerics.complexExp,
  complexExpm1: numerics.complexExpm1,
  complexLogistic: numerics.complexLogistic,
  complexLog: numerics.complexLog,
  complexLog1p: numerics.complexLog1p,
  complexSinh: numerics.complexSinh,
  complexCosh: numerics.complexCosh,
  complexTanh: numerics.complexTanh,
  complexSin: numerics.complexSin,
  complexCos: numerics.complexCos,
  complexTan: numerics.complexTan,
  complexSqrt: numerics.complexSqrt,
  complexRsqrt: numerics.complexRsqrt,
  complexCbrt: numerics.complexCbrt,
  complexAsin: numerics.complexAsin,
  complexAcos: numerics.complexAcos,
  complexAsinh: numerics.complexAsinh,
  complexAcosh: numerics.complexAcosh,
  complexAtan: numerics.complexAtan,
  complexAtanh: numerics.complexAtanh,
  complexSquare: numerics.complexSquare,
  complexSign: numerics.complexSign,
} as const;

const binary = {
  complexPower: numerics.complexPower,
  complexMultiply: numerics.complexMultiply,
  complexDivide: numerics.complexDivide,
} as const;

const references = parseReferences(complexReferences);

function pairs(args: readonly number[]): readonly [ComplexPair, ComplexPair] {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = args;
  return [
    { re: a, im: b },
    { re: c, im: d },
  ];
}

function worstError(name: string, evaluate: (args: ReferenceLine['args']) => ComplexPair): number {
  const lines = references.get(name) ?? [];
  expect(lines.length).toBeGreaterThan(7);
  return Math.max(...lines.map((line) => partsError(evaluate(line.args), line)));
}

function partsError(actual: ComplexPair, { results }: ReferenceLine): number {
  const [re, im] = results;
  if (re === undefined || im === undefined) return Infinity;
  return Math.max(errorInUlps(actual.re, re), errorInUlps(actual.im, im));
}

describe('complex functions', () => {
  it.each(Object.entries(unary))('%s is rounded once in each part', (name, evaluate) => {
    expect(worstError(name, (args) => evaluate(pairs(args)[0]))).toBeLessThan(ROUNDED_ONCE);
  });

  it.each(Object.entries(binary))('%s is rounded once in each part', (name, evaluate) => {
    expect(worstError(name, (args) => evaluate(...pairs(args)))).toBeLessThan(ROUNDED_ONCE);
  });

  it('complexAbs is the hypotenuse', () => {
    expect(numerics.complexAbs({ re: 3, im: -4 })).toBe(5);
    expect(numerics.complexAbs({ re: Number.NaN, im: -Infinity })).toBe(Infinity);
  });

  it('complexAtan2 of real numbers is their angle', () => {
    const angle = numerics.complexAtan2({ re: 1, im: 0 }, { re: -1, im: 0 });
    expect(angle.re).toBeCloseTo(2.356194490192345, 14);
    expect(angle.im).toBeCloseTo(0, 14);
  });
});
