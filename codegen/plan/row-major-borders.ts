/**
 * Kernels read and write any dimension order; what crosses a border is row-major: arguments and results of the function, since its caller
 * knows nothing else, and what control flow carries, which is copied byte by byte. The layout pass keeps to that.
 */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { equalOrders, hasOrder, orderOf } from '../../ir/dimension-order.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { isTensor } from '../../ir/types.ts';
import { runsRegions } from './timeline.ts';

/** Throws a DiagnosticError that names the value's type and place. */
export function requireRowMajorBorders(func: Operation): void {
  visit(func);
}

function visit(op: Operation): void {
  requireRowMajor([...op.operands, ...op.results], op);
  for (const { block } of op.regions) {
    requireRowMajor([...block.arguments, ...(block.terminator?.operands ?? [])], block.terminator ?? op);
    for (const inner of block.operations()) {
      if (runsRegions(inner)) visit(inner);
      else if (inner.name === 'stablehlo.optimization_barrier') requireSameOrders(inner);
    }
  }
}

function requireRowMajor(values: readonly Value[], op: Operation): void {
  const ordered = values.find(({ type }) => hasOrder(type));
  if (ordered !== undefined) throw unsupportedOrder(ordered, op);
}

function requireSameOrders(barrier: Operation): void {
  for (const [index, { type }] of barrier.results.entries()) {
    const from = barrier.operand(index).type;
    if (isTensor(type) && isTensor(from) && !equalOrders(orderOf(type), orderOf(from)))
      throw unsupportedOrder(barrier.result(index), barrier);
  }
}

function unsupportedOrder({ type }: Value, op: Operation): DiagnosticError {
  return new DiagnosticError({
    code: 'E3105',
    kind: 'unsupported',
    message: `a value of type ${type.text} enters or leaves here, where values are row-major`,
    span: op.span,
    location: op.location,
    hint: 'move its elements with tessera.relayout',
  });
}
