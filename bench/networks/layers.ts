/**
 * What the peers' networks are made of. A network is written once over these, and each peer makes of it what it runs best: nodes of an ONNX
 * graph, calls of TensorFlow.js, a traced function of jax-js. Our own networks are the `.tess` programs, whose parameters have the same names.
 */

/** `T` is what a peer calls a tensor. Images are `[n, h, w, c]`, whatever order a peer keeps them in. */
export interface Layers<T> {
  /** `x @ weight + bias` on the last axis. */
  dense(x: T, name: string, activation?: 'relu'): T;
  conv(x: T, name: string, options?: ConvOptions): T;
  /** Each channel by itself. */
  depthwise(x: T, name: string, options?: ConvOptions): T;
  add(a: T, b: T): T;
  relu(x: T): T;
  /** Every `stride`-th pixel, and zeros in new channels up to `channels`. */
  subsample(x: T, stride: number, channels: number): T;
  maxPool(x: T, options: PoolOptions): T;
  /** The mean of each channel: `[n, h, w, c] -> [n, c]`. */
  globalMean(x: T): T;
  layerNorm(x: T, name: string): T;
  /** By the error function. */
  gelu(x: T): T;
  /** Scaled dot-product attention of `heads` parts of the last axis: `[n, t, d] -> [n, t, d]`. */
  attention(q: T, k: T, v: T, heads: number): T;
  /** Gates in the order input, forget, candidate, output: `[n, t, d] -> [n, t, h]`. */
  lstm(x: T, name: string): T;
}

export interface ConvOptions {
  readonly stride?: number;
  /** Zeros around the image, on each side. */
  readonly pad?: number;
  readonly activation?: 'relu' | 'relu6';
}

export interface PoolOptions {
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** A network of any peer, from its input to its output. */
export type Build = <T>(layers: Layers<T>, x: T) => T;

/** Pixels along one axis after windows of `size`. */
export function windows(pixels: number, size: number, { stride = 1, pad = 0 }: ConvOptions): number {
  return Math.floor((pixels + 2 * pad - size) / stride) + 1;
}

/** Of a layer norm: what is added to the variance. */
export const layerNormEpsilon = 1e-5;
