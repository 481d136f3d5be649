import { describe, expect, it } from 'vitest';
import { dtypes } from '../../../ir/dtype.ts';
import { conversionRules, holdsEveryValue, isLosslessDetour } from '../../../passes/algebraic-simplify/conversions.ts';
import { inFunction, load } from '../pass-fixture.ts';
import { differenceOf } from '../same-meaning.ts';
import { testRules } from './rule-cases.ts';

function chain(op: string, ...elements: readonly string[]): string {
  const last = elements.length - 2;
  const steps = elements.slice(1).map((to, index) => {
    const from = elements[index] ?? '';
    return `%${index} = stablehlo.${op} ${index === 0 ? '%x' : `%${index - 1}`} : (tensor<${from}>) -> tensor<${to}>`;
  });
  return `${steps.join('\n')}\nreturn %${last} : tensor<${elements[last + 1] ?? ''}>`;
}

function converting(from: string, to: string): string {
  return `(%x: tensor<${from}>) -> tensor<${to}>`;
}

function twice(first: string, second: string): string {
  return `
    %0 = stablehlo.${first} %x : T
    %1 = stablehlo.${second} %0 : T
    return %1 : T`;
}

function rounded(...formats: readonly string[]): string {
  const steps = formats.map((format, index) => {
    const operand = index === 0 ? '%x' : `%${index - 1}`;
    return `%${index} = stablehlo.reduce_precision ${operand}, format = ${format} : T`;
  });
  return `${steps.join('\n')}\nreturn %${formats.length - 1} : T`;
}

testRules('rules of conversions', conversionRules, {
  'convert-same': {
    of: '16xf32',
    before: `
      %0 = stablehlo.convert %x : T
      return %0 : T`,
    after: 'return %x : T',
    keeps: { signature: converting('16xf32', '16xf64'), text: chain('convert', '16xf32', '16xf64') },
  },
  'convert-convert': {
    signature: converting('16xi8', '16xi64'),
    before: chain('convert', '16xi8', '16xi32', '16xi64'),
    after: chain('convert', '16xi8', '16xi64'),
    also: [
      {
        signature: converting('16xi64', '16xui8'),
        before: chain('convert', '16xi64', '16xi16', '16xui8'),
        after: chain('convert', '16xi64', '16xui8'),
      },
      {
        signature: converting('16xf16', '16xi32'),
        before: chain('convert', '16xf16', '16xf64', '16xi32'),
        after: chain('convert', '16xf16', '16xi32'),
      },
    ],
    keeps: [
      { signature: converting('16xf32', '16xf32'), text: chain('convert', '16xf32', '16xf16', '16xf32') },
      { signature: converting('16xi32', '16xi32'), text: chain('convert', '16xi32', '16xf32', '16xi32') },
      { signature: converting('16xi16', '16xui8'), text: chain('convert', '16xi16', '16xf32', '16xui8') },
    ],
  },
  'bitcast-same': {
    of: '16xf32',
    before: `
      %0 = stablehlo.bitcast_convert %x : (T) -> T
      return %0 : T`,
    after: 'return %x : T',
    keeps: { signature: converting('16xi32', '16xui32'), text: chain('bitcast_convert', '16xi32', '16xui32') },
  },
  'bitcast-bitcast': {
    signature: converting('16xi32', '16xui32'),
    before: chain('bitcast_convert', '16xi32', '16x4xi8', '16xui32'),
    after: chain('bitcast_convert', '16xi32', '16xui32'),
    also: [
      {
        signature: converting('16xi32', '16xi32'),
        before: chain('bitcast_convert', '16xi32', '16xui32', '16xi32'),
        after: 'return %x : tensor<16xi32>',
      },
    ],
    keeps: {
      signature: converting('4xi32', '4x2x2xi8'),
      text: chain('bitcast_convert', '4xi32', '4x2xi16', '4x2x2xi8'),
    },
  },
  'reduce-precision-to-own': {
    of: '16xf32',
    before: rounded('e8m23'),
    after: 'return %x : T',
    also: [{ of: '16xbf16', before: rounded('e8m7'), after: 'return %x : T' }],
    keeps: rounded('e8m22'),
  },
  'reduce-precision-twice': {
    of: '16xf32',
    before: rounded('e5m10', 'e5m10'),
    after: rounded('e5m10'),
    keeps: rounded('e5m10', 'e8m7'),
  },
  'round-rounded': {
    of: '16xf32',
    before: twice('ceil', 'round_nearest_even'),
    after: `
      %0 = stablehlo.ceil %x : T
      return %0 : T`,
    keeps: twice('abs', 'floor'),
  },
  'sign-sign': {
    of: '16xf32',
    before: twice('sign', 'sign'),
    after: `
      %0 = stablehlo.sign %x : T
      return %0 : T`,
    keeps: twice('sign', 'abs'),
  },
});

describe('conversions without loss', () => {
  it('hold every value in wider types of the same kind', () => {
    expect([holdsEveryValue('i8', 'i16'), holdsEveryValue('ui8', 'i16'), holdsEveryValue('bf16', 'f32')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([holdsEveryValue('i8', 'ui16'), holdsEveryValue('f16', 'bf16'), holdsEveryValue('i32', 'f32')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('may skip the middle type wherever the table says so', () => {
    const tested = dtypes.filter((dtype) => !/^f[468]|index|complex|i[24]$/.test(dtype));
    const wrong: string[] = [];
    for (const from of tested) {
      for (const middle of tested) {
        for (const to of tested) {
          if (from === middle || middle === to || !isLosslessDetour(from, middle, to)) continue;
          const signature = converting(`32x${from}`, `32x${to}`);
          const detour = inFunction(signature, chain('convert', `32x${from}`, `32x${middle}`, `32x${to}`));
          const direct = inFunction(signature, chain('convert', `32x${from}`, `32x${to}`));
          const difference = differenceOf(load(detour), load(direct), 1);
          if (difference !== undefined) wrong.push(`${from} -> ${middle} -> ${to}: ${difference}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
