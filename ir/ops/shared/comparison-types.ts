/** Which `compare_type` goes with which elements. */
import { elementKind } from '../../type-constraints.ts';
import type { ElementType } from '../../types.ts';
import type { ComparisonType } from './ordering.ts';

export function fittingComparisonTypes(element: ElementType): readonly ComparisonType[] {
  const kind = elementKind(element);
  switch (kind) {
    case 'boolean':
    case 'unsigned':
      return ['UNSIGNED'];
    case 'integer':
      return ['SIGNED'];
    case 'float':
      return ['FLOAT', 'TOTALORDER'];
    case 'complex':
      return ['FLOAT'];
    case 'quantized':
      return ['FLOAT', 'TOTALORDER', 'SIGNED', 'UNSIGNED'];
    default:
      return kind satisfies never;
  }
}
