/** What a stage reads. */
import type { Access, IndexExpr, Stage, ValueExpr } from './structured-kernel.ts';

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
