/** A network traced by jax-js. Images are [n, c, h, w], as its convolution wants them. */
import type { JaxArray, JaxModule } from '../peers/jax-js.ts';
import { type ConvOptions, type Layers, layerNormEpsilon, type PoolOptions } from './layers.ts';

/** An operation uses up its arguments; `ref` keeps one. */
export class JaxLayers implements Layers<JaxArray> {
  readonly #jax: JaxModule;
  readonly #weights: ReadonlyMap<string, JaxArray>;

  constructor(jax: JaxModule, weights: ReadonlyMap<string, JaxArray>) {
    this.#jax = jax;
    this.#weights = weights;
  }

  dense(x: JaxArray, name: string, activation?: 'relu'): JaxArray {
    const { numpy: np } = this.#jax;
    const y = np.add(np.matmul(x.ref, this.#weight(`${name}.weight`)), this.#weight(`${name}.bias`));
    return activation === undefined ? y : this.relu(y);
  }

  conv(x: JaxArray, name: string, options: ConvOptions = {}): JaxArray {
    return this.#convolution(x, name, 1, options);
  }

  depthwise(x: JaxArray, name: string, options: ConvOptions = {}): JaxArray {
    return this.#convolution(x, name, x.shape[1] ?? 1, options);
  }

  add(a: JaxArray, b: JaxArray): JaxArray {
    return this.#jax.numpy.add(a.ref, b.ref);
  }

  relu(x: JaxArray): JaxArray {
    return this.#jax.nn.relu(x.ref);
  }

  /** Without strided slices: pixels in pairs, of which the first is taken. */
  subsample(x: JaxArray, stride: number, channels: number): JaxArray {
    const [n = 0, c = 0, h = 0, w = 0] = x.shape;
    const y =
      stride === 1 ? x.ref : x.ref.reshape([n, c, h / stride, stride, w / stride, stride]).slice([], [], [], 0, [], 0);
    return channels === c ? y : this.#jax.numpy.pad(y, [[0, 0], [0, channels - c], [0, 0], [0, 0]]); // prettier-ignore
  }

  maxPool(x: JaxArray, { size, stride, pad }: PoolOptions): JaxArray {
    const { lax, numpy: np } = this.#jax;
    // After a rectifier, for which a zero outside is as good as nothing.
    const padded = np.pad(x.ref, [[0, 0], [0, 0], [pad, pad], [pad, pad]]); // prettier-ignore
    return lax.reduceWindow(padded, (window) => np.max(window), [1, 1, size, size], [1, 1, stride, stride]);
  }

  globalMean(x: JaxArray): JaxArray {
    return this.#jax.numpy.mean(x.ref, [2, 3]);
  }

  layerNorm(x: JaxArray, name: string): JaxArray {
    const { nn, numpy: np } = this.#jax;
    const y = nn.standardize(x.ref, -1, { epsilon: layerNormEpsilon });
    return np.add(np.multiply(y, this.#weight(`${name}.scale`)), this.#weight(`${name}.shift`));
  }

  gelu(x: JaxArray): JaxArray {
    return this.#jax.nn.gelu(x.ref, { approximate: false });
  }

  attention(q: JaxArray, k: JaxArray, v: JaxArray, heads: number): JaxArray {
    const [n = 0, t = 0, d = 0] = q.shape;
    const apart = (x: JaxArray): JaxArray => x.ref.reshape([n, t, heads, d / heads]);
    return this.#jax.nn.dotProductAttention(apart(q), apart(k), apart(v)).reshape([n, t, d]);
  }

  lstm(): never {
    throw new Error('jax-js has no loops');
  }

  #convolution(x: JaxArray, name: string, groups: number, options: ConvOptions): JaxArray {
    const { lax, nn, numpy: np } = this.#jax;
    const { stride = 1, pad = 0, activation } = options;
    const padding: [number, number][] = [[pad, pad], [pad, pad]]; // prettier-ignore
    const product = lax.convGeneralDilated(x.ref, this.#weight(`${name}.weight`), [stride, stride], padding, {
      featureGroupCount: groups,
    });
    const bias = this.#weight(`${name}.bias`);
    const y = np.add(product, bias.reshape([bias.shape[0] ?? 0, 1, 1]));
    if (activation === undefined) return y;
    return activation === 'relu' ? nn.relu(y) : nn.relu6(y);
  }

  #weight(name: string): JaxArray {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw new Error(`there is no weight ${name}`);
    return weight.ref;
  }
}
