/** What fusion knows of each op. The table has every op there is, so that a new one does not compile without an answer here. */
import type { OpName } from '../../ir/ops/registry.ts';

/**
 * - `view`: costs nothing where it is used, so that every user has its own: splats, iotas, broadcasts, reshapes, transposes, slices.
 * - `map`: each element from few elements of the operands.
 * - `update`: a dynamic_update_slice; it writes its box in place.
 * - `reducer`: reduce, reduce_window. `contraction`: sums of products.
 * - `opaque`: a kernel of its own. `outside`: no kernel: control flow, calls, tokens, what has an effect.
 */
export type OpKind = 'view' | 'map' | 'update' | 'reducer' | 'contraction' | 'opaque' | 'outside';

export interface FusionRule {
  readonly kind: OpKind;
  /** Operations on one element, an addition being 1: roughly what vector code for it costs. Undefined: one an operand but the first. */
  readonly cost: number | undefined;
  /** Whether complex elements are taken, which memory holds as pairs: to be moved, taken apart and put together. */
  readonly takesPairs: boolean;
}

function rule(kind: OpKind, takesPairs = false, cost?: number): FusionRule {
  return { kind, takesPairs, cost };
}

const view = rule('view', true);
const generated = rule('view');
const map = (cost?: number): FusionRule => rule('map', false, cost);
const moves = (cost?: number): FusionRule => rule('map', true, cost);
const update = rule('update', true);
const reducer = rule('reducer');
const contraction = rule('contraction');
const opaque = rule('opaque');
const outside = rule('outside');

type Dialect = 'builtin' | 'func' | 'check' | 'interpreter' | 'sdy' | 'chlo' | 'tessera';

/** `chlo` is expanded before, but for erf and top_k. */
const dialects: Readonly<Record<Dialect, FusionRule>> = {
  builtin: outside,
  check: outside,
  chlo: opaque,
  func: outside,
  interpreter: outside,
  sdy: outside,
  tessera: outside,
};

type PairsOpName = 'tessera.convolution_pairs' | 'tessera.dot_general_pairs';
type FusedOpName = Exclude<OpName, `${Dialect}.${string}`> | 'chlo.erf' | 'chlo.top_k' | PairsOpName;

const rules: Readonly<Record<FusedOpName, FusionRule>> = {
  'chlo.erf': map(25),
  'chlo.top_k': opaque,
  'stablehlo.abs': map(),
  'stablehlo.add': map(),
  'stablehlo.after_all': outside,
  'stablehlo.all_gather': outside,
  'stablehlo.all_reduce': outside,
  'stablehlo.all_to_all': outside,
  'stablehlo.and': map(),
  'stablehlo.async_done': outside,
  'stablehlo.async_start': outside,
  'stablehlo.atan2': map(40),
  'stablehlo.batch_norm_grad': opaque,
  'stablehlo.batch_norm_inference': opaque,
  'stablehlo.batch_norm_training': opaque,
  'stablehlo.bitcast_convert': map(),
  'stablehlo.broadcast': outside,
  'stablehlo.broadcast_in_dim': view,
  'stablehlo.case': outside,
  'stablehlo.cbrt': map(20),
  'stablehlo.ceil': map(),
  'stablehlo.cholesky': opaque,
  'stablehlo.clamp': map(),
  'stablehlo.collective_broadcast': outside,
  'stablehlo.collective_permute': outside,
  'stablehlo.collective_reduce': outside,
  'stablehlo.compare': map(),
  'stablehlo.complex': moves(),
  'stablehlo.composite': outside,
  'stablehlo.concatenate': moves(),
  'stablehlo.constant': outside,
  'stablehlo.convert': map(0.5),
  'stablehlo.convolution': contraction,
  'stablehlo.cosine': map(20),
  'stablehlo.count_leading_zeros': map(),
  'stablehlo.create_token': outside,
  'stablehlo.cross-replica-sum': outside,
  'stablehlo.custom_call': outside,
  'stablehlo.divide': map(4),
  'stablehlo.dot': opaque,
  'stablehlo.dot_general': contraction,
  'stablehlo.dynamic_broadcast_in_dim': opaque,
  'stablehlo.dynamic_conv': opaque,
  'stablehlo.dynamic_gather': moves(4),
  'stablehlo.dynamic_iota': opaque,
  'stablehlo.dynamic_pad': opaque,
  'stablehlo.dynamic_reshape': opaque,
  'stablehlo.dynamic_slice': moves(2),
  'stablehlo.dynamic_update_slice': update,
  'stablehlo.einsum': opaque,
  'stablehlo.exponential': map(20),
  'stablehlo.exponential_minus_one': map(20),
  'stablehlo.fft': opaque,
  'stablehlo.floor': map(),
  'stablehlo.gather': moves(4),
  'stablehlo.get_dimension_size': view,
  'stablehlo.get_tuple_element': outside,
  'stablehlo.if': outside,
  'stablehlo.imag': moves(),
  'stablehlo.infeed': outside,
  'stablehlo.iota': generated,
  'stablehlo.is_finite': map(),
  'stablehlo.log': map(20),
  'stablehlo.log_plus_one': map(20),
  'stablehlo.logistic': map(20),
  'stablehlo.map': map(),
  'stablehlo.maximum': map(),
  'stablehlo.minimum': map(),
  'stablehlo.multiply': map(),
  'stablehlo.negate': map(),
  'stablehlo.not': map(),
  'stablehlo.optimization_barrier': outside,
  'stablehlo.or': map(),
  'stablehlo.outfeed': outside,
  'stablehlo.pad': moves(2),
  'stablehlo.partition_id': outside,
  'stablehlo.popcnt': map(),
  'stablehlo.power': map(50),
  'stablehlo.real': moves(),
  'stablehlo.real_dynamic_slice': moves(2),
  'stablehlo.recv': outside,
  'stablehlo.reduce': reducer,
  'stablehlo.reduce_precision': map(),
  'stablehlo.reduce_scatter': outside,
  'stablehlo.reduce_window': reducer,
  'stablehlo.remainder': map(4),
  'stablehlo.replica_id': outside,
  'stablehlo.reshape': view,
  'stablehlo.return': outside,
  'stablehlo.reverse': view,
  'stablehlo.rng': opaque,
  'stablehlo.rng_bit_generator': opaque,
  'stablehlo.round_nearest_afz': map(),
  'stablehlo.round_nearest_even': map(),
  'stablehlo.rsqrt': map(8),
  'stablehlo.scatter': opaque,
  'stablehlo.select': map(),
  'stablehlo.select_and_scatter': opaque,
  'stablehlo.send': outside,
  'stablehlo.set_dimension_size': opaque,
  'stablehlo.shift_left': map(),
  'stablehlo.shift_right_arithmetic': map(),
  'stablehlo.shift_right_logical': map(),
  'stablehlo.sign': map(),
  'stablehlo.sine': map(20),
  'stablehlo.slice': view,
  'stablehlo.sort': opaque,
  'stablehlo.sqrt': map(4),
  'stablehlo.subtract': map(),
  'stablehlo.tan': map(20),
  'stablehlo.tanh': map(20),
  'stablehlo.torch_index_select': opaque,
  'stablehlo.transpose': view,
  'stablehlo.triangular_solve': opaque,
  'stablehlo.tuple': outside,
  'stablehlo.unary_einsum': opaque,
  'stablehlo.uniform_dequantize': opaque,
  'stablehlo.uniform_quantize': opaque,
  'stablehlo.while': outside,
  'stablehlo.xor': map(),
  'tessera.convolution_pairs': contraction,
  'tessera.dot_general_pairs': contraction,
};

export function fusionRule(name: string): FusionRule {
  if (Object.hasOwn(rules, name)) return rules[name as FusedOpName];
  return dialects[name.slice(0, name.indexOf('.')) as Dialect];
}
