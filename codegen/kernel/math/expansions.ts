/** Op -> its expansion. What is missing is an instruction. */
import type { Expr } from '../loop-ir.ts';
import type { BinaryOp, UnaryOp } from '../scalar-ops.ts';
import { isFloatKernelDType } from '../value-type.ts';
import { expandAtan2 } from './atan2.ts';
import { expandCbrt } from './cbrt.ts';
import { expandErf } from './erf.ts';
import { expandExp, expandExpm1 } from './exp.ts';
import { expandLog } from './log.ts';
import { expandLog1p } from './log1p.ts';
import { expandLogistic } from './logistic.ts';
import { expandIntegerPower } from './integer-power.ts';
import type { MathSite } from './math-site.ts';
import { expandPower } from './power.ts';
import { expandRoundAway, expandSign } from './round.ts';
import { expandRsqrt } from './rsqrt.ts';
import { expandTanh } from './tanh.ts';
import { expandCos, expandSin, expandTan } from './trig.ts';

/** Operands are variables or constants of f32 or f64; those of `power` of integers too. */
export type UnaryExpansion = (site: MathSite, x: Expr) => Expr;
export type BinaryExpansion = (site: MathSite, x: Expr, y: Expr) => Expr;

export const unaryExpansions: Readonly<Partial<Record<UnaryOp, UnaryExpansion>>> = {
  cbrt: expandCbrt,
  cos: expandCos,
  erf: expandErf,
  exp: expandExp,
  expm1: expandExpm1,
  log: expandLog,
  log1p: expandLog1p,
  logistic: expandLogistic,
  'round-away': expandRoundAway,
  rsqrt: expandRsqrt,
  sign: expandSign,
  sin: expandSin,
  tan: expandTan,
  tanh: expandTanh,
};

export const binaryExpansions: Readonly<Partial<Record<BinaryOp, BinaryExpansion>>> = {
  atan2: expandAtan2,
  power: (site, x, y) => (isFloatKernelDType(x.type.dtype) ? expandPower(site, x, y) : expandIntegerPower(site, x, y)),
};
