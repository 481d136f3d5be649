import { describe, expect, it } from 'vitest';
import { evaluateBody, problemsOfOp, valuesOf } from '../module-text.ts';

function comparator(direction: string, type = 'tensor<i32>', more = ''): string {
  return `({
    ^bb0(%x: ${type}, %y: ${type}${more}):
      %p = stablehlo.compare ${direction}, %x, %y : (${type}, ${type}) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    })`;
}

function sortOp(region: string, type: string, dimension: number): string {
  return `%r = "stablehlo.sort"(%a) ${region} {dimension = ${dimension} : i64} : (${type}) -> ${type}`;
}

describe('sort', () => {
  const matrix = '%a = stablehlo.constant dense<[[3, 1, 2], [0, 5, 4]]> : tensor<2x3xi32>';

  it('sorts each line along a dimension, counted from the end when negative', () => {
    const type = 'tensor<2x3xi32>';
    expect(valuesOf(type, matrix, sortOp(comparator('LT'), type, -1))).toEqual([1, 2, 3, 0, 4, 5]);
    expect(valuesOf(type, matrix, sortOp(comparator('LT'), type, 0))).toEqual([0, 1, 2, 3, 5, 4]);
    expect(valuesOf(type, matrix, sortOp(comparator('GT'), type, 1))).toEqual([3, 2, 1, 5, 4, 0]);
  });

  it('leaves a line of one element, or none, as it is', () => {
    expect(
      valuesOf(
        'tensor<0xi32>',
        '%a = stablehlo.constant dense<> : tensor<0xi32>',
        sortOp(comparator('LT'), 'tensor<0xi32>', 0),
      ),
    ).toEqual([]);
    expect(
      valuesOf(
        'tensor<1xi32>',
        '%a = stablehlo.constant dense<4> : tensor<1xi32>',
        sortOp(comparator('LT'), 'tensor<1xi32>', 0),
      ),
    ).toEqual([4]);
  });

  it.each([5, 300])('is stable, and carries further inputs along (%d elements)', (count) => {
    const [keys, places] = evaluateBody(
      `tensor<${count}xi32> and tensor<${count}xi32>`,
      `%i = stablehlo.iota dim = 0 : tensor<${count}xi32>`,
      `%three = stablehlo.constant dense<3> : tensor<${count}xi32>`,
      `%k = stablehlo.remainder %i, %three : tensor<${count}xi32>`,
      `%r:2 = "stablehlo.sort"(%k, %i) ${comparator('LT', 'tensor<i32>', ', %u: tensor<i32>, %v: tensor<i32>')} {dimension = 0 : i64, is_stable = true} : (tensor<${count}xi32>, tensor<${count}xi32>) -> (tensor<${count}xi32>, tensor<${count}xi32>)`,
    );
    const expected = Array.from({ length: count }, (_, index) => index).sort((a, b) => (a % 3) - (b % 3) || a - b);
    expect([...(places?.values ?? [])]).toEqual(expected);
    expect([...(keys?.values ?? [])]).toEqual(expected.map((index) => index % 3));
  });

  it.each([63, 64, 65, 127, 1000])('gives the same for %d elements however it works', (count) => {
    const type = `tensor<${count}xi32>`;
    const values = valuesOf(
      type,
      `%i = stablehlo.iota dim = 0 : ${type}`,
      `%f = stablehlo.constant dense<7919> : ${type}`,
      `%m = stablehlo.constant dense<1009> : ${type}`,
      `%q = stablehlo.multiply %i, %f : ${type}`,
      `%a = stablehlo.remainder %q, %m : ${type}`,
      sortOp(comparator('LT'), type, 0),
    );
    const expected = Array.from({ length: count }, (_, index) => (index * 7919) % 1009).sort((a, b) => a - b);
    expect(values).toEqual(expected);
  });

  it('loses no element to a comparator that is no order', () => {
    const type = 'tensor<80xf32>';
    const values = valuesOf(
      type,
      `%i = stablehlo.iota dim = 0 : ${type}`,
      `%n = stablehlo.constant dense<40.0> : ${type}`,
      `%s = stablehlo.subtract %n, %i : ${type}`,
      `%a = stablehlo.sqrt %s : ${type}`,
      sortOp(comparator('LT', 'tensor<f32>'), type, 0),
    );
    expect(values.filter((value) => Number.isNaN(value))).toHaveLength(39);
    expect(new Set(values.filter((value) => !Number.isNaN(value))).size).toBe(41);
  });

  it.each([
    ['C4', comparator('LT'), 2, 'tensor<2x3xi32>'],
    ['C4', comparator('LT'), -3, 'tensor<2x3xi32>'],
    ['C5', comparator('LT', 'tensor<i64>'), 0, 'tensor<2x3xi32>'],
    ['C2, C3', comparator('LT'), 0, 'tensor<3x2xi32>'],
  ])('violates %s', (id, region, dimension, result) => {
    const op = sortOp(region, 'tensor<2x3xi32>', dimension).replace(/-> tensor<2x3xi32>$/, `-> ${result}`);
    expect(problemsOfOp('%a: tensor<2x3xi32>', op).join()).toContain(`sort ${id}`);
  });
});
