/** Types of values in kernels: a dtype and a number of lanes. Memory holds elements in the evaluator's storage form (ir/elements.ts). */

/**
 * What a register may hold. Complex, 4-bit and 8-bit floats are expanded before kernels are made. `i1` is a mask or a boolean; in memory
 * it is a byte. `f16` and `bf16` are storage formats unless the target computes with them: a load gives the bits, a convert the number.
 */
export const kernelDTypes = [
  'i1', 'i8', 'i16', 'i32', 'i64', 'ui8', 'ui16', 'ui32', 'ui64', 'f16', 'bf16', 'f32', 'f64', 'index',
] as const; // prettier-ignore

export type KernelDType = (typeof kernelDTypes)[number];

export interface ValueType {
  readonly dtype: KernelDType;
  /** 1 for a scalar. */
  readonly lanes: number;
}

export function scalar(dtype: KernelDType): ValueType {
  return { dtype, lanes: 1 };
}

export function vector(dtype: KernelDType, lanes: number): ValueType {
  return { dtype, lanes };
}

export function equalValueTypes(a: ValueType, b: ValueType): boolean {
  return a.dtype === b.dtype && a.lanes === b.lanes;
}

export function valueTypeText({ dtype, lanes }: ValueType): string {
  return lanes === 1 ? dtype : `${dtype}x${lanes}`;
}

/** Bytes of one element in memory. */
export function elementBytes(dtype: KernelDType): number {
  switch (dtype) {
    case 'i1':
    case 'i8':
    case 'ui8':
      return 1;
    case 'i16':
    case 'ui16':
    case 'f16':
    case 'bf16':
      return 2;
    case 'i32':
    case 'ui32':
    case 'f32':
      return 4;
    case 'i64':
    case 'ui64':
    case 'f64':
    case 'index':
      return 8;
    default:
      return dtype satisfies never;
  }
}

export function isFloatKernelDType(dtype: KernelDType): boolean {
  return dtype === 'f16' || dtype === 'bf16' || dtype === 'f32' || dtype === 'f64';
}

export function isUnsignedKernelDType(dtype: KernelDType): boolean {
  return dtype === 'i1' || dtype === 'ui8' || dtype === 'ui16' || dtype === 'ui32' || dtype === 'ui64';
}
