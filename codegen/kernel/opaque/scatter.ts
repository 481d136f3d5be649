/**
 * `scatter`: one loop nest over the updates, in order, so that updates of one place happen one after the other. The result's memory is
 * the input's; elements that fall outside are left out.
 *
 *     for batch { start = clamp(indices[batch]); for window in bounds { x[start + window] = region(x[...], updates[batch, window]) } }
 */
import { attributesOf } from '../../../ir/op-site.ts';
import {
  indexBatchAxes, scatterDims, windowAxes, type WindowDims,
} from '../../../ir/ops/shared/window-dimensions.ts'; // prettier-ignore
import type { scatter } from '../../../ir/ops/stablehlo/scatter.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import {
  add, and, binary, compare, constant, convert, index, load, maximum, minimum, multiply, negate, size, splat, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr } from '../loop-ir.ts';
import type { Size } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, isUnsignedKernelDType, type KernelDType, scalar, vector } from '../value-type.ts';
import { addressIn, OpaqueBuilder, type OpaqueLoops, type Place } from './opaque-loops.ts';
import { type RegionEmitter, regionValues, usedValues, valuesEmitter } from './scalar-expressions.ts';

interface Scatter {
  readonly builder: OpaqueBuilder;
  readonly dims: WindowDims;
  readonly results: readonly Place[];
  readonly indices: Place;
  readonly updates: readonly Place[];
  readonly region: RegionEmitter;
  /** For each argument of the region whether it is looked at: an update that replaces does not read what was there. */
  readonly isRead: readonly boolean[];
  /** Elements of a row of a window that are updated at once. */
  readonly lanes: number;
  /** For each dimension of the updates: which one of the index batch it counts, or which one of the input a window moves along. */
  readonly roles: readonly Role[];
}

interface Role {
  readonly kind: 'batch' | 'window';
  /** Dimension of the indices, or of the input. */
  readonly axis: number;
}

export function generateScatter(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const state = prepare(kernel, target);
  copyInputs(state);
  const order = loopOrder(state);
  if (hasEarlyStart(state, order)) emitPlaced(state, order);
  else emitChecked(state, order);
  return state.builder.finish();
}

function prepare(kernel: OpaqueKernel, target: TargetInfo): Scatter {
  const builder = new OpaqueBuilder(kernel);
  const { op } = kernel;
  const count = (op.operandCount - 1) / 2;
  const each = [...new Array<undefined>(count).keys()];
  const dims = scatterDims(attributesOf<typeof scatter.attributes>(op).scatter_dimension_numbers);
  const results = each.map((position) => builder.startingAs(position, position));
  const indices = builder.operand(count);
  const updates = each.map((position) => builder.operand(count + 1 + position));
  const region = regionValues(op);
  const used = usedValues(region.results);
  return {
    builder, dims, results, indices, updates,
    region: valuesEmitter(builder.loops, region),
    isRead: region.args.map((arg) => used.has(arg)),
    lanes: lanesOf([...results, ...updates], target),
    roles: rolesOf(dims, results[0]?.shape.length ?? 0, indices.shape.length, updates[0]?.shape.length ?? 0),
  }; // prettier-ignore
}

/** Of dtypes that fill vectors side by side; all have their elements in as many bytes. */
function lanesOf(places: readonly Place[], { vectorBits }: TargetInfo): number {
  const [bytes = 0, ...others] = new Set(places.map(({ buffer }) => elementBytes(buffer.dtype)));
  return others.length === 0 && (bytes === 4 || bytes === 8) ? Math.max(1, vectorBits / (8 * bytes)) : 1;
}

function rolesOf(dims: WindowDims, inputRank: number, indexRank: number, updateRank: number): readonly Role[] {
  const batch = indexBatchAxes(indexRank, dims).values();
  const window = windowAxes(inputRank, dims).values();
  return [...new Array<undefined>(updateRank).keys()].map((axis) => {
    const kind = dims.windowDims.includes(axis) ? 'window' : 'batch';
    return { kind, axis: (kind === 'window' ? window : batch).next().value ?? 0 };
  });
}

/** Inputs that do not share the result's memory: the region computes in a wider type. */
function copyInputs({ builder, results }: Scatter): void {
  const { loops } = builder;
  for (const [position, { buffer }] of results.entries()) {
    if (builder.operandBuffer(position).dtype === buffer.dtype) continue;
    const from = builder.operand(position).buffer;
    loops.for({ to: size(buffer.size) }, (i) => loops.store(buffer, i, convert(buffer.dtype, load(from, i))));
  }
}

/** Dimensions of the updates, outermost first. Batch first where that leaves the order of updates of one place as it is. */
function loopOrder({ roles, dims }: Scatter): readonly number[] {
  const axes = [...roles.keys()];
  const isMoved = roles.some(({ kind, axis }) => kind === 'window' && dims.indexMap.includes(axis));
  if (isMoved) return axes;
  const isBatch = (axis: number): boolean => roles[axis]?.kind === 'batch';
  return [...axes.filter(isBatch), ...axes.filter((axis) => !isBatch(axis))];
}

/** True when all windows are inside their batch loops, so that a start is read once a window. */
function hasEarlyStart({ roles }: Scatter, order: readonly number[]): boolean {
  const kinds = order.map((axis) => roles[axis]?.kind);
  return !kinds.includes('window') || kinds.lastIndexOf('batch') < kinds.indexOf('window');
}

/** Starts before windows: the window's loops run only where they are inside. */
function emitPlaced(state: Scatter, order: readonly number[]): void {
  const { builder, roles, updates, results, dims } = state;
  const { loops } = builder;
  const shape = results[0]?.shape ?? [];
  const at = new Map<number, Expr>();
  const emitWindow = (rest: readonly number[], starts: readonly Expr[]): void => {
    const [axis, ...inner] = rest;
    if (axis === undefined) return update(state, at, starts);
    const to = size(updates[0]?.shape[axis] ?? 1);
    const along = roles[axis]?.axis ?? 0;
    const start = starts[along] ?? index(0);
    const isFixed = !dims.indexMap.includes(along);
    const from = isFixed ? index(0) : loops.let('from', maximum(negate(start), 0));
    const end = isFixed ? to : loops.let('to', minimum(subtract(size(shape[along] ?? 1), start), to));
    const lanes = inner.length === 0 && isRow(state, axis) ? state.lanes : 1;
    const step = (count: number) => (i: Expr) => {
      at.set(axis, i);
      if (count > 1) update(state, at, starts, count);
      else emitWindow(inner, starts);
    };
    const whole = loops.let('whole', subtract(end, binary('remainder', subtract(end, from), lanes)));
    if (lanes > 1) loops.for({ from, to: whole, step: lanes, name: `w${axis}` }, step(lanes));
    loops.for({ from: lanes > 1 ? whole : from, to: end, name: `w${axis}` }, step(1));
  };
  const isBatch = (axis: number): boolean => roles[axis]?.kind === 'batch';
  emitLoops(state, order.filter(isBatch), at, () => {
    const starts = startsOf(state, at);
    const fixed = starts.flatMap((start, axis) => (isDropped(state, axis) ? [inBounds(start, shape[axis] ?? 1)] : []));
    const windows = order.filter((axis) => !isBatch(axis));
    const [first, ...others] = fixed;
    if (first === undefined) emitWindow(windows, starts);
    else loops.if(others.reduce(and, first), () => emitWindow(windows, starts));
  });
}

/** A dimension along which both the updates and their places lie side by side: no two of them are one place. */
function isRow({ roles, updates, results }: Scatter, axis: number): boolean {
  const isLast = axis === (updates[0]?.shape.length ?? 0) - 1;
  return isLast && roles[axis]?.axis === (results[0]?.shape.length ?? 0) - 1;
}

/** Every element checks its own place. */
function emitChecked(state: Scatter, order: readonly number[]): void {
  const { builder, dims, results } = state;
  const shape = results[0]?.shape ?? [];
  const at = new Map<number, Expr>();
  emitLoops(state, order, at, () => {
    const starts = startsOf(state, at);
    const places = placeOf(state, at, starts).map((place) => builder.loops.let('p', place));
    const moved = places.flatMap((place, axis) =>
      dims.indexMap.includes(axis) ? [inBounds(place, shape[axis] ?? 1)] : [],
    );
    const [first, ...others] = moved;
    if (first === undefined) update(state, at, starts);
    else builder.loops.if(others.reduce(and, first), () => update(state, at, starts));
  });
}

function emitLoops(state: Scatter, axes: readonly number[], at: Map<number, Expr>, body: () => void): void {
  const [axis, ...inner] = axes;
  if (axis === undefined) return body();
  state.builder.loops.for({ to: size(state.updates[0]?.shape[axis] ?? 1), name: `u${axis}` }, (i) => {
    at.set(axis, i);
    emitLoops(state, inner, at, body);
  });
}

function inBounds(at: Expr, extent: Size): Expr {
  return and(compare('ge', at, 0), compare('lt', at, size(extent)));
}

/** A moved dimension in which windows have one element and no loop. */
function isDropped({ dims, roles }: Scatter, axis: number): boolean {
  return dims.indexMap.includes(axis) && !roles.some((role) => role.kind === 'window' && role.axis === axis);
}

/** Where the window starts in each dimension of the input; far outside is brought to just outside. */
function startsOf(state: Scatter, at: ReadonlyMap<number, Expr>): readonly Expr[] {
  const { builder, dims, indices, roles, results } = state;
  const batch = (axis: number): Expr => {
    const update = roles.findIndex((role) => role.kind === 'batch' && role.axis === axis);
    return at.get(update) ?? index(0);
  };
  return (results[0]?.shape ?? []).map((extent, axis) => {
    const batching = dims.batchingDims.indexOf(axis);
    if (batching >= 0) return batch(dims.indexBatching[batching] ?? 0);
    const entry = dims.indexMap.indexOf(axis);
    if (entry < 0) return index(0);
    const where = indices.shape.map((_, each) => (each === dims.indexVectorDim ? index(entry) : batch(each)));
    const raw = builder.loops.let('at', widened(load(indices.buffer, addressIn(indices.shape, where))));
    return builder.loops.let('start', nearBounds(raw, extent, windowSize(state, axis)));
  });
}

function windowSize({ roles, updates }: Scatter, axis: number): Size {
  const update = roles.findIndex((role) => role.kind === 'window' && role.axis === axis);
  return update < 0 ? 1 : (updates[0]?.shape[update] ?? 1);
}

/** Small integers cannot hold the sizes they are compared with. */
function widened(value: Expr): Expr {
  const small: readonly KernelDType[] = ['i1', 'i8', 'i16', 'ui8', 'ui16'];
  return small.includes(value.type.dtype) ? convert('i32', value) : value;
}

/** Clamped to [-window, extent] before it becomes an index, which may be narrower. */
function nearBounds(value: Expr, extent: Size, window: Size): Expr {
  const { dtype } = value.type;
  const least = isUnsignedKernelDType(dtype) ? constant(scalar(dtype), 0) : convert(dtype, multiply(size(window), -1));
  return convert('index', maximum(minimum(value, convert(dtype, size(extent))), least));
}

function placeOf({ roles }: Scatter, at: ReadonlyMap<number, Expr>, starts: readonly Expr[]): readonly Expr[] {
  return starts.map((start, axis) => {
    const update = roles.findIndex((role) => role.kind === 'window' && role.axis === axis);
    return add(start, at.get(update) ?? index(0));
  });
}

/** Applies the region to one place, or to as many side by side. */
function update(state: Scatter, at: ReadonlyMap<number, Expr>, starts: readonly Expr[], lanes = 1): void {
  const { builder, results, updates, region, isRead } = state;
  const { loops } = builder;
  const shape = updates[0]?.shape ?? [];
  const from = loops.let(
    'from',
    addressIn(
      shape,
      shape.map((_, axis) => at.get(axis) ?? index(0)),
    ),
  );
  const to = loops.let('to', addressIn(results[0]?.shape ?? [], placeOf(state, at, starts)));
  const read = ({ buffer }: Place, place: Expr, position: number): Expr =>
    isRead[position] === true ? loops.let('x', load(buffer, place, lanes)) : constant(vector(buffer.dtype, lanes), 0);
  const values = [
    ...results.map((result, position) => read(result, to, position)),
    ...updates.map((each, position) => read(each, from, results.length + position)),
  ];
  const next = region(values).map((value) => loops.let('y', value));
  for (const [position, { buffer }] of results.entries()) {
    const value = next[position];
    if (value !== undefined) loops.store(buffer, to, value.type.lanes === lanes ? value : splat(value, lanes));
  }
}
