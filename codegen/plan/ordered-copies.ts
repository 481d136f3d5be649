/** Copies that are meant to happen at the same time, one after the other: no source is overwritten before it is read. */
import { storageBytes } from '../../ir/dtype.ts';
import { maxSize, multiplySizes } from '../kernel/size.ts';
import type { Storage, StorageView } from './storage.ts';

export interface StorageCopy {
  readonly from: StorageView;
  readonly to: StorageView;
}

/** Where copies wait for each other in a circle, one source goes through memory that `temporary` gives. Destinations are disjoint. */
export function orderedCopies(
  copies: readonly StorageCopy[],
  temporary: (maxBytes: number) => Storage,
): readonly StorageCopy[] {
  const ordered: StorageCopy[] = [];
  let waiting = [...copies];
  while (waiting.length > 0) {
    const free = waiting.filter((copy) => !waiting.some((other) => other !== copy && overlap(copy.to, other.from)));
    if (free.length > 0) {
      ordered.push(...free);
      waiting = waiting.filter((copy) => !free.includes(copy));
      continue;
    }
    const [first, ...rest] = waiting;
    if (first === undefined) break;
    const aside: StorageView = { ...first.from, storage: temporary(bytesOf(first.from)), byteOffset: 0 };
    ordered.push({ from: first.from, to: aside });
    waiting = [...rest, { from: aside, to: first.to }];
  }
  return ordered;
}

function overlap(a: StorageView, b: StorageView): boolean {
  return (
    a.storage === b.storage && a.byteOffset < b.byteOffset + bytesOf(b) && b.byteOffset < a.byteOffset + bytesOf(a)
  );
}

function bytesOf({ dtype, size }: StorageView): number {
  return maxSize(multiplySizes(size, storageBytes(dtype))) ?? Infinity;
}
