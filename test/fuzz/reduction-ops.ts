/** Ops that walk a region over elements: reductions, windows, sorts, maps. */
import type { DType } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { anyDType } from './elementwise-ops.ts';
import { exact, type FuzzOp, generated, sums } from './fuzz-op.ts';
import { allFloats, dtypeOf, integers, type ProgramWriter, shapeOf, staticShapeOf } from './program-writer.ts';
import { comparator, pairReducer, reducer, scalarExpression } from './regions.ts';

function reduce(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType });
  const dimensions = writer.choices.some(shapeOf(x).map((_, axis) => axis));
  const init = initial(writer, dtypeOf(x));
  if (writer.choices.chance(4)) {
    const y = writer.has(tensorType(shapeOf(x), 'i32')) ? writer.of(tensorType(shapeOf(x), 'i32')) : x;
    const second = initial(writer, dtypeOf(y));
    const regions = [pairReducer(writer, dtypeOf(x), dtypeOf(y))];
    writer.emit(name, [x, y, init, second], { dimensions }, { regions });
    return;
  }
  writer.emit(name, [x, init], { dimensions }, { regions: [reducer(writer, dtypeOf(x))] });
}

function initial(writer: ProgramWriter, dtype: DType): Value {
  const type = tensorType([], dtype);
  return writer.choices.chance(3) ? writer.of(type) : writer.constant(type, 'small');
}

interface WindowPlan {
  readonly dimensions: readonly number[];
  readonly strides: readonly number[];
  readonly base: readonly number[];
  readonly window: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  /** Windows along each axis. */
  readonly counts: readonly number[];
}

/** Windows of the shape: those that would not fit are made smaller. */
function planWindows(writer: ProgramWriter, shape: readonly number[], isPlain: boolean): WindowPlan {
  const axes = shape.map((size) => {
    const base = isPlain || !writer.choices.chance(6) ? 1 : 2;
    const window = isPlain || !writer.choices.chance(6) ? 1 : 2;
    const padding = writer.choices.chance(2)
      ? ([0, 0] as const)
      : ([writer.choices.nat(3), writer.choices.nat(3)] as const);
    const room = (size === 0 ? 0 : (size - 1) * base + 1) + padding[0] + padding[1];
    const dimension = Math.max(
      1,
      Math.min(writer.choices.pick([1, 2, 3, 1, 5, 9]), Math.floor((room - 1) / window) + 1),
    );
    const stride = writer.choices.pick([1, 1, 2, 3]);
    const extent = (dimension - 1) * window + 1;
    const count = room < extent ? 0 : Math.floor((room - extent) / stride) + 1;
    return { base, window, padding, dimension, stride, count };
  });
  return {
    dimensions: axes.map(({ dimension }) => dimension),
    strides: axes.map(({ stride }) => stride),
    base: axes.map(({ base }) => base),
    window: axes.map(({ window }) => window),
    padding: axes.map(({ padding }) => padding),
    counts: axes.map(({ count }) => count),
  };
}

function reduceWindow(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType, isStatic: true, maxRank: 3, maxElements: 400 });
  if (writer.choices.chance(4) && shapeOf(x).length > 0) return cumulative(writer, name, x);
  const plan = planWindows(writer, staticShapeOf(x), false);
  const attrs = {
    window_dimensions: plan.dimensions,
    window_strides: plan.strides,
    base_dilations: plan.base,
    window_dilations: plan.window,
    padding: plan.padding,
  };
  writer.emit(name, [x, initial(writer, dtypeOf(x))], attrs, { regions: [reducer(writer, dtypeOf(x))] });
}

/** What exporters write for cumsum and its like. */
function cumulative(writer: ProgramWriter, name: string, x: Value): void {
  const shape = staticShapeOf(x);
  const axis = writer.choices.nat(shape.length);
  const size = Math.max(1, shape[axis] ?? 1);
  const padding = shape.map((_, each) => (each === axis ? [size - 1, 0] : [0, 0]));
  const attrs = { window_dimensions: shape.map((_, each) => (each === axis ? size : 1)), padding };
  writer.emit(name, [x, initial(writer, dtypeOf(x))], attrs, { regions: [reducer(writer, dtypeOf(x))] });
}

/** Windows as max pooling has them; select picks by order, scatter combines. */
function selectAndScatter(writer: ProgramWriter, name: string): void {
  const dtypes = [...allFloats, ...integers];
  const x = writer.any({
    dtypes,
    isStatic: true,
    maxRank: 3,
    maxElements: 300,
    test: ({ shape }) => !shape.includes(0),
  });
  const plan = planWindows(writer, staticShapeOf(x), true);
  const source = writer.of(tensorType(plan.counts, dtypeOf(x)));
  const scalar = tensorType([], dtypeOf(x));
  const direction = writer.choices.pick(['GE', 'GT', 'LE', 'LT']);
  const select = writer.closedRegion([scalar, scalar], (args) =>
    writer.emit('stablehlo.compare', args, { comparison_direction: direction }),
  );
  const scatter = reducer(writer, dtypeOf(x), ['add', 'add', 'maximum']);
  const attrs = { window_dimensions: plan.dimensions, window_strides: plan.strides, padding: plan.padding };
  writer.emit(name, [x, source, initial(writer, dtypeOf(x))], attrs, { regions: [select, scatter] });
}

function sort(writer: ProgramWriter, name: string): void {
  const dtypes = [...allFloats, ...integers, 'i1' as const];
  const x = writer.any({ dtypes, minRank: 1 });
  const others = Array.from({ length: writer.choices.nat(3) }, () => {
    const type = tensorType(shapeOf(x), writer.choices.pick(anyDType.filter((dtype) => !dtype.startsWith('complex'))));
    return writer.has(type) ? writer.of(type) : x;
  });
  const operands = [x, ...others];
  const attrs = { dimension: writer.choices.nat(shapeOf(x).length), is_stable: true };
  writer.emit(name, operands, attrs, { regions: [comparator(writer, operands.map(dtypeOf))] });
}

function map(writer: ProgramWriter, name: string): void {
  const x = writer.any({ dtypes: anyDType });
  const operands = [x, ...(writer.choices.chance(2) ? [writer.of(x.type)] : [])];
  const dtype = writer.choices.chance(3) ? writer.dtype() : dtypeOf(x);
  const types = operands.map((operand) => tensorType([], dtypeOf(operand)));
  const region = writer.closedRegion(types, (args) => [scalarExpression(writer, args, dtype)]);
  writer.emit(name, operands, { dimensions: shapeOf(x).map((_, axis) => axis) }, { regions: [region] });
}

export const reductionFuzz = {
  'stablehlo.map': generated(exact, map, 3),
  'stablehlo.reduce': generated(sums, reduce, 8),
  'stablehlo.reduce_window': generated(sums, reduceWindow, 5),
  'stablehlo.select_and_scatter': generated(sums, selectAndScatter, 3),
  'stablehlo.sort': generated(exact, sort, 4),
} as const satisfies Readonly<Record<string, FuzzOp>>;
