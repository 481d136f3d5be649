/** A binder of a call that is being matched with its arguments: open until an argument says what it is. */
import type { Span } from '../../../ir/source.ts';
import type { Binder } from '../syntax/ast.ts';
import { type DimensionVariable, dimensionVariable, variableDimension } from './dimension.ts';
import type { Value } from './values.ts';

export interface BinderSlot {
  readonly name: string;
  readonly kind: Binder['kind'];
  readonly span: Span;
  /** What stands for a size in types until it is known. */
  readonly variable: DimensionVariable;
  /** An int, a list of ints, a dtype or a type. */
  solution: Value | undefined;
  /** What said so, for messages: "n = 5 from `x`". */
  reason: { readonly text: string; readonly span: Span } | undefined;
}

export function openSlot({ name, kind, span }: Binder): BinderSlot {
  const variable = dimensionVariable(name.text, span);
  return { name: name.text, kind, span, variable, solution: undefined, reason: undefined };
}

/** What a binder that is a size stands for now: its solution, or its variable. */
export function slotValue(slot: BinderSlot): Value | undefined {
  if (slot.solution !== undefined) return slot.solution;
  return slot.kind === 'dim' ? { kind: 'int', value: variableDimension(slot.variable) } : undefined;
}
