/** Scalar operations of the loop interpreter as functions, chosen once when a kernel is compiled. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { elementsBytes } from '../../ir/elements.ts';
import { decodeTable, encodeFloat, floatFormats } from '../../ir/numerics/index.ts';
import type { Expr } from './loop-ir.ts';
import { fmaF64, fmaNarrow } from './loop-interpreter-fma.ts';
import type { Eval, Lanes, Layout, Site, Value } from './loop-interpreter-frame.ts';
import { allocateMemory } from './loop-interpreter-memory.ts';
import type { BinaryOp, CompareOp, UnaryOp } from './scalar-ops.ts';
import {
  bigintBinary,
  bigintCompare,
  bigintUnary,
  isBigintDType,
  numberBinary,
  numberCompare,
  numberUnary,
  rounderOf,
} from './scalar-semantics.ts';
import { elementBytes, type KernelDType, type ValueType } from './value-type.ts';

/** The mutually recursive parts of compiling expressions. */
export interface Compiler {
  number(expr: Expr, layout: Layout): Eval<number>;
  bigint(expr: Expr, layout: Layout): Eval<bigint>;
  vector(expr: Expr, layout: Layout): Eval<Lanes>;
  /** A scalar of either form. */
  value(expr: Expr, layout: Layout): Eval<Value>;
  /** Of any type; a scalar is a vector of one lane. */
  lanes(expr: Expr, layout: Layout): Eval<Lanes>;
}

export function scalarUnary(op: UnaryOp, dtype: KernelDType, site: Site): (x: Value) => Value {
  const compute = isBigintDType(dtype) ? bigintUnary(op, dtype) : numberUnary(op, dtype);
  return (compute ?? site.fail(`${op} of ${dtype}`)) as (x: Value) => Value;
}

export function scalarBinary(op: BinaryOp, dtype: KernelDType, site: Site): (x: Value, y: Value) => Value {
  const compute = isBigintDType(dtype) ? bigintBinary(op, dtype) : numberBinary(op, dtype);
  return (compute ?? site.fail(`${op} of ${dtype}`)) as (x: Value, y: Value) => Value;
}

export function scalarCompare(op: CompareOp, dtype: KernelDType): (x: Value, y: Value) => Value {
  return (isBigintDType(dtype) ? bigintCompare(op) : numberCompare(op)) as (x: Value, y: Value) => Value;
}

/** a * b + c with one rounding, or with two. */
export function fmaFunction(dtype: KernelDType, isFused: boolean): (a: number, b: number, c: number) => number {
  if (dtype === 'f64') return isFused ? fmaF64 : (a, b, c) => a * b + c;
  if (dtype === 'f32' && !isFused) return (a, b, c) => Math.fround(Math.fround(a * b) + c);
  const round = rounderOf(dtype);
  return isFused ? (a, b, c) => fmaNarrow(a, b, c, round) : (a, b, c) => round(round(a * b) + c);
}

/** Brings a register's value to the form of memory, and back. */
function coder(dtype: KernelDType): { encode(value: Value): Value; decode(value: Value): Value } {
  if (dtype !== 'f16' && dtype !== 'bf16') return { encode: (value) => value, decode: (value) => value };
  const format = floatFormats[dtype];
  const table = decodeTable(format);
  return { encode: (value) => encodeFloat(Number(value), format), decode: (value) => table[Number(value)] ?? 0 };
}

export function bitcastLanes(from: ValueType, to: ValueType, operand: Eval<Lanes>): Eval<Lanes> {
  const source = allocateMemory(from.dtype, from.lanes) as Float64Array;
  const target = allocateMemory(to.dtype, to.lanes) as Float64Array;
  const { encode } = coder(from.dtype);
  const { decode } = coder(to.dtype);
  if (source.byteLength !== target.byteLength) throw new InvariantError('bitcast between types of different sizes');
  return (frame) => {
    const { values, poison } = operand(frame);
    for (let lane = 0; lane < from.lanes; lane++) source[lane] = encode(values[lane] as Value) as number;
    elementsBytes(target).set(elementsBytes(source));
    const result = Array.from(target as Iterable<Value>, decode);
    return { values: result, poison: poison === undefined ? undefined : spreadPoison(poison, from, to) };
  };
}

/** A lane is poison when any byte of it was. */
function spreadPoison(poison: Uint8Array, from: ValueType, to: ValueType): Uint8Array {
  const fromBytes = elementBytes(from.dtype);
  const toBytes = elementBytes(to.dtype);
  const result = new Uint8Array(to.lanes);
  for (let byte = 0; byte < fromBytes * from.lanes; byte++)
    if (poison[Math.floor(byte / fromBytes)] !== 0) result[Math.floor(byte / toBytes)] = 1;
  return result;
}
