/**
 * The windows of neighbouring results along one line, each combined from runs of 2, 4, 8, ... elements that they share. A run of 13 is one
 * of 8, one of 4 and an element; where an element may be taken twice, two runs of 8.
 *
 *     b[i] = a[i] + a[i + 1];   c[i] = b[i] + b[i + 2];   d[i] = c[i] + c[i + 4];   out[i] = (d[i] + c[i + 8]) + a[i + 12]
 */
import type { Line } from './apart.ts';

/** A run of `2 ** level` elements, the first of them at `at`. */
interface Run {
  readonly level: number;
  readonly at: number;
}

type Windows = Pick<Line, 'window' | 'stride' | 'dilation'>;

/** The runs whose combination, in order, is the window of a result. */
function runsOfResult({ window, stride, dilation }: Windows, isIdempotent: boolean, result: number): readonly Run[] {
  const begin = result * stride;
  const most = Math.floor(Math.log2(window));
  const rest = window - 2 ** most;
  if (isIdempotent && rest > 0)
    return [
      { level: most, at: begin },
      { level: most, at: begin + rest * dilation },
    ];
  const runs: Run[] = [];
  let taken = 0;
  for (let level = most; level >= 0; level -= 1) {
    if ((window & (2 ** level)) === 0) continue;
    runs.push({ level, at: begin + taken * dilation });
    taken += 2 ** level;
  }
  return runs;
}

/** All runs that so many results need, each after the two it is made of, in the order in which their last elements come. */
function runsOf(windows: Windows, isIdempotent: boolean, results: number, kept: Kept): readonly Run[] {
  const { dilation } = windows;
  const needed = new Map<string, Run>();
  const need = (run: Run): void => {
    const key = keyOf(run);
    if (needed.has(key)) return;
    needed.set(key, run);
    for (const half of halvesOf(run, dilation, kept)) need(half);
  };
  for (let result = 0; result < results; result += 1) runsOfResult(windows, isIdempotent, result).forEach(need);
  const end = ({ level, at }: Run): number => at + (2 ** level - 1) * dilation;
  return [...needed.values()].toSorted((a, b) => end(a) - end(b) || a.level - b.level);
}

function halvesOf({ level, at }: Run, dilation: number, kept: Kept): readonly Run[] {
  if (kept.includes(level)) return [];
  return [at, at + 2 ** (level - 1) * dilation].map((begin) => ({ level: level - 1, at: begin }));
}

function keyOf({ level, at }: Run): string {
  return `${level},${at}`;
}

/** Levels whose runs are read: elements, and what has been combined before. */
export type Kept = readonly number[];

const elementsOnly: Kept = [0];

/** Operations of so many results together: elements read, and combinations. */
export function workOfLine(
  windows: Windows,
  isIdempotent: boolean,
  results: number,
  kept: Kept = elementsOnly,
): { readonly reads: number; readonly joins: number } {
  const runs = runsOf(windows, isIdempotent, results, kept);
  const reads = runs.filter(({ level }) => kept.includes(level)).length;
  return { reads, joins: runs.length - reads + results * (runsOfResult(windows, isIdempotent, 0).length - 1) };
}

/** Each result is visited as soon as the last of its elements has been read. */
export function foldLine<Value extends object>(
  windows: Windows,
  isIdempotent: boolean,
  results: number,
  {
    element,
    join,
    visit,
  }: {
    readonly element: (at: number, level: number) => Value;
    readonly join: (a: Value, b: Value) => Value;
    readonly visit: (result: number, folded: Value) => void;
  },
  kept: Kept = elementsOnly,
): void {
  const known = new Map<string, Value>();
  const last = ({ at, level }: Run): number => at + (2 ** level - 1) * windows.dilation;
  let next = 0;
  const finish = (until: number): void => {
    for (; next < results; next += 1) {
      const runs = runsOfResult(windows, isIdempotent, next);
      if (runs.some((run) => last(run) > until)) return;
      const values = runs.map((run) => known.get(keyOf(run))).filter((value) => value !== undefined);
      visit(next, values.reduce(join));
    }
  };
  let reached = -1;
  for (const run of runsOf(windows, isIdempotent, results, kept)) {
    const end = last(run);
    if (end > reached) finish(reached);
    reached = end;
    const [low, high] = halvesOf(run, windows.dilation, kept).map((half) => known.get(keyOf(half)));
    known.set(keyOf(run), low === undefined || high === undefined ? element(run.at, run.level) : join(low, high));
  }
  finish(reached);
}

/** Longer windows keep runs in memory: so many elements of one are combined in registers. */
const longest = 32;

/** The levels of which all runs of a long line are kept in memory, the elements themselves first; undefined where none are. */
export function keptLevels({ window }: Windows): Kept | undefined {
  if (window <= longest) return undefined;
  const levels = [0];
  // Combining four runs of a level kept takes eight operations, and leaves a quarter of the reads to the results.
  for (let level = 4; level === 4 || window / 2 ** (level - 2) > 6; level += 2) levels.push(level);
  return levels.filter((level) => 2 ** level <= window);
}

/** Results of a tile of a level: short runs of neighbours share what they are made of. */
export function levelTile(runs: number): number {
  return runs > 4 ? 8 : 2;
}
