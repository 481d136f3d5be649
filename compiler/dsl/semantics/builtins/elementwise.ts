/** Functions applied to every element. Of compile-time numbers they give compile-time numbers. */
import { dtypeInfo } from '../../../../ir/dtype.ts';
import type { OpDefinition } from '../../../../ir/op-definition.ts';
import * as numerics from '../../../../ir/numerics/index.ts';
import { acos } from '../../../../ir/ops/chlo/acos.ts';
import { acosh } from '../../../../ir/ops/chlo/acosh.ts';
import { asin } from '../../../../ir/ops/chlo/asin.ts';
import { asinh } from '../../../../ir/ops/chlo/asinh.ts';
import { atan } from '../../../../ir/ops/chlo/atan.ts';
import { atanh } from '../../../../ir/ops/chlo/atanh.ts';
import { cosh } from '../../../../ir/ops/chlo/cosh.ts';
import { digamma } from '../../../../ir/ops/chlo/digamma.ts';
import { erfInv } from '../../../../ir/ops/chlo/erf-inv.ts';
import { erf } from '../../../../ir/ops/chlo/erf.ts';
import { erfc } from '../../../../ir/ops/chlo/erfc.ts';
import { lgamma } from '../../../../ir/ops/chlo/lgamma.ts';
import { sinh } from '../../../../ir/ops/chlo/sinh.ts';
import { abs } from '../../../../ir/ops/stablehlo/abs.ts';
import { atan2 } from '../../../../ir/ops/stablehlo/atan2.ts';
import { and } from '../../../../ir/ops/stablehlo/and.ts';
import { cbrt } from '../../../../ir/ops/stablehlo/cbrt.ts';
import { ceil } from '../../../../ir/ops/stablehlo/ceil.ts';
import { cosine } from '../../../../ir/ops/stablehlo/cosine.ts';
import { divide } from '../../../../ir/ops/stablehlo/divide.ts';
import { exponentialMinusOne } from '../../../../ir/ops/stablehlo/exponential-minus-one.ts';
import { exponential } from '../../../../ir/ops/stablehlo/exponential.ts';
import { floor } from '../../../../ir/ops/stablehlo/floor.ts';
import { isFinite } from '../../../../ir/ops/stablehlo/is-finite.ts';
import { logPlusOne } from '../../../../ir/ops/stablehlo/log-plus-one.ts';
import { log } from '../../../../ir/ops/stablehlo/log.ts';
import { logistic } from '../../../../ir/ops/stablehlo/logistic.ts';
import { not } from '../../../../ir/ops/stablehlo/not.ts';
import { or } from '../../../../ir/ops/stablehlo/or.ts';
import { popcnt } from '../../../../ir/ops/stablehlo/popcnt.ts';
import { countLeadingZeros } from '../../../../ir/ops/stablehlo/count-leading-zeros.ts';
import { power } from '../../../../ir/ops/stablehlo/power.ts';
import { roundNearestAfz } from '../../../../ir/ops/stablehlo/round-nearest-afz.ts';
import { roundNearestEven } from '../../../../ir/ops/stablehlo/round-nearest-even.ts';
import { rsqrt } from '../../../../ir/ops/stablehlo/rsqrt.ts';
import { shiftLeft } from '../../../../ir/ops/stablehlo/shift-left.ts';
import { shiftRightArithmetic } from '../../../../ir/ops/stablehlo/shift-right-arithmetic.ts';
import { shiftRightLogical } from '../../../../ir/ops/stablehlo/shift-right-logical.ts';
import { sign } from '../../../../ir/ops/stablehlo/sign.ts';
import { sine } from '../../../../ir/ops/stablehlo/sine.ts';
import { sqrt } from '../../../../ir/ops/stablehlo/sqrt.ts';
import { tan } from '../../../../ir/ops/stablehlo/tan.ts';
import { tanh } from '../../../../ir/ops/stablehlo/tanh.ts';
import { xor } from '../../../../ir/ops/stablehlo/xor.ts';
import type { BoundArguments } from '../bound-arguments.ts';
import { broadcastTogether, commonShape, stretch } from '../broadcasting.ts';
import type { Builtin } from '../builtin.ts';
import type { CallSite } from '../call-site.ts';
import { constantOf, divideDown } from '../dimension.ts';
import { alike, binaryOperator } from '../operators.ts';
import type { Operand } from '../operand.ts';
import { describeKind } from '../type-text.ts';
import type { TensorValue, Value } from '../values.ts';
import { builtin } from './define.ts';

type Kinds = readonly ('float' | 'integer' | 'unsigned' | 'boolean' | 'complex')[];

const floats: Kinds = ['float', 'complex'];
const reals: Kinds = ['float'];
const integers: Kinds = ['integer', 'unsigned'];
const signed: Kinds = ['float', 'integer', 'complex'];

/** `[name, op, what it gives, dtypes, of a compile-time number]`. */
const unary: readonly (readonly [string, OpDefinition, string, Kinds, ((x: number) => number)?])[] = [
  ['exp', exponential, '`e^x`.', floats, numerics.exp],
  ['expm1', exponentialMinusOne, '`e^x - 1`, exact near 0.', floats, numerics.expm1],
  ['log', log, 'The natural logarithm.', floats, numerics.log],
  ['log1p', logPlusOne, '`log(1 + x)`, exact near 0.', floats, numerics.log1p],
  ['sqrt', sqrt, 'The square root.', floats, Math.sqrt],
  ['rsqrt', rsqrt, '`1 / sqrt(x)`.', floats, (x) => 1 / Math.sqrt(x)],
  ['cbrt', cbrt, 'The cube root.', floats, numerics.cbrt],
  ['sin', sine, 'The sine of radians.', floats, numerics.sin],
  ['cos', cosine, 'The cosine of radians.', floats, numerics.cos],
  ['tan', tan, 'The tangent of radians.', floats, numerics.tan],
  ['asin', asin, 'The angle whose sine is `x`.', floats, numerics.asin],
  ['acos', acos, 'The angle whose cosine is `x`.', floats, numerics.acos],
  ['atan', atan, 'The angle whose tangent is `x`.', floats, numerics.atan],
  ['sinh', sinh, 'The hyperbolic sine.', floats, numerics.sinh],
  ['cosh', cosh, 'The hyperbolic cosine.', floats, numerics.cosh],
  ['tanh', tanh, 'The hyperbolic tangent.', floats, numerics.tanh],
  ['asinh', asinh, 'The inverse hyperbolic sine.', floats, numerics.asinh],
  ['acosh', acosh, 'The inverse hyperbolic cosine.', floats, numerics.acosh],
  ['atanh', atanh, 'The inverse hyperbolic tangent.', floats, numerics.atanh],
  ['sigmoid', logistic, '`1 / (1 + exp(-x))`.', floats, numerics.logistic],
  ['erf', erf, 'The error function.', reals, numerics.erf],
  ['erfc', erfc, '`1 - erf(x)`, exact for large `x`.', reals, numerics.erfc],
  ['erf_inv', erfInv, 'The inverse of `erf`.', reals, numerics.erfInv],
  ['lgamma', lgamma, 'The logarithm of the gamma function.', reals, numerics.lgamma],
  ['digamma', digamma, 'The derivative of `lgamma`.', reals, numerics.digamma],
  ['ceil', ceil, 'Rounds up.', reals, Math.ceil],
  ['round', roundNearestAfz, 'Rounds to the nearest, halves away from zero.', reals, numerics.roundHalfAway],
  ['round_even', roundNearestEven, 'Rounds to the nearest, halves to even.', reals, numerics.roundHalfEven],
  ['sign', sign, '-1, 0 or 1.', signed, Math.sign],
  ['popcount', popcnt, 'The number of bits that are 1.', integers],
  ['count_leading_zeros', countLeadingZeros, 'The number of 0 bits above the highest 1.', integers],
];

const unaryBuiltins = unary.map(([name, definition, doc, kinds, compute]) =>
  builtin(`${name}(x)`, `${doc} Elementwise: \`f32[...s] -> f32[...s]\`.`, (args, site) => {
    const known = compute === undefined ? undefined : computed(args.required('x'), compute);
    if (known !== undefined) return known;
    return site.ops.elementwise(definition, [args.tensorOf('x', kinds)]);
  }),
);

/** The function of a compile-time number. */
function computed(value: Value, compute: (x: number) => number): Value | undefined {
  if (value.kind === 'float') {
    return { kind: 'float', value: value.value === undefined ? undefined : compute(value.value), text: undefined };
  }
  if (value.kind !== 'int') return undefined;
  const number = constantOf(value.value);
  return { kind: 'float', value: number === undefined ? undefined : compute(number), text: undefined };
}

function operand(args: BoundArguments, name: string): Operand {
  return { value: args.required(name), span: args.span(name) };
}

/** `[name, op, what it gives, dtypes]` of two operands that broadcast. */
const binary: readonly (readonly [string, OpDefinition, string, Kinds])[] = [
  ['atan2', atan2, 'The angle of the point `(b, a)`, in radians.', floats],
  ['bit_and', and, 'The bits that both have.', integers],
  ['bit_or', or, 'The bits that either has.', integers],
  ['bit_xor', xor, 'The bits that one of them has.', integers],
  ['shift_left', shiftLeft, 'The bits of `a` moved up by `b`; 0 when `b` is the width or more.', integers],
  ['shift_right', shiftRightArithmetic, 'The bits of `a` moved down by `b`, the sign kept.', integers],
  ['shift_right_logical', shiftRightLogical, 'The bits of `a` moved down by `b`, zeros from above.', integers],
];

const binaryBuiltins = binary.map(([name, definition, doc, kinds]) =>
  builtin(`${name}(a, b)`, `${doc} Elementwise, the operands broadcast.`, (args, site) => {
    const [a, b] = alike(name, operand(args, 'a'), operand(args, 'b'), site);
    if (!kinds.includes(dtypeInfo(a.dtype).kind)) {
      site.fail('E6318', `\`${name}\` does not take ${describeKind(a)}`, { span: args.span('a') });
    }
    return site.ops.elementwise(definition, [a, b]);
  }),
);

export const elementwiseBuiltins: readonly Builtin[] = [
  ...unaryBuiltins,
  ...binaryBuiltins,
  builtin('abs(x)', 'The absolute value; of complex numbers the modulus.', (args, site) => {
    const value = args.required('x');
    if (value.kind === 'int' && (constantOf(value.value) ?? 0) >= 0) return value;
    const known = computed(value, Math.abs);
    if (known !== undefined) return known;
    const x = args.tensorOf('x', signed);
    return site.ops.elementwise(abs, [x], dtypeInfo(x.dtype).part);
  }),
  builtin('floor(x)', 'Rounds down. Of a compile-time number it gives an integer.', (args, site) => {
    const value = args.required('x');
    if (value.kind === 'int') return value;
    return computed(value, Math.floor) ?? site.ops.elementwise(floor, [args.tensorOf('x', reals)]);
  }),
  builtin(
    'div(a, b)',
    'The quotient rounded down, for compile-time integers; of integer tensors rounded towards minus infinity too.',
    (args, site) => {
      const a = operand(args, 'a');
      const b = operand(args, 'b');
      if (a.value.kind === 'int' && b.value.kind === 'int') {
        const quotient = divideDown(a.value.value, b.value.value);
        return quotient === undefined
          ? site.fail('E6312', 'a division by 0', { span: b.span })
          : { kind: 'int', value: quotient };
      }
      return floorDivide(...alike('div', a, b, site), site);
    },
  ),
  builtin('pow(a, b)', '`a ** b`: `a` to the power of `b`.', (args, site) => {
    const [a, b] = alike('pow', operand(args, 'a'), operand(args, 'b'), site);
    return site.ops.elementwise(power, [a, b]);
  }),
  builtin('bit_not(x)', 'The bits of an integer, inverted.', (args, site) =>
    site.ops.elementwise(not, [args.tensorOf('x', [...integers, 'boolean'])]),
  ),
  builtin('is_finite(x)', 'True where `x` is neither infinite nor NaN.', (args, site) =>
    site.ops.elementwise(isFinite, [args.tensorOf('x', reals)], 'i1'),
  ),
  builtin('is_nan(x)', 'True where `x` is NaN.', (args, site) => {
    const x = args.tensorOf('x', reals);
    return site.ops.compare('NE', x, x);
  }),
  builtin(
    'where(condition, a, b)',
    'The elements of `a` where the condition holds, else those of `b`. All three broadcast.',
    (args, site) => {
      const condition = args.required('condition');
      const a = operand(args, 'a');
      const b = operand(args, 'b');
      if (condition.kind === 'bool' && condition.value !== undefined) return condition.value ? a.value : b.value;
      return selectBroadcast(args.tensorOf('condition', ['boolean']), a, b, site);
    },
  ),
];

function selectBroadcast(condition: TensorValue, a: Operand, b: Operand, site: CallSite): TensorValue {
  const [x, y] = alike('where', a, b, site);
  const dims = commonShape(condition.dims, x.dims);
  if (dims === undefined) {
    // The report of the two shapes that clash.
    return broadcastTogether(condition, x, site)[0];
  }
  return site.ops.select(stretch(condition, dims, site), stretch(x, dims, site), stretch(y, dims, site));
}

/** Rounds towards minus infinity; the IR's division of integers rounds towards zero. */
function floorDivide(a: TensorValue, b: TensorValue, site: CallSite): Value {
  const quotient = site.ops.elementwise(divide, [a, b]);
  if (dtypeInfo(a.dtype).kind === 'float') return site.ops.elementwise(floor, [quotient]);
  if (dtypeInfo(a.dtype).kind === 'unsigned') return quotient;
  const at = (value: Value): Operand => ({ value, span: site.span });
  const product = binaryOperator('*', at(quotient), at(b), site);
  const zero = site.ops.constant(0, a.dtype, a.dims);
  const signsDiffer = site.ops.compare('NE', site.ops.compare('LT', a, zero), site.ops.compare('LT', b, zero));
  const inexact = binaryOperator('!=', at(product), at(a), site);
  const down = binaryOperator('and', at(signsDiffer), at(inexact), site);
  const lower = binaryOperator('-', at(quotient), at(site.ops.constant(1, a.dtype, a.dims)), site);
  if (down.kind !== 'tensor' || lower.kind !== 'tensor') return quotient;
  return site.ops.select(down, lower, quotient);
}
