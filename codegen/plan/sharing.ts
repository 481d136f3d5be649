/**
 * Which results may take the memory of which operands. Safe when each element of the operand is read where, and only where, the result's
 * element of the same place is written: one stage without a reduction, all its reads of the buffer at the index it writes. (A stage with a
 * reduction may keep partial sums in its output, so its epilogue must find its operands untouched.)
 */
import type { Access, BufferId, IndexExpr, Stage, StructuredKernel, ValueExpr } from '../kernel/structured-kernel.ts';
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

/** Every access that the stage's values read through, loaded indices included. */
export function readsOf(stage: Stage): readonly Access[] {
  const accesses: Access[] = [];
  const seen = new Set<ValueExpr>();
  const visitIndex = (index: IndexExpr): void => {
    if (index.kind === 'loaded') visit(index.value);
    else if (index.kind === 'add') index.terms.forEach(visitIndex);
    else if (index.kind === 'multiply' || index.kind === 'floor-divide' || index.kind === 'modulo')
      visitIndex(index.operand);
  };
  const visit = (value: ValueExpr): void => {
    if (seen.has(value)) return;
    seen.add(value);
    switch (value.kind) {
      case 'load':
        accesses.push(value.access);
        value.access.indices.forEach(visitIndex);
        for (const { index } of value.access.guards) visitIndex(index);
        if (value.otherwise !== undefined) visit(value.otherwise);
        return;
      case 'unary':
      case 'convert':
      case 'bitcast':
        return visit(value.operand);
      case 'binary':
      case 'compare':
        return [value.lhs, value.rhs].forEach(visit);
      case 'select':
        return [value.predicate, value.onTrue, value.onFalse].forEach(visit);
      case 'index':
        return visitIndex(value.index);
      case 'guarded':
        for (const { index } of value.guards) visitIndex(index);
        return;
      case 'constant':
      case 'accumulator':
      case 'element':
        return;
      default:
        value satisfies never;
    }
  };
  for (const values of [stage.values, stage.combiner?.results ?? [], stage.finish ?? []]) values.forEach(visit);
  for (const { indices, guards } of stage.writes) {
    indices.forEach(visitIndex);
    for (const { index } of guards) visitIndex(index);
  }
  return accesses;
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
