/** Memory that begins as zeros, such as what a scatter adds to: it is filled, not copied from as many bytes of constants. */
import { elementsBytes } from '../../ir/elements.ts';
import type { Location } from '../../ir/location.ts';
import { LoopBuilder } from '../kernel/loop-builder.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import type { ConstantAttr } from './memory-graph.ts';

/** Fewer bytes are copied: a call is more code than they are. */
export const leastZeros = 256;

/** Whether every byte of the constant is 0. Only looked into where one element stands for all. */
export function isZeros(constant: ConstantAttr): boolean {
  if (constant.kind !== 'dense' || !constant.data.splat) return false;
  return elementsBytes(constant.data.values).every((byte) => byte === 0);
}

export function zeroKernel(bytes: number, location: Location): LoopKernel {
  const loops = new LoopBuilder();
  const out = loops.parameter({ name: 'out', dtype: 'ui8', size: bytes, access: 'write' });
  loops.fill(out, 0, bytes, 0);
  return loops.kernel({ name: 'zeros', tiles: 1, location });
}
