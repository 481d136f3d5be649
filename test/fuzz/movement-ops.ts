/** Ops that move elements, and those whose shapes are values. */
import type { DType } from '../../ir/dtype.ts';
import type { Dim } from '../../ir/dimension.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { anyDType } from './elementwise-ops.ts';
import { exact, type FuzzOp, generated, moves, movesOperands, unsupported } from './fuzz-op.ts';
import { dtypeOf, floats, integers, type ProgramWriter, shapeOf, staticShapeOf } from './program-writer.ts';

function broadcast(writer: ProgramWriter, name: string): void {
  const x = writer.any({ maxRank: 2, maxElements: 100 });
  const sizes = Array.from({ length: writer.choices.nat(3) }, () => writer.choices.pick([1, 2, 3, 0]));
  writer.emit(name, [x], { broadcast_sizes: sizes });
}

/** Axes of one element may be spread too. */
function spread(writer: ProgramWriter, x: Value): { readonly shape: readonly Dim[]; readonly dims: readonly number[] } {
  const shape = [...shapeOf(x)].map((dim) => (dim === 1 && writer.choices.chance(2) ? writer.size() : dim));
  const dims = shape.map((_, axis) => axis);
  for (let added = writer.choices.nat(3); added > 0 && shape.length < 4; added--) {
    const at = writer.choices.nat(shape.length + 1);
    shape.splice(at, 0, writer.choices.pick([2, 1, 3, 5]));
    for (const [index, dim] of dims.entries()) if (dim >= at) dims[index] = dim + 1;
  }
  return { shape, dims };
}

function broadcastInDim(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true, maxElements: 100, maxRank: 3 });
  const { shape, dims } = spread(writer, x);
  writer.emit(name, [x], { broadcast_dimensions: dims }, { resultTypes: [tensorType(shape, dtypeOf(x))] });
}

function concatenate(writer: ProgramWriter, name: string): void {
  const x = writer.any({ minRank: 1, maxElements: 300 });
  const axis = writer.choices.nat(shapeOf(x).length);
  const isStaticAxis = typeof shapeOf(x)[axis] === 'number';
  const parts = Array.from({ length: writer.choices.nat(4) }, () => {
    const shape = isStaticAxis && writer.choices.chance(2) ? shapeOf(x).with(axis, writer.choices.nat(5)) : shapeOf(x);
    const type = tensorType(shape, dtypeOf(x));
    return writer.has(type) ? writer.of(type) : x;
  });
  writer.emit(name, writer.choices.shuffled([x, ...parts]), { dimension: axis });
}

/** The shape of `like`, as an i32 tensor that the program computes. */
function shapeTensor(writer: ProgramWriter, like: Value): Value {
  const sizes = shapeOf(like).map((dim, axis) => {
    if (typeof dim === 'number' && writer.choices.chance(2)) return sizeConstant(writer, [dim]);
    const [size] = writer.emit('stablehlo.get_dimension_size', [like], { dimension: axis });
    const resultTypes = [tensorType([1], 'i32')];
    return writer.emit('stablehlo.reshape', size === undefined ? [] : [size], {}, { resultTypes })[0] ?? like;
  });
  if (sizes.length === 0) return sizeConstant(writer, []);
  return writer.emit('stablehlo.concatenate', sizes, { dimension: 0 })[0] ?? like;
}

function sizeConstant(writer: ProgramWriter, values: readonly number[]): Value {
  return writer.numbers(values, 'i32');
}

/** A scalar, or what has the last axes of `like`, along the shape of `like`. */
function dynamicBroadcast(writer: ProgramWriter, name: string): void {
  const like = writer.any({ minRank: 1, maxRank: 3 });
  const { length } = shapeOf(like);
  const kept = writer.choices.nat(length + 1);
  const shape = shapeOf(like).slice(length - kept);
  const type = tensorType(shape, writer.dtype());
  const x = writer.has(type) ? writer.of(type) : writer.of(tensorType([], writer.dtype()));
  const own = shapeOf(x).length;
  const dims = shapeOf(x).map((_, axis) => length - own + axis);
  const resultTypes = [tensorType(shapeOf(like), dtypeOf(x))];
  writer.emit(name, [x, shapeTensor(writer, like)], { broadcast_dimensions: dims }, { resultTypes });
}

function dynamicIota(writer: ProgramWriter, name: string): void {
  const like = writer.any({ minRank: 1, maxRank: 3 });
  const dtype = writer.choices.pick(['i32', 'f32', 'i64', 'ui8'] as const);
  const resultTypes = [tensorType(shapeOf(like), dtype)];
  const attrs = { iota_dimension: writer.choices.nat(shapeOf(like).length) };
  writer.emit(name, [shapeTensor(writer, like)], attrs, { resultTypes });
}

/** To the same shape, with axes of one element in other places. */
function dynamicReshape(writer: ProgramWriter, name: string): void {
  const x = writer.any({ minRank: 1, maxRank: 3 });
  const shape = [...shapeOf(x)];
  const one = shape.indexOf(1);
  if (one >= 0) shape.splice(one, 1);
  else shape.push(1);
  const sizes = shape.map((dim) => {
    const axis = shapeOf(x).indexOf(dim);
    if (typeof dim === 'number') return sizeConstant(writer, [dim]);
    const [size] = writer.emit('stablehlo.get_dimension_size', [x], { dimension: axis });
    return writer.emit(
      'stablehlo.reshape',
      size === undefined ? [] : [size],
      {},
      {
        resultTypes: [tensorType([1], 'i32')],
      },
    )[0] as Value;
  });
  const resultTypes = [tensorType(shape, dtypeOf(x))];
  const operand =
    sizes.length === 0
      ? sizeConstant(writer, [])
      : (writer.emit('stablehlo.concatenate', sizes, { dimension: 0 })[0] ?? x);
  writer.emit(name, [x, operand], {}, { resultTypes });
}

interface Padding {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
  readonly shape: readonly Dim[];
}

function padding(writer: ProgramWriter, x: Value): Padding {
  const plan = shapeOf(x).map((dim) => {
    if (typeof dim !== 'number') return [0, 0, 0, dim] as const;
    const interior = writer.choices.chance(3) ? writer.choices.between(1, 2) : 0;
    const inner = dim + Math.max(0, dim - 1) * interior;
    const low = writer.choices.pick([0, 1, -1, 2, 0, 3, -2]);
    const high = writer.choices.pick([0, 1, -1, 0, 2, 5]);
    return inner + low + high >= 0
      ? ([low, high, interior, inner + low + high] as const)
      : ([0, 0, interior, inner] as const);
  });
  return {
    low: plan.map(([low]) => low),
    high: plan.map(([, high]) => high),
    interior: plan.map(([, , interior]) => interior),
    shape: plan.map(([, , , size]) => size),
  };
}

function pad(writer: ProgramWriter, name: string): void {
  const x = writer.any({ maxElements: 200 });
  const value = writer.of(tensorType([], dtypeOf(x)));
  const { low, high, interior } = padding(writer, x);
  writer.emit(name, [x, value], { edge_padding_low: low, edge_padding_high: high, interior_padding: interior });
}

function dynamicPad(writer: ProgramWriter, name: string): void {
  const x = writer.any({ maxElements: 200, minRank: 1, isStatic: true });
  const value = writer.of(tensorType([], dtypeOf(x)));
  const { low, high, interior, shape } = padding(writer, x);
  const operands = [low, high, interior].map((list) => sizeConstant(writer, list));
  writer.emit(name, [x, value, ...operands], {}, { resultTypes: [tensorType(shape, dtypeOf(x))] });
}

interface Range {
  readonly start: number;
  readonly limit: number;
  readonly stride: number;
  readonly size: Dim;
}

function ranges(writer: ProgramWriter, x: Value): readonly Range[] {
  return shapeOf(x).map((dim) => {
    if (typeof dim !== 'number') return { start: 0, limit: 0, stride: 1, size: dim };
    const start = writer.choices.nat(dim + 1);
    const limit = writer.choices.chance(2) ? dim : writer.choices.between(start, dim);
    const stride = writer.choices.pick([1, 1, 2, 3, 7]);
    return { start, limit, stride, size: Math.ceil((limit - start) / stride) };
  });
}

function slice(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true });
  const taken = ranges(writer, x);
  writer.emit(name, [x], {
    start_indices: taken.map(({ start }) => start),
    limit_indices: taken.map(({ limit }) => limit),
    strides: taken.map(({ stride }) => stride),
  });
}

function realDynamicSlice(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true, minRank: 1 });
  const taken = ranges(writer, x);
  const lists = [taken.map(({ start }) => start), taken.map(({ limit }) => limit), taken.map(({ stride }) => stride)];
  const operands = lists.map((list) => sizeConstant(writer, list));
  const resultTypes = [
    tensorType(
      taken.map(({ size }) => size),
      dtypeOf(x),
    ),
  ];
  writer.emit(name, [x, ...operands], {}, { resultTypes });
}

/** Starts from below the first element to past the last. */
function starts(writer: ProgramWriter, rank: number): readonly Value[] {
  const dtype = writer.choices.pick<DType>(['i32', 'i64', 'i32', 'ui32', 'i8']);
  return Array.from({ length: rank }, () => writer.of(tensorType([], dtype), 'index'));
}

function dynamicSlice(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true });
  const sizes = staticShapeOf(x).map((size) => writer.choices.nat(size + 1));
  writer.emit(name, [x, ...starts(writer, sizes.length)], { slice_sizes: sizes });
}

function dynamicUpdateSlice(writer: ProgramWriter, name: string): void {
  const x = writer.any({});
  const shape = shapeOf(x).map((dim) => (typeof dim === 'number' ? writer.choices.nat(dim + 1) : dim));
  const type = tensorType(shape, dtypeOf(x));
  const update = writer.has(type) ? writer.of(type) : x;
  writer.emit(name, [x, update, ...starts(writer, shape.length)]);
}

function getDimensionSize(writer: ProgramWriter, name: string): void {
  const x = writer.any({ minRank: 1 });
  writer.emit(name, [x], { dimension: writer.choices.nat(shapeOf(x).length) });
}

function iota(writer: ProgramWriter, name: string): void {
  const shape = writer.shape(1, 3);
  const dtype = writer.choices.pick([...integers, ...floats, 'complex<f32>' as const]);
  writer.emit(
    name,
    [],
    { iota_dimension: writer.choices.nat(shape.length) },
    { resultTypes: [tensorType(shape, dtype)] },
  );
}

/** All factorings of the size into a few axes. */
function reshape(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true });
  let rest = staticShapeOf(x).reduce((size, dim) => size * dim, 1);
  const shape: number[] = [];
  for (const factor of [2, 3, 5, 7, 4]) {
    if (rest % factor === 0 && rest > 0 && shape.length < 3 && writer.choices.chance(2)) {
      shape.push(factor);
      rest /= factor;
    }
  }
  if (rest !== 1 || writer.choices.chance(3)) shape.push(rest);
  writer.emit(name, [x], {}, { resultTypes: [tensorType(writer.choices.shuffled(shape), dtypeOf(x))] });
}

function reverse(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType });
  writer.emit(name, [x], { dimensions: writer.choices.some(shapeOf(x).map((_, axis) => axis)) });
}

function transpose(writer: ProgramWriter, name: string): void {
  const x = writer.any({ minRank: 1, dtypes: anyDType });
  writer.emit(name, [x], { permutation: writer.choices.shuffled(shapeOf(x).map((_, axis) => axis)) });
}

const first = movesOperands(0, 1);

export const movementFuzz = {
  'stablehlo.broadcast': generated(moves, broadcast),
  'stablehlo.broadcast_in_dim': generated(moves, broadcastInDim, 5),
  'stablehlo.concatenate': generated(moves, concatenate, 4),
  'stablehlo.dynamic_broadcast_in_dim': generated(first, dynamicBroadcast, 3),
  'stablehlo.dynamic_iota': generated(exact, dynamicIota),
  'stablehlo.dynamic_pad': generated(movesOperands(0, 2), dynamicPad),
  'stablehlo.dynamic_reshape': generated(first, dynamicReshape),
  'stablehlo.dynamic_slice': generated(first, dynamicSlice, 4),
  'stablehlo.dynamic_update_slice': generated(movesOperands(0, 2), dynamicUpdateSlice, 4),
  'stablehlo.get_dimension_size': generated(exact, getDimensionSize, 1),
  'stablehlo.iota': generated(exact, iota),
  'stablehlo.pad': generated(moves, pad, 4),
  'stablehlo.real_dynamic_slice': generated(first, realDynamicSlice),
  'stablehlo.reshape': generated(moves, reshape, 4),
  'stablehlo.reverse': generated(moves, reverse),
  'stablehlo.set_dimension_size': unsupported(
    'a size that values decide: those of compiled code follow from its arguments',
  ),
  'stablehlo.slice': generated(moves, slice, 4),
  'stablehlo.transpose': generated(moves, transpose, 4),
} as const satisfies Readonly<Record<string, FuzzOp>>;
