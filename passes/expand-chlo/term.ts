/**
 * Formulas on tensors, as they are written down: `x.times(x).plus(1).sqrt()` makes the ops of sqrt(x x + 1) before the op that
 * is expanded. A number among the operands stands for a tensor of it in the shape at hand.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import type { OpDefinition } from '../../ir/op-definition.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { abs } from '../../ir/ops/stablehlo/abs.ts';
import { add } from '../../ir/ops/stablehlo/add.ts';
import { and } from '../../ir/ops/stablehlo/and.ts';
import { atan2 } from '../../ir/ops/stablehlo/atan2.ts';
import { bitcastConvert } from '../../ir/ops/stablehlo/bitcast-convert.ts';
import { complex } from '../../ir/ops/stablehlo/complex.ts';
import { cosine } from '../../ir/ops/stablehlo/cosine.ts';
import { divide } from '../../ir/ops/stablehlo/divide.ts';
import { dynamicBroadcastInDim } from '../../ir/ops/stablehlo/dynamic-broadcast-in-dim.ts';
import { exponential } from '../../ir/ops/stablehlo/exponential.ts';
import { exponentialMinusOne } from '../../ir/ops/stablehlo/exponential-minus-one.ts';
import { floor } from '../../ir/ops/stablehlo/floor.ts';
import { imag } from '../../ir/ops/stablehlo/imag.ts';
import { isFinite } from '../../ir/ops/stablehlo/is-finite.ts';
import { log } from '../../ir/ops/stablehlo/log.ts';
import { logPlusOne } from '../../ir/ops/stablehlo/log-plus-one.ts';
import { maximum } from '../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../ir/ops/stablehlo/minimum.ts';
import { multiply } from '../../ir/ops/stablehlo/multiply.ts';
import { negate } from '../../ir/ops/stablehlo/negate.ts';
import { not } from '../../ir/ops/stablehlo/not.ts';
import { or } from '../../ir/ops/stablehlo/or.ts';
import { power } from '../../ir/ops/stablehlo/power.ts';
import { real } from '../../ir/ops/stablehlo/real.ts';
import { shiftRightLogical } from '../../ir/ops/stablehlo/shift-right-logical.ts';
import { sign } from '../../ir/ops/stablehlo/sign.ts';
import { sine } from '../../ir/ops/stablehlo/sine.ts';
import { sqrt } from '../../ir/ops/stablehlo/sqrt.ts';
import { subtract } from '../../ir/ops/stablehlo/subtract.ts';
import { tan } from '../../ir/ops/stablehlo/tan.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { scalarTensor, tensorType } from '../../ir/types.ts';
import { type ComparisonDirection, OpKit, tensorOf } from '../op-kit.ts';

/** What the terms of one expansion share: where ops go, their shape, and the constants made so far. */
export class Formula {
  readonly kit: OpKit;
  readonly #like: Value;
  readonly #constants = new Map<string, Term>();
  #shape: Value | undefined = undefined;

  /** All terms have the shape of `like`. */
  constructor(rewriter: Rewriter, anchor: Operation, like: Value) {
    this.kit = new OpKit(rewriter, anchor);
    this.#like = like;
  }

  term(value: Value): Term {
    return new Term(this, value);
  }

  /** The number in every place; each number is made once. */
  constant(number: number, element: DType): Term {
    const key = `${element} ${Object.is(number, -0) ? '-0' : number}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const made = new Term(this, this.#spread(number, element));
    this.#constants.set(key, made);
    return made;
  }

  #spread(number: number, element: DType): Value {
    const { shape } = tensorOf(this.#like);
    const type = tensorType(shape, element);
    const { kit } = this;
    if (shape.every((dim) => typeof dim === 'number')) return kit.constant(number, type);
    this.#shape ??= kit.shapeOf(this.#like);
    const operands = [kit.constant(number, scalarTensor(element)), this.#shape];
    const attrs = { broadcast_dimensions: [] };
    return kit.rewriter
      .createBefore(kit.anchor, dynamicBroadcastInDim, operands, attrs, { resultTypes: [type] })
      .result();
  }
}

export type Operand = Term | number;

/** Integers of a width: what the bits of a float are. */
const signedOfBits: Readonly<Record<number, DType>> = { 4: 'i4', 8: 'i8', 16: 'i16', 32: 'i32', 64: 'i64' };

export class Term {
  readonly formula: Formula;
  readonly value: Value;

  constructor(formula: Formula, value: Value) {
    this.formula = formula;
    this.value = value;
  }

  get element(): DType {
    const { element } = tensorOf(this.value);
    if (typeof element !== 'string') throw new InvariantError(`no formula is written on ${element.text}`);
    return element;
  }

  plus = (other: Operand): Term => this.#apply(add, other);
  minus = (other: Operand): Term => this.#apply(subtract, other);
  times = (other: Operand): Term => this.#apply(multiply, other);
  over = (other: Operand): Term => this.#apply(divide, other);
  max = (other: Operand): Term => this.#apply(maximum, other);
  min = (other: Operand): Term => this.#apply(minimum, other);
  power = (other: Operand): Term => this.#apply(power, other);
  /** The angle of the point (x, this). */
  atan2 = (x: Operand): Term => this.#apply(atan2, x);
  negated = (): Term => this.#apply(negate);
  abs = (): Term => this.#apply(abs);
  sign = (): Term => this.#apply(sign);
  floor = (): Term => this.#apply(floor);
  sqrt = (): Term => this.#apply(sqrt);
  exp = (): Term => this.#apply(exponential);
  expm1 = (): Term => this.#apply(exponentialMinusOne);
  log = (): Term => this.#apply(log);
  log1p = (): Term => this.#apply(logPlusOne);
  sin = (): Term => this.#apply(sine);
  cos = (): Term => this.#apply(cosine);
  tan = (): Term => this.#apply(tan);
  squared = (): Term => this.times(this);

  and = (other: Operand): Term => this.#apply(and, other);
  or = (other: Operand): Term => this.#apply(or, other);
  not = (): Term => this.#apply(not);
  shiftedRight = (bits: number): Term => this.#apply(shiftRightLogical, bits);

  lt = (other: Operand): Term => this.#compare('LT', other);
  le = (other: Operand): Term => this.#compare('LE', other);
  gt = (other: Operand): Term => this.#compare('GT', other);
  ge = (other: Operand): Term => this.#compare('GE', other);
  eq = (other: Operand): Term => this.#compare('EQ', other);
  ne = (other: Operand): Term => this.#compare('NE', other);
  isNaN = (): Term => this.ne(this);
  isInfinite = (): Term => this.abs().eq(Infinity);
  isFinite = (): Term => this.#typed(isFinite, [this], 'i1');
  /** Whether the sign bit is set, of zeros and NaN too. */
  isSignSet = (): Term => this.bits().lt(0);

  /** Where this condition holds, the first; elsewhere the second. */
  choose(onTrue: Operand, onFalse: Term): Term;
  choose(onTrue: Term, onFalse: Operand): Term;
  choose(onTrue: Operand, onFalse: Operand): Term {
    const [like] = [onTrue, onFalse].filter((operand) => typeof operand !== 'number');
    if (like === undefined) throw new InvariantError('a choice between two numbers has no element type');
    const { kit } = this.formula;
    return this.formula.term(kit.select(this.value, like.lift(onTrue).value, like.lift(onFalse).value));
  }

  /** This magnitude with the sign bit of another. */
  withSignOf(other: Term): Term {
    return other.isSignSet().choose(this.negated(), this);
  }

  as(element: DType): Term {
    return element === this.element ? this : this.formula.term(this.formula.kit.convert(this.value, element));
  }

  /** The bits of this as elements of another type of the same width. */
  bitsAs(element: DType): Term {
    return this.#typed(bitcastConvert, [this], element);
  }

  /** The bits of a float as signed integers. */
  bits(): Term {
    const element = signedOfBits[dtypeInfo(this.element).bits];
    if (element === undefined) throw new InvariantError(`no integer has the width of ${this.element}`);
    return this.bitsAs(element);
  }

  /** The value of a polynomial at this, by Horner's rule; coefficients from the highest power down. */
  polynomial(coefficients: readonly number[]): Term {
    const [first, ...rest] = coefficients;
    if (first === undefined) throw new InvariantError('a polynomial without coefficients');
    let sum: Term | undefined;
    for (const coefficient of rest) sum = (sum?.times(this) ?? this.times(first)).plus(coefficient);
    return sum ?? this.lift(first);
  }

  /** A number as a term of this element type. */
  lift(operand: Operand): Term {
    return typeof operand === 'number' ? this.formula.constant(operand, this.element) : operand;
  }

  /** This as the real part, another as the imaginary one. */
  withImaginary(im: Term): Term {
    return this.#typed(complex, [this, im], this.element === 'f64' ? 'complex<f64>' : 'complex<f32>');
  }

  get re(): Term {
    return this.#typed(real, [this], dtypeInfo(this.element).part);
  }

  get im(): Term {
    return this.#typed(imag, [this], dtypeInfo(this.element).part);
  }

  #apply(definition: OpDefinition, ...others: readonly Operand[]): Term {
    const operands = [this.value, ...others.map((other) => this.lift(other).value)];
    return this.formula.term(this.formula.kit.elementwise(definition, operands));
  }

  #compare(direction: ComparisonDirection, other: Operand): Term {
    return this.formula.term(this.formula.kit.compare(direction, this.value, this.lift(other).value));
  }

  #typed(definition: OpDefinition, operands: readonly Term[], element: DType): Term {
    const type = tensorType(tensorOf(this.value).shape, element);
    const values = operands.map(({ value }) => value);
    return this.formula.term(this.formula.kit.elementwise(definition, values, type));
  }
}
