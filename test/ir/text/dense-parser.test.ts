import { describe, expect, it } from 'vitest';
import type { DenseElementsAttr } from '../../../ir/attributes.ts';
import { elementsBytes } from '../../../ir/elements.ts';
import { attributeErrors, readAttribute } from './read.ts';

function readDense(text: string): DenseElementsAttr {
  const attribute = readAttribute(text);
  if (attribute.kind !== 'dense') throw new Error(`${attribute.kind} is no dense attribute`);
  return attribute;
}

function elements(text: string): unknown {
  const { data } = readDense(text);
  return data.splat ? { splat: [...data.values] } : [...data.values];
}

describe('dense lists', () => {
  it('are read in row-major order', () => {
    expect(elements('dense<[[1, 2], [3, -4]]> : tensor<2x2xi32>')).toEqual([1, 2, 3, -4]);
    expect(elements('dense<[1, 9223372036854775807]> : tensor<2xi64>')).toEqual([1n, 9223372036854775807n]);
    expect(elements('dense<[true, false, 1]> : tensor<3xi1>')).toEqual([1, 0, 1]);
  });

  it('are one element when written so, or when all are alike', () => {
    expect(elements('dense<1.5> : tensor<4x4xf32>')).toEqual({ splat: [1.5] });
    expect(elements('dense<[7, 7, 7]> : tensor<3xi8>')).toEqual({ splat: [7] });
    expect(elements('dense<[0.0, -0.0]> : tensor<2xf32>')).toEqual([0, -0]);
  });

  it('may be empty', () => {
    expect(elements('dense<> : tensor<0xf32>')).toEqual([]);
    expect(elements('dense<[]> : tensor<0xf32>')).toEqual([]);
    expect(elements('dense<[[], []]> : tensor<2x0xf32>')).toEqual([]);
  });

  it('hold complex numbers as pairs', () => {
    expect(elements('dense<[(1.0, 2.0), (3.0,0x7F800000)]> : tensor<2xcomplex<f32>>')).toEqual([1, 2, 3, Infinity]);
    expect(elements('dense<(1.0,2.0)> : tensor<9xcomplex<f64>>')).toEqual({ splat: [1, 2] });
  });

  it('keep small floats as their bits', () => {
    expect(elements('dense<[1.0, -2.0]> : tensor<2xbf16>')).toEqual([0x3f80, 0xc000]);
    expect(elements('dense<[1.0, 0x7E00]> : tensor<2xf16>')).toEqual([0x3c00, 0x7e00]);
    expect(elements('dense<[1.0, 448.0]> : tensor<2xf8E4M3FN>')).toEqual([0x38, 0x7e]);
  });

  it('keep the payload of a NaN', () => {
    const { data } = readDense('dense<0xFFC00001> : tensor<f32>');
    expect([...elementsBytes(data.values)]).toEqual([0x01, 0x00, 0xc0, 0xff]);
  });

  it('of a quantised type are of its storage type', () => {
    expect(elements('dense<[1, -1]> : tensor<2x!quant.uniform<i8:f32, 0.1>>')).toEqual([1, -1]);
  });

  it('of a huge type stay one element', () => {
    expect(elements('dense<0> : tensor<9007199254740991x9007199254740991xi8>')).toEqual({ splat: [0] });
  });

  it('may contain comments', () => {
    expect(elements('dense<[1, // > the first\n 2]> : tensor<2xi8>')).toEqual([1, 2]);
  });

  it.each([
    [
      'dense<[1, 2]> : tensor<3xi32>',
      '1:7 E1603 2 elements are given in dimension 0, which has size 3 in tensor<3xi32>',
    ],
    ['dense<[1, 2]> : tensor<1xi32>', '1:11 E1603 dimension 0 of tensor<1xi32> has no element after the first 1'],
    [
      'dense<[[1, 2], [3]]> : tensor<2x2xi32>',
      '1:16 E1603 1 elements are given in dimension 1, which has size 2 in tensor<2x2xi32>',
    ],
    ['dense<[1, [2]]> : tensor<2xi32>', "1:11 E1006 expected a number, found '['"],
    ['dense<[[1]]> : tensor<1xi32>', "1:8 E1006 expected a number, found '['"],
    [
      'dense<[1]> : tensor<1000000000000xi32>',
      '1:7 E1603 fewer elements are given for tensor<1000000000000xi32>, which has 1000000000000',
    ],
    ['dense<> : tensor<2xi32>', '1:1 E1603 no elements are given for tensor<2xi32>, which has 2'],
    ['dense<true> : tensor<i8>', "1:7 E1604 'true' is no element of type i8"],
    ['dense<(1.0, 2.0)> : tensor<f32>', '1:7 E1604 a pair is no element of type f32'],
    [
      'dense<1> : tensor<f32>',
      '1:7 E1505 a whole number cannot have the type f32; write a decimal point after it; in hexadecimal it is the bits of the value',
    ],
    ['dense<256> : tensor<i8>', '1:7 E1504 the number is out of range for i8'],
    ['dense<1> : vector<2xi32>', '1:12 E1601 the type of a constant must be a ranked tensor, not vector<2xi32>'],
    ['dense<1>', "1:9 E1006 expected ':' and the type of the elements, found the end of the text"],
    ['dense<1', "1:8 E1007 the text ends where '>' is expected"],
  ])('%s is refused', (text, error) => {
    expect(attributeErrors(text)).toEqual([error]);
  });
});

describe('raw elements', () => {
  it('are little-endian', () => {
    expect(elements('dense<"0x0000803F00000040"> : tensor<2xf32>')).toEqual([1, 2]);
    expect(elements('dense<"0x0100FFFF"> : tensor<2xi16>')).toEqual([1, -1]);
  });

  it('of one element stand for all', () => {
    expect(elements('dense<"0x0000803F"> : tensor<8xf32>')).toEqual({ splat: [1] });
    expect(elements('dense<"0xFF"> : tensor<9xi1>')).toEqual({ splat: [1] });
  });

  it('take a byte each where they have fewer bits', () => {
    expect(elements('dense<"0x01000100"> : tensor<4xi1>')).toEqual([1, 0, 1, 0]);
    expect(elements('dense<"0x0F01"> : tensor<2xi4>')).toEqual([-1, 1]);
    expect(elements('dense<"0x0F01"> : tensor<2xui4>')).toEqual([15, 1]);
  });

  it('of i1 may be packed, as older files have them', () => {
    expect(elements('dense<"0x0580"> : tensor<16xi1>')).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it.each([
    ['dense<"0x0"> : tensor<i8>', 'E1606'],
    ['dense<"0xZZ"> : tensor<i8>', 'E1606'],
    ['dense<"abcd"> : tensor<i32>', 'E1606'],
    ['dense<"0x0102"> : tensor<4xi8>', 'E1607'],
    ['dense<""> : tensor<4xi8>', 'E1606'],
  ])('%s is refused', (text, code) => {
    expect(attributeErrors(text)).toEqual([expect.stringContaining(code)]);
  });
});
