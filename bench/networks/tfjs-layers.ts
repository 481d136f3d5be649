/** A network as calls of TensorFlow.js, with its fused operations wherever there are any. Images are [n, h, w, c]. */
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tensor, Tf } from '../peers/tfjs.ts';
import { type ConvOptions, type Layers, layerNormEpsilon, type PoolOptions } from './layers.ts';

export class TfjsLayers implements Layers<Tensor> {
  readonly #tf: Tf;
  readonly #weights: ReadonlyMap<string, Tensor>;

  constructor(tf: Tf, weights: ReadonlyMap<string, Tensor>) {
    this.#tf = tf;
    this.#weights = weights;
  }

  dense(x: Tensor, name: string, activation: 'relu' | 'linear' = 'linear'): Tensor {
    const tf = this.#tf;
    const b = this.#matrix(`${name}.weight`);
    const a = tf.reshape(x, [-1, b.shape[0]]) as Tensor2D;
    const y = tf.fused.matMul({ a, b, bias: this.#weight(`${name}.bias`), activation });
    return tf.reshape(y, [...x.shape.slice(0, -1), b.shape[1]]);
  }

  conv(x: Tensor, name: string, options: ConvOptions = {}): Tensor {
    return this.#tf.fused.conv2d(this.#convolution(x, name, options));
  }

  depthwise(x: Tensor, name: string, options: ConvOptions = {}): Tensor {
    const { filter, ...rest } = this.#convolution(x, name, options);
    const [height, width, , channels] = filter.shape;
    const each = this.#tf.reshape(filter, [height, width, channels, 1]) as Tensor4D;
    return this.#tf.fused.depthwiseConv2d({ ...rest, filter: each });
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.#tf.add(a, b);
  }

  relu(x: Tensor): Tensor {
    return this.#tf.relu(x);
  }

  subsample(x: Tensor, stride: number, channels: number): Tensor {
    const y = stride === 1 ? x : this.#tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]);
    return this.#tf.pad(y, [[0, 0], [0, 0], [0, 0], [0, channels - (x.shape[3] ?? 0)]]); // prettier-ignore
  }

  maxPool(x: Tensor, { size, stride, pad }: PoolOptions): Tensor {
    // After a rectifier, for which a zero outside is as good as nothing.
    const padded = this.#tf.pad(x as Tensor4D, [[0, 0], [pad, pad], [pad, pad], [0, 0]]); // prettier-ignore
    return this.#tf.maxPool(padded, size, stride, 'valid');
  }

  globalMean(x: Tensor): Tensor {
    return this.#tf.mean(x, [1, 2]);
  }

  layerNorm(x: Tensor, name: string): Tensor {
    const tf = this.#tf;
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const factor = tf.rsqrt(tf.add(variance, layerNormEpsilon));
    return tf.add(tf.mul(tf.mul(centred, factor), this.#weight(`${name}.scale`)), this.#weight(`${name}.shift`));
  }

  gelu(x: Tensor): Tensor {
    const tf = this.#tf;
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
  }

  attention(q: Tensor, k: Tensor, v: Tensor, heads: number): Tensor {
    const tf = this.#tf;
    const [n = 0, t = 0, d = 0] = q.shape;
    const apart = (x: Tensor): Tensor => tf.transpose(tf.reshape(x, [n, t, heads, d / heads]), [0, 2, 1, 3]);
    const scores = tf.matMul(apart(tf.mul(q, (d / heads) ** -0.5)), apart(k), false, true);
    const mixed = tf.matMul(tf.softmax(scores), apart(v));
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [n, t, d]);
  }

  /** The inputs' share of all steps in one product; a step's is the bias of its own, a slice since its kernel looks at the rank that memory was made with. */
  lstm(x: Tensor, name: string): Tensor {
    const tf = this.#tf;
    const [, steps = 0, inputs = 0] = x.shape;
    const wh = this.#matrix(`${name}.wh`);
    const hidden = wh.shape[0];
    const a = tf.reshape(x, [steps, inputs]) as Tensor2D;
    const all = tf.fused.matMul({ a, b: this.#matrix(`${name}.wx`), bias: this.#weight(`${name}.b`) });
    let y = tf.zeros([1, hidden]) as Tensor2D;
    let c: Tensor = y;
    const shares = tf.reshape(all, [-1]);
    const ys = Array.from({ length: steps }, (_, step) => {
      const bias = tf.slice(shares, 4 * hidden * step, 4 * hidden);
      const gates = tf.fused.matMul({ a: y, b: wh, bias });
      const [i, f, g, o] = tf.split(gates, 4, 1);
      if (i === undefined || f === undefined || g === undefined || o === undefined) throw new Error('four gates');
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      y = tf.mul(tf.sigmoid(o), tf.tanh(c)) as Tensor2D;
      return y;
    });
    return tf.reshape(tf.concat(ys, 0), [1, steps, hidden]);
  }

  #convolution(
    x: Tensor,
    name: string,
    { stride = 1, pad = 0, activation }: ConvOptions,
  ): {
    readonly x: Tensor4D;
    readonly filter: Tensor4D;
    readonly strides: number;
    readonly pad: number;
    readonly dimRoundingMode: 'floor';
    readonly bias: Tensor1D;
    readonly activation: 'linear' | 'relu' | 'relu6';
  } {
    return {
      x: x as Tensor4D,
      filter: this.#weight(`${name}.weight`) as Tensor4D,
      strides: stride,
      pad,
      dimRoundingMode: 'floor',
      bias: this.#weight(`${name}.bias`) as Tensor1D,
      activation: activation ?? 'linear',
    };
  }

  #matrix(name: string): Tensor2D {
    return this.#weight(name) as Tensor2D;
  }

  #weight(name: string): Tensor {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw new Error(`there is no weight ${name}`);
    return weight;
  }
}
