/** The one number that all elements of a constant are. */
import type { Attribute } from '../../ir/attributes.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { decodeFloat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import type { Value } from '../../ir/operation.ts';
import { hasDType } from '../../ir/types.ts';
import { isNarrow } from './narrow-elements.ts';

/** As a register holds it: of narrow floats the bits. Undefined when elements differ, or are complex. */
export function splatOfConstant(attribute: Attribute | undefined): number | bigint | undefined {
  if (attribute?.kind !== 'dense' || !hasDType(attribute.type)) return undefined;
  const { data, type } = attribute;
  const dtype: DType = type.element;
  const { kind, storage } = dtypeInfo(dtype);
  if (kind === 'complex' || (!data.splat && data.values.length !== 1)) return undefined;
  const [stored] = data.values;
  if (stored === undefined || kind !== 'float' || storage === 'f32' || storage === 'f64' || isNarrow(dtype))
    return stored;
  return isFloatFormatName(dtype) ? decodeFloat(Number(stored), floatFormats[dtype]) : undefined;
}

/** The number a value is, when a constant op of the same region defines it. */
export function constantNumber(value: Value): number | bigint | undefined {
  const op = value.definingOp;
  return op?.definition.traits.has('constant-like') === true ? splatOfConstant(op.attribute('value')) : undefined;
}
