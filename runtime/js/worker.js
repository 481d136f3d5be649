// @ts-check
// What the other threads of a model run: NAME.worker.js. It imports nothing, so that it is a script to whoever takes it for one.

(() => {
  /** @typedef {{ module: WebAssembly.Module, memory: WebAssembly.Memory, slot: number }} Task */
  /** @typedef {{ addEventListener(type: 'message', listener: (event: { data: Task }) => void): void, postMessage(message: string): void }} Port */
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort;
  const port = /** @type {Port} */ (/** @type {unknown} */ (node ?? globalThis));

  port.addEventListener('message', ({ data: { module, memory, slot } }) => {
    const { exports } = new WebAssembly.Instance(module, { tessera: { memory } });
    const { worker, failed } = /** @type {Record<string, (slot: number) => void>} */ (exports);
    port.postMessage('ready');
    for (let isRunning = true; isRunning;) {
      try {
        worker?.(slot);
        isRunning = false;
      } catch {
        // The call that this was part of fails, rather than wait for it.
        failed?.(slot);
      }
    }
  });
})();
