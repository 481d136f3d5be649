import { describe, expect, it } from 'vitest';
import { philox4x32, threefry2x32 } from '../../../../ir/ops/shared/counter-random.ts';

function hex(words: Uint32Array): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}

const full = 0xffffffff;

// The known-answer values of the Random123 library (kat_vectors).
describe('counter-based generators', () => {
  it.each([
    [[0, 0], [0, 0], '6b200159 99ba4efe'],
    [[full, full], [full, full], '1cb996fc bb002be7'],
    [[0x243f6a88, 0x85a308d3], [0x13198a2e, 0x03707344], 'c4923a9c 483df7a0'],
  ] as const)('Threefry-2x32 of %o under key %o', (counter, [key0, key1], expected) => {
    const words = Uint32Array.from(counter);
    threefry2x32(words, key0, key1);
    expect(hex(words)).toBe(expected);
  });

  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[full, full, full, full], [full, full], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('Philox-4x32 of %o under key %o', (counter, [key0, key1], expected) => {
    const words = Uint32Array.from(counter);
    philox4x32(words, key0, key1);
    expect(hex(words)).toBe(expected);
  });
});
