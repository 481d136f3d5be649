import { parentPort } from 'node:worker_threads';
import type { WorkerAnswer, WorkerTask } from './pool.ts';
import { runCase } from './run-case.ts';

parentPort?.on('message', (task: WorkerTask) => {
  const answer: WorkerAnswer = { index: task.index, verdict: runCase(task.testCase, task.target, task.passes) };
  parentPort?.postMessage(answer);
});
