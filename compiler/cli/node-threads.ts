/** Threads of this process for programs that it runs: `tessera run --threads`, tests and benchmarks. */
import { Worker } from 'node:worker_threads';
import { workerText } from '../driver/loader-text.ts';
import type { ThreadHost } from '../driver/run-wasm.ts';

export interface NodeThreads extends ThreadHost {
  /** Ends them; no program may run any more. */
  readonly end: () => void;
}

/** They serve one program after the other: stop one before the next is made. They do not keep the process alive. */
export function nodeThreads(count: number): NodeThreads {
  const workers = Array.from({ length: count - 1 }, () => new Worker(workerText, { eval: true }));
  for (const worker of workers) worker.unref();
  return {
    count,
    start(module, memory) {
      for (const [index, worker] of workers.entries()) worker.postMessage({ module, memory, slot: index + 1 });
    },
    end() {
      for (const worker of workers) void worker.terminate();
    },
  };
}
