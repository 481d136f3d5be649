/** How many parts a value has, so that values which double with each step are refused while they are small. */
import type { Value } from './values.ts';

export const mostParts = 1 << 18;

const known = new WeakMap<Value, number>();

/** Tuples and lists and all in them, each time it occurs; a string has as many parts as characters. */
export function partsOf(value: Value): number {
  if (value.kind === 'str') return value.value.length;
  if (value.kind !== 'tuple' && value.kind !== 'list') return 1;
  const counted = known.get(value);
  if (counted !== undefined) return counted;
  let parts = 1;
  if (value.kind === 'tuple') for (const field of value.fields) parts += partsOf(field.value);
  else for (const element of value.elements) parts += partsOf(element);
  known.set(value, parts);
  return parts;
}
