/** What a region takes and gives, as the constraints on regions phrase it: `(tensor<f32>, tensor<f32>) -> tensor<f32>`. */
import type { Dim } from '../../dimension.ts';
import { dynamicDim } from '../../dimension.ts';
import type { Region } from '../../operation.ts';
import { functionTypeText, isTensor, tensorType, type Type } from '../../types.ts';
import { compatibleTypes } from '../../verifier.ts';

export function regionInputs(region: Region): readonly Type[] {
  return region.block.arguments.map((argument) => argument.type);
}

/** Types of what the terminator returns; none when there is no terminator. */
export function regionOutputs(region: Region): readonly Type[] {
  return region.block.terminator?.operandUses.map((use) => use.value.type) ?? [];
}

/** For messages. */
export function describeSignature(region: Region): string {
  return functionTypeText(regionInputs(region), regionOutputs(region));
}

/** For messages: `tensor<2xf32>, tensor<f32>`. */
export function describeTypes(types: readonly Type[]): string {
  return types.length === 0 ? 'none' : types.map((type) => type.text).join(', ');
}

/** As many, each equal to its partner up to sizes that are not known. */
export function compatibleTypeLists(a: readonly Type[], b: readonly Type[]): boolean {
  return (
    a.length === b.length &&
    a.every((type, index) => {
      const other = b[index];
      return other !== undefined && compatibleTypes(type, other);
    })
  );
}

/** The most that is known of a value that may be of either of two compatible types: sizes that differ become unknown. */
export function commonType(a: Type, b: Type): Type {
  if (a === b || !isTensor(a) || !isTensor(b)) return a;
  const shape = a.shape.map((dim, axis): Dim => (dim === b.shape[axis] ? dim : dynamicDim));
  return tensorType(shape, a.element);
}
