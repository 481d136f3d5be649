/** What is known while the stages of a kernel are made: its axes and buffers, who reads what where, and the stages that are there. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { equalOrders, inMemoryOrder } from '../../ir/dimension-order.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { equalSizes, type Size } from '../kernel/size.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  IndexExpr,
  KernelBuffer,
  UnnumberedStage,
} from '../kernel/structured-kernel.ts';
import { memoryOrderOf, requireKernelDType, shapeOf, unsupportedKernel } from './expressions.ts';
import type { FusionBody } from './fusion-body.ts';
import { IndexAlgebra, noGuards } from './index-algebra.ts';
import { groupNodes, type NodeGroup, type Read } from './kernel-nodes.ts';
import type { StageHost } from './stage-builder.ts';

/** The stages of a group: one, or one a piece. */
export interface GroupStages {
  readonly group: NodeGroup;
  /** One a dimension of the values. */
  readonly indices: readonly IndexExpr[];
  readonly stages: readonly UnnumberedStage[];
  /** A pointwise group that has become the last step of a reduction. */
  readonly isEpilogue?: boolean;
}

export class StageState {
  readonly op: Operation;
  readonly body: FusionBody;
  readonly algebra = new IndexAlgebra();
  readonly axes = new Map<AxisId, Axis>();
  readonly buffers: KernelBuffer[] = [];
  readonly groups: readonly NodeGroup[];
  readonly made = new Map<NodeGroup, GroupStages>();
  readonly operands: readonly BufferId[];
  readonly results: readonly BufferId[];
  /** Where each value is read from. */
  readonly #source = new Map<Value, BufferId>();
  /** Where each value is written to. */
  readonly #targets = new Map<Value, BufferId[]>();
  readonly #owners = new Map<Value, NodeGroup>();
  #reads: Read[] = [];

  constructor(op: Operation, body: FusionBody, wanted: ReadonlySet<Value>) {
    this.op = op;
    this.body = body;
    this.operands = body.inputs.map((value, index) => this.#addInput(value, index));
    this.groups = groupNodes(op, body, wanted);
    for (const group of this.groups) for (const value of group.values) this.#owners.set(value, group);
    this.results = body.results.map((value, index) => this.#addResult(value, index));
    for (const group of this.groups) for (const value of group.values) this.#addScratch(value);
  }

  #addBuffer(value: Value, name: string, role: KernelBuffer['role'], isConstant = false): BufferId {
    const id = this.buffers.length as BufferId;
    const owner = value.definingOp ?? this.op;
    const dtype = requireKernelDType(value, owner);
    const shape = inMemoryOrder(shapeOf(value, owner), memoryOrderOf(value));
    this.buffers.push({ id, name, role, dtype, shape, aliasClass: id, isConstant });
    return id;
  }

  #addInput(value: Value, index: number): BufferId {
    const outside = this.op.operand(index).definingOp;
    const isConstant = outside?.definition.traits.has('constant-like') === true;
    const id = this.#addBuffer(value, `in${index}`, 'in', isConstant);
    if (!this.#source.has(value)) this.#source.set(value, id);
    return id;
  }

  #addResult(value: Value, index: number): BufferId {
    const group = this.#owners.get(value);
    const updated = group?.kind === 'update' ? group.ops[0]?.operand(0) : undefined;
    if (updated !== undefined && !equalOrders(memoryOrderOf(updated) ?? [], memoryOrderOf(value) ?? []))
      throw unsupportedKernel(this.op, 'it updates memory of one dimension order in place for a result of another');
    const inPlace = updated === undefined ? undefined : this.#source.get(updated);
    const id = inPlace ?? this.#addBuffer(value, `out${index}`, 'out');
    if (inPlace !== undefined) this.#makeInOut(inPlace);
    this.#targets.set(value, [...(this.#targets.get(value) ?? []), id]);
    if (!this.#source.has(value)) this.#source.set(value, id);
    return id;
  }

  #makeInOut(id: BufferId): void {
    const buffer = this.buffers[id];
    if (buffer !== undefined) this.buffers[id] = { ...buffer, role: 'inout' };
  }

  #addScratch(value: Value): void {
    if (this.#targets.has(value)) return;
    const id = this.#addBuffer(value, `t${this.buffers.length}`, 'scratch');
    this.#targets.set(value, [id]);
    this.#source.set(value, id);
  }

  newAxis(kind: Axis['kind'], extent: Size): IndexExpr {
    const id = this.axes.size as AxisId;
    const name = `${kind === 'parallel' ? 'i' : 'k'}${id}`;
    this.axes.set(id, { id, name, kind, extent });
    return this.algebra.axis(id, extent);
  }

  parallelIndex(extent: Size): IndexExpr {
    return extent === 1 ? this.algebra.zero : this.newAxis('parallel', extent);
  }

  isParallel(index: IndexExpr | undefined, extent: Size): boolean {
    const known = index?.kind === 'axis' ? this.axes.get(index.axis) : undefined;
    return known?.kind === 'parallel' && equalSizes(known.extent, extent);
  }

  indicesOf(group: NodeGroup): readonly IndexExpr[] {
    return this.made.get(group)?.indices ?? [];
  }

  /** Reads of the group's values by stages that have been made. */
  readsOf(group: NodeGroup): readonly Read[] {
    return this.#reads.filter(({ value }) => group.values.includes(value));
  }

  /** The group's stage is made anew. */
  forgetReadsBy(group: NodeGroup): void {
    this.#reads = this.#reads.filter(({ by }) => by !== group);
  }

  isInput(value: Value): boolean {
    return this.body.inputs.includes(value);
  }

  isScratch(id: BufferId): boolean {
    return this.buffers[id]?.role === 'scratch';
  }

  /** What a stage may ask. */
  host(by: NodeGroup): StageHost {
    return {
      algebra: this.algebra,
      bufferOf: (value) => this.#source.get(value),
      onRead: (value, { indices, guards }) => {
        if (this.#owners.has(value)) this.#reads.push({ value, indices, by, isGuarded: guards !== noGuards });
      },
      reductionAxis: () => {
        throw new InvariantError('a reduction inside an expression');
      },
    };
  }

  writes(value: Value, indices: readonly IndexExpr[]): readonly Access[] {
    const inMemory = inMemoryOrder(indices, memoryOrderOf(value));
    return (this.#targets.get(value) ?? []).map((buffer) => ({ buffer, indices: inMemory, guards: [] }));
  }
}

/** Each axis once, in the order of first use. */
export function axesIn(indices: readonly IndexExpr[]): AxisId[] {
  const axes = new Set<AxisId>();
  const visit = (index: IndexExpr): void => {
    if (index.kind === 'axis') axes.add(index.axis);
    else if (index.kind === 'add') index.terms.forEach(visit);
    else if (index.kind === 'multiply') visit(index.operand);
  };
  indices.forEach(visit);
  return [...axes];
}
