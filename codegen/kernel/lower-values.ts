/**
 * Emits the value DAG of a stage at a point. A value that does not move with the vector axis stays a scalar and is spread where it meets
 * a vector; loads along the axis are plain when their stride is 1 and lane by lane otherwise; nothing outside a buffer is ever read.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { axesOfIndex, isAxis, rangeOfIndex, strideAlong } from './lower-affine.ts';
import {
  axisOf,
  bindAxis,
  type BufferPlace,
  innerPoint,
  laneOf,
  type LoweringContext,
  type Point,
} from './lower-context.ts';
import {
  add, and, binary, bitcast, compare, constant, convert, divide, index, insert, load, maximum, minimum,
  multiply, select, shuffle, size, splat, subtract, unary,
} from './loop-expressions.ts'; // prettier-ignore
import type { Expr } from './loop-ir.ts';
import { addSizes, multiplySizes, type Size } from './size.ts';
import type { Access, AxisId, Guard, IndexExpr, Stage, ValueExpr } from './structured-kernel.ts';
import { type KernelDType, scalar, vector } from './value-type.ts';

type LoadValue = Extract<ValueExpr, { readonly kind: 'load' }>;
type MemoryPlace = Extract<BufferPlace, { readonly kind: 'memory' }>;

/** The value at the point: a scalar when it does not move with the vector axis, else one element a lane. */
export function emitValue(context: LoweringContext, point: Point, value: ValueExpr): Expr {
  const known = point.emitted.get(value);
  if (known !== undefined) return known;
  for (const step of context.steps.get(value) ?? []) if (step !== value) emitValue(context, point, step);
  const expr = emitNode(context, point, value);
  const kept = context.named.has(value) ? context.builder.let(nameOf(value), expr) : expr;
  if (kept !== expr || expr.kind === 'constant' || expr.kind === 'variable') point.emitted.set(value, kept);
  return kept;
}

/** Emits and names it, so that it is computed here and now. */
export function emitNamed(context: LoweringContext, point: Point, value: ValueExpr, name = nameOf(value)): Expr {
  const expr = context.builder.let(name, emitValue(context, point, value));
  point.emitted.set(value, expr);
  return expr;
}

function nameOf(value: ValueExpr): string {
  if (value.kind === 'unary' || value.kind === 'binary') return value.op.replaceAll('-', '_');
  return value.kind === 'load' ? 'x' : value.kind;
}

function emitNode(context: LoweringContext, point: Point, value: ValueExpr): Expr {
  const emit = (operand: ValueExpr): Expr => emitValue(context, point, operand);
  switch (value.kind) {
    case 'constant':
      return constant(scalar(value.dtype), value.value);
    case 'load':
      return emitLoad(context, point, value);
    case 'unary':
      return unary(value.op, emit(value.operand));
    case 'binary': {
      const [lhs, rhs] = spreadTogether([emit(value.lhs), emit(value.rhs)]);
      return binary(value.op, lhs, rhs);
    }
    case 'compare': {
      const [lhs, rhs] = spreadTogether([emit(value.lhs), emit(value.rhs)]);
      return compare(value.op, lhs, rhs);
    }
    case 'select':
      return emitSelect(emit(value.predicate), emit(value.onTrue), emit(value.onFalse));
    case 'convert':
      return convert(value.dtype, emit(value.operand));
    case 'bitcast':
      return emitBitcast(value.dtype, emit(value.operand));
    case 'index':
      return emitIndexValue(context, point, value.index, value.dtype);
    case 'guarded':
      return emitGuards(context, point, value.guards);
    case 'accumulator':
    case 'element': {
      const expr = (value.kind === 'element' ? point.elements : point.accumulators)[value.index];
      if (expr === undefined)
        throw new InvariantError(`kernel ${context.kernel.name}: ${value.kind} outside a combiner`);
      return expr;
    }
    default:
      return value satisfies never;
  }
}

function emitBitcast(dtype: KernelDType, operand: Expr): Expr {
  if (operand.type.dtype === dtype) return operand;
  return bitcast(vector(dtype, operand.type.lanes), operand);
}

function emitSelect(predicate: Expr, onTrue: Expr, onFalse: Expr): Expr {
  const lanes = Math.max(predicate.type.lanes, onTrue.type.lanes, onFalse.type.lanes);
  return select(predicate, spread(onTrue, lanes), spread(onFalse, lanes));
}

/** A scalar in all lanes; a vector as it is. */
export function spread(expr: Expr, lanes: number): Expr {
  return expr.type.lanes === lanes ? expr : splat(expr, lanes);
}

function spreadTogether(exprs: readonly [Expr, Expr]): readonly [Expr, Expr] {
  const lanes = Math.max(exprs[0].type.lanes, exprs[1].type.lanes);
  return [spread(exprs[0], lanes), spread(exprs[1], lanes)];
}

/** The index of a scalar; along the vector axis, that of lane 0. */
export function emitIndex(context: LoweringContext, point: Point, expr: IndexExpr): Expr {
  const emit = (operand: IndexExpr): Expr => emitIndex(context, point, operand);
  switch (expr.kind) {
    case 'axis': {
      const bound = point.axes.get(expr.axis);
      if (bound === undefined)
        throw new InvariantError(
          `kernel ${context.kernel.name}: axis ${axisOf(context.kernel, expr.axis).name} is not bound`,
        );
      return bound;
    }
    case 'constant':
      return index(expr.value);
    case 'size':
      return size(expr.size);
    case 'add':
      return expr.terms.map(emit).reduce((a, b) => add(a, b), index(0));
    case 'multiply':
      return multiply(emit(expr.operand), size(expr.factor));
    case 'floor-divide':
      return floorDivide(
        context.builder.let('i', emit(expr.operand)),
        expr.divisor,
        canBeNegative(context, expr.operand),
      );
    case 'modulo': {
      const operand = context.builder.let('i', emit(expr.operand));
      const quotient = floorDivide(operand, expr.divisor, canBeNegative(context, expr.operand));
      if (canBeNegative(context, expr.operand)) return subtract(operand, multiply(quotient, size(expr.divisor)));
      return expr.divisor === 1 ? index(0) : binary('remainder', operand, size(expr.divisor));
    }
    case 'loaded': {
      const loaded = convert('index', laneZero(emitValue(context, point, expr.value)));
      return maximum(minimum(loaded, size(expr.limit)), 0);
    }
    default:
      return expr satisfies never;
  }
}

function laneZero(expr: Expr): Expr {
  return laneOf(expr, 0);
}

function canBeNegative(context: LoweringContext, operand: IndexExpr): boolean {
  const { least } = rangeOfIndex(operand, (axis) => axisOf(context.kernel, axis).extent);
  return least === undefined || least < 0;
}

/** Loop IR's divide truncates. */
function floorDivide(operand: Expr, divisor: Size, mayBeNegative: boolean): Expr {
  if (divisor === 1) return operand;
  if (!mayBeNegative) return divide(operand, size(divisor));
  const least = subtract(operand, subtract(size(divisor), 1));
  return divide(select(compare('lt', operand, 0), least, operand), size(divisor));
}

function emitIndexValue(context: LoweringContext, point: Point, expr: IndexExpr, dtype: KernelDType): Expr {
  const { vector: along } = point;
  if (along === undefined || !axesOfIndex(expr).has(along.axis)) return convert(dtype, emitIndex(context, point, expr));
  const stride = strideAlong(expr, along.axis);
  const steps = stepDType(context, expr, dtype);
  if (typeof stride !== 'number' || steps === undefined)
    return byLane(context, point, dtype, (lane) => convert(dtype, emitIndex(context, lane, expr)));
  const base = splat(convert(steps, emitIndex(context, point, expr)), along.lanes);
  return convert(dtype, add(base, stepVector(steps, along.lanes, stride)));
}

/** The dtype in which base and step may be added: integers wrap as a conversion would; floats must be exact. */
function stepDType(context: LoweringContext, expr: IndexExpr, dtype: KernelDType): KernelDType | undefined {
  if (dtype === 'f64') return 'f64';
  if (dtype === 'f32')
    return mostOfIndex(context, expr) < 2 ** 24 ? 'f32' : mostOfIndex(context, expr) < 2 ** 31 ? 'i32' : undefined;
  return dtype === 'i1' || dtype === 'f16' || dtype === 'bf16' || dtype === 'index' ? undefined : dtype;
}

function mostOfIndex(context: LoweringContext, expr: IndexExpr): number {
  const { least, most } = rangeOfIndex(expr, (axis) => axisOf(context.kernel, axis).extent);
  const bound = context.target.indexBits === 32 ? 2 ** 31 - 1 : Infinity;
  return least === undefined || most === undefined ? bound : Math.max(-least, most);
}

/** Lane i is i * stride. */
function stepVector(dtype: KernelDType, lanes: number, stride: number): Expr {
  let expr = constant(vector(dtype, lanes), 0);
  for (let lane = 1; lane < lanes; lane += 1) expr = insert(expr, lane, constant(scalar(dtype), lane * stride));
  return expr;
}

/** A vector of what each lane gives. */
function byLane(context: LoweringContext, point: Point, dtype: KernelDType, emit: (lane: Point) => Expr): Expr {
  const lanes = point.vector?.lanes ?? 1;
  let expr: Expr | undefined;
  for (let lane = 0; lane < lanes; lane += 1) {
    const value = emit(lanePoint(point, lane));
    expr = expr === undefined ? splat(context.builder.let('lane', value), lanes) : insert(expr, lane, value);
  }
  return expr ?? constant(scalar(dtype), 0);
}

/** The point of one lane: all is scalar there. */
function lanePoint(point: Point, lane: number): Point {
  const { vector: along } = point;
  if (along === undefined) return point;
  const base = point.axes.get(along.axis);
  if (base === undefined) throw new InvariantError('lowering: the vector axis is not bound');
  return {
    ...bindAxis(point, along.axis, add(base, lane)),
    vector: undefined,
    accumulators: point.accumulators.map((expr) => laneOf(expr, lane)),
    elements: point.elements.map((expr) => laneOf(expr, lane)),
    emitted: point.emitted.ofLane(lane),
  };
}

/** True where all hold: a scalar, or a mask when they move with the vector axis. */
export function emitGuards(context: LoweringContext, point: Point, guards: readonly Guard[]): Expr {
  const open = guards.filter((guard) => point.known.get(guard) !== true);
  if (open.some((guard) => point.known.get(guard) === false)) return constant(scalar('i1'), 0);
  const { vector: along } = point;
  if (along !== undefined && open.some((guard) => axesOfIndex(guard.index).has(along.axis)))
    return byLane(context, point, 'i1', (lane) => emitGuards(context, lane, open));
  return open
    .map((guard) => emitGuard(context, point, guard))
    .reduce((a, b) => (a.kind === 'constant' && a.value === 1 ? b : and(a, b)), constant(scalar('i1'), 1));
}

function emitGuard(context: LoweringContext, point: Point, guard: Guard): Expr {
  const at = context.builder.let('at', emitIndex(context, point, guard.index));
  const { least, most } = rangeOfIndex(guard.index, (axis) => axisOf(context.kernel, axis).extent);
  const isAbove = least !== undefined && least >= 0;
  const isBelow = most !== undefined && typeof guard.extent === 'number' && most < guard.extent;
  const above = isAbove ? constant(scalar('i1'), 1) : compare('ge', at, 0);
  const below = isBelow ? constant(scalar('i1'), 1) : compare('lt', at, size(guard.extent));
  if (isAbove) return below;
  return isBelow ? above : and(above, below);
}

function emitLoad(context: LoweringContext, point: Point, value: LoadValue): Expr {
  const { access, otherwise } = value;
  const guards = access.guards.filter((guard) => point.known.get(guard) !== true);
  if (guards.some((guard) => point.known.get(guard) === false)) return emitOtherwise(context, point, otherwise);
  const place = placeOf(context, access);
  if (place.kind === 'register') return emitGuardedRegister(context, point, place, guards, otherwise);
  const mode = loadMode(point, place, access, guards);
  if (mode === 'lanes') return byLane(context, point, value.dtype, (lane) => emitValue(context, lane, value));
  const read = (at: Point): Expr => {
    const address = addressOf(context, at, place, access);
    const lanes = lanesOf(at, mode);
    return mode === 'reversed' ? loadReversed(context, place, address, lanes) : load(place.buffer, address, lanes);
  };
  if (guards.length === 0) return read(point);
  const condition = emitGuards(context, point, guards);
  return emitGuardedLoad(context, point, condition, read, otherwise, place);
}

/** Lanes from the address downwards. */
function loadReversed({ builder }: LoweringContext, { buffer }: MemoryPlace, address: Expr, lanes: number): Expr {
  const forwards = builder.let('x', load(buffer, subtract(address, lanes - 1), lanes));
  return shuffle(
    forwards,
    forwards,
    Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane),
  );
}

function emitOtherwise(context: LoweringContext, point: Point, otherwise: ValueExpr | undefined): Expr {
  if (otherwise === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: a guarded load has no other value`);
  return emitValue(context, point, otherwise);
}

type RegisterPlace = Extract<BufferPlace, { kind: 'register' }>;

function emitGuardedRegister(
  context: LoweringContext,
  point: Point,
  place: RegisterPlace,
  guards: readonly Guard[],
  otherwise: ValueExpr | undefined,
): Expr {
  const value = registerValue(context, point, place);
  if (guards.length === 0) return value;
  return emitSelect(emitGuards(context, point, guards), value, emitOtherwise(context, point, otherwise));
}

function registerValue(context: LoweringContext, point: Point, place: RegisterPlace): Expr {
  const { value } = place;
  if (value === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: scratch is read before it is written`);
  return point.vector === undefined ? laneOf(value, point.emitted.lane) : value;
}

/** One element is read as a select at a safe index, which has no branch; a vector, or an array that may be empty, in a branch. */
function emitGuardedLoad(
  context: LoweringContext,
  point: Point,
  condition: Expr,
  read: (at: Point) => Expr,
  otherwise: ValueExpr | undefined,
  place: MemoryPlace,
): Expr {
  if (condition.kind === 'constant')
    return condition.value === 0 ? emitOtherwise(context, point, otherwise) : read(point);
  const other = emitOtherwise(context, point, otherwise);
  const { builder } = context;
  const holds = builder.let('inside', condition);
  const inside = innerPoint(point);
  const { statements, result } = builder.nested(() => read(inside));
  const canBeEmpty = typeof place.buffer.size !== 'number' || place.buffer.size === 0;
  if (statements.length === 0 && result.type.lanes === 1 && result.kind === 'load' && !canBeEmpty) {
    const safe = select(holds, result.index, 0);
    return emitSelect(holds, { ...result, index: safe }, other);
  }
  const lanes = Math.max(result.type.lanes, other.type.lanes);
  const [chosen] = builder.choose(
    holds,
    () => {
      builder.emit(...statements);
      return [spread(result, lanes)] as const;
    },
    () => [spread(other, lanes)] as const,
    ['x'],
  );
  return chosen;
}

/** `uniform`: one element for all lanes. `vector`: consecutive elements, `reversed`: from the last to the first. `lanes`: an index a lane. */
type LoadMode = 'uniform' | 'vector' | 'reversed' | 'lanes';

function loadMode(point: Point, place: MemoryPlace, access: Access, guards: readonly Guard[]): LoadMode {
  const { vector: along } = point;
  if (along === undefined) return 'uniform';
  if (guards.some((guard) => axesOfIndex(guard.index).has(along.axis))) return 'lanes';
  const stride = accessStride(place, access, along.axis);
  if (stride === 0) return 'uniform';
  if (stride === -1) return 'reversed';
  return stride === 1 ? 'vector' : 'lanes';
}

function lanesOf(point: Point, mode: LoadMode): number {
  return mode === 'vector' || mode === 'reversed' ? (point.vector?.lanes ?? 1) : 1;
}

/** How far the address moves along an axis; undefined when that differs from place to place. */
export function accessStride(place: MemoryPlace, access: Access, axis: AxisId): Size | undefined {
  if (place.lanes > 1 && isVectorScratch(place, access, axis)) return 1;
  let total: Size = 0;
  for (const [part, { dimension, role }] of place.layout.parts.entries()) {
    const expr = access.indices[dimension];
    if (place.dropped.has(dimension) || expr === undefined) continue;
    const stride = strideAlong(expr, axis);
    if (stride === 0) continue;
    if (stride === undefined || role !== 'whole') return undefined;
    total = addSizes(total, multiplySizes(stride, place.strides[part] ?? 0));
  }
  return total;
}

function isVectorScratch(place: MemoryPlace, access: Access, axis: AxisId): boolean {
  return [...place.dropped].some((dimension) => isAxis(access.indices[dimension], axis));
}

/** The element's index in the flat buffer; of lane 0, for a vector. */
export function addressOf(context: LoweringContext, point: Point, place: MemoryPlace, access: Access): Expr {
  const terms = place.layout.parts.map(({ dimension, role, size: tile }, part) => {
    const expr = access.indices[dimension];
    if (place.dropped.has(dimension) || expr === undefined) return index(0);
    const at = emitIndex(context, point, expr);
    const within = role === 'whole' ? at : role === 'tiles' ? divide(at, tile) : binary('remainder', at, index(tile));
    return multiply(within, size(place.strides[part] ?? 0));
  });
  const sum = terms.reduce((a, b) => add(a, b), index(0));
  const address = place.origin === undefined ? sum : subtract(sum, place.origin);
  return place.lanes > 1 ? add(multiply(address, place.lanes), point.emitted.lane) : address;
}

function placeOf(context: LoweringContext, access: Access): BufferPlace {
  const place = context.places.get(access.buffer);
  if (place === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: buffer ${access.buffer} has no place`);
  return place;
}

/** Values computed at the point, into the places that the stage writes: all is read before anything is written, which may be where another is read from. */
export function emitResults(context: LoweringContext, point: Point, stage: Stage, values: readonly ValueExpr[]): void {
  const emit = values.length === 1 ? emitValue : (...at: Parameters<typeof emitValue>) => emitNamed(...at, 'v');
  emitWrites(
    context,
    point,
    stage,
    values.map((value) => emit(context, point, value)),
  );
}

/** A value each into the places that the stage writes. */
export function emitWrites(context: LoweringContext, point: Point, { writes }: Stage, values: readonly Expr[]): void {
  writes.forEach((access, position) => {
    const value = values[position];
    if (value !== undefined) emitWrite(context, point, access, value);
  });
}

/** Writes a value at the point, where the access's guards hold. */
export function emitWrite(context: LoweringContext, point: Point, access: Access, value: Expr): void {
  const place = placeOf(context, access);
  if (place.kind === 'register') {
    place.value = context.builder.let('row', value);
    return;
  }
  const guards = access.guards.filter((guard) => point.known.get(guard) !== true);
  const { vector: along } = point;
  const isSplit =
    along !== undefined &&
    (guards.some((guard) => axesOfIndex(guard.index).has(along.axis)) || accessStride(place, access, along.axis) !== 1);
  if (isSplit) {
    const named = context.builder.let('v', value);
    for (let lane = 0; lane < along.lanes; lane += 1)
      emitWrite(context, lanePoint(point, lane), access, laneOf(named, lane));
    return;
  }
  const store = (): void =>
    context.builder.store(
      place.buffer,
      addressOf(context, innerPoint(point), place, access),
      spread(value, along?.lanes ?? 1),
    );
  if (guards.length === 0) store();
  else context.builder.if(emitGuards(context, point, guards), store);
}
