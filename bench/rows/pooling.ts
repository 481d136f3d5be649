/** Pooling of `[1, height, width, channels]` without padding. */
import { jaxJs } from '../peers/jax-js.ts';
import { onnxruntime } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { tfjs } from '../peers/tfjs.ts';
import type { Contestants, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { nchwOfNhwc, seeded, sizeOf, type Value } from '../values.ts';
import { nhwcResult } from './convolution.ts';

type Kind = 'max' | 'average';

interface Pooling {
  readonly kind: Kind;
  readonly size: number;
  readonly channels: number;
  readonly window: number;
  readonly stride: number;
}

function poolingRow(pooling: Pooling): Row {
  const { kind, size, channels, window, stride } = pooling;
  const output = Math.floor((size - window) / stride) + 1;
  const dims = [1, output, output, channels];
  return {
    name: `${kind} pooling ${window}x${window} ${size}x${size}x${channels}, stride ${stride}`,
    unit: 'GB/s',
    flops: sizeOf(dims) * window * window,
    dataBytes: 4 * (size * size * channels + sizeOf(dims)),
    weightBytes: 0,
    contestants: () => contestants(pooling, dims),
  };
}

function contestants({ kind, size, channels, window, stride }: Pooling, dims: readonly number[]): Contestants {
  const x = seeded([1, size, size, channels], 1);
  const planes = nchwOfNhwc(x);
  const [, output = 1] = dims;
  const nchw = [1, channels, output, output];
  const arrange = nhwcResult(nchw);
  const isMax = kind === 'max';
  const attributes = { kernel_shape: [window, window], strides: [stride, stride] };
  return {
    tessera: tessera(poolingText(isMax, window, stride, x, dims), [x]),
    'onnxruntime-web': onnxruntime(
      {
        nodes: [{ op: isMax ? 'MaxPool' : 'AveragePool', inputs: ['x'], outputs: ['y'], attributes }],
        inputs: { x: planes },
        outputs: { y: { dims: nchw } },
      },
      arrange,
    ),
    'tfjs-wasm': tfjs([x], (tf, image) => (isMax ? tf.maxPool : tf.avgPool)(image as never, window, stride, 'valid')),
    'jax-js': jaxJs(
      [planes],
      ({ lax, numpy }, image) =>
        lax.reduceWindow(
          image,
          (part) => (isMax ? numpy.max(part) : numpy.mean(part)),
          [1, 1, window, window],
          [1, 1, stride, stride],
        ),
      arrange,
    ),
  };
}

function poolingText(isMax: boolean, window: number, stride: number, x: Value, dims: readonly number[]): string {
  const result = tensorType(dims);
  const combine = isMax ? 'maximum' : 'add';
  const windows = `window_dimensions = array<i64: 1, ${window}, ${window}, 1>`;
  const strides = `window_strides = array<i64: 1, ${stride}, ${stride}, 1>`;
  const pooled = [
    `%init = stablehlo.constant dense<${isMax ? '0xFF800000' : '0.0'}> : tensor<f32>`,
    `%pooled = "stablehlo.reduce_window"(%x, %init) ({`,
    `^bb0(%a: tensor<f32>, %b: tensor<f32>):`,
    `  %c = stablehlo.${combine} %a, %b : tensor<f32>`,
    `  stablehlo.return %c : tensor<f32>`,
    `}) {${windows}, ${strides}} : (${tensorType(x.dims)}, tensor<f32>) -> ${result}`,
  ];
  const scale = [
    `%count = stablehlo.constant dense<${window * window}.0> : ${result}`,
    `%mean = stablehlo.divide %pooled, %count : ${result}`,
  ];
  const results = { [isMax ? 'pooled' : 'mean']: result };
  return mainFunction({ inputs: { x }, body: isMax ? pooled : [...pooled, ...scale], results });
}

export const poolingRows: readonly Row[] = [
  poolingRow({ kind: 'max', size: 112, channels: 64, window: 3, stride: 2 }),
  poolingRow({ kind: 'average', size: 56, channels: 128, window: 2, stride: 2 }),
];
