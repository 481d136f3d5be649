/** 8-bit integers: products and convolutions into i32, and back to i8 by a scale, as quantised networks do; beside our own f32 of the same shape. */
import { onnxruntime, type OnnxNode } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import type { Contestants, Entry, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { type Elements, nchwOfNhwc, oihwOfHwio, seededBytes, sizeOf, transposed, type Value } from '../values.ts';

type Result = 'to i32' | 'requantised';

/** A contraction in StableHLO, from %x and %w to %sum. */
type Contract = (types: string) => string;

interface Quantised {
  readonly x: Value<Int8Array>;
  readonly w: Value<Int8Array>;
  readonly dims: readonly number[];
  /** Products that are added for an element of the result. */
  readonly depth: number;
  readonly contract: Contract;
  readonly result: Result;
}

/** Sums of so many products of bytes to bytes, most of them within the range. */
function scaleOf(depth: number): number {
  return 2 ** -Math.round(Math.log2(64 * Math.sqrt(depth) * 1.4));
}

function ours({ x, w, dims, depth, contract, result }: Quantised): Entry {
  const [i32, f32, i8] = [tensorType(dims, 'i32'), tensorType(dims), tensorType(dims, 'i8')];
  const types = `(${tensorType(x.dims, 'i8')}, ${tensorType(w.dims, 'i8')}) -> ${i32}`;
  const requantise = [
    `%scale = stablehlo.constant dense<${scaleOf(depth).toExponential()}> : ${f32}`,
    `%low = stablehlo.constant dense<-128.0> : tensor<f32>`,
    `%high = stablehlo.constant dense<127.0> : tensor<f32>`,
    `%float = stablehlo.convert %sum : (${i32}) -> ${f32}`,
    `%scaled = stablehlo.multiply %float, %scale : ${f32}`,
    `%whole = stablehlo.round_nearest_even %scaled : ${f32}`,
    `%clamped = stablehlo.clamp %low, %whole, %high : (tensor<f32>, ${f32}, tensor<f32>) -> ${f32}`,
    `%y = stablehlo.convert %clamped : (${f32}) -> ${i8}`,
  ];
  const isSum = result === 'to i32';
  const body = [contract(types), ...(isSum ? [] : requantise)];
  const results: Readonly<Record<string, string>> = isSum ? { sum: i32 } : { y: i8 };
  return tessera(mainFunction({ inputs: { x }, weights: { w }, body, results }), [x]);
}

/** Our f32 program of the same shape. */
function floats({ x, w, dims, contract }: Quantised): Entry {
  const float = ({ dims: of, data }: Value<Int8Array>): Value => ({ dims: of, data: Float32Array.from(data) });
  const types = `(${tensorType(x.dims)}, ${tensorType(w.dims)}) -> ${tensorType(dims)}`;
  const program = { inputs: { x: float(x) }, weights: { w: float(w) }, results: { sum: tensorType(dims) } };
  const entry = tessera(mainFunction({ ...program, body: [contract(types)] }), [float(x)]);
  return async (settings) => {
    const { call } = await entry(settings);
    return { call };
  };
}

function contestants(quantised: Quantised, onnx: Entry): Contestants {
  const missing = { missing: 'no 8-bit integers' };
  return {
    tessera: ours(quantised),
    'onnxruntime-web': onnx,
    'tfjs-wasm': missing,
    'jax-js': missing,
    variants: { 'tessera f32': floats(quantised) },
  };
}

/**
 * Scales and zero points of ONNX's quantised operators: x and w as they are, the result by our scale. Activations are unsigned about 128, which
 * onnxruntime-web computes ten times as fast as signed ones (512, Zen 5: 84 against 8 G/s).
 */
function quantisation(depth: number): Readonly<Record<'one' | 'step' | 'middle' | 'zero', Value>> {
  return {
    one: { dims: [], data: Float32Array.of(1) },
    step: { dims: [], data: Float32Array.of(1 / scaleOf(depth)) },
    middle: { dims: [], data: Uint8Array.of(128) },
    zero: { dims: [], data: Int8Array.of(0) },
  };
}

const quantisedInputs = ['x', 'one', 'middle', 'w', 'one', 'zero', 'step', 'middle'];

function unsigned({ dims, data }: Value<Int8Array>): Value<Uint8Array> {
  return { dims, data: Uint8Array.from(data, (value) => value + 128) };
}

function signed(values: Elements): Int8Array {
  return Int8Array.from(values as Uint8Array, (value) => value - 128);
}

function matmulRow([m, k, n]: readonly [number, number, number], result: Result): Row {
  return {
    name: `i8 matmul ${m}x${k}x${n}, ${result}`,
    unit: 'GFLOP/s',
    flops: 2 * m * k * n,
    dataBytes: m * k + (result === 'to i32' ? 4 : 1) * m * n,
    weightBytes: k * n,
    ...(result === 'requantised' ? { tolerance } : {}),
    contestants: () => matmulContestants([m, k, n], result),
  };
}

/** A sum may be scaled in another order, and then round the other way. */
const tolerance = { absolute: 1, relative: 0 };

function matmulContestants([m, k, n]: readonly [number, number, number], result: Result): Contestants {
  const x = seededBytes([m, k], 1);
  const w = seededBytes([k, n], 2);
  const dims = [m, n];
  const isSum = result === 'to i32';
  const nodes: readonly OnnxNode[] = isSum
    ? [{ op: 'MatMulInteger', inputs: ['x', 'w', 'middle', 'zero'], outputs: ['y'] }]
    : [{ op: 'QLinearMatMul', inputs: quantisedInputs, outputs: ['y'] }];
  const { middle, zero, ...scales } = quantisation(k);
  const weights = isSum ? { w, middle, zero } : { w, middle, zero, ...scales };
  const outputs = { y: { dims, type: isSum ? 'i32' : 'ui8' } } as const;
  const contract = (types: string): string =>
    `%sum = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : ${types}`;
  return contestants(
    { x, w, dims, depth: k, contract, result },
    onnxruntime({ nodes, weights, inputs: { x: unsigned(x) }, outputs }, (values) =>
      isSum ? values : values.map(signed),
    ),
  );
}

function convolutionRow(size: number, channels: number, outputs: number, window: number): Row {
  const results = size * size * outputs;
  const depth = window * window * channels;
  return {
    name: `i8 conv ${window}x${window} ${size}x${size}x${channels} to ${outputs}, requantised`,
    unit: 'GFLOP/s',
    flops: 2 * results * depth,
    dataBytes: size * size * channels + results,
    weightBytes: depth * outputs,
    tolerance,
    contestants: () => convolutionContestants(size, channels, outputs, window),
  };
}

function convolutionContestants(size: number, channels: number, outputs: number, window: number): Contestants {
  const x = seededBytes([1, size, size, channels], 1);
  const w = seededBytes([window, window, channels, outputs], 2);
  const pad = (window - 1) / 2;
  const depth = sizeOf([window, window, channels]);
  const form = `dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[${pad}, ${pad}], [${pad}, ${pad}]]}`;
  const contract = (types: string): string =>
    `%sum = stablehlo.convolution(%x, %w) ${form} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : ${types}`;
  const nchw = [1, outputs, size, size];
  const arrange = (values: readonly Elements[]): readonly Elements[] =>
    values.map((data) => transposed({ dims: nchw, data: signed(data) }, [0, 2, 3, 1]).data);
  const nodes = [
    { op: 'QLinearConv', inputs: quantisedInputs, outputs: ['y'], attributes: { pads: [pad, pad, pad, pad] } },
  ];
  const graph = {
    nodes,
    weights: { w: oihwOfHwio(w), ...quantisation(depth) },
    inputs: { x: unsigned(nchwOfNhwc(x)) },
    outputs: { y: { dims: nchw, type: 'ui8' } },
  } as const;
  const dims = [1, size, size, outputs];
  return contestants({ x, w, dims, depth, contract, result: 'requantised' }, onnxruntime(graph, arrange));
}

export const quantisedRows: readonly Row[] = [
  matmulRow([512, 512, 512], 'to i32'),
  matmulRow([512, 512, 512], 'requantised'),
  matmulRow([128, 768, 3072], 'requantised'),
  matmulRow([1, 768, 3072], 'requantised'),
  convolutionRow(56, 64, 64, 3),
  convolutionRow(56, 64, 256, 1),
];
