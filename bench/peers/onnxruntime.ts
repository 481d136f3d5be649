/** onnxruntime-web on its WebAssembly back end, one thread. Models are made as ONNX graphs with constant weights. */
import onnxProto from 'onnx-proto';
import * as ort from 'onnxruntime-web';
import type { Contestant } from '../rounds.ts';

const { onnx } = onnxProto;
const floatType = 1;

export interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A session with one output. */
export async function onnxContestant(
  nodes: readonly OnnxNode[],
  weights: readonly OnnxTensor[],
  inputs: readonly OnnxTensor[],
  output: { readonly name: string; readonly dims: readonly number[] },
): Promise<Contestant> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(encodeModel(nodes, weights, inputs, output), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const feed = Object.fromEntries(
    inputs.map(({ name, data, dims }) => [name, new ort.Tensor('float32', data, [...dims])]),
  );
  return {
    name: 'onnxruntime-web',
    run: async () => (await session.run(feed))[output.name]?.data as Float32Array,
  };
}

function encodeModel(
  nodes: readonly OnnxNode[],
  weights: readonly OnnxTensor[],
  inputs: readonly OnnxTensor[],
  output: { readonly name: string; readonly dims: readonly number[] },
): Uint8Array {
  const valueInfo = ({ name, dims }: { readonly name: string; readonly dims: readonly number[] }): object => ({
    name,
    type: { tensorType: { elemType: floatType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const initializer = weights.map(({ name, dims, data }) => ({
    name, dims, dataType: floatType, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  })); // prettier-ignore
  const model = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'bench', node: nodes, initializer, input: inputs.map(valueInfo), output: [valueInfo(output)] },
  };
  return onnx.ModelProto.encode(onnx.ModelProto.create(model as object)).finish();
}
