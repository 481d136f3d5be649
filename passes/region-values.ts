/** Which values the regions of an op use. */
import type { Operation, Value } from '../ir/operation.ts';

/** True when the op's regions use a value that is defined outside of the op. */
export function usesOutsideValues(op: Operation): boolean {
  let found = false;
  for (const region of op.regions) {
    for (const inner of region.block.operations()) {
      inner.walk((at) => {
        found ||= at.operandUses.some((use) => !isDefinedInside(use.value, op));
      });
    }
  }
  return found;
}

/** True when the value is defined in one of the op's regions, at any depth. */
export function isDefinedInside(value: Value, op: Operation): boolean {
  const parent = value.block?.region?.parentOp;
  return parent !== undefined && op.isAncestorOf(parent);
}
