import { describe, expect, it } from 'vitest';
import * as numerics from '../../../ir/numerics/index.ts';
import { realReferences } from './real-reference-values.ts';
import type { ReferenceLine } from './reference.ts';
import { errorInUlps, parseReferences } from './reference.ts';

/** Results are rounded once from double-double: half an ULP, and what the double-double itself may be wrong by. */
const ROUNDED_ONCE = 0.501;

const unary = {
  exp: numerics.exp,
  expm1: numerics.expm1,
  log: numerics.log,
  log1p: numerics.log1p,
  sin: numerics.sin,
  cos: numerics.cos,
  tan: numerics.tan,
  sinh: numerics.sinh,
  cosh: numerics.cosh,
  tanh: numerics.tanh,
  logistic: numerics.logistic,
  asin: numerics.asin,
  acos: numerics.acos,
  atan: numerics.atan,
  asinh: numerics.asinh,
  acosh: numerics.acosh,
  atanh: numerics.atanh,
  cbrt: numerics.cbrt,
  rsqrt: numerics.rsqrt,
  erf: numerics.erf,
  erfc: numerics.erfc,
  erfInv: numerics.erfInv,
  lgamma: numerics.lgamma,
  digamma: numerics.digamma,
  besselI1e: numerics.besselI1e,
} as const;

const binary = {
  atan2: numerics.atan2,
  pow: numerics.pow,
  hypot: numerics.hypot,
  polygamma: numerics.polygamma,
  zeta: numerics.zeta,
} as const;

const references = parseReferences(realReferences);

function worstError(name: string, evaluate: (args: ReferenceLine['args']) => number): number {
  const lines = references.get(name) ?? [];
  expect(lines.length).toBeGreaterThan(10);
  return Math.max(...lines.flatMap((line) => line.results.map((result) => errorInUlps(evaluate(line.args), result))));
}

describe('real functions', () => {
  it.each(Object.entries(unary))('%s is rounded once', (name, evaluate) => {
    expect(worstError(name, ([x = Number.NaN]) => evaluate(x))).toBeLessThan(ROUNDED_ONCE);
  });

  it.each(Object.entries(binary))('%s is rounded once', (name, evaluate) => {
    expect(worstError(name, ([x = Number.NaN, y = Number.NaN]) => evaluate(x, y))).toBeLessThan(ROUNDED_ONCE);
  });
});
