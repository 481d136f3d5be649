/**
 * `select_and_scatter`: for each window, in order, the place that `select` picks is combined with the window's element of the source.
 * Padding takes no part: the loops of a window run only inside the operand.
 */
import { attributesOf } from '../../../ir/op-site.ts';
import { type Window, windowOf } from '../../../ir/ops/shared/window-geometry.ts';
import type { selectAndScatter } from '../../../ir/ops/stablehlo/select-and-scatter.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import {
  add,
  compare,
  constant,
  convert,
  index,
  load,
  maximum,
  minimum,
  multiply,
  select,
  size,
  subtract,
} from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { scalar } from '../value-type.ts';
import { addressIn, forEachIndex, OpaqueBuilder, type OpaqueLoops, type Place } from './opaque-loops.ts';
import { type RegionEmitter, regionEmitter } from './scalar-expressions.ts';

/** The place found so far (-1: none yet) and its element. */
type Best = readonly [place: Expr, element: Expr];

interface Selection {
  readonly builder: OpaqueBuilder;
  readonly operand: Place;
  readonly window: Window;
  readonly keeps: RegionEmitter;
}

export function generateSelectAndScatter(kernel: OpaqueKernel): OpaqueLoops {
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const { op } = kernel;
  const [operand, source, initial] = [builder.operand(0), builder.operand(1), builder.operand(2)];
  const { buffer } = builder.result(0, 'read-write');
  const window = windowOf(operand.shape.length, attributesOf<typeof selectAndScatter.attributes>(op));
  const selection: Selection = { builder, operand, window, keeps: regionEmitter(loops, op, 0) };
  const combine = regionEmitter(loops, op, 1);
  loops.fill(buffer, 0, size(buffer.size), loops.let('initial', convert(buffer.dtype, load(initial.buffer, 0))));
  forEachIndex(loops, source.shape, 's', (at) => {
    const [place] = selectIn(selection, at);
    loops.if(compare('ge', place, 0), () => {
      const from = load(source.buffer, addressIn(source.shape, at));
      const [next] = combine([loops.let('x', load(buffer, place)), loops.let('y', from)]);
      if (next !== undefined) loops.store(buffer, place, next);
    });
  });
  return builder.finish();
}

function selectIn(selection: Selection, at: readonly Expr[]): Best {
  const { operand, builder } = selection;
  const visit = (places: readonly Expr[], best: Best): Best => {
    const axis = places.length;
    const extent = operand.shape[axis];
    if (extent === undefined) return better(selection, addressIn(operand.shape, places), best);
    const { strides, low, dimensions } = selection.window;
    const start = subtract(multiply(at[axis] ?? index(0), strides[axis] ?? 1), low[axis] ?? 0);
    const from = builder.loops.let('from', maximum(start, 0));
    const to = builder.loops.let('to', minimum(add(start, dimensions[axis] ?? 1), size(extent)));
    return builder.loops.for({ from, to, name: `w${axis}` }, best, (i, carried) => visit([...places, i], carried));
  };
  return visit([], [index(-1), constant(scalar(operand.buffer.dtype), 0)]);
}

/** The one at hand stays while `select(it, next)` holds. */
function better({ builder, operand, keeps }: Selection, place: Expr, best: Best): Best {
  const { loops } = builder;
  const at = loops.let('at', place);
  const element = loops.let('x', load(operand.buffer, at));
  return loops.choose(
    compare('lt', best[0], 0),
    () => [at, element] as const,
    () => {
      const [stays] = keeps([best[1], element]);
      const named = loops.let('stays', stays ?? constant(scalar('i1'), 0));
      return [select(named, best[0], at), select(named, best[1], element)] as const;
    },
    ['best', 'element'],
  );
}
