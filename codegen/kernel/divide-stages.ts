/**
 * A kernel as several that run one after the other, where threads would find too little to divide in the one: what has a reduction in parts
 * (`Stage.chunks`) gives the parts first, which are tiles, and then joins them. The bits are those of the one kernel.
 *
 *     stage 0: m = max over i of x[i]            1: p[c] = max over i in part c of x[i]
 *     stage 1: y[i] = x[i] - m             ->    2: m = max over c of p[c]
 *                                                3: y[i] = x[i] - m
 */
import { chooseSchedule, completeSchedule } from './heuristics.ts';
import { chooseLoopSchedules } from './heuristics-loops.ts';
import { axisOf } from './lower-context.ts';
import { independentAxes, isAllLoops } from './lower-fusion.ts';
import type { Schedule, StageSchedule } from './schedule.ts';
import { ceilDivideSizes } from './size.ts';
import { readsOf } from './stage-reads.ts';
import type {
  Access, Axis, AxisId, BufferId, Chunk, IndexExpr, KernelBuffer, Stage, StructuredKernel, ValueExpr,
} from './structured-kernel.ts'; // prettier-ignore
import type { TargetInfo } from './target-info.ts';

export interface ScheduledKernel {
  readonly kernel: StructuredKernel;
  readonly schedule: Schedule;
}

/** With so many tiles a kernel is not divided: parts would only make them smaller. */
const enoughTiles = 8;

export function divideStages({ kernel, schedule }: ScheduledKernel, target: TargetInfo): readonly ScheduledKernel[] {
  const isDivisible = target.hasThreads && kernel.links === undefined && isAllLoops(schedule.stages);
  const isLong = kernel.stages.some(({ chunks = [] }) => chunks.length > 0);
  if (!isDivisible || !isLong || knownTiles(kernel, schedule) >= enoughTiles) return [{ kernel, schedule }];
  return new Divider(kernel, schedule, target).divide();
}

/** As far as they do not depend on late sizes. */
function knownTiles(kernel: StructuredKernel, { tiles }: Schedule): number {
  return tiles.reduce((count, { axis, size }) => {
    const each = ceilDivideSizes(axisOf(kernel, axis).extent, size);
    return typeof each === 'number' ? count * each : count;
  }, 1);
}

class Divider {
  readonly #kernel: StructuredKernel;
  readonly #schedule: Schedule;
  readonly #target: TargetInfo;
  readonly #axes: Axis[];
  readonly #buffers: KernelBuffer[];
  readonly #divided: ScheduledKernel[] = [];
  #run: Stage[] = [];

  constructor(kernel: StructuredKernel, schedule: Schedule, target: TargetInfo) {
    this.#kernel = kernel;
    this.#schedule = schedule;
    this.#target = target;
    this.#axes = [...kernel.axes];
    this.#buffers = [...kernel.buffers];
  }

  divide(): readonly ScheduledKernel[] {
    for (const stage of this.#kernel.stages) {
      const { combiner, chunks = [] } = stage;
      if (combiner === undefined) {
        this.#run.push(stage);
        continue;
      }
      this.#endRun();
      if (chunks.length === 0) this.#add([stage], this.#schedule.stages.get(stage.id));
      else this.#addParts(stage, combiner, chunks);
    }
    this.#endRun();
    return this.#divided;
  }

  /** Elementwise stages stay together where they share a loop. */
  #endRun(): void {
    const stages = this.#run;
    this.#run = [];
    if (stages.length === 0) return;
    const together = this.#kernelOf(stages);
    if (stages.length === 1 || independentAxes(together).length > 0) this.#add(stages, undefined);
    else for (const stage of stages) this.#add([stage], undefined);
  }

  #add(stages: readonly Stage[], known: StageSchedule | undefined, name = this.#kernel.name): void {
    const kernel = { ...this.#kernelOf(stages), name };
    const [stage] = stages;
    const schedule =
      known === undefined || stage === undefined
        ? chooseSchedule(kernel, this.#target)
        : completeSchedule(kernel, new Map([[stage.id, known]]), this.#target);
    this.#divided.push({ kernel, schedule });
  }

  #addParts(stage: Stage, combiner: NonNullable<Stage['combiner']>, chunks: readonly Chunk[]): void {
    const known = this.#schedule.stages.get(stage.id);
    const parts = chunks.map((chunk) => this.#newAxis(chunk, 'parallel'));
    const outer = stage.axes.filter((axis) => axisOf(this.#kernel, axis).kind !== 'reduction');
    const sizes = outer.map((axis) => axisOf(this.#kernel, axis).extent);
    const buffers = combiner.dtypes.map((dtype) =>
      this.#newBuffer(
        dtype,
        chunks.map(({ count }) => count).concat(sizes), // prettier-ignore
      ),
    );
    const place = (axes: readonly AxisId[]): readonly IndexExpr[] => axes.map((axis) => ({ kind: 'axis', axis }));
    const partial: Stage = {
      ...stage,
      axes: [...parts, ...stage.axes],
      chunks: chunks.map((chunk, position) => ({ ...chunk, part: parts[position] })),
      finish: undefined,
      writes: buffers.map(({ id }): Access => ({ buffer: id, indices: place([...parts, ...outer]), guards: [] })),
    };
    const order = known?.kind === 'loops' ? { ...known, order: [...parts, ...known.order] } : undefined;
    this.#add([partial], order, `${this.#kernel.name}_parts`);
    const { chunks: _, ...whole } = stage;
    const joined = chunks.map((chunk) => this.#newAxis(chunk, 'reduction'));
    const join: Stage = {
      ...whole,
      axes: [...outer, ...joined],
      values: buffers.map(
        ({ id, dtype }): ValueExpr => ({
          kind: 'load', dtype, access: { buffer: id, indices: place([...joined, ...outer]), guards: [] }, otherwise: undefined,
        }), // prettier-ignore
      ),
      combiner: {
        ...combiner,
        results: combiner.join ?? combiner.results,
        isAssociative: false,
        mayReassociate: false,
      },
    };
    const [schedule] = chooseLoopSchedules(this.#kernelOf([join]), [join], [], this.#target);
    this.#add([join], schedule);
  }

  #newAxis({ axis, count }: Chunk, kind: Axis['kind']): AxisId {
    const id = Math.max(...this.#axes.map((each) => each.id + 1)) as AxisId;
    this.#axes.push({ id, name: `${axisOf(this.#kernel, axis).name}_part`, kind, extent: count });
    return id;
  }

  #newBuffer(dtype: KernelBuffer['dtype'], shape: KernelBuffer['shape']): KernelBuffer {
    const id = Math.max(...this.#buffers.map((each) => each.id + 1)) as BufferId;
    const aliasClass = Math.max(...this.#buffers.map((each) => each.aliasClass + 1));
    const buffer: KernelBuffer = { id, name: `p${id}`, role: 'scratch', dtype, shape, aliasClass, isConstant: false };
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Some stages with what they touch; scratch that others touch too is given. */
  #kernelOf(stages: readonly Stage[]): StructuredKernel {
    const axes = new Set(stages.flatMap((stage) => stage.axes));
    const read = new Set(stages.flatMap((stage) => readsOf(stage).map(({ buffer }) => buffer)));
    const written = new Set(stages.flatMap((stage) => stage.writes.map(({ buffer }) => buffer)));
    const isOwn = (id: BufferId): boolean =>
      this.#kernel.stages.every((stage) => stages.includes(stage) || !touches(stage, id)) &&
      this.#kernel.buffers.some((buffer) => buffer.id === id);
    const role = ({ id, role: whole }: KernelBuffer): KernelBuffer['role'] => {
      if (whole === 'scratch' && isOwn(id)) return whole;
      if (!written.has(id)) return 'in';
      return whole === 'scratch' ? 'out' : whole;
    };
    return {
      ...this.#kernel,
      axes: this.#axes.filter(({ id }) => axes.has(id)),
      buffers: this.#buffers
        .filter(({ id }) => read.has(id) || written.has(id))
        .map((buffer) => ({ ...buffer, role: role(buffer) })),
      stages,
    };
  }
}

function touches(stage: Stage, buffer: BufferId): boolean {
  return [...readsOf(stage), ...stage.writes].some((access) => access.buffer === buffer);
}
