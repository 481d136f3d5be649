/**
 * Every f32 input through the vector expansion of a one-argument function, with and without fused multiply-add, against f64:
 *
 *     node dist/tools/vector-math-sweep.js [exp log ...] [--stride 1] [--threads 2]
 *     node dist/tools/vector-math-sweep.js [exp log ...] --f64 262144
 *
 * One line a function and mode: the greatest error in ULP, where, and how many results are off by more than 1 and 2 ULP. With `--f64`, of
 * so many f64 inputs, against double-double references; power and atan2 too. docs/numerics.md records the results.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { UnaryOp } from '../codegen/kernel/scalar-ops.ts';
import { atan2, pow } from '../ir/numerics/index.ts';
import { binaryRunner, unaryRunner } from '../test/codegen/kernel/math/expansion-runner.ts';
import { errorInUlp32, errorInUlp64, errorInUlp64Precisely } from '../test/codegen/kernel/math/measured-error.ts';
import {
  exactReference,
  preciseAtan2,
  precisePower,
  preciseReferences,
  quickReferences,
} from '../test/codegen/kernel/math/references.ts';
import { f64Samples, pairSamples } from '../test/codegen/kernel/math/samples.ts';

interface Job {
  readonly op: UnaryOp;
  readonly stride: number;
  readonly begin: number;
  readonly end: number;
}

interface Result {
  readonly worst: number;
  readonly at: number;
  readonly over1: number;
  readonly over2: number;
}

const block = 1 << 12;

/** f(-x) = -f(x), or f(x): the reference is asked for x alone; what the expansion gives for -x is looked at all the same. */
const parities: ReadonlyMap<UnaryOp, 1 | -1> = new Map<UnaryOp, 1 | -1>([
  ...(['cbrt', 'erf', 'sin', 'tan', 'tanh'] as const).map((op) => [op, -1] as const),
  ['cos', 1],
]);
const modes = ['unfused', 'fused'] as const;

/** The results of each mode. */
function sweep({ op, stride, begin, end }: Job): readonly Result[] {
  const reference = quickReferences.get(op);
  if (reference === undefined) throw new Error(`no reference for ${op}`);
  const tallies = modes.map((mode) => new Tally(unaryRunner(op, { dtype: 'f32', isFused: mode === 'fused' })));
  const input = new Float32Array(block);
  const bits = new Uint32Array(input.buffer);
  const exact = new Float64Array(block);
  for (let next = begin; next < end;) {
    let count = 0;
    for (; count < block && next < end; next += stride) bits[count++] = next;
    for (let i = 0; i < count; i++) exact[i] = reference(input[i] ?? 0);
    for (const tally of tallies) tally.add(input, exact, count);
    const parity = parities.get(op);
    if (parity === undefined) continue;
    for (let i = 0; i < count; i++) {
      input[i] = -(input[i] ?? 0);
      exact[i] = parity * (exact[i] ?? 0);
    }
    for (const tally of tallies) tally.add(input, exact, count);
  }
  return tallies.map(({ worst, at, over1, over2 }) => ({ worst, at, over1, over2 }));
}

class Tally {
  worst = 0;
  at = NaN;
  over1 = 0;
  over2 = 0;
  readonly #run: ReturnType<typeof unaryRunner>;
  readonly #output = new Float32Array(block);

  constructor(run: ReturnType<typeof unaryRunner>) {
    this.#run = run;
  }

  add(input: Float32Array, exact: Float64Array, count: number): void {
    const output = this.#output;
    this.#run(input, output, count);
    for (let i = 0; i < count; i++) {
      const [computed, expected] = [output[i] ?? 0, exact[i] ?? 0];
      // An ULP is at least 2^-24 of the number: what is this close needs no closer look.
      if (Math.abs(computed - expected) < Math.abs(expected) * 2 ** -24 * Math.min(1, this.worst)) continue;
      const error = errorInUlp32(computed, expected);
      if (error > 1) this.over1++;
      if (error > 2) this.over2++;
      if (error > this.worst) [this.worst, this.at] = [error, input[i] ?? 0];
    }
  }
}

function inWorker(job: Job): Promise<readonly Result[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function sweepAll(op: UnaryOp, stride: number, threads: number): Promise<void> {
  const inputs = parities.has(op) ? 2 ** 31 : 2 ** 32;
  const share = Math.ceil(inputs / threads / stride) * stride;
  const jobs = Array.from({ length: threads }, (_, index) => ({
    op, stride, begin: index * share, end: Math.min(inputs, (index + 1) * share),
  })); // prettier-ignore
  const results = await Promise.all(jobs.map(inWorker));
  for (const [index, mode] of modes.entries()) {
    const parts = results.flatMap((result) => result[index] ?? []);
    const worst = parts.reduce((a, b) => (b.worst > a.worst ? b : a));
    const sum = (field: 'over1' | 'over2'): number => parts.reduce((total, each) => total + each[field], 0);
    const counts = `over 1: ${sum('over1')}, over 2: ${sum('over2')}`;
    console.log(`${op.padEnd(8)} ${mode.padEnd(8)} max ${worst.worst.toFixed(3)} ULP at ${worst.at}, ${counts}`);
  }
}

/** The greatest error of f64 results, and the input. */
function worstOfF64(op: UnaryOp, isFused: boolean, inputs: Float64Array): readonly [number, number] {
  const results = new Float64Array(inputs.length);
  unaryRunner(op, { dtype: 'f64', isFused })(inputs, results, inputs.length);
  const [rounded, precise] = [exactReference(op), preciseReferences.get(op)];
  let worst: readonly [number, number] = [0, NaN];
  for (const [i, x] of inputs.entries()) {
    const reference = precise?.(x);
    const computed = results[i] ?? 0;
    const error =
      reference === undefined ? errorInUlp64(computed, rounded(x)) : errorInUlp64Precisely(computed, reference);
    if (error > worst[0]) worst = [error, x];
  }
  return worst;
}

function measureF64(op: UnaryOp, count: number): void {
  const inputs = f64Samples(count);
  for (const mode of modes) {
    const [error, at] = worstOfF64(op, mode === 'fused', inputs);
    console.log(`${op.padEnd(8)} ${mode.padEnd(8)} f64 max ${error.toFixed(3)} ULP at ${at}`);
  }
}

/** Greatest errors of `op(x, y)` over pairs of f64. */
function measurePairs(op: 'power' | 'atan2', count: number): void {
  const { x, y } = pairSamples(op, 'f64', count);
  const [rounded, precise] = op === 'power' ? [pow, precisePower] : [atan2, preciseAtan2];
  for (const mode of modes) {
    const results = new Float64Array(x.length);
    binaryRunner(op, { dtype: 'f64', isFused: mode === 'fused' })(x, y, results, x.length);
    let worst = { error: 0, at: '' };
    for (const [i, computed] of results.entries()) {
      const [a, b] = [x[i] ?? 0, y[i] ?? 0];
      const reference = precise(a, b);
      const error =
        reference === undefined ? errorInUlp64(computed, rounded(a, b)) : errorInUlp64Precisely(computed, reference);
      if (error > worst.error) worst = { error, at: `${a}, ${b}` };
    }
    console.log(`${op.padEnd(8)} ${mode.padEnd(8)} f64 max ${worst.error.toFixed(3)} ULP at ${worst.at}`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number): number => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const named = [...quickReferences.keys()].filter((op) => args.includes(op));
  const pairs = (['power', 'atan2'] as const).filter((op) => args.includes(op));
  const isAll = named.length + pairs.length === 0;
  const ops = isAll ? [...quickReferences.keys()] : named;
  const count = option('--f64', 0);
  if (count > 0) {
    for (const op of ops) measureF64(op, count);
    for (const op of isAll ? (['power', 'atan2'] as const) : pairs) measurePairs(op, count);
    return;
  }
  for (const op of ops) await sweepAll(op, option('--stride', 1), option('--threads', 2));
}

if (isMainThread) await main(process.argv.slice(2));
else parentPort?.postMessage(sweep(workerData as Job));
