/**
 * Every f32 input through the vector expansion of a one-argument function, with and without fused multiply-add, against f64:
 *
 *     node dist/tools/vector-math-sweep.js [exp log ...] [--stride 1] [--threads 2]
 *
 * One line a function and mode: the greatest error in ULP, where, and how many results are off by more than 1 ULP. The f64 references are the
 * engine's own functions (their error is 1e-9 ULP of f32), erf's is ir/numerics. docs/numerics.md records the results.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { UnaryOp } from '../codegen/kernel/scalar-ops.ts';
import { erf } from '../ir/numerics/index.ts';
import { unaryRunner } from '../test/codegen/kernel/math/expansion-runner.ts';
import { errorInUlp32 } from '../test/codegen/kernel/math/measured-error.ts';

const references: Readonly<Partial<Record<UnaryOp, (x: number) => number>>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  logistic: (x) => (x === -Infinity ? 0 : 1 / (1 + Math.exp(-x))),
  rsqrt: (x) => 1 / Math.sqrt(x),
  cbrt: Math.cbrt,
  erf,
};

interface Job {
  readonly op: UnaryOp;
  readonly isFused: boolean;
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

const block = 1 << 16;

function sweep({ op, isFused, stride, begin, end }: Job): Result {
  const reference = references[op];
  if (reference === undefined) throw new Error(`no reference for ${op}`);
  const run = unaryRunner(op, { dtype: 'f32', isFused });
  const input = new Float32Array(block);
  const bits = new Uint32Array(input.buffer);
  const output = new Float32Array(block);
  let [worst, at, over1, over2] = [0, NaN, 0, 0];
  for (let next = begin; next < end;) {
    let count = 0;
    for (; count < block && next < end; next += stride) bits[count++] = next;
    run(input, output, count);
    for (let i = 0; i < count; i++) {
      const x = input[i] ?? 0;
      const error = errorInUlp32(output[i] ?? 0, reference(x));
      if (error > 1) over1++;
      if (error > 2) over2++;
      if (error > worst) [worst, at] = [error, x];
    }
  }
  return { worst, at, over1, over2 };
}

function inWorker(job: Job): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function sweepAll(op: UnaryOp, isFused: boolean, stride: number, threads: number): Promise<void> {
  const share = Math.ceil(2 ** 32 / threads / stride) * stride;
  const jobs = Array.from({ length: threads }, (_, index) => ({
    op, isFused, stride, begin: index * share, end: Math.min(2 ** 32, (index + 1) * share),
  })); // prettier-ignore
  const results = await Promise.all(jobs.map(inWorker));
  const worst = results.reduce((a, b) => (b.worst > a.worst ? b : a));
  const sum = (field: 'over1' | 'over2'): number => results.reduce((total, each) => total + each[field], 0);
  const mode = isFused ? 'fused' : 'unfused';
  console.log(
    `${op.padEnd(8)} ${mode.padEnd(8)} max ${worst.worst.toFixed(3)} ULP at ${worst.at}, over 1: ${sum('over1')}, over 2: ${sum('over2')}`,
  );
}

async function main(args: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number): number => {
    const at = args.indexOf(name);
    return at < 0 ? otherwise : Number(args[at + 1]);
  };
  const named = args.filter((each) => each in references) as UnaryOp[];
  const ops = named.length > 0 ? named : (Object.keys(references) as UnaryOp[]);
  for (const op of ops)
    for (const isFused of [false, true]) await sweepAll(op, isFused, option('--stride', 1), option('--threads', 2));
}

if (isMainThread) await main(process.argv.slice(2));
else parentPort?.postMessage(sweep(workerData as Job));
