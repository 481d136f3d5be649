/**
 * Bytes that a kernel moves between memory and the machine, against the least that any kernel for it could: each element it reads read once,
 * each result written once. Stages that run over common rows find a row in the cache when they come to it again, if it is small
 * enough; stages that do not, read their operands again from memory.
 */
import { axesOfIndex, loadedValues, walkValues } from '../kernel/lower-affine.ts';
import { evaluateSize, maxSize, type Size } from '../kernel/size.ts';
import type { Access, AxisId, IndexExpr, KernelBuffer, Stage, StructuredKernel } from '../kernel/structured-kernel.ts';
import { elementBytes } from '../kernel/value-type.ts';
import { kernelFlops } from './kernel-flops.ts';

/** Not finite where a size has neither value nor bound. */
export interface KernelTraffic {
  /** Operations on numbers (kernel-flops.ts). */
  readonly flops: number;
  /** Elements of operands that are touched, and results, once each. */
  readonly minimumBytes: number;
  /** With operands read again, and scratch that is not kept in a row. */
  readonly movedBytes: number;
}

export interface TrafficOptions {
  /** Values of the symbols; their bounds otherwise. */
  readonly symbols?: ReadonlyMap<string, number>;
  /** What may be kept between stages of one row. */
  readonly cacheBytes?: number;
}

export function kernelTraffic(kernel: StructuredKernel, options: TrafficOptions = {}): KernelTraffic {
  return new Traffic(kernel, options).count();
}

/** How much of a buffer a stage touches. */
interface Footprint {
  readonly stage: Stage;
  readonly elements: number;
}

class Traffic {
  readonly #kernel: StructuredKernel;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #cacheBytes: number;
  readonly #extents = new Map<AxisId, number>();

  constructor(kernel: StructuredKernel, { symbols = new Map(), cacheBytes = 1 << 18 }: TrafficOptions) {
    this.#kernel = kernel;
    this.#symbols = symbols;
    this.#cacheBytes = cacheBytes;
    for (const { id, extent } of kernel.axes) this.#extents.set(id, this.#size(extent));
  }

  count(): KernelTraffic {
    let [minimumBytes, movedBytes] = [0, 0];
    for (const buffer of this.#kernel.buffers) {
      const bytes = elementBytes(buffer.dtype);
      const reads = this.#footprints(buffer, loadsOf);
      const writes = this.#footprints(buffer, ({ writes: accesses }) => accesses);
      if (buffer.role !== 'scratch') {
        const read = buffer.role === 'out' ? 0 : largest(reads);
        minimumBytes += (read + total(writes)) * bytes;
      }
      if (buffer.role !== 'scratch' || !this.#staysInRow(buffer, [...reads, ...writes]))
        movedBytes += (total(writes) + this.#readBytes(buffer, reads, writes)) * bytes;
    }
    return { flops: kernelFlops(this.#kernel, this.#symbols), minimumBytes, movedBytes };
  }

  /** Elements read from memory: what a row still has in the cache is not. */
  #readBytes(buffer: KernelBuffer, reads: readonly Footprint[], writes: readonly Footprint[]): number {
    if (reads.length === 0) return 0;
    if (!this.#staysInRow(buffer, [...reads, ...writes])) return total(reads);
    return writes.length > 0 ? 0 : largest(reads);
  }

  /** True when all that touch it share rows, and a row's part of it fits the cache. */
  #staysInRow(buffer: KernelBuffer, footprints: readonly Footprint[]): boolean {
    const stages = [...new Set(footprints.map(({ stage }) => stage))];
    const rows = this.#commonRows(stages);
    if (stages.length < 2) return buffer.role !== 'scratch';
    return rows > 0 && (largest(footprints) * elementBytes(buffer.dtype)) / rows <= this.#cacheBytes;
  }

  /** Points of the leading axes that all these stages have in common; 0 when there is none. */
  #commonRows(stages: readonly Stage[]): number {
    const [first, ...others] = stages;
    let rows = 0;
    for (const [position, axis] of (first?.axes ?? []).entries()) {
      if (!others.every(({ axes }) => axes[position] === axis)) break;
      rows = Math.max(1, rows) * (this.#extents.get(axis) ?? 1);
    }
    return rows;
  }

  #footprints(buffer: KernelBuffer, accessesOf: (stage: Stage) => readonly Access[]): readonly Footprint[] {
    const whole = buffer.shape.reduce<number>((count, size) => count * this.#size(size), 1);
    return this.#kernel.stages.flatMap((stage) => {
      const accesses = accessesOf(stage).filter((access) => access.buffer === buffer.id);
      const elements = accesses.reduce((sum, access) => sum + this.#touched(access, buffer), 0);
      return accesses.length === 0 ? [] : [{ stage, elements: Math.min(whole, elements) }];
    });
  }

  /** Elements an access can touch: along each dimension no more than its size, nor than the points its index takes. */
  #touched(access: Access, buffer: KernelBuffer): number {
    return access.indices.reduce<number>((count, index, dimension) => {
      const points = [...axesOfIndex(index)].reduce((product, axis) => product * (this.#extents.get(axis) ?? 1), 1);
      return count * Math.min(this.#size(buffer.shape[dimension] ?? 1), points);
    }, 1);
  }

  #size(size: Size): number {
    return evaluateSize(size, this.#symbols) ?? maxSize(size) ?? Infinity;
  }
}

function total(footprints: readonly Footprint[]): number {
  return footprints.reduce((sum, { elements }) => sum + elements, 0);
}

function largest(footprints: readonly Footprint[]): number {
  return Math.max(0, ...footprints.map(({ elements }) => elements));
}

/** Each place a stage reads, once. */
function loadsOf(stage: Stage): readonly Access[] {
  const loads = new Map<string, Access>();
  const roots = [...stage.values, ...(stage.combiner?.results ?? []), ...(stage.finish ?? [])];
  for (const { indices } of stage.writes) roots.push(...indices.flatMap(loadedValues));
  const ids = new Map<IndexExpr, number>();
  const idOf = (index: IndexExpr): number => {
    const id = ids.get(index) ?? ids.size;
    ids.set(index, id);
    return id;
  };
  walkValues(roots, (value) => {
    if (value.kind !== 'load') return;
    const { buffer, indices } = value.access;
    loads.set(`${buffer}:${indices.map(idOf).join()}`, value.access);
  });
  return [...loads.values()];
}
