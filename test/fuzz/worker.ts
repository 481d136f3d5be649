import { parentPort } from 'node:worker_threads';
import { checkSlice } from './slice.ts';

parentPort?.on('message', ({ from, count }: { readonly from: number; readonly count: number }) => {
  parentPort?.postMessage(checkSlice(from, count));
});
