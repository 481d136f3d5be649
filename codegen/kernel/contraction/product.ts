/** Recognises contractions: a stage that sums a product of two factors, one over the rows m and k, one over the columns n and k. */
import { axesOfValue } from '../lower-affine.ts';
import type { AxisId, Combiner, Stage, ValueExpr } from '../structured-kernel.ts';
import type { KernelDType } from '../value-type.ts';

export type LoadValue = Extract<ValueExpr, { readonly kind: 'load' }>;

/** `sum of left * right`, in the order of the operands; or of words of two i16, of which each brings two products. */
export interface Product {
  readonly left: ValueExpr;
  readonly right: ValueExpr;
  readonly op: 'multiply' | 'dot-pairs';
  /** Of the accumulators. */
  readonly dtype: KernelDType;
  readonly identity: number | bigint;
}

/** Undefined when the stage is not a sum of products, or writes anything but one value. */
export function productOf(stage: Stage): Product | undefined {
  const [value, ...others] = stage.values;
  const { combiner } = stage;
  if (value === undefined || others.length > 0 || combiner === undefined || !isSum(combiner)) return undefined;
  const [dtype] = combiner.dtypes;
  const [identity] = combiner.identity;
  if (value.kind !== 'binary' || dtype === undefined || identity === undefined) return undefined;
  const { op } = value;
  if (op !== 'multiply' && op !== 'dot-pairs') return undefined;
  if (value.dtype !== dtype || dtype === 'i1') return undefined;
  return { left: value.lhs, right: value.rhs, op, dtype, identity };
}

function isSum({ results }: Combiner): boolean {
  const [result, ...others] = results;
  if (result?.kind !== 'binary' || result.op !== 'add' || others.length > 0) return false;
  const kinds = [result.lhs.kind, result.rhs.kind];
  return kinds.includes('accumulator') && kinds.includes('element');
}

/** The factors as rows and columns: the columns' one moves with the n axes, the rows' one does not. */
export function orientProduct(
  { left, right }: Product,
  n: readonly AxisId[],
): { readonly lhs: ValueExpr; readonly rhs: ValueExpr } {
  const moves = (value: ValueExpr): boolean => n.some((axis) => axesOfValue(value).has(axis));
  return moves(left) && !moves(right) ? { lhs: right, rhs: left } : { lhs: left, rhs: right };
}

/** The one load that a factor is elementwise made of; undefined when it is anything more. */
export function mainLoad(factor: ValueExpr): LoadValue | undefined {
  if (factor.kind === 'load') return factor;
  if (factor.kind === 'unary' || factor.kind === 'convert') return mainLoad(factor.operand);
  return undefined;
}
