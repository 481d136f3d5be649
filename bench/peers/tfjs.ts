/**
 * TensorFlow.js on its WebAssembly back end (XNNPACK). Inputs and weights are tensors that stay in its memory; where outputs are copied, so
 * are its. It has no threads in Node: its own flag WASM_HAS_MULTITHREAD_SUPPORT says so.
 */
import type * as TensorFlow from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Contestant, Entry, Settings } from '../row.ts';
import { type Elements, elementTypeOf, type Value } from '../values.ts';
import type { Arrange } from './onnxruntime.ts';

export type Tf = typeof TensorFlow;
export type Tensor = TensorFlow.Tensor;

/** `body` gets the inputs in order. `types` are of outputs that are neither f32 nor i32. */
export function tfjs(
  inputs: readonly Value[],
  body: (tf: Tf, ...inputs: readonly Tensor[]) => Tensor | readonly Tensor[],
  arrange: Arrange = (outputs) => outputs,
): Entry {
  return async (settings) => {
    const tf = await tensorflow(settings);
    const tensors = inputs.map((value) => tensorOf(tf, value));
    const compute = (): readonly Tensor[] => [body(tf, ...tensors)].flat();
    return settings.placement === 'resident' ? resident(tf, compute, arrange) : copied(tf, compute, arrange);
  };
}

function copied(tf: Tf, compute: () => readonly Tensor[], arrange: Arrange): Contestant {
  let results: readonly Elements[] = [];
  return {
    call: () => {
      tf.engine().startScope();
      results = compute().map((tensor) => tensor.dataSync() as Elements);
      tf.engine().endScope();
    },
    outputs: () => arrange(results),
  };
}

function resident(tf: Tf, compute: () => readonly Tensor[], arrange: Arrange): Contestant {
  return {
    call: () => {
      tf.engine().startScope();
      compute();
      tf.engine().endScope();
    },
    outputs: () => {
      tf.engine().startScope();
      const results = compute().map((tensor) => tensor.dataSync() as Elements);
      tf.engine().endScope();
      return arrange(results);
    },
  };
}

/** Of i8 and i64, which it lacks, i32. */
function tensorOf(tf: Tf, { dims, data }: Value): Tensor {
  const type = elementTypeOf(data);
  if (data instanceof Float32Array) return tf.tensor(data, [...dims], 'float32');
  if (type === 'i32' || data instanceof BigInt64Array)
    return tf.tensor(Int32Array.from(data, Number), [...dims], 'int32');
  return tf.tensor(Int32Array.from(data), [...dims], 'int32');
}

async function tensorflow({ threads }: Settings): Promise<Tf> {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const tf = await import('@tensorflow/tfjs-core');
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}
