/**
 * Which results may take the memory of which operands: where each element of the operand is read for the last time before the result's
 * element of the same place is written. That holds
 *
 * - in the stage that writes, for reads at the index it writes; in its epilogue, if it sums up, as long as the sums stay in registers;
 * - in a stage before it, if iterations of a loop that both may share read their own elements only: the row of a softmax.
 */
import { readsOf } from './stage-reads.ts';
import type { Schedule } from './schedule.ts';
import type { Access, AxisId, BufferId, IndexExpr, Stage, StructuredKernel } from './structured-kernel.ts';
import { equalSizes, maxSize } from './size.ts';

/** True when `out` may lie where `input` does. Dtypes of equal width are the caller's to check. */
export function mayShareMemory(kernel: StructuredKernel, schedule: Schedule, input: BufferId, out: BufferId): boolean {
  const [writer, ...others] = kernel.stages.filter((stage) => stage.writes.some(({ buffer }) => buffer === out));
  const write = writer?.writes.find(({ buffer }) => buffer === out);
  if (writer === undefined || write === undefined || others.length > 0 || write.guards.length > 0) return false;
  const position = kernel.stages.indexOf(writer);
  return kernel.stages.every((stage, index) => {
    const reads = readsOf(stage).filter(({ buffer }) => buffer === input);
    if (reads.length === 0) return true;
    if (stage === writer) return readsWhereItWrites(kernel, schedule, writer, reads, write);
    return index < position && reads.every((read) => isOwnRow(stage, read, write));
  });
}

function readsWhereItWrites(
  kernel: StructuredKernel,
  schedule: Schedule,
  stage: Stage,
  reads: readonly Access[],
  write: Access,
): boolean {
  if (reads.some(({ indices, guards }) => guards.length > 0 || !equalIndexLists(indices, write.indices))) return false;
  if (stage.combiner === undefined) return true;
  const summed = readsOf({ ...stage, finish: undefined, writes: [] });
  const [buffer] = reads.map((read) => read.buffer);
  return summed.every((read) => read.buffer !== buffer) && keepsSumsInRegisters(kernel, schedule, stage);
}

/** A contraction in several blocks of k leaves raw sums in its output. */
function keepsSumsInRegisters(kernel: StructuredKernel, schedule: Schedule, stage: Stage): boolean {
  const chosen = schedule.stages.get(stage.id);
  if (chosen?.kind === 'loops' || chosen?.kind === 'window') return true;
  if (chosen?.kind !== 'contraction') return false;
  const extent = (axis: AxisId): number => {
    const size = kernel.axes.find(({ id }) => id === axis)?.extent;
    return (size === undefined ? undefined : maxSize(size)) ?? Infinity;
  };
  return chosen.k.reduce((depth, axis) => depth * extent(axis), 1) <= chosen.kc;
}

/** Along each axis that the stage has in common with the write, it reads where that writes. */
function isOwnRow(stage: Stage, read: Access, write: Access): boolean {
  if (read.guards.length > 0 || read.indices.length !== write.indices.length) return false;
  return write.indices.every((index, dimension) => {
    if (index.kind === 'axis' && !stage.axes.includes(index.axis)) return true;
    if (index.kind !== 'axis' && index.kind !== 'constant') return false;
    const own = read.indices[dimension];
    return own !== undefined && equalIndices(own, index);
  });
}

function equalIndexLists(a: readonly IndexExpr[], b: readonly IndexExpr[]): boolean {
  return (
    a.length === b.length &&
    a.every((index, axis) => {
      const other = b[axis];
      return other !== undefined && equalIndices(index, other);
    })
  );
}

/** Structural equality; what it does not know it calls different. */
function equalIndices(a: IndexExpr, b: IndexExpr): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'axis':
      return b.kind === 'axis' && a.axis === b.axis;
    case 'constant':
      return b.kind === 'constant' && a.value === b.value;
    case 'size':
      return b.kind === 'size' && equalSizes(a.size, b.size);
    case 'add':
      return b.kind === 'add' && equalIndexLists(a.terms, b.terms);
    case 'multiply':
      return b.kind === 'multiply' && equalSizes(a.factor, b.factor) && equalIndices(a.operand, b.operand);
    case 'floor-divide':
    case 'modulo':
      return b.kind === a.kind && equalSizes(a.divisor, b.divisor) && equalIndices(a.operand, b.operand);
    case 'loaded':
      return false;
    default:
      return a satisfies never;
  }
}
