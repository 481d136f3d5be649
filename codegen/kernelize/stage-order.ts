/** The order of stages: each after those whose results it reads; among these, stages over the same rows next to each other. */
import { loadedValues, walkValues } from '../kernel/lower-affine.ts';
import type { BufferId, UnnumberedStage } from '../kernel/structured-kernel.ts';

/** `stages` are in an order that is right already. */
export function clusterStages(stages: readonly UnnumberedStage[]): readonly UnnumberedStage[] {
  if (stages.length < 3) return stages;
  const reads = stages.map(readBuffers);
  const writes = stages.map(({ writes: accesses }) => new Set(accesses.map(({ buffer }) => buffer)));
  const waits = stages.map((_, later) =>
    stages.slice(0, later).flatMap((__, earlier) => {
      const isNeeded = touches(reads[later], writes[earlier]) || touches(writes[later], reads[earlier]);
      return isNeeded ? [earlier] : [];
    }),
  );
  const placed = new Set<number>();
  const order: UnnumberedStage[] = [];
  while (order.length < stages.length) {
    const ready = [...stages.keys()].filter(
      (at) => !placed.has(at) && (waits[at] ?? []).every((each) => placed.has(each)),
    );
    const row = order.at(-1)?.axes[0];
    const next = ready.find((at) => stages[at]?.axes[0] === row) ?? ready[0];
    const stage = next === undefined ? undefined : stages[next];
    if (next === undefined || stage === undefined) return stages;
    placed.add(next);
    order.push(stage);
  }
  return order;
}

function touches(a: ReadonlySet<BufferId> | undefined, b: ReadonlySet<BufferId> | undefined): boolean {
  return a !== undefined && b !== undefined && [...a].some((buffer) => b.has(buffer));
}

function readBuffers(stage: UnnumberedStage): ReadonlySet<BufferId> {
  const buffers = new Set<BufferId>();
  const roots = [...stage.values, ...(stage.combiner?.results ?? []), ...(stage.finish ?? [])];
  for (const { indices } of stage.writes) roots.push(...indices.flatMap(loadedValues));
  walkValues(roots, (value) => {
    if (value.kind === 'load') buffers.add(value.access.buffer);
  });
  return buffers;
}
