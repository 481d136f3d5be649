/** Pieces of models as JAX exports them, for tests of fusion: each a function `@f`. */

const sum =
  '({ ^bb0(%l: tensor<f32>, %r: tensor<f32>): %o = stablehlo.add %l, %r : tensor<f32> stablehlo.return %o : tensor<f32> })';
const max =
  '({ ^bb0(%l: tensor<f32>, %r: tensor<f32>): %o = stablehlo.maximum %l, %r : tensor<f32> stablehlo.return %o : tensor<f32> })';

function shape(dims: readonly number[], element = 'f32'): string {
  return `tensor<${[...dims.map(String), element].join('x')}>`;
}

function reduceRows(result: string, operand: string, init: string, body: string, dims: readonly number[]): string {
  const last = dims.length - 1;
  return `%${result} = "stablehlo.reduce"(%${operand}, %${init}) ${body} {dimensions = array<i64: ${last}>} : (${shape(dims)}, tensor<f32>) -> ${shape(dims.slice(0, last))}`;
}

function broadcastRows(result: string, operand: string, dims: readonly number[]): string {
  const rows = dims.slice(0, -1);
  return `%${result} = stablehlo.broadcast_in_dim %${operand}, dims = [${rows.map((_, axis) => axis).join(', ')}] : (${shape(rows)}) -> ${shape(dims)}`;
}

const constants = `%zero = stablehlo.constant dense<0.0> : tensor<f32>
%low = stablehlo.constant dense<0xFF800000> : tensor<f32>`;

/** The lines of a softmax of `%x` along its last dimension, into `%y`. */
function softmaxLines(x: string, y: string, dims: readonly number[]): string {
  const type = shape(dims);
  return `${reduceRows(`${y}m`, x, 'low', max, dims)}
${broadcastRows(`${y}mb`, `${y}m`, dims)}
%${y}c = stablehlo.subtract %${x}, %${y}mb : ${type}
%${y}e = stablehlo.exponential %${y}c : ${type}
${reduceRows(`${y}s`, `${y}e`, 'zero', sum, dims)}
${broadcastRows(`${y}sb`, `${y}s`, dims)}
%${y} = stablehlo.divide %${y}e, %${y}sb : ${type}`;
}

export function softmax(dims: readonly number[] = [4, 8]): string {
  return `func.func @f(%x: ${shape(dims)}) -> ${shape(dims)} {
${constants}
${softmaxLines('x', 'y', dims)}
return %y : ${shape(dims)}
}`;
}

export function layerNorm(dims: readonly number[] = [4, 8]): string {
  const type = shape(dims);
  const rows = shape(dims.slice(0, -1));
  const width = dims.at(-1) ?? 1;
  const last = dims.length - 1;
  return `func.func @f(%x: ${type}, %scale: tensor<${width}xf32>, %bias: tensor<${width}xf32>) -> ${type} {
${constants}
%n = stablehlo.constant dense<${width}.0> : ${rows}
%eps = stablehlo.constant dense<1.0e-5> : ${rows}
${reduceRows('s', 'x', 'zero', sum, dims)}
%mean = stablehlo.divide %s, %n : ${rows}
${broadcastRows('mb', 'mean', dims)}
%c = stablehlo.subtract %x, %mb : ${type}
%sq = stablehlo.multiply %c, %c : ${type}
${reduceRows('v', 'sq', 'zero', sum, dims)}
%var = stablehlo.divide %v, %n : ${rows}
%ve = stablehlo.add %var, %eps : ${rows}
%r = stablehlo.rsqrt %ve : ${rows}
${broadcastRows('rb', 'r', dims)}
%norm = stablehlo.multiply %c, %rb : ${type}
%sb = stablehlo.broadcast_in_dim %scale, dims = [${last}] : (tensor<${width}xf32>) -> ${type}
%scaled = stablehlo.multiply %norm, %sb : ${type}
%bb = stablehlo.broadcast_in_dim %bias, dims = [${last}] : (tensor<${width}xf32>) -> ${type}
%y = stablehlo.add %scaled, %bb : ${type}
return %y : ${type}
}`;
}

/** The tanh form, as `jax.nn.gelu` gives it. */
export function gelu(dims: readonly number[] = [4, 8]): string {
  const type = shape(dims);
  const constant = (name: string, value: string): string => `%${name} = stablehlo.constant dense<${value}> : ${type}`;
  return `func.func @f(%x: ${type}) -> ${type} {
${constant('half', '0.5')}
${constant('one', '1.0')}
${constant('a', '0.044715')}
${constant('b', '0.79788456')}
%0 = stablehlo.multiply %x, %x : ${type}
%1 = stablehlo.multiply %0, %x : ${type}
%2 = stablehlo.multiply %1, %a : ${type}
%3 = stablehlo.add %x, %2 : ${type}
%4 = stablehlo.multiply %3, %b : ${type}
%5 = stablehlo.tanh %4 : ${type}
%6 = stablehlo.add %5, %one : ${type}
%7 = stablehlo.multiply %6, %half : ${type}
%8 = stablehlo.multiply %x, %7 : ${type}
return %8 : ${type}
}`;
}

/** Batch norm at inference of `%x`, with the four parameters `%scale`, `%bias`, `%mean`, `%var` and a suffix, into `%y`. */
function batchNormLines(x: string, y: string, suffix: string, dims: readonly number[]): string {
  const channels = dims.at(-1) ?? 1;
  const type = shape(dims);
  const vector = `tensor<${channels}xf32>`;
  const spread = (result: string, operand: string): string =>
    `%${result} = stablehlo.broadcast_in_dim %${operand}, dims = [${dims.length - 1}] : (${vector}) -> ${type}`;
  return `%${y}eps = stablehlo.constant dense<1.0e-5> : ${vector}
%${y}ve = stablehlo.add %var${suffix}, %${y}eps : ${vector}
%${y}r = stablehlo.rsqrt %${y}ve : ${vector}
%${y}k = stablehlo.multiply %${y}r, %scale${suffix} : ${vector}
${spread(`${y}mb`, `mean${suffix}`)}
%${y}c = stablehlo.subtract %${x}, %${y}mb : ${type}
${spread(`${y}kb`, `${y}k`)}
%${y}n = stablehlo.multiply %${y}c, %${y}kb : ${type}
${spread(`${y}bb`, `bias${suffix}`)}
%${y} = stablehlo.add %${y}n, %${y}bb : ${type}`;
}

function batchNormParameters(suffix: string, channels: number): string {
  return ['scale', 'bias', 'mean', 'var'].map((name) => `%${name}${suffix}: tensor<${channels}xf32>`).join(', ');
}

export function batchNormRelu(dims: readonly number[] = [2, 3, 3, 4]): string {
  const type = shape(dims);
  return `func.func @f(%x: ${type}, ${batchNormParameters('', dims.at(-1) ?? 1)}) -> ${type} {
%z = stablehlo.constant dense<0.0> : ${type}
${batchNormLines('x', 'n', '', dims)}
%y = stablehlo.maximum %n, %z : ${type}
return %y : ${type}
}`;
}

/** The mean over a batch of -sum(labels * log_softmax(logits)). */
export function crossEntropy(dims: readonly number[] = [4, 8]): string {
  const type = shape(dims);
  const rows = dims[0] ?? 1;
  return `func.func @f(%x: ${type}, %t: ${type}) -> tensor<f32> {
${constants}
%n = stablehlo.constant dense<${rows}.0> : tensor<f32>
${reduceRows('m', 'x', 'low', max, dims)}
${broadcastRows('mb', 'm', dims)}
%c = stablehlo.subtract %x, %mb : ${type}
%e = stablehlo.exponential %c : ${type}
${reduceRows('s', 'e', 'zero', sum, dims)}
%lg = stablehlo.log %s : tensor<${rows}xf32>
${broadcastRows('lb', 'lg', dims)}
%p = stablehlo.subtract %c, %lb : ${type}
%tp = stablehlo.multiply %t, %p : ${type}
${reduceRows('row', 'tp', 'zero', sum, dims)}
%neg = stablehlo.negate %row : tensor<${rows}xf32>
%total = "stablehlo.reduce"(%neg, %zero) ${sum} {dimensions = array<i64: 0>} : (tensor<${rows}xf32>, tensor<f32>) -> tensor<f32>
%mean = stablehlo.divide %total, %n : tensor<f32>
return %mean : tensor<f32>
}`;
}

/** softmax(q k' * scale) v over [batch, heads, length, size]. */
export function attention(batch = 2, heads = 2, length = 4, size = 8): string {
  const value = shape([batch, heads, length, size]);
  const scores = [batch, heads, length, length];
  return `func.func @f(%q: ${value}, %k: ${value}, %v: ${value}) -> ${value} {
${constants}
%scale = stablehlo.constant dense<0.35> : ${shape(scores)}
%d = stablehlo.dot_general %q, %k, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [3] : (${value}, ${value}) -> ${shape(scores)}
%x = stablehlo.multiply %d, %scale : ${shape(scores)}
${softmaxLines('x', 'p', scores)}
%o = stablehlo.dot_general %p, %v, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2] : (${shape(scores)}, ${value}) -> ${value}
return %o : ${value}
}`;
}

/** One step: gates from x and h, then the new cell and hidden state. */
export function lstmStep(batch = 2, inputs = 3, hidden = 4): string {
  const [x, h] = [shape([batch, inputs]), shape([batch, hidden])];
  const gates = shape([batch, 4 * hidden]);
  const slice = (name: string, index: number): string =>
    `%${name}s = stablehlo.slice %g [0:${batch}, ${index * hidden}:${(index + 1) * hidden}] : (${gates}) -> ${h}`;
  return `func.func @f(%x: ${x}, %h: ${h}, %c: ${h}, %w: ${shape([inputs, 4 * hidden])}, %u: ${shape([hidden, 4 * hidden])}, %b: tensor<${4 * hidden}xf32>) -> (${h}, ${h}) {
%0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${x}, ${shape([inputs, 4 * hidden])}) -> ${gates}
%1 = stablehlo.dot_general %h, %u, contracting_dims = [1] x [0] : (${h}, ${shape([hidden, 4 * hidden])}) -> ${gates}
%2 = stablehlo.add %0, %1 : ${gates}
%3 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<${4 * hidden}xf32>) -> ${gates}
%g = stablehlo.add %2, %3 : ${gates}
${slice('i', 0)}
${slice('o', 1)}
${slice('r', 2)}
${slice('n', 3)}
%i = stablehlo.logistic %is : ${h}
%o = stablehlo.logistic %os : ${h}
%r = stablehlo.logistic %rs : ${h}
%n = stablehlo.tanh %ns : ${h}
%4 = stablehlo.multiply %r, %c : ${h}
%5 = stablehlo.multiply %i, %n : ${h}
%cell = stablehlo.add %4, %5 : ${h}
%6 = stablehlo.tanh %cell : ${h}
%hidden = stablehlo.multiply %o, %6 : ${h}
return %hidden, %cell : ${h}, ${h}
}`;
}

/** conv, bn, relu, conv, bn, add, relu over [batch, size, size, channels]. */
export function residualBlock(
  dims: readonly number[] = [1, 4, 4, 4],
  precision: 'DEFAULT' | 'HIGHEST' = 'DEFAULT',
): string {
  const type = shape(dims);
  const channels = dims.at(-1) ?? 1;
  const kernel = shape([3, 3, channels, channels]);
  const conv = (result: string, operand: string, weights: string): string =>
    `%${result} = stablehlo.convolution(%${operand}, %${weights}) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision ${precision}>, #stablehlo<precision ${precision}>]} : (${type}, ${kernel}) -> ${type}`;
  return `func.func @f(%x: ${type}, %w1: ${kernel}, %w2: ${kernel}, ${batchNormParameters('1', channels)}, ${batchNormParameters('2', channels)}) -> ${type} {
%z = stablehlo.constant dense<0.0> : ${type}
${conv('c1', 'x', 'w1')}
${batchNormLines('c1', 'n1', '1', dims)}
%r1 = stablehlo.maximum %n1, %z : ${type}
${conv('c2', 'r1', 'w2')}
${batchNormLines('c2', 'n2', '2', dims)}
%s = stablehlo.add %n2, %x : ${type}
%y = stablehlo.maximum %s, %z : ${type}
return %y : ${type}
}`;
}
