/** The standard library. Made from compiler/dsl/library by `npm run docs`: change those files, not this one. */
/* oxlint-disable max-lines */
export const libraryTexts: Readonly<Record<string, string>> = {
  'nn.tess': `//! Layers, losses, initialisers and optimisers.

use nn.initialisers (
  constant,
  glorot,
  glorot_normal,
  he,
  he_uniform,
  lecun,
  normal_of,
  orthogonal,
  truncated,
  uniform_of,
)
use nn.dense (Dense, Linear, Mlp, Residual, Dropout, Embedding)
use nn.convolution (
  Conv1d,
  Conv2d,
  PlainConv1d,
  PlainConv2d,
  ConvTranspose1d,
  ConvTranspose2d,
  DepthwiseConv2d,
  max_pool,
  avg_pool,
  global_avg_pool,
  MaxPool,
  AvgPool,
)
use nn.normalisation (BatchNorm, LayerNorm, RMSNorm, GroupNorm)
use nn.recurrent (Rnn, Lstm, Gru)
use nn.attention (attention, causal_mask, rotary, KvCache, MultiHeadAttention, TransformerBlock)
use nn.losses (
  cross_entropy,
  cross_entropy_soft,
  binary_cross_entropy,
  mse,
  mae,
  huber,
  gaussian_nll,
  kl_divergence,
  hinge,
  cosine_distance,
)
use nn.optimisers (
  sgd,
  momentum,
  adam,
  adamw,
  rmsprop,
  Sgd,
  Momentum,
  Adam,
  AdamW,
  RmsProp,
  clip_by_norm,
  piecewise,
  cosine_decay,
)
`,
  'nn/attention.tess': `//! Attention and what transformers are made of.

use nn.dense (Dense, Mlp)
use nn.normalisation (LayerNorm)

/// Scaled dot-product attention (Vaswani et al., 2017): queries \`f32[n, t, h, e]\`, keys and values \`f32[n, s, h, e]\` -> \`f32[n, t, h, e]\`.
/// \`bias\` is added to the scores, \`f32[t, s]\` or what stretches to \`f32[n, h, t, s]\`; 0 for none.
fn attention[n, t, s, h, e](
  q: f32[n, t, h, e],
  k: f32[n, s, h, e],
  v: f32[n, s, h, e],
  bias = 0.0,
) -> f32[n, t, h, e] {
  let scores = einsum("nthe,nshe->nhts", q, k) * e ** -0.5
  einsum("nhts,nshe->nthe", softmax(scores + bias), v)
}

/// 0 where a position may look (itself and before), \`-inf\` where it may not: \`f32[t, t]\`.
fn causal_mask(t: int) =
  where(positions(i32[t, t], axis: 0) >= positions(i32[t, t], axis: 1), 0.0, -inf)

/// Rotary positions (Su et al., 2021): turns pairs of elements by angles that grow with the position. \`f32[n, t, h, e]\`, and the first
/// position, an \`i32\`.
fn rotary[n, t, h, e](x: f32[n, t, h, e], start = 0) -> f32[n, t, h, e] {
  let half = e / 2
  let rate = exp(f32(iota(half)) * (-9.210340371976184 / half))
  let angle = (f32(iota(t)) + f32(start))[:, new] * rate
  let (c, s) = (cos(angle)[:, new, :], sin(angle)[:, new, :])
  let (a, b) = split(x, 2, axis: 3)
  concat([a * c - b * s, a * s + b * c], axis: 3)
}

/// Keys and values of the positions so far.
type KvCache[n, t, h, e] = (k: f32[n, t, h, e], v: f32[n, t, h, e])

/// Attention with \`h\` heads over sequences of width \`d\` (Vaswani et al., 2017): \`f32[n, t, d] -> f32[n, t, d]\`. \`rope\` turns queries and
/// keys by their positions, \`causal\` lets a position look at itself and before.
model MultiHeadAttention(d: int, h: int, causal: bool = false, rope: bool = false) {
  qkv: Dense(d, 3 * d)
  proj: Dense(d, d)

  fn heads[n, t](x: f32[n, t, d], start) {
    let (q, k, v) = split(reshape(qkv(x), (n, t, 3 * h, d / h)), 3, axis: 2)
    if rope { (rotary(q, start), rotary(k, start), v) } else { (q, k, v) }
  }

  fn call[n, t](x: f32[n, t, d]) -> f32[n, t, d] {
    let (q, k, v) = heads(x, 0)
    let bias = if causal { causal_mask(t) } else { zeros(f32[t, t]) }
    proj(reshape(attention(q, k, v, bias), (n, t, d)))
  }

  /// One position at a time: writes its key and value into the cache and looks at those up to it. \`f32[n, d] -> f32[n, d]\`.
  fn step[n, t](x: f32[n, d], pos: i32, inout kv: KvCache[n, t, h, d/h]) -> f32[n, d] {
    let (q, k, v) = heads(x[:, new], pos)
    kv.k[:, pos] := k[:, 0]
    kv.v[:, pos] := v[:, 0]
    let bias = where(iota(t) <= pos, 0.0, -inf)
    proj(reshape(attention(q, kv.k, kv.v, bias), (n, d)))
  }
}

/// A transformer block with the normalisations first (Xiong et al., 2020): \`f32[n, t, d] -> f32[n, t, d]\`.
model TransformerBlock(d: int, h: int, causal: bool = false) {
  ln1: LayerNorm(d)
  attn: MultiHeadAttention(d, h, causal: causal)
  ln2: LayerNorm(d)
  mlp: Mlp(d, 4 * d)

  fn call[n, t](x: f32[n, t, d]) -> f32[n, t, d] {
    let y = x + attn(ln1(x))
    y + mlp(ln2(y))
  }
}
`,
  'nn/convolution.tess': `//! Convolutions and pooling of images \`[n, spatial..., c]\`.

use nn.initialisers (he)

/// A convolution of sequences: \`f32[n, t, c] -> f32[n, t', o]\`. \`pad\` is "valid", "same", "causal", a width or a pair.
model Conv1d(
  c: int,
  o: int,
  kernel: int,
  stride: int = 1,
  pad = "same",
  dilation: int = 1,
  groups: int = 1,
  init = he,
) {
  param weight: f32[kernel, c/groups, o] = init
  param bias: f32[o] = zeros

  fn call[n, t](x: f32[n, t, c]) =
    conv(x, weight, stride: stride, pad: pad, dilation: dilation, groups: groups) + bias
}

/// A convolution of sequences without a bias: \`f32[n, t, c] -> f32[n, t', o]\`.
model PlainConv1d(
  c: int,
  o: int,
  kernel: int,
  stride: int = 1,
  pad = "same",
  dilation: int = 1,
  groups: int = 1,
  init = he,
) {
  param weight: f32[kernel, c/groups, o] = init

  fn call[n, t](x: f32[n, t, c]) =
    conv(x, weight, stride: stride, pad: pad, dilation: dilation, groups: groups)
}

/// A convolution of images: \`f32[n, h, w, c] -> f32[n, h', w', o]\`. \`pad\` is "valid", "same", a width or pairs.
model Conv2d(
  c: int,
  o: int,
  kernel: int,
  stride: int = 1,
  pad = "same",
  dilation: int = 1,
  groups: int = 1,
  init = he,
) {
  param weight: f32[kernel, kernel, c/groups, o] = init
  param bias: f32[o] = zeros

  fn call[n, h, w](x: f32[n, h, w, c]) =
    conv(x, weight, stride: stride, pad: pad, dilation: dilation, groups: groups) + bias
}

/// A convolution of images without a bias, for use before a normalisation: \`f32[n, h, w, c] -> f32[n, h', w', o]\`.
model PlainConv2d(
  c: int,
  o: int,
  kernel: int,
  stride: int = 1,
  pad = "same",
  dilation: int = 1,
  groups: int = 1,
  init = he,
) {
  param weight: f32[kernel, kernel, c/groups, o] = init

  fn call[n, h, w](x: f32[n, h, w, c]) =
    conv(x, weight, stride: stride, pad: pad, dilation: dilation, groups: groups)
}

/// A convolution of each channel by itself: \`f32[n, h, w, c] -> f32[n, h', w', c]\` (Howard et al., 2017).
model DepthwiseConv2d(
  c: int,
  kernel: int,
  stride: int = 1,
  pad = "same",
  dilation: int = 1,
  init = he,
) {
  param weight: f32[kernel, kernel, 1, c] = init
  param bias: f32[c] = zeros

  fn call[n, h, w](x: f32[n, h, w, c]) =
    conv(x, weight, stride: stride, pad: pad, dilation: dilation, groups: c) + bias
}

/// A transposed convolution of sequences, \`stride\` times as long: \`f32[n, t, c] -> f32[n, stride*t, o]\` (Zeiler et al., 2010).
model ConvTranspose1d(c: int, o: int, kernel: int, stride: int = 2, init = he) {
  param weight: f32[kernel, c, o] = init
  param bias: f32[o] = zeros

  fn call[n, t](x: f32[n, t, c]) {
    let extra = max(kernel - stride, 0)
    let low = kernel - 1 - div(extra, 2)
    let high = kernel - 1 - (extra - div(extra, 2)) + max(stride - kernel, 0)
    conv(x, weight, input_dilation: stride, pad: [(low, high)]) + bias
  }
}

/// A transposed convolution of images, \`stride\` times as large: \`f32[n, h, w, c] -> f32[n, stride*h, stride*w, o]\` (Zeiler et al., 2010).
model ConvTranspose2d(c: int, o: int, kernel: int, stride: int = 2, init = he) {
  param weight: f32[kernel, kernel, c, o] = init
  param bias: f32[o] = zeros

  fn call[n, h, w](x: f32[n, h, w, c]) {
    let extra = max(kernel - stride, 0)
    let low = kernel - 1 - div(extra, 2)
    let high = kernel - 1 - (extra - div(extra, 2)) + max(stride - kernel, 0)
    conv(x, weight, input_dilation: stride, pad: [(low, high), (low, high)]) + bias
  }
}

/// The largest element of each window: \`f32[n, h, w, c] -> f32[n, h / size, w / size, c]\`.
fn max_pool(x, size, stride = size, pad = "valid") = window_max(x, size, stride: stride, pad: pad)

/// The mean of each window; what lies outside does not count: \`f32[n, h, w, c] -> f32[n, h / size, w / size, c]\`.
fn avg_pool(x, size, stride = size, pad = "valid") =
  window_sum(x, size, stride: stride, pad: pad)
    / window_sum(ones(x), size, stride: stride, pad: pad)

/// The mean over the spatial axes: \`f32[n, h, w, c] -> f32[n, c]\`.
fn global_avg_pool(x) = mean(x, axis: [i for i in 1..x.rank - 1])

/// \`max_pool\` as a layer.
model MaxPool(size: int, stride: int = size, pad = "valid") {
  fn call(x) = max_pool(x, size, stride: stride, pad: pad)
}

/// \`avg_pool\` as a layer.
model AvgPool(size: int, stride: int = size, pad = "valid") {
  fn call(x) = avg_pool(x, size, stride: stride, pad: pad)
}
`,
  'nn/dense.tess': `//! Dense layers and what goes around them.

use nn.initialisers (glorot, normal_of)

/// \`x @ weight + bias\`, on the last axis: \`f32[...s, d] -> f32[...s, h]\`.
model Dense(d: int, h: int, init = glorot) {
  param weight: f32[d, h] = init
  param bias: f32[h] = zeros

  fn call[...s](x: f32[...s, d]) -> f32[...s, h] = x @ weight + bias
}

/// \`x @ weight\`, on the last axis, without a bias: \`f32[...s, d] -> f32[...s, h]\`.
model Linear(d: int, h: int, init = glorot) {
  param weight: f32[d, h] = init

  fn call[...s](x: f32[...s, d]) -> f32[...s, h] = x @ weight
}

/// Two dense layers with an activation between them: \`f32[...s, d] -> f32[...s, d]\`, \`h\` wide inside.
model Mlp(d: int, h: int, activation = gelu) {
  up: Dense(d, h)
  down: Dense(h, d)

  fn call[...s](x: f32[...s, d]) -> f32[...s, d] = x |> up |> activation |> down
}

/// \`x + inner(x)\` (He et al., 2016).
model Residual(inner) {
  body: inner

  fn call(x) = x + body(x)
}

/// Sets elements to 0 with probability \`rate\` while training, and scales the others up so that the mean stays (Srivastava et al., 2014).
/// Owns the key it draws from. Any shape.
model Dropout(rate: float) {
  state key

  fn call[...s](x: f32[...s], static train: bool) -> f32[...s] {
    var y = x
    if train {
      let (use_now, next) = (split_key(key)[0], split_key(key)[1])
      key := next
      y := where(bernoulli(use_now, 1.0 - rate, f32[...s]), x / (1.0 - rate), 0.0)
    }
    y
  }
}

/// A vector for each of \`count\` tokens: \`i32[...s] -> f32[...s, d]\`.
model Embedding(count: int, d: int, init = normal_of(0.02)) {
  param weight: f32[count, d] = init

  fn call[...s](tokens: i32[...s]) -> f32[...s, d] = take(weight, tokens)
}
`,
  'nn/initialisers.tess': `//! Initial values of parameters: functions of a type and a key, for \`param w: f32[d, h] = nn.glorot\`. A kernel's last two axes are its
//! inputs and outputs, the axes before them its window.

/// How many inputs an output of this kernel sees, and how many outputs an input reaches: \`(fan_in, fan_out)\`.
fn fans(t: type) {
  let s = t.shape
  let r = s.length
  let window = prod(s[0..max(r - 2, 0)])
  if r < 2 { (prod(s), prod(s)) } else { (window * s[r - 2], window * s[r - 1]) }
}

/// The same number everywhere.
fn constant(value: float) = fn(t: type) = full(t, value)

/// Normal with this standard deviation.
fn normal_of(std: float) = fn(t: type, key: u32[2]) = std * normal(key, t)

/// Normal with this standard deviation, cut at twice it.
fn truncated(std: float) = fn(t: type, key: u32[2]) = std * truncated_normal(key, t)

/// Uniform between \`-limit\` and \`limit\`.
fn uniform_of(limit: float) = fn(t: type, key: u32[2]) = uniform(key, t, low: -limit, high: limit)

/// Uniform with variance \`2 / (fan_in + fan_out)\` (Glorot and Bengio, 2010).
fn glorot(t: type, key: u32[2]) {
  let (fan_in, fan_out) = fans(t)
  let limit = sqrt(6.0 / (fan_in + fan_out))
  uniform(key, t, low: -limit, high: limit)
}

/// Normal with variance \`2 / (fan_in + fan_out)\` (Glorot and Bengio, 2010).
fn glorot_normal(t: type, key: u32[2]) {
  let (fan_in, fan_out) = fans(t)
  sqrt(2.0 / (fan_in + fan_out)) * normal(key, t)
}

/// Normal with variance \`2 / fan_in\`, for rectifiers (He et al., 2015).
fn he(t: type, key: u32[2]) {
  let (fan_in, _) = fans(t)
  sqrt(2.0 / fan_in) * normal(key, t)
}

/// Uniform with variance \`2 / fan_in\`, for rectifiers (He et al., 2015).
fn he_uniform(t: type, key: u32[2]) {
  let (fan_in, _) = fans(t)
  let limit = sqrt(6.0 / fan_in)
  uniform(key, t, low: -limit, high: limit)
}

/// Normal with variance \`1 / fan_in\` (LeCun et al., 1998).
fn lecun(t: type, key: u32[2]) {
  let (fan_in, _) = fans(t)
  sqrt(1.0 / fan_in) * normal(key, t)
}

/// A matrix with orthonormal columns, or rows where there are more of those than rows (Saxe et al., 2014): the Gram-Schmidt process on a
/// normal matrix, twice, which is as exact as a QR factorisation (Giraud et al., 2005).
fn orthogonal(t: type, key: u32[2]) {
  let s = t.shape
  let (rows, columns) = (s[0], s[1])
  let tall = rows >= columns
  let (long, short) = if tall { (rows, columns) } else { (columns, rows) }
  let start = normal(key, f32[short, long])
  var basis = zeros(f32[short, long])
  var i = i32(0)
  while i < short {
    var v = start[i]
    v := v - (basis @ v) @ basis
    v := v - (basis @ v) @ basis
    basis[i] := v / norm(v)
    i := i + 1
  }
  if tall { transpose(basis) } else { basis }
}
`,
  'nn/losses.tess': `//! Losses, one number an element of the batch; take the \`mean\` of them.

/// \`-log\` of the probability that \`softmax(logits)\` gives to the label: \`f32[...s, v], i32[...s] -> f32[...s]\`.
fn cross_entropy(logits, labels) =
  logsumexp(logits, axis: -1) - squeeze(take_along(logits, labels[..., new], axis: -1), axis: -1)

/// Cross entropy against probabilities: \`f32[...s, v], f32[...s, v] -> f32[...s]\`.
fn cross_entropy_soft(logits, probabilities) =
  -sum(probabilities * log_softmax(logits, axis: -1), axis: -1)

/// Cross entropy of a yes or no, from its logit, without overflow: \`f32[...s], f32[...s] -> f32[...s]\`.
fn binary_cross_entropy(logits, labels) = softplus(logits) - logits * labels

/// The square of the difference. Elementwise.
fn mse(prediction, target) = square(prediction - target)

/// The absolute difference. Elementwise.
fn mae(prediction, target) = abs(prediction - target)

/// Square near 0, linear beyond \`delta\` (Huber, 1964). Elementwise.
fn huber(prediction, target, delta: float = 1.0) {
  let distance = abs(prediction - target)
  let near = min(distance, delta)
  near * (distance - 0.5 * near)
}

/// \`-log\` of the density of the target under a normal distribution. Elementwise.
fn gaussian_nll(mu, sigma, target) =
  0.5 * square((target - mu) / sigma) + log(sigma) + 0.9189385332046727

/// \`sum(p * log(p / q))\` along the last axis, from log-probabilities: \`f32[...s, v], f32[...s, v] -> f32[...s]\`.
fn kl_divergence(log_p, log_q) = sum(exp(log_p) * (log_p - log_q), axis: -1)

/// \`max(0, 1 - label * score)\` for labels -1 and 1. Elementwise.
fn hinge(scores, labels) = relu(1 - labels * scores)

/// 1 minus the cosine of the angle between vectors along the last axis: \`f32[...s, d], f32[...s, d] -> f32[...s]\`.
fn cosine_distance(a, b, epsilon: float = 1e-8) =
  1 - sum(a * b, axis: -1) / max(norm(a, axis: -1) * norm(b, axis: -1), epsilon)
`,
  'nn/normalisation.tess': `//! Normalisations.

/// Normalises each channel over the batch while training, and with running statistics afterwards (Ioffe and Szegedy, 2015):
/// \`f32[...s, c] -> f32[...s, c]\`.
model BatchNorm(c: int, momentum: float = 0.9, epsilon: float = 1e-5) {
  param scale: f32[c] = ones
  param shift: f32[c] = zeros
  state mean: f32[c] = zeros
  state variance: f32[c] = ones

  fn call[...s](x: f32[...s, c], static train: bool) -> f32[...s, c] {
    var (m, v) = (mean, variance)
    if train {
      (m, v) := moments(x, axes: [i for i in 0..x.rank - 1])
      mean := momentum * mean + (1.0 - momentum) * m
      variance := momentum * variance + (1.0 - momentum) * v
    }
    (x - m) * rsqrt(v + epsilon) * scale + shift
  }
}

/// Normalises the last axis to mean 0 and variance 1 (Ba et al., 2016): \`f32[...s, d] -> f32[...s, d]\`.
model LayerNorm(d: int, epsilon: float = 1e-5) {
  param scale: f32[d] = ones
  param shift: f32[d] = zeros

  fn call[...s](x: f32[...s, d]) -> f32[...s, d] {
    let (m, v) = moments(x, axes: -1, keep: true)
    (x - m) * rsqrt(v + epsilon) * scale + shift
  }
}

/// Scales the last axis to a mean square of 1 (Zhang and Sennrich, 2019): \`f32[...s, d] -> f32[...s, d]\`.
model RMSNorm(d: int, epsilon: float = 1e-6) {
  param scale: f32[d] = ones

  fn call[...s](x: f32[...s, d]) -> f32[...s, d] =
    x * rsqrt(mean(square(x), axis: -1, keep: true) + epsilon) * scale
}

/// Normalises groups of channels of each image (Wu and He, 2018): \`f32[n, h, w, c] -> f32[n, h, w, c]\`.
model GroupNorm(groups: int, c: int, epsilon: float = 1e-5) {
  param scale: f32[c] = ones
  param shift: f32[c] = zeros

  fn call[n, h, w](x: f32[n, h, w, c]) -> f32[n, h, w, c] {
    let grouped = reshape(x, (n, h * w, groups, c / groups))
    let (m, v) = moments(grouped, axes: (1, 3), keep: true)
    reshape((grouped - m) * rsqrt(v + epsilon), (n, h, w, c)) * scale + shift
  }
}
`,
  'nn/optimisers.tess': `//! Optimisers are models whose state follows the tree of what they train. \`nn.adam(rate: 0.001)\` is a function that makes one for a tree,
//! for \`minimize(loss, nn.adam(rate: 0.001))\`.

/// Scales a tree of gradients so that its norm is at most \`limit\` (Pascanu et al., 2013).
fn clip_by_norm(g, limit: float) {
  let total = sqrt(tree.sum(tree.map(fn(x) = sum(square(x)), g)))
  let factor = min(1.0, limit / max(total, 1e-12))
  tree.map(fn(x) = x * factor, g)
}

/// The rate \`rates[i]\` from step \`bounds[i - 1]\` on: \`piecewise(step, [100, 150], [0.1, 0.01, 0.001])\`.
fn piecewise(step, bounds, rates) {
  var rate = f32(rates[0])
  for i in 0..bounds.length { rate := where(step >= bounds[i], f32(rates[i + 1]), rate) }
  rate
}

/// From \`rate\` down to 0 along half a cosine over \`steps\` (Loshchilov and Hutter, 2017).
fn cosine_decay(step, rate: float, steps: int) =
  0.5 * rate * (1 + cos(pi * min(f32(step) / steps, 1.0)))

/// \`p - rate * (g + decay * p)\`.
model Sgd[P: tree](like: P, rate = 0.01, decay: float = 0.0) {
  fn update(p: P, g: P) -> P = tree.map(fn(p, g) = p - rate * (g + decay * p), p, g)
}

/// Gradient descent with momentum (Polyak, 1964).
model Momentum[P: tree](like: P, rate = 0.01, beta: float = 0.9, decay: float = 0.0) {
  state velocity: P = zeros

  mut fn update(p: P, g: P) -> P {
    velocity := tree.map(fn(v, g, p) = beta * v + g + decay * p, velocity, g, p)
    tree.map(fn(p, v) = p - rate * v, p, velocity)
  }
}

/// Adam (Kingma and Ba, 2015).
model Adam[P: tree](
  like: P,
  rate = 0.001,
  b1: float = 0.9,
  b2: float = 0.999,
  epsilon: float = 1e-8,
) {
  state step: i32 = 0
  state mean: P = zeros
  state variance: P = zeros

  mut fn update(p: P, g: P) -> P {
    step := step + 1
    mean := tree.map(fn(m, g) = b1 * m + (1.0 - b1) * g, mean, g)
    variance := tree.map(fn(v, g) = b2 * v + (1.0 - b2) * g * g, variance, g)
    let c1 = 1 - b1 ** f32(step)
    let c2 = 1 - b2 ** f32(step)
    tree.map(fn(p, m, v) = p - rate * (m / c1) / (sqrt(v / c2) + epsilon), p, mean, variance)
  }
}

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).
model AdamW[P: tree](
  like: P,
  rate = 0.001,
  decay: float = 0.01,
  b1: float = 0.9,
  b2: float = 0.999,
  epsilon: float = 1e-8,
) {
  adam: Adam(like, rate: rate, b1: b1, b2: b2, epsilon: epsilon)

  mut fn update(p: P, g: P) -> P {
    let next = adam.update(p, g)
    tree.map(fn(n, p) = n - rate * decay * p, next, p)
  }
}

/// RMSProp (Tieleman and Hinton, 2012).
model RmsProp[P: tree](like: P, rate = 0.001, beta: float = 0.9, epsilon: float = 1e-8) {
  state square_mean: P = zeros

  mut fn update(p: P, g: P) -> P {
    square_mean := tree.map(fn(s, g) = beta * s + (1.0 - beta) * g * g, square_mean, g)
    tree.map(fn(p, g, s) = p - rate * g / (sqrt(s) + epsilon), p, g, square_mean)
  }
}

/// \`Sgd\` for \`minimize\`.
fn sgd(rate = 0.01, decay: float = 0.0) = fn(like) = Sgd(like, rate: rate, decay: decay)

/// \`Momentum\` for \`minimize\`.
fn momentum(rate = 0.01, beta: float = 0.9, decay: float = 0.0) =
  fn(like) = Momentum(like, rate: rate, beta: beta, decay: decay)

/// \`Adam\` for \`minimize\`.
fn adam(rate = 0.001, b1: float = 0.9, b2: float = 0.999, epsilon: float = 1e-8) =
  fn(like) = Adam(like, rate: rate, b1: b1, b2: b2, epsilon: epsilon)

/// \`AdamW\` for \`minimize\`.
fn adamw(
  rate = 0.001,
  decay: float = 0.01,
  b1: float = 0.9,
  b2: float = 0.999,
  epsilon: float = 1e-8,
) = fn(like) = AdamW(like, rate: rate, decay: decay, b1: b1, b2: b2, epsilon: epsilon)

/// \`RmsProp\` for \`minimize\`.
fn rmsprop(rate = 0.001, beta: float = 0.9, epsilon: float = 1e-8) =
  fn(like) = RmsProp(like, rate: rate, beta: beta, epsilon: epsilon)
`,
  'nn/recurrent.tess': `//! Recurrent layers over sequences \`[n, t, d]\`: a scan over time.

use nn.initialisers (glorot, orthogonal)

/// \`y = tanh(x wx + y wh + b)\` over time (Elman, 1990): \`f32[n, t, d] -> f32[n, t, h]\`.
model Rnn(d: int, h: int) {
  param wx: f32[d, h] = glorot
  param wh: f32[h, h] = orthogonal
  param b: f32[h] = zeros

  fn call[n, t](x: f32[n, t, d]) -> f32[n, t, h] {
    let (_, ys) = scan(x @ wx + b, init: zeros(f32[n, h]), axis: 1, fn(y, zx) {
      let next = tanh(zx + y @ wh)
      (next, next)
    })
    ys
  }
}

/// Long short-term memory (Hochreiter and Schmidhuber, 1997), gates in the order input, forget, candidate, output:
/// \`f32[n, t, d] -> f32[n, t, h]\`.
model Lstm(d: int, h: int) {
  param wx: f32[d, 4*h] = glorot
  param wh: f32[h, 4*h] = orthogonal
  param b: f32[4*h] = zeros

  fn call[n, t](x: f32[n, t, d]) -> f32[n, t, h] {
    let z = zeros(f32[n, h])
    let (_, ys) = scan(x @ wx + b, init: (z, z), axis: 1, fn((y, c), zx) {
      let (i, f, g, o) = split(zx + y @ wh, 4, axis: 1)
      let c1 = sigmoid(f) * c + sigmoid(i) * tanh(g)
      let y1 = sigmoid(o) * tanh(c1)
      ((y1, c1), y1)
    })
    ys
  }
}

/// The gated recurrent unit (Cho et al., 2014), gates in the order reset, update, candidate: \`f32[n, t, d] -> f32[n, t, h]\`.
model Gru(d: int, h: int) {
  param wx: f32[d, 3*h] = glorot
  param wh: f32[h, 3*h] = orthogonal
  param b: f32[3*h] = zeros
  param bh: f32[h] = zeros

  fn call[n, t](x: f32[n, t, d]) -> f32[n, t, h] {
    let (_, ys) = scan(x @ wx + b, init: zeros(f32[n, h]), axis: 1, fn(y, zx) {
      let (xr, xz, xn) = split(zx, 3, axis: 1)
      let (hr, hz, hn) = split(y @ wh, 3, axis: 1)
      let reset = sigmoid(xr + hr)
      let update = sigmoid(xz + hz)
      let candidate = tanh(xn + reset * (hn + bh))
      let next = (1.0 - update) * candidate + update * y
      (next, next)
    })
    ys
  }
}
`,
  'prelude.tess': `//! The part of the prelude that the language itself can say. Everything here is in scope in every file.

/// The ratio of a circle's circumference to its diameter.
let pi = 3.141592653589793

// ------------------------------------------------------------------------------------------------------ activations

/// \`max(x, 0)\`, the rectified linear unit. Elementwise.
fn relu(x) = max(x, 0)

/// \`min(max(x, 0), 6)\`. Elementwise.
fn relu6(x) = min(max(x, 0), 6)

/// \`x\` where it is positive, else \`slope * x\`. Elementwise.
fn leaky_relu(x, slope: float = 0.01) = where(x > 0, x, slope * x)

/// The exponential linear unit: \`x\` where it is positive, else \`alpha * (exp(x) - 1)\`. Elementwise (Clevert et al., 2015).
fn elu(x, alpha: float = 1.0) = where(x > 0, x, alpha * expm1(min(x, 0)))

/// The self-normalising \`elu\` (Klambauer et al., 2017). Elementwise.
fn selu(x) = 1.0507009873554805 * elu(x, alpha: 1.6732632423543772)

/// The Gaussian error linear unit, exact: \`x * P(Z <= x)\` (Hendrycks and Gimpel, 2016). Elementwise.
fn gelu(x) = 0.5 * x * (1 + erf(x * 0.7071067811865476))

/// \`gelu\` by the tanh approximation of its authors. Elementwise.
fn gelu_tanh(x) = 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))

/// \`x * sigmoid(x)\`, also known as swish. Elementwise.
fn silu(x) = x * sigmoid(x)

/// \`log(1 + exp(x))\`, without overflow. Elementwise.
fn softplus(x) = max(x, 0) + log1p(exp(-abs(x)))

/// \`x * tanh(softplus(x))\` (Misra, 2019). Elementwise.
fn mish(x) = x * tanh(softplus(x))

/// \`x / (1 + |x|)\`. Elementwise.
fn softsign(x) = x / (1 + abs(x))

/// A piecewise linear sigmoid: \`clamp(x / 6 + 0.5, 0, 1)\`. Elementwise.
fn hard_sigmoid(x) = clamp(x / 6 + 0.5, 0, 1)

/// \`x * hard_sigmoid(x)\`. Elementwise.
fn hard_swish(x) = x * hard_sigmoid(x)

/// \`log(sigmoid(x))\`, without overflow. Elementwise.
fn log_sigmoid(x) = -softplus(-x)

/// \`exp(x)\` scaled to add up to 1 along the axis: \`f32[...s] -> f32[...s]\`.
fn softmax(x, axis: int = -1) {
  let shifted = exp(x - max(x, axis: axis, keep: true))
  shifted / sum(shifted, axis: axis, keep: true)
}

/// \`log(softmax(x))\`, without overflow.
fn log_softmax(x, axis: int = -1) {
  let shifted = x - max(x, axis: axis, keep: true)
  shifted - log(sum(exp(shifted), axis: axis, keep: true))
}

/// \`log(sum(exp(x)))\` along the axes, without overflow. \`f32[n, d] -> f32[n]\` with \`axis: 1\`.
fn logsumexp(x, axis = [i for i in 0..x.rank], keep: bool = false) {
  let highest = max(x, axis: axis, keep: true)
  let total = log(sum(exp(x - highest), axis: axis, keep: true)) + highest
  if keep { total } else { squeeze(total, axis: axis) }
}

// ------------------------------------------------------------------------------------------------------- elementwise

/// \`x\` kept between \`low\` and \`high\`. Elementwise.
fn clamp(x, low, high) = min(max(x, low), high)

/// \`x * x\`. Elementwise.
fn square(x) = x * x

/// \`a\` where \`t\` is 0, \`b\` where it is 1, in between on a line. Elementwise.
fn lerp(a, b, t) = a + (b - a) * t

// -------------------------------------------------------------------------------------------------------- statistics

/// The mean along the axes: \`f32[n, d] -> f32[n]\` with \`axis: 1\`; of everything when no axis is given.
fn mean(x, axis = [i for i in 0..x.rank], keep: bool = false) =
  sum(x, axis: axis, keep: keep) / size(x, axis)

/// The mean and the variance along the axes, in two passes: \`f32[n, h, w, c] -> (f32[c], f32[c])\` with \`axes: (0, 1, 2)\`.
fn moments(x, axes = [i for i in 0..x.rank], keep: bool = false) {
  let centre = mean(x, axis: axes, keep: true)
  let spread = mean(square(x - centre), axis: axes, keep: true)
  if keep { (centre, spread) } else { (squeeze(centre, axes: axes), squeeze(spread, axes: axes)) }
}

/// The variance along the axes; \`ddof\` is taken from the count (1 gives the unbiased estimate).
fn variance(x, axis = [i for i in 0..x.rank], ddof: int = 0, keep: bool = false) =
  sum(square(x - mean(x, axis: axis, keep: true)), axis: axis, keep: keep) / (size(x, axis) - ddof)

/// The standard deviation along the axes.
fn std(x, axis = [i for i in 0..x.rank], ddof: int = 0, keep: bool = false) =
  sqrt(variance(x, axis: axis, ddof: ddof, keep: keep))

/// The Euclidean norm along the axes.
fn norm(x, axis = [i for i in 0..x.rank], keep: bool = false) =
  sqrt(sum(square(x), axis: axis, keep: keep))

// ------------------------------------------------------------------------------------------------------------ shapes

/// 1 at the index and 0 elsewhere, along a new last axis of size \`n\`: \`i32[...s] -> f32[...s, n]\`.
fn one_hot(x, n: int, of: dtype = f32) = of(x[..., new] == iota(n, x.dtype))

/// The elements moved by \`shift\` places along an axis, those that leave at one end coming back at the other.
fn roll(x, shift: int, axis: int = 0) {
  let n = size(x, axis)
  let back = shift % n
  let (head, tail) = split(x, [n - back, back], axis: axis)
  concat([tail, head], axis: axis)
}

/// The axes \`a\` and \`b\` swapped.
fn swap_axes(x, a: int, b: int) {
  let r = x.rank
  let (i, j) = ((a + r) % r, (b + r) % r)
  transpose(x, [if k == i { j } else if k == j { i } else { k } for k in 0..r])
}

/// The lower triangle of matrices, the rest 0; \`offset\` moves the diagonal up.
fn tril(x, offset: int = 0) {
  let t = i32[size(x, -2), size(x, -1)]
  where(positions(t, axis: 0) + offset >= positions(t, axis: 1), x, 0)
}

/// The upper triangle of matrices, the rest 0; \`offset\` moves the diagonal up.
fn triu(x, offset: int = 0) {
  let t = i32[size(x, -2), size(x, -1)]
  where(positions(t, axis: 0) + offset <= positions(t, axis: 1), x, 0)
}

/// The diagonal of a square matrix: \`f32[n, n] -> f32[n]\`.
fn diagonal(x) = einsum("ii->i", x)

/// The matrix with this diagonal: \`f32[n] -> f32[n, n]\`.
fn diag(x) = x[:, new] * eye(size(x, 0), x.dtype)

/// The sum of the diagonal: \`f32[n, n] -> f32\`.
fn trace(x) = sum(diagonal(x))

/// \`n\` numbers from \`low\` to \`high\`, both included, evenly spaced.
fn linspace(low: float, high: float, n: int) = low + f32(iota(n)) * ((high - low) / (n - 1))

// ---------------------------------------------------------------------------------------------------- linear algebra

/// The sum of products of two vectors: \`f32[n], f32[n] -> f32\`.
fn dot(a, b) = sum(a * b)

/// All products of the elements of two vectors: \`f32[n], f32[m] -> f32[n, m]\`.
fn outer(a, b) = a[:, new] * b[new, :]

/// The \`x\` with \`a @ x = b\`, of symmetric positive definite \`a\`: \`f32[n, n], f32[n, k] -> f32[n, k]\`; \`b\` may be a vector.
fn solve_spd(a, b) {
  let l = cholesky(a)
  solve_triangular(l, solve_triangular(l, b), transposed: true)
}

// ---------------------------------------------------------------------------------------------------- random numbers

/// True with probability \`p\`: \`bool\` of the shape of the type.
fn bernoulli(key: u32[2], p, t: type) = uniform(key, t) < p

/// Whole numbers in \`low..high\`, of the shape of the type, which is one of floats: \`randint(k, f32[n], 0, 10)\` gives \`i32[n]\`.
fn randint(key: u32[2], t: type, low: int, high: int) =
  i32(floor(uniform(key, t) * (high - low))) + low

/// Floats of the standard Gumbel distribution.
fn gumbel(key: u32[2], t: type) = -log(-log(uniform(key, t, low: 1e-20, high: 1.0)))

/// Floats of the standard normal distribution, cut at two standard deviations.
fn truncated_normal(key: u32[2], t: type) =
  1.4142135623730951 * erf_inv(uniform(key, t, low: -0.9544997361036416, high: 0.9544997361036416))

/// One index an element, drawn with the probabilities \`softmax(logits)\`: \`f32[...s, v] -> i32[...s]\`.
fn categorical[...s, v](key: u32[2], logits: f32[...s, v]) -> i32[...s] =
  argmax(logits + gumbel(key, f32[...s, v]), axis: -1)

/// The numbers 0 to \`n - 1\` in random order: \`i32[n]\`.
fn permutation(key: u32[2], n: int) = argsort(random_bits(key, u32[n]))
`,
};
