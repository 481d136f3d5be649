/** Reducers as combiners: their identity where it is known, and what may be done with the order of combining. */
import type { BinaryOp } from '../kernel/scalar-ops.ts';
import type { Combiner, ValueExpr } from '../kernel/structured-kernel.ts';
import { elementBytes, isFloatKernelDType, isUnsignedKernelDType, type KernelDType } from '../kernel/value-type.ts';
import { accumulatorValue, binary, constantValue, elementValue, selectValue } from './expressions.ts';

/** Reductions by these are regrouped and reordered at will; sums and products of floats under docs/numerics.md. */
export type MonoidOp = 'add' | 'multiply' | 'minimum' | 'maximum' | 'and' | 'or' | 'xor';

const monoidOps: ReadonlySet<BinaryOp> = new Set<BinaryOp>([
  'add', 'multiply', 'minimum', 'maximum', 'and', 'or', 'xor',
]); // prettier-ignore

/** A reduction as a stage wants it: `finish[i]` is result i, from the accumulators. */
export interface Reduction {
  readonly combiner: Combiner;
  readonly finish: readonly ValueExpr[];
}

/** The op, when result `index` is accumulator `index` combined with element `index` by nothing else. */
function monoidOf(result: ValueExpr, index: number): MonoidOp | undefined {
  if (result.kind !== 'binary' || !monoidOps.has(result.op)) return undefined;
  const { lhs, rhs } = result;
  const isPair = (a: ValueExpr, b: ValueExpr): boolean =>
    a.kind === 'accumulator' && b.kind === 'element' && a.index === index && b.index === index;
  return isPair(lhs, rhs) || isPair(rhs, lhs) ? (result.op as MonoidOp) : undefined;
}

/** The element that changes nothing. The sum of floats starts at -0, which even a sum of nothing but -0 keeps. */
function identityOf(op: MonoidOp, dtype: KernelDType): number | bigint {
  const { least, greatest } = extremes(dtype);
  switch (op) {
    case 'add':
      return isFloatKernelDType(dtype) ? -0 : zeroOf(dtype);
    case 'or':
    case 'xor':
      return zeroOf(dtype);
    case 'multiply':
      return typeof zeroOf(dtype) === 'bigint' ? 1n : 1;
    case 'minimum':
      return greatest;
    case 'maximum':
      return least;
    case 'and':
      return isUnsignedKernelDType(dtype) ? greatest : typeof zeroOf(dtype) === 'bigint' ? -1n : -1;
    default:
      return op satisfies never;
  }
}

function zeroOf(dtype: KernelDType): number | bigint {
  return dtype === 'i64' || dtype === 'ui64' ? 0n : 0;
}

function extremes(dtype: KernelDType): { readonly least: number | bigint; readonly greatest: number | bigint } {
  if (isFloatKernelDType(dtype)) return { least: -Infinity, greatest: Infinity };
  if (dtype === 'i1') return { least: 0, greatest: 1 };
  const bits = BigInt(elementBytes(dtype) * 8);
  const isUnsigned = isUnsignedKernelDType(dtype);
  const least = isUnsigned ? 0n : -(1n << (bits - 1n));
  const greatest = (1n << (isUnsigned ? bits : bits - 1n)) - 1n;
  return bits === 64n ? { least, greatest } : { least: Number(least), greatest: Number(greatest) };
}

/** A sum of products, as contractions are. */
export function sumReduction(dtype: KernelDType, result: KernelDType): Reduction {
  const op = dtype === 'i1' ? 'or' : 'add';
  const sum = accumulatorValue(dtype, 0);
  return {
    combiner: {
      dtypes: [dtype],
      identity: [zeroOf(dtype)],
      results: [binary(op, sum, elementValue(dtype, 0))],
      isAssociative: true,
      isCommutative: true,
      mayReassociate: true,
    },
    finish: [dtype === result ? sum : { kind: 'convert', dtype: result, operand: sum }],
  };
}

/**
 * The reducer with these results, from these initial values; `constants[i]` is initial value i where it is known. A monoid starts
 * from its identity and takes the initial value at the end; anything else keeps its order, from the initial values on.
 */
export function reductionOf(
  results: readonly ValueExpr[],
  initial: readonly ValueExpr[],
  constants: readonly (number | bigint | undefined)[],
): Reduction {
  const dtypes = results.map(({ dtype }) => dtype);
  const ops = results.map(monoidOf);
  if (!ops.every((op) => op !== undefined)) return orderedReduction(results, initial, constants);
  const isNeutral = ops.map((op, index) => {
    const dtype = dtypes[index] ?? 'f32';
    const constant = constants[index];
    if (constant === undefined) return false;
    return constant === identityOf(op, dtype);
  });
  const identity = ops.map((op, index) => {
    const neutral = identityOf(op, dtypes[index] ?? 'f32');
    return isNeutral[index] === true ? (constants[index] ?? neutral) : neutral;
  });
  const finish = ops.map((op, index) => {
    const accumulator = accumulatorValue(dtypes[index] ?? 'f32', index);
    const start = initial[index];
    return isNeutral[index] === true || start === undefined ? accumulator : binary(op, start, accumulator);
  });
  return {
    combiner: { dtypes, identity, results, isAssociative: true, isCommutative: true, mayReassociate: true },
    finish,
  };
}

function orderedReduction(
  results: readonly ValueExpr[],
  initial: readonly ValueExpr[],
  constants: readonly (number | bigint | undefined)[],
): Reduction {
  const dtypes = results.map(({ dtype }) => dtype);
  const identity = constants.filter((constant) => constant !== undefined);
  const flags = { isAssociative: false, isCommutative: false, mayReassociate: false };
  const accumulators = dtypes.map((dtype, index) => accumulatorValue(dtype, index));
  if (identity.length === dtypes.length)
    return { combiner: { dtypes, identity, results, ...flags }, finish: accumulators };
  const started = accumulatorValue('i1', dtypes.length);
  const begun = accumulators.map((accumulator, index) =>
    selectValue(started, accumulator, initial[index] ?? accumulator),
  );
  const next = results.map((result) =>
    substituteLeaves(result, (leaf) => (leaf.kind === 'accumulator' ? (begun[leaf.index] ?? leaf) : leaf)),
  );
  return {
    combiner: {
      dtypes: [...dtypes, 'i1'],
      identity: [...dtypes.map((dtype) => zeroOf(dtype)), 0],
      results: [...next, constantValue('i1', 1)],
      ...flags,
    },
    finish: begun,
  };
}

/** The DAG with other accumulators and elements; shared nodes stay shared, with what is `known` too. Not for DAGs with loads. */
export function substituteLeaves(
  root: ValueExpr,
  replace: (leaf: ValueExpr) => ValueExpr,
  known = new Map<ValueExpr, ValueExpr>(),
): ValueExpr {
  const visit = (value: ValueExpr): ValueExpr => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const made = rebuild(value);
    known.set(value, made);
    return made;
  };
  const rebuild = (value: ValueExpr): ValueExpr => {
    switch (value.kind) {
      case 'accumulator':
      case 'element':
        return replace(value);
      case 'unary':
      case 'convert':
      case 'bitcast':
        return { ...value, operand: visit(value.operand) };
      case 'binary':
      case 'compare':
        return { ...value, lhs: visit(value.lhs), rhs: visit(value.rhs) };
      case 'select':
        return {
          ...value,
          predicate: visit(value.predicate),
          onTrue: visit(value.onTrue),
          onFalse: visit(value.onFalse),
        };
      case 'constant':
      case 'load':
      case 'index':
      case 'guarded':
        return value;
      default:
        return value satisfies never;
    }
  };
  return visit(root);
}
