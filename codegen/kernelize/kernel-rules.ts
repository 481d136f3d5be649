/** What a kernel makes of each op. The table has every op there is, so that a new one does not compile without an answer here. */
import { dtypeInfo } from '../../ir/dtype.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { OpName } from '../../ir/ops/registry.ts';
import { hasDType, isTensor } from '../../ir/types.ts';
import type { BinaryOp, UnaryOp } from '../kernel/scalar-ops.ts';
import { complexRule, onParts, partRule } from './complex-rules.ts';
import type { ElementRule } from './element-context.ts';
import { unsupportedKernel } from './expressions.ts';
import {
  dynamicGatherRule,
  dynamicSliceRule,
  dynamicUpdateSliceRule,
  gatherRule,
  realDynamicSliceRule,
} from './gather-rules.ts';
import * as movement from './movement-rules.ts';
import { isNarrow } from './narrow-elements.ts';
import * as pointwiseRules from './pointwise-rules.ts';
import type { PointwiseRule } from './pointwise-rules.ts';
import { convolutionRule, dotRule, reduceRule, reduceWindowRule, type ReducerRule } from './reducer-rules.ts';

/** Elements an op takes: `numbers` of kernels, `narrow` ones too (narrow-elements.ts), or complex pairs as well. */
type Elements = 'numbers' | 'narrow' | 'any';

/** It generates its loops itself (codegen/kernel/opaque). */
interface OpaqueRule {
  readonly kind: 'opaque';
  readonly elements: Elements;
}

export type KernelRule =
  /** Each element from the elements at the same place. */
  | { readonly kind: 'pointwise'; readonly rule: PointwiseRule; readonly elements: Elements }
  /** Each element from elements elsewhere. `onScalars`: what is left of it where there are no dimensions. */
  | {
      readonly kind: 'element';
      readonly rule: ElementRule;
      readonly elements: Elements;
      readonly onScalars: PointwiseRule | undefined;
    }
  /** A stage with a combiner. */
  | { readonly kind: 'reducer'; readonly rule: ReducerRule; readonly elements: Elements }
  | OpaqueRule
  /** Not a kernel's: the plan, the function or the fusion around it sees to it. */
  | { readonly kind: 'around' }
  | { readonly kind: 'unsupported'; readonly why: string };

function pointwise(rule: PointwiseRule, elements: Elements = 'numbers'): KernelRule {
  return { kind: 'pointwise', rule, elements };
}

const unary = (name: UnaryOp): KernelRule => pointwise(pointwiseRules.unaryRule(name));
const binary = (name: BinaryOp): KernelRule => pointwise(pointwiseRules.binaryRule(name));

function element(rule: ElementRule, elements: Elements, onScalars?: PointwiseRule): KernelRule {
  return { kind: 'element', rule, elements, onScalars };
}

/** Moves whole elements, whatever they are. */
function moves(rule: ElementRule, onScalars?: PointwiseRule): KernelRule {
  return element(onParts(rule), 'any', onScalars);
}

function reducer(rule: ReducerRule, elements: Elements): KernelRule {
  return { kind: 'reducer', rule, elements };
}

function opaque(elements: Elements): OpaqueRule {
  return { kind: 'opaque', elements };
}

const around: KernelRule = { kind: 'around' };

function unsupported(why: string): KernelRule {
  return { kind: 'unsupported', why };
}

/** A pass is there to replace it; where it has not, it has said why in a remark. */
const expanded = (pass: string): KernelRule => unsupported(`${pass} has not expanded it`);
const severalProcesses = unsupported('kernels run in one process');
const tokens = unsupported('compiled functions neither take nor give tokens');
const unknownShape = unsupported('its shape is an operand that is not known before it runs');
const tuples = unsupported('compiled functions have no tuples');

type Dialect = 'chlo' | 'sdy' | 'check' | 'interpreter';

/** Of these no op reaches a kernel. */
const dialects: Readonly<Record<Dialect, KernelRule>> = {
  chlo: expanded('expand-chlo'),
  sdy: severalProcesses,
  check: unsupported('only the reference evaluator checks'),
  interpreter: unsupported('only the reference evaluator has its like'),
};

type KernelOpName = Exclude<OpName, `${Dialect}.${string}`> | 'chlo.erf' | 'chlo.top_k';

const rules = {
  'builtin.module': around,
  'chlo.erf': unary('erf'),
  'chlo.top_k': opaque('numbers'),
  'func.call': unsupported('inline has not replaced the call'),
  'func.func': around,
  'func.return': around,
  'stablehlo.abs': unary('abs'),
  'stablehlo.add': binary('add'),
  'stablehlo.after_all': tokens,
  'stablehlo.all_gather': severalProcesses,
  'stablehlo.all_reduce': severalProcesses,
  'stablehlo.all_to_all': severalProcesses,
  'stablehlo.and': binary('and'),
  'stablehlo.async_done': severalProcesses,
  'stablehlo.async_start': severalProcesses,
  'stablehlo.atan2': binary('atan2'),
  'stablehlo.batch_norm_grad': expanded('expand-batch-norm'),
  'stablehlo.batch_norm_inference': expanded('expand-batch-norm'),
  'stablehlo.batch_norm_training': expanded('expand-batch-norm'),
  'stablehlo.bitcast_convert': element(movement.bitcastRule, 'narrow', pointwiseRules.scalarBitcastRule),
  'stablehlo.broadcast': expanded('canonicalize'),
  'stablehlo.broadcast_in_dim': moves(movement.broadcastRule, pointwiseRules.sameScalarRule),
  'stablehlo.case': around,
  'stablehlo.cbrt': unary('cbrt'),
  'stablehlo.ceil': unary('ceil'),
  'stablehlo.cholesky': opaque('any'),
  'stablehlo.clamp': pointwise(pointwiseRules.clampRule),
  'stablehlo.collective_broadcast': severalProcesses,
  'stablehlo.collective_permute': severalProcesses,
  'stablehlo.collective_reduce': severalProcesses,
  'stablehlo.compare': pointwise(pointwiseRules.compareRule),
  'stablehlo.complex': element(complexRule, 'any'),
  'stablehlo.composite': expanded('expand-composite'),
  'stablehlo.concatenate': moves(movement.concatenateRule),
  'stablehlo.constant': element(movement.constantRule, 'narrow'),
  'stablehlo.convert': pointwise(pointwiseRules.convertRule, 'narrow'),
  'stablehlo.convolution': reducer(convolutionRule, 'numbers'),
  'stablehlo.cosine': unary('cos'),
  'stablehlo.count_leading_zeros': unary('count-leading-zeros'),
  'stablehlo.create_token': tokens,
  'stablehlo.cross-replica-sum': severalProcesses,
  'stablehlo.custom_call': unsupported('nothing is known of what it calls'),
  'stablehlo.divide': binary('divide'),
  'stablehlo.dot': expanded('canonicalize'),
  'stablehlo.dot_general': reducer(dotRule, 'numbers'),
  'stablehlo.dynamic_broadcast_in_dim': unknownShape,
  'stablehlo.dynamic_conv': unknownShape,
  'stablehlo.dynamic_gather': moves(dynamicGatherRule),
  'stablehlo.dynamic_iota': unknownShape,
  'stablehlo.dynamic_pad': unknownShape,
  'stablehlo.dynamic_reshape': unknownShape,
  'stablehlo.dynamic_slice': moves(dynamicSliceRule),
  'stablehlo.dynamic_update_slice': moves(dynamicUpdateSliceRule),
  'stablehlo.einsum': expanded('expand-legacy'),
  'stablehlo.exponential': unary('exp'),
  'stablehlo.exponential_minus_one': unary('expm1'),
  'stablehlo.fft': expanded('expand-fft'),
  'stablehlo.floor': unary('floor'),
  'stablehlo.gather': moves(gatherRule),
  'stablehlo.get_dimension_size': element(movement.sizeRule, 'any'),
  'stablehlo.get_tuple_element': tuples,
  'stablehlo.if': around,
  'stablehlo.imag': element(partRule(1), 'any'),
  'stablehlo.infeed': severalProcesses,
  'stablehlo.iota': element(movement.iotaRule, 'numbers'),
  'stablehlo.is_finite': unary('is-finite'),
  'stablehlo.log': unary('log'),
  'stablehlo.log_plus_one': unary('log1p'),
  'stablehlo.logistic': unary('logistic'),
  'stablehlo.map': element(movement.mapRule, 'narrow'),
  'stablehlo.maximum': binary('maximum'),
  'stablehlo.minimum': binary('minimum'),
  'stablehlo.multiply': binary('multiply'),
  'stablehlo.negate': unary('negate'),
  'stablehlo.not': unary('not'),
  'stablehlo.optimization_barrier': around,
  'stablehlo.or': binary('or'),
  'stablehlo.outfeed': severalProcesses,
  'stablehlo.pad': moves(movement.padRule),
  'stablehlo.partition_id': severalProcesses,
  'stablehlo.popcnt': unary('popcount'),
  'stablehlo.power': binary('power'),
  'stablehlo.real': element(partRule(0), 'any'),
  'stablehlo.real_dynamic_slice': moves(realDynamicSliceRule),
  'stablehlo.recv': severalProcesses,
  'stablehlo.reduce': reducer(reduceRule, 'narrow'),
  'stablehlo.reduce_precision': pointwise(pointwiseRules.precisionRule),
  'stablehlo.reduce_scatter': severalProcesses,
  'stablehlo.reduce_window': reducer(reduceWindowRule, 'narrow'),
  'stablehlo.remainder': binary('remainder'),
  'stablehlo.replica_id': severalProcesses,
  'stablehlo.reshape': moves(movement.reshapeRule, pointwiseRules.sameScalarRule),
  'stablehlo.return': around,
  'stablehlo.reverse': moves(movement.reverseRule),
  'stablehlo.rng': expanded('expand-rng'),
  'stablehlo.rng_bit_generator': opaque('numbers'),
  'stablehlo.round_nearest_afz': unary('round-away'),
  'stablehlo.round_nearest_even': unary('round-even'),
  'stablehlo.rsqrt': unary('rsqrt'),
  'stablehlo.scatter': opaque('narrow'),
  'stablehlo.select': pointwise(pointwiseRules.selectRule, 'narrow'),
  'stablehlo.select_and_scatter': opaque('narrow'),
  'stablehlo.send': severalProcesses,
  'stablehlo.set_dimension_size': unknownShape,
  'stablehlo.shift_left': binary('shift-left'),
  'stablehlo.shift_right_arithmetic': binary('shift-right-arithmetic'),
  'stablehlo.shift_right_logical': binary('shift-right-logical'),
  'stablehlo.sign': unary('sign'),
  'stablehlo.sine': unary('sin'),
  'stablehlo.slice': moves(movement.sliceRule),
  'stablehlo.sort': opaque('narrow'),
  'stablehlo.sqrt': unary('sqrt'),
  'stablehlo.subtract': binary('subtract'),
  'stablehlo.tan': unary('tan'),
  'stablehlo.tanh': unary('tanh'),
  'stablehlo.torch_index_select': expanded('expand-legacy'),
  'stablehlo.transpose': moves(movement.transposeRule, pointwiseRules.sameScalarRule),
  'stablehlo.triangular_solve': opaque('any'),
  'stablehlo.tuple': tuples,
  'stablehlo.unary_einsum': expanded('expand-legacy'),
  'stablehlo.uniform_dequantize': expanded('expand-quantized'),
  'stablehlo.uniform_quantize': expanded('expand-quantized'),
  'stablehlo.while': around,
  'stablehlo.xor': binary('xor'),
  'tessera.convolution_pairs': reducer(convolutionRule, 'numbers'),
  'tessera.dot_general_pairs': reducer(dotRule, 'numbers'),
  'tessera.checkpoint': expanded('expand-checkpoint'),
  'tessera.fusion': around,
  'tessera.gradient': unsupported('it is to be differentiated first'),
  'tessera.jvp': unsupported('it is to be differentiated first'),
  'tessera.relayout': pointwise(pointwiseRules.sameScalarRule, 'any'),
  'tessera.stop_gradient': expanded('expand-checkpoint'),
} as const satisfies Readonly<Record<KernelOpName, KernelRule>>;

/** The ops that need a generator. */
export type OpaqueOpName = {
  [Name in KernelOpName]: (typeof rules)[Name] extends OpaqueRule ? Name : never;
}[KernelOpName];

export function kernelRule({ name }: Operation): KernelRule {
  if (Object.hasOwn(rules, name)) return rules[name as KernelOpName];
  return dialects[name.slice(0, name.indexOf('.')) as Dialect];
}

/** As `kernelRule`, of an op that a kernel is to compute: throws for what none does, or not with these elements. */
export function requireKernelRule(op: Operation): Exclude<KernelRule, { readonly kind: 'around' | 'unsupported' }> {
  const rule = kernelRule(op);
  if (rule.kind === 'unsupported') throw unsupportedKernel(op, rule.why);
  if (rule.kind === 'around') throw unsupportedKernel(op, 'it is no part of a kernel');
  const refused = [...op.operands, ...op.results].find((value) => !takes(rule.elements, value));
  if (refused === undefined) return rule;
  throw unsupportedKernel(op, `kernels do not compute it with elements of type ${refused.type.text}`);
}

function takes(elements: Elements, { type }: Value): boolean {
  if (!isTensor(type) || !hasDType(type)) return false;
  if (elements === 'any') return true;
  return dtypeInfo(type.element).kind !== 'complex' && (elements === 'narrow' || !isNarrow(type.element));
}
