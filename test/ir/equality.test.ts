import { describe, expect, it } from 'vitest';
import { equalComputations, equalOperations, hashComputation, hashOperation } from '../../ir/equality.ts';
import type { Operation } from '../../ir/operation.ts';
import { operationsOf, readModule } from './text/read.ts';

const text = `func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.add %a, %b : tensor<4xf32>
  %1 = stablehlo.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %2 = stablehlo.multiply %0, %1 {a.b = 1 : i8} : tensor<4xf32>
  return %2 : tensor<4xf32>
}`;

function areEqual(other: string): boolean {
  const [left, right] = [readModule(text), readModule(other)];
  const equal = equalOperations(left, right);
  // A hash may not tell two apart, but must not separate what is equal.
  if (equal) expect(hashOperation(left)).toBe(hashOperation(right));
  return equal;
}

describe('equal modules', () => {
  it('may name their values otherwise and stand elsewhere in the text', () => {
    expect(areEqual(text.replaceAll('%0', '%sum').replaceAll('%a', '%x').replaceAll('\n', '\n\n'))).toBe(true);
  });

  it('may write a default out', () => {
    const call = 'func.func @f() {\nstablehlo.custom_call @g() {has_side_effect = false} : () -> ()\nreturn\n}';
    const short = call.replace(' {has_side_effect = false}', '');
    expect(equalOperations(readModule(call), readModule(short))).toBe(true);
    expect(hashOperation(readModule(call))).toBe(hashOperation(readModule(short)));
  });

  it.each([
    ['an operand', 'stablehlo.add %a, %b', 'stablehlo.add %b, %a'],
    ['an op', 'stablehlo.add', 'stablehlo.subtract'],
    ['an element of a constant', '2.0', '2.5'],
    ['the sign of a zero', '1.0, ', '-0.0, '],
    ['an attribute', 'a.b = 1', 'a.b = 2'],
    ['the name of an attribute', 'a.b', 'a.c'],
    ['a type', 'tensor<4xf32>', 'tensor<4xf64>'],
    ['a function', '@f', '@g'],
    ['the result', 'return %2', 'return %0'],
  ])('differ in %s', (_what, from, to) => {
    expect(areEqual(text.replaceAll(from, to))).toBe(false);
  });

  it('differ in the number of their ops', () => {
    expect(areEqual(text.replace('  return', '  %3 = stablehlo.abs %2 : tensor<4xf32>\n  return'))).toBe(false);
  });

  it('differ in locations only when asked', () => {
    const [left, right] = [readModule(text), readModule(`\n${text}`)];
    expect(equalOperations(left, right)).toBe(true);
    expect(equalOperations(left, right, { locations: true })).toBe(false);
  });
});

describe('equal computations', () => {
  function negations(lines: string): [Operation, Operation] {
    const ops = operationsOf(readModule(`func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) {\n${lines}\nreturn\n}`));
    const [first, second] = ops.filter((op) => op.parentOp?.name === 'func.func' && op.name !== 'func.return');
    if (first === undefined || second === undefined) throw new Error('two ops are needed');
    return [first, second];
  }

  it('have the same operands', () => {
    const [first, second] = negations('stablehlo.negate %a : tensor<4xf32>\nstablehlo.negate %a : tensor<4xf32>');
    expect(equalComputations(first, second)).toBe(true);
    expect(hashComputation(first)).toBe(hashComputation(second));
  });

  it('of different operands are not equal', () => {
    const [first, second] = negations('stablehlo.negate %a : tensor<4xf32>\nstablehlo.negate %b : tensor<4xf32>');
    expect(equalComputations(first, second)).toBe(false);
    expect(hashComputation(first)).not.toBe(hashComputation(second));
  });

  it('may have regions, whose own values correspond', () => {
    const map = `"stablehlo.map"(%a) <{dimensions = array<i64: 0>}> ({\n^bb0(%x: tensor<f32>):\n%y = stablehlo.abs %x : tensor<f32>\nstablehlo.return %y : tensor<f32>\n}) : (tensor<4xf32>) -> tensor<4xf32>`;
    const [first, second] = negations(`${map}\n${map}`);
    expect(equalComputations(first, second)).toBe(true);
    expect(hashComputation(first)).toBe(hashComputation(second));
    const [, other] = negations(`${map}\n${map.replace('return %y', 'return %x')}`);
    expect(equalComputations(first, other)).toBe(false);
  });
});
