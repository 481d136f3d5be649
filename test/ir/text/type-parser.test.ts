import { describe, expect, it } from 'vitest';
import { dimSymbol, dynamicDim } from '../../../ir/dimension.ts';
import { readType, typeErrors } from './read.ts';

describe('types', () => {
  it.each([
    'tensor<f32>',
    'tensor<2x3xf32>',
    'tensor<0x0xi1>',
    'tensor<?x4xbf16>',
    'tensor<*xf32>',
    'tensor<2xcomplex<f64>>',
    'tensor<4xui8>',
    'tensor<8xf8E4M3FN>',
    'tensor<9007199254740991xi8>',
    'tuple<>',
    'tuple<tensor<f32>, tuple<!stablehlo.token>>',
    '!stablehlo.token',
    '!stablehlo.future<tensor<f32>, tensor<i32>>',
    '(tensor<f32>, i32) -> tensor<f32>',
    '() -> ()',
    '() -> (i32, i64)',
    'index',
    'none',
    'i7',
    'vector<4xf32>',
    '!other.type<a -> b, [c], "x>">',
    '!quant.uniform<i8:f32, 0.1:3>',
    '!quant.uniform<u8<0:250>:f32, 2.0>',
    '!quant.uniform<i8:f32:1, {0.1:-3, 1.0e-10}>',
    '!quant.uniform<i8:f32:{0:2, 1:1}, {{0.5, 0.25}, {1.0, 2.0:3}}>',
  ])('%s is its own text', (text) => {
    expect(readType(text).text).toBe(text);
  });

  it('are the same object for the same text, blanks aside', () => {
    expect(readType('tensor< 2 x 3 x f32 >')).toBe(readType('tensor<2x3xf32>'));
    expect(readType('() -> (tensor<f32>)')).toBe(readType('()->tensor<f32>'));
  });

  it('take a 0 before an x for a size, not for hexadecimal', () => {
    expect(readType('tensor<0x4xf32>')).toMatchObject({ shape: [0, 4], element: 'f32' });
  });

  it('turn bounds into symbols with a largest size', () => {
    expect(readType('tensor<?x4xf32, #stablehlo.bounds<8, ?>>')).toMatchObject({ shape: [dimSymbol('', 8), 4] });
    expect(readType('tensor<?x4xf32, #stablehlo.type_extensions<bounds = [8, ?]>>').text).toBe(
      'tensor<?x4xf32, #stablehlo.bounds<8, ?>>',
    );
  });

  it('read back names, bounds and the dimension order', () => {
    const text = 'tensor<?x2x?xf32, #tessera.tensor<dims = [n <= 8, _, ?], order = [2, 0, 1]>>';
    expect(readType(text)).toMatchObject({ shape: [dimSymbol('n', 8), 2, dynamicDim], order: [2, 0, 1], text });
  });

  it('keep an encoding they do not know', () => {
    expect(readType('tensor<4xf32, #other.enc<1>>').text).toBe('tensor<4xf32, #other.enc<1>>');
    expect(readType('tensor<4xf32, "dense">').text).toBe('tensor<4xf32, "dense">');
  });

  it('read quantised elements per tensor, per axis and per block', () => {
    expect(readType('tensor<2x!quant.uniform<i8:f32, 0.5:-3>>')).toMatchObject({
      element: {
        storage: 'i8',
        storageMin: -128n,
        storageMax: 127n,
        expressed: 'f32',
        scales: [0.5],
        zeroPoints: [-3n],
      },
    });
    expect(readType('!quant.uniform<u8<1:200>:bf16:1, {0.5, 0.25:7}>')).toMatchObject({
      storage: 'ui8',
      storageMin: 1n,
      storageMax: 200n,
      dimension: 1,
      scales: [0.5, 0.25],
      zeroPoints: [0n, 7n],
    });
    expect(readType('!quant.uniform<i8:f32:{0:2, 1:1}, {{0.5, 0.25}, {1.0, 2.0}}>')).toMatchObject({
      blockSizes: [
        [0, 2],
        [1, 1],
      ],
      scales: [0.5, 0.25, 1, 2],
    });
  });

  it.each([
    ['tensor<2x', '1:10 E1006 expected a type, found the end of the text'],
    ['tensor<4>', "1:9 E1006 expected 'x' after a dimension, found '>'"],
    ['tensor<-1xf32>', "1:8 E1402 a dimension cannot be negative; write '?' for an unknown size"],
    ['tensor<9007199254740992xf32>', '1:8 E1402 a dimension must be below 2^53'],
    ['tensor<2xcomplex<i32>>', '1:10 E1405 elements of type complex<i32> are not supported'],
    ['tensor<4xi7>', '1:10 E1405 elements of type i7 are not supported'],
    ['tensor<f32> x', "1:13 E1006 expected the end of the text, found 'x'"],
    ['!nothing', "1:1 E1404 the type alias '!nothing' is not defined; define it before: !nothing = tensor<4xf32>"],
    ['!a.b<c [d>', "1:10 E1008 expected ']' here"],
    ['tuple<i32', "1:10 E1007 the text ends where '>' is expected"],
  ])('%s is refused', (text, error) => {
    expect(typeErrors(text)).toEqual([error]);
  });

  it('are refused when nested too deeply', () => {
    expect(typeErrors('tuple<'.repeat(10_000))).toEqual([
      '1:1537 E1005 nested more than 256 levels deep; regions, attributes, types and locations count together',
    ]);
  });
});
