/** Between which numbers a float lies that is not NaN: what clamps and roundings say. */
import type { Expr } from '../kernel/loop-ir.ts';

export interface FloatRange {
  readonly least: number;
  readonly most: number;
}

const unbounded: FloatRange = { least: -Infinity, most: Infinity };

export function floatRange(expr: Expr): FloatRange {
  if (expr.kind === 'constant') return { least: Number(expr.value), most: Number(expr.value) };
  if (expr.kind === 'splat') return floatRange(expr.operand);
  if (expr.kind === 'unary') {
    const { least, most } = floatRange(expr.operand);
    // Monotone, and integers stay.
    const isRounding = ['floor', 'ceil', 'truncate', 'round-even', 'round-away'].includes(expr.op);
    return isRounding ? { least: Math.floor(least), most: Math.ceil(most) } : unbounded;
  }
  if (expr.kind !== 'binary' || (expr.op !== 'minimum' && expr.op !== 'maximum')) return unbounded;
  const [a, b] = [floatRange(expr.lhs), floatRange(expr.rhs)];
  const choose = expr.op === 'minimum' ? Math.min : Math.max;
  return { least: choose(a.least, b.least), most: choose(a.most, b.most) };
}
