/** Process groups (spec.md, "Collective ops"): who meets whom at a collective. */
import { describeProcess } from '../../evaluator/process-grid.ts';
import type {
  EvaluationContext,
  ProcessHandle,
  ProcessId,
  RuntimeValue,
  Waiting,
} from '../../evaluator/runtime-value.ts';
import type { ReplicaGroups } from './replica-groups.ts';

/** How ids name processes. */
export type GroupMode = 'cross-replica' | 'cross-partition' | 'cross-replica-and-partition' | 'flattened-ids';

/** For all_gather, all_reduce and reduce_scatter. */
export function reductionMode(channel: number, useGlobalDeviceIds: boolean): GroupMode {
  if (channel <= 0) return 'cross-replica';
  return useGlobalDeviceIds ? 'flattened-ids' : 'cross-replica-and-partition';
}

/** For the collectives that stay within a row or a column of the grid. */
export function transferMode(channel: number): GroupMode {
  return channel <= 0 ? 'cross-replica' : 'cross-partition';
}

/** `process_groups` for rows of ids, in the order the specification lists them. */
export function processGroups(
  rows: readonly (readonly number[])[],
  mode: GroupMode,
  grid: Pick<ProcessHandle, 'replicaCount' | 'partitionCount'>,
): ProcessId[][] {
  const replicas = Array.from({ length: grid.replicaCount }, (_, id) => id);
  const partitions = Array.from({ length: grid.partitionCount }, (_, id) => id);
  switch (mode) {
    case 'cross-replica':
      return rows.flatMap((row) =>
        partitions.map((partition) => row.map((replica): ProcessId => ({ replica, partition }))),
      );
    case 'cross-partition':
      return rows.flatMap((row) =>
        replicas.map((replica) => row.map((partition): ProcessId => ({ replica, partition }))),
      );
    case 'cross-replica-and-partition':
      return rows.map((row) =>
        partitions.flatMap((partition) => row.map((replica): ProcessId => ({ replica, partition }))),
      );
    case 'flattened-ids':
      return rows.map((row) =>
        row.map((id) => ({
          replica: Math.floor(id / grid.partitionCount),
          partition: id % grid.partitionCount,
        })),
      );
    default:
      return mode satisfies never;
  }
}

/** A process in its group. */
export interface Place {
  readonly process: ProcessHandle;
  readonly group: readonly ProcessId[];
  readonly index: number;
}

/** The group of the process that evaluates; undefined when it is in none. No rows mean one group of all. */
export function findPlace(groups: ReplicaGroups, mode: GroupMode, context: EvaluationContext): Place | undefined {
  const process = requireProcess(context);
  if (groups.rows === undefined) throw context.unsupported('replica groups that name a mesh of another dialect');
  const rows = groups.rows.length === 0 ? [allIds(mode, process)] : groups.rows;
  for (const group of processGroups(rows, mode, process)) {
    requireExisting(group, process, context);
    const index = group.findIndex((id) => isSelf(id, process));
    if (index >= 0) return { process, group, index };
  }
  return undefined;
}

/** As `findPlace`, where the specification wants every process in a group. */
export function requirePlace(groups: ReplicaGroups, mode: GroupMode, context: EvaluationContext): Place {
  const place = findPlace(groups, mode, context);
  if (place !== undefined) return place;
  const { replicaId: replica, partitionId: partition } = requireProcess(context);
  throw context.failure('E4011', `process ${describeProcess({ replica, partition })} is in no replica group`);
}

export function requireProcess(context: EvaluationContext): ProcessHandle {
  const { process } = context;
  if (process === undefined) throw context.failure('E4008', 'a collective needs a process grid');
  return process;
}

export function isSelf(id: ProcessId, process: ProcessHandle): boolean {
  return id.replica === process.replicaId && id.partition === process.partitionId;
}

export function requireExisting(group: readonly ProcessId[], process: ProcessHandle, context: EvaluationContext): void {
  const { replicaCount, partitionCount } = process;
  const outside = group.find(
    (id) => !(id.replica >= 0 && id.replica < replicaCount && id.partition >= 0 && id.partition < partitionCount),
  );
  if (outside !== undefined) {
    throw context.failure(
      'E4013',
      `there is no process ${describeProcess(outside)} among ${replicaCount} replicas of ${partitionCount} partitions`,
    );
  }
}

function allIds(mode: GroupMode, process: ProcessHandle): number[] {
  const { replicaCount, partitionCount } = process;
  const count =
    mode === 'cross-partition'
      ? partitionCount
      : mode === 'flattened-ids'
        ? replicaCount * partitionCount
        : replicaCount;
  return Array.from({ length: count }, (_, id) => id);
}

/** Brings the values to the group; gives what each member brought, in group order. All bring as many. */
export function* exchange(
  place: Place,
  channel: number,
  values: readonly RuntimeValue[],
  context: EvaluationContext,
): Waiting<readonly (readonly RuntimeValue[])[]> {
  const arrived = yield* place.process.rendezvous(context, place.group, channel, values);
  const odd = arrived.findIndex((others) => others.length !== values.length);
  if (odd >= 0) {
    throw context.failure(
      'E4011',
      `process ${describeProcess(place.group[odd] ?? { replica: -1, partition: -1 })} brings ${arrived[odd]?.length} operands, not ${values.length}`,
    );
  }
  return arrived;
}
