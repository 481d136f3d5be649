/**
 * Ops on the bits and classes of numbers.
 *
 *     next_after(x, y)   the bits of x as an integer, one up to leave zero, one down to come nearer
 *     mulhi(a, b)        with halves a = a1 H + a0, b = b1 H + b0 of an unsigned word:
 *                        a1 b1 + m / H + (a0 b1 + m mod H) / H, where m = a1 b0 + a0 b0 / H (Knuth, The Art of Computer
 *                        Programming 2, 4.3.1); signed words take off b where a < 0, and a where b < 0
 */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import { elementwise, type Expand, unsupported } from './expansion.ts';
import type { ElementType } from '../../ir/types.ts';
import { tensorOf } from '../op-kit.ts';
import type { Term } from './term.ts';

export const isInf = elementwise((x) => equals(x.abs(), Infinity));
export const isPosInf = elementwise((x) => equals(x, Infinity));
export const isNegInf = elementwise((x) => equals(x, -Infinity));

/** Formats without infinities have nothing to compare with: theirs would be rounded to a number. */
function equals(x: Term, infinity: number): Term {
  return hasIeeeSpecials(x.element) ? x.eq(infinity) : x.formula.constant(0, 'i1');
}

function hasIeeeSpecials(element: ElementType): boolean {
  return typeof element === 'string' && isFloatFormatName(element) && floatFormats[element].specials === 'ieee';
}

/** Only of formats with IEEE specials, where neighbours have neighbouring bits. */
export const nextAfter: Expand = (op, rewriter) => {
  const { element } = tensorOf(op.operand(0));
  if (!hasIeeeSpecials(element)) return unsupported(`next_after of ${tensorOf(op.operand(0)).text}`);
  return neighbours(op, rewriter);
};

export const mulhi = elementwise(upperHalf);

const neighbours = elementwise(neighbour);

function neighbour(x: Term, y: Term): Term {
  const bits = x.bits();
  const isUp = y.gt(x);
  const leavesZero = isUp.eq(x.gt(0));
  const stepped = leavesZero.choose(bits.plus(1), bits.minus(1)).bitsAs(x.element);
  const leastBits = bits.lift(1);
  const leastNegative = x.lift(-0).bits().or(leastBits);
  const least = isUp.choose(leastBits, leastNegative).bitsAs(x.element);
  const moved = x.eq(0).choose(least, stepped);
  return x.isNaN().or(y.isNaN()).choose(NaN, x.eq(y).choose(y, moved));
}

const unsignedOf: Partial<Readonly<Record<DType, DType>>> = {
  i2: 'ui2',
  i4: 'ui4',
  i8: 'ui8',
  i16: 'ui16',
  i32: 'ui32',
  i64: 'ui64',
};

function upperHalf(a: Term, b: Term): Term {
  const unsigned = unsignedOf[a.element];
  if (unsigned === undefined) return upperHalfUnsigned(a, b);
  const [left, right] = [a.bitsAs(unsigned), b.bitsAs(unsigned)];
  const signs = a.lt(0).choose(right, 0).plus(b.lt(0).choose(left, 0));
  return upperHalfUnsigned(left, right).minus(signs).bitsAs(a.element);
}

function upperHalfUnsigned(a: Term, b: Term): Term {
  const half = dtypeInfo(a.element).bits / 2;
  const mask = half === 32 ? 0xffffffff : (1 << half) - 1;
  const [a0, b0, a1, b1] = [a.and(mask), b.and(mask), a.shiftedRight(half), b.shiftedRight(half)];
  const middle = a1.times(b0).plus(a0.times(b0).shiftedRight(half));
  const low = a0.times(b1).plus(middle.and(mask));
  return a1.times(b1).plus(middle.shiftedRight(half)).plus(low.shiftedRight(half));
}
