/** Whether what a combiner combines may be taken in another order than the operation's own, and from how many elements on that pays. */
import type { Combiner } from './structured-kernel.ts';

/** May be computed in another order: lanes and independent accumulators. */
export function mayRegroup(combiner: Combiner): boolean {
  return combiner.isCommutative && (combiner.isAssociative || combiner.mayReassociate);
}

/** Or may be unless an element is NaN. */
export function mayRegroupNumbers(combiner: Combiner): boolean {
  return mayRegroup(combiner.unlessNan ?? combiner);
}

/**
 * Fewer elements are summed in order: there is little to gain, and the error is that of everyone else's sum. It is decided by the number of
 * elements alone, at run time where that is bound late, so that both give the same bits.
 */
export const shortReduction = 32;
