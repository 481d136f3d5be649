/** Op -> its expansion. What is missing is an instruction, or (integer powers) not of floats. */
import type { Expr } from '../loop-ir.ts';
import type { BinaryOp, UnaryOp } from '../scalar-ops.ts';
import { expandExp } from './exp.ts';
import { expandLog } from './log.ts';
import { expandLogistic } from './logistic.ts';
import type { MathSite } from './math-site.ts';
import { expandRsqrt } from './rsqrt.ts';
import { expandTanh } from './tanh.ts';

/** Operands are variables or constants of f32 or f64. */
export type UnaryExpansion = (site: MathSite, x: Expr) => Expr;
export type BinaryExpansion = (site: MathSite, x: Expr, y: Expr) => Expr;

export const unaryExpansions: Readonly<Partial<Record<UnaryOp, UnaryExpansion>>> = {
  exp: expandExp,
  log: expandLog,
  logistic: expandLogistic,
  rsqrt: expandRsqrt,
  tanh: expandTanh,
};

export const binaryExpansions: Readonly<Partial<Record<BinaryOp, BinaryExpansion>>> = {};
