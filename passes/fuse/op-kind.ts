/** What fusion knows of each op: of which kind it is, and what computing one element costs. */
import { dimMax } from '../../ir/dimension.ts';
import { dtypeInfo, storageBytes } from '../../ir/dtype.ts';
import { storageDType } from '../../ir/elements.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import type { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import { isTensor } from '../../ir/types.ts';
import { splatOf } from '../constants.ts';

/**
 * - `view`: costs nothing where it is used, so that every user has its own: splats, iotas, broadcasts, reshapes, transposes, slices.
 * - `map`: each element from few elements of the operands.
 * - `update`: a dynamic_update_slice; it writes its box in place.
 * - `reducer`: reduce, reduce_window. `contraction`: sums of products.
 * - `opaque`: a kernel of its own. `outside`: no kernel: control flow, calls, tokens, what has an effect.
 */
export type OpKind = 'view' | 'map' | 'update' | 'reducer' | 'contraction' | 'opaque' | 'outside';

const views: readonly string[] = ['broadcast_in_dim', 'iota', 'reshape', 'reverse', 'slice', 'transpose'];

const maps: readonly string[] = [
  'abs', 'add', 'and', 'atan2', 'bitcast_convert', 'cbrt', 'ceil', 'clamp', 'compare', 'complex', 'concatenate', 'convert', 'cosine', 'count_leading_zeros',
  'divide', 'dynamic_slice', 'exponential', 'exponential_minus_one', 'floor', 'gather', 'get_dimension_size', 'imag', 'is_finite', 'log', 'log_plus_one',
  'logistic', 'map', 'maximum', 'minimum', 'multiply', 'negate', 'not', 'or', 'pad', 'popcnt', 'power', 'real', 'reduce_precision', 'remainder',
  'round_nearest_afz', 'round_nearest_even', 'rsqrt', 'select', 'shift_left', 'shift_right_arithmetic', 'shift_right_logical', 'sign', 'sine',
  'sqrt', 'subtract', 'tan', 'tanh', 'xor',
]; // prettier-ignore

const opaques: readonly string[] = [
  'batch_norm_grad', 'batch_norm_inference', 'batch_norm_training', 'cholesky', 'dot', 'dynamic_broadcast_in_dim', 'dynamic_conv',
  'dynamic_gather', 'dynamic_iota', 'dynamic_pad', 'dynamic_reshape', 'einsum', 'fft', 'real_dynamic_slice', 'rng',
  'rng_bit_generator', 'scatter', 'select_and_scatter', 'set_dimension_size', 'sort', 'torch_index_select', 'triangular_solve',
  'unary_einsum', 'uniform_dequantize', 'uniform_quantize',
]; // prettier-ignore

function withDialect(names: readonly string[], kind: OpKind): [string, OpKind][] {
  return names.map((name) => [`stablehlo.${name}`, kind]);
}

const kinds: ReadonlyMap<string, OpKind> = new Map<string, OpKind>([
  ...withDialect(views, 'view'),
  ...withDialect(maps, 'map'),
  ...withDialect(opaques, 'opaque'),
  ...withDialect(['reduce', 'reduce_window'], 'reducer'),
  ...withDialect(['convolution', 'dot_general'], 'contraction'),
  ['stablehlo.dynamic_update_slice', 'update'],
  ['chlo.erf', 'map'],
]);

export function kindOf(op: Operation): OpKind {
  if (op.definition.traits.has('constant-like')) {
    const [result] = op.results;
    return result !== undefined && isRead(op, result) && splatOf(result) !== undefined ? 'view' : 'outside';
  }
  const kind = kinds.get(op.name) ?? (op.name.startsWith('chlo.') ? 'opaque' : 'outside');
  return kind === 'outside' || [...op.operands, ...op.results].every((value) => isRead(op, value)) ? kind : 'opaque';
}

/** Complex tensors are pairs in memory: they are moved, taken apart and put together, which is all that `expand-complex` leaves. */
function isRead({ name }: Operation, { type }: Value): boolean {
  if (!isTensor(type) || typeof type.element !== 'string') return false;
  return dtypeInfo(type.element).kind !== 'complex' || movesPairs.has(name);
}

const movesPairs: ReadonlySet<string> = new Set(
  [
    ...views.filter((name) => name !== 'iota'),
    'complex',
    'concatenate',
    'dynamic_slice',
    'dynamic_update_slice',
    'gather',
    'get_dimension_size',
    'imag',
    'pad',
    'real',
  ].map((name) => `stablehlo.${name}`),
);

/** Elements, open sizes at their bound. */
export function elementsOf({ type }: Value): number {
  if (!isTensor(type)) return 0;
  return type.shape.reduce<number>((count, dim) => count * (dimMax(dim) ?? openSize), 1);
}

/** Guessed for a size without a bound. */
const openSize = 64;

export function bytesOf(value: Value): number {
  return isTensor(value.type) ? elementsOf(value) * storageBytes(storageDType(value.type.element)) : 0;
}

/** Operations on one element, an addition being 1: roughly what vector code for it costs. */
const costs: ReadonlyMap<string, number> = new Map<string, number>([
  ...[
    'exponential',
    'exponential_minus_one',
    'log',
    'log_plus_one',
    'logistic',
    'tanh',
    'sine',
    'cosine',
    'tan',
    'cbrt',
  ].map((name) => [`stablehlo.${name}`, 20] as const),
  ...['divide', 'sqrt', 'remainder'].map((name) => [`stablehlo.${name}`, 4] as const),
  ['stablehlo.rsqrt', 8],
  ['stablehlo.power', 50],
  ['stablehlo.atan2', 40],
  ['chlo.erf', 25],
  ['stablehlo.pad', 2],
  ['stablehlo.gather', 4],
  ['stablehlo.dynamic_slice', 2],
]);

export function costOf(op: Operation): number {
  if (op.name === 'stablehlo.convert') return 0.5;
  return costs.get(op.name) ?? Math.max(1, op.operandCount - 1);
}

/** Products summed for one element of a contraction. */
export function depthOf(op: Operation): number {
  const rhs = op.operand(op.operandCount - 1);
  const shape = isTensor(rhs.type) ? rhs.type.shape : [];
  const size = (axis: number): number => dimMax(shape[axis] ?? 1) ?? openSize;
  if (op.name === 'stablehlo.convolution') {
    const { dimension_numbers: dims } = attributesOf<typeof convolution.attributes>(op);
    const axes = [...dims.kernel_spatial_dimensions, dims.kernel_input_feature_dimension];
    return axes.reduce((depth, axis) => depth * size(axis), 1);
  }
  const { dot_dimension_numbers: dims } = attributesOf<typeof dotGeneral.attributes>(op);
  return dims.rhs_contracting_dimensions.reduce((depth, axis) => depth * size(axis), 1);
}
