/**
 * Several fusions as one kernel, a chain: the stages of one after those of the other, over axes that are the same wherever one reads what
 * another writes at the same index. What lies between them and nobody else wants is scratch.
 */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { fuseLocations } from '../../ir/location.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { isAxis } from '../kernel/lower-affine.ts';
import { ValueRewriter } from '../kernel/lower-collapse.ts';
import { readsOfStage } from '../kernel/lower-fusion.ts';
import { equalSizes } from '../kernel/size.ts';
import type {
  Access,
  Axis,
  AxisId,
  BufferId,
  KernelBuffer,
  Stage,
  StageId,
  StructuredKernel,
} from '../kernel/structured-kernel.ts';
import type { BoundKernel } from './stage-plan.ts';

export interface Chain {
  readonly kernel: StructuredKernel;
  readonly buffers: ReadonlyMap<Value, BufferId>;
}

/** `links` in the order they run, each with its kernel; of what they give, `results` are wanted outside. */
export function chainKernel(
  links: readonly { readonly op: Operation; readonly bound: BoundKernel }[],
  results: readonly Value[],
): Chain {
  const builder = new ChainBuilder(results);
  for (const { op, bound } of links) builder.add(op, bound);
  return builder.finish(links.map(({ op }) => op));
}

class ChainBuilder {
  readonly #results: ReadonlySet<Value>;
  readonly #axes: Axis[] = [];
  readonly #kernelBuffers: KernelBuffer[] = [];
  readonly #stages: Stage[] = [];
  readonly #links: StageId[][] = [];
  readonly #names: string[] = [];
  readonly #buffers = new Map<Value, BufferId>();

  constructor(results: readonly Value[]) {
    this.#results = new Set(results);
  }

  add(op: Operation, { kernel, operands, results }: BoundKernel): void {
    const buffers = new Map<BufferId, BufferId>();
    for (const [index, id] of operands.entries()) {
      invariant(!results.includes(id), `${kernel.name}: an update is no link of a chain`);
      buffers.set(id, this.#bufferOf(op.operand(index), kernel, id));
    }
    for (const [index, id] of results.entries()) buffers.set(id, this.#bufferOf(op.result(index), kernel, id));
    for (const { id } of kernel.buffers) if (!buffers.has(id)) buffers.set(id, this.#newBuffer(kernel, id, 'scratch'));
    const axes = this.#axesOf(kernel, buffers);
    const rewriter = new ValueRewriter({
      axis: ({ axis }) => ({ kind: 'axis', axis: axes.get(axis) ?? axis }),
      access: (access) => ({ ...access, buffer: buffers.get(access.buffer) ?? access.buffer }),
    });
    const stages = kernel.stages.map((stage, index): Stage => ({
      ...stage,
      id: (this.#stages.length + index) as StageId,
      axes: stage.axes.map((axis) => axes.get(axis) ?? axis),
      values: stage.values.map(rewriter.value),
      finish: stage.finish?.map(rewriter.value),
      writes: stage.writes.map(rewriter.access),
    }));
    this.#stages.push(...stages);
    this.#links.push(stages.map(({ id }) => id));
    this.#names.push(kernel.name);
  }

  finish(ops: readonly Operation[]): Chain {
    const kernel: StructuredKernel = {
      name: `${this.#names[0] ?? 'chain'}_to_${this.#names.at(-1) ?? 'end'}`,
      axes: this.#axes,
      buffers: this.#kernelBuffers,
      stages: this.#stages,
      links: this.#links,
      location: fuseLocations(ops.map(({ location }) => location)),
    };
    return { kernel, buffers: this.#buffers };
  }

  #bufferOf(value: Value, kernel: StructuredKernel, id: BufferId): BufferId {
    const known = this.#buffers.get(value);
    if (known !== undefined) return known;
    const role = kernel.buffers.find((buffer) => buffer.id === id)?.role;
    const made = this.#newBuffer(kernel, id, role === 'out' && !this.#results.has(value) ? 'scratch' : role);
    this.#buffers.set(value, made);
    return made;
  }

  #newBuffer(kernel: StructuredKernel, from: BufferId, role: KernelBuffer['role'] = 'scratch'): BufferId {
    const buffer = kernel.buffers.find(({ id }) => id === from);
    invariant(buffer !== undefined, `${kernel.name}: no buffer ${from}`);
    const id = this.#kernelBuffers.length as BufferId;
    const words = { in: 'in', out: 'out', inout: 'out', scratch: 't' };
    this.#kernelBuffers.push({ ...buffer, id, role, name: `${words[role]}${id}`, aliasClass: id });
    return id;
  }

  /** Old to new: an axis at which all of the link read what another link writes at one of its own is that one. */
  #axesOf({ axes, stages }: StructuredKernel, buffers: ReadonlyMap<BufferId, BufferId>): ReadonlyMap<AxisId, AxisId> {
    const made = new Map<AxisId, AxisId>();
    const reads = stages.flatMap(readsOfStage);
    for (const { writes } of this.#stages)
      for (const write of writes) {
        const own = reads.filter(({ buffer }) => buffers.get(buffer) === write.buffer);
        for (const [dimension] of write.indices.entries()) this.#meet(axes, own, write, dimension, made);
      }
    for (const axis of axes) {
      if (made.has(axis.id)) continue;
      const id = this.#axes.length as AxisId;
      made.set(axis.id, id);
      this.#axes.push({ ...axis, id, name: `${axis.name.replace(/\d+$/, '')}${id}` });
    }
    return made;
  }

  #meet(
    axes: readonly Axis[],
    reads: readonly Access[],
    write: Access,
    dimension: number,
    made: Map<AxisId, AxisId>,
  ): void {
    const at = write.indices[dimension];
    const theirs = at?.kind === 'axis' ? this.#axes.find(({ id }) => id === at.axis) : undefined;
    const own = axes.find(
      ({ id, kind }) =>
        kind === 'parallel' && reads.length > 0 && reads.every(({ indices }) => isAxis(indices[dimension], id)),
    );
    if (own === undefined || theirs?.kind !== 'parallel' || !equalSizes(own.extent, theirs.extent)) return;
    if (made.has(own.id) || [...made.values()].includes(theirs.id)) return;
    made.set(own.id, theirs.id);
  }
}
