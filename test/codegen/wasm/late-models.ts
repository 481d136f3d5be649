/** Small models whose batch is `n`: bound late (at most 64), or known. */
export interface LateModel {
  readonly name: string;
  /** The module for any n, or for this one. */
  readonly text: (n: number | 'n') => string;
}

/** `tensor<n x rest>`. */
function batch(n: number | 'n', ...rest: readonly number[]): string {
  const sizes = rest.map((size) => `x${size}`).join('');
  if (n !== 'n') return `tensor<${n}${sizes}xf32>`;
  return `tensor<?${sizes}xf32, #tessera.tensor<dims = [${['n <= 64', ...rest.map(() => '_')].join(', ')}]>>`;
}

/** Numbers of no pattern, as digits, so that sums depend on their order. */
function weights(...shape: readonly number[]): string {
  const count = shape.reduce((product, size) => product * size, 1);
  let state = count;
  const values = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >> 8) / 2 ** 24 / 4;
  });
  const hex = Buffer.from(values.buffer).toString('hex');
  return `stablehlo.constant dense<"0x${hex}"> : tensor<${shape.join('x')}xf32>`;
}

class ModelText {
  readonly #n: number | 'n';
  readonly #lines: string[] = [];
  #next = 0;

  constructor(n: number | 'n') {
    this.#n = n;
  }

  add(line: string): string {
    const name = `%${this.#next++}`;
    this.#lines.push(`  ${name} = ${line}`);
    return name;
  }

  binary(op: string, lhs: string, rhs: string, rest: readonly number[]): string {
    return this.add(`stablehlo.${op} ${lhs}, ${rhs} : ${batch(this.#n, ...rest)}`);
  }

  unary(op: string, operand: string, rest: readonly number[]): string {
    return this.add(`stablehlo.${op} ${operand} : ${batch(this.#n, ...rest)}`);
  }

  /** Of a tensor without a batch. */
  spread(operand: string, type: string, dims: readonly number[], rest: readonly number[]): string {
    return this.add(
      `stablehlo.broadcast_in_dim ${operand}, dims = [${dims.join(', ')}] : (${type}) -> ${batch(this.#n, ...rest)}`,
    );
  }

  number(value: string, rest: readonly number[]): string {
    return this.spread(this.add(`stablehlo.constant dense<${value}> : tensor<f32>`), 'tensor<f32>', [], rest);
  }

  /** The last dimension reduced, and spread over it again. */
  alongRow(op: string, identity: string, operand: string, rest: readonly number[]): string {
    const outer = rest.slice(0, -1);
    const [from, to] = [batch(this.#n, ...rest), batch(this.#n, ...outer)];
    const start = this.add(`stablehlo.constant dense<${identity}> : tensor<f32>`);
    const reduced = this.add(
      `stablehlo.reduce(${operand} init: ${start}) applies stablehlo.${op} across dimensions = [${rest.length}] : (${from}, tensor<f32>) -> ${to}`,
    );
    return this.spread(
      reduced,
      to,
      Array.from({ length: rest.length }, (_, axis) => axis),
      rest,
    );
  }

  dense(x: string, k: number, m: number): string {
    const w = this.add(weights(k, m));
    const bias = this.add(weights(m));
    const product = this.add(
      `stablehlo.dot_general ${x}, ${w}, contracting_dims = [1] x [0] : (${batch(this.#n, k)}, tensor<${k}x${m}xf32>) -> ${batch(this.#n, m)}`,
    );
    return this.binary('add', product, this.spread(bias, `tensor<${m}xf32>`, [1], [m]), [m]);
  }

  softmax(x: string, rest: readonly number[]): string {
    const largest = this.alongRow('maximum', '0xFF800000', x, rest);
    const powers = this.unary('exponential', this.binary('subtract', x, largest, rest), rest);
    return this.binary('divide', powers, this.alongRow('add', '0.0', powers, rest), rest);
  }

  done(inputs: readonly (readonly number[])[], result: string, rest: readonly number[]): string {
    const names = inputs.map((shape, at) => `%x${at}: ${batch(this.#n, ...shape)}`);
    const type = batch(this.#n, ...rest);
    return `func.func @main(${names.join(', ')}) -> ${type} {\n${this.#lines.join('\n')}\n  return ${result} : ${type}\n}`;
  }
}

function model(name: string, write: (text: ModelText, n: number | 'n') => string): LateModel {
  return { name, text: (n) => write(new ModelText(n), n) };
}

export function denseLayer(k: number, m: number): LateModel {
  return model(`dense ${k}x${m}, tanh`, (text) =>
    text.done([[k]], text.unary('tanh', text.dense('%x0', k, m), [m]), [m]),
  );
}

/** With weights that are known only at run time, as `[m, k]`. */
export function transposedDense(k: number, m: number): LateModel {
  return model(`dense ${k}x${m}, weights given transposed`, (_, n) => {
    const [x, y, w] = [batch(n, k), batch(n, m), `tensor<${m}x${k}xf32>`];
    return `func.func @main(%x0: ${x}, %w: ${w}) -> ${y} {
  %0 = stablehlo.dot_general %x0, %w, contracting_dims = [1] x [1] : (${x}, ${w}) -> ${y}
  return %0 : ${y}
}`;
  });
}

/** The batch and all but the last `kept` dimensions of each summed, after an exp. */
export function summedOver(sizes: readonly number[], kept: number): LateModel {
  const rest = sizes.slice(sizes.length - kept);
  return model(`sums of ${sizes.join('x')} to ${kept === 0 ? 'one' : rest.join('x')}`, (_, n) => {
    const x = batch(n, ...sizes);
    const type = `tensor<${[...rest, 'f32'].join('x')}>`;
    const dims = Array.from({ length: sizes.length + 1 - kept }, (__, axis) => axis).join(', ');
    return `func.func @main(%x0: ${x}) -> ${type} {
  %0 = stablehlo.constant dense<1.0> : tensor<f32>
  %1 = stablehlo.exponential %x0 : ${x}
  %2 = stablehlo.reduce(%1 init: %0) applies stablehlo.add across dimensions = [${dims}] : (${x}, tensor<f32>) -> ${type}
  return %2 : ${type}
}`;
  });
}

export function mlp(k: number, hidden: number, classes: number): LateModel {
  return model(`MLP ${k}-${hidden}-${classes}`, (text) => {
    const inner = text.binary('maximum', text.dense('%x0', k, hidden), text.number('0.0', [hidden]), [hidden]);
    return text.done([[k]], text.dense(inner, hidden, classes), [classes]);
  });
}

export function softmaxRows(k: number): LateModel {
  return model(`softmax ${k}`, (text) => text.done([[k]], text.softmax('%x0', [k]), [k]));
}

export function layerNorm(k: number): LateModel {
  return model(`layer norm ${k}`, (text) => {
    const count = text.number(`${k}.0`, [k]);
    const mean = text.binary('divide', text.alongRow('add', '0.0', '%x0', [k]), count, [k]);
    const centred = text.binary('subtract', '%x0', mean, [k]);
    const squares = text.binary('multiply', centred, centred, [k]);
    const variance = text.binary('divide', text.alongRow('add', '0.0', squares, [k]), count, [k]);
    const scale = text.unary('rsqrt', text.binary('add', variance, text.number('1.0e-5', [k]), [k]), [k]);
    return text.done([[k]], text.binary('multiply', centred, scale, [k]), [k]);
  });
}

export function convolution(size: number, from: number, to: number): LateModel {
  return model(`convolution ${size}x${size}, ${from} to ${to} channels`, (text, n) => {
    const w = text.add(weights(3, 3, from, to));
    const [input, output] = [
      [size, size, from],
      [size, size, to],
    ] as const;
    const product = text.add(
      `stablehlo.convolution(%x0, ${w}) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]]} ` +
        `{batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (${batch(n, ...input)}, tensor<3x3x${from}x${to}xf32>) -> ${batch(n, ...output)}`,
    );
    return text.done([input], text.binary('maximum', product, text.number('0.0', output), output), output);
  });
}

export function attention(length: number, depth: number): LateModel {
  return model(`attention ${length}x${depth}`, (text, n) => {
    const [side, scores] = [
      [length, depth],
      [length, length],
    ] as const;
    const [s, x] = [batch(n, ...scores), batch(n, ...side)];
    const product = text.add(
      `stablehlo.dot_general %x0, %x1, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (${x}, ${x}) -> ${s}`,
    );
    const mixed = text.add(
      `stablehlo.dot_general ${text.softmax(product, scores)}, %x2, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (${s}, ${x}) -> ${x}`,
    );
    return text.done([side, side, side], mixed, side);
  });
}
