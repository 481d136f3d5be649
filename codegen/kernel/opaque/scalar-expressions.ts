/** The region of an opaque op as loop expressions: its arguments are scalars at hand (or vectors, element by element), and so are its results. */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../../ir/operation.ts';
import { elementValue, constantValue, requireKernelDType, unsupportedKernel } from '../../kernelize/expressions.ts';
import { scalarRegion } from '../../kernelize/scalar-region.ts';
import { constantNumber } from '../../kernelize/splat-constant.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import { binary, bitcast, compare, constant, convert, select, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { ValueExpr } from '../structured-kernel.ts';
import { vector } from '../value-type.ts';

/** Emits the region on some arguments; each call computes it once more. */
export type RegionEmitter = (args: readonly Expr[]) => readonly Expr[];

/** A region as values of its arguments. */
export interface RegionValues {
  readonly args: readonly ValueExpr[];
  readonly results: readonly ValueExpr[];
}

/** Throws a DiagnosticError of kind `unsupported` where the region is more than arithmetic on its arguments. */
export function regionValues(op: Operation, regionIndex = 0): RegionValues {
  const { block } = op.region(regionIndex);
  const args = block.arguments.map((argument, index) => elementValue(requireKernelDType(argument, op), index));
  return { args, results: scalarRegion(op, args, (value) => capturedConstant(value, op), regionIndex) };
}

export function regionEmitter(loops: LoopBuilder, op: Operation, regionIndex = 0): RegionEmitter {
  return valuesEmitter(loops, regionValues(op, regionIndex));
}

export function valuesEmitter(loops: LoopBuilder, { args, results }: RegionValues): RegionEmitter {
  const shared = sharedValues(results);
  return (given) => {
    const known = new Map<ValueExpr, Expr>();
    for (const [index, arg] of args.entries()) {
      const expr = given[index];
      if (expr === undefined) throw new InvariantError(`a region of ${args.length} arguments is given ${given.length}`);
      known.set(arg, convert(arg.dtype, expr));
    }
    const lanes = given[0]?.type.lanes ?? 1;
    return results.map((value) => emitScalar(loops, value, { known, shared, lanes }));
  };
}

function capturedConstant(value: Value, op: Operation): ValueExpr {
  const number = constantNumber(value);
  if (number === undefined) throw unsupportedKernel(op, 'its region uses a value from outside that is no constant');
  return constantValue(requireKernelDType(value, op), number);
}

interface Emission {
  readonly known: Map<ValueExpr, Expr>;
  readonly shared: ReadonlySet<ValueExpr>;
  readonly lanes: number;
}

function emitScalar(loops: LoopBuilder, value: ValueExpr, emission: Emission): Expr {
  const { known, shared, lanes } = emission;
  const done = known.get(value);
  if (done !== undefined) return done;
  const expr = nodeOf(value, lanes, (operand) => emitScalar(loops, operand, emission));
  const kept = shared.has(value) ? loops.let('v', expr) : expr;
  known.set(value, kept);
  return kept;
}

function nodeOf(value: ValueExpr, lanes: number, emit: (operand: ValueExpr) => Expr): Expr {
  switch (value.kind) {
    case 'constant':
      return constant(vector(value.dtype, lanes), value.value);
    case 'unary':
      return unary(value.op, emit(value.operand));
    case 'binary':
      return binary(value.op, emit(value.lhs), emit(value.rhs));
    case 'compare':
      return compare(value.op, emit(value.lhs), emit(value.rhs));
    case 'select':
      return select(emit(value.predicate), emit(value.onTrue), emit(value.onFalse));
    case 'convert':
      return convert(value.dtype, emit(value.operand));
    case 'bitcast':
      return bitcast(vector(value.dtype, lanes), emit(value.operand));
    case 'load':
    case 'index':
    case 'guarded':
    case 'accumulator':
    case 'element':
      throw new InvariantError(`${value.kind} in the region of an opaque op`);
    default:
      return value satisfies never;
  }
}

/** Nodes that more than one other uses. */
function sharedValues(results: readonly ValueExpr[]): ReadonlySet<ValueExpr> {
  const seen = new Set<ValueExpr>();
  const shared = new Set<ValueExpr>();
  const visit = (value: ValueExpr): void => {
    if (seen.has(value)) {
      shared.add(value);
      return;
    }
    seen.add(value);
    operandsOfValue(value).forEach(visit);
  };
  results.forEach(visit);
  return shared;
}

/** All that the values are computed from, and they themselves. */
export function usedValues(values: readonly ValueExpr[]): ReadonlySet<ValueExpr> {
  const seen = new Set<ValueExpr>();
  const visit = (value: ValueExpr): void => {
    if (seen.has(value)) return;
    seen.add(value);
    operandsOfValue(value).forEach(visit);
  };
  values.forEach(visit);
  return seen;
}

export function operandsOfValue(value: ValueExpr): readonly ValueExpr[] {
  switch (value.kind) {
    case 'unary':
    case 'convert':
    case 'bitcast':
      return [value.operand];
    case 'binary':
    case 'compare':
      return [value.lhs, value.rhs];
    case 'select':
      return [value.predicate, value.onTrue, value.onFalse];
    case 'constant':
    case 'load':
    case 'index':
    case 'guarded':
    case 'accumulator':
    case 'element':
      return [];
    default:
      return value satisfies never;
  }
}
