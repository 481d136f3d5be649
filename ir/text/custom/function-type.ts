/** `(T, T) -> T` where a directive's short form does not hold. */
import type { AssemblyState } from '../assembly-state.ts';
import type { FormatTarget } from '../format-target.ts';

/** Gives each operand group of one its type, in order; a wrong number is reported when the operands are resolved. */
export function parseFunctionTypeInto(
  state: AssemblyState,
  operands: readonly FormatTarget[],
  result: FormatTarget,
): void {
  const { inputs, results } = state.parser.parseFunctionType();
  state.setTypes(result, results);
  const [first, ...rest] = operands;
  if (first === undefined) return;
  if (rest.length === 0 || inputs.length !== operands.length) {
    state.setTypes(first, inputs);
    return;
  }
  for (const [index, operand] of operands.entries()) state.setTypes(operand, inputs.slice(index, index + 1));
}
