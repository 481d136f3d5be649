/** Loop IR expressions to WebAssembly, one case a node. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import type { Expr } from '../kernel/loop-ir.ts';
import type { KernelDType } from '../kernel/value-type.ts';
import type { WasmExpr, WasmOp } from './builder.ts';
import { bitcast, convertScalar, convertVector, narrowWithin } from './convert-instructions.ts';
import { floatRange } from './float-range.ts';
import type { KernelContext } from './kernel-context.ts';
import { printLoad, printTailMask } from './print-memory.ts';
import { scalarBinary, scalarCompare, scalarUnary } from './scalar-instructions.ts';
import { constantExpr, constantVector, registerLaneBytes, scalarForm, shapeOf } from './value-form.ts';
import { extractLane, replaceLane, resizeMask, shuffleLanes, splatScalar } from './vector-lanes.ts';
import { laneReduce, vectorBinary, vectorCompare, vectorUnary } from './vector-instructions.ts';

export function printExpression(context: KernelContext, expr: Expr): WasmExpr {
  const { f } = context;
  const { type } = expr;
  const print = (each: Expr): WasmExpr => context.expr(each);
  switch (expr.kind) {
    case 'constant':
      return constantExpr(f, type, expr.value);
    case 'variable': {
      const binding = context.binding(expr.variable);
      return binding.kind === 'constant' ? f.i32(binding.value) : f.get(binding.local);
    }
    case 'size':
      return context.size(expr.size);
    case 'unary': {
      const { op, operand } = expr;
      if (type.lanes > 1) return vectorUnary(f, op, operand.type, print(operand));
      return scalarUnary(f, op, operand.type.dtype, print(operand));
    }
    case 'binary':
      return printBinary(context, expr);
    case 'compare': {
      const { op, lhs, rhs } = expr;
      if (lhs.type.lanes > 1) return vectorCompare(f, op, lhs.type, print(lhs), print(rhs));
      return scalarCompare(f, op, lhs.type.dtype, print(lhs), print(rhs));
    }
    case 'select':
      return printSelect(context, expr);
    case 'convert': {
      const { operand } = expr;
      if (type.lanes > 1) return printVectorConvert(context, type.dtype, operand);
      return convertScalar(f, operand.type.dtype, type.dtype, print(operand));
    }
    case 'bitcast':
      return bitcast(f, expr.operand.type, type, print(expr.operand));
    case 'fma':
      return printFma(context, expr);
    case 'splat':
      return splatScalar(f, type, print(expr.operand));
    case 'extract':
      return extractLane(f, expr.operand.type, print(expr.operand), expr.lane);
    case 'insert': {
      const lanes = knownLanes(expr);
      if (lanes !== undefined) return f.v128(constantVector(type, lanes));
      return replaceLane(f, type, print(expr.operand), expr.lane, print(expr.value));
    }
    case 'shuffle':
      return printShuffle(context, expr);
    case 'lane-reduce':
      return laneReduce(f, expr.op, expr.operand.type, print(expr.operand));
    case 'load':
      return printLoad(context, expr);
    case 'tail-mask':
      return printTailMask(context, type, print(expr.count));
    default:
      return expr satisfies never;
  }
}

/** The numbers of a vector that is made of constants lane by lane. */
function knownLanes(expr: Expr): readonly (number | bigint)[] | undefined {
  if (expr.type.dtype === 'i1') return undefined;
  if (expr.kind === 'constant') return Array<number | bigint>(expr.type.lanes).fill(expr.value);
  if (expr.kind !== 'insert' || expr.value.kind !== 'constant') return undefined;
  return knownLanes(expr.operand)?.with(expr.lane, expr.value.value);
}

function printBinary(context: KernelContext, { op, type, lhs, rhs }: Extract<Expr, { kind: 'binary' }>): WasmExpr {
  const [x, y] = [context.expr(lhs), context.expr(rhs)];
  if (type.lanes > 1) return vectorBinary(context.f, op, type, x, y, rhs);
  return scalarBinary(context.f, op, type.dtype, x, y, rhs.kind === 'constant' ? rhs.value : undefined);
}

function printVectorConvert(context: KernelContext, to: KernelDType, operand: Expr): WasmExpr {
  const { f, target } = context;
  const value = context.expr(operand);
  const narrowing = { range: floatRange(operand), relaxed: target.relaxed };
  return narrowWithin(f, operand.type, to, value, narrowing) ?? convertVector(f, operand.type, to, value);
}

function printSelect(context: KernelContext, expr: Extract<Expr, { kind: 'select' }>): WasmExpr {
  const { f } = context;
  const lesser = lesserOrGreater(expr);
  if (lesser !== undefined) return f.binary(lesser.op, context.expr(lesser.lhs), context.expr(lesser.rhs));
  const [predicate, onTrue, onFalse] = [expr.predicate, expr.onTrue, expr.onFalse].map((each) => context.expr(each));
  if (predicate === undefined || onTrue === undefined || onFalse === undefined) return context.fail('a select');
  if (expr.predicate.type.lanes === 1) return f.select(predicate, onTrue, onFalse);
  const mask = resizeMask(f, predicate, expr.type.lanes, registerLaneBytes(expr.type));
  if (isAllZero(expr.onFalse)) return f.binary('AndVec128', mask, onTrue);
  // All bits of a lane are equal, so that any engine gives the same.
  const op: WasmOp = context.target.relaxed ? laneSelect[shapeOf(expr.type)] : 'BitselectVec128';
  return f.ternary(op, onTrue, onFalse, mask);
}

/**
 * `u < v ? u : v` and `u < v ? v : u`, one instruction each: pmin(x, y) is `y < x ? y : x`, pmax(x, y) `x < y ? y : x`, of NaN and zeros
 * as well.
 */
function lesserOrGreater({
  predicate,
  onTrue,
  onFalse,
  type,
}: Extract<Expr, { kind: 'select' }>): { readonly op: WasmOp; readonly lhs: Expr; readonly rhs: Expr } | undefined {
  const isFloat = type.dtype === 'f32' || type.dtype === 'f64';
  if (type.lanes === 1 || !isFloat || predicate.kind !== 'compare') return undefined;
  if (predicate.op !== 'lt' && predicate.op !== 'gt') return undefined;
  const [u, v] = predicate.op === 'lt' ? [predicate.lhs, predicate.rhs] : [predicate.rhs, predicate.lhs];
  const shape = type.dtype === 'f32' ? 'F32x4' : 'F64x2';
  if (isSame(onTrue, u) && isSame(onFalse, v)) return { op: `PMinVec${shape}`, lhs: v, rhs: u };
  return isSame(onTrue, v) && isSame(onFalse, u) ? { op: `PMaxVec${shape}`, lhs: u, rhs: v } : undefined;
}

function isSame(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind === 'variable') return b.kind === 'variable' && a.variable.id === b.variable.id;
  return a.kind === 'constant' && b.kind === 'constant' && Object.is(a.value, b.value) && a.type.dtype === b.type.dtype;
}

/** No bit is set: a value or this is the value's bits where the mask has them. */
function isAllZero(expr: Expr): boolean {
  if (expr.kind === 'splat') return isAllZero(expr.operand);
  return expr.kind === 'constant' && (Object.is(expr.value, 0) || expr.value === 0n);
}

const laneSelect = {
  I8x16: 'RelaxedLaneselectI8x16',
  I16x8: 'RelaxedLaneselectI16x8',
  I32x4: 'RelaxedLaneselectI32x4',
  I64x2: 'RelaxedLaneselectI64x2',
  F32x4: 'RelaxedLaneselectI32x4',
  F64x2: 'RelaxedLaneselectI64x2',
} as const;

function printFma(context: KernelContext, expr: Extract<Expr, { kind: 'fma' }>): WasmExpr {
  const { f } = context;
  const { type } = expr;
  if (expr.rounding === 'exact')
    throw new DiagnosticError({
      code: 'E3120',
      kind: 'unsupported',
      message: `kernel ${context.kernel.name}: a multiply-add of ${type.dtype} that rounds once; WebAssembly has none`,
    });
  const [x, y, z] = [context.expr(expr.a), context.expr(expr.b), context.expr(expr.c)];
  const isVector = type.lanes > 1 && (type.dtype === 'f32' || type.dtype === 'f64');
  if (isVector && context.target.relaxed)
    return f.ternary(type.dtype === 'f32' ? 'RelaxedMaddVecF32x4' : 'RelaxedMaddVecF64x2', x, y, z);
  if (type.lanes > 1) return vectorBinary(f, 'add', type, vectorBinary(f, 'multiply', type, x, y), z);
  return scalarBinary(f, 'add', type.dtype, scalarBinary(f, 'multiply', type.dtype, x, y), z);
}

function printShuffle(context: KernelContext, expr: Extract<Expr, { kind: 'shuffle' }>): WasmExpr {
  const { f } = context;
  const { lhs, rhs, lanes } = expr;
  const { type } = lhs;
  const [only] = lanes;
  if (lanes.length === 1 && only !== undefined) {
    const side = only < type.lanes ? lhs : rhs;
    if (type.lanes === 1) return context.expr(side);
    return extractLane(f, type, context.expr(side), only % type.lanes);
  }
  if (type.lanes > 1) return shuffleLanes(f, type, context.expr(lhs), context.expr(rhs), lanes);
  const scalars = [lhs, rhs].map((side) => f.hold(scalarForm(side.type.dtype), context.expr(side)));
  let result: WasmExpr | undefined;
  for (const [lane, from] of lanes.entries()) {
    const value = scalars[from]?.() ?? context.fail('a shuffle');
    result = result === undefined ? splatScalar(f, expr.type, value) : replaceLane(f, expr.type, result, lane, value);
  }
  return result ?? context.fail('a shuffle of no lanes');
}
