/** What a stage reads. */
import { operandsOfValue } from './lower-affine.ts';
import type { Access, IndexExpr, Stage, ValueExpr } from './structured-kernel.ts';

/** Every access that the stage's values read through, loaded indices included. */
export function readsOf(stage: Stage): readonly Access[] {
  const accesses: Access[] = [];
  const seen = new Set<ValueExpr>();
  // A work list, not recursion: fusions make chains of thousands of values.
  const pending: ValueExpr[] = [];
  const noteIndex = (index: IndexExpr): void => {
    if (index.kind === 'loaded') pending.push(index.value);
    else if (index.kind === 'add') index.terms.forEach(noteIndex);
    else if (index.kind === 'multiply' || index.kind === 'floor-divide' || index.kind === 'modulo')
      noteIndex(index.operand);
  };
  const noteAccess = ({ indices, guards }: Access): void => {
    indices.forEach(noteIndex);
    for (const { index } of guards) noteIndex(index);
  };
  for (const values of [stage.values, stage.combiner?.results ?? [], stage.finish ?? []]) pending.push(...values);
  stage.writes.forEach(noteAccess);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'load') {
      accesses.push(value.access);
      noteAccess(value.access);
    } else if (value.kind === 'index') noteIndex(value.index);
    else if (value.kind === 'guarded') for (const { index } of value.guards) noteIndex(index);
    pending.push(...operandsOfValue(value));
  }
  return accesses;
}
