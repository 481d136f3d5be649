/**
 * Complex tensors at the boundary of a function: memory holds pairs, so to a kernel they are tensors of their part with one more
 * dimension of size 2. Inside, the pass `expand-complex` leaves only `real`, `imag` and `complex`.
 */
import { dtypeInfo } from '../../ir/dtype.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { hasDType, isTensor } from '../../ir/types.ts';
import type { ElementRule } from './element-context.ts';
import { constantValue, guardedValue, requireKernelDType, selectValue, unsupportedKernel } from './expressions.ts';

const complexOps: ReadonlySet<string> = new Set(['stablehlo.real', 'stablehlo.imag', 'stablehlo.complex']);

export function isComplex({ type }: Value): boolean {
  return isTensor(type) && hasDType(type) && dtypeInfo(type.element).kind === 'complex';
}

/** Every op but those three sees a complex tensor as a whole, which no kernel does. */
export function refuseComplex(op: Operation): void {
  if (complexOps.has(op.name)) return;
  const value = [...op.operands, ...op.results].find(isComplex);
  if (value !== undefined)
    throw unsupportedKernel(op, `kernels do not compute with elements of type ${value.type.text} yet`);
}

function partRule(part: 0 | 1): ElementRule {
  return (op, { indices, guards }, context) => {
    const operand = op.operand(0);
    // The real part of a real tensor is itself, its imaginary part 0.
    if (!isComplex(operand))
      return part === 0
        ? context.element(operand, { indices, guards })
        : constantValue(requireKernelDType(operand, op), 0);
    return context.element(operand, { indices: [...indices, context.algebra.constant(part)], guards });
  };
}

const complexRule: ElementRule = (op, { indices, guards }, context) => {
  const place = { indices: indices.slice(0, -1), guards };
  const part = indices.at(-1) ?? context.algebra.zero;
  const [re, im] = [context.element(op.operand(0), place), context.element(op.operand(1), place)];
  return selectValue(guardedValue([{ index: part, extent: 1 }]), re, im);
};

export const complexRules: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>([
  ['stablehlo.real', partRule(0)],
  ['stablehlo.imag', partRule(1)],
  ['stablehlo.complex', complexRule],
]);
