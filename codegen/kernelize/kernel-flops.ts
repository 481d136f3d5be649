/** Arithmetic that a kernel is asked for: what any kernel for it does, however it is scheduled. */
import { walkOperands } from '../kernel/lower-affine.ts';
import { evaluateSize, maxSize, type Size } from '../kernel/size.ts';
import type { Stage, StructuredKernel, ValueExpr } from '../kernel/structured-kernel.ts';

/**
 * Operations on numbers at each point of each stage: a product and a sum are two, an elementary function is one. Comparisons, choices and
 * conversions are none. Not finite where a size has neither value nor bound.
 */
export function kernelFlops(
  { axes, stages }: StructuredKernel,
  symbols: ReadonlyMap<string, number> = new Map(),
): number {
  const sizeOf = (size: Size): number => evaluateSize(size, symbols) ?? maxSize(size) ?? Infinity;
  const extents = new Map(axes.map(({ id, kind, extent }) => [id, { kind, extent: sizeOf(extent) }] as const));
  const points = (stage: Stage, isReduced: boolean): number =>
    stage.axes.reduce((product, id) => {
      const axis = extents.get(id);
      return axis === undefined || (axis.kind === 'reduction' && !isReduced) ? product : product * axis.extent;
    }, 1);
  return stages.reduce((sum, stage) => {
    const inside = operationsOf([...stage.values, ...(stage.combiner?.results ?? [])]);
    const after = operationsOf(stage.finish ?? []);
    return sum + inside * points(stage, true) + after * points(stage, false);
  }, 0);
}

function operationsOf(roots: readonly ValueExpr[]): number {
  let count = 0;
  walkOperands(roots, ({ kind, dtype }) => {
    if ((kind === 'unary' || kind === 'binary') && dtype !== 'i1' && dtype !== 'index') count += 1;
  });
  return count;
}
