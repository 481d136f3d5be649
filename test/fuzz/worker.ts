import { parentPort, workerData } from 'node:worker_threads';
import { type NodeThreads, nodeThreads } from '../../compiler/cli/node-threads.ts';
import { checkSlice } from './slice.ts';

/** Where others see the seed that is being checked. */
const current = workerData as Int32Array;

export interface SliceRequest {
  readonly from: number;
  readonly count: number;
  /** Of a run on threads beside the others; 1 for none. */
  readonly threads: number;
}

let host: NodeThreads | undefined;

parentPort?.on('message', ({ from, count, threads }: SliceRequest) => {
  if (threads > 1) host ??= nodeThreads(threads);
  parentPort?.postMessage(checkSlice(from, count, (seed) => void (current[0] = seed), host));
});
