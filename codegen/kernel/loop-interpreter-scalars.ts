/**
 * Scalar expressions of the loop interpreter, as closures over a frame's slots. The common ops on f32, f64, i32 and indices are
 * spelled out, so that the engine sees arithmetic instead of a call.
 */
import { f32FromBits, f32ToBits } from '../../ir/numerics/index.ts';
import type { Expr, Load } from './loop-ir.ts';
import { checkRead, isPoisoned, numberReader } from './loop-interpreter-access.ts';
import type { Eval, Lanes, Layout, Value } from './loop-interpreter-frame.ts';
import {
  bitcastLanes,
  type Compiler,
  fmaFunction,
  scalarBinary,
  scalarCompare,
  scalarUnary,
} from './loop-interpreter-operations.ts';
import { compileVector } from './loop-interpreter-vectors.ts';
import { conversion, isBigintDType } from './scalar-semantics.ts';
import type { BinaryOp } from './scalar-ops.ts';

export const compiler: Compiler = {
  number: compileNumber,
  bigint: compileBigint,
  vector: (expr, layout) => compileVector(expr, layout, compiler),
  value: compileValue,
  lanes: compileLanes,
};

function compileValue(expr: Expr, layout: Layout): Eval<Value> {
  return isBigintDType(expr.type.dtype) ? compileBigint(expr, layout) : compileNumber(expr, layout);
}

function compileLanes(expr: Expr, layout: Layout): Eval<Lanes> {
  if (expr.type.lanes !== 1) return compileVector(expr, layout, compiler);
  const value = compileValue(expr, layout);
  return (frame) => ({ values: [value(frame)], poison: undefined });
}

function compileNumber(expr: Expr, layout: Layout): Eval<number> {
  switch (expr.kind) {
    case 'constant': {
      const value = Number(expr.value);
      return () => value;
    }
    case 'variable': {
      const slot = layout.slot(expr.variable);
      return (frame) => frame.numbers[slot] ?? 0;
    }
    case 'size': {
      const slot = layout.sizeSlot(expr.size);
      return (frame) => frame.numbers[slot] ?? 0;
    }
    case 'unary': {
      const op = scalarUnary(expr.op, expr.operand.type.dtype, layout.site) as (x: number) => number;
      const operand = compileNumber(expr.operand, layout);
      return (frame) => op(operand(frame));
    }
    case 'binary':
      return compileNumberBinary(expr, layout);
    case 'compare':
      return compileCompare(expr, layout);
    case 'fma':
      return compileFma(expr, layout);
    case 'select': {
      const predicate = compileNumber(expr.predicate, layout);
      const onTrue = compileNumber(expr.onTrue, layout);
      const onFalse = compileNumber(expr.onFalse, layout);
      // Both are evaluated, as a machine would: a load that is out of range is out of range.
      return (frame) => {
        const yes = onTrue(frame);
        const no = onFalse(frame);
        return predicate(frame) === 0 ? no : yes;
      };
    }
    case 'convert':
      return compileConvert(expr, layout) as Eval<number>;
    case 'load':
      return compileLoad(expr, layout);
    case 'bitcast':
    case 'splat':
    case 'extract':
    case 'insert':
    case 'shuffle':
    case 'lane-reduce':
    case 'tail-mask':
      return compileFromLanes(expr, layout) as Eval<number>;
    default:
      return expr satisfies never;
  }
}

function compileNumberBinary({ op, type, lhs, rhs }: Extract<Expr, { kind: 'binary' }>, layout: Layout): Eval<number> {
  const a = compileNumber(lhs, layout);
  const b = compileNumber(rhs, layout);
  const plain = plainBinary(op, type.dtype, a, b);
  if (plain !== undefined) return plain;
  const compute = scalarBinary(op, type.dtype, layout.site) as (x: number, y: number) => number;
  return (frame) => compute(a(frame), b(frame));
}

function plainBinary(op: BinaryOp, dtype: string, a: Eval<number>, b: Eval<number>): Eval<number> | undefined {
  if (dtype === 'f32') {
    if (op === 'add') return (frame) => Math.fround(a(frame) + b(frame));
    if (op === 'subtract') return (frame) => Math.fround(a(frame) - b(frame));
    if (op === 'multiply') return (frame) => Math.fround(a(frame) * b(frame));
  }
  if (dtype === 'f64' || dtype === 'index') {
    if (op === 'add') return (frame) => a(frame) + b(frame);
    if (op === 'subtract') return (frame) => a(frame) - b(frame);
  }
  if (dtype === 'f64' && op === 'multiply') return (frame) => a(frame) * b(frame);
  if (dtype === 'index' && op === 'multiply') return (frame) => a(frame) * b(frame) + 0;
  if (dtype === 'i32') {
    if (op === 'add') return (frame) => (a(frame) + b(frame)) | 0;
    if (op === 'subtract') return (frame) => (a(frame) - b(frame)) | 0;
    if (op === 'multiply') return (frame) => Math.imul(a(frame), b(frame));
  }
  if (dtype === 'i1') {
    if (op === 'and') return (frame) => a(frame) & b(frame);
    if (op === 'or') return (frame) => a(frame) | b(frame);
  }
  return undefined;
}

function compileCompare({ op, lhs, rhs }: Extract<Expr, { kind: 'compare' }>, layout: Layout): Eval<number> {
  if (isBigintDType(lhs.type.dtype)) {
    const compare = scalarCompare(op, lhs.type.dtype) as (x: bigint, y: bigint) => number;
    const a = compileBigint(lhs, layout);
    const b = compileBigint(rhs, layout);
    return (frame) => compare(a(frame), b(frame));
  }
  const a = compileNumber(lhs, layout);
  const b = compileNumber(rhs, layout);
  if (op === 'lt') return (frame) => (a(frame) < b(frame) ? 1 : 0);
  if (op === 'ge') return (frame) => (a(frame) >= b(frame) ? 1 : 0);
  const compare = scalarCompare(op, lhs.type.dtype) as (x: number, y: number) => number;
  return (frame) => compare(a(frame), b(frame));
}

function compileFma(expr: Extract<Expr, { kind: 'fma' }>, layout: Layout): Eval<number> {
  const a = compileNumber(expr.a, layout);
  const b = compileNumber(expr.b, layout);
  const c = compileNumber(expr.c, layout);
  const isFused = expr.rounding === 'exact' || layout.fusesMultiplyAdd;
  if (expr.type.dtype === 'f32' && !isFused) return (frame) => Math.fround(Math.fround(a(frame) * b(frame)) + c(frame));
  const compute = fmaFunction(expr.type.dtype, isFused);
  return (frame) => compute(a(frame), b(frame), c(frame));
}

function compileConvert({ operand, type }: Extract<Expr, { kind: 'convert' }>, layout: Layout): Eval<Value> {
  const value = compileValue(operand, layout);
  const compute = conversion(operand.type.dtype, type.dtype);
  return (frame) => compute(value(frame));
}

function compileLoad({ buffer, index, mode, mask }: Load, layout: Layout): Eval<number> {
  const slot = layout.bufferSlot(buffer);
  const { site } = layout;
  const read = numberReader(buffer.dtype);
  const at = compileNumber(index, layout);
  const isOn = mask === undefined ? undefined : compileNumber(mask, layout);
  if (isOn === undefined || (mode !== 'masked' && mode !== 'gather'))
    return (frame) => {
      const memory = frame.memory[slot];
      if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
      const position = at(frame);
      checkRead(memory, position, frame, site);
      return read(memory, position);
    };
  return (frame) => {
    const memory = frame.memory[slot];
    if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
    if (isOn(frame) === 0) return 0;
    const position = at(frame);
    checkRead(memory, position, frame, site);
    return read(memory, position);
  };
}

function compileBigintLoad({ buffer, index, mask }: Load, layout: Layout): Eval<bigint> {
  const slot = layout.bufferSlot(buffer);
  const { site } = layout;
  const at = compileNumber(index, layout);
  const isOn = mask === undefined ? undefined : compileNumber(mask, layout);
  return (frame) => {
    const memory = frame.memory[slot];
    if (memory === undefined) return site.fail(`${buffer.name} does not exist here`);
    if (isOn?.(frame) === 0) return 0n;
    const position = at(frame);
    checkRead(memory, position, frame, site);
    return memory.bigints[position] ?? 0n;
  };
}

function compileBigint(expr: Expr, layout: Layout): Eval<bigint> {
  switch (expr.kind) {
    case 'constant': {
      const value = BigInt(expr.value);
      return () => value;
    }
    case 'variable': {
      const slot = layout.slot(expr.variable);
      return (frame) => frame.bigints[slot] ?? 0n;
    }
    case 'unary': {
      const op = scalarUnary(expr.op, expr.type.dtype, layout.site) as (x: bigint) => bigint;
      const operand = compileBigint(expr.operand, layout);
      return (frame) => op(operand(frame));
    }
    case 'binary': {
      const op = scalarBinary(expr.op, expr.type.dtype, layout.site) as (x: bigint, y: bigint) => bigint;
      const a = compileBigint(expr.lhs, layout);
      const b = compileBigint(expr.rhs, layout);
      return (frame) => op(a(frame), b(frame));
    }
    case 'select': {
      const predicate = compileNumber(expr.predicate, layout);
      const onTrue = compileBigint(expr.onTrue, layout);
      const onFalse = compileBigint(expr.onFalse, layout);
      return (frame) => {
        const yes = onTrue(frame);
        const no = onFalse(frame);
        return predicate(frame) === 0 ? no : yes;
      };
    }
    case 'convert':
      return compileConvert(expr, layout) as Eval<bigint>;
    case 'load':
      return compileBigintLoad(expr, layout);
    case 'bitcast':
    case 'splat':
    case 'extract':
    case 'insert':
    case 'shuffle':
    case 'lane-reduce':
      return compileFromLanes(expr, layout) as Eval<bigint>;
    case 'compare':
    case 'fma':
    case 'size':
    case 'tail-mask':
      return layout.site.fail(`${expr.kind} gives no ${expr.type.dtype}`);
    default:
      return expr satisfies never;
  }
}

type FromLanes = Extract<
  Expr,
  { kind: 'bitcast' | 'splat' | 'extract' | 'insert' | 'shuffle' | 'lane-reduce' | 'tail-mask' }
>;

/** Scalars that come from vectors, and the vector operations with one lane. */
function compileFromLanes(expr: FromLanes, layout: Layout): Eval<Value> {
  const { site } = layout;
  switch (expr.kind) {
    case 'extract':
      return takeLane(compileLanes(expr.operand, layout), expr.lane, layout);
    case 'lane-reduce': {
      const op = scalarBinary(expr.op, expr.type.dtype, site);
      const operand = compileLanes(expr.operand, layout);
      return (frame) => {
        const lanes = operand(frame);
        if (lanes.poison !== undefined && lanes.poison.includes(1))
          site.fail('a reduced lane comes from memory that nothing has written');
        return reducedPairwise(lanes.values, op);
      };
    }
    case 'bitcast':
      return compileBitcast(expr, layout);
    case 'splat':
      return compileValue(expr.operand, layout);
    case 'insert':
      return compileValue(expr.value, layout);
    case 'shuffle':
    case 'tail-mask':
      return takeLane(compileVector(expr, layout, compiler), 0, layout);
    default:
      return expr satisfies never;
  }
}

function compileBitcast(expr: Extract<Expr, { kind: 'bitcast' }>, layout: Layout): Eval<Value> {
  const from = expr.operand.type.dtype;
  const to = expr.type.dtype;
  if (expr.operand.type.lanes === 1 && from === 'f32' && to === 'i32') {
    const operand = compileNumber(expr.operand, layout);
    return (frame) => f32ToBits(operand(frame)) | 0;
  }
  if (expr.operand.type.lanes === 1 && from === 'i32' && to === 'f32') {
    const operand = compileNumber(expr.operand, layout);
    return (frame) => f32FromBits(operand(frame) >>> 0);
  }
  return takeLane(bitcastLanes(expr.operand.type, expr.type, compileLanes(expr.operand, layout)), 0, layout);
}

function takeLane(operand: Eval<Lanes>, lane: number, layout: Layout): Eval<Value> {
  const { site } = layout;
  return (frame) => {
    const lanes = operand(frame);
    if (isPoisoned(lanes, lane)) site.fail(`lane ${lane} is used, but comes from memory that nothing has written`);
    return lanes.values[lane] as Value;
  };
}

/** The upper half onto the lower one, until one lane is left. */
function reducedPairwise(values: readonly Value[], op: (x: Value, y: Value) => Value): Value {
  let current = values;
  while (current.length > 1) {
    const half = current.length >> 1;
    const upper = current.slice(half);
    current = current.slice(0, half).map((value, lane) => op(value, upper[lane] as Value));
  }
  return current[0] as Value;
}
