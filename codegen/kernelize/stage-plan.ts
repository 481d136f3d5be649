/**
 * From the body of a fusion to stages. Groups of values are looked at from the results back, so that all that reads a value is known
 * before its own stage is made: then its axes can be those of its readers (a row that several stages share), and a reduction that only
 * one stage reads, at its own place, takes that stage in as its epilogue.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { equalOrders, inMemoryOrder } from '../../ir/dimension-order.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import { droppedDimensions, elementsInside, sharedAxes } from '../kernel/lower-fusion.ts';
import { ceilDivideSizes, equalSizes, maxSize, type Size } from '../kernel/size.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  Combiner,
  IndexExpr,
  KernelBuffer,
  Stage,
  StageId,
  StructuredKernel,
  ValueExpr,
} from '../kernel/structured-kernel.ts';
import { elementBytes } from '../kernel/value-type.ts';
import { substituteLeaves } from './combiners.ts';
import {
  accumulatorValue,
  elementValue,
  memoryOrderOf,
  requireKernelDType,
  shapeOf,
  unsupportedKernel,
} from './expressions.ts';
import { type FusionBody, fusionBody, kernelName } from './fusion-body.ts';
import { updateStarts } from './gather-rules.ts';
import { IndexAlgebra, noGuards } from './index-algebra.ts';
import { expensiveValues, groupNodes, type NodeGroup, type Read } from './kernel-nodes.ts';
import { requireKernelRule } from './kernel-rules.ts';
import { concatenatedPieces } from './movement-rules.ts';
import type { ReducerStage } from './reducer-rules.ts';
import { NeedsBuffer, StageBuilder, type StageHost } from './stage-builder.ts';
import { splitAxes } from './split-axes.ts';
import { clusterStages } from './stage-order.ts';

export interface BoundKernel {
  readonly kernel: StructuredKernel;
  readonly operands: readonly BufferId[];
  readonly results: readonly BufferId[];
}

export function planStages(op: Operation): BoundKernel {
  const body = fusionBody(op);
  body.ops.forEach(requireKernelRule);
  const expensive = body.ops.length > 1 ? expensiveValues(op, body) : [];
  if (expensive.length > 0) {
    const planned = planWith(op, body, new Set(expensive));
    if (keepsRows(planned.kernel)) return planned;
  }
  return planWith(op, body, new Set());
}

/** `wanted`: values that get a buffer besides those that need one. */
function planWith(op: Operation, body: FusionBody, wanted: Set<Value>): BoundKernel {
  for (;;) {
    try {
      return new StagePlan(op, body, wanted).build();
    } catch (error) {
      if (!(error instanceof NeedsBuffer) || wanted.has(error.value)) throw error;
      wanted.add(error.value);
    }
  }
}

/** What is kept for later stages should still be in the cache then: one loop over rows around all stages, and small rows. */
const maxKeptBytes = 1 << 16;

function keepsRows(kernel: StructuredKernel): boolean {
  const rows = sharedAxes(kernel);
  return (
    rows.length > 0 &&
    kernel.buffers.every((buffer) => {
      if (buffer.role !== 'scratch') return true;
      const elements = maxSize(elementsInside(buffer, droppedDimensions(kernel, buffer.id, rows)));
      return elements !== undefined && elements * elementBytes(buffer.dtype) <= maxKeptBytes;
    })
  );
}

/** The stages of a group: one, or one a piece. */
interface GroupStages {
  readonly group: NodeGroup;
  /** One a dimension of the values. */
  readonly indices: readonly IndexExpr[];
  readonly stages: readonly Omit<Stage, 'id'>[];
  /** A pointwise group that has become the last step of a reduction. */
  readonly isEpilogue?: boolean;
}

class StagePlan {
  readonly #op: Operation;
  readonly #body: FusionBody;
  readonly #algebra = new IndexAlgebra();
  readonly #axes = new Map<AxisId, Axis>();
  readonly #buffers: KernelBuffer[] = [];
  /** Where each value is read from. */
  readonly #source = new Map<Value, BufferId>();
  /** Where each value is written to. */
  readonly #targets = new Map<Value, BufferId[]>();
  readonly #groups: readonly NodeGroup[];
  readonly #owners = new Map<Value, NodeGroup>();
  #reads: Read[] = [];
  readonly #made = new Map<NodeGroup, GroupStages>();
  readonly #operands: BufferId[];
  readonly #results: BufferId[];

  constructor(op: Operation, body: FusionBody, wanted: ReadonlySet<Value>) {
    this.#op = op;
    this.#body = body;
    this.#operands = body.inputs.map((value, index) => this.#addInput(value, index));
    this.#groups = groupNodes(op, body, wanted);
    for (const group of this.#groups) for (const value of group.values) this.#owners.set(value, group);
    this.#results = body.results.map((value, index) => this.#addResult(value, index));
    for (const group of this.#groups) for (const value of group.values) this.#addScratch(value);
  }

  build(): BoundKernel {
    for (const group of this.#groups.toReversed()) this.#buildGroup(group);
    const planned = clusterStages(this.#groups.flatMap((group) => this.#made.get(group)?.stages ?? []));
    const stages = planned.length === 1 ? planned.map((stage) => this.#split(this.#alongMemory(stage))) : planned;
    const used = new Set(stages.flatMap(({ axes }) => axes));
    const written = new Set(stages.flatMap(({ writes }) => writes.map(({ buffer }) => buffer)));
    const kernel: StructuredKernel = {
      name: kernelName(this.#op, this.#body),
      axes: [...this.#axes.values()].filter(({ id }) => used.has(id)),
      buffers: this.#buffers.filter(({ id, role }) => role !== 'scratch' || written.has(id)),
      stages: stages.map((stage, index) => ({ id: index as StageId, ...stage })),
      location: this.#op.location,
    };
    return { kernel, operands: this.#operands, results: this.#results };
  }

  /** Loops go through a result in the order of its memory. Only a stage that stands alone: others may share its axes. */
  #alongMemory(stage: Omit<Stage, 'id'>): Omit<Stage, 'id'> {
    const [write] = stage.writes;
    const isOrdered = this.#body.results.some((value) => memoryOrderOf(value) !== undefined);
    if (!isOrdered || write === undefined) return stage;
    const written = axesIn(write.indices).filter((axis) => stage.axes.includes(axis));
    return { ...stage, axes: [...written, ...stage.axes.filter((axis) => !written.includes(axis))] };
  }

  /** Only a stage that stands alone: others may share its axes. */
  #split(stage: Omit<Stage, 'id'>): Omit<Stage, 'id'> {
    if (this.#groups.some(isContraction)) return stage;
    return splitAxes(stage, {
      algebra: this.#algebra,
      axisOf: (id) => this.#axes.get(id),
      newAxis: ({ kind }, extent) => this.#newAxis(kind, extent),
    });
  }

  #addBuffer(value: Value, name: string, role: KernelBuffer['role'], isConstant = false): BufferId {
    const id = this.#buffers.length as BufferId;
    const owner = value.definingOp ?? this.#op;
    const dtype = requireKernelDType(value, owner);
    const shape = inMemoryOrder(shapeOf(value, owner), memoryOrderOf(value));
    this.#buffers.push({ id, name, role, dtype, shape, aliasClass: id, isConstant });
    return id;
  }

  #addInput(value: Value, index: number): BufferId {
    const outside = this.#op.operand(index).definingOp;
    const isConstant = outside?.definition.traits.has('constant-like') === true;
    const id = this.#addBuffer(value, `in${index}`, 'in', isConstant);
    if (!this.#source.has(value)) this.#source.set(value, id);
    return id;
  }

  #addResult(value: Value, index: number): BufferId {
    const group = this.#owners.get(value);
    const updated = group?.kind === 'update' ? group.ops[0]?.operand(0) : undefined;
    if (updated !== undefined && !equalOrders(memoryOrderOf(updated) ?? [], memoryOrderOf(value) ?? []))
      throw unsupportedKernel(this.#op, 'it updates memory of one dimension order in place for a result of another');
    const inPlace = updated === undefined ? undefined : this.#source.get(updated);
    const id = inPlace ?? this.#addBuffer(value, `out${index}`, 'out');
    if (inPlace !== undefined) this.#makeInOut(inPlace);
    this.#targets.set(value, [...(this.#targets.get(value) ?? []), id]);
    if (!this.#source.has(value)) this.#source.set(value, id);
    return id;
  }

  #makeInOut(id: BufferId): void {
    const buffer = this.#buffers[id];
    if (buffer !== undefined) this.#buffers[id] = { ...buffer, role: 'inout' };
  }

  #addScratch(value: Value): void {
    if (this.#targets.has(value)) return;
    const id = this.#addBuffer(value, `t${this.#buffers.length}`, 'scratch');
    this.#targets.set(value, [id]);
    this.#source.set(value, id);
  }

  #newAxis(kind: Axis['kind'], extent: Size): IndexExpr {
    const id = this.#axes.size as AxisId;
    const name = `${kind === 'parallel' ? 'i' : 'k'}${id}`;
    this.#axes.set(id, { id, name, kind, extent });
    return this.#algebra.axis(id, extent);
  }

  #buildGroup(group: NodeGroup): void {
    switch (group.kind) {
      case 'pointwise':
        return void this.#made.set(
          group,
          this.#pointwiseStage(group, this.#chooseIndices(group, this.#sharedIndices(group))),
        );
      case 'reducer':
        return this.#buildReducer(group);
      case 'update':
        return void this.#made.set(group, this.#updateStage(group));
      case 'pieces':
        return void this.#made.set(group, this.#pieceStages(group));
      default:
        return group.kind satisfies never;
    }
  }

  /** What a stage may ask. */
  #host(by: NodeGroup): StageHost {
    return {
      algebra: this.#algebra,
      bufferOf: (value) => this.#source.get(value),
      onRead: (value, { indices, guards }) => {
        if (this.#owners.has(value)) this.#reads.push({ value, indices, by, isGuarded: guards !== noGuards });
      },
      reductionAxis: () => {
        throw new InvariantError('a reduction inside an expression');
      },
    };
  }

  #pointwiseStage(group: NodeGroup, indices: readonly IndexExpr[]): GroupStages {
    const builder = new StageBuilder(
      this.#host(group),
      group.values.filter((value) => !this.#isInput(value)),
    );
    const place = { indices, guards: noGuards };
    const values = group.values.flatMap((value) => {
      const element = builder.element(value, place);
      return this.#writes(value, indices).map(() => element);
    });
    const writes = group.values.flatMap((value) => this.#writes(value, indices));
    const stage = { axes: axesIn(indices), values, combiner: undefined, finish: undefined, writes };
    return { group, indices, stages: [stage] };
  }

  #isInput(value: Value): boolean {
    return this.#body.inputs.includes(value);
  }

  #writes(value: Value, indices: readonly IndexExpr[]): readonly Access[] {
    const inMemory = inMemoryOrder(indices, memoryOrderOf(value));
    return (this.#targets.get(value) ?? []).map((buffer) => ({ buffer, indices: inMemory, guards: [] }));
  }

  #updateStage(group: NodeGroup): GroupStages {
    const [op] = group.ops;
    const [value] = group.values;
    if (op === undefined || value === undefined) throw new InvariantError('an update without an op');
    const builder = new StageBuilder(this.#host(group));
    const update = op.operand(1);
    const indices = shapeOf(update, op).map((extent) => this.#parallelIndex(extent));
    const element = builder.element(update, { indices, guards: noGuards });
    const starts = updateStarts(op, noGuards, builder);
    const at = indices.map((index, axis) => this.#algebra.add(starts[axis] ?? this.#algebra.zero, index));
    const writes = this.#writes(value, at);
    const stage = { axes: axesIn(indices), values: [element], combiner: undefined, finish: undefined, writes };
    return { group, indices, stages: [stage] };
  }

  #pieceStages(group: NodeGroup): GroupStages {
    const [op] = group.ops;
    const [value] = group.values;
    if (op === undefined || value === undefined) throw new InvariantError('pieces without an op');
    const { dimension } = attributesOf<typeof concatenate.attributes>(op);
    const shared = this.#sharedIndices(group).map((index, axis) => (axis < dimension ? index : undefined));
    const common = this.#chooseIndices(group, shared.with(dimension, this.#algebra.zero));
    const stages = concatenatedPieces(op, dimension).map(({ value: piece, offset, extent }) => {
      const index = this.#parallelIndex(extent);
      const indices = common.with(dimension, index);
      const builder = new StageBuilder(this.#host(group));
      const element = builder.element(piece, { indices, guards: noGuards });
      const at = common.with(dimension, this.#algebra.add(index, this.#algebra.size(offset)));
      const writes = this.#writes(value, at);
      return {
        axes: axesIn(indices),
        values: writes.map(() => element),
        combiner: undefined,
        finish: undefined,
        writes,
      };
    });
    return { group, indices: common, stages };
  }

  #buildReducer(group: NodeGroup): void {
    const epilogue = this.#epilogueOf(group);
    if (epilogue !== undefined) this.#reads = this.#reads.filter(({ by }) => by !== epilogue.group);
    const owner = epilogue?.group ?? group;
    const indices = this.#chooseIndices(group, epilogue?.indices ?? this.#sharedIndices(group));
    const { values, combiner, finish, reductionAxes } = this.#reduction(group, owner, indices);
    const builder = new StageBuilder(this.#host(owner), owner === group ? [] : owner.values);
    const axes = [...axesIn(indices), ...reductionAxes];
    const writes: Access[] = [];
    const written: ValueExpr[] = [];
    const write = (value: Value, element: ValueExpr, at: readonly IndexExpr[]): void => {
      for (const access of this.#writes(value, at)) {
        const isScratch = this.#buffers[access.buffer]?.role === 'scratch';
        // Only the epilogue looks at it.
        if (isScratch && epilogue !== undefined && group.values.includes(value)) continue;
        writes.push(access);
        written.push(element);
      }
    };
    for (const [index, value] of reducedValues(group).entries()) {
      const element = finish[index];
      if (element === undefined) throw new InvariantError('a reduction without a result');
      builder.define(value, indices, element);
      if (group.values.includes(value)) write(value, element, indices);
    }
    const outer = epilogue === undefined ? [] : remap(owner, this.#indicesOf(owner), epilogue.indices, indices);
    if (epilogue !== undefined)
      for (const value of owner.values)
        write(value, builder.element(value, { indices: outer, guards: noGuards }), outer);
    const stage = { axes, values, combiner, finish: written, writes };
    if (epilogue === undefined) this.#made.set(group, { group, indices, stages: [stage] });
    else {
      this.#made.set(owner, { group: owner, indices: outer, stages: [stage], isEpilogue: true });
      this.#made.set(group, { group, indices, stages: [] });
    }
  }

  #indicesOf(group: NodeGroup): readonly IndexExpr[] {
    return this.#made.get(group)?.indices ?? [];
  }

  /** The reductions of a group over one set of reduction axes, as one tuple of accumulators. */
  #reduction(
    group: NodeGroup,
    owner: NodeGroup,
    indices: readonly IndexExpr[],
  ): ReducerStage & { readonly reductionAxes: readonly AxisId[] } {
    const made: IndexExpr[] = [];
    let cursor = 0;
    const reductionAxis = (extent: Size): IndexExpr => {
      if (extent === 1) return this.#algebra.zero;
      const index = made[cursor] ?? this.#newAxis('reduction', extent);
      made[cursor] = index;
      cursor += 1;
      return index;
    };
    const builder = new StageBuilder({ ...this.#host(owner), reductionAxis });
    const parts = group.ops.map((op) => {
      const rule = requireKernelRule(op);
      if (rule.kind !== 'reducer') throw new InvariantError(`${op.name} is no reduction`);
      cursor = 0;
      return rule.rule(op, indices, builder);
    });
    if (made.length === 0) made.push(this.#newAxis('reduction', 1));
    return { ...joinReductions(parts), reductionAxes: axesIn(made) };
  }

  /** The one stage that reads these results, each at its own place: it becomes the reduction's last step. */
  #epilogueOf(group: NodeGroup): { readonly group: NodeGroup; readonly indices: readonly IndexExpr[] } | undefined {
    const place = this.#ownPlaceRead(group);
    if (place === undefined) return undefined;
    const isTaken = this.#groups.some(
      (other) =>
        other !== group &&
        !this.#made.has(other) &&
        isContraction(other) &&
        !isContraction(group) &&
        ![...group.needs].some((value) => other.values.includes(value)) &&
        this.#ownPlaceRead(other)?.by === place.by,
    );
    return isTaken ? undefined : { group: place.by, indices: place.indices };
  }

  /** A read of the group's values, when all are by one pointwise stage, at an index that stands for all points of that stage. */
  #ownPlaceRead(group: NodeGroup): Read | undefined {
    const reads = this.#reads.filter(({ value }) => group.values.includes(value));
    const [first] = reads;
    if (group.kind !== 'reducer' || first === undefined || first.by.kind !== 'pointwise') return undefined;
    const made = this.#made.get(first.by);
    if (made === undefined || made.isEpilogue === true) return undefined;
    const key = this.#algebra.key(first.indices);
    const isSame = reads.every(
      ({ by, indices, isGuarded }) => by === first.by && !isGuarded && this.#algebra.key(indices) === key,
    );
    if (!isSame) return undefined;
    const axes = new Set(axesIn(made.indices));
    const isOwn = first.indices.every((index, axis) => {
      if (index.kind !== 'axis') return group.shape[axis] === 1;
      return axes.delete(index.axis) && equalSizes(this.#axes.get(index.axis)?.extent ?? -1, group.shape[axis] ?? 1);
    });
    return isOwn && axes.size === 0 ? first : undefined;
  }

  #parallelIndex(extent: Size): IndexExpr {
    return extent === 1 ? this.#algebra.zero : this.#newAxis('parallel', extent);
  }

  /** An index for each dimension of the group's values: those given, and new axes. */
  #chooseIndices(group: NodeGroup, given: readonly (IndexExpr | undefined)[]): IndexExpr[] {
    const split = groupedFeatures(group);
    return group.shape.map((extent, axis) => {
      if (extent === 1) return this.#algebra.zero;
      if (split === undefined || split.axis !== axis) return given[axis] ?? this.#parallelIndex(extent);
      const within = ceilDivideSizes(extent, split.count);
      const whole = this.#algebra.scale(this.#parallelIndex(split.count), within);
      return this.#algebra.add(whole, this.#parallelIndex(within));
    });
  }

  /**
   * Leading axes that the group has in common with those who read it, or with another result: rows that several stages run over. Only
   * leading ones, since a loop around all of them must then be the outermost of each.
   */
  #sharedIndices(group: NodeGroup): (IndexExpr | undefined)[] {
    const reads = this.#reads.filter(({ value }) => group.values.includes(value));
    const shared: (IndexExpr | undefined)[] = group.shape.map(() => undefined);
    let position = 0;
    for (const [axis, extent] of group.shape.entries()) {
      if (extent === 1) continue;
      const read = reads.length > 0 ? this.#readIndex(reads, axis, position) : undefined;
      const index = [read, this.#siblingIndex(group, axis, shared)].find((each) => this.#isParallel(each, extent));
      if (index === undefined) break;
      shared[axis] = index;
      position += 1;
    }
    return shared;
  }

  #readIndex(reads: readonly Read[], axis: number, position: number): IndexExpr | undefined {
    const index = reads[0]?.indices[axis];
    const isCommon = reads.every(({ indices, by }) => {
      const axes = axesIn(this.#indicesOf(by));
      return indices[axis] === index && index?.kind === 'axis' && axes[position] === index.axis;
    });
    return isCommon ? index : undefined;
  }

  #isParallel(index: IndexExpr | undefined, extent: Size): boolean {
    const known = index?.kind === 'axis' ? this.#axes.get(index.axis) : undefined;
    return known?.kind === 'parallel' && equalSizes(known.extent, extent);
  }

  /** The next axis of a stage that begins with the same ones; of a reduction, as long as it runs along rows. */
  #siblingIndex(group: NodeGroup, axis: number, shared: readonly (IndexExpr | undefined)[]): IndexExpr | undefined {
    const [op] = group.ops;
    if (group.kind === 'reducer') {
      if (op?.name !== reduce.name) return undefined;
      const { dimensions } = attributesOf<typeof reduce.attributes>(op);
      if (dimensions.some((reduced) => reduced <= axis)) return undefined;
    }
    const prefix = axesIn(shared.filter((index) => index !== undefined));
    const extent = group.shape[axis] ?? 1;
    for (const made of this.#made.values()) {
      const axes = axesIn(made.indices);
      const next = axes[prefix.length];
      if (made.stages.length === 0 || next === undefined || prefix.some((id, at) => axes[at] !== id)) continue;
      const index = this.#algebra.axis(next, this.#axes.get(next)?.extent ?? extent);
      if (this.#isParallel(index, extent)) return index;
    }
    return undefined;
  }
}

/** All results of the group's reductions, in the order of their accumulators. */
function reducedValues(group: NodeGroup): readonly Value[] {
  return group.ops.flatMap((op) => op.results);
}

function isContraction(group: NodeGroup): boolean {
  return group.ops.some((op) => op.name === dotGeneral.name || op.name === convolution.name);
}

/** The output features of a grouped convolution are groups times features: two axes, so that the group is one of the batch. */
function groupedFeatures(group: NodeGroup): { readonly axis: number; readonly count: number } | undefined {
  const [op] = group.ops;
  if (op?.name !== convolution.name) return undefined;
  const { dimension_numbers: dims, ...attrs } = attributesOf<typeof convolution.attributes>(op);
  const count = attrs.feature_group_count * attrs.batch_group_count;
  const axis = dims.output_feature_dimension;
  return count === 1 || group.shape[axis] === count ? undefined : { axis, count };
}

/** The epilogue's indices, when the reduction runs over `now` where it was read at `before`. */
function remap(
  group: NodeGroup,
  indices: readonly IndexExpr[],
  before: readonly IndexExpr[],
  now: readonly IndexExpr[],
): IndexExpr[] {
  return group.shape.map((_, axis) => {
    const index = indices[axis];
    const at = index?.kind === 'axis' ? before.indexOf(index) : -1;
    const mapped = at < 0 ? index : now[at];
    if (mapped === undefined) throw new InvariantError('an epilogue without an index');
    return mapped;
  });
}

/** Several reductions over one domain as one, with all their accumulators. */
function joinReductions(parts: readonly ReducerStage[]): ReducerStage {
  const [first] = parts;
  if (first === undefined) throw new InvariantError('a reducer without an op');
  if (parts.length === 1) return first;
  const values: ValueExpr[] = [];
  const finish: ValueExpr[] = [];
  const results: ValueExpr[] = [];
  let count = 0;
  for (const part of parts) {
    const base = count;
    const shift = (leaf: ValueExpr): ValueExpr => {
      if (leaf.kind === 'accumulator') return accumulatorValue(leaf.dtype, leaf.index + base);
      return leaf.kind === 'element' ? elementValue(leaf.dtype, leaf.index + base) : leaf;
    };
    values.push(...part.values);
    finish.push(...part.finish.map((value) => substituteLeaves(value, shift)));
    results.push(...part.combiner.results.map((value) => substituteLeaves(value, shift)));
    count += part.combiner.dtypes.length;
  }
  const combiners = parts.map(({ combiner }) => combiner);
  const combiner: Combiner = {
    dtypes: combiners.flatMap(({ dtypes }) => dtypes),
    identity: combiners.flatMap(({ identity }) => identity),
    results,
    isAssociative: combiners.every(({ isAssociative }) => isAssociative),
    isCommutative: combiners.every(({ isCommutative }) => isCommutative),
    mayReassociate: combiners.every(({ mayReassociate }) => mayReassociate),
  };
  return { values, combiner, finish };
}

/** Each axis once, in the order of first use. */
function axesIn(indices: readonly IndexExpr[]): AxisId[] {
  const axes = new Set<AxisId>();
  const visit = (index: IndexExpr): void => {
    if (index.kind === 'axis') axes.add(index.axis);
    else if (index.kind === 'add') index.terms.forEach(visit);
    else if (index.kind === 'multiply') visit(index.operand);
  };
  indices.forEach(visit);
  return [...axes];
}
