/** A short way to write structured kernels in tests, and some that every schedule must get right. */
import { unknownLocation } from '../../../ir/location.ts';
import type { Size } from '../../../codegen/kernel/size.ts';
import type { BinaryOp, CompareOp, UnaryOp } from '../../../codegen/kernel/scalar-ops.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  Combiner,
  Guard,
  IndexExpr,
  KernelBuffer,
  Stage,
  StageId,
  StructuredKernel,
  ValueExpr,
} from '../../../codegen/kernel/structured-kernel.ts';
import type { KernelDType } from '../../../codegen/kernel/value-type.ts';

type IndexLike = IndexExpr | Axis | number;

function indexOf(value: IndexLike): IndexExpr {
  if (typeof value === 'number') return { kind: 'constant', value };
  return 'extent' in value ? { kind: 'axis', axis: value.id } : value;
}

export const plus = (...terms: readonly IndexLike[]): IndexExpr => ({ kind: 'add', terms: terms.map(indexOf) });
export const times = (operand: IndexLike, factor: Size): IndexExpr => ({
  kind: 'multiply', operand: indexOf(operand), factor,
}); // prettier-ignore
export const over = (operand: IndexLike, divisor: Size): IndexExpr => ({
  kind: 'floor-divide', operand: indexOf(operand), divisor,
}); // prettier-ignore
export const modulo = (operand: IndexLike, divisor: Size): IndexExpr => ({
  kind: 'modulo', operand: indexOf(operand), divisor,
}); // prettier-ignore
export const loaded = (value: ValueExpr, limit: Size): IndexExpr => ({ kind: 'loaded', value, limit });
export const guard = (index: IndexLike, extent: Size): Guard => ({ index: indexOf(index), extent });

export function access(buffer: KernelBuffer, indices: readonly IndexLike[], guards: readonly Guard[] = []): Access {
  return { buffer: buffer.id, indices: indices.map(indexOf), guards };
}

export function read(buffer: KernelBuffer, ...indices: readonly IndexLike[]): ValueExpr {
  return { kind: 'load', dtype: buffer.dtype, access: access(buffer, indices), otherwise: undefined };
}

export function readWithin(
  buffer: KernelBuffer,
  indices: readonly IndexLike[],
  guards: readonly Guard[],
  otherwise: ValueExpr,
): ValueExpr {
  return { kind: 'load', dtype: buffer.dtype, access: access(buffer, indices, guards), otherwise };
}

export const number = (dtype: KernelDType, value: number | bigint): ValueExpr => ({ kind: 'constant', dtype, value });
export const unary = (op: UnaryOp, operand: ValueExpr): ValueExpr => ({
  kind: 'unary', dtype: operand.dtype, op, operand,
}); // prettier-ignore
export const binary = (op: BinaryOp, lhs: ValueExpr, rhs: ValueExpr): ValueExpr => ({
  kind: 'binary', dtype: lhs.dtype, op, lhs, rhs,
}); // prettier-ignore
export const compare = (op: CompareOp, lhs: ValueExpr, rhs: ValueExpr): ValueExpr => ({
  kind: 'compare', dtype: 'i1', op, lhs, rhs,
}); // prettier-ignore
export const select = (predicate: ValueExpr, onTrue: ValueExpr, onFalse: ValueExpr): ValueExpr => ({
  kind: 'select', dtype: onTrue.dtype, predicate, onTrue, onFalse,
}); // prettier-ignore
export const iota = (dtype: KernelDType, index: IndexLike): ValueExpr => ({
  kind: 'index', dtype, index: indexOf(index),
}); // prettier-ignore
export const convert = (dtype: KernelDType, operand: ValueExpr): ValueExpr => ({ kind: 'convert', dtype, operand });
export const accumulator = (dtype: KernelDType, index = 0): ValueExpr => ({ kind: 'accumulator', dtype, index });
export const element = (dtype: KernelDType, index = 0): ValueExpr => ({ kind: 'element', dtype, index });

export function reduceBy(op: BinaryOp, dtype: KernelDType, identity: number | bigint): Combiner {
  return {
    dtypes: [dtype],
    identity: [identity],
    results: [binary(op, accumulator(dtype), element(dtype))],
    isAssociative: true,
    isCommutative: true,
    mayReassociate: true,
  };
}

/** The greatest value and its first index. */
export function argmax(dtype: KernelDType, index: KernelDType): Combiner {
  const isGreater = compare('gt', element(dtype, 0), accumulator(dtype, 0));
  const isEqual = compare('eq', element(dtype, 0), accumulator(dtype, 0));
  const isFirst = compare('lt', element(index, 1), accumulator(index, 1));
  const takes = binary('or', isGreater, binary('and', isEqual, isFirst));
  return {
    dtypes: [dtype, index],
    identity: [-Infinity, 2 ** 31 - 1],
    results: [0, 1].map((i) =>
      select(takes, element(i === 0 ? dtype : index, i), accumulator(i === 0 ? dtype : index, i)),
    ),
    isAssociative: true,
    isCommutative: true,
    mayReassociate: true,
  };
}

/** Collects axes, buffers and stages. */
export class KernelMaker {
  readonly axes: Axis[] = [];
  readonly buffers: KernelBuffer[] = [];
  readonly stages: Stage[] = [];

  axis(name: string, extent: Size, kind: Axis['kind'] = 'parallel'): Axis {
    const axis = { id: this.axes.length as AxisId, name, kind, extent };
    this.axes.push(axis);
    return axis;
  }

  buffer(name: string, role: KernelBuffer['role'], dtype: KernelDType, ...shape: readonly Size[]): KernelBuffer {
    const id = this.buffers.length as BufferId;
    const buffer = { id, name, role, dtype, shape, aliasClass: this.buffers.length, isConstant: false };
    this.buffers.push(buffer);
    return buffer;
  }

  stage(
    axes: readonly Axis[],
    values: readonly ValueExpr[],
    writes: readonly Access[],
    rest: Partial<Pick<Stage, 'combiner' | 'finish'>> = {},
  ): void {
    this.stages.push({
      id: this.stages.length as StageId,
      axes: axes.map(({ id }) => id),
      values,
      combiner: rest.combiner,
      finish: rest.finish,
      writes,
    });
  }

  kernel(name: string): StructuredKernel {
    return { name, axes: this.axes, buffers: this.buffers, stages: this.stages, location: unknownLocation };
  }
}

/** out[i, j] = x[i, j] * y[j] + x[i, j] */
export function scaleRows(rows: Size, columns: Size, dtype: KernelDType = 'f32'): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns)];
  const x = k.buffer('x', 'in', dtype, rows, columns);
  const y = k.buffer('y', 'in', dtype, columns);
  const out = k.buffer('out', 'out', dtype, rows, columns);
  const shared = read(x, i, j);
  k.stage([i, j], [binary('add', binary('multiply', shared, read(y, j)), shared)], [access(out, [i, j])]);
  return k.kernel('scale_rows');
}

/** out[j, i] = x[i, j] */
export function transpose(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [j, i] = [k.axis('j', columns), k.axis('i', rows)];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', columns, rows);
  k.stage([j, i], [unary('negate', read(x, i, j))], [access(out, [j, i])]);
  return k.kernel('transpose');
}

/** Each row from its last element to its first. */
export function reverseRows(rows: Size, columns: number): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns)];
  const [x, out] = [k.buffer('x', 'in', 'f32', rows, columns), k.buffer('out', 'out', 'f32', rows, columns)];
  k.stage([i, j], [read(x, i, plus(columns - 1, times(j, -1)))], [access(out, [i, j])]);
  return k.kernel('reverse_rows');
}

/** Integers small enough that every order of a float sum is exact. */
export function sumRows(rows: Size, columns: Size, dtype: KernelDType = 'f32'): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const x = k.buffer('x', 'in', dtype, rows, columns);
  const b = k.buffer('b', 'in', dtype, rows);
  const out = k.buffer('out', 'out', dtype, rows);
  const finish = [binary('add', accumulator(dtype), read(b, i))];
  k.stage([i, j], [read(x, i, j)], [access(out, [i])], { combiner: reduceBy('add', dtype, 0), finish });
  return k.kernel('sum_rows');
}

export function sumExpOfRows(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', rows);
  k.stage([i, j], [unary('exp', read(x, i, j))], [access(out, [i])], { combiner: reduceBy('add', 'f32', 0) });
  return k.kernel('sum_exp_of_rows');
}

export function sumColumns(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows, 'reduction'), k.axis('j', columns)];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', columns);
  k.stage([i, j], [read(x, i, j)], [access(out, [j])], { combiner: reduceBy('add', 'f32', 0) });
  return k.kernel('sum_columns');
}

/** Sums of what comes before, down the columns of each matrix. */
export function cumulativeColumns(batch: Size, rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [b, i, j] = [k.axis('b', batch), k.axis('i', rows, 'sequential'), k.axis('j', columns)];
  const x = k.buffer('x', 'in', 'f32', batch, rows, columns);
  const out = k.buffer('out', 'out', 'f32', batch, rows, columns);
  k.stage([b, j, i], [read(x, b, i, j)], [access(out, [b, i, j])], { combiner: reduceBy('add', 'f32', 0) });
  return k.kernel('cumulative_columns');
}

export function argmaxRows(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const value = k.buffer('value', 'out', 'f32', rows);
  const at = k.buffer('at', 'out', 'i32', rows);
  const writes = [access(value, [i]), access(at, [i])];
  k.stage([i, j], [read(x, i, j), iota('i32', j)], writes, { combiner: argmax('f32', 'i32') });
  return k.kernel('argmax');
}

/** Maximum, sum and quotient; `exp` is left out, so that all is exact in any order. */
export function normaliseRows(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const c = k.axis('c', columns);
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', rows, columns);
  const most = k.buffer('most', 'scratch', 'f32', rows);
  const shifted = k.buffer('shifted', 'scratch', 'f32', rows, columns);
  const sum = k.buffer('sum', 'scratch', 'f32', rows);
  k.stage([i, j], [read(x, i, j)], [access(most, [i])], { combiner: reduceBy('maximum', 'f32', -Infinity) });
  k.stage([i, c], [binary('subtract', read(x, i, c), read(most, i))], [access(shifted, [i, c])]);
  k.stage([i, j], [read(shifted, i, j)], [access(sum, [i])], { combiner: reduceBy('add', 'f32', 0) });
  k.stage([i, c], [binary('divide', read(shifted, i, c), read(sum, i))], [access(out, [i, c])]);
  return k.kernel('normalise_rows');
}

/** The same down the columns: the shared axis is the one along lanes. */
export function normaliseColumns(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [c, i] = [k.axis('c', columns), k.axis('i', rows, 'reduction')];
  const r = k.axis('r', rows);
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', rows, columns);
  const most = k.buffer('most', 'scratch', 'f32', columns);
  const shifted = k.buffer('shifted', 'scratch', 'f32', rows, columns);
  k.stage([c, i], [read(x, i, c)], [access(most, [c])], { combiner: reduceBy('maximum', 'f32', -Infinity) });
  k.stage([c, r], [binary('subtract', read(x, r, c), read(most, c))], [access(shifted, [r, c])]);
  k.stage([c, r], [binary('multiply', read(shifted, r, c), read(most, c))], [access(out, [r, c])]);
  return k.kernel('normalise_columns');
}

/** out = pad x by `low` before and `high` after each row and column, with -1. */
export function pad(rows: Size, columns: Size, low: number, outRows: Size, outColumns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', outRows), k.axis('j', outColumns)];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', outRows, outColumns);
  const at = [plus(i, -low), plus(j, -low)] as const;
  const guards = [guard(at[0], rows), guard(at[1], columns)];
  k.stage([i, j], [readWithin(x, at, guards, number('f32', -1))], [access(out, [i, j])]);
  return k.kernel('pad');
}

/** Every second place of the output holds an element: interior padding, which needs a division. */
export function dilate(count: number, outCount: number): StructuredKernel {
  const k = new KernelMaker();
  const i = k.axis('i', outCount);
  const x = k.buffer('x', 'in', 'f32', count);
  const out = k.buffer('out', 'out', 'f32', outCount);
  const from = plus(i, -1);
  const guards = [guard(over(from, 2), count), guard(modulo(from, 2), 1)];
  k.stage([i], [readWithin(x, [over(from, 2)], guards, number('f32', 9))], [access(out, [i])]);
  return k.kernel('dilate');
}

/** Three arrays one after another, and the place in the sum. */
export function concatenate(sizes: readonly [number, number, number]): StructuredKernel {
  const k = new KernelMaker();
  const total = sizes[0] + sizes[1] + sizes[2];
  const i = k.axis('i', total);
  const parts = sizes.map((size, n) => k.buffer(`p${n}`, 'in', 'f32', size));
  const out = k.buffer('out', 'out', 'f32', total);
  let value = number('f32', 0);
  let start = 0;
  parts.forEach((part, n) => {
    const at = plus(i, -start);
    const within = guard(at, sizes[n] ?? 0);
    value = select(
      { kind: 'guarded', dtype: 'i1', guards: [within] },
      readWithin(part, [at], [within], number('f32', 0)),
      value,
    );
    start += sizes[n] ?? 0;
  });
  k.stage([i], [binary('add', value, iota('f32', i))], [access(out, [i])]);
  return k.kernel('concatenate');
}

/** out[i, j] = x[clamp(at[i]), j] */
export function gatherRows(rows: Size, columns: Size, count: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', count), k.axis('j', columns)];
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const at = k.buffer('at', 'in', 'i32', count);
  const out = k.buffer('out', 'out', 'f32', count, columns);
  const limit: Size = typeof rows === 'number' ? rows - 1 : { kind: 'add', lhs: rows, rhs: -1 };
  k.stage([i, j], [read(x, loaded(read(at, i), limit), j)], [access(out, [i, j])]);
  return k.kernel('gather_rows');
}

/** out[i] = x[clamp(at[i])]: an index a lane. */
export function gatherElements(count: Size, size: number): StructuredKernel {
  const k = new KernelMaker();
  const i = k.axis('i', count);
  const x = k.buffer('x', 'in', 'f32', size);
  const at = k.buffer('at', 'in', 'i32', count);
  const out = k.buffer('out', 'out', 'f32', count);
  k.stage([i], [read(x, loaded(read(at, i), size - 1))], [access(out, [i])]);
  return k.kernel('gather_elements');
}

/** A product of matrices with a bias and a relu: a contraction as plain loops. */
export function denseRelu(m: Size, n: Size, depth: Size): StructuredKernel {
  const s = new KernelMaker();
  const [i, j, k] = [s.axis('i', m), s.axis('j', n), s.axis('k', depth, 'reduction')];
  const x = s.buffer('x', 'in', 'f32', m, depth);
  const w = s.buffer('w', 'in', 'f32', depth, n);
  const b = s.buffer('b', 'in', 'f32', n);
  const out = s.buffer('out', 'out', 'f32', m, n);
  const finish = [binary('maximum', binary('add', accumulator('f32'), read(b, j)), number('f32', 0))];
  s.stage([i, j, k], [binary('multiply', read(x, i, k), read(w, k, j))], [access(out, [i, j])], {
    combiner: reduceBy('add', 'f32', 0),
    finish,
  });
  return s.kernel('dense_relu');
}
