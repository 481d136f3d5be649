/** What the blocks of a chain read again and again: the matrices of dense layers, of which each block of rows needs all. */
import { mainLoad, orientProduct, productOf } from '../contraction/product.ts';
import { likelyPoints } from '../extent.ts';
import { axesOfAccess } from '../lower-affine.ts';
import type { Schedule } from '../schedule.ts';
import type { KernelBuffer, StructuredKernel } from '../structured-kernel.ts';
import { contractionsOf } from './choose-chain.ts';
import { bytesAtPoint } from './links.ts';

/**
 * Bytes of columns that pass once more for each block but the first, from beyond the second cache; none where that holds them. Panels that are
 * packed once for all blocks count as little: attention over 4096 and 8192 keys gains although its 2 and 4 MB of them pass for each block.
 */
export function bytesReadAgain(kernel: StructuredKernel, { stages, chain }: Schedule, secondCache: number): number {
  const blocks = chain?.blocks ?? [];
  const rows = blocks.at(-1);
  if (chain === undefined || rows === undefined) return 0;
  const outer = blocks.slice(0, -1).map(({ axis }) => axis);
  const columns = new Set<KernelBuffer>();
  for (const [stage, { n }] of contractionsOf(kernel, stages)) {
    const product = productOf(stage);
    const main = product && mainLoad(orientProduct(product, n).rhs);
    const buffer = kernel.buffers.find(({ id }) => id === main?.access.buffer);
    if (main === undefined || buffer === undefined || buffer.role === 'scratch') continue;
    if (!chain.packedOnce.has(stage.id) && !axesOfAccess(main.access).has(rows.axis)) columns.add(buffer);
  }
  const bytes = [...columns].reduce((sum, buffer) => sum + bytesAtPoint(kernel, buffer, outer), 0);
  const again = Math.ceil(likelyPoints(kernel, [rows.axis]) / rows.size) - 1;
  return bytes <= secondCache ? 0 : bytes * again * likelyPoints(kernel, outer);
}
