/**
 * Panels of an operand: rows or columns in tiles, each tile contiguous along k: `[batch, outer, inner/tiles T, k, inner/inner T]`, the last
 * tile padded with zeros. A constant is stored so beforehand (`packConstant`), everything else is packed by the kernel.
 */
import { isAxis } from '../lower-affine.ts';
import { axisOf } from '../lower-context.ts';
import type { LayoutPart, PhysicalLayout } from '../physical-layout.ts';
import type { AxisTile, ContractionSchedule } from '../schedule.ts';
import type { Access, AxisId, BufferId, Stage, StructuredKernel } from '../structured-kernel.ts';
import { readsOfStage } from '../lower-fusion.ts';
import { mainLoad, orientProduct, productOf } from './product.ts';

/** Which axes a panel is made of, and its width. */
export interface PanelShape {
  readonly along: readonly AxisId[];
  readonly k: readonly AxisId[];
  readonly tile: number;
}

/** The layout that makes panels of an operand read by this access; undefined when no layout does. */
export function panelLayout(kernel: StructuredKernel, access: Access, shape: PanelShape): PhysicalLayout | undefined {
  const { along, k, tile } = shape;
  const dimensionOf = (axis: AxisId): number => access.indices.findIndex((each) => isAxis(each, axis));
  const inner = along.at(-1);
  if (inner === undefined || access.guards.length > 0) return undefined;
  const alongDimensions = along.map(dimensionOf);
  const kDimensions = k.map(dimensionOf);
  const moving = [...alongDimensions, ...kDimensions];
  if (moving.includes(-1) || !isFixedElsewhere(access, moving, [...along, ...k])) return undefined;
  if (!isWhole(kernel, access, moving, [...along, ...k])) return undefined;
  const extent = axisOf(kernel, inner).extent;
  if (along.length > 1 && (typeof extent !== 'number' || extent % tile !== 0)) return undefined;
  const whole = (dimension: number): LayoutPart => ({ dimension, role: 'whole', size: 1 });
  const others = access.indices.map((_, dimension) => dimension).filter((dimension) => !moving.includes(dimension));
  const innerDimension = dimensionOf(inner);
  return {
    parts: [
      ...others.map(whole),
      ...alongDimensions.slice(0, -1).map(whole),
      { dimension: innerDimension, role: 'tiles', size: tile },
      ...kDimensions.map(whole),
      { dimension: innerDimension, role: 'inner', size: tile },
    ],
  };
}

/** No other index moves with these axes. */
function isFixedElsewhere(access: Access, moving: readonly number[], axes: readonly AxisId[]): boolean {
  return access.indices.every(
    (each, dimension) =>
      moving.includes(dimension) || each.kind === 'constant' || (each.kind === 'axis' && !axes.includes(each.axis)),
  );
}

/** Each of the axes runs over its whole dimension, so that the axes' linear index is that of the layout. */
function isWhole(
  kernel: StructuredKernel,
  access: Access,
  moving: readonly number[],
  axes: readonly AxisId[],
): boolean {
  const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  return moving.every((dimension, position) => {
    const axis = axes[position];
    return axis !== undefined && shape[dimension] === axisOf(kernel, axis).extent;
  });
}

/** Layouts of the constants that the stage can have packed beforehand: those that nothing else in the kernel reads. */
export function contractionLayouts(
  kernel: StructuredKernel,
  stage: Stage,
  schedule: ContractionSchedule,
  tiles: readonly AxisTile[] = [],
): ReadonlyMap<BufferId, PhysicalLayout> {
  const layouts = new Map<BufferId, PhysicalLayout>();
  const product = productOf(stage);
  if (product === undefined) return layouts;
  const { lhs, rhs } = orientProduct(product, schedule.n);
  const note = (access: Access | undefined, along: readonly AxisId[], tile: number): void => {
    if (access === undefined || !isPackable(kernel, access) || !areTilesAligned(tiles, along, tile)) return;
    const layout = panelLayout(kernel, access, { along, k: schedule.k, tile });
    if (layout !== undefined) layouts.set(access.buffer, layout);
  };
  if (schedule.lhs === 'panel') note(mainLoad(lhs)?.access, schedule.m, schedule.mr);
  if (schedule.rhs === 'panel') note(mainLoad(rhs)?.access, schedule.n, schedule.nr);
  return layouts;
}

function isPackable(kernel: StructuredKernel, { buffer }: Access): boolean {
  const isConstant = kernel.buffers.find(({ id }) => id === buffer)?.isConstant === true;
  const reads = kernel.stages.flatMap(readsOfStage).filter((access) => access.buffer === buffer);
  return isConstant && reads.length === 1;
}

/** A tile begins at a panel's first column. */
function areTilesAligned(tiles: readonly AxisTile[], along: readonly AxisId[], tile: number): boolean {
  const inner = along.at(-1);
  return tiles.every(({ axis, size }) => axis !== inner || size % tile === 0);
}
