/**
 * Arithmetic on integers of 2 and 4 bits in 8 bits, and on floats of 4 to 8 bits in f32, which no machine has:
 *
 *     %2 = stablehlo.multiply %0, %1 : tensor<4xi4>
 *       ->
 *     %a = convert %0 : i8, %b = convert %1 : i8, %c = stablehlo.multiply %a, %b : tensor<4xi8>, %2 = convert %c : i4
 *
 * The low bits of sums, products and shifts do not depend on higher ones, and the conversion back drops those. What looks at the sign or
 * counts bits is given elements extended as it sees them: logical shifts and counts zeros, arithmetic shifts signs. Conversions stay: they are
 * how such elements are loaded and stored.
 */
import { dtypeInfo, type DType } from '../ir/dtype.ts';
import type { Operation } from '../ir/operation.ts';
import { hasDType } from '../ir/types.ts';
import { dtypeOf, type ExpandKit } from './expand-kit.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';
import { isComputing, widenOps } from './widened-ops.ts';

export const expandSmallTypes = definePass({
  name: 'expand-small-types',
  summary: 'compute in 8 bits or f32 what is stored in fewer bits',
  run: (module, context) => widenOps(module, context, { widen, computes: isComputing, special: byBits }),
});

function widen(dtype: DType): DType | undefined {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'float') return bits <= 8 ? 'f32' : undefined;
  if (bits >= 8 || kind === 'boolean') return undefined;
  return kind === 'integer' ? 'i8' : 'ui8';
}

/** Ops that look at the bits above, with what they must be. */
const extension: Readonly<Record<string, 'zeros' | 'signs'>> = {
  'stablehlo.shift_right_logical': 'zeros',
  'stablehlo.popcnt': 'zeros',
  'stablehlo.count_leading_zeros': 'zeros',
  'stablehlo.shift_right_arithmetic': 'signs',
};

const sameBits: Readonly<Record<string, readonly [zeros: DType, signs: DType]>> = {
  2: ['ui2', 'i2'],
  4: ['ui4', 'i4'],
};

function byBits(kit: ExpandKit, op: Operation): boolean {
  const fill = extension[op.name];
  if (fill === undefined || !hasDType(tensorOf(op.result()))) return false;
  const dtype = dtypeOf(op.result());
  const { bits } = dtypeInfo(dtype);
  const seen = sameBits[bits]?.[fill === 'zeros' ? 0 : 1];
  const wide = seen === undefined ? undefined : widen(seen);
  if (seen === undefined || wide === undefined) return false;
  const operands = op.operands.map((value) => kit.convert(kit.bitcast(value, seen), wide));
  const made = kit.elementwise(op.definition, operands);
  const extra = op.name === 'stablehlo.count_leading_zeros' ? kit.constantLike(8 - bits, made) : undefined;
  const result = extra === undefined ? made : kit.subtract(made, extra);
  kit.rewriter.replace(op, [kit.bitcast(kit.convert(result, seen), dtype)]);
  return true;
}
