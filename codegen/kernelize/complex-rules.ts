/**
 * Complex tensors at the boundary of a function: memory holds pairs, so to a kernel they are tensors of their part with one more
 * dimension of size 2, and what moves elements moves pairs. All arithmetic is on parts: `expand-complex` leaves `real`, `imag` and `complex`.
 */
import type { ElementContext, ElementRule } from './element-context.ts';
import { constantValue, guardedValue, isComplex, requireKernelDType, selectValue } from './expressions.ts';

/** A rule that knows the dimensions of tensors only, for both parts alike: the part that is asked for is that of the operands. */
export function onParts(rule: ElementRule): ElementRule {
  return (op, place, context) => {
    if (!isComplex(op.result())) return rule(op, place, context);
    const part = place.indices.at(-1) ?? context.algebra.zero;
    const inner: ElementContext = {
      algebra: context.algebra,
      element: (value, { indices, guards }) =>
        context.element(value, { indices: isComplex(value) ? [...indices, part] : indices, guards }),
      applyRegion: (...args) => context.applyRegion(...args),
    };
    return rule(op, { ...place, indices: place.indices.slice(0, -1) }, inner);
  };
}

export function partRule(part: 0 | 1): ElementRule {
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

export const complexRule: ElementRule = (op, { indices, guards }, context) => {
  const place = { indices: indices.slice(0, -1), guards };
  const part = indices.at(-1) ?? context.algebra.zero;
  const [re, im] = [context.element(op.operand(0), place), context.element(op.operand(1), place)];
  return selectValue(guardedValue([{ index: part, extent: 1 }]), re, im);
};
