/** `sort`: each line along the dimension, from the inputs to the results. Stable, whatever the comparator is. */
import { attributesOf } from '../../../ir/op-site.ts';
import type { sort } from '../../../ir/ops/stablehlo/sort.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import { add, load, multiply, size } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { lineSort, sortNanoseconds } from './line-sort.ts';
import { addressIn, indicesAt, OpaqueBuilder, type OpaqueLoops, stridesOf } from './opaque-loops.ts';
import { regionValues } from './scalar-expressions.ts';

export function generateSort(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const { op } = kernel;
  const inputs = op.operands.map((_, position) => builder.operand(position));
  const results = op.results.map((_, position) => builder.result(position));
  const shape = inputs[0]?.shape ?? [];
  const { dimension } = attributesOf<typeof sort.attributes>(op);
  const axis = dimension < 0 ? dimension + shape.length : dimension;
  const length = shape[axis] ?? 1;
  const dtypes = inputs.map(({ buffer }) => buffer.dtype);
  const outer = shape.map((extent, each) => (each === axis ? 1 : extent));
  const stride = size(stridesOf(shape)[axis] ?? 1);
  const nanoseconds = sortNanoseconds({ dtype: dtypes[0] ?? 'f32' }, maxSize(length) ?? Infinity, target);
  builder.overLines(productOfSizes(outer), nanoseconds, target, () => {
    const sortLine = lineSort(builder, regionValues(op), dtypes, length, target);
    return (line) => {
      const first = loops.let('first', addressIn(shape, indicesAt(loops, outer, line)));
      const place = (i: Expr): Expr => add(first, multiply(i, stride));
      const read = inputs.map(
        ({ buffer }) =>
          (i: Expr) =>
            load(buffer, place(i)),
      );
      const write = results.map(
        ({ buffer }) =>
          (i: Expr, value: Expr) =>
            loops.store(buffer, place(i), value),
      );
      sortLine(size(length), { read, write: [] }, { read: [], write });
    };
  });
  return builder.finish();
}
