/** Shapes whose sizes may be unknown: how ops compare, merge and describe them. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import { compatibleDims, describeDim, type Dim, isStaticDim, mapDims, mergeDims } from '../../dimension.ts';

export type Shape = readonly Dim[];

/** `dim(x, axis)`; the axis has been checked. */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape[axis];
  invariant(dim !== undefined, `axis ${axis} of a shape of rank ${shape.length}`);
  return dim;
}

/** True unless the two cannot be the same shape. */
export function compatibleShapes(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => compatibleDims(dim, dimAt(b, axis)));
}

/** The better known of each pair of sizes of compatible shapes. */
export function mergeShapes(shapes: readonly Shape[]): Dim[] {
  const [first = [], ...rest] = shapes;
  return first.map((dim, axis) => rest.reduce<Dim>((merged, shape) => mergeDims(merged, dimAt(shape, axis)), dim));
}

/** True unless two of the shapes cannot be the same: each is compared with what the ones before it tell. */
export function allCompatibleShapes(shapes: readonly Shape[]): boolean {
  let known: Shape | undefined;
  for (const shape of shapes) {
    if (known !== undefined && !compatibleShapes(known, shape)) return false;
    known = known === undefined ? shape : mergeShapes([known, shape]);
  }
  return true;
}

export function isStaticShape(shape: Shape): shape is readonly number[] {
  return shape.every(isStaticDim);
}

/** Number of elements; undefined when a size is unknown (and none is 0). */
export function staticSize(shape: Shape): number | undefined {
  if (shape.includes(0)) return 0;
  let size = 1;
  for (const dim of shape) {
    if (typeof dim !== 'number') return undefined;
    size *= dim;
  }
  return size;
}

/** False only when `dim <= limit` cannot hold. */
export function canBeAtMost(dim: Dim, limit: Dim): boolean {
  const most = typeof limit === 'number' ? limit : limit.max;
  return typeof dim !== 'number' || most === undefined || dim <= most;
}

export function sumDims(dims: readonly Dim[]): Dim {
  return mapDims((...sizes) => sizes.reduce((sum, size) => sum + size, 0), ...dims);
}

/** For messages: `[2, ?]`. */
export function describeShape(shape: Shape): string {
  return `[${shape.map(describeDim).join(', ')}]`;
}
