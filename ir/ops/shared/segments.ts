/** Sizes of the operand or result groups of an op with several groups of unequal sizes: MLIR's `operandSegmentSizes`. */
import type { AttributeCodec } from '../../attribute-schema.ts';
import { type Attribute, denseArrayAttr } from '../../attributes.ts';
import { scalarType } from '../../types.ts';

/** `array<i32: 1, 2>` with one entry a group. */
export function segmentSizes(groups: number): AttributeCodec<readonly number[]> {
  return Object.freeze({
    describe: `an array of ${groups} 32-bit sizes`,
    decode(attribute: Attribute): readonly number[] | undefined {
      if (attribute.kind !== 'dense-array' || attribute.type.dtype !== 'i32') return undefined;
      const sizes = attribute.values.map(Number);
      return sizes.length === groups && sizes.every((size) => size >= 0) ? sizes : undefined;
    },
    encode: (sizes: readonly number[]): Attribute => denseArrayAttr(scalarType('i32'), sizes),
  });
}
