/** Types as messages and results of commands show them: those of a program as the language writes them, others as MLIR does. */
import { describeDim } from '../../ir/dimension.ts';
import { isTensor } from '../../ir/types.ts';
import { dtypeText } from '../dsl/semantics/type-text.ts';
import type { NamedType } from './function-signature.ts';

/** `f32[n, 10]` for what a program names, else `tensor<?x10xf32>`. */
export function portTypeText({ type, role }: Pick<NamedType, 'type' | 'role'>): string {
  if (role === undefined || !isTensor(type) || typeof type.element !== 'string') return type.text;
  const isBare = type.shape.length === 0 && type.element !== 'i1';
  return `${dtypeText(type.element)}${isBare ? '' : `[${type.shape.map(describeDim).join(', ')}]`}`;
}
