/**
 * The loops of a chain:
 *
 *     for the tile's heads:
 *       keys and values in panels                     what is packed once for all blocks
 *       for blocks of its rows:
 *         scores of the block -> scratch              the first link
 *         their softmax       -> the same scratch     the second
 *         times the values    -> result               the third
 *
 * A link finds its axes bound to the block, as a kernel finds them bound to a tile, and emits what it would emit alone.
 */
import { packColumns } from '../contraction/lower-contraction.ts';
import { add, index, minimum, multiply, size } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { axisOf, bindAxis, type BufferPlace, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { isAxis } from '../lower-affine.ts';
import { readsOfStage } from '../lower-fusion.ts';
import { rowMajorLayout } from '../physical-layout.ts';
import type { AxisTile, ChainSchedule } from '../schedule.ts';
import { maxSize, productOfSizes, type Size } from '../size.ts';
import type { BufferId, KernelBuffer, StructuredKernel } from '../structured-kernel.ts';
import { contractionsOf } from './choose-chain.ts';
import { buffersBetween, linksOf } from './links.ts';

type EmitLink = (context: LoweringContext, point: Point) => void;

export function emitChain(context: LoweringContext, point: Point, chain: ChainSchedule, emitLink: EmitLink): void {
  const between = buffersBetween(context.kernel);
  const links = linksOf(context.kernel);
  withScratch(context, chain, between, new Map(), (flat) => {
    const setPlaces = (at: Point): void => {
      for (const buffer of between) {
        const memory = flat.get(buffer.id);
        if (memory !== undefined) context.places.set(buffer.id, placeOfBlock(context, chain, buffer, memory, at));
      }
    };
    // What is packed before the blocks asks how operands lie.
    setPlaces(point);
    emitBlocks(context, point, chain, chain.blocks, (at) => {
      setPlaces(at);
      for (const kernel of links) emitLink({ ...context, kernel }, innerPoint(at));
    });
  });
}

/** Scratch of one block, on the stack: each thread has its own. */
function withScratch(
  context: LoweringContext,
  chain: ChainSchedule,
  buffers: readonly KernelBuffer[],
  flat: Map<BufferId, FlatBuffer>,
  body: (flat: ReadonlyMap<BufferId, FlatBuffer>) => void,
): void {
  const [buffer, ...rest] = buffers;
  if (buffer === undefined) return body(flat);
  const shared = flat.get(chain.shares.get(buffer.id) ?? buffer.id);
  if (shared !== undefined) return withScratch(context, chain, rest, flat.set(buffer.id, shared), body);
  const { name, dtype } = buffer;
  const elements = maxSize(productOfSizes(blockShape(context.kernel, chain, buffer))) ?? 0;
  context.builder.alloc({ name, dtype, size: elements, alignment: 16 }, 'stack', (memory) =>
    withScratch(context, chain, rest, flat.set(buffer.id, memory), body),
  );
}

/** The axis whose blocks a dimension has a part of at a time. */
function blockedAxis(
  kernel: StructuredKernel,
  { blocks }: ChainSchedule,
  id: BufferId,
  dimension: number,
): AxisTile | undefined {
  const accesses = kernel.stages
    .flatMap((stage) => [...readsOfStage(stage), ...stage.writes])
    .filter(({ buffer }) => buffer === id);
  return blocks.find(({ axis }) => accesses.every(({ indices }) => isAxis(indices[dimension], axis)));
}

function blockShape(kernel: StructuredKernel, chain: ChainSchedule, { id, shape }: KernelBuffer): readonly Size[] {
  return shape.map((extent, dimension) => blockedAxis(kernel, chain, id, dimension)?.size ?? extent);
}

/** Row-major in the block, whose first element is the first of the memory. */
function placeOfBlock(
  { kernel, builder }: LoweringContext,
  chain: ChainSchedule,
  buffer: KernelBuffer,
  flat: FlatBuffer,
  point: Point,
): BufferPlace {
  const shape = blockShape(kernel, chain, buffer);
  let origin: Expr = index(0);
  const strides = shape.map((extent, dimension) => {
    const axis = blockedAxis(kernel, chain, buffer.id, dimension)?.axis;
    // A dimension of one point has nowhere to go.
    if (axis !== undefined && extent === 1) return 0;
    const stride = productOfSizes(shape.slice(dimension + 1));
    const from = axis === undefined ? undefined : point.ranges.get(axis)?.from;
    if (from !== undefined) origin = add(origin, multiply(from, size(stride)));
    return stride;
  });
  const layout = rowMajorLayout(shape.length);
  const named = origin.kind === 'constant' ? undefined : builder.let('origin', origin);
  return { kind: 'memory', buffer: flat, layout, strides, origin: named, dropped: new Set(), lanes: 1 };
}

function emitBlocks(
  context: LoweringContext,
  point: Point,
  chain: ChainSchedule,
  blocks: readonly AxisTile[],
  body: (point: Point) => void,
): void {
  const [block, ...rest] = blocks;
  if (block === undefined) return body(point);
  const inner = (at: Point): void => emitBlocks(context, at, chain, rest, body);
  if (rest.length > 0) return forBlock(context, point, block, inner);
  withPackedColumns(context, point, chain, (at) => forBlock(context, at, block, inner));
}

function withPackedColumns(
  context: LoweringContext,
  point: Point,
  chain: ChainSchedule,
  body: (point: Point) => void,
): void {
  const packed = contractionsOf(context.kernel, context.schedule.stages).filter(([{ id }]) => chain.packedOnce.has(id));
  const nest = packed.reduceRight<(at: Point) => void>(
    (inner, [stage, schedule]) =>
      (at) =>
        packColumns(context, at, stage, schedule, (panels) =>
          inner({ ...at, panels: new Map([...(at.panels ?? []), [stage.id, panels]]) }),
        ),
    body,
  );
  nest(point);
}

function forBlock(
  { builder, kernel }: LoweringContext,
  point: Point,
  { axis, size: points }: AxisTile,
  body: (point: Point) => void,
): void {
  const { extent, name } = axisOf(kernel, axis);
  const most = maxSize(extent);
  const whole = point.ranges.get(axis) ?? { from: index(0), to: size(extent), extents: extentsOf([extent]) };
  if (points === 1) {
    builder.for({ from: whole.from, to: whole.to, name }, (at) => body(bindAxis(point, axis, at)));
    return;
  }
  if (most !== undefined && most <= points) return body(point);
  const extents = whole.extents?.flatMap((each) => blocksOf(each, points));
  builder.for({ from: whole.from, to: whole.to, step: points, name: `${name}_block` }, (from) => {
    const end = add(from, points);
    const isExact = extents?.every((each) => each === points) === true;
    const to = isExact ? end : builder.let('end', minimum(end, whole.to));
    const ranges = new Map(point.ranges).set(axis, { from, to, extents: extents && [...new Set(extents)] });
    body(innerPoint(point, { ranges }));
  });
}

function extentsOf(sizes: readonly Size[]): readonly number[] | undefined {
  const known = sizes.filter((each) => typeof each === 'number');
  return known.length === sizes.length ? known : undefined;
}

/** Of an extent in blocks: that of all but the last, and of the last. */
function blocksOf(extent: number, points: number): readonly number[] {
  const last = extent % points;
  return [...(extent < points ? [] : [points]), ...(last === 0 ? [] : [last])];
}
