// @ts-check
// Of a loader whose model was compiled with --threads: starts NAME.worker.js, and says how many threads there can be.

/** Beyond these a thread rarely has a core of its own that is as fast. */
const mostByDefault = 8;

/** @typedef {{ ready: Promise<unknown>, stop(): void }} Workers */
/**
 * @typedef {{
 *   postMessage(message: object): void, terminate(): unknown, unref?(): void,
 *   on?(event: string, listener: (event: unknown) => void): unknown,
 *   addEventListener(event: string, listener: (event: unknown) => void): unknown,
 * }} AnyWorker
 */
/**
 * @typedef {{
 *   crossOriginIsolated?: boolean, navigator?: { hardwareConcurrency?: number }, process?: NodeJS.Process, SharedArrayBuffer?: unknown,
 *   Worker?: new (url: unknown, options: { type: 'module' }) => AnyWorker,
 *   trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): unknown } },
 * }} Globals
 */

export const pool = {
  /** Threads of a call: what is wanted, or as many as there are cores, as far as memory can be shared at all. @param {number | undefined} wanted */
  count(wanted) {
    const { crossOriginIsolated, navigator, process, SharedArrayBuffer } = /** @type {Globals} */ (globalThis);
    if (crossOriginIsolated === false || SharedArrayBuffer === undefined) return 1;
    if (wanted !== undefined) return Math.max(1, Math.min(64, Math.floor(wanted) || 1));
    const cores = navigator?.hardwareConcurrency ?? process?.getBuiltinModule('node:os').availableParallelism() ?? 1;
    return Math.min(mostByDefault, cores);
  },

  /** Compiles it to take a memory that is shared: one byte of what it imports says so. @param {Uint8Array} bytes */
  compileShared(bytes) {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
    const at = head.indexOf('\x07tessera\x06memory\x02\x01') + 16;
    if (at < 16) return WebAssembly.compile(bytes);
    bytes[at] = 3;
    const module = WebAssembly.compile(bytes);
    bytes[at] = 1;
    return module;
  },

  /** For a model, which they outlive only to end. @param {object} model @param {WebAssembly.Module} module @param {Readonly<Record<string, unknown>>} exports @param {number} count @returns {Workers} */
  start(model, module, exports, count) {
    const { memory, start, stop } = /** @type {Record<string, (...values: number[]) => void>} */ (exports);
    start?.(count, mayWait());
    const workers = Array.from({ length: count - 1 }, () => newWorker());
    const ready = workers.map((worker, index) => {
      const started = new Promise((resolve, reject) => {
        listen(worker, 'message', resolve);
        listen(worker, 'error', reject);
      });
      worker.postMessage({ module, memory, slot: index + 1 });
      // A process ends though its workers wait, once they are there.
      return started.then(() => worker.unref?.());
    });
    const all = Promise.all(ready);
    // Who does not wait for them need not hear that they do not come.
    all.catch(() => {});
    const end = () => {
      stop?.();
      for (const worker of workers) worker.terminate();
    };
    abandoned.register(model, end);
    return { ready: all, stop: end };
  },
};

/** @type {FinalizationRegistry<() => void>} */
const abandoned = new FinalizationRegistry((end) => end());

/** The thread that draws a page may not. */
function mayWait() {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return 1;
  } catch {
    return 0;
  }
}

/** @param {AnyWorker} worker @param {string} event @param {(event: unknown) => void} listener */
function listen(worker, event, listener) {
  if (worker.on === undefined) worker.addEventListener(event, listener);
  else worker.on(event, listener);
}

/** @returns {AnyWorker} */
function newWorker() {
  const { Worker, trustedTypes } = /** @type {Globals} */ (globalThis);
  if (Worker === undefined) {
    const { Worker: NodeWorker } = process.getBuiltinModule('node:worker_threads');
    const worker = new NodeWorker(new URL('./model.worker.js', import.meta.url));
    return /** @type {AnyWorker} */ (/** @type {unknown} */ (worker));
  }
  try {
    // In these words bundlers know that it is a worker.
    return new Worker(new URL('./model.worker.js', import.meta.url), { type: 'module' });
  } catch (error) {
    if (trustedTypes === undefined) throw error;
    const createScriptURL = (/** @type {string} */ url) => url;
    const policy = trustedTypes.createPolicy('tessera', { createScriptURL });
    const url = new URL('./model.worker.js', import.meta.url);
    return new Worker(policy.createScriptURL(url.href), { type: 'module' });
  }
}
