/** Scratch inside a kernel: variables, the stack, workgroup memory. What lies in the arena is a parameter. */
import { type BufferPlace, bufferOf, type LoweringContext, type Point } from './lower-context.ts';
import { droppedDimensions, elementsInside, fitsRegister } from './lower-fusion.ts';
import { rowMajorLayout } from './physical-layout.ts';
import { multiplySizes, productOfSizes, type Size } from './size.ts';
import type { AxisId, KernelBuffer } from './structured-kernel.ts';

/** The scratch buffers that are no parameters. */
export function insideBuffers(context: LoweringContext): readonly KernelBuffer[] {
  return context.kernel.buffers.filter(({ id }) => isInside(context, id));
}

function isInside({ kernel, schedule }: LoweringContext, id: KernelBuffer['id']): boolean {
  return bufferOf(kernel, id).role === 'scratch' && (schedule.spaces.get(id) ?? 'arena') !== 'arena';
}

function spaceOf({ schedule }: LoweringContext, { id }: KernelBuffer): 'stack' | 'workgroup' {
  return schedule.workgroup === undefined && schedule.spaces.get(id) !== 'workgroup' ? 'stack' : 'workgroup';
}

/** Allocates scratch around the body, which the loops over the shared axes are around. */
export function emitScratch(
  context: LoweringContext,
  point: Point,
  shared: readonly AxisId[],
  buffers: readonly KernelBuffer[],
  body: () => void,
): void {
  const [buffer, ...rest] = buffers;
  if (buffer === undefined) return body();
  const { builder, kernel, schedule, places } = context;
  const inner = (place: BufferPlace): void => {
    places.set(buffer.id, place);
    emitScratch(context, point, shared, rest, body);
  };
  if (schedule.spaces.get(buffer.id) === 'register' && fitsRegister(kernel, buffer, shared))
    return inner({ kind: 'register', value: undefined });
  const dropped = droppedDimensions(kernel, buffer.id, shared);
  const isAlongLanes = [...dropped.values()].some((axis) => axis === point.vector?.axis);
  const lanes = isAlongLanes ? (point.vector?.lanes ?? 1) : 1;
  const { name, dtype } = buffer;
  const elements = multiplySizes(elementsInside(buffer, dropped), lanes);
  builder.alloc({ name, dtype, size: elements }, spaceOf(context, buffer), (flat) => {
    const layout = rowMajorLayout(buffer.shape.length);
    inner({
      kind: 'memory',
      buffer: flat,
      layout,
      strides: innerStrides(buffer, dropped),
      dropped: new Set(dropped.keys()),
      lanes,
    });
  });
}

/** Row-major strides of the dimensions that are there. */
function innerStrides({ shape }: KernelBuffer, dropped: ReadonlyMap<number, AxisId>): readonly Size[] {
  return shape.map((_, dimension) =>
    productOfSizes(shape.filter((_size, inner) => inner > dimension && !dropped.has(inner))),
  );
}
