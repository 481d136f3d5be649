import { describe, expect, it } from 'vitest';
import {
  equalAttributeMaps,
  equalAttributes,
  hashAttribute,
  hashAttributeMap,
  isDefault,
} from '../../ir/attribute-equality.ts';
import { optional, struct, i64, unit, withDefault } from '../../ir/attribute-schema.ts';
import { integerAttr, structAttr, unitAttr } from '../../ir/attributes.ts';
import { scalarType } from '../../ir/types.ts';
import { readAttribute } from './text/read.ts';

const samples = [
  '1 : i32',
  '1 : i64',
  '2 : i64',
  'true',
  'false',
  '1.0 : f32',
  '1.0 : f64',
  '-0.0 : f32',
  '0.0 : f32',
  '0x7FC00000 : f32',
  '"a"',
  '"b"',
  'unit',
  'i32',
  'tensor<2xi32>',
  '[]',
  '[1 : i32]',
  '[1 : i32, 1 : i32]',
  '{}',
  '{a = 1 : i32}',
  '{b = 1 : i32}',
  '@a',
  '@a::@b',
  'dense<1> : tensor<2xi32>',
  'dense<2> : tensor<2xi32>',
  'dense<[1, 2]> : tensor<2xi32>',
  'dense<0x7FC00000> : tensor<2xf32>',
  'dense<0x7FC00001> : tensor<2xf32>',
  'dense_resource<a> : tensor<2xi32>',
  'array<i64>',
  'array<i64: 1>',
  'array<i32: 1>',
  '#stablehlo<precision HIGH>',
  '#stablehlo<precision HIGHEST>',
  '#chlo<precision HIGH>',
  '#stablehlo.channel_handle<handle = 1, type = 0>',
  '#stablehlo.channel_handle<handle = 1, type = 1>',
  'loc("a":1:2)',
  'loc("a":1:3)',
  '#other.attribute<1>',
];

describe('attributes', () => {
  it.each(samples)('%s equals itself and its hash, and nothing else', (text) => {
    const attribute = readAttribute(text);
    const equal = samples.filter((other) => equalAttributes(attribute, readAttribute(other)));
    expect(equal).toEqual([text]);
    expect(hashAttribute(attribute)).toBe(hashAttribute(readAttribute(text)));
  });

  it('of a dictionary may come in any order', () => {
    const [left, right] = ['{a = 1 : i8, b}', '{b, a = 1 : i8}'].map(readAttribute);
    if (left === undefined || right === undefined) throw new Error('two are needed');
    expect(equalAttributes(left, right)).toBe(true);
    expect(hashAttribute(left)).toBe(hashAttribute(right));
  });
});

describe('defaults', () => {
  const three = integerAttr(3, scalarType('i64'));
  const schema = { a: withDefault(i64(), 3), b: optional(i64()), c: unit() };

  it('written out equal defaults left out', () => {
    expect(equalAttributeMaps(new Map([['a', three]]), new Map(), schema)).toBe(true);
    expect(equalAttributeMaps(new Map(), new Map([['a', three]]), schema)).toBe(true);
    expect(hashAttributeMap(new Map([['a', three]]), schema)).toBe(hashAttributeMap(new Map(), schema));
    expect(equalAttributeMaps(new Map([['b', three]]), new Map(), schema)).toBe(false);
  });

  it('of a unit attribute are that it is not there', () => {
    expect(isDefault(schema.c, unitAttr)).toBe(false);
  });

  it('of a struct hold whatever of its fields are written', () => {
    const codec = withDefault(struct('d', 's', { x: withDefault(i64(), 3) }), { x: 3 });
    expect(isDefault(codec, structAttr('d', 's', new Map([['x', three]])))).toBe(true);
    expect(isDefault(codec, structAttr('d', 's', new Map()))).toBe(true);
  });
});
