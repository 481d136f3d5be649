import { describe, expect, it } from 'vitest';
import { expandChlo } from '../../../passes/expand-chlo.ts';
import { inFunction, runPass } from '../pass-fixture.ts';
import { floatTensor, specialNumbers, worstError } from './accuracy.ts';
import { expectSameBits } from './exact.ts';

function binary(op: string, type: string): string {
  const line = `%0 = "chlo.${op}"(%x, %y) : (${type}, ${type}) -> ${type}`;
  return inFunction(`(%x: ${type}, %y: ${type}) -> ${type}`, `${line}\nreturn %0 : ${type}`);
}

function predicate(op: string, element: string): string {
  const type = `tensor<64x${element}>`;
  const line = `%0 = "chlo.${op}"(%x) : (${type}) -> tensor<64xi1>`;
  return inFunction(`(%x: ${type}) -> tensor<64xi1>`, `${line}\nreturn %0 : tensor<64xi1>`);
}

describe('ops on bits, expanded', () => {
  it.each(['i2', 'i4', 'i8', 'i16', 'i32', 'i64', 'ui2', 'ui4', 'ui8', 'ui16', 'ui32', 'ui64'])(
    'mulhi of %s gives the same upper halves, without wider integers',
    (element) => {
      const expanded = expectSameBits(binary('mulhi', `tensor<64x${element}>`), 8);
      const bits = Number(element.replace(/\D+/, ''));
      expect(expanded).not.toContain(`i${2 * bits}>`);
    },
  );

  it.each(['f16', 'bf16', 'f32', 'f64', 'f8E5M2'] as const)('next_after of %s gives the same neighbours', (dtype) => {
    expectSameBits(binary('next_after', `tensor<128x${dtype}>`), 4);
    const others = specialNumbers.toReversed();
    const worst = worstError('chlo.next_after', [floatTensor(dtype, specialNumbers), floatTensor(dtype, others)]);
    expect(worst.ulp, worst.at).toBe(0);
  });

  it('next_after steps by one bit pattern, through subnormal numbers, to infinity and back', () => {
    const tiny = 2 ** -149;
    const from = floatTensor('f32', [0, -0, tiny, -tiny, 3.4028234663852886e38, Infinity, 0, -0, 1]);
    const to = floatTensor('f32', [1, -1, -1, 1, Infinity, 0, -0, 0, NaN]);
    const worst = worstError('chlo.next_after', [from, to]);
    expect(worst.ulp, worst.at).toBe(0);
  });

  it('next_after of an unknown number of elements has the type of its result', () => {
    const [open, known] = ['tensor<?xf32>', 'tensor<2xf32>'];
    const line = `%0 = "chlo.next_after"(%x, %y) : (${open}, ${known}) -> ${known}`;
    expectSameBits(inFunction(`(%x: ${open}, %y: ${known}) -> ${known}`, `${line}\nreturn %0 : ${known}`));
  });

  it('next_after of a format without IEEE specials stays, with the reason', () => {
    const outcome = runPass(expandChlo, binary('next_after', 'tensor<4xf8E4M3FN>'));
    expect(outcome.changed).toBe(false);
    expect(outcome.remarks).toEqual(['expand-chlo: not expanded: next_after of tensor<4xf8E4M3FN>']);
  });

  it.each(['is_inf', 'is_pos_inf', 'is_neg_inf'])('%s gives the same answers', (op) => {
    for (const element of ['f16', 'bf16', 'f32', 'f64', 'f8E4M3FN', 'f8E5M2', 'f4E2M1FN'])
      expectSameBits(predicate(op, element));
  });
});
