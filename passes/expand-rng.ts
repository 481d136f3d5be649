/**
 * `rng` by random bits with the state that the evaluator hides (ir/ops/shared/random-stream.ts), so that a program gives the same numbers
 * wherever it runs: the nth draw takes Threefry's blocks from counter n 2^32 on.
 *
 *     %2 = stablehlo.rng %a, %b, %s, distribution = UNIFORM : tensor<4xf32>
 *       ->
 *     %bits = rng_bit_generator [seed, n 2^32] : tensor<4xui64>
 *     %2 = a + (b - a) fraction(%bits) in f64, rounded to f32; what rounds up to b is a
 *
 * Integers are `a + bits % (b - a)`. Normal numbers are those of Box and Muller (1958), from two fractions each. How often a loop or a branch
 * has drawn is not known here: a function with an `rng` in one keeps all it has. Calls are inlined before.
 */
import { dtypeInfo, isFloatDType } from '../ir/dtype.ts';
import { hiddenSeed } from '../ir/ops/shared/random-stream.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { call } from '../ir/ops/func/call.ts';
import { cosine } from '../ir/ops/stablehlo/cosine.ts';
import { log } from '../ir/ops/stablehlo/log.ts';
import { remainder } from '../ir/ops/stablehlo/remainder.ts';
import { rngBitGenerator } from '../ir/ops/stablehlo/rng-bit-generator.ts';
import { rng } from '../ir/ops/stablehlo/rng.ts';
import { shiftRightLogical } from '../ir/ops/stablehlo/shift-right-logical.ts';
import { staticTensor, type StaticTensor } from './match.ts';
import { dtypeOf, type ExpandKit } from './expand-kit.ts';
import { type ExpansionRule, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { definePass } from './pass.ts';
import { tensorType } from '../ir/types.ts';

export const expandRng = definePass({
  name: 'expand-rng',
  summary: 'replace random numbers by random bits with the state that is hidden',
  run(module, context) {
    const draws = numberDraws(module);
    return runExpansions(module, context, new Map([[rng.name, expandWith(draws)]]));
  },
});

/** The number of each draw, of functions all of whose draws are in their own block, where nothing calls. */
function numberDraws(module: Operation): ReadonlyMap<Operation, number> {
  const draws = new Map<Operation, number>();
  let hasCalls = false;
  module.walk(({ name }) => (hasCalls ||= name === call.name));
  if (hasCalls) return draws;
  for (const func of module.region().block.operations()) {
    const inside: Operation[] = [];
    func.walk((op) => void (op.name === rng.name && inside.push(op)));
    const canAll = inside.every((op) => op.parentOp === func && staticTensor(op.result().type) !== undefined);
    if (canAll) for (const [index, op] of inside.entries()) draws.set(op, index);
  }
  return draws;
}

function expandWith(draws: ReadonlyMap<Operation, number>): ExpansionRule {
  return (kit, op) => {
    const draw = draws.get(op);
    const type = staticTensor(op.result().type);
    if (draw === undefined) return notExpanded('how many random numbers were drawn before is not known');
    if (type === undefined || typeof type.element !== 'string') return unknownSizes;
    const { rng_distribution: distribution } = attributesOf<typeof rng.attributes>(op);
    if (!isFloatDType(type.element)) return [integers(kit, op, type, draw)];
    return [distribution === 'NORMAL' ? normal(kit, op, type, draw) : uniform(kit, op, type, draw)];
  };
}

/** 64 random bits an element. */
function randomBits(kit: ExpandKit, shape: readonly number[], draw: number): Value {
  const state = kit.constantOf([hiddenSeed, BigInt(draw) << 32n], tensorType([2], 'ui64'));
  const resultTypes = [state.type, tensorType(shape, 'ui64')];
  return kit.rewriter
    .createBefore(kit.anchor, rngBitGenerator, [state], { rng_algorithm: 'THREE_FRY' }, { resultTypes })
    .result(1);
}

/** Uniform in [0, 1), a multiple of 2^-53, of 27 bits of the low word and 26 of the high one. */
function fractions(kit: ExpandKit, bits: Value): Value {
  const shifted = (value: Value, by: number): Value =>
    kit.elementwise(shiftRightLogical, [value, kit.constantLike(by, value)]);
  const [low, high] = [kit.convert(bits, 'ui32'), kit.convert(shifted(bits, 32), 'ui32')];
  const part = (word: Value, dropped: number, unit: number): Value => {
    const number = kit.convert(shifted(word, dropped), 'f64');
    return kit.multiply(number, kit.constantLike(unit, number));
  };
  return kit.add(part(low, 5, 1 / 134217728), part(high, 6, 1 / 9007199254740992));
}

/** Operand `index` in every place, as elements of another type. */
function parameter(
  kit: ExpandKit,
  op: Operation,
  index: number,
  { shape }: StaticTensor,
  element: 'f64' | 'ui64' | 'i64',
): Value {
  return kit.broadcast(kit.convert(op.operand(index), element), [], shape);
}

function uniform(kit: ExpandKit, op: Operation, type: StaticTensor, draw: number): Value {
  const [low, high] = [parameter(kit, op, 0, type, 'f64'), parameter(kit, op, 1, type, 'f64')];
  const fraction = fractions(kit, randomBits(kit, type.shape, draw));
  const value = kit.convert(kit.add(low, kit.multiply(kit.subtract(high, low), fraction)), type.element);
  const [least, bound] = [0, 1].map((index) => kit.broadcast(op.operand(index), [], type.shape)) as [Value, Value];
  return kit.select(kit.compare('LT', value, bound), value, least);
}

function normal(kit: ExpandKit, op: Operation, type: StaticTensor, draw: number): Value {
  const pairs = fractions(kit, randomBits(kit, [...type.shape, 2], draw));
  const axis = type.shape.length;
  const half = (part: number): Value => kit.reshape(kit.sliceAlong(pairs, axis, part, part + 1), type.shape);
  const [first, second] = [half(0), half(1)];
  const constant = (number: number): Value => kit.constantLike(number, first);
  const logarithm = kit.elementwise(log, [kit.subtract(constant(1), first)]);
  const radius = kit.sqrt(kit.multiply(constant(-2), logarithm));
  const turn = kit.elementwise(cosine, [kit.multiply(constant(2 * Math.PI), second)]);
  const [mean, deviation] = [parameter(kit, op, 0, type, 'f64'), parameter(kit, op, 1, type, 'f64')];
  return kit.convert(kit.add(mean, kit.multiply(kit.multiply(deviation, radius), turn)), type.element);
}

/** Of `[a, b)`; `a` where that is empty. In 64 bits, whose differences wrap. */
function integers(kit: ExpandKit, op: Operation, type: StaticTensor, draw: number): Value {
  const wide = dtypeInfo(dtypeOf(op.result())).kind === 'integer' ? 'i64' : 'ui64';
  const [low, high] = [parameter(kit, op, 0, type, wide), parameter(kit, op, 1, type, wide)];
  const span = kit.bitcast(kit.subtract(high, low), 'ui64');
  const rest = kit.elementwise(remainder, [randomBits(kit, type.shape, draw), span]);
  const drawn = kit.add(low, kit.bitcast(rest, wide));
  return kit.convert(kit.select(kit.compare('LT', low, high), drawn, low), type.element);
}
