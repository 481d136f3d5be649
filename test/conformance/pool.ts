/** Shards cases over worker threads: each takes the next case when it is done with its last. */
import { Worker } from 'node:worker_threads';
import type { ConformanceCase } from './suite.ts';
import type { CachedVerdict } from './cache.ts';

export interface WorkerTask {
  readonly index: number;
  readonly testCase: ConformanceCase;
  readonly target: string;
  readonly passes: string;
}

export interface WorkerAnswer {
  readonly index: number;
  readonly verdict: CachedVerdict;
}

/** A case that takes longer than this is a failure, and its worker is replaced. */
const caseLimitMilliseconds = 120_000;

/** Runs all tasks; `onDone` is called once for each, in the order they finish. */
export async function runPool(
  tasks: readonly WorkerTask[],
  workerCount: number,
  onDone: (answer: WorkerAnswer) => void,
): Promise<void> {
  const queue = [...tasks].reverse();
  const count = Math.max(1, Math.min(workerCount, tasks.length));
  await Promise.all(Array.from({ length: count }, () => runWorker(queue, onDone)));
}

async function runWorker(queue: WorkerTask[], onDone: (answer: WorkerAnswer) => void): Promise<void> {
  let worker = startWorker();
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    const answer = await ask(worker, task);
    if (answer.lost) {
      await worker.terminate();
      worker = startWorker();
    }
    onDone(answer);
  }
  await worker.terminate();
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 4096 } });
}

function ask(worker: Worker, task: WorkerTask): Promise<WorkerAnswer & { readonly lost: boolean }> {
  return new Promise((resolve) => {
    const finish = (verdict: CachedVerdict, lost: boolean): void => {
      clearTimeout(timer);
      // Each by itself: removing all would remove the worker's own, and no message would come any more.
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      resolve({ index: task.index, verdict, lost });
    };
    const fail = (message: string): void => finish({ status: 'failed', message }, true);
    const onMessage = (answer: WorkerAnswer): void => finish(answer.verdict, false);
    const onError = (error: Error): void => fail(`the worker died: ${error.message}`);
    const onExit = (code: number): void => fail(`the worker ended with code ${code}`);
    const timer = setTimeout(() => fail(`no answer within ${caseLimitMilliseconds / 1000} s`), caseLimitMilliseconds);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(task);
  });
}
