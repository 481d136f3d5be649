/**
 * Expansion of chlo: each of its ops becomes the StableHLO ops it stands for.
 *
 *     %0 = chlo.sinh %x : tensor<4xf32> -> tensor<4xf32>
 *       ->
 *     %0 = stablehlo.exponential_minus_one %x : tensor<4xf32>, ... a formula for each size of x, and a select
 *
 * Functions of real numbers are computed in f32 or f64; narrower formats in f32, rounded at the end. The formulas are in
 * `expand-chlo/`, a file a family, with their sources. An op that cannot be expanded stays, with a remark; a top_k that selects few of
 * many stays as it is, since a sort would do more.
 */
import type { chloOps } from '../ir/ops/families/chlo.ts';
import { add } from '../ir/ops/stablehlo/add.ts';
import { and } from '../ir/ops/stablehlo/and.ts';
import { atan2 } from '../ir/ops/stablehlo/atan2.ts';
import { complex } from '../ir/ops/stablehlo/complex.ts';
import { convert } from '../ir/ops/stablehlo/convert.ts';
import { divide } from '../ir/ops/stablehlo/divide.ts';
import { maximum } from '../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../ir/ops/stablehlo/minimum.ts';
import { multiply } from '../ir/ops/stablehlo/multiply.ts';
import { or } from '../ir/ops/stablehlo/or.ts';
import { power } from '../ir/ops/stablehlo/power.ts';
import { remainder } from '../ir/ops/stablehlo/remainder.ts';
import { shiftLeft } from '../ir/ops/stablehlo/shift-left.ts';
import { shiftRightArithmetic } from '../ir/ops/stablehlo/shift-right-arithmetic.ts';
import { shiftRightLogical } from '../ir/ops/stablehlo/shift-right-logical.ts';
import { subtract } from '../ir/ops/stablehlo/subtract.ts';
import { xor } from '../ir/ops/stablehlo/xor.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import type { Type } from '../ir/types.ts';
import { besselI1e } from './expand-chlo/bessel.ts';
import { isInf, isNegInf, isPosInf, mulhi, nextAfter } from './expand-chlo/bits.ts';
import { broadcastCompare, broadcasting, broadcastingThen, broadcastSelect } from './expand-chlo/broadcast.ts';
import { complexAtan, complexAtanh } from './expand-chlo/complex-atanh.ts';
import { constant, constantLike } from './expand-chlo/constants.ts';
import { erf, erfc, erfInv } from './expand-chlo/erf.ts';
import { byFormula, type Expansion } from './expand-chlo/expansion.ts';
import { digamma, lgamma } from './expand-chlo/gamma.ts';
import { complexCosh, complexSinh, cosh, sinh } from './expand-chlo/hyperbolic.ts';
import { complexAcos, complexAcosh, complexAsin, complexAsinh, kernelParts } from './expand-chlo/inverse-complex.ts';
import { acos, acosh, asin, asinh, atan, atanh } from './expand-chlo/inverse-real.ts';
import { conj, square, tan } from './expand-chlo/plain.ts';
import { raggedDot } from './expand-chlo/ragged-dot.ts';
import { scan } from './expand-chlo/scan.ts';
import { isSelective, topK } from './expand-chlo/top-k.ts';
import { polygamma, zeta } from './expand-chlo/zeta.ts';
import { definePass, type PassContext } from './pass.ts';

export type ChloOpName = (typeof chloOps)[number]['name'];

/** Every op has its entry: a new one does not compile without. */
const expansions: Readonly<Record<ChloOpName, Expansion>> = {
  'chlo._asin_acos_kernel': byFormula((x) => x, kernelParts),
  'chlo.acos': byFormula(acos, complexAcos),
  'chlo.acosh': byFormula(acosh, complexAcosh),
  'chlo.asin': byFormula(asin, complexAsin),
  'chlo.asinh': byFormula(asinh, complexAsinh),
  'chlo.atan': byFormula(atan, complexAtan),
  'chlo.atanh': byFormula(atanh, complexAtanh),
  'chlo.bessel_i1e': byFormula(besselI1e),
  'chlo.broadcast_add': broadcasting(add),
  'chlo.broadcast_and': broadcasting(and),
  'chlo.broadcast_atan2': broadcasting(atan2),
  'chlo.broadcast_compare': broadcastCompare,
  'chlo.broadcast_complex': broadcasting(complex),
  'chlo.broadcast_divide': broadcasting(divide),
  'chlo.broadcast_maximum': broadcasting(maximum),
  'chlo.broadcast_minimum': broadcasting(minimum),
  'chlo.broadcast_multiply': broadcasting(multiply),
  'chlo.broadcast_next_after': broadcastingThen(nextAfter),
  'chlo.broadcast_or': broadcasting(or),
  'chlo.broadcast_polygamma': broadcastingThen(byFormula(polygamma)),
  'chlo.broadcast_power': broadcasting(power),
  'chlo.broadcast_remainder': broadcasting(remainder),
  'chlo.broadcast_select': broadcastSelect,
  'chlo.broadcast_shift_left': broadcasting(shiftLeft),
  'chlo.broadcast_shift_right_arithmetic': broadcasting(shiftRightArithmetic),
  'chlo.broadcast_shift_right_logical': broadcasting(shiftRightLogical),
  'chlo.broadcast_subtract': broadcasting(subtract),
  'chlo.broadcast_xor': broadcasting(xor),
  'chlo.broadcast_zeta': broadcastingThen(byFormula(zeta)),
  'chlo.conj': conj,
  'chlo.constant': constant,
  'chlo.constant_like': constantLike,
  'chlo.cosh': byFormula(cosh, complexCosh),
  'chlo.digamma': byFormula(digamma),
  'chlo.erf': byFormula(erf),
  'chlo.erf_inv': byFormula(erfInv),
  'chlo.erfc': byFormula(erfc),
  'chlo.is_inf': isInf,
  'chlo.is_neg_inf': isNegInf,
  'chlo.is_pos_inf': isPosInf,
  'chlo.lgamma': byFormula(lgamma),
  'chlo.mulhi': mulhi,
  'chlo.next_after': nextAfter,
  'chlo.polygamma': byFormula(polygamma),
  'chlo.ragged_dot': raggedDot,
  'chlo.scan': scan,
  'chlo.sinh': byFormula(sinh, complexSinh),
  'chlo.square': square,
  'chlo.tan': tan,
  'chlo.top_k': topK,
  'chlo.zeta': byFormula(zeta),
};

export const expandChlo = definePass({
  name: 'expand-chlo',
  summary: 'replace the ops of chlo by the StableHLO ops they stand for',
  options: {
    /** Leave chlo.erf: kernels compute it, in a quarter of the time that the formula takes. */
    keepErf: false,
  },
  run(module, context, { keepErf }) {
    const rewriter = new Rewriter();
    const ops: Operation[] = [];
    module.walk((op) => {
      if (isChlo(op.name) && !isSelective(op) && !(keepErf && op.name === 'chlo.erf')) ops.push(op);
    });
    let expanded = 0;
    // Inner ops first: the body of a scan is expanded before it is copied into its loop.
    for (const op of ops.reverse()) if (expand(op, rewriter, context)) expanded++;
    return expanded > 0;
  },
});

function isChlo(name: string): name is ChloOpName {
  return Object.hasOwn(expansions, name);
}

/** True when the op is gone; one that stays has nothing of its expansion around it. */
function expand(op: Operation, rewriter: Rewriter, context: PassContext): boolean {
  if (!isChlo(op.name)) return false;
  context.at(op);
  const rule = expansions[op.name];
  const { operands, previous } = op;
  const outcome = typeof rule === 'function' ? rule(op, rewriter) : rule;
  if (!('unsupported' in outcome)) {
    const values = outcome.map((value, index) => asType(value, op.result(index).type, op, rewriter));
    rewriter.replace(op, values);
    return true;
  }
  rewriter.setOperands(op, operands);
  while (op.previous !== undefined && op.previous !== previous) rewriter.erase(op.previous);
  context.remark(op, `not expanded: ${outcome.unsupported}`);
  return false;
}

/** A formula's sizes are its first operand's; the result may know them better. */
function asType(value: Value, type: Type, op: Operation, rewriter: Rewriter): Value {
  if (value.type === type) return value;
  return rewriter.createBefore(op, convert, [value], {}, { resultTypes: [type] }).result();
}
