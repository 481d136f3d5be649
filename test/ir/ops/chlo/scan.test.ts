import { describe, expect, it } from 'vitest';
import { problems, values } from '../run-text.ts';

function cumulativeSum(attributes: string, result = 'tensor<4xi32>'): string {
  return `func.func @main() -> (${result}, tensor<i32>) {
    %input = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
    %init = stablehlo.constant dense<10> : tensor<i32>
    %0:2 = chlo.scan(%input) inits(%init) ${attributes} {
    ^bb0(%x: tensor<i32>, %sum: tensor<i32>):
      %1 = stablehlo.add %x, %sum : tensor<i32>
      stablehlo.return %1, %1 : tensor<i32>, tensor<i32>
    } : (tensor<4xi32>, tensor<i32>) -> (${result}, tensor<i32>)
    return %0#0, %0#1 : ${result}, tensor<i32>
  }`;
}

describe('chlo.scan', () => {
  it('stacks what the body gives and hands on the carry', () => {
    expect(values(cumulativeSum('dimension=0'))).toEqual([[11, 13, 16, 20], [20]]);
  });

  it('runs from the end in reverse', () => {
    expect(values(cumulativeSum('dimension=0 attributes {is_reverse = true}'))).toEqual([[20, 19, 17, 14], [20]]);
  });

  it('takes its size from scan_dim_size when there are no inputs', () => {
    const text = `func.func @main() -> (tensor<3xi32>, tensor<i32>) {
      %init = stablehlo.constant dense<1> : tensor<i32>
      %0:2 = chlo.scan() inits(%init) dimension=0 attributes {scan_dim_size = 3 : i64} {
      ^bb0(%x: tensor<i32>):
        %1 = stablehlo.add %x, %x : tensor<i32>
        stablehlo.return %x, %1 : tensor<i32>, tensor<i32>
      } : (tensor<i32>) -> (tensor<3xi32>, tensor<i32>)
      return %0#0, %0#1 : tensor<3xi32>, tensor<i32>
    }`;
    expect(values(text)).toEqual([[1, 2, 4], [8]]);
  });

  it.each([
    ['an axis that is not there', cumulativeSum('dimension=1'), 'E2646 chlo.scan C1'],
    ['another size', cumulativeSum('dimension=0 attributes {scan_dim_size = 5 : i64}'), 'E2646 chlo.scan C2'],
    ['a result of another size', cumulativeSum('dimension=0', 'tensor<5xi32>'), 'chlo.scan C6'],
  ])('reports %s', (_, text, expected) => {
    expect(problems(text).join()).toContain(expected.replace('chlo.scan C6', '(scan C6)'));
  });
});
