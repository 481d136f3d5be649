/**
 * How a tensor lies in memory: an ordered list of (dimension, tile), outermost first. Row-major is every dimension whole, in order;
 * packing a B operand of a contraction in panels of 16 columns is `[(n, 16-tiles), (k, whole), (n, within a tile)]`.
 */
import type { TensorType } from '../../ir/types.ts';
import { ceilDivideSizes, multiplySizes, productOfSizes, type Size } from './size.ts';

/**
 * `whole`: the dimension runs over its whole extent. `tiles`: over its tiles of `size`. `inner`: within a tile of `size`, padded with
 * zeros where the extent does not fill the last one.
 */
export interface LayoutPart {
  readonly dimension: number;
  readonly role: 'whole' | 'tiles' | 'inner';
  /** Elements a tile; 1 for `whole`. */
  readonly size: number;
}

export interface PhysicalLayout {
  readonly parts: readonly LayoutPart[];
}

export function rowMajorLayout(rank: number): PhysicalLayout {
  return { parts: Array.from({ length: rank }, (_, dimension) => ({ dimension, role: 'whole', size: 1 })) };
}

/**
 * A kernel's layout of an operand as one of the tensor: the kernel sees its dimensions in the order of the tensor's type. Undefined for
 * row-major memory.
 */
export function orderedLayout({ order }: TensorType, layout: PhysicalLayout | undefined): PhysicalLayout | undefined {
  if (order === undefined) return layout;
  const { parts } = layout ?? rowMajorLayout(order.length);
  return { parts: parts.map((part) => ({ ...part, dimension: order[part.dimension] ?? part.dimension })) };
}

export function isRowMajor({ parts }: PhysicalLayout): boolean {
  return parts.every(({ dimension, role }, index) => role === 'whole' && dimension === index);
}

function partExtent(part: LayoutPart, shape: readonly Size[]): Size {
  const extent = shape[part.dimension] ?? 1;
  if (part.role === 'whole') return extent;
  return part.role === 'tiles' ? ceilDivideSizes(extent, part.size) : part.size;
}

/** Elements the layout takes, padding included. */
export function layoutSize(layout: PhysicalLayout, shape: readonly Size[]): Size {
  return productOfSizes(layout.parts.map((part) => partExtent(part, shape)));
}

/** The stride in elements of each part. */
export function layoutStrides(layout: PhysicalLayout, shape: readonly Size[]): readonly Size[] {
  const strides: Size[] = [];
  let stride: Size = 1;
  for (const part of layout.parts.toReversed()) {
    strides.push(stride);
    stride = multiplySizes(stride, partExtent(part, shape));
  }
  return strides.reverse();
}

export function layoutText({ parts }: PhysicalLayout): string {
  return `[${parts.map(({ dimension, role, size }) => (role === 'whole' ? `d${dimension}` : `d${dimension}/${role} ${size}`)).join(', ')}]`;
}
