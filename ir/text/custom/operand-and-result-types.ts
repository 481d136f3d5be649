/**
 * Types that are one type where operands and result agree, else `(T, T) -> T`:
 * `SameOperandsAndResultType(type($lhs), type($rhs), type($result))` and
 * `VariadicSameOperandsAndResultType(ref($inputs), type($inputs), type($result))`.
 */
import type { Type } from '../../types.ts';
import type { AssemblyState } from '../assembly-state.ts';
import type { FormatTarget } from '../format-target.ts';
import type { OpPrinter } from '../op-printer.ts';
import type { OpView } from '../op-view.ts';
import type { Directive } from './directive.ts';
import { parseFunctionTypeInto } from './function-type.ts';

function parse(state: AssemblyState, args: readonly FormatTarget[]): void {
  const result = args.at(-1);
  const operands = args.slice(0, -1);
  if (result === undefined) return;
  if (state.parser.isNext('(')) {
    parseFunctionTypeInto(state, operands, result);
    return;
  }
  const type = state.parser.parseType();
  for (const operand of operands) {
    const isSingle = operand.kind === 'operand-types' && isSingleGroup(state, operand.group);
    state.setTypes(operand, isSingle ? [type] : repeat(type, state.operandCount(operand)));
  }
  state.setTypes(result, [type]);
}

function isSingleGroup(state: AssemblyState, group: number): boolean {
  return (state.definition.operands[group]?.arity ?? 'single') === 'single';
}

function repeat(type: Type, count: number): Type[] {
  return Array.from({ length: count }, () => type);
}

/** No operands at all print as the result's type alone. */
function print(printer: OpPrinter, { op }: OpView): void {
  const type = op.results[0]?.type;
  if (type !== undefined && op.operandUses.every((use) => use.value.type === type)) printer.write(type.text);
  else printer.functionalType(op);
}

export const sameOperandsAndResultType: Directive = { name: 'SameOperandsAndResultType', parse, print };

export const variadicSameOperandsAndResultType: Directive = {
  name: 'VariadicSameOperandsAndResultType',
  parse: (state, [, ...types]) => {
    parse(state, types);
  },
  print,
};
