/** How a chain is run, from the schedules of its links: the block that all of them run over before the next, and what is packed once for many. */
import { packsColumns } from '../contraction/choose-schedule.ts';
import { contractionLayouts } from '../contraction/panel-layout.ts';
import { batchTiles, mostTiles, rates, repayingRows } from '../contraction/contraction-tiles.ts';
import { mainLoad, orientProduct, productOf } from '../contraction/product.ts';
import { likelyPoints } from '../extent.ts';
import { axesOfAccess } from '../lower-affine.ts';
import { isAllLoops, sharedAxes } from '../lower-fusion.ts';
import { axisOf } from '../lower-context.ts';
import type { PhysicalLayout } from '../physical-layout.ts';
import type { AxisTile, ChainSchedule, ContractionSchedule, Schedule } from '../schedule.ts';
import { mayShareMemory } from '../sharing.ts';
import { equalSizes, maxSize, productOfSizes } from '../size.ts';
import type { BufferId, KernelBuffer, Stage, StageId, StructuredKernel } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import { buffersBetween, bytesAtPoint, chainAxes, linksOf } from './links.ts';

/** Of what a block leaves, beside it the second cache has what passes by; rows too long for that have a register tile of them. */
const blockShare = 1 / 2;

/** Of panels that wait for all blocks of a tile: more is packed again for each block. */
const mostPanelBytes = 16 << 20;

/** Tiles that each pack all columns: 16 of one head of 1500 queries took 1.13 of the time of these (Zen 5, two threads). */
const repackingTiles = 8;

/** `links` are the schedules of `linksOf(kernel)`. */
export function chainSchedule(kernel: StructuredKernel, links: readonly Schedule[], target: TargetInfo): Schedule {
  const stages = new Map(links.flatMap((link) => [...link.stages]));
  const between = buffersBetween(kernel);
  const shares = sharedScratch(kernel, links, between);
  const blocks = chooseBlocks(
    kernel,
    stages,
    between.filter(({ id }) => !shares.has(id)),
    target,
  );
  const tiles = chooseTiles(kernel, stages, blocks, target);
  const spaces = new Map(linksOf(kernel).flatMap((link, index) => [...ownSpaces(link, links[index], target)]));
  for (const { id } of between) spaces.set(id, 'stack');
  const layouts = new Map<BufferId, PhysicalLayout>();
  for (const [stage, schedule] of contractionsOf(kernel, stages))
    for (const [buffer, layout] of contractionLayouts(kernel, stage, schedule, [...tiles, ...blocks]))
      layouts.set(buffer, layout);
  const chain = { blocks, shares, packedOnce: packedOnce(kernel, stages, tiles, blocks) };
  return { tiles, stages, layouts, spaces, workgroup: undefined, chain };
}

export function contractionsOf(
  kernel: StructuredKernel,
  stages: Schedule['stages'],
): readonly (readonly [Stage, ContractionSchedule])[] {
  return kernel.stages.flatMap((stage) => {
    const schedule = stages.get(stage.id);
    return schedule?.kind === 'contraction' ? [[stage, schedule] as const] : [];
  });
}

/** A link's own scratch: rows that would lie in the arena alone lie on the stack, if they leave room in the second cache. */
function ownSpaces(
  link: StructuredKernel,
  { spaces, stages }: Pick<Schedule, 'spaces' | 'stages'> = { spaces: new Map(), stages: new Map() },
  { caches }: TargetInfo,
): Schedule['spaces'] {
  const rows = isAllLoops(stages) ? sharedAxes(link) : [];
  const isRow = (buffer: KernelBuffer): boolean =>
    rows.length > 0 && bytesAtPoint(link, buffer, rows) <= caches.l2 * blockShare;
  return new Map(
    link.buffers
      .filter(({ role }) => role === 'scratch')
      .map((buffer) => {
        const space = spaces.get(buffer.id) ?? 'arena';
        return [buffer.id, space === 'arena' && isRow(buffer) ? 'stack' : space] as const;
      }),
  );
}

/** What a link gives may lie where it has read what only it reads: the quotients of a softmax over its scores. */
function sharedScratch(
  kernel: StructuredKernel,
  links: readonly Schedule[],
  between: readonly KernelBuffer[],
): ChainSchedule['shares'] {
  const kernels = linksOf(kernel);
  const shares = new Map<BufferId, BufferId>();
  for (const [index, link] of kernels.entries()) {
    const schedule = links[index];
    const own = (role: KernelBuffer['role']): readonly KernelBuffer[] =>
      between.filter(({ id }) => link.buffers.some((buffer) => buffer.id === id && buffer.role === role));
    const isLast = (id: BufferId): boolean =>
      !kernels.slice(index + 1).some(({ buffers }) => buffers.some((buffer) => buffer.id === id));
    for (const out of own('out')) {
      const taken = new Set(shares.values());
      const from = own('in').find(
        (input) =>
          schedule !== undefined &&
          isLast(input.id) &&
          !taken.has(input.id) &&
          isSameMemory(input, out) &&
          mayShareMemory(link, schedule, input.id, out.id),
      );
      if (from !== undefined) shares.set(out.id, from.id);
    }
  }
  return shares;
}

function isSameMemory(a: KernelBuffer, b: KernelBuffer): boolean {
  return (
    a.dtype === b.dtype &&
    a.shape.length === b.shape.length &&
    a.shape.every((size, dimension) => equalSizes(size, b.shape[dimension] ?? 0))
  );
}

/** One point of each axis but the last: of that as many as fit, in blocks of about one size, of whole register tiles. */
function chooseBlocks(
  kernel: StructuredKernel,
  stages: Schedule['stages'],
  between: readonly KernelBuffer[],
  { caches, hasThreads }: TargetInfo,
): readonly AxisTile[] {
  const axes = chainAxes(kernel);
  const rows = axes.at(-1);
  if (rows === undefined) return [];
  const bytes = between.reduce((sum, buffer) => sum + bytesAtPoint(kernel, buffer, axes), 0);
  const heights = contractionsOf(kernel, stages).flatMap(([, { m, mr }]) => (m.at(-1) === rows ? [mr] : []));
  const step = Math.max(1, ...heights);
  const fitting = Math.floor((caches.l2 * blockShare) / bytes);
  const long = Math.max(1, fitting, Math.min(step, Math.floor(caches.l2 / bytes)));
  const extent = likelyPoints(kernel, [rows]);
  const outer = axes.slice(0, -1);
  // Tiles are whole blocks, of which each that threads take packs columns again.
  const shared = Math.max(repayingRows, Math.ceil((extent * likelyPoints(kernel, outer)) / mostTiles));
  const most = hasThreads ? Math.min(long, shared) : long;
  return [...outer.map((axis) => ({ axis, size: 1 })), { axis: rows, size: evenly(extent, most, step) }];
}

/** The size of blocks of about one size, at most `most` each and a multiple of `step` if there is room for that. */
function evenly(extent: number, most: number, step: number): number {
  if (extent <= most) return extent;
  const whole = most < step ? most : most - (most % step);
  const even = Math.ceil(extent / Math.ceil(extent / whole));
  return Math.min(whole, Math.ceil(even / step) * step);
}

/** Whole points of the outer axes as far as there are enough, else parts of the rows too. */
function chooseTiles(
  kernel: StructuredKernel,
  stages: Schedule['stages'],
  blocks: readonly AxisTile[],
  target: TargetInfo,
): readonly AxisTile[] {
  const rows = blocks.at(-1);
  if (rows === undefined) return [];
  const outer = blocks.slice(0, -1).map(({ axis }) => axis);
  const points = likelyPoints(kernel, outer);
  const pieces = Math.min(mostTiles, Math.floor(secondsOf(kernel, stages) / (target.tileNanoseconds * 1e-9)));
  if (pieces <= 1) return [];
  if (points >= pieces / 2) return batchTiles(kernel, outer, Math.max(1, Math.floor(points / pieces)));
  const each = outer.map((axis) => ({ axis, size: 1 }));
  const packs = contractionsOf(kernel, stages).some(([stage, schedule]) => packsColumns(kernel, stage, schedule));
  if (packs && !target.hasThreads) return each;
  const least = packs ? repayingRows : 1;
  const parts = Math.ceil((packs ? Math.min(pieces, repackingTiles) : pieces) / points);
  const perTile = Math.max(least, Math.ceil(likelyPoints(kernel, [rows.axis]) / parts));
  return [...each, { axis: rows.axis, size: Math.ceil(perTile / rows.size) * rows.size }];
}

function secondsOf(kernel: StructuredKernel, stages: Schedule['stages']): number {
  const products = contractionsOf(kernel, stages).map(([{ axes }]) => 2 * likelyPoints(kernel, axes));
  const points = kernel.stages.map(({ axes }) => likelyPoints(kernel, axes));
  return (
    Math.max(
      products.reduce((sum, flops) => sum + flops, 0),
      ...points,
    ) / rates.flops
  );
}

/** Contractions whose columns are the same for several blocks, and need panels. */
function packedOnce(
  kernel: StructuredKernel,
  stages: Schedule['stages'],
  tiles: readonly AxisTile[],
  blocks: readonly AxisTile[],
): ReadonlySet<StageId> {
  const rows = blocks.at(-1);
  if (rows === undefined) return new Set();
  const tile = tiles.find(({ axis }) => axis === rows.axis)?.size ?? maxSize(axisOf(kernel, rows.axis).extent);
  if (tile !== undefined && tile <= rows.size) return new Set();
  const once = contractionsOf(kernel, stages).filter(([stage, schedule]) => {
    const isBound = schedule.batch.every((axis) => blocks.some((block) => block.axis === axis && block.size === 1));
    if (!isBound || !packsColumns(kernel, stage, schedule) || schedule.fewRows !== undefined) return false;
    const product = productOf(stage);
    const main = product && mainLoad(orientProduct(product, schedule.n).rhs);
    if (main === undefined || axesOfAccess(main.access).has(rows.axis)) return false;
    const panels = [...schedule.n, ...schedule.k].map((id) => axisOf(kernel, id).extent);
    return (maxSize(productOfSizes(panels)) ?? Infinity) * elementBytes(main.dtype) <= mostPanelBytes;
  });
  return new Set(once.map(([{ id }]) => id));
}
