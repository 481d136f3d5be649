/** Types of loop IR expressions, node by node. Each rule gives what is wrong, or undefined. */
import { takesBinary, takesUnary, unaryResultType } from './loop-expressions.ts';
import type { Expr, Load } from './loop-ir.ts';
import { isBigintDType } from './scalar-semantics.ts';
import {
  elementBytes,
  equalValueTypes,
  isFloatKernelDType,
  scalar,
  type ValueType,
  valueTypeText,
} from './value-type.ts';

const text = valueTypeText;

function mask(lanes: number): ValueType {
  return { dtype: 'i1', lanes };
}

function expectType(what: string, actual: ValueType, expected: ValueType): string | undefined {
  return equalValueTypes(actual, expected) ? undefined : `${what} has type ${text(actual)}, not ${text(expected)}`;
}

function firstOf(...problems: readonly (string | undefined | false)[]): string | undefined {
  for (const problem of problems) if (typeof problem === 'string') return problem;
  return undefined;
}

/** Looks at the node alone; its operands are checked before. */
export function typeProblem(expr: Expr): string | undefined {
  const { type } = expr;
  if (!Number.isInteger(type.lanes) || type.lanes < 1) return `${type.lanes} lanes`;
  switch (expr.kind) {
    case 'constant':
      return constantProblem(expr);
    case 'variable':
      return expectType(`the use of ${expr.variable.name}`, type, expr.variable.type);
    case 'size':
      return expectType('a size', type, scalar('index'));
    case 'unary':
      return firstOf(
        !takesUnary(expr.op, expr.operand.type.dtype) && `${expr.op} of ${text(expr.operand.type)}`,
        expectType(expr.op, type, unaryResultType(expr.op, expr.operand.type)),
      );
    case 'binary':
      return firstOf(
        !takesBinary(expr.op, type.dtype) && `${expr.op} of ${text(type)}`,
        expectType(`lhs of ${expr.op}`, expr.lhs.type, type),
        expectType(`rhs of ${expr.op}`, expr.rhs.type, type),
      );
    case 'compare':
      return firstOf(
        expectType('rhs of compare', expr.rhs.type, expr.lhs.type),
        expectType('compare', type, mask(expr.lhs.type.lanes)),
      );
    case 'select':
      return firstOf(
        expectType('a value of select', expr.onTrue.type, type),
        expectType('a value of select', expr.onFalse.type, type),
        expr.predicate.type.lanes !== 1 && expectType('the predicate', expr.predicate.type, mask(type.lanes)),
        expr.predicate.type.dtype !== 'i1' && `select by ${text(expr.predicate.type)}`,
      );
    case 'convert':
      return expr.operand.type.lanes === type.lanes
        ? undefined
        : `convert of ${text(expr.operand.type)} to ${text(type)}`;
    case 'bitcast':
      return bitcastProblem(expr.operand.type, type);
    case 'fma':
      return firstOf(
        !isFloatKernelDType(type.dtype) && `fma of ${text(type)}`,
        ...[expr.a, expr.b, expr.c].map((operand) => expectType('an operand of fma', operand.type, type)),
      );
    case 'splat':
      return expectType('the operand of splat', expr.operand.type, scalar(type.dtype));
    case 'extract':
      return firstOf(
        expectType('extract', type, scalar(expr.operand.type.dtype)),
        laneProblem(expr.lane, expr.operand.type.lanes),
      );
    case 'insert':
      return firstOf(
        expectType('the operand of insert', expr.operand.type, type),
        expectType('the value of insert', expr.value.type, scalar(type.dtype)),
        laneProblem(expr.lane, type.lanes),
      );
    case 'shuffle':
      return firstOf(
        expectType('rhs of shuffle', expr.rhs.type, expr.lhs.type),
        expectType('shuffle', type, { dtype: expr.lhs.type.dtype, lanes: expr.lanes.length }),
        ...expr.lanes.map((lane) => laneProblem(lane, 2 * expr.lhs.type.lanes)),
      );
    case 'lane-reduce': {
      const { dtype, lanes } = expr.operand.type;
      return firstOf(
        !takesBinary(expr.op, dtype) && `lane-reduce ${expr.op} of ${dtype}`,
        expectType('lane-reduce', type, scalar(dtype)),
        (lanes & (lanes - 1)) !== 0 && `lane-reduce of ${lanes} lanes, which have no halves`,
      );
    }
    case 'load':
      return loadProblem(expr);
    case 'tail-mask':
      return firstOf(
        expectType('the count', expr.count.type, scalar('index')),
        expectType('tail-mask', type, mask(type.lanes)),
      );
    default:
      return expr satisfies never;
  }
}

function laneProblem(lane: number, lanes: number): string | undefined {
  return Number.isInteger(lane) && lane >= 0 && lane < lanes ? undefined : `lane ${lane} of ${lanes}`;
}

function constantProblem({ type, value }: Extract<Expr, { kind: 'constant' }>): string | undefined {
  if ((typeof value === 'bigint') !== isBigintDType(type.dtype)) return `the constant ${value} of type ${text(type)}`;
  if (type.dtype === 'i1' && value !== 0 && value !== 1) return `the constant ${value} of type i1`;
  if (!isFloatKernelDType(type.dtype) && typeof value === 'number' && !Number.isSafeInteger(value))
    return `the constant ${value} of type ${text(type)}`;
  return undefined;
}

function bitcastProblem(from: ValueType, to: ValueType): string | undefined {
  const isOpaque = [from, to].some(({ dtype }) => dtype === 'i1' || dtype === 'index');
  const isSameSize = elementBytes(from.dtype) * from.lanes === elementBytes(to.dtype) * to.lanes;
  return !isOpaque && isSameSize ? undefined : `bitcast of ${text(from)} to ${text(to)}`;
}

function loadProblem({ buffer, mode, index, mask: where, type }: Load): string | undefined {
  if (buffer.access === 'write') return `load from ${buffer.name}, which is only written`;
  if (type.dtype !== buffer.dtype) return `load of ${text(type)} from ${buffer.name}, which has ${buffer.dtype}`;
  const at = { dtype: 'index', lanes: mode === 'gather' ? type.lanes : 1 } as const;
  return firstOf(
    expectType('the index', index.type, at),
    where !== undefined && expectType('the mask', where.type, mask(type.lanes)),
    mode === 'masked' && where === undefined && 'a masked load without a mask',
    (mode === 'plain' || mode === 'splat') && where !== undefined && `a ${mode} load with a mask`,
  );
}
