/**
 * Arithmetic on f16 and bf16 in f32, for targets without it:
 *
 *     %2 = stablehlo.add %0, %1 : tensor<4xbf16>
 *       ->
 *     %a = convert %0 : f32, %b = convert %1 : f32, %c = stablehlo.add %a, %b : tensor<4xf32>, %2 = convert %c : bf16
 *
 * Sums, products, quotients and square roots are the same bit by bit: f32 has more than twice the digits. Reductions with a body of one op
 * accumulate in f32. Conversions go through f32 where that rounds once. Values stay narrow in memory. `formats` says which formats the
 * target lacks: `f16,bf16` unless told.
 */
import { dtypeInfo, type DType } from '../ir/dtype.ts';
import type { Operation } from '../ir/operation.ts';
import { convert } from '../ir/ops/stablehlo/convert.ts';
import { hasDType } from '../ir/types.ts';
import { dtypeOf, type ExpandKit } from './expand-kit.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { isComputing, isNarrowFloat, widenOps } from './widened-ops.ts';

export const expandHalf = definePass({
  name: 'expand-half',
  summary: 'compute in f32 what is stored as f16 or bf16',
  options: { formats: 'f16,bf16' },
  run(module, context, { formats }) {
    const lacking: ReadonlySet<string> = new Set(formats.split(','));
    return widenOps(module, context, {
      widen: (dtype) => (lacking.has(dtype) && isNarrowFloat(dtype) ? 'f32' : undefined),
      computes: isComputing,
      special: (kit, op) => op.name === convert.name && throughF32(kit, op, lacking),
    });
  },
});

/** A conversion by way of f32, where only one of its two steps rounds. */
function throughF32(kit: ExpandKit, op: Operation, lacking: ReadonlySet<string>): boolean {
  if (!hasDType(tensorOf(op.operand(0)))) return false;
  const [from, to] = [dtypeOf(op.operand(0)), dtypeOf(op.result())];
  if (!lacking.has(from) && !lacking.has(to)) return false;
  if (from === 'f32' || to === 'f32' || from === to || !roundsOnce(from, to)) return false;
  kit.rewriter.replace(op, [kit.convert(kit.convert(op.operand(0), 'f32'), to)]);
  return true;
}

/** From narrow floats and small integers nothing is lost on the way; larger integers are infinite in f16 where f32 rounds them. */
function roundsOnce(from: DType, to: DType): boolean {
  const { kind, bits } = dtypeInfo(from);
  if (isNarrowFloat(from)) return dtypeInfo(to).kind !== 'complex';
  return kind !== 'float' && kind !== 'complex' && (bits <= 16 || to === 'f16');
}
