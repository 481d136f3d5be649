/** The collective family: see registry.ts. */
import { allGather } from '../stablehlo/all-gather.ts';
import { allReduce } from '../stablehlo/all-reduce.ts';
import { allToAll } from '../stablehlo/all-to-all.ts';
import { collectiveBroadcast } from '../stablehlo/collective-broadcast.ts';
import { collectivePermute } from '../stablehlo/collective-permute.ts';
import { collectiveReduce } from '../stablehlo/collective-reduce.ts';
import { crossReplicaSum } from '../stablehlo/cross-replica-sum.ts';
import { partitionId } from '../stablehlo/partition-id.ts';
import { reduceScatter } from '../stablehlo/reduce-scatter.ts';
import { replicaId } from '../stablehlo/replica-id.ts';

export const collectiveOps = [
  allGather,
  allReduce,
  allToAll,
  collectiveBroadcast,
  collectivePermute,
  collectiveReduce,
  crossReplicaSum,
  partitionId,
  reduceScatter,
  replicaId,
] as const;
