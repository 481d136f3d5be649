/**
 * f16 and bf16 to f32 and back, on one element or on four lanes: integer arithmetic and one multiplication, exact. Rounding is to nearest,
 * ties to even; NaN stays NaN.
 */
import type { FunctionBuilder, WasmExpr, WasmOp } from './builder.ts';

/** The same instructions on an i32 and f32, or on four of each. */
export class HalfFloatMath {
  readonly #f: FunctionBuilder;
  readonly #isVector: boolean;

  constructor(f: FunctionBuilder, lanes: number) {
    this.#f = f;
    this.#isVector = lanes > 1;
  }

  #hold(value: WasmExpr): () => WasmExpr {
    return this.#f.hold(this.#isVector ? 'v128' : 'i32', value);
  }

  #word(bits: number): WasmExpr {
    if (!this.#isVector) return this.#f.i32(bits);
    const bytes = new Uint8Array(16);
    new Uint32Array(bytes.buffer).fill(bits >>> 0);
    return this.#f.v128(bytes);
  }

  #bits(op: 'And' | 'Or' | 'Xor', x: WasmExpr, y: WasmExpr): WasmExpr {
    return this.#f.binary(this.#isVector ? `${op}Vec128` : `${op}Int32`, x, y);
  }

  #add(x: WasmExpr, y: WasmExpr): WasmExpr {
    return this.#f.binary(this.#isVector ? 'AddVecI32x4' : 'AddInt32', x, y);
  }

  #isAbove(x: WasmExpr, y: WasmExpr): WasmExpr {
    return this.#f.binary(this.#isVector ? 'GtUVecI32x4' : 'GtUInt32', x, y);
  }

  #shift(direction: 'Shl' | 'ShrU', x: WasmExpr, amount: number): WasmExpr {
    const by = this.#f.i32(amount);
    return this.#isVector ? this.#f.shift(`${direction}VecI32x4`, x, by) : this.#f.binary(`${direction}Int32`, x, by);
  }

  #choose(condition: WasmExpr, onTrue: WasmExpr, onFalse: WasmExpr): WasmExpr {
    if (this.#isVector) return this.#f.ternary('BitselectVec128', onTrue, onFalse, condition);
    return this.#f.select(condition, onTrue, onFalse);
  }

  /** On the bits of f32. */
  #float(name: 'Add' | 'Mul', x: WasmExpr, y: WasmExpr): WasmExpr {
    if (this.#isVector) return this.#f.binary(`${name}VecF32x4`, x, y);
    const [a, b] = [x, y].map((bits) => this.#f.unary('ReinterpretInt32', bits));
    const op: WasmOp = `${name}Float32`;
    return this.#f.unary('ReinterpretFloat32', this.#f.binary(op, a ?? x, b ?? y));
  }

  /** Bits of bf16 (zero-extended) to bits of f32. */
  widenBf16(value: WasmExpr): WasmExpr {
    return this.#shift('Shl', value, 16);
  }

  /** Bits of f32 to bits of bf16. */
  narrowToBf16(value: WasmExpr): WasmExpr {
    const x = this.#hold(value);
    const last = this.#bits('And', this.#shift('ShrU', x(), 16), this.#word(1));
    const rounded = this.#shift('ShrU', this.#add(this.#add(x(), this.#word(0x7fff)), last), 16);
    const isNan = this.#isAbove(this.#bits('And', x(), this.#word(0x7fffffff)), this.#word(0x7f800000));
    return this.#choose(isNan, this.#bits('Or', this.#shift('ShrU', x(), 16), this.#word(0x40)), rounded);
  }

  /** Bits of f16 (zero-extended) to bits of f32: the exponent is moved by a multiplication, which also normalises what was subnormal. */
  widenF16(value: WasmExpr): WasmExpr {
    const x = this.#hold(value);
    const moved = this.#hold(this.#shift('Shl', this.#bits('And', x(), this.#word(0x7fff)), 13));
    // 2^112 as an f32.
    const scaled = this.#float('Mul', moved(), this.#word(0x77800000));
    const isSpecial = this.#isAbove(moved(), this.#word(0x0f7fffff));
    const magnitude = this.#choose(isSpecial, this.#bits('Or', moved(), this.#word(0x7f800000)), scaled);
    const sign = this.#shift('Shl', this.#bits('And', x(), this.#word(0x8000)), 16);
    return this.#bits('Or', magnitude, sign);
  }

  /** Bits of f32 to bits of f16. */
  narrowToF16(value: WasmExpr): WasmExpr {
    const x = this.#hold(value);
    const sign = this.#shift('ShrU', this.#bits('And', x(), this.#word(0x80000000 | 0)), 16);
    const magnitude = this.#hold(this.#bits('And', x(), this.#word(0x7fffffff)));
    // Normal results: rebias the exponent, round by adding half of the last place less one and the last kept bit.
    const last = this.#bits('And', this.#shift('ShrU', magnitude(), 13), this.#word(1));
    const rebiased = this.#add(magnitude(), this.#word((-112 << 23) + 0xfff));
    const normal = this.#shift('ShrU', this.#add(rebiased, last), 13);
    // Subnormal results: adding 0.5 puts the bits that are kept at the end of the fraction, rounded.
    const shifted = this.#float('Add', magnitude(), this.#word(0x3f000000));
    const subnormal = this.#add(shifted, this.#word(-0x3f000000));
    const isNan = this.#isAbove(magnitude(), this.#word(0x7f800000));
    const isTooLarge = this.#isAbove(magnitude(), this.#word(0x477fefff));
    const isNormal = this.#isAbove(magnitude(), this.#word(0x387fffff));
    const finite = this.#choose(isNormal, normal, subnormal);
    const special = this.#choose(isNan, this.#word(0x7e00), this.#word(0x7c00));
    return this.#bits('Or', this.#choose(isTooLarge, special, finite), sign);
  }
}
