/** Attention as a module, in the ways that models write it: sizes known or bound late, masks, groups of queries a key, heads inside or outside. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  /** Queries that share a key. */
  readonly group: number;
  readonly queries: Extent;
  readonly keys: Extent;
  readonly depth: number;
}

/** `n`: bound late, 64 at most. */
type Extent = number | 'n';

export interface AttentionForm {
  readonly mask?: 'bias' | 'causal';
  /** Heads inside the sequence, as a projection gives them: `[batch, queries, heads, group, depth]`. */
  readonly areHeadsInside?: boolean;
  /** The quotient is taken of the product with the values. */
  readonly dividesLast?: boolean;
  readonly dtype?: string;
  /** The probabilities are a result as well. */
  readonly givesScores?: boolean;
}

const sizes: AttentionSizes = { batch: 2, heads: 3, group: 1, queries: 17, keys: 23, depth: 10 };

export function attentionText(given: Partial<AttentionSizes> = {}, form: AttentionForm = {}): string {
  const { batch: b, heads: h, group: g, queries: q, keys: s, depth: d } = { ...sizes, ...given };
  const { mask, areHeadsInside = false, dividesLast = false, dtype = 'f32', givesScores = false } = form;
  const lines: string[] = [];
  const named = (name: string, line: string): void => void lines.push(`  %${name} = stablehlo.${line}`);
  const of = (element: string, ...shape: readonly Extent[]): string => tensorType(shape, element);
  const [query, key] = [of(dtype, b, h, g, q, d), of(dtype, b, h, s, d)];
  const [scores, rows] = [of(dtype, b, h, g, q, s), of(dtype, b, h, g, q)];
  const outside = areHeadsInside ? { query: of(dtype, b, q, h, g, d), key: of(dtype, b, s, h, d) } : { query, key };
  const bias = of(dtype, b, q, s);
  const spread = (name: string, from: string, type: string, dims: string, to = scores): void =>
    named(name, `broadcast_in_dim %${from}, dims = [${dims}] : (${type}) -> ${to}`);
  const reduce = (name: string, from: string, initial: string, op: string): void =>
    named(
      name,
      `reduce(%${from} init: %${initial}) applies stablehlo.${op} across dimensions = [4] : (${scores}, ${of(dtype)}) -> ${rows}`,
    );
  if (areHeadsInside) {
    named('q', `transpose %q0, dims = [0, 2, 3, 1, 4] : (${outside.query}) -> ${query}`);
    named('k', `transpose %k0, dims = [0, 2, 1, 3] : (${outside.key}) -> ${key}`);
    named('v', `transpose %v0, dims = [0, 2, 1, 3] : (${outside.key}) -> ${key}`);
  }
  const [queries, keys, values] = areHeadsInside ? ['q', 'k', 'v'] : ['q0', 'k0', 'v0'];
  named('least', `constant dense<-3.0e4> : ${of(dtype)}`);
  named('zero', `constant dense<0.0> : ${of(dtype)}`);
  named('quarter', `constant dense<0.25> : ${of(dtype)}`);
  spread('scale', 'quarter', of(dtype), '');
  named(
    'product',
    `dot_general %${queries}, %${keys}, batching_dims = [0, 1] x [0, 1], contracting_dims = [4] x [3] : (${query}, ${key}) -> ${scores}`,
  );
  named('scaled', `multiply %product, %scale : ${scores}`);
  if (mask === 'bias') {
    spread('wide', 'bias', bias, '0, 3, 4');
    named('masked', `add %scaled, %wide : ${scores}`);
  } else if (mask === 'causal') {
    const places = of('i32', b, h, g, q, s);
    const flags = of('i1', b, h, g, q, s);
    named('i', `iota dim = 3 : ${places}`);
    named('j', `iota dim = 4 : ${places}`);
    named('sees', `compare GE, %i, %j : (${places}, ${places}) -> ${flags}`);
    spread('hidden', 'least', of(dtype), '');
    named('masked', `select %sees, %scaled, %hidden : ${flags}, ${scores}`);
  } else named('masked', `add %scaled, %scale : ${scores}`);
  reduce('most', 'masked', 'least', 'maximum');
  spread('mosts', 'most', rows, '0, 1, 2, 3');
  named('less', `subtract %masked, %mosts : ${scores}`);
  named('powers', `exponential %less : ${scores}`);
  reduce('sum', 'powers', 'zero', 'add');
  const mix = (name: string, from: string): void =>
    named(
      name,
      `dot_general %${from}, %${values}, batching_dims = [0, 1] x [0, 1], contracting_dims = [4] x [2] : (${scores}, ${key}) -> ${query}`,
    );
  if (dividesLast) {
    mix('mixed', 'powers');
    spread('sums', 'sum', rows, '0, 1, 2, 3', query);
    named('out', `divide %mixed, %sums : ${query}`);
  } else {
    spread('sums', 'sum', rows, '0, 1, 2, 3');
    named('shares', `divide %powers, %sums : ${scores}`);
    mix('out', 'shares');
  }
  if (areHeadsInside) named('turned', `transpose %out, dims = [0, 3, 1, 2, 4] : (${query}) -> ${outside.query}`);
  const parameters = [
    `%q0: ${outside.query}`,
    `%k0: ${outside.key}`,
    `%v0: ${outside.key}`,
    ...(mask === 'bias' ? [`%bias: ${bias}`] : []),
  ];
  const results = [`%${areHeadsInside ? 'turned' : 'out'}`, ...(givesScores ? ['%shares'] : [])];
  const types = [outside.query, ...(givesScores ? [scores] : [])];
  return `func.func @main(${parameters.join(', ')}) -> (${types.join(', ')}) {
${lines.join('\n')}
  return ${results.join(', ')} : ${types.join(', ')}
}`;
}

function tensorType(shape: readonly Extent[], element: string): string {
  const dims = shape.map((extent) => (extent === 'n' ? 'n <= 64' : '_'));
  const encoding = shape.includes('n') ? `, #tessera.tensor<dims = [${dims.join(', ')}]>` : '';
  return `tensor<${shape.map((extent) => `${extent === 'n' ? '?' : extent}x`).join('')}${element}${encoding}>`;
}
