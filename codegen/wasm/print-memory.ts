/** Loads and stores: whole vectors, parts of one, lanes. Forms are those of value-form.ts. */
import type { Expr, FlatBuffer, Load, Statement } from '../kernel/loop-ir.ts';
import {
  elementBytes,
  isUnsignedKernelDType,
  type KernelDType,
  type ValueType,
  valueTypeText,
} from '../kernel/value-type.ts';
import { placeOf } from './addresses.ts';
import type { Local, Place, WasmExpr, WasmOp } from './builder.ts';
import type { BufferBinding, KernelContext } from './kernel-context.ts';
import { knownIndex } from './linear-index.ts';
import { constantExpr, formOf, registerLaneBytes, scalarForm } from './value-form.ts';
import { extractLane, replaceLane, resizeLanes, resizeMask, splatScalar, toMask } from './vector-lanes.ts';

type Memory = Extract<BufferBinding, { kind: 'memory' }>;
type Store = Extract<Statement, { kind: 'store' }>;

export function printLoad(context: KernelContext, load: Load): WasmExpr {
  const binding = context.bufferBinding(load.buffer);
  if (binding.kind === 'locals') return context.f.get(slotOf(context, binding.slots, load.buffer, load.index));
  const { type, buffer, index } = load;
  switch (load.mode) {
    case 'plain': {
      const place = placeOf(context, buffer, binding, index);
      return type.lanes === 1 ? loadScalar(context, type.dtype, place) : loadVector(context, type, place);
    }
    case 'splat':
      return loadSplat(context, type, placeOf(context, buffer, binding, index));
    case 'masked':
      return loadLanes(context, load, (lane) => placeOf(context, buffer, binding, laneIndex(index, lane)));
    case 'gather': {
      const at = context.f.hold(formOf(index.type), context.expr(index));
      return loadLanes(context, load, (lane) => placeOfLaneAt(context, buffer, binding, index.type, at, lane));
    }
    default:
      return load.mode satisfies never;
  }
}

function slotOf(context: KernelContext, slots: ReadonlyMap<number, Local>, buffer: FlatBuffer, index: Expr): Local {
  const at = knownIndex(context, index);
  return (at === undefined ? undefined : slots.get(at)) ?? context.fail(`${buffer.name} is not in memory`);
}

function laneIndex(index: Expr, lane: number): Expr {
  if (lane === 0) return index;
  const type = { dtype: 'index', lanes: 1 } as const;
  return { kind: 'binary', type, op: 'add', lhs: index, rhs: { kind: 'constant', type, value: lane } };
}

/** The place that one lane of a vector of indices says. */
function placeOfLaneAt(
  context: KernelContext,
  buffer: FlatBuffer,
  memory: Memory,
  type: ValueType,
  at: () => WasmExpr,
  lane: number,
): Place {
  const { f } = context;
  const bytes = elementBytes(buffer.dtype);
  const index = type.lanes === 1 ? at() : extractLane(f, type, at(), lane);
  const scaled = bytes === 1 ? index : f.binary('MulInt32', index, f.i32(bytes));
  const base =
    memory.offset === 0 ? f.get(memory.pointer) : f.binary('AddInt32', f.get(memory.pointer), f.i32(memory.offset));
  return { address: f.binary('AddInt32', base, scaled), offset: 0, align: bytes };
}

export function loadScalar({ f }: KernelContext, dtype: KernelDType, place: Place): WasmExpr {
  const form = scalarForm(dtype);
  if (dtype === 'index') return f.unary('WrapInt64', f.load('i64', 8, true, place));
  const isSigned = !isUnsignedKernelDType(dtype) && dtype !== 'f16' && dtype !== 'bf16';
  return f.load(form, elementBytes(dtype), isSigned, place);
}

export function storeScalar({ f }: KernelContext, dtype: KernelDType, place: Place, value: WasmExpr): void {
  if (dtype === 'index') f.store('i64', 8, place, f.unary('ExtendSInt32', value));
  else f.store(scalarForm(dtype), elementBytes(dtype), place, value);
}

const partialLoads: ReadonlyMap<number, WasmOp> = new Map<number, WasmOp>([
  [8, 'Load64ZeroVec128'],
  [4, 'Load32ZeroVec128'],
  [2, 'Load16SplatVec128'],
  [1, 'Load8SplatVec128'],
]);

/** Consecutive elements, no more bytes than they have. */
function loadVector(context: KernelContext, type: ValueType, place: Place): WasmExpr {
  const { f } = context;
  const { dtype, lanes } = type;
  const bytes = elementBytes(dtype) * lanes;
  const op = partialLoads.get(bytes);
  if (dtype === 'index' || (bytes !== 16 && op === undefined))
    return context.fail(`a load of ${valueTypeText(type)}, which no instruction has`);
  const packed = op === undefined ? f.load('v128', 16, false, place) : f.loadVector(op, bytes, place);
  if (dtype !== 'i1') return packed;
  const isSet = f.binary('NeVecI8x16', packed, f.v128(new Uint8Array(16)));
  return toMask(f, isSet, lanes, 1);
}

function loadSplat(context: KernelContext, type: ValueType, place: Place): WasmExpr {
  const { f } = context;
  const bytes = elementBytes(type.dtype);
  if (type.dtype === 'i1' || type.dtype === 'index')
    return splatScalar(f, type, loadScalar(context, type.dtype, place));
  const op: WasmOp = `Load${(bytes * 8) as 8 | 16 | 32 | 64}SplatVec128`;
  return f.loadVector(op, bytes, place);
}

/** One lane after the other, only where the mask holds. */
function loadLanes(context: KernelContext, load: Load, placeOfLane: (lane: number) => Place): WasmExpr {
  const { f } = context;
  const { type, mask } = load;
  const form = formOf(type);
  const zero = constantExpr(f, type, scalarForm(type.dtype) === 'i64' ? 0n : 0);
  const result = f.local(form);
  f.set(result, zero);
  const held = mask === undefined ? undefined : f.hold(formOf(mask.type), context.expr(mask));
  for (let lane = 0; lane < type.lanes; lane++) {
    const read = (): void => {
      const value = loadScalar(context, type.dtype, placeOfLane(lane));
      f.set(result, type.lanes === 1 ? value : replaceLane(f, type, f.get(result), lane, value));
    };
    if (held === undefined || mask === undefined) read();
    else inside(context, maskLane(context, mask.type, held, lane), read);
  }
  return f.get(result);
}

function maskLane({ f }: KernelContext, type: ValueType, mask: () => WasmExpr, lane: number): WasmExpr {
  return type.lanes === 1 ? mask() : extractLane(f, type, mask(), lane);
}

function inside(context: KernelContext, condition: WasmExpr, body: () => void): void {
  context.f.if(condition, body);
  context.leaveScopes();
}

export function printStore(context: KernelContext, store: Store): void {
  const { buffer, index, value, mask } = store;
  const { f } = context;
  const binding = context.bufferBinding(buffer);
  if (binding.kind === 'locals') {
    f.set(slotOf(context, binding.slots, buffer, index), context.expr(value));
    return;
  }
  const { dtype, lanes } = value.type;
  if (index.type.lanes > 1 || mask !== undefined) storeLanes(context, store, binding);
  else if (lanes === 1) {
    const stored = context.expr(value);
    storeScalar(context, dtype, placeOf(context, buffer, binding, index), stored);
  } else {
    const stored = context.expr(value);
    storeVector(context, value.type, placeOf(context, buffer, binding, index), stored);
  }
}

const partialStores: ReadonlyMap<number, WasmOp> = new Map<number, WasmOp>([
  [8, 'Store64LaneVec128'],
  [4, 'Store32LaneVec128'],
  [2, 'Store16LaneVec128'],
  [1, 'Store8LaneVec128'],
]);

function storeVector(context: KernelContext, type: ValueType, place: Place, value: WasmExpr): void {
  const { f } = context;
  const bytes = elementBytes(type.dtype) * type.lanes;
  const packed = type.dtype === 'i1' ? bytesOfMask(context, type, value) : value;
  if (bytes === 16 && type.dtype !== 'index') return f.store('v128', 16, place, packed);
  const op = partialStores.get(bytes);
  if (op === undefined || type.dtype === 'index')
    return context.fail(`a store of ${valueTypeText(type)}, which no instruction has`);
  f.storeLane(op, bytes, place, 0, packed);
}

function bytesOfMask({ f }: KernelContext, type: ValueType, mask: WasmExpr): WasmExpr {
  return f.binary('AndVec128', resizeMask(f, mask, type.lanes, 1), f.v128(new Uint8Array(16).fill(1)));
}

function storeLanes(context: KernelContext, { buffer, index, value, mask }: Store, memory: Memory): void {
  const { f } = context;
  const { type } = value;
  const held = f.hold(formOf(type), context.expr(value));
  const where = mask === undefined ? undefined : f.hold(formOf(mask.type), context.expr(mask));
  const at = index.type.lanes === 1 ? undefined : f.hold('v128', context.expr(index));
  for (let lane = 0; lane < type.lanes; lane++) {
    const write = (): void => {
      const place =
        at === undefined
          ? placeOf(context, buffer, memory, laneIndex(index, lane))
          : placeOfLaneAt(context, buffer, memory, index.type, at, lane);
      storeScalar(context, type.dtype, place, type.lanes === 1 ? held() : extractLane(f, type, held(), lane));
    };
    if (where === undefined || mask === undefined) write();
    else inside(context, maskLane(context, mask.type, where, lane), write);
  }
}

/** Lane i is i < count. */
export function printTailMask({ f }: KernelContext, type: ValueType, count: WasmExpr): WasmExpr {
  const { lanes } = type;
  if (lanes === 1) return f.binary('GtSInt32', count, f.i32(0));
  const width = registerLaneBytes(type);
  const held = f.hold('i32', count);
  const atMost = f.hold('i32', f.select(f.binary('LtSInt32', held(), f.i32(lanes)), held(), f.i32(lanes)));
  const limit = f.select(f.binary('GtSInt32', atMost(), f.i32(0)), atMost(), f.i32(0));
  const numbers = new Uint8Array(16);
  for (let lane = 0; lane < lanes; lane++) numbers[lane] = lane;
  const isBefore = f.binary('LtSVecI8x16', f.v128(numbers), f.unary('SplatVecI8x16', limit));
  return resizeLanes(f, isBefore, 1, width, 'S');
}
