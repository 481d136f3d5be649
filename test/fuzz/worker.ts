import { parentPort, workerData } from 'node:worker_threads';
import { checkSlice } from './slice.ts';

/** Where others see the seed that is being checked. */
const current = workerData as Int32Array;

parentPort?.on('message', ({ from, count }: { readonly from: number; readonly count: number }) => {
  parentPort?.postMessage(checkSlice(from, count, (seed) => void (current[0] = seed)));
});
