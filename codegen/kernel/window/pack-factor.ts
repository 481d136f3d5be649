/**
 * A factor of a window of which there is little, and whose elements along lanes lie apart, copied once with lanes side by side:
 *
 *     w[i, j, c * 2 + m]     ->     packed[i, j, m, c]
 */
import type { Located } from '../contraction/operand.ts';
import { extentOf } from '../extent.ts';
import { axesOfAccess, rowMajorStride } from '../lower-affine.ts';
import { axisOf, bindAxis, innerPoint, type Point } from '../lower-context.ts';
import { add, index, multiply, size } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { emitValue } from '../lower-values.ts';
import { maxSize } from '../size.ts';
import type { AxisId } from '../structured-kernel.ts';
import type { LoadValue, Window } from './window-reads.ts';

/** The loads whose elements along lanes do not lie side by side. */
export function factorsToPack({ context: { kernel }, loads, schedule }: Window): readonly LoadValue[] {
  return loads.filter(({ access }) => {
    const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
    const stride = rowMajorStride(shape, access, schedule.vector.axis);
    return stride !== 0 && stride !== 1;
  });
}

/** All that the load reads, the axis of lanes innermost. */
export function withPacked(
  window: Window,
  loads: readonly LoadValue[],
  point: Point,
  body: (window: Window) => void,
): void {
  const [load, ...rest] = loads;
  if (load === undefined) return body(window);
  const { context, schedule } = window;
  const { kernel, builder } = context;
  const { axis: lane } = schedule.vector;
  const axes = [...[...axesOfAccess(load.access)].filter((axis) => axis !== lane), lane];
  const extents = axes.map((axis) => maxSize(extentOf(kernel, axis)) ?? 1);
  const strides = extents.map((_, position) => extents.slice(position + 1).reduce((a, b) => a * b, 1));
  const elements = extents.reduce((a, b) => a * b, 1);
  builder.alloc({ name: 'factor', dtype: load.dtype, size: elements, alignment: 16 }, 'stack', (buffer) => {
    const copy = (at: Point, position: number, address: Expr): void => {
      const axis = axes[position];
      if (axis === undefined) return builder.store(buffer, address, emitValue(context, innerPoint(at), load));
      builder.for({ to: size(axisOf(kernel, axis).extent), name: 'f' }, (place) =>
        copy(bindAxis(at, axis, place), position + 1, add(address, multiply(place, strides[position] ?? 1))),
      );
    };
    copy(innerPoint(point), 0, index(0));
    const located = locatedIn(buffer, axes, strides);
    withPacked({ ...window, packed: new Map(window.packed).set(load, located) }, rest, point, body);
  });
}

function locatedIn(buffer: FlatBuffer, axes: readonly AxisId[], strides: readonly number[]): Located {
  return {
    buffer,
    factor: undefined,
    address: (point) =>
      axes
        .map((axis, position) => multiply(point.axes.get(axis) ?? index(0), strides[position] ?? 1))
        .reduce((a, b) => add(a, b)),
    stride: (axis) => strides[axes.indexOf(axis)] ?? 0,
  };
}
