/** What evaluating an op costs, roughly: decides what is computed at compile time. Needs static types. */
import type { Operation, Value } from '../ir/operation.ts';
import { convolution } from '../ir/ops/stablehlo/convolution.ts';
import { dot } from '../ir/ops/stablehlo/dot.ts';
import { dotGeneral } from '../ir/ops/stablehlo/dot-general.ts';
import { storageBytes } from '../ir/dtype.ts';
import { storageDType } from '../ir/elements.ts';
import { attrsOf, elementCount, isCumulativeWindow, staticTensor } from './match.ts';

/** Bytes of all values in storage form; Infinity when a size is not known. */
export function totalBytes(values: readonly Value[]): number {
  let bytes = 0;
  for (const { type } of values) {
    const tensor = staticTensor(type);
    if (tensor === undefined) return Infinity;
    bytes += (elementCount(tensor) ?? Infinity) * storageBytes(storageDType(tensor.element));
  }
  return bytes;
}

/** Scalar operations, estimated; Infinity where nobody can say, as of loops. */
export function estimateWork(op: Operation): number {
  const results = totalCount(op.results);
  const operands = totalCount(op.operands);
  const rule = workRules[op.name];
  if (rule !== undefined) return rule(op, results, operands);
  if (op.regions.length === 0) return results * (isTranscendental(op) ? 20 : 1);
  return (results + operands) * regionWork(op);
}

const transcendental: ReadonlySet<string> = new Set(
  [
    'atan2',
    'cbrt',
    'cosine',
    'exponential',
    'exponential_minus_one',
    'log',
    'log_plus_one',
    'logistic',
    'power',
    'sine',
    'tan',
    'tanh',
  ].map((name) => `stablehlo.${name}`),
);

/** Computed in pairs of doubles by the reference evaluator. */
function isTranscendental(op: Operation): boolean {
  return transcendental.has(op.name) || (op.name.startsWith('chlo.') && op.definition.traits.has('elementwise'));
}

/** The interpreter's price of an op in a region that it applies to scalars, one by one. */
const stepCost = 8;

type WorkRule = (op: Operation, results: number, operands: number) => number;

const workRules: Readonly<Record<string, WorkRule>> = {
  'stablehlo.while': () => Infinity,
  'stablehlo.dot_general': (op, results) => {
    const contracting = attrsOf(op, dotGeneral)?.dot_dimension_numbers.lhs_contracting_dimensions ?? [];
    return results * contractedSize(op, contracting);
  },
  [dot.name]: (op, results) =>
    results * contractedSize(op, [(staticTensor(op.operand(0).type)?.shape.length ?? 1) - 1]),
  [convolution.name]: (op, results) => results * (elementCount(op.operand(1).type) ?? Infinity),
  'stablehlo.dynamic_conv': (op, results) => results * (elementCount(op.operand(1).type) ?? Infinity),
  'stablehlo.reduce_window': (op, results, operands) => results * windowSize(op) * regionWork(op) + operands,
  'stablehlo.select_and_scatter': (op, results, operands) => operands * windowSize(op) * regionWork(op) + results,
  'stablehlo.sort': (op, results) => results * Math.ceil(Math.log2(results + 2)) * regionWork(op),
  'stablehlo.fft': (_op, results) => results * Math.ceil(Math.log2(results + 2)),
  'stablehlo.cholesky': (op, results) => results * lastSize(op),
  'stablehlo.triangular_solve': (op, results) => results * lastSize(op),
  'stablehlo.einsum': (_op, results, operands) => results * operands,
  'stablehlo.if': regionsOnce,
  'stablehlo.case': regionsOnce,
};

/** Branches run once, whatever the sizes of the results are. */
function regionsOnce(op: Operation): number {
  let work = 1;
  for (const region of op.regions) for (const inner of region.block.operations()) work += estimateWork(inner);
  return work;
}

/** Of one application of the op's regions. */
function regionWork(op: Operation): number {
  return regionsOnce(op) * stepCost;
}

function totalCount(values: readonly Value[]): number {
  let count = 0;
  for (const { type } of values) count += elementCount(type) ?? Infinity;
  return count;
}

function contractedSize(op: Operation, axes: readonly number[]): number {
  const shape = staticTensor(op.operand(0).type)?.shape ?? [];
  return axes.reduce((size, axis) => size * (shape[axis] ?? 1), 1);
}

function windowSize(op: Operation): number {
  const window = op.attribute('window_dimensions');
  if (window?.kind !== 'dense-array') return Infinity;
  if (isCumulativeWindow(op)) return 1;
  return window.values.reduce<number>((size, dim) => size * Number(dim), 1);
}

function lastSize(op: Operation): number {
  return staticTensor(op.operand(0).type)?.shape.at(-1) ?? 1;
}
