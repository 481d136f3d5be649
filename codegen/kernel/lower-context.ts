/** What all of lowering shares: buffers in their places, facts about the value DAGs, and the point at which code is being emitted. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { reloadedBuffers } from './contraction/raw-sums.ts';
import { LoopBuilder } from './loop-builder.ts';
import { extract } from './loop-expressions.ts';
import type { Expr, FlatBuffer } from './loop-ir.ts';
import { layoutSize, layoutStrides, type PhysicalLayout, rowMajorLayout } from './physical-layout.ts';
import type { Schedule } from './schedule.ts';
import type { Size } from './size.ts';
import { readsOf } from './stage-reads.ts';
import type {
  Axis,
  AxisId,
  BufferId,
  Guard,
  KernelBuffer,
  Stage,
  StageId,
  StructuredKernel,
  ValueExpr,
} from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';
import { axesOfValue, operandsOfValue, walkOperands, walkValues } from './lower-affine.ts';

/** Where a kernel's buffer is while code is emitted. */
export type BufferPlace =
  /** Dimension `dropped[i]` is not there: all accesses of this iteration have one index. `lanes` copies of each element lie side by side. */
  | {
      readonly kind: 'memory';
      readonly buffer: FlatBuffer;
      readonly layout: PhysicalLayout;
      readonly strides: readonly Size[];
      /** The index that would be at the beginning of the buffer: it has a block of all elements. */
      readonly origin?: Expr | undefined;
      readonly dropped: ReadonlySet<number>;
      readonly lanes: number;
    }
  /** A scratch of one element, held in a variable once it has been written. */
  | { readonly kind: 'register'; value: Expr | undefined };

export interface LoweringContext {
  readonly kernel: StructuredKernel;
  readonly schedule: Schedule;
  readonly target: TargetInfo;
  readonly builder: LoopBuilder;
  readonly places: Map<BufferId, BufferPlace>;
  /** Values used more than once, or so deep that they get a name. */
  readonly named: ReadonlySet<ValueExpr>;
  /** In a DAG too deep to recurse through: named values to emit first, in order. */
  readonly steps: ReadonlyMap<ValueExpr, readonly ValueExpr[]>;
}

export function makeContext(kernel: StructuredKernel, schedule: Schedule, target: TargetInfo): LoweringContext {
  const builder = new LoopBuilder();
  const context: LoweringContext = {
    kernel, schedule, target, builder, places: new Map(), ...namedValues(kernel.stages),
  }; // prettier-ignore
  const reloaded = new Set([...reloadedBuffers(kernel, schedule), ...loadedBuffers(kernel)]);
  for (const buffer of parameterBuffers(kernel, schedule))
    context.places.set(buffer.id, parameterPlace(builder, buffer, schedule, reloaded));
  return context;
}

/** The buffers that are parameters of the loop kernel, in their order there: all but scratch that lives inside. */
export function parameterBuffers(kernel: StructuredKernel, schedule: Schedule): readonly KernelBuffer[] {
  return kernel.buffers.filter(
    ({ id, role }) => role !== 'scratch' || (schedule.spaces.get(id) ?? 'arena') === 'arena',
  );
}

/** Every buffer that a value is loaded from: an output too, where a later stage reads what an earlier one wrote. */
function loadedBuffers(kernel: StructuredKernel): ReadonlySet<BufferId> {
  const loaded = new Set(kernel.stages.flatMap((stage) => readsOf(stage).map(({ buffer }) => buffer)));
  for (const { id, role } of kernel.buffers) if (role !== 'out') loaded.delete(id);
  return loaded;
}

const accessOfRole = { in: 'read', out: 'write', inout: 'read-write', scratch: 'read-write' } as const;

function parameterPlace(
  builder: LoopBuilder,
  buffer: KernelBuffer,
  schedule: Schedule,
  reloaded: ReadonlySet<BufferId>,
): BufferPlace {
  const layout = schedule.layouts.get(buffer.id) ?? rowMajorLayout(buffer.shape.length);
  const flat = builder.parameter({
    name: buffer.name,
    dtype: buffer.dtype,
    size: layoutSize(layout, buffer.shape),
    aliasClass: buffer.aliasClass,
    access: reloaded.has(buffer.id) ? 'read-write' : accessOfRole[buffer.role],
  });
  const strides = layoutStrides(layout, buffer.shape);
  return { kind: 'memory', buffer: flat, layout, strides, dropped: new Set(), lanes: 1 };
}

/** Rows of a DAG this deep get a name, so that no pass over expressions recurses far. */
const deepest = 24;

/** Depth from which values are emitted step by step. */
const tooDeep = 20 * deepest;

function namedValues(stages: readonly Stage[]): Pick<LoweringContext, 'named' | 'steps'> {
  const named = new Set<ValueExpr>();
  const steps = new Map<ValueExpr, readonly ValueExpr[]>();
  // Stages may share values.
  const uses = new Map<ValueExpr, number>();
  for (const stage of stages) {
    const use = (value: ValueExpr): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
    const { combiner } = stage;
    for (const roots of [stage.values, combiner?.results ?? [], combiner?.join ?? [], stage.finish ?? []]) {
      roots.forEach(use);
      walkValues(roots, (value) => {
        operandsOfValue(value).forEach(use);
        // Operands come first, so that this does not recurse either.
        axesOfValue(value);
      });
      for (const root of roots) steps.set(root, nameDeepValues(root, named));
    }
  }
  for (const [value, count] of uses) if (count > 1) named.add(value);
  return { named, steps };
}

function nameDeepValues(root: ValueExpr, named: Set<ValueExpr>): readonly ValueExpr[] {
  const depths = new Map<ValueExpr, number>();
  const cuts: ValueExpr[] = [];
  let most = 0;
  walkOperands([root], (value) => {
    let depth = 1;
    for (const operand of operandsOfValue(value)) depth = Math.max(depth, 1 + (depths.get(operand) ?? 0));
    depths.set(value, depth);
    most = Math.max(most, depth);
    if (depth % deepest !== 0) return;
    cuts.push(value);
    named.add(value);
  });
  return most > tooDeep ? cuts : [];
}

export function axisOf(kernel: StructuredKernel, id: AxisId): Axis {
  const axis = kernel.axes.find((each) => each.id === id);
  if (axis === undefined) throw new InvariantError(`kernel ${kernel.name}: no axis ${id}`);
  return axis;
}

export function bufferOf(kernel: StructuredKernel, id: BufferId): KernelBuffer {
  const buffer = kernel.buffers.find((each) => each.id === id);
  if (buffer === undefined) throw new InvariantError(`kernel ${kernel.name}: no buffer ${id}`);
  return buffer;
}

/** Values emitted so far in a scope, and those of the scopes around it. */
export class EmittedValues {
  readonly #values = new Map<ValueExpr, Expr>();
  readonly #lanes = new Map<number, EmittedValues>();
  readonly #outer: EmittedValues | undefined;
  readonly #isLane: boolean;
  /** The lane of the vector axis that scalar code computes. */
  readonly lane: number;

  constructor(outer?: EmittedValues, lane?: number) {
    this.#outer = outer;
    this.#isLane = lane !== undefined;
    this.lane = lane ?? outer?.lane ?? 0;
  }

  get(value: ValueExpr): Expr | undefined {
    const own = this.#values.get(value);
    if (own !== undefined) return own;
    const outer = this.#outer?.get(value);
    return outer !== undefined && this.#isLane ? laneOf(outer, this.lane) : outer;
  }

  set(value: ValueExpr, expr: Expr): void {
    this.#values.set(value, expr);
  }

  /** The scope of one lane's scalars; what the vector code has is extracted from it. */
  ofLane(lane: number): EmittedValues {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const scope = new EmittedValues(this, lane);
    this.#lanes.set(lane, scope);
    return scope;
  }
}

/** Lane i of a vector; a scalar is the same in all. */
export function laneOf(expr: Expr, lane: number): Expr {
  return expr.type.lanes === 1 ? expr : extract(expr, lane);
}

export interface VectorAxis {
  readonly axis: AxisId;
  readonly lanes: number;
}

/** The part of an axis that a tile has. */
export interface TileRange {
  readonly from: Expr;
  readonly to: Expr;
  /** What `to - from` may be: that of all tiles but the last, and of the last; undefined for an axis that is bound late. */
  readonly extents: readonly number[] | undefined;
}

/** Where code is emitted: the index of each bound axis, and what holds there. */
export interface Point {
  /** The vector axis has the index of its first lane. */
  readonly axes: ReadonlyMap<AxisId, Expr>;
  readonly vector: VectorAxis | undefined;
  /** Axes that run over a part of their extent here: a tile. */
  readonly ranges: ReadonlyMap<AxisId, TileRange>;
  /** Guards that are known to hold, or not to. */
  readonly known: ReadonlyMap<Guard, boolean>;
  /** Columns of contractions that are in panels already. */
  readonly panels?: ReadonlyMap<StageId, FlatBuffer>;
  readonly accumulators: readonly Expr[];
  readonly elements: readonly Expr[];
  readonly emitted: EmittedValues;
  /** Copies of the stage's code that the splits around this point make. */
  readonly copies: number;
}

export function startPoint(): Point {
  return {
    axes: new Map(),
    vector: undefined,
    ranges: new Map(),
    known: new Map(),
    accumulators: [],
    elements: [],
    emitted: new EmittedValues(),
    copies: 1,
  };
}

/** The point with an axis bound; values of the outer point that do not depend on it are reused. */
export function bindAxis(point: Point, axis: AxisId, index: Expr, lanes = 1): Point {
  return {
    ...point,
    axes: new Map(point.axes).set(axis, index),
    vector: lanes > 1 ? { axis, lanes } : point.vector,
    emitted: new EmittedValues(point.emitted),
  };
}

/** The same place, in a block of its own: what is emitted there is not seen outside. */
export function innerPoint(point: Point, change: Partial<Point> = {}): Point {
  return { ...point, emitted: new EmittedValues(point.emitted), ...change };
}
