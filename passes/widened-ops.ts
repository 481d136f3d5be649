/**
 * Ops on narrow elements, done on wider ones: operands are converted, the op computes, results are converted back.
 *
 *     %2 = op %0, %1 : narrow      ->      %a = convert %0 : wide, %b = convert %1 : wide, %c = op %a, %b : wide, %2 = convert %c : narrow
 *
 * Values keep their narrow types between ops, so that memory does not grow and each op rounds, or wraps, as it did.
 */
import { dtypeInfo, type DType } from '../ir/dtype.ts';
import type { Operation, Region, Value } from '../ir/operation.ts';
import { cloneRegion } from '../ir/clone.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { hasDType, isTensor, tensorType, type Type } from '../ir/types.ts';
import { dtypeOf, ExpandKit } from './expand-kit.ts';
import type { PassContext } from './pass.ts';

/** The type to compute in; undefined for elements that stay. */
export type Widening = (dtype: DType, op: Operation) => DType | undefined;

export interface WideningRules {
  readonly widen: Widening;
  /** Ops that move, reinterpret or convert are not computing. */
  computes(op: Operation): boolean;
  /** Takes an op over: true when it was replaced. */
  special?(kit: ExpandKit, op: Operation): boolean;
}

const contractions: ReadonlySet<string> = new Set(
  [
    'dot',
    'dot_general',
    'convolution',
    'dynamic_conv',
    'einsum',
    'cholesky',
    'triangular_solve',
    'iota',
    'dynamic_iota',
  ].map((name) => `stablehlo.${name}`),
);

/** Ops that only copy elements, though element by element. */
const copies: ReadonlySet<string> = new Set(['stablehlo.select', 'stablehlo.convert', 'stablehlo.bitcast_convert']);

export function isComputing(op: Operation): boolean {
  if (!op.name.startsWith('stablehlo.') || copies.has(op.name)) return false;
  return op.definition.traits.has('elementwise') || contractions.has(op.name);
}

export function widenOps(module: Operation, context: PassContext, rules: WideningRules): boolean {
  const rewriter = new Rewriter();
  const ops: Operation[] = [];
  module.walk((op) => ops.push(op));
  for (const op of ops) {
    if (op.block === undefined || !isAttached(op, module)) continue;
    context.at(op);
    const kit = new ExpandKit(rewriter, op);
    if (rules.special?.(kit, op) === true) continue;
    if (!touches(op, rules.widen)) continue;
    if (rules.computes(op)) widenOp(kit, op, rules.widen);
    else if (isSimpleReduction(op)) widenReduction(kit, op, rules.widen);
  }
  return rewriter.changes > 0;
}

/** Bodies of ops that were replaced are gone with them. */
function isAttached(op: Operation, module: Operation): boolean {
  for (let at: Operation | undefined = op; at !== undefined; at = at.parentOp) if (at === module) return true;
  return false;
}

function widerType(type: Type, op: Operation, widen: Widening): Type {
  if (!isTensor(type) || !hasDType(type)) return type;
  const wide = widen(type.element, op);
  return wide === undefined ? type : tensorType(type.shape, wide);
}

function touches(op: Operation, widen: Widening): boolean {
  return [...op.operands, ...op.results].some(({ type }) => widerType(type, op, widen) !== type);
}

function widenValue(kit: ExpandKit, value: Value, op: Operation, widen: Widening): Value {
  const type = widerType(value.type, op, widen);
  return isTensor(type) && type !== value.type ? kit.convert(value, type.element) : value;
}

function widenOp(kit: ExpandKit, op: Operation, widen: Widening, regions: readonly Region[] = []): void {
  const operands = op.operands.map((value) => widenValue(kit, value, op, widen));
  const resultTypes = op.results.map(({ type }) => widerType(type, op, widen));
  const made = kit.rewriter.createBefore(op, op.definition, operands, {}, { resultTypes, regions });
  made.attributes = op.attributes;
  kit.rewriter.replace(
    op,
    made.results.map((value, index) => {
      const { type } = op.result(index);
      return type === value.type ? value : kit.convert(value, dtypeOf(op.result(index)));
    }),
  );
}

/**
 * Reductions whose body is one op accumulate in the wide type, and round once. Those over windows round after each step, as XLA's do: a
 * cumulative sum in bf16 depends on it.
 */
function isSimpleReduction(op: Operation): boolean {
  if (op.name !== 'stablehlo.reduce') return false;
  const { block } = op.region();
  const { first } = block;
  return (
    op.results.length === 1 && block.size === 2 && first !== undefined && isComputing(first) &&
    first.operands.every((value) => value.argumentOf === block) && block.terminator?.operands[0] === first.results[0]
  ); // prettier-ignore
}

function widenReduction(kit: ExpandKit, op: Operation, widen: Widening): void {
  const mapType = (type: Type): Type => widerType(type, op, widen);
  widenOp(kit, op, widen, [cloneRegion(op.region(), new Map(), { mapType })]);
}

export function isNarrowFloat(dtype: DType): boolean {
  const { kind, bits } = dtypeInfo(dtype);
  return kind === 'float' && bits < 32;
}
