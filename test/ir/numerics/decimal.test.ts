import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FloatFormatName } from '../../../ir/numerics/index.ts';
import {
  decodeFloat,
  floatFormats,
  formatFloatBits,
  formatFloatValue,
  parseFloatToBits,
  parseFloatToValue,
} from '../../../ir/numerics/index.ts';

const { f16, bf16, f32, f64, f8E4M3FN, f4E2M1FN, f8E8M0FNU } = floatFormats;

describe('decimal text to values', () => {
  it.each(['1', '-1.', '+2.5', '1e3', '1.5E-2', '007.50'])('reads %s', (text) => {
    expect(parseFloatToValue(text, f64)).toBe(Number(text));
  });

  it.each(['', '.5', '1e', '0x1', 'inf', 'nan', '1 ', '1_0', '--1', '1.2.3'])('refuses %j', (text) => {
    expect(parseFloatToValue(text, f64)).toBeUndefined();
  });

  it('rounds to f32 once, where Math.fround(Number(text)) rounds twice', () => {
    const text = '1.00000005960464477540';
    expect(Math.fround(Number(text))).toBe(1);
    expect(parseFloatToValue(text, f32)).toBe(1.0000001192092896);
    expect(parseFloatToValue('1.000000059604644775390625', f32)).toBe(1);
    expect(parseFloatToValue(`1.000000059604644775390625${'0'.repeat(900)}1`, f32)).toBe(1.0000001192092896);
  });

  it('decides ties of f16, bf16 and f8 exactly', () => {
    expect(parseFloatToValue('1.00048828125', f16)).toBe(1);
    expect(parseFloatToValue('1.000488281250000000000000001', f16)).toBe(1.0009765625);
    expect(parseFloatToValue('1.00390625', bf16)).toBe(1);
    expect(parseFloatToValue('464', f8E4M3FN)).toBe(448);
    expect(parseFloatToValue('464.00000000000000000001', f8E4M3FN)).toBeNaN();
    expect(parseFloatToValue('65519.99999999999999999999', f16)).toBe(65504);
    expect(parseFloatToValue('65520', f16)).toBe(Infinity);
  });

  it('decides ties of f64 exactly, however many digits they have', () => {
    const tie = '9007199254740993.';
    expect(parseFloatToValue(`${tie}${'0'.repeat(700)}`, f64)).toBe(9007199254740992);
    expect(parseFloatToValue(`${tie}${'0'.repeat(700)}1`, f64)).toBe(9007199254740994);
    expect(parseFloatToValue('2.4703282292062327208299439634110764517955791640e-324', f64)).toBe(0);
    expect(parseFloatToValue('2.4703282292062328208299439634110764517955791640e-324', f64)).toBe(5e-324);
  });

  it('survives hostile exponents and lengths', () => {
    expect(parseFloatToValue('1e999999999999', f64)).toBe(Infinity);
    expect(parseFloatToValue('-1e-999999999999', f32)).toBe(-0);
    expect(parseFloatToValue('0e999999999999', f32)).toBe(0);
    expect(parseFloatToValue(`${'9'.repeat(1_000_000)}e-1000000`, f32)).toBe(1);
    expect(parseFloatToValue(`0.${'0'.repeat(1_000_000)}1e1000000`, f32)).toBe(Math.fround(0.1));
    expect(parseFloatToValue('7', f4E2M1FN)).toBe(6);
    expect(parseFloatToValue('3', f8E8M0FNU)).toBe(4);
  });

  it('gives bits', () => {
    expect(parseFloatToBits('-1.5', f16)).toBe(0xbe00n);
    expect(parseFloatToBits('x', f16)).toBeUndefined();
  });
});

describe('values to decimal text', () => {
  it.each<[FloatFormatName, number, string]>([
    ['f32', 1, '1.000000e+00'],
    ['f32', -0, '-0.000000e+00'],
    ['f32', 0.10000000149011612, '1.000000e-01'],
    ['f32', 0.3333333432674408, '0.333333343'],
    ['f32', 1.1754943508222875e-38, '1.17549435E-38'],
    ['f32', 0.00012345670256763697, '1.23456703E-4'],
    ['f32', 16777216, '1.6777216e+07'],
    ['f32', 4294967296, '4.2949673E+9'],
    ['f32', 1e10, '1.000000e+10'],
    ['f64', Math.PI, '3.1415926535897931'],
    ['f64', 5e-324, '4.940660e-324'],
    ['f64', 1 / 3, '0.33333333333333331'],
    ['f16', 0.0999755859375, '9.997550e-02'],
    ['bf16', 3.140625, '3.140630e+00'],
    ['f8E4M3FN', 0.1015625, '1.015630e-01'],
    ['f32', Infinity, '0x7F800000'],
    ['f16', Number.NaN, '0x7E00'],
  ])('%s %d prints as %s', (name, value, text) => {
    expect(formatFloatValue(value, floatFormats[name])).toBe(text);
  });

  it('keeps the payload of a NaN given as bits', () => {
    expect(formatFloatBits(0xffc00001n, f32)).toBe('0xFFC00001');
  });

  it.each<FloatFormatName>(['f16', 'bf16', 'f8E5M2', 'f8E4M3B11FNUZ', 'f8E8M0FNU', 'f6E2M3FN'])(
    '%s: every value reads back',
    (name) => {
      const format = floatFormats[name];
      const step = format.width === 16 ? 7 : 1;
      for (let bits = 0; bits < 1 << format.width; bits += step) {
        if (!Number.isFinite(decodeFloat(bits, format))) continue;
        expect(parseFloatToBits(formatFloatBits(BigInt(bits), format), format)).toBe(BigInt(bits));
      }
    },
  );

  it('f32 and f64 read back', () => {
    const finite = { noNaN: true, noDefaultInfinity: true };
    fc.assert(fc.property(fc.float(finite), (x) => Object.is(parseFloatToValue(formatFloatValue(x, f32), f32), x)));
    fc.assert(fc.property(fc.double(finite), (x) => Object.is(parseFloatToValue(formatFloatValue(x, f64), f64), x)));
  });
});
