import { describe, expect, it } from 'vitest';
import type { Operation } from '../../ir/operation.ts';
import { estimateWork, totalBytes } from '../../passes/evaluation-cost.ts';
import { inFunction, load } from './pass-fixture.ts';

/** The first op of this name. */
function find(signature: string, body: string, name: string): Operation {
  let found: Operation | undefined;
  load(inFunction(signature, body)).walk((op) => {
    if (op.name === `stablehlo.${name}`) found ??= op;
  });
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('the cost of evaluating', () => {
  it('of an elementwise op is its elements, twenty times that where it takes an elementary function', () => {
    const signature = '(%x: tensor<4x5xf32>) -> tensor<4x5xf32>';
    const body = `
      %0 = stablehlo.add %x, %x : tensor<4x5xf32>
      %1 = stablehlo.sine %0 : tensor<4x5xf32>
      return %1 : tensor<4x5xf32>`;
    expect(estimateWork(find(signature, body, 'add'))).toBe(20);
    expect(estimateWork(find(signature, body, 'sine'))).toBe(400);
    expect(totalBytes(find(signature, body, 'sine').results)).toBe(80);
  });

  it('of a contraction is a product for each result and each contracted element', () => {
    const signature = '(%x: tensor<4x5xf32>, %y: tensor<5x6xf32>) -> tensor<4x6xf32>';
    const body = `
      %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<4x5xf32>, tensor<5x6xf32>) -> tensor<4x6xf32>
      return %0 : tensor<4x6xf32>`;
    expect(estimateWork(find(signature, body, 'dot_general'))).toBe(120);
  });

  it('of a loop nobody can say', () => {
    const signature = '(%x: tensor<i32>) -> tensor<i32>';
    const body = `
      %0 = stablehlo.while(%i = %x) : tensor<i32>
      cond {
        %1 = stablehlo.compare LT, %i, %x : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %1 : tensor<i1>
      } do {
        stablehlo.return %i : tensor<i32>
      }
      return %0 : tensor<i32>`;
    expect(estimateWork(find(signature, body, 'while'))).toBe(Infinity);
  });

  it('of sizes that are open is unlimited', () => {
    const body = '%0 = stablehlo.negate %x : tensor<?xf32>\nreturn %0 : tensor<?xf32>';
    const op = find('(%x: tensor<?xf32>) -> tensor<?xf32>', body, 'negate');
    expect([estimateWork(op), totalBytes(op.results)]).toEqual([Infinity, Infinity]);
  });
});
