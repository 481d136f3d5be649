/** A network as an ONNX graph, as PyTorch's exporter writes it: images are [n, c, h, w]. */
import type { OnnxAttribute, OnnxNode } from '../peers/onnxruntime.ts';
import { oihwOfHwio, transposed, type Value } from '../values.ts';
import { type ConvOptions, type Layers, layerNormEpsilon, type PoolOptions } from './layers.ts';
import type { Weights } from './weights.ts';

export interface OnnxValue {
  readonly name: string;
  readonly rank: number;
}

type Attributes = Readonly<Record<string, OnnxAttribute>>;

export class OnnxLayers implements Layers<OnnxValue> {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Record<string, Value> = {};
  readonly #weights: Weights;

  constructor(weights: Weights) {
    this.#weights = weights;
  }

  dense(x: OnnxValue, name: string, activation?: 'relu'): OnnxValue {
    const [weight, bias] = [this.#weight(`${name}.weight`), this.#weight(`${name}.bias`)];
    const sum =
      x.rank === 2
        ? this.#node('Gemm', [x.name, weight, bias], 2)
        : this.add(this.#node('MatMul', [x.name, weight], x.rank), { name: bias, rank: 1 });
    return activation === undefined ? sum : this.relu(sum);
  }

  conv(x: OnnxValue, name: string, options: ConvOptions = {}): OnnxValue {
    return this.#convolution(x, name, 1, options);
  }

  depthwise(x: OnnxValue, name: string, options: ConvOptions = {}): OnnxValue {
    return this.#convolution(x, name, this.#weights.dims(`${name}.bias`)[0] ?? 1, options);
  }

  add(a: OnnxValue, b: OnnxValue): OnnxValue {
    return this.#node('Add', [a.name, b.name], a.rank);
  }

  relu(x: OnnxValue): OnnxValue {
    return this.#node('Relu', [x.name], x.rank);
  }

  subsample(x: OnnxValue, stride: number, channels: number): OnnxValue {
    const before = this.#channels(x);
    let y = x;
    if (stride !== 1) {
      const ends = this.#integers([2 ** 31 - 1, 2 ** 31 - 1]);
      y = this.#node(
        'Slice',
        [x.name, this.#integers([0, 0]), ends, this.#integers([2, 3]), this.#integers([stride, stride])],
        4,
      );
    }
    if (before === channels) return y;
    return this.#node('Pad', [y.name, this.#integers([0, 0, 0, 0, 0, channels - before, 0, 0])], 4);
  }

  maxPool(x: OnnxValue, { size, stride, pad }: PoolOptions): OnnxValue {
    const pads = [pad, pad, pad, pad];
    return this.#node('MaxPool', [x.name], 4, { kernel_shape: [size, size], strides: [stride, stride], pads });
  }

  globalMean(x: OnnxValue): OnnxValue {
    return this.#node('Flatten', [this.#node('GlobalAveragePool', [x.name], 4).name], 2);
  }

  layerNorm(x: OnnxValue, name: string): OnnxValue {
    const inputs = [x.name, this.#weight(`${name}.scale`), this.#weight(`${name}.shift`)];
    return this.#node('LayerNormalization', inputs, x.rank, { axis: -1, epsilon: { float: layerNormEpsilon } });
  }

  /** The runtime's own operator, which its optimiser makes of the five that are exported. */
  gelu(x: OnnxValue): OnnxValue {
    return this.#node('Gelu', [x.name], x.rank, {}, 'com.microsoft');
  }

  /** The runtime's own operator, faster than the product, softmax, and product that are exported. */
  attention(q: OnnxValue, k: OnnxValue, v: OnnxValue, heads: number): OnnxValue {
    return this.#node('MultiHeadAttention', [q.name, k.name, v.name], 3, { num_heads: heads }, 'com.microsoft');
  }

  /** ONNX has time first and the gates in the order input, output, forget, candidate. */
  lstm(x: OnnxValue, name: string): OnnxValue {
    const hidden = this.#weights.dims(`${name}.wh`)[0] ?? 0;
    const order = ({ dims, data }: Value<Float32Array>): Value<Float32Array> => reordered(dims, data, hidden);
    const w = transposed(order(this.#weights.get(`${name}.wx`)), [1, 0]);
    const r = transposed(order(this.#weights.get(`${name}.wh`)), [1, 0]);
    const b = order(this.#weights.get(`${name}.b`));
    const bias = Float32Array.from({ length: 8 * hidden }, (_, index) => b.data[index] ?? 0);
    const inputs = [
      this.#constant(`${name}.w`, { dims: [1, ...w.dims], data: w.data }),
      this.#constant(`${name}.r`, { dims: [1, ...r.dims], data: r.data }),
      this.#constant(`${name}.bias`, { dims: [1, 8 * hidden], data: bias }),
    ];
    const steps = this.#node('Transpose', [x.name], 3, { perm: [1, 0, 2] });
    const y = this.#node('LSTM', [steps.name, ...inputs], 4, { hidden_size: hidden });
    const squeezed = this.#node('Squeeze', [y.name, this.#integers([1])], 3);
    return this.#node('Transpose', [squeezed.name], 3, { perm: [1, 0, 2] });
  }

  #convolution(x: OnnxValue, name: string, group: number, options: ConvOptions): OnnxValue {
    const { stride = 1, pad = 0, activation } = options;
    const weight = this.#weights.get(`${name}.weight`);
    const inputs = [x.name, this.#constant(`${name}.weight`, oihwOfHwio(weight)), this.#weight(`${name}.bias`)];
    const attributes = {
      kernel_shape: weight.dims.slice(0, 2),
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    };
    const y = this.#node('Conv', inputs, 4, attributes);
    this.#channelCounts.set(y.name, weight.dims[3] ?? 0);
    if (activation === undefined) return y;
    return activation === 'relu' ? this.relu(y) : this.#node('Clip', [y.name, this.#number(0), this.#number(6)], 4);
  }

  readonly #channelCounts = new Map<string, number>();

  /** Of what a convolution and an addition or a rectifier gave. */
  #channels({ name }: OnnxValue): number {
    const known = this.#channelCounts.get(name);
    if (known !== undefined) return known;
    const source = this.nodes.find(({ outputs }) => outputs.includes(name));
    if (source === undefined) throw new Error(`${name} has no channels`);
    return this.#channels({ name: source.inputs.at(-1) ?? '', rank: 4 });
  }

  #node(op: string, inputs: readonly string[], rank: number, attributes: Attributes = {}, domain = ''): OnnxValue {
    const name = `v${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [name], attributes, domain });
    return { name, rank };
  }

  #weight(name: string): string {
    return this.#constant(name, this.#weights.get(name));
  }

  #constant(name: string, value: Value): string {
    this.initializers[name] = value;
    return name;
  }

  #integers(values: readonly number[]): string {
    return this.#constant(`integers ${values.join(' ')}`, {
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  }

  #number(value: number): string {
    return this.#constant(`number ${value}`, { dims: [], data: Float32Array.of(value) });
  }
}

/** Columns in groups of `hidden`: input, forget, candidate, output -> input, output, forget, candidate. */
function reordered(dims: readonly number[], data: Float32Array, hidden: number): Value<Float32Array> {
  const from = [0, 3, 1, 2];
  const columns = 4 * hidden;
  const result = data.map((_, at) => {
    const column = at % columns;
    const gate = from[Math.floor(column / hidden)] ?? 0;
    return data[at - column + gate * hidden + (column % hidden)] ?? 0;
  });
  return { dims, data: result };
}
