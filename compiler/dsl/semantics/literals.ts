/** Compile-time numbers where a tensor is wanted: they take the dtype at hand, rounded once from what was written. */
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import type { Span } from '../../../ir/source.ts';
import type { CallSite } from './call-site.ts';
import { constantOf } from './dimension.ts';
import { dtypeText } from './type-text.ts';
import type { BoolValue, FloatValue, IntValue, TensorValue, Value } from './values.ts';

export type Literal = IntValue | FloatValue | BoolValue;

export function isLiteral(value: Value): value is Literal {
  return value.kind === 'int' || value.kind === 'float' || value.kind === 'bool';
}

/** A scalar tensor of the dtype; reports a fraction, sign or size that the dtype does not have. */
export function literalTensor(literal: Literal, dtype: DType, span: Span, site: CallSite): TensorValue {
  return { ...literalScalar(literal, dtype, span, site), origin: span };
}

function literalScalar(literal: Literal, dtype: DType, span: Span, site: CallSite): TensorValue {
  const { kind } = dtypeInfo(dtype);
  const misfit = (what: string, hint?: string): never =>
    site.fail('E6303', `${what} is no ${dtypeText(dtype)}`, { span, hint });
  switch (literal.kind) {
    case 'bool':
      if (kind !== 'boolean') misfit(String(literal.value ?? 'a bool'), `convert it: \`${dtypeText(dtype)}(...)\``);
      return site.ops.constant(literal.value === true ? 1 : 0, dtype);
    case 'float':
      if (kind !== 'float' && kind !== 'complex') {
        misfit(literal.text ?? String(literal.value ?? 'a fraction'), 'convert the tensor: `f32(x)`');
      }
      return site.ops.constant(literal.value ?? 1, dtype);
    case 'int': {
      if (kind === 'boolean') misfit(`${constantOf(literal.value) ?? 'an integer'}`, 'compare it: `x != 0`');
      const value = constantOf(literal.value);
      if (value === undefined) return site.ops.size(literal.value, dtype);
      if (!isWithin(value, dtype)) misfit(String(value), `${dtypeText(dtype)} takes ${rangeText(dtype)}`);
      return site.ops.constant(value, dtype);
    }
  }
}

function isWithin(value: number, dtype: DType): boolean {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'integer') return value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);
  return kind !== 'unsigned' || (value >= 0 && value < 2 ** bits);
}

function rangeText(dtype: DType): string {
  const { kind, bits } = dtypeInfo(dtype);
  return kind === 'unsigned' ? `0 to 2^${bits} - 1` : `-2^${bits - 1} to 2^${bits - 1} - 1`;
}
