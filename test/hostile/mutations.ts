/** Seeded ways to spoil a text: what a truncated download, a bad editor or an attacker would do to it. */

/** A small deterministic generator (xorshift32, Marsaglia 2003), so that a seed names a failure. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % Math.max(1, bound);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const encoder = new TextEncoder();

function splice(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - removed + inserted.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(bytes.subarray(at + removed), at + inserted.length);
  return result;
}

/** Things that mean something to the reader, and things that must not. */
const fragments: readonly string[] = [
  '9999999999x', '9999999999999999999999', '-1', '0', '%0', '%undefined', '#', '@', '^bb0', '!', '"', '"0x', '0x7FC00000', 'dense<',
  'tensor<', 'tensor<9999999999x9999999999xf32>', 'tensor<?x', 'xi4>', 'complex<', '!quant.uniform<i8:f32, 0.0:0>', '{', '}', '(', ')',
  '<', '>', '[', ']', '->', ':', ',', '=', '::', '//', '// -----\n', '\0', '\u00e9', '\n', 'loc(', 'loc("x":1:1)', '#stablehlo.gather<',
  '#stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>', 'array<i64: ', 'dense_resource<x>', '{-#', '#-}', '1e999', '-0.0', 'nan', 'unit', 'true',
  'stablehlo.while', 'stablehlo.return', 'func.func', 'module', 'dims = [9999999999]', 'dims = [-1]', '^', 'index', 'none', 'f8E4M3FN',
] as const; // prettier-ignore

const mutations: Readonly<Record<string, Mutation>> = {
  'flip a bit': (bytes, random) => {
    const copy = Uint8Array.from(bytes);
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  'set a byte': (bytes, random) => {
    const copy = Uint8Array.from(bytes);
    copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  truncate: (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  'cut the head': (bytes, random) => bytes.slice(random.below(bytes.length)),
  'delete a piece': (bytes, random) => {
    const at = random.below(bytes.length);
    return splice(bytes, at, Math.min(bytes.length - at, 1 + random.below(40)), new Uint8Array());
  },
  'delete a line': (bytes, random) => {
    const lines = new TextDecoder().decode(bytes).split('\n');
    lines.splice(random.below(lines.length), 1);
    return encoder.encode(lines.join('\n'));
  },
  'swap two lines': (bytes, random) => {
    const lines = new TextDecoder().decode(bytes).split('\n');
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return encoder.encode(lines.join('\n'));
  },
  'repeat a piece': (bytes, random) => {
    const at = random.below(bytes.length);
    const piece = bytes.subarray(at, at + 1 + random.below(30));
    const copies = new Uint8Array(piece.length * (1 + random.below(50)));
    for (let to = 0; to < copies.length; to += piece.length) copies.set(piece, to);
    return splice(bytes, at, 0, copies);
  },
  'insert a fragment': (bytes, random) =>
    splice(bytes, random.below(bytes.length), 0, encoder.encode(random.pick(fragments))),
  'replace a number': (bytes, random) => {
    const text = new TextDecoder().decode(bytes);
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const found = random.pick(numbers);
    const value = random.pick(['0', '1', '-1', '7', '65536', '4294967296', '9999999999', '9007199254740993', '1e30']);
    return encoder.encode(text.slice(0, found.index) + value + text.slice(found.index + found[0].length));
  },
  'exchange a word': (bytes, random) => {
    const text = new TextDecoder().decode(bytes);
    const words = [...text.matchAll(/[A-Za-z_][\w.]*/g)];
    if (words.length === 0) return bytes;
    const [at, other] = [random.pick(words), random.pick(words)];
    return encoder.encode(text.slice(0, at.index) + other[0] + text.slice(at.index + at[0].length));
  },
  'exchange a value': (bytes, random) => {
    const text = new TextDecoder().decode(bytes);
    const values = [...text.matchAll(/%[\w#]+/g)];
    if (values.length === 0) return bytes;
    const [at, other] = [random.pick(values), random.pick(values)];
    return encoder.encode(text.slice(0, at.index) + other[0] + text.slice(at.index + at[0].length));
  },
};

export const mutationNames: readonly string[] = Object.keys(mutations);

/** One to four mutations of `bytes`, chosen by `seed`. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = new Random(seed);
  let result = bytes;
  for (let left = 1 + random.below(4); left > 0 && result.length > 0; left--) {
    const mutation = mutations[random.pick(mutationNames)];
    if (mutation !== undefined) result = mutation(result, random);
  }
  return result;
}

/** Modules that are absurd from the start. */
export const absurdModules: Readonly<Record<string, string>> = {
  'huge dimensions':
    'func.func @main(%arg0: tensor<9999999999x9999999999xf32>) -> tensor<9999999999x9999999999xf32> {\n  %0 = stablehlo.add %arg0, %arg0 : tensor<9999999999x9999999999xf32>\n  return %0 : tensor<9999999999x9999999999xf32>\n}\n',
  'a huge splat':
    'func.func @main() -> tensor<9999999999x9999999999xf32> {\n  %0 = stablehlo.constant dense<1.0> : tensor<9999999999x9999999999xf32>\n  return %0 : tensor<9999999999x9999999999xf32>\n}\n',
  'a huge iota':
    'func.func @main() -> tensor<99999999999xi32> {\n  %0 = stablehlo.iota dim = 0 : tensor<99999999999xi32>\n  return %0 : tensor<99999999999xi32>\n}\n',
  'a huge broadcast':
    'func.func @main(%arg0: tensor<f32>) -> tensor<1000000x1000000xf32> {\n  %0 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<f32>) -> tensor<1000000x1000000xf32>\n  return %0 : tensor<1000000x1000000xf32>\n}\n',
  'a huge pad':
    'func.func @main(%arg0: tensor<2xf32>, %arg1: tensor<f32>) -> tensor<9007199254740992xf32> {\n  %0 = stablehlo.pad %arg0, %arg1, low = [9007199254740990], high = [0], interior = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<9007199254740992xf32>\n  return %0 : tensor<9007199254740992xf32>\n}\n',
  'an endless loop':
    'func.func @main(%arg0: tensor<i1>) -> tensor<i1> {\n  %c = stablehlo.constant dense<true> : tensor<i1>\n  %0 = stablehlo.while(%a = %arg0) : tensor<i1>\n  cond {\n    stablehlo.return %c : tensor<i1>\n  } do {\n    stablehlo.return %a : tensor<i1>\n  }\n  return %0 : tensor<i1>\n}\n',
  'endless recursion':
    'func.func @main(%arg0: tensor<i1>) -> tensor<i1> {\n  %0 = call @main(%arg0) : (tensor<i1>) -> tensor<i1>\n  return %0 : tensor<i1>\n}\n',
  'nested modules': `${'module {\n'.repeat(10_000)}${'}\n'.repeat(10_000)}`,
  'nested regions': `func.func @main(%p: tensor<i1>) {\n${'"stablehlo.if"(%p) ({\n'.repeat(10_000)}`,
  'nested tuples': `func.func @main(%arg0: ${'tuple<'.repeat(10_000)}f32${'>'.repeat(10_000)}) {\n  return\n}\n`,
  'nested arrays': `module attributes {a = ${'['.repeat(10_000)}${']'.repeat(10_000)}} {\n}\n`,
  'nested dictionaries': `module attributes {a = ${'{a = '.repeat(10_000)}1${'}'.repeat(10_000)}} {\n}\n`,
  'nested dense lists': `func.func @main() {\n  %0 = stablehlo.constant dense<${'['.repeat(10_000)}1${']'.repeat(10_000)}> : tensor<1xf32>\n  return\n}\n`,
  'nested locations': `func.func @main() {\n  return ${'loc(callsite('.repeat(10_000)}\n}\n`,
  'nested opaque attributes': `module attributes {a = #x.y${'<'.repeat(10_000)}${'>'.repeat(10_000)}} {\n}\n`,
  'nested function types': `module attributes {a = ${'('.repeat(10_000)}${')'.repeat(10_000)} -> ()} {\n}\n`,
  'an alias of itself': '#a = #a\n!t = tuple<!t>\nmodule attributes {a = #a, b = !t} {\n}\n',
  'a very long name': `func.func @${'x'.repeat(1_000_000)}() {\n  return\n}\n`,
  'a very long number': `module attributes {a = ${'9'.repeat(1_000_000)} : i64, b = 1.${'3'.repeat(1_000_000)}e5 : f64} {\n}\n`,
  'many results': 'func.func @main() {\n  %0:99999999999 = "stablehlo.tuple"() : () -> ()\n  return\n}\n',
  'many errors': `func.func @main() {\n${'  %0 = stablehlo.nonsense %1 : tensor<f32>\n'.repeat(20_000)}  return\n}\n`,
  'an unclosed string': `module attributes {a = "${'a'.repeat(100_000)}\n`,
  'an unclosed blob': `func.func @main() {\n  %0 = stablehlo.constant dense<"0x${'00'.repeat(500_000)}\n`,
  'a quantised type with many scales': `func.func @main(%arg0: tensor<1x!quant.uniform<i8:f32:0, {${'0.1,'.repeat(100_000)}0.1}>>) {\n  return\n}\n`,
  nothing: '',
  'only blanks': ' '.repeat(1_000_000),
  'only comments': '// x\n'.repeat(200_000),
  'bytes that are no text': String.fromCodePoint(...Array.from({ length: 2000 }, (_, index) => index)),
};
