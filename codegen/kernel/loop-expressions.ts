/**
 * Constructors of loop IR expressions. Each checks its types (our bug: InvariantError) and folds what is plain: constants, the neutral
 * elements, and sums of index constants, so that generated code may be written without looking for 0 and 1.
 *
 * A number stands for a constant of the other operand's type: `add(x, 1)`.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Expr, FlatBuffer, Load, Variable } from './loop-ir.ts';
import { type BinaryOp, type CompareOp, elementaryOps, type UnaryOp } from './scalar-ops.ts';
import {
  bigintBinary,
  bigintCompare,
  bigintUnary,
  conversion,
  integerFormat,
  isBigintDType,
  numberBinary,
  numberCompare,
  numberUnary,
  rounderOf,
  wrapperOf,
} from './scalar-semantics.ts';
import { addSizes, multiplySizes, type Size } from './size.ts';
import {
  elementBytes,
  equalValueTypes,
  isFloatKernelDType,
  type KernelDType,
  scalar,
  type ValueType,
  valueTypeText,
  vector,
} from './value-type.ts';

export type Operand = Expr | number | bigint;

export type LaneReduceOp = Extract<Expr, { readonly kind: 'lane-reduce' }>['op'];

type Constant = Extract<Expr, { readonly kind: 'constant' }>;

const indexType = scalar('index');

function fail(what: string): never {
  throw new InvariantError(`loop IR: ${what}`);
}

function isConstant(expr: Expr): expr is Constant {
  return expr.kind === 'constant';
}

/** The value of a constant of any type; undefined for everything else. */
export function constantValue(expr: Expr): number | bigint | undefined {
  return isConstant(expr) ? expr.value : undefined;
}

/** The constant's value brought to the type's form: wrapped, rounded, a bigint for 64 bits. */
export function constant(type: ValueType, value: number | bigint): Expr {
  return { kind: 'constant', type, value: normalised(type.dtype, value) };
}

function normalised(dtype: KernelDType, value: number | bigint): number | bigint {
  if (isFloatKernelDType(dtype)) return rounderOf(dtype)(Number(value));
  if (isBigintDType(dtype)) {
    const bits = typeof value === 'bigint' ? value : BigInt(value);
    return integerFormat(dtype).signed ? BigInt.asIntN(64, bits) : BigInt.asUintN(64, bits);
  }
  const number = typeof value === 'bigint' ? Number(BigInt.asIntN(53, value)) : value;
  if (!Number.isSafeInteger(number)) fail(`${value} is no ${dtype}`);
  return wrapperOf(dtype)(number);
}

export function index(value: number): Expr {
  return constant(indexType, value);
}

export function read(variable: Variable): Expr {
  return { kind: 'variable', type: variable.type, variable };
}

/** A constant when the size is known. */
export function size(value: Size): Expr {
  return typeof value === 'number' ? index(value) : { kind: 'size', type: indexType, size: value };
}

function asExpr(operand: Operand, type: ValueType): Expr {
  return typeof operand === 'object' ? operand : constant(type, operand);
}

function sameTypes(what: string, lhs: Operand, rhs: Operand): readonly [Expr, Expr] {
  const typed = typeof lhs === 'object' ? lhs : rhs;
  if (typeof typed !== 'object') return fail(`${what} of two numbers has no type`);
  const a = asExpr(lhs, typed.type);
  const b = asExpr(rhs, typed.type);
  if (!equalValueTypes(a.type, b.type)) fail(`${what} of ${valueTypeText(a.type)} and ${valueTypeText(b.type)}`);
  return [a, b];
}

/** Whether the op exists on the dtype. */
export function takesUnary(op: UnaryOp, dtype: KernelDType): boolean {
  return (isBigintDType(dtype) ? bigintUnary(op, dtype) : numberUnary(op, dtype)) !== undefined;
}

export function takesBinary(op: BinaryOp, dtype: KernelDType): boolean {
  return (isBigintDType(dtype) ? bigintBinary(op, dtype) : numberBinary(op, dtype)) !== undefined;
}

/** The type a unary op gives: that of its operand, but for `is-finite`. */
export function unaryResultType(op: UnaryOp, type: ValueType): ValueType {
  return op === 'is-finite' ? { dtype: 'i1', lanes: type.lanes } : type;
}

export function unary(op: UnaryOp, operand: Expr): Expr {
  const { dtype } = operand.type;
  if (!takesUnary(op, dtype)) fail(`${op} of ${valueTypeText(operand.type)}`);
  const type = unaryResultType(op, operand.type);
  if (isConstant(operand) && !elementaryOps.has(op) && !isHalf(dtype)) {
    const value = isBigintDType(dtype)
      ? bigintUnary(op, dtype)?.(operand.value as bigint)
      : numberUnary(op, dtype)?.(operand.value as number);
    if (value !== undefined) return { kind: 'constant', type, value };
  }
  return { kind: 'unary', type, op, operand };
}

/** f16 and bf16 arithmetic is left to the target that has it. */
function isHalf(dtype: KernelDType): boolean {
  return dtype === 'f16' || dtype === 'bf16';
}

export function binary(op: BinaryOp, lhs: Operand, rhs: Operand): Expr {
  const [a, b] = sameTypes(op, lhs, rhs);
  if (!takesBinary(op, a.type.dtype)) fail(`${op} of ${valueTypeText(a.type)}`);
  return foldBinary(op, a, b) ?? { kind: 'binary', type: a.type, op, lhs: a, rhs: b };
}

function foldBinary(op: BinaryOp, a: Expr, b: Expr): Expr | undefined {
  const { dtype } = a.type;
  if (isHalf(dtype) || elementaryOps.has(op)) return undefined;
  if (isConstant(a) && isConstant(b)) return foldConstants(op, a, b);
  if (isConstant(b)) return foldRightConstant(op, a, b);
  if (isConstant(a) && (op === 'add' || op === 'multiply')) return foldRightConstant(op, b, a);
  return dtype === 'index' ? foldSizes(op, a, b) : undefined;
}

function foldConstants(op: BinaryOp, a: Constant, b: Constant): Expr | undefined {
  const { dtype } = a.type;
  const value = isBigintDType(dtype)
    ? bigintBinary(op, dtype)?.(a.value as bigint, b.value as bigint)
    : numberBinary(op, dtype)?.(a.value as number, b.value as number);
  return value === undefined ? undefined : { kind: 'constant', type: a.type, value };
}

/** `x op constant`, or `constant op x` of a commutative op. */
function foldRightConstant(op: BinaryOp, x: Expr, { value, type }: Constant): Expr | undefined {
  if (type.dtype === 'i1') return undefined;
  const isFloat = isFloatKernelDType(type.dtype);
  // x + 0 is not x for x = -0; x + -0 is.
  if (op === 'add' && (isFloat ? Object.is(value, -0) : Number(value) === 0)) return x;
  if (op === 'subtract' && (value === 0n || Object.is(value, 0))) return x;
  if ((op === 'multiply' || op === 'divide') && (value === 1 || value === 1n)) return x;
  if (isFloat) return undefined;
  const isZero = value === 0 || value === 0n;
  if ((op === 'multiply' || op === 'and') && isZero) return constant(type, value);
  if ((op === 'or' || op === 'xor' || op.startsWith('shift')) && isZero) return x;
  if (op === 'remainder' && (value === 1 || value === 1n)) return constant(type, 0);
  if (type.dtype !== 'index') return undefined;
  return foldIndexConstant(op, x, value as number);
}

/** (x + a) + b, (x - a) + b and (x * a) * b; sizes take constants in. */
function foldIndexConstant(op: BinaryOp, x: Expr, value: number): Expr | undefined {
  if (op === 'subtract') return add(x, -value);
  if (x.kind === 'size' && op === 'add') return size(addSizes(x.size, value));
  if (x.kind === 'size' && op === 'multiply') return size(multiplySizes(x.size, value));
  if (x.kind !== 'binary' || x.op !== op || !isConstant(x.rhs)) return undefined;
  if (op === 'add') return add(x.lhs, Number(x.rhs.value) + value);
  return op === 'multiply' ? multiply(x.lhs, Number(x.rhs.value) * value) : undefined;
}

function foldSizes(op: BinaryOp, a: Expr, b: Expr): Expr | undefined {
  if (a.kind !== 'size' || b.kind !== 'size') return undefined;
  if (op === 'add') return size(addSizes(a.size, b.size));
  return op === 'multiply' ? size(multiplySizes(a.size, b.size)) : undefined;
}

export const add = (lhs: Operand, rhs: Operand): Expr => binary('add', lhs, rhs);
export const subtract = (lhs: Operand, rhs: Operand): Expr => binary('subtract', lhs, rhs);
export const multiply = (lhs: Operand, rhs: Operand): Expr => binary('multiply', lhs, rhs);
export const divide = (lhs: Operand, rhs: Operand): Expr => binary('divide', lhs, rhs);
export const remainder = (lhs: Operand, rhs: Operand): Expr => binary('remainder', lhs, rhs);
export const minimum = (lhs: Operand, rhs: Operand): Expr => binary('minimum', lhs, rhs);
export const maximum = (lhs: Operand, rhs: Operand): Expr => binary('maximum', lhs, rhs);
export const and = (lhs: Operand, rhs: Operand): Expr => binary('and', lhs, rhs);
export const or = (lhs: Operand, rhs: Operand): Expr => binary('or', lhs, rhs);
export const xor = (lhs: Operand, rhs: Operand): Expr => binary('xor', lhs, rhs);
export const negate = (operand: Expr): Expr => unary('negate', operand);
export const abs = (operand: Expr): Expr => unary('abs', operand);
export const not = (operand: Expr): Expr => unary('not', operand);

export function compare(op: CompareOp, lhs: Operand, rhs: Operand): Expr {
  const [a, b] = sameTypes(op, lhs, rhs);
  const type = vector('i1', a.type.lanes);
  if (isConstant(a) && isConstant(b)) {
    const value = isBigintDType(a.type.dtype)
      ? bigintCompare(op)(a.value as bigint, b.value as bigint)
      : numberCompare(op)(a.value as number, b.value as number);
    return { kind: 'constant', type, value };
  }
  return { kind: 'compare', type, op, lhs: a, rhs: b };
}

/** The predicate has the lanes of the values, or is one scalar for all of them. */
export function select(predicate: Expr, onTrue: Operand, onFalse: Operand): Expr {
  const [a, b] = sameTypes('select', onTrue, onFalse);
  const { dtype, lanes } = predicate.type;
  if (dtype !== 'i1' || (lanes !== 1 && lanes !== a.type.lanes))
    fail(`select by ${valueTypeText(predicate.type)} of ${valueTypeText(a.type)}`);
  if (isConstant(predicate)) return predicate.value === 0 ? b : a;
  if (a === b) return a;
  return { kind: 'select', type: a.type, predicate, onTrue: a, onFalse: b };
}

export function convert(dtype: KernelDType, operand: Expr): Expr {
  if (operand.type.dtype === dtype) return operand;
  const type = vector(dtype, operand.type.lanes);
  if (isConstant(operand) && !isFarIndex(dtype, operand.value))
    return constant(type, conversion(operand.type.dtype, dtype)(operand.value));
  return { kind: 'convert', type, operand };
}

/** An index of more than 32 bits: what becomes of it is the target's. */
function isFarIndex(dtype: KernelDType, value: number | bigint): boolean {
  return dtype === 'index' && (value > 0x7fffffff || value < -0x7fffffff);
}

/** The same bits, as many in all: f32x4 is i32x4 or i8x16. Neither i1 nor index. */
export function bitcast(type: ValueType, operand: Expr): Expr {
  if (equalValueTypes(type, operand.type)) return operand;
  const bytes = (t: ValueType): number => elementBytes(t.dtype) * t.lanes;
  const isOpaque = (t: ValueType): boolean => t.dtype === 'i1' || t.dtype === 'index';
  if (isOpaque(type) || isOpaque(operand.type) || bytes(type) !== bytes(operand.type))
    fail(`bitcast of ${valueTypeText(operand.type)} to ${valueTypeText(type)}`);
  return { kind: 'bitcast', type, operand };
}

/** a * b + c of floats. */
export function fma(a: Operand, b: Operand, c: Expr, rounding: 'exact' | 'may-fuse' = 'may-fuse'): Expr {
  const left = asExpr(a, c.type);
  const right = asExpr(b, c.type);
  sameTypes('fma', left, c);
  sameTypes('fma', right, c);
  if (!isFloatKernelDType(c.type.dtype)) fail(`fma of ${valueTypeText(c.type)}`);
  return { kind: 'fma', type: c.type, a: left, b: right, c, rounding };
}

function requireScalar(what: string, expr: Expr): void {
  if (expr.type.lanes !== 1) fail(`${what} of ${valueTypeText(expr.type)}`);
}

function requireLane(what: string, lane: number, lanes: number): void {
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) fail(`${what} of lane ${lane} of ${lanes}`);
}

/** A scalar in all lanes; itself for one lane. */
export function splat(operand: Expr, lanes: number): Expr {
  requireScalar('splat', operand);
  if (lanes === 1) return operand;
  const type = vector(operand.type.dtype, lanes);
  if (isConstant(operand)) return { kind: 'constant', type, value: operand.value };
  if (operand.kind === 'load' && operand.mode === 'plain') return { ...operand, mode: 'splat', type };
  return { kind: 'splat', type, operand };
}

export function extract(operand: Expr, lane: number): Expr {
  const { dtype, lanes } = operand.type;
  requireLane('extract', lane, lanes);
  if (lanes === 1) return operand;
  if (isConstant(operand)) return constant(scalar(dtype), operand.value);
  if (operand.kind === 'splat') return operand.operand;
  return { kind: 'extract', type: scalar(dtype), operand, lane };
}

export function insert(operand: Expr, lane: number, value: Operand): Expr {
  const { dtype, lanes } = operand.type;
  requireLane('insert', lane, lanes);
  const element = asExpr(value, scalar(dtype));
  if (!equalValueTypes(element.type, scalar(dtype)))
    fail(`insert of ${valueTypeText(element.type)} into ${valueTypeText(operand.type)}`);
  return lanes === 1 ? element : { kind: 'insert', type: operand.type, operand, lane, value: element };
}

/** Lane i is lane `lanes[i]` of lhs followed by rhs, which have one type. */
export function shuffle(lhs: Expr, rhs: Expr, lanes: readonly number[]): Expr {
  sameTypes('shuffle', lhs, rhs);
  for (const lane of lanes) requireLane('shuffle', lane, 2 * lhs.type.lanes);
  return { kind: 'shuffle', type: vector(lhs.type.dtype, lanes.length), lhs, rhs, lanes };
}

export function laneReduce(op: LaneReduceOp, operand: Expr): Expr {
  if (!takesBinary(op, operand.type.dtype)) fail(`lane-reduce ${op} of ${valueTypeText(operand.type)}`);
  if (operand.type.lanes === 1) return operand;
  return { kind: 'lane-reduce', type: scalar(operand.type.dtype), op, operand };
}

/** Lane i is i < count. */
export function tailMask(count: Operand, lanes: number): Expr {
  const value = asExpr(count, indexType);
  if (!equalValueTypes(value.type, indexType)) fail(`tail-mask of ${valueTypeText(value.type)}`);
  const type = vector('i1', lanes);
  if (isConstant(value) && Number(value.value) >= lanes) return { kind: 'constant', type, value: 1 };
  if (isConstant(value) && Number(value.value) <= 0) return { kind: 'constant', type, value: 0 };
  return { kind: 'tail-mask', type, count: value };
}

function scalarIndex(what: string, operand: Operand): Expr {
  const expr = asExpr(operand, indexType);
  if (!equalValueTypes(expr.type, indexType)) fail(`${what} at an index of type ${valueTypeText(expr.type)}`);
  return expr;
}

/** Consecutive elements from `at`. */
export function load(buffer: FlatBuffer, at: Operand, lanes = 1): Load {
  const type = vector(buffer.dtype, lanes);
  return { kind: 'load', type, mode: 'plain', buffer, index: scalarIndex('load', at), mask: undefined };
}

/** One element in all lanes. */
export function loadSplat(buffer: FlatBuffer, at: Operand, lanes: number): Load {
  const mode = lanes === 1 ? 'plain' : 'splat';
  const type = vector(buffer.dtype, lanes);
  return { kind: 'load', type, mode, buffer, index: scalarIndex('load', at), mask: undefined };
}

/** Consecutive elements where the mask holds; 0 elsewhere. */
export function loadMasked(buffer: FlatBuffer, at: Operand, mask: Expr): Load {
  const { dtype, lanes } = mask.type;
  if (dtype !== 'i1') fail(`load masked by ${valueTypeText(mask.type)}`);
  if (isConstant(mask) && mask.value !== 0) return load(buffer, at, lanes);
  const type = vector(buffer.dtype, lanes);
  return { kind: 'load', type, mode: 'masked', buffer, index: scalarIndex('load', at), mask };
}

/** One element a lane of `at`; where there is a mask, 0 outside it. */
export function gather(buffer: FlatBuffer, at: Expr, mask?: Expr): Load {
  if (at.type.dtype !== 'index') fail(`gather at indices of type ${valueTypeText(at.type)}`);
  if (mask !== undefined && (mask.type.dtype !== 'i1' || mask.type.lanes !== at.type.lanes))
    fail(`gather masked by ${valueTypeText(mask.type)}`);
  return { kind: 'load', type: vector(buffer.dtype, at.type.lanes), mode: 'gather', buffer, index: at, mask };
}
