import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { expandChlo } from '../../../passes/expand-chlo.ts';
import { inFunction, runPass } from '../pass-fixture.ts';
import { floatTensor } from './accuracy.ts';
import { expectSameBits, expectSameOn } from './exact.ts';

describe('top_k, expanded', () => {
  function topK(shape: string, element: string, k: number, result = shape.replace(/\d+$/, String(k))): string {
    const types = [`tensor<${shape}x${element}>`, `tensor<${result}x${element}>`, `tensor<${result}xi32>`];
    return `func.func @f(%x: ${types[0]}) -> (${types[1]}, ${types[2]}) {
      %0:2 = "chlo.top_k"(%x) {k = ${k} : i64} : (${types[0]}) -> (${types[1]}, ${types[2]})
      return %0#0, %0#1 : ${types[1]}, ${types[2]}
    }`;
  }

  it.each(['i1', 'i8', 'ui8', 'i32', 'ui16', 'i64', 'f16', 'bf16', 'f32', 'f64'])('of %s is the same', (element) => {
    expectSameBits(topK('4x9', element, 3));
  });

  it('of equal elements gives the first, and orders NaN and zeros as the total order', () => {
    expectSameOn(topK('8', 'f32', 6, '6'), [floatTensor('f32', [0, 1, -0, NaN, 1, Infinity, 0, 1])]);
  });

  it('with k = 0 gives nothing, and with k = n all', () => {
    expectSameBits(topK('2x5', 'f32', 0));
    expectSameBits(topK('2x5', 'f32', 5));
  });

  it('takes rows and lengths that are not known', () => {
    expectSameBits(topK('?x5', 'f32', 2, '?x2'));
    expectSameOn(topK('?x?', 'i32', 2, '?x2'), [new Tensor('i32', [1, 4], Int32Array.of(3, 9, 9, 4))]);
  });
});

describe('ragged_dot, expanded', () => {
  function ragged(types: readonly [string, string, string], result: string, fields: string): string {
    const line = `%0 = "chlo.ragged_dot"(%l, %r, %g) {ragged_dot_dimension_numbers = #chlo.ragged_dot<${fields}>,
      precision_config = [#chlo<precision HIGHEST>, #chlo<precision DEFAULT>]} : (${types.join(', ')}) -> ${result}`;
    const [lhs, rhs, sizes] = types;
    return inFunction(`(%l: ${lhs}, %r: ${rhs}, %g: ${sizes}) -> ${result}`, `${line}\nreturn %0 : ${result}`);
  }
  const rows =
    'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]';
  const terms = 'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0], lhs_ragged_dimensions = [1]';

  function sizes(...values: readonly bigint[]): Tensor {
    return new Tensor('i64', [values.length], BigInt64Array.from(values));
  }

  it.each([
    [2n, 0n, 3n],
    [1n, 1n, 1n],
    [9n, 1n, 1n],
    [-4n, 2n, 9n],
    [9223372036854775807n, 1n, 1n],
  ])('multiplies rows by the matrix of their group: %d, %d, %d', (...groups) => {
    const text = ragged(['tensor<5x2xf32>', 'tensor<3x2x4xf32>', 'tensor<3xi64>'], 'tensor<5x4xf32>', rows);
    const lhs = floatTensor('f32', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).reshaped([5, 2]);
    const rhs = floatTensor(
      'f32',
      Array.from({ length: 24 }, (_, index) => index - 7),
    ).reshaped([3, 2, 4]);
    expectSameOn(text, [lhs, rhs, sizes(...groups)]);
  });

  it('keeps a NaN of one group out of the others', () => {
    const text = ragged(['tensor<2x1xf32>', 'tensor<2x1x1xf32>', 'tensor<2xi64>'], 'tensor<2x1xf32>', rows);
    const lhs = floatTensor('f32', [1, 2]).reshaped([2, 1]);
    expectSameOn(text, [lhs, floatTensor('f32', [NaN, 3]).reshaped([2, 1, 1]), sizes(1n, 1n)]);
  });

  it('sums the terms of each group', () => {
    const text = ragged(['tensor<2x5xf32>', 'tensor<5x3xf32>', 'tensor<2xi64>'], 'tensor<2x2x3xf32>', terms);
    const lhs = floatTensor('f32', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).reshaped([2, 5]);
    const rhs = floatTensor(
      'f32',
      Array.from({ length: 15 }, (_, index) => index - 7),
    ).reshaped([5, 3]);
    expectSameOn(text, [lhs, rhs, sizes(2n, 2n)]);
    expectSameOn(text, [lhs, rhs, sizes(0n, 7n)]);
  });

  it('takes group sizes that differ between batches', () => {
    const fields =
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]';
    const text = ragged(['tensor<2x2x1xi32>', 'tensor<2x2x1x1xi32>', 'tensor<2x2xi32>'], 'tensor<2x2x1xi32>', fields);
    const lhs = new Tensor('i32', [2, 2, 1], Int32Array.of(1, 2, 3, 4));
    const rhs = new Tensor('i32', [2, 2, 1, 1], Int32Array.of(1, 10, 100, 1000));
    expectSameOn(text, [lhs, rhs, new Tensor('i32', [2, 2], Int32Array.of(1, 1, 0, 2))]);
  });

  it('takes group sizes in narrow integers over a long dimension', () => {
    const text = ragged(['tensor<300x1xf32>', 'tensor<3x1x1xf32>', 'tensor<3xi8>'], 'tensor<300x1xf32>', rows);
    const lhs = floatTensor('f32', new Array<number>(300).fill(1)).reshaped([300, 1]);
    const rhs = floatTensor('f32', [1, 2, 3]).reshaped([3, 1, 1]);
    expectSameOn(text, [lhs, rhs, new Tensor('i8', [3], Int8Array.of(127, 127, 40))]);
  });

  it('is a dot_general when whole batches are grouped', () => {
    const fields =
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0]';
    const text = ragged(['tensor<3x2x2xf32>', 'tensor<3x2x2xf32>', 'tensor<2xi64>'], 'tensor<3x2x2xf32>', fields);
    const expanded = expectSameBits(text);
    expect(expanded).toContain('precision = [HIGHEST, DEFAULT]');
  });

  it('takes rows whose number is not known, and keeps an unknown number of groups, with the reason', () => {
    const open = ragged(['tensor<?x2xf32>', 'tensor<3x2x4xf32>', 'tensor<3xi64>'], 'tensor<?x4xf32>', rows);
    const rhs = floatTensor('f32', new Array<number>(24).fill(2)).reshaped([3, 2, 4]);
    expectSameOn(open, [floatTensor('f32', [1, 2, 3, 4]).reshaped([2, 2]), rhs, sizes(0n, 1n, 1n)]);
    const groups = ragged(['tensor<5x2xf32>', 'tensor<?x2x4xf32>', 'tensor<?xi64>'], 'tensor<5x4xf32>', rows);
    expect(runPass(expandChlo, groups).remarks).toEqual([
      'expand-chlo: not expanded: a ragged_dot with an unknown number of groups',
    ]);
  });
});

describe('scan, expanded', () => {
  function scan(
    attributes: string,
    input = 'tensor<4x3xf32>',
    output = 'tensor<4x3xf32>',
    slice = 'tensor<3xf32>',
  ): string {
    return `func.func @f(%input: ${input}, %init: ${slice}) -> (${output}, ${slice}) {
      %0:2 = chlo.scan(%input) inits(%init) ${attributes} {
      ^bb0(%x: ${slice}, %sum: ${slice}):
        %1 = stablehlo.add %x, %sum : ${slice}
        %2 = chlo.square %1 : ${slice} -> ${slice}
        stablehlo.return %2, %1 : ${slice}, ${slice}
      } : (${input}, ${slice}) -> (${output}, ${slice})
      return %0#0, %0#1 : ${output}, ${slice}
    }`;
  }

  it('is a loop over slices, and its body is expanded too', () => {
    const expanded = expectSameBits(scan('dimension=0'));
    for (const op of ['while', 'dynamic_slice', 'dynamic_update_slice']) expect(expanded).toContain(`stablehlo.${op}`);
  });

  it('runs backwards', () => {
    expectSameBits(scan('dimension=0 attributes {is_reverse = true}'));
  });

  it('runs along an inner dimension', () => {
    expectSameBits(scan('dimension=1', 'tensor<3x5xf32>', 'tensor<3x5xf32>'));
  });

  it('over nothing gives its carries as they are', () => {
    expect(expectSameBits(scan('dimension=0', 'tensor<0x3xf32>', 'tensor<0x3xf32>'))).not.toContain('while');
  });

  it('takes a length that is not known', () => {
    expectSameBits(scan('dimension=0', 'tensor<?x3xf32>', 'tensor<?x3xf32>'));
  });

  it('without inputs runs as often as scan_dim_size says', () => {
    expectSameBits(`func.func @f(%init: tensor<i32>) -> (tensor<3xi32>, tensor<i32>) {
      %0:2 = chlo.scan() inits(%init) dimension=0 attributes {scan_dim_size = 3 : i64} {
      ^bb0(%x: tensor<i32>):
        %1 = stablehlo.add %x, %x : tensor<i32>
        stablehlo.return %x, %1 : tensor<i32>, tensor<i32>
      } : (tensor<i32>) -> (tensor<3xi32>, tensor<i32>)
      return %0#0, %0#1 : tensor<3xi32>, tensor<i32>
    }`);
  });

  it('stays, with the reason, when only its body knows the sizes of its outputs', () => {
    const outcome = runPass(expandChlo, scan('dimension=0', 'tensor<4x?xf32>', 'tensor<4x?xf32>', 'tensor<?xf32>'));
    expect(outcome.text).toContain('chlo.scan');
    expect(outcome.remarks).toEqual(['expand-chlo: not expanded: a scan with outputs whose sizes only its body knows']);
  });
});
