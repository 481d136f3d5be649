/** The region of a reducer or of `map` as expressions: its ops work on scalars, one element at a time. */
import type { Operation, Value } from '../../ir/operation.ts';
import type { ValueExpr } from '../kernel/structured-kernel.ts';
import { constantValue, rankOf, requireKernelDType, unsupportedKernel } from './expressions.ts';
import { requireKernelRule } from './kernel-rules.ts';
import { splatOfConstant } from './splat-constant.ts';

/** `captured` gives the element of a scalar from outside the region. */
export function scalarRegion(
  op: Operation,
  args: readonly ValueExpr[],
  captured: (value: Value) => ValueExpr,
  regionIndex = 0,
): readonly ValueExpr[] {
  const { block } = op.region(regionIndex);
  const known = new Map<Value, ValueExpr>(
    block.arguments.flatMap((argument, index) => {
      const value = args[index];
      return value === undefined ? [] : [[argument, value] as const];
    }),
  );
  const read = (value: Value): ValueExpr => {
    const found = known.get(value);
    if (found !== undefined) return found;
    if (rankOf(value) > 0) throw unsupportedKernel(op, 'its region uses a tensor from outside');
    return captured(value);
  };
  for (const inner of block.operations()) {
    if (inner === block.terminator) return inner.operands.map(read);
    known.set(inner.result(), scalarOp(inner, read));
  }
  return [];
}

function scalarOp(op: Operation, read: (value: Value) => ValueExpr): ValueExpr {
  if (op.name === 'stablehlo.constant') {
    const splat = splatOfConstant(op.attribute('value'));
    if (splat !== undefined) return constantValue(requireKernelDType(op.result(), op), splat);
  }
  const rule = requireKernelRule(op);
  const onScalars = rule.kind === 'pointwise' ? rule.rule : rule.kind === 'element' ? rule.onScalars : undefined;
  if (onScalars === undefined || rankOf(op.result()) > 0)
    throw unsupportedKernel(op, 'kernels do not compute it in a region yet');
  return onScalars(op.operands.map(read), op);
}
