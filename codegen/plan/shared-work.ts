/** Which calls of a plan threads share: those whose time is predicted to repay telling the others and waiting for them. */
import { maxSize } from '../kernel/size.ts';
import type { TargetInfo } from '../kernel/target-info.ts';
import type { Plan, PlanCall } from './plan.ts';
import { predictPlan } from './predict-plan.ts';

export interface TileShare {
  /** A call of fewer tiles runs on one thread: how many there are may be known at run time only. */
  readonly leastTiles: number;
  /** Of a tile, predicted. */
  readonly nanoseconds: number;
}

export interface SharingLimits {
  /** The least time of a call that is shared. */
  readonly leastNanoseconds: number;
}

/**
 * Sharing takes about one microsecond, and what another core has written must come over; with less to do than this, two threads were not
 * faster than one (Zen 5, two cores, wasm).
 */
export const sharingLimits: SharingLimits = { leastNanoseconds: 15_000 };

/** The calls that are shared. */
export function sharedWork(
  plan: Plan,
  target: TargetInfo,
  { leastNanoseconds }: SharingLimits,
): ReadonlyMap<PlanCall, TileShare> {
  const shares = new Map<PlanCall, TileShare>();
  for (const { step, prediction } of predictPlan(plan, target).steps) {
    if (step.kind !== 'call') continue;
    const nanoseconds = (prediction.seconds * 1e9) / Math.max(1, prediction.tiles);
    const leastTiles = Math.max(2, Math.ceil(leastNanoseconds / Math.max(nanoseconds, 1)));
    if (leastTiles <= (maxSize(step.kernel.tiles) ?? Infinity)) shares.set(step, { leastTiles, nanoseconds });
  }
  return shares;
}
