import { describe, expect, it } from 'vitest';
import { denseAttr, type DenseResourceAttr } from '../../../ir/attributes.ts';
import { constantOfTensor, tensorOfConstant } from '../../../ir/evaluator/constant-value.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { dynamicDim } from '../../../ir/dimension.ts';
import { tensorType, type TensorType } from '../../../ir/types.ts';

function resource(type: TensorType, bytes: Uint8Array | undefined): DenseResourceAttr {
  const blob = bytes === undefined ? undefined : { key: 'w', alignment: 4, bytes };
  return { kind: 'dense-resource', type, key: 'w', blob };
}

function problemOf(attribute: Parameters<typeof tensorOfConstant>[0]): string {
  const value = tensorOfConstant(attribute);
  return value.kind === 'problem' ? value.message : '';
}

function valuesOf(attribute: Parameters<typeof tensorOfConstant>[0]): (number | bigint)[] {
  const value = tensorOfConstant(attribute);
  return value.kind === 'tensor' ? Array.from(value.values as ArrayLike<number | bigint>) : [];
}

describe('tensorOfConstant', () => {
  it('shares the memory of a constant', () => {
    const values = Float32Array.of(1, 2);
    const tensor = tensorOfConstant(denseAttr(tensorType([2], 'f32'), { splat: false, values }));
    expect(tensor.kind === 'tensor' && tensor.values).toBe(values);
  });

  it('repeats a splat, pairs of complex parts included', () => {
    const type = tensorType([3], 'complex<f32>');
    expect(valuesOf(denseAttr(type, { splat: true, values: Float32Array.of(1, -2) }))).toEqual([1, -2, 1, -2, 1, -2]);
    const none = denseAttr(tensorType([0], 'i32'), { splat: true, values: Int32Array.of(7) });
    expect(valuesOf(none)).toEqual([]);
  });

  it('reads a resource, aligned or not', () => {
    const bytes = Uint8Array.of(9, 1, 0, 0, 0, 2, 0, 0, 0);
    expect(valuesOf(resource(tensorType([2], 'i32'), bytes.subarray(1)))).toEqual([1, 2]);
    expect(valuesOf(resource(tensorType([3], 'i1'), Uint8Array.of(5)))).toEqual([1, 0, 1]);
  });

  it('says why there is no value', () => {
    expect(problemOf(resource(tensorType([2], 'i32'), undefined))).toBe("the module has no resource 'w'");
    expect(problemOf(resource(tensorType([2], 'i32'), new Uint8Array(4)))).toContain('has 4 bytes');
    expect(problemOf(resource(tensorType([dynamicDim], 'i32'), new Uint8Array(4)))).toContain('leaves its size open');
  });
});

describe('constantOfTensor', () => {
  it('finds a splat by its bits', () => {
    expect(constantOfTensor(new Tensor('f32', [2], Float32Array.of(1, 1))).data.splat).toBe(true);
    expect(constantOfTensor(new Tensor('f32', [2], Float32Array.of(0, -0))).data.splat).toBe(false);
    expect(constantOfTensor(new Tensor('f32', [0], new Float32Array(0))).data.splat).toBe(false);
  });
});
