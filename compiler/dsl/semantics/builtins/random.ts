/**
 * Random numbers from explicit keys. A key is a `u32[2]`; the bits come from Threefry-2x32 in counter mode (Salmon et al., 2011), so the
 * same key gives the same numbers on every target.
 */
import { type DType, dtypeInfo } from '../../../../ir/dtype.ts';
import { erfInv } from '../../../../ir/ops/chlo/erf-inv.ts';
import { add } from '../../../../ir/ops/stablehlo/add.ts';
import { and } from '../../../../ir/ops/stablehlo/and.ts';
import { multiply } from '../../../../ir/ops/stablehlo/multiply.ts';
import { or } from '../../../../ir/ops/stablehlo/or.ts';
import { rngBitGenerator } from '../../../../ir/ops/stablehlo/rng-bit-generator.ts';
import { shiftLeft } from '../../../../ir/ops/stablehlo/shift-left.ts';
import { shiftRightLogical } from '../../../../ir/ops/stablehlo/shift-right-logical.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { compareDimensions, constantDimension, type Dimension } from '../dimension.ts';
import type { LanguageType } from '../language-type.ts';
import { describeKind } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { stretch, commonShape } from '../broadcasting.ts';
import { builtin } from './define.ts';

const two = constantDimension(2);
const one = constantDimension(1);

function keyOf(args: BoundArguments, site: CallSite): TensorValue {
  const value = args.required('key');
  const isKey =
    value.kind === 'tensor' &&
    value.dtype === 'ui32' &&
    value.dims.length === 1 &&
    value.dims[0] !== undefined &&
    compareDimensions(value.dims[0], two) !== 'different';
  if (isKey) return value;
  return site.fail('E6709', `a key is a \`u32[2]\`, not ${describeKind(value)}`, {
    span: args.span('key'),
    hint: '`key(seed)` makes one from a number, `split_key(k)` two from one',
  });
}

/** Random words: the key as one 64-bit word, and a counter that starts at `stream * 2^32`. */
function randomBits(
  key: TensorValue,
  dtype: DType,
  dims: readonly Dimension[],
  stream: TensorValue,
  site: CallSite,
): TensorValue {
  const { ops } = site;
  const word = ops.reshape(ops.bitcast(key, 'ui64', []), [one]);
  const state = ops.concatenate([word, ops.reshape(stream, [one])], 0);
  const shapes = [
    { dtype: 'ui64' as const, dims: [two] },
    { dtype, dims },
  ];
  const [, bits] = ops.makeMany(rngBitGenerator, [state], { rng_algorithm: 'THREE_FRY' }, shapes);
  return bits ?? key;
}

/** Streams keep what one key gives for different purposes apart. */
const streams = { draw: 0, split: 1, fold: 2 ** 16 } as const;

function stream(number: number, site: CallSite): TensorValue {
  return site.ops.constant(number * 2 ** 32, 'ui64');
}

/** Floats in `[0, 1)`: the high bits of a word as the fraction of a number in `[1, 2)`. */
function unitFloats(key: TensorValue, dtype: DType, dims: readonly Dimension[], site: CallSite): TensorValue {
  const { ops } = site;
  const isDouble = dtype === 'f64';
  const word: DType = isDouble ? 'ui64' : 'ui32';
  const bits = randomBits(key, word, dims, stream(streams.draw, site), site);
  const fraction = ops.elementwise(shiftRightLogical, [bits, ops.constant(isDouble ? 12 : 9, word, dims)]);
  const exponent = ops.constant(isDouble ? 1023 * 2 ** 52 : 127 * 2 ** 23, word, dims);
  const oneToTwo = ops.bitcast(ops.elementwise(or, [fraction, exponent]), isDouble ? 'f64' : 'f32', dims);
  const zeroToOne = ops.elementwise(add, [oneToTwo, ops.constant(-1, oneToTwo.dtype, dims)]);
  return zeroToOne;
}

function floatType(args: BoundArguments, site: CallSite): Extract<LanguageType, { kind: 'tensor' }> {
  const type = args.type('type');
  if (type?.kind !== 'tensor') return args.wrong('type', 'a type of tensors', args.required('type'));
  if (dtypeInfo(type.dtype).kind !== 'float') {
    site.fail('E6318', `\`${args.builtin.name}\` draws floats`, { span: args.span('type') });
  }
  return type;
}

/** `low + (high - low) * u`, computed in f32 for the half floats. */
function uniform(args: BoundArguments, site: CallSite): Value {
  const key = keyOf(args, site);
  const { dtype, dims } = floatType(args, site);
  const unit = unitFloats(key, dtype, dims, site);
  const low = bound(args, 'low', 0, unit, site);
  const high = bound(args, 'high', 1, unit, site);
  const { ops } = site;
  const isUnit = !args.has('low') && !args.has('high');
  if (isUnit) return ops.convert(unit, dtype);
  const width = ops.elementwise(add, [high, ops.elementwise(multiply, [low, ops.constant(-1, unit.dtype, dims)])]);
  return ops.convert(ops.elementwise(add, [low, ops.elementwise(multiply, [width, unit])]), dtype);
}

function bound(args: BoundArguments, name: string, absent: number, unit: TensorValue, site: CallSite): TensorValue {
  if (!args.has(name)) return site.ops.constant(absent, unit.dtype, unit.dims);
  const value = site.ops.convert(args.tensor(name, unit.dtype), unit.dtype);
  if (commonShape(value.dims, unit.dims)?.length !== unit.dims.length) {
    site.fail('E6301', `\`${name}\` does not stretch to the type`, { span: args.span(name) });
  }
  return stretch(value, unit.dims, site);
}

/** `sqrt(2) * erf_inv(2 u - 1)`, with `2 u - 1` kept above -1. */
function normal(args: BoundArguments, site: CallSite): Value {
  const { dtype, dims } = floatType(args, site);
  const unit = unitFloats(keyOf(args, site), dtype, dims, site);
  const { ops } = site;
  const isDouble = unit.dtype === 'f64';
  // Half a step up, so that u = 0 does not become -infinity: u lies in the middle of its interval.
  const half = isDouble ? 2 ** -53 : 2 ** -24;
  const centred = ops.elementwise(add, [
    ops.elementwise(multiply, [unit, ops.constant(2, unit.dtype, dims)]),
    ops.constant(-1 + 2 * half, unit.dtype, dims),
  ]);
  const quantile = ops.elementwise(erfInv, [centred]);
  return ops.convert(ops.elementwise(multiply, [quantile, ops.constant(Math.SQRT2, unit.dtype, dims)]), dtype);
}

export const randomBuiltins: readonly Builtin[] = [
  builtin('key(seed)', 'A key from a number: `u32[2]`.', (args, site) => {
    const value = args.required('seed');
    const { ops } = site;
    const seed =
      value.kind === 'int'
        ? ops.constant(ops.number(value.value), 'ui64')
        : ops.convert(args.tensorOf('seed', ['integer', 'unsigned']), 'ui64');
    if (seed.dims.length > 0) site.fail('E6315', 'a seed is a scalar', { span: args.span('seed') });
    return ops.bitcast(seed, 'ui32', [two]);
  }),
  builtin(
    'split_key(key, count = 2)',
    'A list of keys that give independent numbers; the key itself should not be used again.',
    (args, site) => {
      const key = keyOf(args, site);
      const count = args.int('count') ?? 2;
      const bits = randomBits(key, 'ui32', [constantDimension(count), two], stream(streams.split, site), site);
      const elements = Array.from({ length: count }, (_, index) => {
        const starts = [constantDimension(index), constantDimension(0)];
        const limits = [constantDimension(index + 1), two];
        return site.ops.reshape(site.ops.slice(bits, starts, limits, [1, 1], [one, two]), [two]);
      });
      return { kind: 'list', elements };
    },
  ),
  builtin('fold_in(key, n)', 'A key made of a key and a number, such as the step of a training run.', (args, site) => {
    const key = keyOf(args, site);
    const { ops } = site;
    const value = args.tensorOf('n', ['integer', 'unsigned']);
    if (value.dims.length > 0) site.fail('E6315', 'the number is a scalar', { span: args.span('n') });
    const low = ops.elementwise(and, [ops.convert(value, 'ui64'), ops.constant(2 ** 32 - 1, 'ui64')]);
    const high = ops.elementwise(shiftLeft, [low, ops.constant(32, 'ui64')]);
    return randomBits(key, 'ui32', [two], ops.elementwise(or, [high, ops.constant(streams.fold, 'ui64')]), site);
  }),
  builtin('random_bits(key, type)', 'Uniform bits, of a type of unsigned integers.', (args, site) => {
    const type = args.type('type');
    if (type?.kind !== 'tensor' || dtypeInfo(type.dtype).kind !== 'unsigned') {
      return args.wrong('type', 'a type of unsigned integers', args.required('type'));
    }
    return randomBits(keyOf(args, site), type.dtype, type.dims, stream(streams.draw, site), site);
  }),
  builtin('uniform(key, type, low: = 0, high: = 1)', 'Uniform floats in `[low, high)`: `uniform(k, f32[n])`.', uniform),
  builtin('normal(key, type)', 'Floats of the standard normal distribution.', normal),
];
