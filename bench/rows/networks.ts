/** Whole networks: inputs copied in and outputs out, weights constant. */
import { readFileSync } from 'node:fs';
import { type ModelSource, parameters } from '../../dist/compiler/api/index.js';
import { JaxLayers } from '../networks/jax-layers.ts';
import { benchFolder } from '../folder.ts';
import { type Network, networks } from '../networks/networks.ts';
import { OnnxLayers } from '../networks/onnx-layers.ts';
import { ShapeLayers } from '../networks/shape-layers.ts';
import { TfjsLayers } from '../networks/tfjs-layers.ts';
import { Weights } from '../networks/weights.ts';
import { jaxJs } from '../peers/jax-js.ts';
import { onnxruntime } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { tfjs } from '../peers/tfjs.ts';
import type { Contestants, Entry, Missing, Row } from '../row.ts';
import { nchwOfNhwc, oihwOfHwio, seeded, sizeOf, type Value } from '../values.ts';

/** Its program is read when somebody asks what it computes. */
class NetworkRow implements Row {
  readonly name: string;
  readonly unit = 'GFLOP/s';
  readonly #network: Network;
  readonly #batch: number;
  #work: Work | undefined;

  constructor(network: Network, batch: number) {
    this.name = `${network.title} batch ${batch}`;
    this.#network = network;
    this.#batch = batch;
  }

  get flops(): number {
    return this.#known.flops;
  }

  get dataBytes(): number {
    return 4 * (sizeOf(this.#known.dims) + sizeOf(this.#known.outputDims));
  }

  get weightBytes(): number {
    return this.#known.weights.bytes;
  }

  contestants(): Contestants {
    const x = seeded(this.#known.dims, 1);
    return {
      tessera: ours(this.#network, this.#known, x),
      'onnxruntime-web': onnx(this.#network, this.#known, x),
      'tfjs-wasm': tensorflow(this.#network, this.#known, x),
      'jax-js': jax(this.#network, this.#known, x),
    };
  }

  get #known(): Work {
    this.#work ??= workOf(this.#network, this.#batch);
    return this.#work;
  }
}

interface Work {
  readonly weights: Weights;
  readonly dims: readonly number[];
  readonly outputDims: readonly number[];
  readonly flops: number;
}

function workOf(network: Network, batch: number): Work {
  const listed = parameters(programOf(network));
  if (!listed.ok) throw new Error(listed.text);
  const weights = new Weights(listed.parameters);
  const dims = [batch, ...network.input];
  const shapes = new ShapeLayers(weights);
  const outputDims = network.build(shapes, dims);
  return { weights, dims, outputDims, flops: shapes.flops };
}

const weightsFile = 'weights.safetensors';

function programOf({ name }: Network, files: Readonly<Record<string, Uint8Array>> = {}): ModelSource {
  const main = `${name}.tess`;
  return { main, files: { [main]: readFileSync(new URL(`networks/${main}`, benchFolder), 'utf8'), ...files } };
}

function ours(network: Network, { weights, dims }: Work, x: Value): Entry {
  const source = programOf(network, { [weightsFile]: weights.safetensors() });
  const sizes = { n: dims[0] ?? 1, ...(network.hasTime === undefined ? {} : { t: dims[1] ?? 1 }) };
  return tessera({ source, params: weightsFile, dims: sizes }, [x]);
}

function onnx(network: Network, { weights, dims, outputDims }: Work, x: Value<Float32Array>): Entry {
  const layers = new OnnxLayers(weights);
  const output = network.build(layers, { name: 'x', rank: dims.length });
  return onnxruntime({
    nodes: layers.nodes,
    weights: layers.initializers,
    inputs: { x: imagesFirst(x) },
    outputs: { [output.name]: { dims: outputDims } },
  });
}

function tensorflow(network: Network, { weights }: Work, x: Value): Entry {
  const { names } = weights;
  return tfjs([x, ...names.map((name) => weights.get(name))], (tf, input, ...tensors) => {
    if (input === undefined) throw new Error('no input');
    return network.build(new TfjsLayers(tf, named(names, tensors)), input);
  });
}

function jax(network: Network, { weights }: Work, x: Value<Float32Array>): Entry | Missing {
  if (network.hasLoop === true) return { missing: 'it has no loops' };
  const { names } = weights;
  const values = names
    .map((name) => weights.get(name))
    .map((value) => (value.dims.length === 4 ? oihwOfHwio(value) : value));
  return jaxJs([imagesFirst(x), ...values], (module, input, ...arrays) => {
    if (input === undefined) throw new Error('no input');
    return network.build(new JaxLayers(module, named(names, arrays)), input);
  });
}

/** Images as [n, c, h, w]. */
function imagesFirst(x: Value<Float32Array>): Value<Float32Array> {
  return x.dims.length === 4 ? nchwOfNhwc(x) : x;
}

function named<T>(names: readonly string[], values: readonly T[]): ReadonlyMap<string, T> {
  return new Map(
    names.flatMap((name, index): readonly [string, T][] => {
      const value = values[index];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export const networkRows: readonly Row[] = networks.flatMap(({ network, batches }) =>
  batches.map((batch) => new NetworkRow(network, batch)),
);
