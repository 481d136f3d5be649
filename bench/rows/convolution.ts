/** Convolutions with constant weights: NHWC for us and tfjs-wasm, NCHW for onnxruntime-web and jax-js, each its own order. */
import { jaxJs } from '../peers/jax-js.ts';
import { onnxruntime } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { tfjs } from '../peers/tfjs.ts';
import type { Contestants, Entry, Missing, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { type Elements, nchwOfNhwc, oihwOfHwio, seeded, sizeOf, transposed, type Value } from '../values.ts';

/** `[1, height, width, inputs]` by `[window, window, inputs / groups, outputs]`. */
interface Convolution {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outputs: number;
  readonly window: number;
  readonly stride: number;
  readonly groups: number;
}

interface Geometry extends Convolution {
  readonly pad: number;
  readonly outputDims: readonly number[];
}

function geometryOf(convolution: Convolution): Geometry {
  const { height, width, window, stride, outputs } = convolution;
  const pad = (window - 1) / 2;
  const outputDim = (dim: number): number => Math.floor((dim + 2 * pad - window) / stride) + 1;
  return { ...convolution, pad, outputDims: [1, outputDim(height), outputDim(width), outputs] };
}

function convolutionRow(convolution: Convolution): Row {
  const { name, height, width, channels, groups, window, outputs } = convolution;
  const geometry = geometryOf(convolution);
  const weights = window * window * (channels / groups) * outputs;
  const results = sizeOf(geometry.outputDims);
  return {
    name,
    unit: 'GFLOP/s',
    flops: 2 * results * window * window * (channels / groups),
    dataBytes: 4 * (height * width * channels + results),
    weightBytes: 4 * weights,
    contestants: () => contestants(geometry),
  };
}

function contestants(geometry: Geometry): Contestants {
  const { height, width, channels, groups, window, outputs, stride, pad, outputDims } = geometry;
  const x = seeded([1, height, width, channels], 1);
  const w = seeded([window, window, channels / groups, outputs], 2);
  const planes = nchwOfNhwc(x);
  const filters = oihwOfHwio(w);
  const [, rows = 1, columns = 1] = outputDims;
  const dims = [1, outputs, rows, columns];
  const arrange = nhwcResult(dims);
  return {
    tessera: tessera(convolutionText(geometry, x, w), [x]),
    'onnxruntime-web': onnxruntime(
      {
        nodes: [
          {
            op: 'Conv',
            inputs: ['x', 'w'],
            outputs: ['y'],
            attributes: { strides: [stride, stride], pads: [pad, pad, pad, pad], group: groups },
          },
        ],
        weights: { w: filters },
        inputs: { x: planes },
        outputs: { y: { dims } },
      },
      arrange,
    ),
    'tfjs-wasm': tensorflow(geometry, x, w),
    'jax-js': jaxJs(
      [planes, filters],
      ({ lax }, image, filter) => {
        const padding: [number, number] = [pad, pad];
        const options = { featureGroupCount: groups };
        return lax.convGeneralDilated(image, filter, [stride, stride], [padding, padding], options);
      },
      arrange,
    ),
  };
}

/** Results in our order. */
export function nhwcResult(nchw: readonly number[]): (outputs: readonly Elements[]) => readonly Elements[] {
  return (outputs) => outputs.map((data) => transposed({ dims: nchw, data: data as Float32Array }, [0, 2, 3, 1]).data);
}

function tensorflow({ groups, channels, stride, pad }: Geometry, x: Value, w: Value): Entry | Missing {
  const padding = stride === 1 ? 'same' : pad;
  if (groups === 1)
    return tfjs([x, w], (tf, image, filter) => tf.conv2d(image as never, filter as never, stride, padding));
  if (groups !== channels) return { missing: 'no grouped convolution' };
  const filters = transposed(w as Value<Float32Array>, [0, 1, 3, 2]);
  return tfjs([x, filters], (tf, image, filter) =>
    tf.depthwiseConv2d(image as never, filter as never, stride, padding),
  );
}

function convolutionText({ stride, pad, groups, outputDims }: Geometry, x: Value, w: Value): string {
  const result = tensorType(outputDims);
  const window = `window = {stride = [${stride}, ${stride}], pad = [[${pad}, ${pad}], [${pad}, ${pad}]]}`;
  const counts = `{batch_group_count = 1 : i64, feature_group_count = ${groups} : i64}`;
  const types = `(${tensorType(x.dims)}, ${tensorType(w.dims)}) -> ${result}`;
  return mainFunction({
    inputs: { x },
    weights: { w },
    body: [
      `%y = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], ${window} ${counts} : ${types}`,
    ],
    results: { y: result },
  });
}

/** Over time: `[1, length, channels]`. */
function temporalRow(length: number, channels: number, window: number): Row {
  const pad = (window - 1) / 2;
  return {
    name: `conv 1-D ${window} over ${length}x${channels}`,
    unit: 'GFLOP/s',
    flops: 2 * length * channels * channels * window,
    dataBytes: 8 * length * channels,
    weightBytes: 4 * window * channels * channels,
    contestants: () => temporalContestants(length, channels, window, pad),
  };
}

function temporalContestants(length: number, channels: number, window: number, pad: number): Contestants {
  const x = seeded([1, length, channels], 1);
  const w = seeded([window, channels, channels], 2);
  const series = transposed(x, [0, 2, 1]);
  const filters = transposed(w, [2, 1, 0]);
  const arrange = (outputs: readonly Elements[]): readonly Elements[] =>
    outputs.map((data) => transposed({ dims: [1, channels, length], data: data as Float32Array }, [0, 2, 1]).data);
  const types = `(${tensorType(x.dims)}, ${tensorType(w.dims)}) -> ${tensorType(x.dims)}`;
  const form = `dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[${pad}, ${pad}]]}`;
  const body = `%y = stablehlo.convolution(%x, %w) ${form} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : ${types}`;
  const graph = {
    nodes: [{ op: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { pads: [pad, pad] } }],
    weights: { w: filters },
    inputs: { x: series },
    outputs: { y: { dims: series.dims } },
  };
  return {
    tessera: tessera(
      mainFunction({ inputs: { x }, weights: { w }, body: [body], results: { y: tensorType(x.dims) } }),
      [x],
    ),
    'onnxruntime-web': onnxruntime(graph, arrange),
    'tfjs-wasm': tfjs([x, w], (tf, image, filter) => tf.conv1d(image as never, filter as never, 1, 'same')),
    'jax-js': jaxJs(
      [series, filters],
      ({ lax }, image, filter) => lax.convGeneralDilated(image, filter, [1], [[pad, pad]]),
      arrange,
    ),
  };
}

function square(size: number, channels: number, outputs = channels): Convolution {
  const name = `conv 3x3 ${size}x${size}x${channels}`;
  return { name, height: size, width: size, channels, outputs, window: 3, stride: 1, groups: 1 };
}

function depthwise(size: number, channels: number, stride: number): Convolution {
  const name = `depthwise 3x3 ${size}x${size}x${channels}${stride === 1 ? '' : `, stride ${stride}`}`;
  return { ...square(size, channels), name, stride, groups: channels };
}

export const convolutionRows: readonly Row[] = [
  ...[
    square(56, 64),
    square(28, 128),
    square(14, 256),
    { ...square(56, 64, 256), name: 'conv 1x1 56x56x64 to 256', window: 1 },
    depthwise(56, 128, 1),
    depthwise(112, 32, 1),
    depthwise(112, 32, 2),
    { ...square(224, 3, 64), name: 'conv 7x7 224x224x3 to 64, stride 2', window: 7, stride: 2 },
    { ...square(28, 128), name: 'conv 3x3 28x28x128, 4 groups', groups: 4 },
  ].map(convolutionRow),
  temporalRow(2048, 64, 5),
];
