/**
 * Arithmetic on integers of 2 and 4 bits in 8 bits, and on floats of 4 to 8 bits in f32, which no machine has:
 *
 *     %2 = stablehlo.multiply %0, %1 : tensor<4xi4>
 *       ->
 *     %a = convert %0 : i8, %b = convert %1 : i8, %c = stablehlo.multiply %a, %b : tensor<4xi8>, %2 = convert %c : i4
 *
 * The low bits of sums, products and shifts do not depend on higher ones, and the conversion back drops those. What looks at the sign or
 * counts bits is given elements extended as it sees them: logical shifts and counts zeros, arithmetic shifts signs. Values keep their types
 * between ops, so that memory does not grow and each op rounds, or wraps, as it did. What moves or converts elements stays: that is how they
 * are loaded and stored. Ops in the regions of reductions and sorts are no others. Random bits are the low ones of random bytes.
 */
import { dtypeInfo, type DType } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import type { OpName } from '../ir/ops/registry.ts';
import { rngBitGenerator } from '../ir/ops/stablehlo/rng-bit-generator.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { hasDType, isTensor, tensorType, type Type } from '../ir/types.ts';
import { dtypeOf, ExpandKit } from './expand-kit.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';

export const expandSmallTypes = definePass({
  name: 'expand-small-types',
  summary: 'compute in 8 bits or f32 what is stored in fewer bits',
  run(module, context) {
    const rewriter = new Rewriter();
    const ops: Operation[] = [];
    module.walk((op) => ops.push(op));
    for (const op of ops) {
      if (!isSmall(op)) continue;
      context.at(op);
      const kit = new ExpandKit(rewriter, op);
      if (op.name === rngBitGenerator.name) widenRandomBits(kit, op);
      else if (computes(op) && !widenByBits(kit, op)) widen(kit, op);
    }
    return rewriter.changes > 0;
  },
});

/** Ops that only copy elements, though element by element. */
const copies: ReadonlySet<string> = new Set<OpName>([
  'stablehlo.select',
  'stablehlo.convert',
  'stablehlo.bitcast_convert',
]);

/** Ops that compute, though not element by element. */
const others: ReadonlySet<string> = new Set<OpName>([
  'stablehlo.clamp', 'stablehlo.dot', 'stablehlo.dot_general', 'stablehlo.convolution', 'stablehlo.dynamic_conv', 'stablehlo.einsum',
  'stablehlo.cholesky', 'stablehlo.triangular_solve', 'stablehlo.iota', 'stablehlo.dynamic_iota',
]); // prettier-ignore

function computes({ name, definition }: Operation): boolean {
  if (!name.startsWith('stablehlo.') || copies.has(name)) return false;
  return definition.traits.has('elementwise') || others.has(name);
}

function isSmall(op: Operation): boolean {
  return [...op.operands, ...op.results].some(({ type }) => widerType(type) !== type);
}

function wider(dtype: DType): DType | undefined {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'float') return bits <= 8 ? 'f32' : undefined;
  if (bits >= 8 || kind === 'boolean') return undefined;
  return kind === 'integer' ? 'i8' : 'ui8';
}

function widerType(type: Type): Type {
  const dtype = isTensor(type) && hasDType(type) ? wider(type.element) : undefined;
  return isTensor(type) && dtype !== undefined ? tensorType(type.shape, dtype) : type;
}

function widen(kit: ExpandKit, op: Operation): void {
  const operands = op.operands.map((value): Value => {
    const type = widerType(value.type);
    return isTensor(type) && type !== value.type ? kit.convert(value, type.element) : value;
  });
  const resultTypes = op.results.map(({ type }) => widerType(type));
  const made = kit.rewriter.createBefore(op, op.definition, operands, {}, { resultTypes });
  made.attributes = op.attributes;
  kit.rewriter.replace(
    op,
    made.results.map((value, index) =>
      op.result(index).type === value.type ? value : kit.convert(value, dtypeOf(op.result(index))),
    ),
  );
}

/** Ops that look at the bits above, with what they must be. */
const extension: Readonly<Partial<Record<OpName, 'zeros' | 'signs'>>> = {
  'stablehlo.shift_right_logical': 'zeros',
  'stablehlo.popcnt': 'zeros',
  'stablehlo.count_leading_zeros': 'zeros',
  'stablehlo.shift_right_arithmetic': 'signs',
};

const sameBits: Readonly<Record<string, readonly [zeros: DType, signs: DType]>> = {
  2: ['ui2', 'i2'],
  4: ['ui4', 'i4'],
};

/** True when the op is one of these, and replaced. */
function widenByBits(kit: ExpandKit, op: Operation): boolean {
  const fill = Object.entries(extension).find(([name]) => name === op.name)?.[1];
  if (fill === undefined || !hasDType(tensorOf(op.result()))) return false;
  const dtype = dtypeOf(op.result());
  const { bits } = dtypeInfo(dtype);
  const seen = sameBits[bits]?.[fill === 'zeros' ? 0 : 1];
  const wide = seen === undefined ? undefined : wider(seen);
  if (seen === undefined || wide === undefined) return false;
  const operands = op.operands.map((value) => kit.convert(kit.bitcast(value, seen), wide));
  const made = kit.elementwise(op.definition, operands);
  const extra = op.name === 'stablehlo.count_leading_zeros' ? kit.constantLike(8 - bits, made) : undefined;
  const result = extra === undefined ? made : kit.subtract(made, extra);
  kit.rewriter.replace(op, [kit.bitcast(kit.convert(result, seen), dtype)]);
  return true;
}

/** The low bits of random bytes: how many bits an element has changes nothing else in the stream. */
function widenRandomBits(kit: ExpandKit, op: Operation): void {
  const { shape } = tensorOf(op.result(1));
  const dtype = dtypeOf(op.result(1));
  const { bits } = dtypeInfo(dtype);
  const word = bits === 8 ? 'ui8' : sameBits[bits]?.[0];
  if (word === undefined) return;
  const resultTypes = [op.result(0).type, tensorType(shape, 'ui8')];
  const made = kit.rewriter.createBefore(op, op.definition, op.operands, {}, { resultTypes });
  made.attributes = op.attributes;
  kit.rewriter.replace(op, [made.result(0), kit.bitcast(kit.convert(made.result(1), word), dtype)]);
}
