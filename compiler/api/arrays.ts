/** A program's typed arrays to tensors and back. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import type { Dim } from '../../ir/dimension.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { allocateElements, type ElementsArray, elementsBytes } from '../../ir/elements.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import type { GivenInput } from '../driver/bind-inputs.ts';
import { checkElementRange } from '../files/element-range.ts';

/** Elements in the form of their dtype: f32 in a Float32Array, i1 in a Uint8Array, f16 in a Float16Array or, as bits, a Uint16Array. */
export type ArrayData = ElementsArray | ArrayBufferView;

/** Row-major elements, with their shape where the function leaves more than one of their sizes open. */
export type InputArray = ArrayData | { readonly data: ArrayData; readonly shape: readonly number[] };

export interface OutputArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** f16 as bits in a Uint16Array, bf16 too; i1 as bytes. */
  readonly data: ElementsArray;
}

export function outputArray({ dtype, shape, values }: Tensor): OutputArray {
  return { dtype, shape, data: values };
}

export function arrayInput(name: string, input: InputArray): GivenInput {
  return {
    place: `input ${name}`,
    read: (dtype, wanted) => {
      const data = ArrayBuffer.isView(input) ? input : input.data;
      const elements = elementsOf(name, data, dtype);
      const { slots } = dtypeInfo(dtype);
      const count = elements.length / slots;
      const shape = ArrayBuffer.isView(input) ? shapeOf(wanted, count) : [...input.shape];
      if (shapeSize(shape) !== count) throw wrongCount(name, count, shape);
      checkElementRange(elements, dtype, `input ${name}`);
      return new Tensor(dtype, shape, elements);
    },
  };
}

/** A copy, so that the caller's array may change. Throws a DiagnosticError (E5004) for an array of another kind. */
function elementsOf(name: string, data: ArrayData, dtype: DType): ElementsArray {
  const none = allocateElements(dtype, 0);
  const wanted = none.constructor.name;
  const isHalf = dtype === 'f16' && kindOf(data) === 'Float16Array';
  if (kindOf(data) !== wanted && !isHalf) {
    const names = dtype === 'f16' ? `${wanted} or Float16Array` : wanted;
    throw new DiagnosticError({
      code: 'E5004',
      message: `input ${name}: the elements are in a ${kindOf(data)}, but ${dtype} takes a ${names}`,
    });
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const length = bytes.length / none.BYTES_PER_ELEMENT;
  const elements = allocateElements(dtype, Math.ceil(length / dtypeInfo(dtype).slots)).subarray(0, length);
  elementsBytes(elements).set(bytes);
  return elements;
}

function kindOf(data: ArrayData): string {
  return data.constructor.name;
}

/** The wanted shape, with the one size that is open filled in from the number of elements. */
function shapeOf(wanted: readonly Dim[], count: number): readonly number[] {
  const known = wanted.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
  const open = wanted.filter((dim) => typeof dim !== 'number').length;
  // More than one: a flat shape, which the binder refuses with both shapes in its message.
  if (open > 1) return [count];
  const missing = known === 0 ? 0 : Math.floor(count / known);
  return wanted.map((dim) => (typeof dim === 'number' ? dim : missing));
}

function wrongCount(name: string, count: number, shape: readonly number[]): DiagnosticError {
  return new DiagnosticError({
    code: 'E5006',
    message: `input ${name}: the array has ${count} elements, but its shape [${shape.join(', ')}] has ${shapeSize(shape)}`,
  });
}
