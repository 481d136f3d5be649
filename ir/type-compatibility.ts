/** When two element types may meet in one place. */
import type { ElementType } from './types.ts';

/**
 * Quantised element types are compatible when storage, range, expressed type and axis agree: their scales may differ between
 * operands and result (spec.md, "Types"; the ops state where they may not).
 */
export function elementsCompatible(a: ElementType, b: ElementType): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string') return false;
  return (
    a.storage === b.storage &&
    a.storageMin === b.storageMin &&
    a.storageMax === b.storageMax &&
    a.expressed === b.expressed &&
    a.dimension === b.dimension
  );
}
