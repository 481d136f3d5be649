/** Softmax of each row: maximum, sum of exponentials, quotient. */
import type { Size } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel, ValueExpr } from '../../../codegen/kernel/structured-kernel.ts';
import { access, binary, KernelMaker, read, reduceBy, unary } from '../kernel/structured-samples.ts';

export function softmaxRows(rows: Size, columns: Size): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const c = k.axis('c', columns);
  const x = k.buffer('x', 'in', 'f32', rows, columns);
  const out = k.buffer('out', 'out', 'f32', rows, columns);
  const most = k.buffer('most', 'scratch', 'f32', rows);
  const sum = k.buffer('sum', 'scratch', 'f32', rows);
  const exponential = (along: typeof c): ValueExpr =>
    unary('exp', binary('subtract', read(x, i, along), read(most, i)));
  k.stage([i, j], [read(x, i, j)], [access(most, [i])], { combiner: reduceBy('maximum', 'f32', -Infinity) });
  k.stage([i, j], [exponential(j)], [access(sum, [i])], { combiner: reduceBy('add', 'f32', 0) });
  k.stage([i, c], [binary('divide', exponential(c), read(sum, i))], [access(out, [i, c])]);
  return k.kernel('softmax');
}
