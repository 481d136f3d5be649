/** `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`: which dimension of input, kernel and output is what. */
import type { Attribute, AttributeMap } from '../attributes.ts';

export function convolutionDimensionsText(fields: AttributeMap): string {
  const input = sideText(fields, 'input', { b: 'input_batch_dimension', f: 'input_feature_dimension' });
  const kernel = sideText(fields, 'kernel', {
    i: 'kernel_input_feature_dimension',
    o: 'kernel_output_feature_dimension',
  });
  const output = sideText(fields, 'output', { b: 'output_batch_dimension', f: 'output_feature_dimension' });
  return `${input}x${kernel}->${output}`;
}

function sideText(fields: AttributeMap, side: string, letters: Readonly<Record<string, string>>): string {
  const names = new Map<number, string>();
  for (const [letter, field] of Object.entries(letters)) names.set(numberOf(fields.get(field)), letter);
  for (const [index, dimension] of numbersOf(fields.get(`${side}_spatial_dimensions`)).entries()) {
    names.set(dimension, String(index));
  }
  const count = Math.max(-1, ...names.keys()) + 1;
  return `[${Array.from({ length: count }, (_, dimension) => names.get(dimension) ?? '?').join(', ')}]`;
}

function numberOf(attribute: Attribute | undefined): number {
  return attribute?.kind === 'integer' ? Number(attribute.value) : 0;
}

function numbersOf(attribute: Attribute | undefined): readonly number[] {
  return attribute?.kind === 'dense-array' ? attribute.values.map(Number) : [];
}
