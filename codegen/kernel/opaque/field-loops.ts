/** Real or complex numbers in loops: one or two expressions a number, computed in one dtype whatever memory holds. */
import type { LoopBuilder } from '../loop-builder.ts';
import {
  abs, add, compare, constant, convert, divide, load, multiply, negate, select, subtract, unary,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { scalar } from '../value-type.ts';

export interface FieldValue {
  readonly re: Expr;
  /** Undefined for a real number. */
  readonly im: Expr | undefined;
}

/** Memory of numbers; complex ones are pairs. */
export interface FieldMemory {
  readonly buffer: FlatBuffer;
}

export class FieldLoops {
  readonly loops: LoopBuilder;
  readonly dtype: 'f32' | 'f64';
  readonly parts: 1 | 2;

  constructor(loops: LoopBuilder, dtype: 'f32' | 'f64', parts: 1 | 2) {
    this.loops = loops;
    this.dtype = dtype;
    this.parts = parts;
  }

  /** `at` counts numbers. */
  load({ buffer }: FieldMemory, at: Expr): FieldValue {
    const part = (offset: number): Expr => convert(this.dtype, load(buffer, add(multiply(at, this.parts), offset)));
    return { re: part(0), im: this.parts === 2 ? part(1) : undefined };
  }

  store({ buffer }: FieldMemory, at: Expr, { re, im }: FieldValue): void {
    const first = this.loops.let('place', multiply(at, this.parts));
    this.loops.store(buffer, first, convert(buffer.dtype, re));
    if (im !== undefined) this.loops.store(buffer, add(first, 1), convert(buffer.dtype, im));
  }

  named(name: string, { re, im }: FieldValue): FieldValue {
    return { re: this.loops.let(name, re), im: im === undefined ? undefined : this.loops.let(`${name}_im`, im) };
  }

  /** `initial`, changed by each step. */
  loop(
    range: { readonly to: Expr; readonly name: string },
    initial: FieldValue,
    step: (i: Expr, value: FieldValue) => FieldValue,
  ): FieldValue {
    const { re, im } = initial;
    if (im === undefined) {
      const [rest] = this.loops.for(range, [{ name: 'rest', initial: re }] as const, (i, [value]) => [
        step(i, { re: value, im: undefined }).re,
      ]);
      return { re: rest, im: undefined };
    }
    const carried = [
      { name: 'rest', initial: re },
      { name: 'rest_im', initial: im },
    ] as const;
    const [rest, restIm] = this.loops.for(range, carried, (i, [value, valueIm]) => {
      const next = step(i, { re: value, im: valueIm });
      return [next.re, next.im ?? valueIm];
    });
    return { re: rest, im: restIm };
  }

  subtract(a: FieldValue, b: FieldValue): FieldValue {
    const im = a.im === undefined || b.im === undefined ? undefined : subtract(a.im, b.im);
    return { re: subtract(a.re, b.re), im };
  }

  multiply(a: FieldValue, b: FieldValue): FieldValue {
    if (a.im === undefined || b.im === undefined) return { re: multiply(a.re, b.re), im: undefined };
    const [x, y] = [this.named('x', a), this.named('y', b)];
    const [xIm, yIm] = [x.im ?? x.re, y.im ?? y.re];
    return {
      re: subtract(multiply(x.re, y.re), multiply(xIm, yIm)),
      im: add(multiply(x.re, yIm), multiply(xIm, y.re)),
    };
  }

  conjugate({ re, im }: FieldValue): FieldValue {
    return { re, im: im === undefined ? undefined : negate(im) };
  }

  /** Of complex numbers by the greater part of the divisor (R. Smith, 1962), so that no square overflows. */
  divide(a: FieldValue, b: FieldValue): FieldValue {
    if (a.im === undefined || b.im === undefined) return { re: divide(a.re, b.re), im: undefined };
    const { loops } = this;
    const [x, xIm] = [loops.let('x', a.re), loops.let('x_im', a.im)];
    const [y, yIm] = [loops.let('y', b.re), loops.let('y_im', b.im)];
    const isMostlyReal = loops.let('is_mostly_real', compare('ge', abs(y), abs(yIm)));
    const greater = loops.let('greater', select(isMostlyReal, y, yIm));
    const less = loops.let('less', select(isMostlyReal, yIm, y));
    const ratio = loops.let('ratio', divide(less, greater));
    const divisor = loops.let('divisor', add(greater, multiply(less, ratio)));
    const re = select(isMostlyReal, add(x, multiply(xIm, ratio)), add(multiply(x, ratio), xIm));
    const im = select(isMostlyReal, subtract(xIm, multiply(x, ratio)), subtract(multiply(xIm, ratio), x));
    return { re: divide(re, divisor), im: divide(im, divisor) };
  }

  /** The square root of the real part. */
  rootOfReal({ re, im }: FieldValue): FieldValue {
    return { re: unary('sqrt', re), im: im === undefined ? undefined : constant(scalar(this.dtype), 0) };
  }
}
