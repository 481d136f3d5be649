/** Writes whole networks as StableHLO text, the way frameworks export them: weights are arguments, layers one after another. */

export class ModelBuilder {
  readonly #arguments: string[] = [];
  readonly #lines: string[] = [];
  #next = 0;

  argument(shape: readonly number[]): Tensor {
    const name = `%arg${this.#arguments.length}`;
    this.#arguments.push(`${name}: ${typeText(shape)}`);
    return { name, shape };
  }

  /** A line `%n = text`, as a tensor of this shape. */
  line(shape: readonly number[], text: string): Tensor {
    const name = `%${this.#next++}`;
    this.#lines.push(`  ${name} = ${text}`);
    return { name, shape };
  }

  splat(value: number, shape: readonly number[]): Tensor {
    return this.line(shape, `stablehlo.constant dense<${value.toExponential(9)}> : ${typeText(shape)}`);
  }

  unary(op: string, x: Tensor): Tensor {
    return this.line(x.shape, `stablehlo.${op} ${x.name} : ${typeText(x.shape)}`);
  }

  binary(op: string, x: Tensor, y: Tensor): Tensor {
    return this.line(x.shape, `stablehlo.${op} ${x.name}, ${y.name} : ${typeText(x.shape)}`);
  }

  broadcast(x: Tensor, shape: readonly number[], dims: readonly number[]): Tensor {
    const types = `(${typeText(x.shape)}) -> ${typeText(shape)}`;
    return this.line(shape, `stablehlo.broadcast_in_dim ${x.name}, dims = [${dims.join(', ')}] : ${types}`);
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.line(shape, `stablehlo.reshape ${x.name} : (${typeText(x.shape)}) -> ${typeText(shape)}`);
  }

  transpose(x: Tensor, dims: readonly number[]): Tensor {
    const shape = dims.map((dim) => x.shape[dim] ?? 0);
    const types = `(${typeText(x.shape)}) -> ${typeText(shape)}`;
    return this.line(shape, `stablehlo.transpose ${x.name}, dims = [${dims.join(', ')}] : ${types}`);
  }

  /** Over the last dimensions, from `init`. */
  reduce(op: string, x: Tensor, dims: readonly number[], init: number): Tensor {
    const start = this.line([], `stablehlo.constant dense<${floatText(init)}> : tensor<f32>`);
    const shape = x.shape.filter((_, dim) => !dims.includes(dim));
    const types = `(${typeText(x.shape)}, tensor<f32>) -> ${typeText(shape)}`;
    const applied = `applies stablehlo.${op} across dimensions = [${dims.join(', ')}]`;
    return this.line(shape, `stablehlo.reduce(${x.name} init: ${start.name}) ${applied} : ${types}`);
  }

  /** `[batch..., M, K] x [batch..., K, N] -> [batch..., M, N]`. */
  matmul(x: Tensor, y: Tensor): Tensor {
    const rank = x.shape.length;
    const batch = Array.from({ length: rank - 2 }, (_, dim) => dim).join(', ');
    const shape = [...x.shape.slice(0, -1), y.shape[rank - 1] ?? 0];
    const types = `(${typeText(x.shape)}, ${typeText(y.shape)}) -> ${typeText(shape)}`;
    const batching = rank > 2 ? `batching_dims = [${batch}] x [${batch}], ` : '';
    const dims = `${batching}contracting_dims = [${rank - 1}] x [${rank - 2}]`;
    return this.line(shape, `stablehlo.dot_general ${x.name}, ${y.name}, ${dims} : ${types}`);
  }

  /** `[N,H,W,C] x [K,K,C,F] -> [N,H/stride,W/stride,F]`, padded by K/2. */
  conv(x: Tensor, filters: number, size: number, stride: number): Tensor {
    const [n = 0, h = 0, w = 0, c = 0] = x.shape;
    const kernel = this.argument([size, size, c, filters]);
    const pad = size >> 1;
    const shape = [n, Math.ceil(h / stride), Math.ceil(w / stride), filters];
    const window = `window = {stride = [${stride}, ${stride}], pad = [[${pad}, ${pad}], [${pad}, ${pad}]]}`;
    const groups = '{batch_group_count = 1 : i64, feature_group_count = 1 : i64}';
    const types = `(${typeText(x.shape)}, ${typeText(kernel.shape)}) -> ${typeText(shape)}`;
    const dims = 'dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]';
    return this.line(shape, `stablehlo.convolution(${x.name}, ${kernel.name}) ${dims}, ${window} ${groups} : ${types}`);
  }

  /** 3x3, stride 2, padded by 1. */
  maxPool(x: Tensor): Tensor {
    const [n = 0, h = 0, w = 0, c = 0] = x.shape;
    const start = this.line([], 'stablehlo.constant dense<0xFF800000> : tensor<f32>');
    const shape = [n, h >> 1, w >> 1, c];
    const region = `({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %m = stablehlo.maximum %a, %b : tensor<f32>
    stablehlo.return %m : tensor<f32>
  })`;
    const attributes = `{padding = dense<[[0, 0], [1, 1], [1, 1], [0, 0]]> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 3, 3, 1>, window_strides = array<i64: 1, 2, 2, 1>}`;
    const types = `(${typeText(x.shape)}, tensor<f32>) -> ${typeText(shape)}`;
    return this.line(shape, `"stablehlo.reduce_window"(${x.name}, ${start.name}) ${region} ${attributes} : ${types}`);
  }

  batchNorm(x: Tensor): Tensor {
    const feature = x.shape.length - 1;
    const size = x.shape[feature] ?? 0;
    const parameters = ['scale', 'offset', 'mean', 'variance'].map(() => this.argument([size]));
    const names = parameters.map(({ name }) => name).join(', ');
    const types = `(${[x, ...parameters].map(({ shape }) => typeText(shape)).join(', ')}) -> ${typeText(x.shape)}`;
    const attributes = `{epsilon = 1.0e-05 : f32, feature_index = ${feature} : i64}`;
    return this.line(x.shape, `"stablehlo.batch_norm_inference"(${x.name}, ${names}) ${attributes} : ${types}`);
  }

  /** `x * weight + bias` over the last dimension of `[T, C]`. */
  dense(x: Tensor, features: number): Tensor {
    const weight = this.argument([x.shape.at(-1) ?? 0, features]);
    const product = this.matmul(x, weight);
    return this.binary('add', product, this.broadcast(this.argument([features]), product.shape, [1]));
  }

  relu(x: Tensor): Tensor {
    return this.binary('maximum', x, this.splat(0, x.shape));
  }

  /** Over the last dimension. */
  softmax(x: Tensor): Tensor {
    const last = x.shape.length - 1;
    const outer = x.shape.slice(0, -1).map((_, dim) => dim);
    const shifted = this.binary(
      'subtract',
      x,
      this.broadcast(this.reduce('maximum', x, [last], -Infinity), x.shape, outer),
    );
    const powers = this.unary('exponential', shifted);
    return this.binary('divide', powers, this.broadcast(this.reduce('add', powers, [last], 0), x.shape, outer));
  }

  /** Over the last dimension of `[T, C]`. */
  layerNorm(x: Tensor): Tensor {
    const size = x.shape[1] ?? 1;
    const mean = (of: Tensor): Tensor => {
      const sum = this.reduce('add', of, [1], 0);
      return this.broadcast(this.binary('divide', sum, this.splat(size, sum.shape)), x.shape, [0]);
    };
    const centred = this.binary('subtract', x, mean(x));
    const variance = this.binary('add', mean(this.binary('multiply', centred, centred)), this.splat(1e-5, x.shape));
    const normal = this.binary('multiply', centred, this.unary('rsqrt', variance));
    const scaled = this.binary('multiply', normal, this.broadcast(this.argument([size]), x.shape, [1]));
    return this.binary('add', scaled, this.broadcast(this.argument([size]), x.shape, [1]));
  }

  /** The approximation with tanh. */
  gelu(x: Tensor): Tensor {
    const cube = this.binary('multiply', this.binary('multiply', x, x), x);
    const inner = this.binary('add', x, this.binary('multiply', cube, this.splat(0.044715, x.shape)));
    const tanh = this.unary('tanh', this.binary('multiply', inner, this.splat(0.7978845608, x.shape)));
    const half = this.binary('multiply', x, this.splat(0.5, x.shape));
    return this.binary('multiply', half, this.binary('add', tanh, this.splat(1, x.shape)));
  }

  finish(...results: readonly Tensor[]): string {
    const types = results.map(({ shape }) => typeText(shape)).join(', ');
    const names = results.map(({ name }) => name).join(', ');
    return `func.func @main(${this.#arguments.join(', ')}) -> (${types}) {
${this.#lines.join('\n')}
  return ${names} : ${types}
}`;
  }
}

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export function typeText(shape: readonly number[]): string {
  return `tensor<${shape.map((dim) => `${dim}x`).join('')}f32>`;
}

function floatText(value: number): string {
  return value === -Infinity ? '0xFF800000' : value.toExponential(9);
}

/** ResNet-50 on one image of 224x224: 16 bottleneck blocks in 4 stages. */
export function resnet50(): string {
  const model = new ModelBuilder();
  const unit = (x: Tensor, filters: number, size: number, stride: number): Tensor =>
    model.batchNorm(model.conv(x, filters, size, stride));
  let x = model.maxPool(model.relu(unit(model.argument([1, 224, 224, 3]), 64, 7, 2)));
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 << stage;
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      const shortcut = block === 0 ? unit(x, width * 4, 1, stride) : x;
      const inner = model.relu(unit(model.relu(unit(x, width, 1, 1)), width, 3, stride));
      x = model.relu(model.binary('add', unit(inner, width * 4, 1, 1), shortcut));
    }
  }
  const pooled = model.reduce('add', x, [1, 2], 0);
  const mean = model.binary('divide', pooled, model.splat(49, pooled.shape));
  return model.finish(model.softmax(model.dense(mean, 1000)));
}

export interface TransformerSize {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly sequence: number;
  readonly hidden: number;
}

/** An encoder with normalisation first: attention and a GELU MLP a layer. */
export function transformer({ layers, heads, width, sequence, hidden }: TransformerSize): string {
  const model = new ModelBuilder();
  const depth = width / heads;
  const split = (x: Tensor): Tensor => model.transpose(model.reshape(x, [sequence, heads, depth]), [1, 0, 2]);
  let x = model.argument([sequence, width]);
  for (let layer = 0; layer < layers; layer++) {
    const normal = model.layerNorm(x);
    const [q, k, v] = [model.dense(normal, width), model.dense(normal, width), model.dense(normal, width)].map(split);
    if (q === undefined || k === undefined || v === undefined) throw new RangeError('three projections');
    const scores = model.matmul(q, model.transpose(k, [0, 2, 1]));
    const scaled = model.binary('multiply', scores, model.splat(depth ** -0.5, scores.shape));
    const mixed = model.matmul(model.softmax(scaled), v);
    const joined = model.reshape(model.transpose(mixed, [1, 0, 2]), [sequence, width]);
    const attended = model.binary('add', x, model.dense(joined, width));
    const mlp = model.dense(model.gelu(model.dense(model.layerNorm(attended), hidden)), width);
    x = model.binary('add', attended, mlp);
  }
  return model.finish(model.layerNorm(x));
}
