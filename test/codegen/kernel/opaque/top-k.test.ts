import { describe, expect, it } from 'vitest';
import { planKernels } from '../../../../codegen/plan/plan.ts';
import { runBoth, runEverywhere } from '../../plan/run-plan.ts';

function topK(shape: string, k: number, element = 'f32', prepare = ''): string {
  const type = `tensor<${shape}x${element}>`;
  const rows = shape.split('x').slice(0, -1);
  const [values, indices] = [element, 'i32'].map((each) => `tensor<${[...rows, k, each].join('x')}>`);
  return `func.func @main(%a: ${type}) -> (${values}, ${indices}) {
    ${prepared(prepare, shape, element)}
    %v, %i = chlo.top_k(${prepare === '' ? '%a' : '%x'}, k = ${k}) : ${type} -> (${values}, ${indices})
    return %v, %i : ${values}, ${indices}
  }`;
}

const leastOf: Readonly<Record<string, string>> = { i32: '-2147483648', i64: '-9223372036854775808' };

function prepared(text: string, shape: string, element: string): string {
  return text
    .replaceAll('TYPE', `tensor<${shape}x${element}>`)
    .replaceAll('MASK', `tensor<${shape}xi1>`)
    .replaceAll('MIN', leastOf[element] ?? '0');
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

/** All elements equal, and none above the least number but two. */
const least = `%m = stablehlo.constant dense<MIN> : TYPE
    %t = stablehlo.constant dense<4> : TYPE
    %c = stablehlo.compare GT, %a, %t : (TYPE, TYPE) -> MASK
    %x = stablehlo.select %c, %a, %m : MASK, TYPE`;

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
    ['a few from memory', topK('2x1003', 24)],
    ['an ascending row from memory', topK('600', 33, 'i32', ascending)],
    ['equal elements from memory', topK('2x700', 29, 'f32', rounded)],
    ['zeros and NaN from registers', topK('3x70', 13, 'f32', special)],
    ['the least integers there are', topK('2x45', 9, 'i32', least)],
    ['the least integers from memory', topK('300', 21, 'i64', least)],
    ['the least unsigned integers', topK('3x40', 4, 'ui64', least)],
    ['rows of few', topK('7x4', 1)],
    ['a quarter of rows of few', topK('5x13', 3, 'f16')],
    ['a large part, by sorting', topK('2x50', 40)],
    ['none', topK('50', 0)],
    ['no row', topK('0x50', 3)],
  ])('selects %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  });
});

describe('top_k of rows whose length is bound late', () => {
  const late = (shape: string, k: number, bound: number): string => {
    const dims = [
      ...shape
        .split('x')
        .slice(0, -1)
        .map(() => '_'),
      `n <= ${bound}`,
    ].join(', ');
    return topK(shape, k).replaceAll(`${shape}xf32>`, `${shape}xf32, #tessera.tensor<dims = [${dims}]>>`);
  };

  it.each([
    ['registers', late('2x?', 3, 301), [3, 4, 5, 11, 12, 13, 40, 301]],
    ['memory', late('?', 40, 1000), [40, 41, 47, 160, 1000]],
    ['collected candidates', late('2x?', 120, 3000), [120, 121, 300, 305, 3000]],
  ])('selects in %s', (_, text, sizes) => {
    for (const n of sizes) {
      const { plan, expected, kernel, wasm } = runEverywhere(text, { n });
      expect(planKernels(plan).map(({ name }) => name)).toEqual(['top_k']);
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
    }
  });
});
