/** A network over shapes: those of its values, and the operations of its contractions, a multiply-add counted as two. */
import { type ConvOptions, type Layers, windows } from './layers.ts';
import type { Weights } from './weights.ts';
import { sizeOf } from '../values.ts';

type Shape = readonly number[];

export class ShapeLayers implements Layers<Shape> {
  readonly #weights: Weights;
  flops = 0;

  constructor(weights: Weights) {
    this.#weights = weights;
  }

  dense(x: Shape, name: string): Shape {
    const [inputs = 0, outputs = 0] = this.#shape(`${name}.weight`);
    return this.#contraction([...x.slice(0, -1), outputs], inputs);
  }

  conv(x: Shape, name: string, options: ConvOptions = {}): Shape {
    const [height = 0, width = 0, inputs = 0, outputs = 0] = this.#shape(`${name}.weight`);
    return this.#contraction(windowed(x, outputs, [height, width], options), height * width * inputs);
  }

  depthwise(x: Shape, name: string, options: ConvOptions = {}): Shape {
    return this.conv(x, name, options);
  }

  add(a: Shape): Shape {
    return a;
  }

  relu(x: Shape): Shape {
    return x;
  }

  subsample([n = 0, h = 0, w = 0]: Shape, stride: number, channels: number): Shape {
    return [n, Math.ceil(h / stride), Math.ceil(w / stride), channels];
  }

  maxPool(
    x: Shape,
    { size, ...options }: { readonly size: number; readonly stride: number; readonly pad: number },
  ): Shape {
    return windowed(x, x[3] ?? 0, [size, size], options);
  }

  globalMean([n = 0, , , c = 0]: Shape): Shape {
    return [n, c];
  }

  layerNorm(x: Shape): Shape {
    return x;
  }

  gelu(x: Shape): Shape {
    return x;
  }

  attention([n = 0, t = 0, d = 0]: Shape): Shape {
    this.flops += 2 * 2 * n * t * t * d;
    return [n, t, d];
  }

  lstm([n = 0, t = 0, d = 0]: Shape, name: string): Shape {
    const [h = 0, gates = 0] = this.#shape(`${name}.wh`);
    this.flops += 2 * n * t * (d + h) * gates;
    return [n, t, h];
  }

  #contraction(result: Shape, depth: number): Shape {
    this.flops += 2 * sizeOf(result) * depth;
    return result;
  }

  #shape(name: string): Shape {
    return this.#weights.dims(name);
  }
}

function windowed(
  [n = 0, h = 0, w = 0]: Shape,
  channels: number,
  [height = 0, width = 0]: Shape,
  options: ConvOptions,
): Shape {
  return [n, windows(h, height, options), windows(w, width, options), channels];
}
