/**
 * Random bits by the arithmetic of their generators, bit for bit those of the evaluator and of XLA (prng.cc, rng_bit_generator_expander.cc):
 *
 *     %state, %bits = stablehlo.rng_bit_generator %0, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
 *       ->
 *     counters iota + %0[1] as pairs of ui32, 20 rounds of add, rotate, xor with the key %0[0], the halves interleaved
 *
 * PHILOX (and DEFAULT, which is PHILOX) encrypts a 128-bit counter in 10 rounds of 32 x 32 -> 64-bit products. Bits are converted to the
 * result's type at the end. `rng` has no state, so that nothing says which numbers are right: it stays.
 */
import { dtypeInfo, type DType } from '../ir/dtype.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { attributesOf } from '../ir/op-site.ts';
import { rngBitGenerator } from '../ir/ops/stablehlo/rng-bit-generator.ts';
import { shapeSize } from '../ir/evaluator/tensor.ts';
import { Word, type WordPair, philox, threefry } from './expand-rng/generators.ts';
import { dtypeOf, type ExpandKit } from './expand-kit.ts';
import { type ExpansionRule, isStaticOp, notExpanded, runExpansions, unknownSizes } from './expansions.ts';
import { tensorOf } from './op-kit.ts';
import { definePass } from './pass.ts';

export const expandRng = definePass({
  name: 'expand-rng',
  summary: 'replace random bit generators by integer arithmetic',
  run: (module, context) => runExpansions(module, context, new Map([[rngBitGenerator.name, expand]])),
});

const expand: ExpansionRule = (kit, op) => {
  if (!isStaticOp(op)) return unknownSizes;
  if (dtypeOf(op.operand(0)) !== 'ui64') return notExpanded(`its state is of ${dtypeOf(op.operand(0))}, not ui64`);
  const { rng_algorithm: algorithm } = attributesOf<typeof rngBitGenerator.attributes>(op);
  return algorithm === 'THREE_FRY' ? byThreefry(kit, op) : byPhilox(kit, op);
};

/** Element `index` of the state, as a scalar. */
function stateWord(kit: ExpandKit, state: Value, index: number): Value {
  return kit.reshape(kit.slice(state, [index], [index + 1]), []);
}

/** Numbers 0, 1, ..., count - 1 added to a scalar. */
function counters(kit: ExpandKit, start: Value, count: number): Value {
  return kit.add(kit.broadcast(start, [], [count]), kit.iota([count], 0, 'ui64'));
}

function vector(kit: ExpandKit, scalars: readonly Value[]): Value {
  return kit.concatenate(
    scalars.map((scalar) => kit.reshape(scalar, [1])),
    0,
  );
}

function byThreefry(kit: ExpandKit, op: Operation): readonly Value[] {
  const [state, output] = [op.operand(0), op.result(1)];
  const shape = kit.sizesOf(output);
  const [key, counter] = [stateWord(kit, state, 0), stateWord(kit, state, 1)];
  const isWide = dtypeInfo(dtypeOf(output)).bits === 64;
  const size = shapeSize(shape);
  const axis = isWide || shape.length === 0 ? -1 : halvedAxis(shape);
  const half = Math.ceil((shape[axis] ?? 0) / 2);
  const blocks = axis < 0 || size === 0 ? size : (size / (shape[axis] ?? 1)) * half;
  const next = vector(kit, [key, kit.add(counter, kit.constantOf([blocks], tensorOf(counter)))]);
  if (size === 0) return [next, kit.constant(0, tensorOf(output))];
  const [first, second] = threefry(wordsOf(kit, counters(kit, counter, blocks)), wordsOf(kit, key));
  if (isWide) return [next, asElements(kit, kit.reshape(joined(kit, first, second), shape), dtypeOf(output))];
  if (axis < 0) return [next, asElements(kit, kit.reshape(first.value, []), dtypeOf(output))];
  return [next, asElements(kit, interleaved(kit, [first, second], shape, axis), dtypeOf(output))];
}

/** The first even axis, else the first of the largest. */
function halvedAxis(shape: readonly number[]): number {
  const even = shape.findIndex((size) => size % 2 === 0);
  return even >= 0 ? even : shape.indexOf(Math.max(...shape));
}

/** The two words of each block stand side by side along an axis. */
function interleaved(kit: ExpandKit, [first, second]: WordPair, shape: readonly number[], axis: number): Value {
  const half = Math.ceil((shape[axis] ?? 0) / 2);
  const pairs = [first, second].map(({ value }) =>
    kit.reshape(value, shape.with(axis, half).toSpliced(axis + 1, 0, 1)),
  );
  const joinedPairs = kit.reshape(kit.concatenate(pairs, axis + 1), shape.with(axis, 2 * half));
  return kit.sliceAlong(joinedPairs, axis, 0, shape[axis] ?? 0);
}

function byPhilox(kit: ExpandKit, op: Operation): readonly Value[] {
  const [state, output] = [op.operand(0), op.result(1)];
  const shape = kit.sizesOf(output);
  const isWide = dtypeInfo(dtypeOf(output)).bits === 64;
  const size = shapeSize(shape);
  const hasHigh = kit.sizesOf(state)[0] === 3;
  const [key, low] = [stateWord(kit, state, 0), stateWord(kit, state, 1)];
  const high = hasHigh ? stateWord(kit, state, 2) : key;
  const blocks = Math.ceil(size / (isWide ? 2 : 4));
  const nextLow = kit.add(low, kit.constantOf([blocks], tensorOf(low)));
  const nextHigh = withCarry(kit, high, nextLow, low);
  const next = vector(kit, hasHigh ? [key, nextLow, nextHigh] : [key, nextLow]);
  if (size === 0) return [next, kit.constant(0, tensorOf(output))];
  const lows = counters(kit, low, blocks);
  const spread = (value: Value): Value => kit.broadcast(value, [], [blocks]);
  const highs = withCarry(kit, spread(high), lows, spread(low));
  const words = philox([...wordsOf(kit, lows), ...wordsOf(kit, highs)], wordsOf(kit, key));
  const values = isWide
    ? [joined(kit, words[0], words[1]), joined(kit, words[2], words[3])]
    : words.map(({ value }) => value);
  const columns = values.map((value) => kit.reshape(value, [blocks, 1]));
  const flat = kit.reshape(kit.concatenate(columns, 1), [blocks * columns.length]);
  return [next, asElements(kit, kit.reshape(kit.sliceAlong(flat, 0, 0, size), shape), dtypeOf(output))];
}

/** `high`, one more where the sum `low` is less than what it was added to. */
function withCarry(kit: ExpandKit, high: Value, low: Value, before: Value): Value {
  return kit.add(high, kit.convert(kit.compare('LT', low, before), 'ui64'));
}

/** The lower and the upper 32 bits. */
function wordsOf(kit: ExpandKit, value: Value): WordPair {
  const wide = new Word(kit, value);
  return [wide.as('ui32'), wide.shiftedRight(32).as('ui32')];
}

function joined(kit: ExpandKit, low: Word, high: Word): Value {
  return kit.or(low.as('ui64').value, high.as('ui64').shiftedLeft(32).value);
}

/** The low bits of ui32 or ui64 words as elements of a type. */
function asElements(kit: ExpandKit, words: Value, dtype: DType): Value {
  const { bits, kind } = dtypeInfo(dtype);
  if (dtype === dtypeOf(words)) return words;
  const unsigned = ({ 2: 'ui2', 4: 'ui4', 8: 'ui8', 16: 'ui16', 32: 'ui32', 64: 'ui64' } as const)[bits] ?? 'ui8';
  const narrow = kit.convert(words, unsigned);
  return kind === 'unsigned' ? narrow : kit.bitcast(narrow, dtype);
}
