/**
 * Registers and memory in the forms a target has: an i1 in memory is a byte (0 or 1), f16 and bf16 are ui16 bits, and what little
 * arithmetic there is on them goes through f32, which is exact for one operation and a rounding.
 */
import { encodeFloat, floatFormats } from '../../ir/numerics/index.ts';
import { type HalfDType, isHalfDType, type Name, narrowToHalf, roundToOdd, widenHalf } from './half-floats.ts';
import { type RewriteRule, rewriteKernel } from './legalise-walk.ts';
import type { LoopBuilder } from './loop-builder.ts';
import { binary, bitcast, compare, constant, convert, laneReduce, select, unary } from './loop-expressions.ts';
import type { Expr, FlatBuffer, LoopKernel } from './loop-ir.ts';
import { expressionsOf, operandsOf, walkExpr, walkStatements } from './loop-walk.ts';
import type { TargetInfo } from './target-info.ts';
import { type KernelDType, type ValueType, vector } from './value-type.ts';

export function legaliseStorage(kernel: LoopKernel, target: TargetInfo): LoopKernel {
  const lacksHalf = (dtype: KernelDType): boolean => isHalfDType(dtype) && !target.arithmetic[dtype];
  if (!hasDType(kernel, (dtype) => dtype === 'i1' || lacksHalf(dtype))) return kernel;
  return rewriteKernel(kernel, (builder) => storageRule(builder, lacksHalf));
}

function hasDType(kernel: LoopKernel, test: (dtype: KernelDType) => boolean): boolean {
  let found = kernel.buffers.some(({ dtype }) => test(dtype));
  walkStatements(kernel.body, (statement) => {
    if (statement.kind === 'alloc') found ||= test(statement.buffer.dtype);
    for (const expr of expressionsOf(statement)) walkExpr(expr, ({ type }) => (found ||= test(type.dtype)));
  });
  return found;
}

function storageRule(builder: LoopBuilder, lacksHalf: (dtype: KernelDType) => boolean): RewriteRule {
  const name: Name = (text, value) => builder.let(text, value);
  const memory = (dtype: KernelDType): KernelDType => (dtype === 'i1' ? 'ui8' : lacksHalf(dtype) ? 'ui16' : dtype);
  const register = (type: ValueType): ValueType => (lacksHalf(type.dtype) ? { ...type, dtype: 'ui16' } : type);
  return {
    type: register,
    buffer: (buffer: FlatBuffer) => ({ ...buffer, dtype: memory(buffer.dtype) }),
    stored: (value) =>
      value.type.dtype === 'i1' ? select(value, constant(vector('ui8', value.type.lanes), 1), 0) : value,
    expr: (expr, original) => {
      if (expr.kind === 'load' && expr.type.dtype === 'i1')
        return compare('ne', { ...expr, type: vector('ui8', expr.type.lanes) }, 0);
      const inputs = operandsOf(original).map((operand) => operand.type.dtype);
      const touches = lacksHalf(expr.type.dtype) || inputs.some(lacksHalf);
      return touches ? halfExpr(expr, inputs, lacksHalf, name) : expr;
    },
  };
}

type Lacks = (dtype: KernelDType) => boolean;

/** An expression that takes or gives half floats; its operands are bits already. */
function halfExpr(expr: Expr, inputs: readonly KernelDType[], lacks: Lacks, name: Name): Expr {
  const wide = (operand: Expr, position: number): Expr => {
    const dtype = inputs[position];
    return dtype !== undefined && isHalfDType(dtype) && lacks(dtype) ? widenHalf(dtype, operand, name) : operand;
  };
  const { dtype, lanes } = expr.type;
  const narrow = (value: Expr): Expr => (isHalfDType(dtype) && lacks(dtype) ? narrowToHalf(dtype, value, name) : value);
  switch (expr.kind) {
    case 'constant':
      return constant(vector('ui16', lanes), encodeFloat(Number(expr.value), floatFormats[dtype as HalfDType]));
    case 'convert':
      return convertHalf(wide(expr.operand, 0), dtype, lacks, name);
    case 'bitcast':
      return bitcast(lacks(dtype) ? { dtype: 'ui16', lanes } : expr.type, expr.operand);
    case 'unary':
      return narrow(unary(expr.op, wide(expr.operand, 0)));
    case 'binary':
      return narrow(binary(expr.op, wide(expr.lhs, 0), wide(expr.rhs, 1)));
    case 'compare':
      return compare(expr.op, wide(expr.lhs, 0), wide(expr.rhs, 1));
    case 'fma':
      // The product is exact in f32 for f16 and bf16; so one rounding is left to the sum and one to the half.
      return narrow(binary('add', binary('multiply', wide(expr.a, 0), wide(expr.b, 1)), wide(expr.c, 2)));
    case 'lane-reduce':
      return narrow(laneReduce(expr.op, wide(expr.operand, 0)));
    case 'variable':
    case 'size':
    case 'tail-mask':
      return expr;
    case 'select':
    case 'splat':
    case 'extract':
    case 'insert':
    case 'shuffle':
    case 'load':
      return { ...expr, type: { dtype: 'ui16', lanes } };
    default:
      return expr satisfies never;
  }
}

function convertHalf(operand: Expr, dtype: KernelDType, lacks: Lacks, name: Name): Expr {
  if (!isHalfDType(dtype) || !lacks(dtype)) return convert(dtype, operand);
  const from = operand.type.dtype;
  if (from === 'f32') return narrowToHalf(dtype, operand, name);
  const isSmall = from === 'i1' || from === 'i8' || from === 'ui8' || from === 'i16' || from === 'ui16';
  if (isSmall) return narrowToHalf(dtype, convert('f32', operand), name);
  return narrowToHalf(dtype, roundToOdd(convert('f64', operand), name), name);
}
