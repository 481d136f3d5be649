import { describe, expect, it } from 'vitest';
import { runBoth, runEverywhere } from '../../plan/run-plan.ts';

function sort(shape: string, dimension: number, direction: string, element = 'f32'): string {
  const type = `tensor<${shape}x${element}>`;
  return `func.func @main(%x: ${type}) -> ${type} {
    %0 = "stablehlo.sort"(%x) ({
    ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %c = stablehlo.compare ${direction}, %a, %b : (tensor<${element}>, tensor<${element}>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    }) {dimension = ${dimension} : i64, is_stable = true} : (${type}) -> ${type}
    return %0 : ${type}
  }`;
}

describe('sort in loops', () => {
  it.each([
    ['a line', sort('37', 0, 'LT')],
    ['rows downwards', sort('3x11', 1, 'GT')],
    ['columns', sort('9x4', 0, 'LT', 'i64')],
    ['a dimension between others', sort('2x7x3', -2, 'LT', 'ui8')],
    ['one element', sort('1x3', 0, 'LT')],
    ['half floats', sort('13', 0, 'LT', 'bf16')],
    ['nothing', sort('0x3', 1, 'LT')],
  ])('sorts %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  });

  it('keeps equal keys in order, with what belongs to them', () => {
    const { actual, expected } =
      runBoth(`func.func @main(%x: tensor<2x25xi32>) -> (tensor<2x25xi32>, tensor<2x25xi32>) {
      %i = stablehlo.iota dim = 1 : tensor<2x25xi32>
      %0:2 = "stablehlo.sort"(%x, %i) ({
      ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i32>, %d: tensor<i32>):
        %e = stablehlo.compare GT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %e : tensor<i1>
      }) {dimension = 1 : i64, is_stable = true} : (tensor<2x25xi32>, tensor<2x25xi32>) -> (tensor<2x25xi32>, tensor<2x25xi32>)
      return %0#0, %0#1 : tensor<2x25xi32>, tensor<2x25xi32>
    }`);
    expect(actual).toEqual(expected);
  });
});

/** The comparator of JAX for one float: zeros are equal, and so are all NaN, which come last. */
const jaxBefore = (less: string, a: string, b: string): string => `
      %zero = stablehlo.constant dense<0.0> : tensor<f32>
      %nan = stablehlo.constant dense<0x7FC00000> : tensor<f32>
      %az = stablehlo.compare EQ, ${a}, %zero, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %a1 = stablehlo.select %az, %zero, ${a} : tensor<i1>, tensor<f32>
      %an = stablehlo.compare NE, ${a}, ${a}, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %a2 = stablehlo.select %an, %nan, %a1 : tensor<i1>, tensor<f32>
      %bz = stablehlo.compare EQ, ${b}, %zero, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %b1 = stablehlo.select %bz, %zero, ${b} : tensor<i1>, tensor<f32>
      %bn = stablehlo.compare NE, ${b}, ${b}, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %b2 = stablehlo.select %bn, %nan, %b1 : tensor<i1>, tensor<f32>
      ${less} = stablehlo.compare LT, %a2, %b2, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %equal = stablehlo.compare EQ, %a2, %b2, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>`;

/** Sorts %x, of which some operation makes %k, together with positions. */
function sortWith(shape: string, axis: number, prepare: string, before: string): string {
  const [x, i] = [`tensor<${shape}xf32>`, `tensor<${shape}xi32>`];
  return `func.func @main(%x: ${x}) -> (${x}, ${i}) {
    ${prepare.replaceAll('TYPE', x)}
    %i = stablehlo.iota dim = ${axis} : ${i}
    %0:2 = "stablehlo.sort"(%k, %i) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>, %p: tensor<i32>, %q: tensor<i32>):
      ${before}
      stablehlo.return %r : tensor<i1>
    }) {dimension = ${axis} : i64, is_stable = true} : (${x}, ${i}) -> (${x}, ${i})
    return %0#0, %0#1 : ${x}, ${i}
  }`;
}

const compared = (direction: string, type: string): string =>
  `%r = stablehlo.compare ${direction}, %a, %b, ${type} : (tensor<f32>, tensor<f32>) -> tensor<i1>`;
const asItIs = '%k = stablehlo.negate %x : TYPE';
/** Zeros of both signs, infinities and NaN of both signs. */
const special = `%z = stablehlo.constant dense<0.0> : TYPE
    %f = stablehlo.floor %x : TYPE
    %y = stablehlo.multiply %f, %z : TYPE
    %d = stablehlo.divide %f, %y : TYPE
    %s = stablehlo.sign %x : TYPE
    %k = stablehlo.multiply %d, %s : TYPE`;

describe('sort by counting digits', () => {
  it.each([
    ['total order', sortWith('130', 0, asItIs, compared('LT', 'TOTALORDER'))],
    ['total order downwards, along columns', sortWith('130x2', 0, asItIs, compared('GT', 'TOTALORDER'))],
    ['zeros, infinities and NaN in total order', sortWith('2x150', 1, special, compared('LT', 'TOTALORDER'))],
    ['zeros, infinities and NaN by JAX', sortWith('150', 0, special, jaxBefore('%r', '%a', '%b'))],
    ['floats without NaN', sortWith('127', 0, asItIs, compared('LT', 'FLOAT'))],
    ['floats with NaN, which are in no order', sortWith('150', 0, special, compared('LT', 'FLOAT'))],
    ['the sides exchanged', sortWith('128', 0, asItIs, '%r = stablehlo.compare GT, %b, %a, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>')],
    ['not strict: no order', sortWith('128', 0, asItIs, compared('LE', 'TOTALORDER'))],
    ['two keys, as JAX has them', sortWith('200', 0, special, `${jaxBefore('%less', '%a', '%b')}
      %later = stablehlo.compare GT, %p, %q, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %both = stablehlo.and %equal, %later : tensor<i1>
      %r = stablehlo.or %less, %both : tensor<i1>`)],
    ['two keys by a select', sortWith('200', 0, asItIs, `
      %less = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %differ = stablehlo.compare NE, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %later = stablehlo.compare GT, %p, %q, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %r = stablehlo.select %differ, %less, %later : tensor<i1>, tensor<i1>`)],
    ['a key of both sides: no order', sortWith('128', 0, asItIs, `
      %s = stablehlo.add %a, %b : tensor<f32>
      %r = stablehlo.compare LT, %s, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>`)],
  ])('sorts by %s', (_, text) => {
    const { kernel, wasm, expected } = runEverywhere(text);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  }); // prettier-ignore

  it.each(['i8', 'ui8', 'i16', 'ui16', 'i32', 'ui32', 'i64', 'ui64', 'bf16', 'f16', 'f64'])(
    'sorts %s up and down',
    (element) => {
      const { kernel, wasm, expected } = runEverywhere(sort('257', 0, 'LT', element));
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
      expect(runBoth(sort('301', 0, 'GT', element)).actual).toEqual(runBoth(sort('301', 0, 'GT', element)).expected);
    },
  );

  it.each([1, 2, 3, 4, 5, 9, 16, 31])('sorts lines of %i by ranks', (length) => {
    for (const text of [
      sort(`3x${length}`, 1, 'GT'),
      sort(`${length}x3`, 0, 'LT', 'i64'),
      sortWith(`2x${length}`, 1, special, jaxBefore('%r', '%a', '%b')),
    ]) {
      const { kernel, wasm, expected } = runEverywhere(text);
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
    }
  });

  it('fetches wide columns that no key reads at the end', () => {
    const [k, w] = ['tensor<140xi8>', 'tensor<140xf64>'];
    const { kernel, wasm, expected } = runEverywhere(`func.func @main(%x: ${k}, %y: ${w}) -> (${w}, ${k}, ${w}) {
      %i = stablehlo.iota dim = 0 : ${w}
      %0:3 = "stablehlo.sort"(%i, %x, %y) ({
      ^bb0(%a: tensor<f64>, %b: tensor<f64>, %c: tensor<i8>, %d: tensor<i8>, %e: tensor<f64>, %f: tensor<f64>):
        %g = stablehlo.compare LT, %c, %d : (tensor<i8>, tensor<i8>) -> tensor<i1>
        stablehlo.return %g : tensor<i1>
      }) {dimension = 0 : i64, is_stable = true} : (${w}, ${k}, ${w}) -> (${w}, ${k}, ${w})
      return %0#0, %0#1, %0#2 : ${w}, ${k}, ${w}
    }`);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  it.each([1, 2, 63, 64, 65, 300])('sorts %i of at most 300', (n) => {
    const text = sort('?', 0, 'LT').replaceAll('tensor<?xf32>', 'tensor<?xf32, #tessera.tensor<dims = [n <= 300]>>');
    const { actual, expected } = runBoth(text, { n });
    expect(actual).toEqual(expected);
  });
});
