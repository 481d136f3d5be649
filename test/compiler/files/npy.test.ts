import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypes } from '../../../ir/dtype.ts';
import { elementsBytes } from '../../../ir/elements.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { decodeNpy, encodeNpy, npyToTensor } from '../../../compiler/files/npy.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostic.code;
    throw error;
  }
  return 'none';
}

function withHeader(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...text, ...data]);
}

describe('npy files', () => {
  it.each(dtypes)('give back a tensor of %s bit by bit', (dtype: DType) => {
    const tensor = Tensor.zeros(dtype, [2, 3]);
    const bytes = elementsBytes(tensor.values);
    const isNarrow = ['i1', 'i2', 'i4', 'ui2', 'ui4'].includes(dtype);
    for (let index = 0; index < bytes.length; index++) bytes[index] = isNarrow ? index & 1 : (index * 37) & 0xff;
    const back = npyToTensor(decodeNpy(encodeNpy(tensor), 'x.npy'), dtype, 'x.npy');
    expect(back.shape).toEqual([2, 3]);
    expect(elementsBytes(back.values)).toEqual(bytes);
  });

  it('write the header NumPy writes', () => {
    const file = encodeNpy(new Tensor('f32', [3], Float32Array.of(1, 2, 3)));
    expect(new TextDecoder().decode(file.subarray(10, 80))).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3,\), \}/,
    );
    expect((file.length - 12) % 64).toBe(0);
  });

  it('are read in Fortran order and in big-endian order', () => {
    const file = withHeader(
      "{'descr': '>u2', 'fortran_order': True, 'shape': (2, 3)}\n",
      [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6],
      2,
    );
    expect([...npyToTensor(decodeNpy(file, 'x'), 'ui16', 'x').values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('have scalars with an empty shape', () => {
    const file = withHeader("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", [1]);
    expect(npyToTensor(decodeNpy(file, 'x'), 'i1', 'x').shape).toEqual([]);
  });

  it('are refused with a code that says why', () => {
    const header = (descr: string, shape: string): string =>
      `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}}`;
    expect(codeOf(() => decodeNpy(new Uint8Array([1, 2, 3]), 'x'))).toBe('E5001');
    expect(codeOf(() => decodeNpy(withHeader('', [], 9), 'x'))).toBe('E5002');
    expect(codeOf(() => decodeNpy(withHeader(header("[('a', '<f4')]", '(2,)'), []), 'x'))).toBe('E5002');
    expect(codeOf(() => decodeNpy(withHeader(header("'<U8'", '(2,)'), []), 'x'))).toBe('E5002');
    expect(codeOf(() => decodeNpy(withHeader(header("'<f4'", '(2,)'), [0, 0, 0, 0]), 'x'))).toBe('E5003');
    expect(codeOf(() => decodeNpy(withHeader(header("'<f8'", '(99999999, 99999999)'), [0]), 'x'))).toBe('E5003');
    const small = decodeNpy(withHeader(header("'|i1'", '(1,)'), [9]), 'x');
    expect(codeOf(() => npyToTensor(small, 'f32', 'x'))).toBe('E5004');
    expect(codeOf(() => npyToTensor(small, 'i4', 'x'))).toBe('E5005');
  });

  it('never make the reader throw anything but a diagnostic, however they are damaged', () => {
    const good = encodeNpy(new Tensor('f32', [2, 2], Float32Array.of(1, 2, 3, 4)));
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
        const bad = good.slice(0, end);
        if (at < bad.length) bad[at] = byte;
        codeOf(() => npyToTensor(decodeNpy(bad, 'x'), 'f32', 'x'));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
