/** TensorFlow.js on its WebAssembly back end (XNNPACK), one thread. */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

let isReady = false;

/** TensorFlow.js with its back end chosen. */
export async function tensorflow(): Promise<typeof tf> {
  if (isReady) return tf;
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  isReady = true;
  return tf;
}
