/** One op on constants written in text: `computeOp('stablehlo.add', [['dense<1> : tensor<i32>'], ...], 'tensor<i32>')`. */
import { elementsOf, run } from './run-text.ts';

/** The literal without `dense<>`, and the type: `['[1, 2]', 'tensor<2xi32>']`. */
export type Operand = readonly [literal: string, type: string];

export function opProgram(op: string, operands: readonly Operand[], result: string, attributes = ''): string {
  const constants = operands.map(
    ([literal, type], index) => `%${index} = stablehlo.constant dense<${literal}> : ${type}`,
  );
  const names = operands.map((_, index) => `%${index}`).join(', ');
  const types = operands.map(([, type]) => type).join(', ');
  return `func.func @main() -> ${result} {
  ${constants.join('\n  ')}
  %r = "${op}"(${names}) {${attributes}} : (${types}) -> ${result}
  return %r : ${result}
}`;
}

/** The elements of the result; complex ones as consecutive pairs, 64-bit integers as bigints. */
export function computeOp(
  op: string,
  operands: readonly Operand[],
  result: string,
  attributes = '',
): readonly (number | bigint)[] {
  return elementsOf(run(opProgram(op, operands, result, attributes))[0]);
}

/** Both operands and the result of one type. */
export function computeBinary(op: string, lhs: string, rhs: string, type: string): readonly (number | bigint)[] {
  return computeOp(
    op,
    [
      [lhs, type],
      [rhs, type],
    ],
    type,
  );
}

export function computeUnary(op: string, operand: string, type: string): readonly (number | bigint)[] {
  return computeOp(op, [[operand, type]], type);
}
