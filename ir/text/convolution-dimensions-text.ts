/**
 * `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`: which dimension of input, kernel and output is what. Numbers that do not name each dimension
 * once are spelled out instead: `raw input_batch_dimension = 0, ...`.
 */
import type { Attribute, AttributeMap } from '../attributes.ts';

export function convolutionDimensionsText(fields: AttributeMap): string {
  const input = sideText(fields, 'input', ['b', 'batch'], ['f', 'feature']);
  const kernel = sideText(fields, 'kernel', ['i', 'input_feature'], ['o', 'output_feature']);
  const output = sideText(fields, 'output', ['b', 'batch'], ['f', 'feature']);
  if (input === undefined || kernel === undefined || output === undefined) return rawText(fields);
  return `${input}x${kernel}->${output}`;
}

type Letter = readonly [letter: string, field: string];

/** Undefined unless letters and spatial dimensions are 0, 1, ..., each once. */
function sideText(fields: AttributeMap, side: string, ...letters: readonly Letter[]): string | undefined {
  const spatial = numbersOf(fields.get(`${side}_spatial_dimensions`));
  const places: [place: number, name: string][] = spatial.map((place, index) => [place, String(index)]);
  for (const [letter, field] of letters) places.push([numberOf(fields.get(`${side}_${field}_dimension`)), letter]);
  const names: string[] = [];
  for (const [place, name] of places.sort(([a], [b]) => a - b)) if (place === names.length) names.push(name);
  return names.length === places.length ? `[${names.join(', ')}]` : undefined;
}

function rawText(fields: AttributeMap): string {
  const texts = Array.from(fields, ([name, value]) => {
    return `${name} = ${value.kind === 'dense-array' ? `[${value.values.join(', ')}]` : numberOf(value)}`;
  });
  return `raw ${texts.join(', ')}`;
}

function numberOf(attribute: Attribute | undefined): number {
  return attribute?.kind === 'integer' ? Number(attribute.value) : -1;
}

function numbersOf(attribute: Attribute | undefined): readonly number[] {
  return attribute?.kind === 'dense-array' ? attribute.values.map(Number) : [];
}
