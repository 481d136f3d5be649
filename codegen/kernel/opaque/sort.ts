/**
 * `sort`: each line along the dimension is copied to scratch, sorted there by merging runs of 1, 2, 4, ... elements (stable, whatever
 * the comparator is), and copied out. The scratch of each input is two lines: runs lie in one, are merged into the other.
 */
import { attributesOf } from '../../../ir/op-site.ts';
import type { sort } from '../../../ir/ops/stablehlo/sort.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import {
  add,
  and,
  compare,
  constant,
  index,
  load,
  minimum,
  multiply,
  select,
  size,
  subtract,
} from '../loop-expressions.ts';

import type { Expr, FlatBuffer } from '../loop-ir.ts';
import type { Size } from '../size.ts';
import { scalar } from '../value-type.ts';
import { addressIn, forEachIndex, OpaqueBuilder, type OpaqueLoops, type Place, stridesOf } from './opaque-loops.ts';
import { type RegionEmitter, regionEmitter } from './scalar-expressions.ts';

interface Sort {
  readonly builder: OpaqueBuilder;
  readonly lines: readonly FlatBuffer[];
  readonly length: Size;
  readonly isBefore: RegionEmitter;
}

export function generateSort(kernel: OpaqueKernel): OpaqueLoops {
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const { op } = kernel;
  const inputs = op.operands.map((_, position) => builder.operand(position));
  const results = op.results.map((_, position) => builder.result(position));
  const shape = inputs[0]?.shape ?? [];
  const { dimension } = attributesOf<typeof sort.attributes>(op);
  const axis = dimension < 0 ? dimension + shape.length : dimension;
  const length = shape[axis] ?? 1;
  const lines = inputs.map(({ buffer }, position) => builder.scratch(`line${position}`, buffer.dtype, [2, length]));
  const state: Sort = { builder, lines, length, isBefore: regionEmitter(loops, op) };
  const outer = shape.map((extent, each) => (each === axis ? 1 : extent));
  const stride = size(stridesOf(shape)[axis] ?? 1);
  forEachIndex(loops, outer, 'o', (at) => {
    const first = loops.let('first', addressIn(shape, at));
    const place = (i: Expr): Expr => add(first, multiply(i, stride));
    loops.for({ to: size(length), name: 'in' }, (i) =>
      copyAll(state, inputs, (from, line) => loops.store(line, i, load(from, place(i)))),
    );
    const sorted = sortLine(state);
    loops.for({ to: size(length), name: 'out' }, (i) =>
      copyAll(state, results, (to, line) => loops.store(to, place(i), load(line, add(sorted, i)))),
    );
  });
  return builder.finish();
}

function copyAll({ lines }: Sort, places: readonly Place[], copy: (place: FlatBuffer, line: FlatBuffer) => void): void {
  for (const [position, line] of lines.entries()) {
    const place = places[position];
    if (place !== undefined) copy(place.buffer, line);
  }
}

/** Where the sorted line starts in the scratch. */
function sortLine(state: Sort): Expr {
  const { loops } = state.builder;
  const length = size(state.length);
  const [, from] = loops.while(
    [
      { name: 'width', initial: index(1) },
      { name: 'from', initial: index(0) },
    ],
    ([width]) => compare('lt', width, length),
    ([width, from]) => {
      const to = loops.let('to', subtract(length, from));
      loops.while(
        [{ name: 'start', initial: index(0) }],
        ([start]) => compare('lt', start, length),
        ([start]) => {
          mergeRuns(state, { from, to, start, width });
          return [add(start, multiply(width, 2))];
        },
      );
      return [multiply(width, 2), to];
    },
  );
  return from;
}

interface Runs {
  /** Where the line with the runs, and the one to be written, start in the scratch. */
  readonly from: Expr;
  readonly to: Expr;
  readonly start: Expr;
  readonly width: Expr;
}

function mergeRuns(state: Sort, { from, to, start, width }: Runs): void {
  const { builder, lines } = state;
  const { loops } = builder;
  const length = size(state.length);
  const middle = loops.let('middle', minimum(add(start, width), length));
  const end = loops.let('end', minimum(add(middle, width), length));
  const runs = [
    { name: 'left', initial: start },
    { name: 'right', initial: middle },
  ] as const;
  loops.for({ from: start, to: end, name: 'k' }, runs, (k, [left, right]) => {
    const takesRight = chooseRight(state, from, { left, right, middle, end });
    const taken = loops.let('taken', add(from, select(takesRight, right, left)));
    for (const line of lines) loops.store(line, add(to, k), load(line, taken));
    return [add(left, select(takesRight, index(0), 1)), add(right, select(takesRight, index(1), 0))];
  });
}

/** True when the next element comes from the right run: the left one is used up, or its next element comes later. */
function chooseRight(
  { builder, lines, isBefore }: Sort,
  from: Expr,
  {
    left,
    right,
    middle,
    end,
  }: { readonly left: Expr; readonly right: Expr; readonly middle: Expr; readonly end: Expr },
): Expr {
  const { loops } = builder;
  const [takesRight] = loops.choose(
    and(compare('lt', left, middle), compare('lt', right, end)),
    () => {
      const sides = lines.flatMap((line) => [load(line, add(from, right)), load(line, add(from, left))]);
      const [before] = isBefore(sides.map((side) => loops.let('x', side)));
      return [before ?? constant(scalar('i1'), 0)] as const;
    },
    () => [compare('lt', right, end)] as const,
    ['takes_right'],
  );
  return takesRight;
}
