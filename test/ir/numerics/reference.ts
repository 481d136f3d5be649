/** Reads the reference values beside this file, and measures a result against them. */
import { exponentOf, f64FromBits, powerOfTwo } from '../../../ir/numerics/index.ts';

/** A real number to about 66 bits: `nearest + offset * ulp(nearest)`. */
export interface Reference {
  readonly nearest: number;
  readonly offset: number;
}

export interface ReferenceLine {
  readonly args: readonly number[];
  readonly results: readonly Reference[];
}

/** The lines of each function, by its name. */
export function parseReferences(text: string): ReadonlyMap<string, readonly ReferenceLine[]> {
  const functions = new Map<string, ReferenceLine[]>();
  let lines: ReferenceLine[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith(' ')) lines.push(parseLine(line.trim().split(' ')));
    else if (line !== '') functions.set(line, (lines = []));
  }
  return functions;
}

function parseLine(words: readonly string[]): ReferenceLine {
  const args: number[] = [];
  const results: Reference[] = [];
  for (const [i, word] of words.entries()) {
    const next = words[i + 1] ?? '';
    if (word.length !== 16) continue;
    if (next.length < 16 && next !== '') results.push({ nearest: fromHex(word), offset: Number(next) });
    else args.push(fromHex(word));
  }
  return { args, results };
}

/** The double with these sixteen hexadecimal digits. */
export function fromHex(digits: string): number {
  return f64FromBits(BigInt(`0x${digits}`));
}

/** How far `actual` is from the exact value, in ULP of the nearest double. */
export function errorInUlps(actual: number, { nearest, offset }: Reference): number {
  if (Object.is(actual, nearest)) return Math.abs(offset);
  const ulp = powerOfTwo(Math.max(exponentOf(nearest), -1022) - 52);
  const error = Math.abs((actual - nearest) / ulp - offset);
  return Number.isNaN(error) ? Infinity : error;
}
