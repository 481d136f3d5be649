import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

function topK(shape: string, k: number, element = 'f32', prepare = ''): string {
  const type = `tensor<${shape}x${element}>`;
  const rows = shape.split('x').slice(0, -1);
  const [values, indices] = [element, 'i32'].map((each) => `tensor<${[...rows, k, each].join('x')}>`);
  return `func.func @main(%a: ${type}) -> (${values}, ${indices}) {
    ${prepare === '' ? '' : prepare.replaceAll('TYPE', type)}
    %v, %i = chlo.top_k(${prepare === '' ? '%a' : '%x'}, k = ${k}) : ${type} -> (${values}, ${indices})
    return %v, %i : ${values}, ${indices}
  }`;
}

/** The elements in ascending order: each is above all before it. */
const ascending = `%x = stablehlo.iota dim = 0 : TYPE`;
/** Few values, many equals. */
const rounded = `%s = stablehlo.constant dense<2.0> : TYPE
    %m = stablehlo.multiply %a, %s : TYPE
    %x = stablehlo.round_nearest_even %m : TYPE`;
/** Zeros of both signs, infinities and NaN, among others. */
const special = `%z = stablehlo.constant dense<0.0> : TYPE
    %f = stablehlo.floor %a : TYPE
    %x = stablehlo.divide %f, %z : TYPE`;

describe('top_k in loops', () => {
  it.each([
    ['a row', topK('301', 5)],
    ['one of a row', topK('40', 1)],
    ['rows', topK('3x83', 7)],
    ['rows of rows', topK('2x2x129', 3)],
    ['a row that fills the buffer more than once', topK('1500', 11)],
    ['an ascending row', topK('997', 9, 'f32', ascending)],
    ['an ascending row of integers', topK('700', 40, 'i32', ascending)],
    ['equal elements', topK('2x600', 20, 'f32', rounded)],
    ['zeros and NaN', topK('400', 30, 'f32', special)],
    ['unsigned integers', topK('401', 6, 'ui32')],
    ['bytes', topK('2x257', 16, 'ui8')],
    ['signed bytes', topK('530', 12, 'i8')],
    ['wide integers', topK('513', 4, 'i64')],
    ['wide floats', topK('512', 4, 'f64')],
    ['half floats', topK('515', 4, 'bf16')],
    ['a large part, by sorting', topK('2x50', 40)],
    ['none', topK('50', 0)],
    ['no row', topK('0x50', 3)],
  ])('selects %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  });
});
