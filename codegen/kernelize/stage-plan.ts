/**
 * From the body of a fusion to stages. Groups of values are looked at from the results back, so that all that reads a value is known
 * before its own stage is made: then its axes can be those of its readers (a row that several stages share), and a reduction that only
 * one stage reads, at its own place, takes that stage in as its epilogue.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { droppedDimensions, elementsInside, sharedAxes } from '../kernel/lower-fusion.ts';
import { maxSize, type Size } from '../kernel/size.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  IndexExpr,
  StageId,
  StructuredKernel,
  ValueExpr,
  UnnumberedStage,
} from '../kernel/structured-kernel.ts';
import { elementBytes } from '../kernel/value-type.ts';
import { memoryOrderOf, shapeOf } from './expressions.ts';
import { type FusionBody, fusionBody, kernelName } from './fusion-body.ts';
import { updateStarts } from './gather-rules.ts';
import { noGuards } from './index-algebra.ts';
import { joinReductions } from './join-reductions.ts';
import { expensiveValues, type NodeGroup } from './kernel-nodes.ts';
import { requireKernelRule } from './kernel-rules.ts';
import { concatenatedPieces } from './movement-rules.ts';
import type { ReducerStage } from './reducer-rules.ts';
import { peelResidues } from './peel-residues.ts';
import { shareValues } from './share-values.ts';
import { splitAxes } from './split-axes.ts';
import { NeedsBuffer, StageBuilder } from './stage-builder.ts';
import { epilogueOf, isContraction, remap } from './stage-epilogue.ts';
import { chooseIndices, sharedIndices } from './stage-indices.ts';
import { clusterStages } from './stage-order.ts';
import { axesIn, type GroupStages, StageState } from './stage-state.ts';

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
      return new StagePlan(new StageState(op, body, wanted)).build();
    } catch (error) {
      if (!(error instanceof NeedsBuffer) || wanted.has(error.value)) throw error;
      wanted.add(error.value);
    }
  }
}

/**
 * What is kept for later stages should still be near then: one loop over rows around all stages, and rows as long as those that are fused
 * (softmax of [10, 100000] takes 0.6 of the time it takes with exp computed twice, of [8, 250000] 0.73, of [60, 200000] 0.61; Zen 5).
 */
const maxKeptBytes = 1 << 20;

function keepsRows(kernel: StructuredKernel): boolean {
  const rows = sharedAxes(kernel);
  return (
    (rows.length > 0 || isOneRow(kernel)) &&
    kernel.buffers.every((buffer) => {
      if (buffer.role !== 'scratch') return true;
      const elements = maxSize(elementsInside(buffer, droppedDimensions(kernel, buffer.id, rows)));
      return elements !== undefined && elements * elementBytes(buffer.dtype) <= maxKeptBytes;
    })
  );
}

/** Reductions of everything to one number: there are no other rows to loop over. */
function isOneRow({ axes, stages }: StructuredKernel): boolean {
  const isReduced = (id: AxisId): boolean => axes.find((axis) => axis.id === id)?.kind === 'reduction';
  return stages.every((stage) => stage.combiner === undefined || stage.axes.every(isReduced));
}

class StagePlan {
  readonly #state: StageState;

  constructor(state: StageState) {
    this.#state = state;
  }

  build(): BoundKernel {
    for (const group of this.#state.groups.toReversed()) this.#buildGroup(group);
    const planned = clusterStages(this.#state.groups.flatMap((group) => this.#state.made.get(group)?.stages ?? []));
    const stages = shareValues(
      planned.length === 1 ? planned.flatMap((stage) => this.#split(this.#alongMemory(stage))) : planned,
    );
    const used = new Set(stages.flatMap(({ axes }) => axes));
    const written = new Set(stages.flatMap(({ writes }) => writes.map(({ buffer }) => buffer)));
    const kernel: StructuredKernel = {
      name: kernelName(this.#state.op, this.#state.body),
      axes: [...this.#state.axes.values()].filter(({ id }) => used.has(id)),
      buffers: this.#state.buffers.filter(({ id, role }) => role !== 'scratch' || written.has(id)),
      stages: stages.map((stage, index) => ({ id: index as StageId, ...stage })),
      location: this.#state.op.location,
    };
    return { kernel, operands: this.#state.operands, results: this.#state.results };
  }

  /** Loops go through a result in the order of its memory. Only a stage that stands alone: others may share its axes. */
  #alongMemory(stage: UnnumberedStage): UnnumberedStage {
    const [write] = stage.writes;
    const isOrdered = this.#state.body.results.some((value) => memoryOrderOf(value) !== undefined);
    if (!isOrdered || write === undefined) return stage;
    const written = axesIn(write.indices).filter((axis) => stage.axes.includes(axis));
    return { ...stage, axes: [...written, ...stage.axes.filter((axis) => !written.includes(axis))] };
  }

  /** Only a stage that stands alone: others may share its axes. */
  #split(stage: UnnumberedStage): readonly UnnumberedStage[] {
    if (this.#state.groups.some(isContraction)) return [stage];
    const splitting = {
      algebra: this.#state.algebra,
      axisOf: (id: AxisId) => this.#state.axes.get(id),
      newAxis: ({ kind }: Axis, extent: number) => this.#state.newAxis(kind, extent),
    };
    return peelResidues(splitAxes(stage, splitting), splitting);
  }

  #buildGroup(group: NodeGroup): void {
    switch (group.kind) {
      case 'pointwise':
        return void this.#state.made.set(
          group,
          this.#pointwiseStage(group, chooseIndices(this.#state, group, sharedIndices(this.#state, group))),
        );
      case 'reducer':
        return this.#buildReducer(group);
      case 'update':
        return void this.#state.made.set(group, this.#updateStage(group));
      case 'pieces':
        return void this.#state.made.set(group, this.#pieceStages(group));
      default:
        return group.kind satisfies never;
    }
  }

  #pointwiseStage(group: NodeGroup, indices: readonly IndexExpr[]): GroupStages {
    const builder = new StageBuilder(
      this.#state.host(group),
      group.values.filter((value) => !this.#state.isInput(value)),
    );
    const place = { indices, guards: noGuards };
    const values = group.values.flatMap((value) => {
      const element = builder.element(value, place);
      return this.#state.writes(value, indices).map(() => element);
    });
    const writes = group.values.flatMap((value) => this.#state.writes(value, indices));
    const stage = { axes: axesIn(indices), values, combiner: undefined, finish: undefined, writes };
    return { group, indices, stages: [stage] };
  }

  #updateStage(group: NodeGroup): GroupStages {
    const [op] = group.ops;
    const [value] = group.values;
    if (op === undefined || value === undefined) throw new InvariantError('an update without an op');
    const builder = new StageBuilder(this.#state.host(group));
    const update = op.operand(1);
    const indices = shapeOf(update, op).map((extent) => this.#state.parallelIndex(extent));
    const element = builder.element(update, { indices, guards: noGuards });
    const starts = updateStarts(op, noGuards, builder);
    const at = indices.map((index, axis) => this.#state.algebra.add(starts[axis] ?? this.#state.algebra.zero, index));
    const writes = this.#state.writes(value, at);
    const stage = { axes: axesIn(indices), values: [element], combiner: undefined, finish: undefined, writes };
    return { group, indices, stages: [stage] };
  }

  #pieceStages(group: NodeGroup): GroupStages {
    const [op] = group.ops;
    const [value] = group.values;
    if (op === undefined || value === undefined) throw new InvariantError('pieces without an op');
    const { dimension } = attributesOf<typeof concatenate.attributes>(op);
    const shared = sharedIndices(this.#state, group).map((index, axis) => (axis < dimension ? index : undefined));
    const common = chooseIndices(this.#state, group, shared.with(dimension, this.#state.algebra.zero));
    const stages = concatenatedPieces(op, dimension).map(({ value: piece, offset, extent }) => {
      const index = this.#state.parallelIndex(extent);
      const indices = common.with(dimension, index);
      const builder = new StageBuilder(this.#state.host(group));
      const element = builder.element(piece, { indices, guards: noGuards });
      const at = common.with(dimension, this.#state.algebra.add(index, this.#state.algebra.size(offset)));
      const writes = this.#state.writes(value, at);
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
    const epilogue = epilogueOf(this.#state, group);
    if (epilogue !== undefined) this.#state.forgetReadsBy(epilogue.group);
    const owner = epilogue?.group ?? group;
    const indices = chooseIndices(this.#state, group, epilogue?.indices ?? sharedIndices(this.#state, group));
    const { values, combiner, finish, reductionAxes } = this.#reduction(group, owner, indices);
    const builder = new StageBuilder(this.#state.host(owner), owner === group ? [] : owner.values);
    const axes = [...axesIn(indices), ...reductionAxes];
    const writes: Access[] = [];
    const written: ValueExpr[] = [];
    const write = (value: Value, element: ValueExpr, at: readonly IndexExpr[]): void => {
      for (const access of this.#state.writes(value, at)) {
        const isScratch = this.#state.isScratch(access.buffer);
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
    const outer = epilogue === undefined ? [] : remap(owner, this.#state.indicesOf(owner), epilogue.indices, indices);
    if (epilogue !== undefined)
      for (const value of owner.values)
        write(value, builder.element(value, { indices: outer, guards: noGuards }), outer);
    const stage = { axes, values, combiner, finish: written, writes };
    if (epilogue === undefined) this.#state.made.set(group, { group, indices, stages: [stage] });
    else {
      this.#state.made.set(owner, { group: owner, indices: outer, stages: [stage], isEpilogue: true });
      this.#state.made.set(group, { group, indices, stages: [] });
    }
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
      if (extent === 1) return this.#state.algebra.zero;
      const index = made[cursor] ?? this.#state.newAxis('reduction', extent);
      made[cursor] = index;
      cursor += 1;
      return index;
    };
    const builder = new StageBuilder({ ...this.#state.host(owner), reductionAxis });
    const parts = group.ops.map((op) => {
      const rule = requireKernelRule(op);
      if (rule.kind !== 'reducer') throw new InvariantError(`${op.name} is no reduction`);
      cursor = 0;
      return rule.rule(op, indices, builder);
    });
    if (made.length === 0) made.push(this.#state.newAxis('reduction', 1));
    return { ...joinReductions(parts), reductionAxes: axesIn(made) };
  }
}

/** All results of the group's reductions, in the order of their accumulators. */
function reducedValues(group: NodeGroup): readonly Value[] {
  return group.ops.flatMap((op) => op.results);
}
