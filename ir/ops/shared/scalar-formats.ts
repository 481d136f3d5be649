/** What the numerics library needs to know of a dtype. */
import { InvariantError } from '../../diagnostics/diagnostic.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { type DType, dtypeInfo, dtypes } from '../../dtype.ts';
import { type FloatFormat, floatFormats, type IntegerFormat, isFloatFormatName } from '../../numerics/index.ts';

/** How elements are computed with: `integer` on numbers, `bigint` (64 bits) on bigints, `complex` on pairs. */
export type ElementClass = 'boolean' | 'integer' | 'bigint' | 'float' | 'complex';

export function elementClass(dtype: DType): ElementClass {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind !== 'integer' && kind !== 'unsigned') return kind;
  return bits === 64 ? 'bigint' : 'integer';
}

const integerFormats: ReadonlyMap<DType, IntegerFormat> = new Map(
  dtypes.map((dtype) => {
    const { bits, kind } = dtypeInfo(dtype);
    return [dtype, Object.freeze({ width: bits, signed: kind === 'integer' })];
  }),
);

/** Width and sign of an integer dtype; a boolean is one unsigned bit. */
export function integerFormatOf(dtype: DType): IntegerFormat {
  const format = integerFormats.get(dtype);
  if (format === undefined) throw new InvariantError(`${dtype} is no integer`);
  return format;
}

/** The format of a float dtype, or of the parts of a complex one. */
export function floatFormatOf(dtype: DType): FloatFormat {
  const { part } = dtypeInfo(dtype);
  if (!isFloatFormatName(part)) throw new InvariantError(`${dtype} is no float`);
  return floatFormats[part];
}

/** For ops on the bits of floats that have infinities and NaN where IEEE-754 puts them. */
export function requireIeee(dtype: DType, context: EvaluationContext): void {
  if (floatFormatOf(dtype).specials !== 'ieee') throw context.unsupported(`elements of type ${dtype}`);
}
