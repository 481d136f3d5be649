import { describe, expect, it } from 'vitest';
import { portTypeText } from '../../../compiler/driver/type-text.ts';
import { dimSymbol } from '../../../ir/dimension.ts';
import { tensorType } from '../../../ir/types.ts';

describe('portTypeText', () => {
  it('spells what a program names as the language does', () => {
    expect(portTypeText({ type: tensorType([2, 28], 'ui8'), role: 'in' })).toBe('u8[2, 28]');
    expect(portTypeText({ type: tensorType([dimSymbol('n'), 3], 'complex<f32>'), role: 'out' })).toBe('c64[n, 3]');
    expect(portTypeText({ type: tensorType([], 'f32'), role: 'out' })).toBe('f32');
    expect(portTypeText({ type: tensorType([], 'i1'), role: 'out' })).toBe('bool[]');
  });

  it('leaves the types of other functions to MLIR', () => {
    expect(portTypeText({ type: tensorType([2, 28], 'ui8') })).toBe('tensor<2x28xui8>');
  });
});
