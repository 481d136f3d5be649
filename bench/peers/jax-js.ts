/**
 * jax-js on its WebAssembly back end, under `jit`. Inputs and weights are arrays that stay in its memory; where outputs are copied, so are
 * its. It has no threads in Node: they want the `Worker` of browsers.
 */
import type * as Jax from '@jax-js/jax';
import type { Contestant, Entry } from '../row.ts';
import { type Elements, elementTypeOf, type Value } from '../values.ts';
import type { Arrange } from './onnxruntime.ts';

export type JaxModule = typeof Jax;
export type JaxArray = Jax.Array;

/** `body` gets the inputs in order and, as jax-js wants it, uses up each once: `x.ref` where it is needed again. */
export function jaxJs(
  inputs: readonly Value[],
  body: (jax: JaxModule, ...inputs: readonly JaxArray[]) => JaxArray | JaxArray[],
  arrange: Arrange = (outputs) => outputs,
): Entry {
  return async ({ placement }) => {
    const jax = await import('@jax-js/jax');
    await jax.init('wasm');
    jax.defaultDevice('wasm');
    const arrays = inputs.map((value) => arrayOf(jax, value));
    const compiled = jax.jit((...traced: JaxArray[]) => [body(jax, ...traced)].flat());
    const compute = (): readonly JaxArray[] => compiled(...arrays.map((array) => array.ref));
    return placement === 'resident' ? resident(compute, arrange) : copied(compute, arrange);
  };
}

function copied(compute: () => readonly JaxArray[], arrange: Arrange): Contestant {
  let results: readonly Elements[] = [];
  return {
    call: () => {
      results = compute().map((array) => array.dataSync() as Elements);
    },
    outputs: () => arrange(results),
  };
}

/** Evaluation is lazy: `blockUntilReady` makes it happen. */
function resident(compute: () => readonly JaxArray[], arrange: Arrange): Contestant {
  return {
    call: async () => {
      for (const array of compute()) {
        await array.blockUntilReady();
        array.dispose();
      }
    },
    outputs: () => arrange(compute().map((array) => array.dataSync() as Elements)),
  };
}

/** Of i8 and i64, which it lacks, i32. */
function arrayOf(jax: JaxModule, { dims, data }: Value): JaxArray {
  const { numpy: np } = jax;
  if (data instanceof Float32Array) return np.array(data).reshape([...dims]);
  const integers = elementTypeOf(data) === 'i32' ? (data as Int32Array) : Int32Array.from(data as Int8Array, Number);
  return np.array(integers, { dtype: np.int32 }).reshape([...dims]);
}
