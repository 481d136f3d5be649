/**
 * Which results may take the memory of which operands. Safe when each element of the operand is read where, and only where, the result's
 * element of the same place is written: one stage without a reduction, all its reads of the buffer at the index it writes. (A stage with a
 * reduction may keep partial sums in its output, so its epilogue must find its operands untouched.)
 */
import { readsOf } from '../kernel/stage-reads.ts';
import type { BufferId, IndexExpr, StructuredKernel } from '../kernel/structured-kernel.ts';
import { equalSizes } from '../kernel/size.ts';

/** True when `out` may lie where `input` does. Dtypes of equal width are the caller's to check. */
export function mayShareMemory(kernel: StructuredKernel, input: BufferId, out: BufferId): boolean {
  const writers = kernel.stages.filter((stage) => stage.writes.some(({ buffer }) => buffer === out));
  const [writer] = writers;
  if (writers.length !== 1 || writer === undefined || writer.combiner !== undefined) return false;
  const write = writer.writes.find(({ buffer }) => buffer === out);
  if (write === undefined || write.guards.length > 0) return false;
  for (const stage of kernel.stages) {
    for (const access of readsOf(stage)) {
      if (access.buffer !== input) continue;
      if (stage !== writer || access.guards.length > 0 || !equalIndexLists(access.indices, write.indices)) return false;
    }
  }
  return true;
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
