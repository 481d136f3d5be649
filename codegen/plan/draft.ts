/** Plan steps before storages have places; positions number the leaf steps in the order they run. */
import type { Location } from '../../ir/location.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { Storage, StorageView } from './storage.ts';

export type DraftStep =
  | {
      readonly kind: 'call';
      readonly kernel: LoopKernel;
      readonly buffers: readonly StorageView[];
      readonly location: Location;
    }
  | { readonly kind: 'copy'; readonly from: StorageView; readonly to: StorageView; readonly location: Location }
  | {
      readonly kind: 'while';
      readonly before: readonly DraftStep[];
      readonly condition: StorageView;
      readonly body: readonly DraftStep[];
      readonly location: Location;
    }
  | {
      readonly kind: 'case';
      readonly index: StorageView;
      readonly branches: readonly (readonly DraftStep[])[];
      readonly location: Location;
    };

/** Inclusive positions. */
export interface LiveRange {
  readonly storage: Storage;
  first: number;
  last: number;
}

/** When each arena storage is live. What is live when a loop starts and is used in it stays live to the loop's end. */
export function liveRanges(steps: readonly DraftStep[], resultStorages: readonly Storage[]): readonly LiveRange[] {
  const ranges = new Map<Storage, LiveRange>();
  let position = 0;
  const touch = ({ storage }: StorageView): void => {
    const range = ranges.get(storage);
    if (range === undefined) ranges.set(storage, { storage, first: position, last: position });
    else range.last = position;
  };
  const visit = (list: readonly DraftStep[]): void => list.forEach(visitStep);
  const visitStep = (step: DraftStep): void => {
    position++;
    switch (step.kind) {
      case 'call':
        return step.buffers.forEach(touch);
      case 'copy':
        return [step.from, step.to].forEach(touch);
      case 'case':
        touch(step.index);
        return step.branches.forEach(visit);
      case 'while':
        return visitLoop(step);
      default:
        return step satisfies never;
    }
  };
  const visitLoop = (loop: Extract<DraftStep, { kind: 'while' }>): void => {
    const start = position;
    visit(loop.before);
    position++;
    touch(loop.condition);
    visit(loop.body);
    position++;
    for (const range of ranges.values()) {
      const isFromOutside = range.first < start && range.last >= start;
      if (isFromOutside || range.storage.loop === loop.condition.storage) range.last = position;
      if (range.storage.loop === loop.condition.storage) range.first = Math.min(range.first, start);
    }
  };
  visit(steps);
  for (const storage of resultStorages) {
    const range = ranges.get(storage);
    if (range !== undefined) range.last = position + 1;
  }
  return [...ranges.values()].filter(({ storage }) => storage.kind === 'arena');
}
