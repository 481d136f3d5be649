/**
 * onnxruntime-web on its WebAssembly back end. It has no tensors of its own to keep (`preferredOutputLocation` is of its GPU back ends),
 * so a call copies inputs and outputs also where others' stay. Models are ONNX graphs with constant weights.
 */
import type { Contestant, Entry, Settings } from '../row.ts';
import { type Elements, elementTypeOf, type ElementType, type Value } from '../values.ts';

/** A number is an integer, unless it is in `float`. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Of the operator: ONNX's own unless given. */
  readonly domain?: string;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Constants, by name; the graph's optimiser sees them. */
  readonly weights?: Readonly<Record<string, Value>>;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly type?: ElementType }>>;
  /** 17 unless given. */
  readonly opset?: number;
}

const typeNumbers: Readonly<Record<ElementType, number>> = { f32: 1, ui8: 2, i8: 3, i32: 6, i64: 7 };
const typeNames = { f32: 'float32', ui8: 'uint8', i8: 'int8', i32: 'int32', i64: 'int64' } as const;

/** `arrange` brings a result of the row's order of dimensions about; it is not timed. */
export function onnxruntime(graph: OnnxGraph, arrange: Arrange = (outputs) => outputs): Entry {
  return async (settings) => contestant(graph, arrange, settings);
}

export type Arrange = (outputs: readonly Elements[]) => readonly Elements[];

async function contestant(graph: OnnxGraph, arrange: Arrange, { threads }: Settings): Promise<Contestant> {
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(await encodeModel(graph), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  restoreWorker(worker);
  const feed = Object.fromEntries(
    Object.entries(graph.inputs).map(([name, { data, dims }]) => [
      name,
      new ort.Tensor(typeNames[elementTypeOf(data)], data, dims),
    ]),
  );
  let results: Readonly<Record<string, { readonly data: unknown }>> = {};
  return {
    call: async () => {
      results = await session.run(feed);
    },
    outputs: () => arrange(Object.keys(graph.outputs).map((name) => results[name]?.data as Elements)),
  };
}

/** It leaves Node's threads behind as the global `Worker` of browsers, which would lead other libraries astray. */
function restoreWorker(worker: PropertyDescriptor | undefined): void {
  if (worker === undefined) Reflect.deleteProperty(globalThis, 'Worker');
  else Object.defineProperty(globalThis, 'Worker', worker);
}

async function encodeModel({ nodes, weights = {}, inputs, outputs, opset = 17 }: OnnxGraph): Promise<Uint8Array> {
  const { onnx } = (await import('onnx-proto')).default;
  const inputTypes = Object.entries(inputs).map(([name, { dims, data }]) => valueInfo(name, dims, elementTypeOf(data)));
  const outputTypes = Object.entries(outputs).map(([name, { dims, type = 'f32' }]) => valueInfo(name, dims, type));
  const initializer = Object.entries(weights).map(([name, { dims, data }]) => ({
    name,
    dims,
    dataType: typeNumbers[elementTypeOf(data)],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }));
  const domains = new Set(nodes.map(({ domain = '' }) => domain).concat(''));
  const model = {
    irVersion: 8,
    opsetImport: [...domains].map((domain) => ({ domain, version: domain === '' ? opset : 1 })),
    graph: { name: 'bench', node: nodes.map(nodeOf), initializer, input: inputTypes, output: outputTypes },
  };
  return onnx.ModelProto.encode(onnx.ModelProto.create(model as object)).finish();
}

function valueInfo(name: string, dims: readonly number[], type: ElementType): object {
  const shape = { dim: dims.map((dimValue) => ({ dimValue })) };
  return { name, type: { tensorType: { elemType: typeNumbers[type], shape } } };
}

function nodeOf({ op, inputs, outputs, attributes = {}, domain = '' }: OnnxNode): object {
  const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) }));
  return { opType: op, input: inputs, output: outputs, domain, attribute };
}

/** `type` is AttributeProto.AttributeType. */
function attributeOf(value: OnnxAttribute): object {
  if (typeof value === 'number') return { type: 2, i: value };
  if (typeof value === 'string') return { type: 3, s: new TextEncoder().encode(value) };
  return 'float' in value ? { type: 1, f: value.float } : { type: 7, ints: value };
}
