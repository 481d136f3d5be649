/**
 * Parameters and inputs made of their names: the same numbers as samples/README.md's `fill.py`, so that outside results need no weights
 * beside them. A linear congruential generator (Numerical Recipes) seeded with FNV-1a of the name.
 */
import { shapeSize } from '../../ir/evaluator/tensor.ts';

export interface Filled {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export function filled(name: string, ...shape: readonly number[]): Filled {
  let state = 2166136261;
  for (const byte of new TextEncoder().encode(name)) state = Math.imul(state ^ byte, 16777619) >>> 0;
  const scale = scaleOf(name, shape);
  const data = new Float32Array(shapeSize(shape)).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale((state >>> 8) / 2 ** 24 - 0.5);
  });
  return { data, shape };
}

function scaleOf(name: string, shape: readonly number[]): (value: number) => number {
  const last = name.split('.').at(-1) ?? '';
  if (last === 'variance' || last === 'scale') return (value) => 1 + value;
  if (shape.length < 2) return (value) => 0.2 * value;
  if (!['weight', 'wx', 'wh'].includes(last)) return (value) => 2 * value;
  const inputs = Math.sqrt(shapeSize(shape.slice(0, -1)));
  return (value) => (2 * value) / inputs;
}
