/** Structured kernels of contractions made by hand, their evaluation by plain nested loops, and running a schedule of them in the interpreter. */
import { packConstant } from '../../../../codegen/kernel/contraction/pack-constant.ts';
import { contractionLayouts } from '../../../../codegen/kernel/contraction/panel-layout.ts';
import { interpretKernel } from '../../../../codegen/kernel/loop-interpreter.ts';
import { allocateMemory } from '../../../../codegen/kernel/loop-interpreter-memory.ts';
import type { FlatBufferId, LoopKernel } from '../../../../codegen/kernel/loop-ir.ts';
import { verifyLoopKernel } from '../../../../codegen/kernel/loop-verifier.ts';
import { lower } from '../../../../codegen/kernel/lower.ts';
import { parameterBuffers } from '../../../../codegen/kernel/lower-context.ts';
import type { AxisTile, ContractionSchedule, Schedule, StageSchedule } from '../../../../codegen/kernel/schedule.ts';
import { evaluateSize, type Size } from '../../../../codegen/kernel/size.ts';
import type {
  Access, Axis, AxisId, BufferId, Combiner, Guard, IndexExpr, KernelBuffer, StageId, StructuredKernel, ValueExpr,
} from '../../../../codegen/kernel/structured-kernel.ts'; // prettier-ignore
import { type TargetInfo, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import type { KernelDType } from '../../../../codegen/kernel/value-type.ts';
import type { ElementsArray } from '../../../../ir/elements.ts';
import { evaluateStructured } from '../structured-evaluator.ts';
import { unknownLocation } from '../../../../ir/location.ts';

export const axis = (id: number): AxisId => id as AxisId;
export const bufferId = (id: number): BufferId => id as BufferId;
export const stageId = 0 as StageId;

export const at = (id: number): IndexExpr => ({ kind: 'axis', axis: axis(id) });
export const number = (value: number): IndexExpr => ({ kind: 'constant', value });
export const plus = (...terms: readonly IndexExpr[]): IndexExpr => ({ kind: 'add', terms });
export const times = (operand: IndexExpr, factor: Size): IndexExpr => ({ kind: 'multiply', operand, factor });

export function load(
  dtype: KernelDType,
  buffer: number,
  indices: readonly IndexExpr[],
  guards: readonly Guard[] = [],
): Extract<ValueExpr, { kind: 'load' }> {
  const access: Access = { buffer: bufferId(buffer), indices, guards };
  const otherwise: ValueExpr | undefined = guards.length > 0 ? { kind: 'constant', dtype, value: 0 } : undefined;
  return { kind: 'load', dtype, access, otherwise };
}

export function binaryValue(op: 'add' | 'multiply' | 'maximum', lhs: ValueExpr, rhs: ValueExpr): ValueExpr {
  return { kind: 'binary', dtype: lhs.dtype, op, lhs, rhs };
}

export const accumulator = (dtype: KernelDType): ValueExpr => ({ kind: 'accumulator', dtype, index: 0 });

export const relu = (value: ValueExpr): ValueExpr =>
  binaryValue('maximum', value, { kind: 'constant', dtype: value.dtype, value: 0 });

export function sum(dtype: KernelDType): Combiner {
  return {
    dtypes: [dtype],
    identity: [0],
    results: [binaryValue('add', accumulator(dtype), { kind: 'element', dtype, index: 0 })],
    isAssociative: dtype === 'i32',
    isCommutative: true,
    mayReassociate: true,
  };
}

export interface BufferSpec {
  readonly name: string;
  readonly role: 'in' | 'out' | 'inout';
  readonly dtype: KernelDType;
  readonly shape: readonly Size[];
  readonly isConstant?: boolean;
}

export interface ContractionSpec {
  readonly extents: readonly Size[];
  /** Ids of the axes that are summed over. */
  readonly reduction: readonly number[];
  readonly buffers: readonly BufferSpec[];
  readonly dtype: KernelDType;
  readonly lhs: ValueExpr;
  readonly rhs: ValueExpr;
  readonly finish?: ValueExpr;
  readonly write: Access;
}

export function contraction(spec: ContractionSpec): StructuredKernel {
  const axes = spec.extents.map((extent, id): Axis => {
    const kind = spec.reduction.includes(id) ? 'reduction' : 'parallel';
    return { id: axis(id), name: `i${id}`, kind, extent };
  });
  const buffers = spec.buffers.map((buffer, id): KernelBuffer => ({
    isConstant: false,
    ...buffer,
    id: bufferId(id),
    aliasClass: id,
  }));
  return {
    name: 'contraction',
    axes,
    buffers,
    stages: [
      {
        id: stageId,
        axes: axes.map(({ id }) => id),
        values: [binaryValue('multiply', spec.lhs, spec.rhs)],
        combiner: sum(spec.dtype),
        finish: spec.finish === undefined ? undefined : [spec.finish],
        writes: [spec.write],
      },
    ],
    location: unknownLocation,
  };
}

export function access(buffer: number, indices: readonly IndexExpr[]): Access {
  return { buffer: bufferId(buffer), indices, guards: [] };
}

export interface MatmulOptions {
  readonly m: Size;
  readonly k: Size;
  readonly n: Size;
  readonly dtype?: KernelDType;
  readonly isConstant?: boolean;
  readonly transposeLhs?: boolean;
  readonly transposeRhs?: boolean;
  /** bias[n], relu, and a residual [m, n]. */
  readonly epilogue?: boolean;
}

/** `relu(lhs * rhs + bias + residual)`: axes 0 = m, 1 = n, 2 = k; buffers lhs, rhs, out, bias, residual. */
export function matmul(options: MatmulOptions): StructuredKernel {
  const { m, n, k, dtype = 'f32', isConstant = false, transposeLhs = false, transposeRhs = false } = options;
  const epilogue = options.epilogue === true;
  const turned = <T>(pair: readonly T[], isTurned: boolean): readonly T[] => (isTurned ? pair.toReversed() : pair);
  const base: readonly BufferSpec[] = [
    { name: 'lhs', role: 'in', dtype, shape: turned([m, k], transposeLhs) },
    { name: 'rhs', role: 'in', dtype, shape: turned([k, n], transposeRhs), isConstant },
    { name: 'out', role: 'out', dtype, shape: [m, n] },
  ];
  const extra: readonly BufferSpec[] = [
    { name: 'bias', role: 'in', dtype, shape: [n] },
    { name: 'residual', role: 'in', dtype, shape: [m, n] },
  ];
  const summed = binaryValue('add', accumulator(dtype), load(dtype, 3, [at(1)]));
  const finish = relu(binaryValue('add', summed, load(dtype, 4, [at(0), at(1)])));
  return contraction({
    extents: [m, n, k],
    reduction: [2],
    dtype,
    buffers: epilogue ? [...base, ...extra] : base,
    lhs: load(dtype, 0, turned([at(0), at(2)], transposeLhs)),
    rhs: load(dtype, 1, turned([at(2), at(1)], transposeRhs)),
    ...(epilogue ? { finish } : {}),
    write: access(2, [at(0), at(1)]),
  });
}

export const matmulSchedule: ContractionSchedule = {
  kind: 'contraction',
  m: [axis(0)],
  n: [axis(1)],
  k: [axis(2)],
  batch: [],
  lanes: 4,
  mr: 6,
  nr: 8,
  kc: 256,
  mc: 96,
  nc: 256,
  rhs: 'panel',
  lhs: 'panel',
};

type Values = ReadonlyMap<BufferId, ElementsArray>;
type Symbols = ReadonlyMap<string, number>;

function sizeIn(symbols: Symbols, size: Size): number {
  const value = evaluateSize(size, symbols);
  if (value === undefined) throw new Error('a symbol has no value');
  return value;
}

/** Small integers, so that sums are exact in any order; outputs are NaN or -1. */
export function makeValues(kernel: StructuredKernel, symbols: Symbols = new Map()): Values {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return ((state >> 16) % 7) - 3;
  };
  return new Map(
    kernel.buffers.map(({ id, dtype, shape, role }) => {
      const count = shape.map((size) => sizeIn(symbols, size)).reduce((a, b) => a * b, 1);
      const values = allocateMemory(dtype, count);
      const isFloat = values instanceof Float32Array || values instanceof Float64Array;
      for (let index = 0; index < count; index += 1) {
        const value = role === 'out' ? (isFloat ? NaN : 77) : next();
        if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = BigInt(value);
        else values[index] = value;
      }
      return [id, values] as const;
    }),
  );
}

/** The output by plain loops. */
export function evaluateDirectly(kernel: StructuredKernel, values: Values, symbols: Symbols = new Map()): Values {
  const copy = new Map([...values].map(([id, array]) => [id, array.slice()] as const));
  evaluateStructured(kernel, copy, symbols);
  return copy;
}

export interface RunOptions {
  readonly schedule: StageSchedule;
  readonly tiles?: readonly AxisTile[];
  readonly symbols?: Symbols;
  readonly target?: TargetInfo;
  readonly workgroup?: readonly [number, number, number];
}

export function scheduleOf(kernel: StructuredKernel, { schedule, tiles = [], workgroup }: RunOptions): Schedule {
  const [stage] = kernel.stages;
  const layouts =
    stage === undefined || schedule.kind !== 'contraction'
      ? new Map()
      : contractionLayouts(kernel, stage, schedule, tiles);
  return { tiles, stages: new Map([[stageId, schedule]]), layouts, spaces: new Map(), workgroup };
}

export function lowered(kernel: StructuredKernel, options: RunOptions): LoopKernel {
  const loops = lower(kernel, scheduleOf(kernel, options), options.target ?? wasmTarget);
  verifyLoopKernel(loops);
  return loops;
}

/** The output buffer (id 2) of the lowered kernel, with constants packed as the schedule says. */
export function runLowered(kernel: StructuredKernel, values: Values, options: RunOptions): ElementsArray | undefined {
  const { symbols = new Map<string, number>() } = options;
  const schedule = scheduleOf(kernel, options);
  const loops = lowered(kernel, options);
  const arrays = new Map<FlatBufferId, ElementsArray>();
  let output: ElementsArray | undefined;
  for (const [position, buffer] of parameterBuffers(kernel, schedule).entries()) {
    const flat = loops.buffers[position];
    const given = values.get(buffer.id)?.slice();
    if (flat === undefined || given === undefined) throw new Error('no such buffer');
    const layout = schedule.layouts.get(buffer.id);
    const shape = buffer.shape.map((size) => sizeIn(symbols, size));
    const array = layout === undefined ? given : packConstant(given, buffer.dtype, shape, layout);
    arrays.set(flat.id, array);
    if (buffer.id === bufferId(2)) output = array;
  }
  interpretKernel(loops, arrays, symbols, 0, sizeIn(symbols, loops.tiles));
  return output;
}
