/** `f32(x)`: conversion to a dtype. */
import { dtypeInfo, type DType } from '../../../../ir/dtype.ts';
import { real } from '../../../../ir/ops/stablehlo/real.ts';
import type { CallSite } from '../call-site.ts';
import { literalTensor, isLiteral } from '../literals.ts';
import { describeKind, dtypeText } from '../type-text.ts';
import type { Span } from '../../../../ir/source.ts';
import type { Value } from '../values.ts';

/**
 * The elements in another dtype: floats become integers towards zero, booleans 0 and 1, numbers a boolean that says "not 0". Trees are
 * converted leaf by leaf.
 */
export function convertTo(value: Value, dtype: DType, span: Span, site: CallSite): Value {
  if (isLiteral(value)) {
    const { kind } = dtypeInfo(dtype);
    if (value.kind === 'bool') return site.ops.convert(literalTensor(value, 'i1', span, site), dtype);
    if (value.kind === 'float' && (kind === 'integer' || kind === 'unsigned')) {
      return site.ops.constant(Math.trunc(value.value ?? 1), dtype);
    }
    if (kind === 'boolean')
      return site.ops.compare('NE', literalTensor(value, 'f32', span, site), site.ops.constant(0, 'f32'));
    return literalTensor(value, dtype, span, site);
  }
  if (value.kind === 'tensor') {
    if (dtypeInfo(value.dtype).kind !== 'complex' || dtypeInfo(dtype).kind === 'complex') {
      return site.ops.convert(value, dtype);
    }
    return site.ops.convert(site.ops.elementwise(real, [value], dtypeInfo(value.dtype).part), dtype);
  }
  if (value.kind === 'tuple') {
    const fields = value.fields.map((field) => ({
      name: field.name,
      value: convertTo(field.value, dtype, span, site),
    }));
    return { kind: 'tuple', fields };
  }
  if (value.kind === 'list') {
    return { ...value, elements: value.elements.map((element) => convertTo(element, dtype, span, site)) };
  }
  const message = `\`${dtypeText(dtype)}(...)\` converts tensors and numbers, not ${describeKind(value)}`;
  return site.fail('E6705', message, { span });
}
