/** Ops of the Shardy dialect that JAX writes beside StableHLO: see registry.ts. */
import { mesh } from '../sdy/mesh.ts';
import { shardingConstraint } from '../sdy/sharding-constraint.ts';

export const shardyOps = [mesh, shardingConstraint] as const;
