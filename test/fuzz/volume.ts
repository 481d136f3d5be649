/** Random programs in volume: slices of seeds over worker threads, remembered by the content of the compiler. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { hashCode, VerdictCache } from '../conformance/cache.ts';
import type { SliceRequest } from './worker.ts';
import { emptyReport, mergeReports, type SliceReport } from './slice.ts';

export interface VolumeOptions {
  readonly from: number;
  readonly count: number;
  readonly jobs: number;
  readonly cache: boolean;
  /** Run every program on so many threads too; 1 for none. */
  readonly threads?: number;
  readonly onProgress?: (done: number, report: SliceReport) => void;
}

const sliceSize = 50;
/** A slice takes a few seconds; one that takes longer than this hangs, and its worker is replaced. */
const limitMilliseconds = 240_000;

const distFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Adds up the reports of all slices. */
export async function runVolume({
  from,
  count,
  jobs,
  cache: remembers,
  threads = 1,
  onProgress,
}: VolumeOptions): Promise<SliceReport> {
  const cache = remembers ? openCache() : undefined;
  const slices = Array.from({ length: Math.ceil(count / sliceSize) }, (_, index) => from + index * sliceSize);
  const queue = slices.toReversed();
  let [report, done] = [emptyReport, 0];
  const settle = (part: SliceReport): void => {
    report = mergeReports(report, part);
    onProgress?.((done += sliceSize), report);
  };
  const work = async (): Promise<void> => {
    let worker: Worker | undefined;
    const current = new Int32Array(new SharedArrayBuffer(4));
    for (let start = queue.pop(); start !== undefined; start = queue.pop()) {
      const size = Math.min(sliceSize, from + count - start);
      const key = cache?.key(`${start} ${size} ${threads}`);
      const known = key === undefined ? undefined : cache?.get(key);
      if (known !== undefined) {
        settle(JSON.parse(known.message) as SliceReport);
        continue;
      }
      worker ??= new Worker(new URL('./worker.js', import.meta.url), { workerData: current });
      current[0] = start;
      const { isLost, ...answer } = await ask(worker, { from: start, count: size, threads }, () => current[0] ?? start);
      if (answer.failures.length === 0 && key !== undefined)
        cache?.set(key, { status: 'passed', message: JSON.stringify(answer) });
      settle(answer);
      if (!isLost) continue;
      await worker.terminate();
      worker = undefined;
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: jobs }, work));
  cache?.save();
  return report;
}

interface Answer extends SliceReport {
  /** The worker is of no more use; one failure says at which seed. */
  readonly isLost: boolean;
}

function ask(worker: Worker, request: SliceRequest, currentSeed: () => number): Promise<Answer> {
  const { from, count } = request;
  return new Promise((resolve) => {
    const finish = (report: SliceReport, isLost: boolean): void => {
      clearTimeout(timer);
      worker.off('message', onReport);
      worker.off('error', onError);
      resolve({ ...report, isLost });
    };
    const fail = (why: string): void => {
      const message = `${why}; the other seeds from ${from} to ${from + count - 1} are not counted`;
      finish({ ...emptyReport, failures: [{ seed: currentSeed(), message, text: '' }] }, true);
    };
    const onReport = (report: SliceReport): void => finish(report, false);
    const onError = (error: Error): void => fail(`the worker died: ${error.message}`);
    const timer = setTimeout(() => fail(`no answer within ${limitMilliseconds / 1000} s`), limitMilliseconds);
    worker.on('message', onReport);
    worker.on('error', onError);
    worker.postMessage(request);
  });
}

function openCache(): VerdictCache {
  const folders = ['ir', 'passes', 'codegen', 'compiler/driver', 'test/fuzz'].map((name) => join(distFolder, name));
  const path = join(distFolder, '../node_modules/.cache/tessera/fuzz.json');
  return new VerdictCache(path, `${hashCode(folders)} ${process.versions.v8}`);
}
