/** What fusion knows of each op: of which kind it is, and what computing one element costs. */
import { dimMax } from '../../ir/dimension.ts';
import { dtypeInfo, storageBytes } from '../../ir/dtype.ts';
import { storageDType } from '../../ir/elements.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import type { dotGeneral } from '../../ir/ops/stablehlo/dot-general.ts';
import type { pad } from '../../ir/ops/stablehlo/pad.ts';
import { isTensor } from '../../ir/types.ts';
import { splatOf } from '../constants.ts';
import { fusionRule, type OpKind } from './op-table.ts';

export function kindOf(op: Operation): OpKind {
  if (op.definition.traits.has('constant-like')) {
    const [result] = op.results;
    return result !== undefined && isRead(op, result) && splatOf(result) !== undefined ? 'view' : 'outside';
  }
  if (isView(op)) return 'outside';
  if ((op.name === 'stablehlo.pad' && isCut(op)) || isSizeArithmetic(op)) return 'view';
  const { kind } = fusionRule(op.name);
  return kind === 'outside' || [...op.operands, ...op.results].every((value) => isRead(op, value)) ? kind : 'opaque';
}

const sizeArithmetic: ReadonlySet<string> = new Set(
  ['add', 'concatenate', 'convert', 'divide', 'multiply', 'reshape', 'subtract'].map((name) => `stablehlo.${name}`),
);

/** A number or a short list of them, computed from sizes alone: kernels that need it have nothing else in common for that. */
function isSizeArithmetic(op: Operation): boolean {
  if (op.name === 'stablehlo.get_dimension_size') return true;
  const isSmall = op.results.every(({ type }) => isTensor(type) && type.shape.length <= 1);
  return isSmall && sizeArithmetic.has(op.name) && op.operands.every(isSizeOrNumber);
}

function isSizeOrNumber({ definingOp: op, type }: Value): boolean {
  if (op === undefined || !isTensor(type) || type.shape.length > 1) return false;
  return op.definition.traits.has('constant-like') ? splatOf(op.result()) !== undefined : isSizeArithmetic(op);
}

/** A slice, written as a pad: of a tensor whose sizes are open, as no slice can be. */
function isCut(op: Operation): boolean {
  const { edge_padding_low, edge_padding_high, interior_padding } = attributesOf<typeof pad.attributes>(op);
  return [edge_padding_low, edge_padding_high, interior_padding].every((widths) => widths.every((width) => width <= 0));
}

/** Words of two elements each are the same memory, which the plan has another name for. */
function isView(op: Operation): boolean {
  if (op.name !== 'stablehlo.bitcast_convert') return false;
  const [from, to] = [op.operand(0).type, op.result().type];
  return isTensor(from) && isTensor(to) && from.element === 'i16' && to.element === 'i32';
}

function isRead({ name }: Operation, { type }: Value): boolean {
  if (!isTensor(type) || typeof type.element !== 'string') return false;
  return dtypeInfo(type.element).kind !== 'complex' || fusionRule(name).takesPairs;
}

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

/** Operations on one element, an addition being 1. */
export function costOf(op: Operation): number {
  return fusionRule(op.name).cost ?? Math.max(1, op.operandCount - 1);
}

/** Products summed for one element of a contraction. */
export function depthOf(op: Operation): number {
  const rhs = op.operand(op.operandCount - 1);
  const shape = isTensor(rhs.type) ? rhs.type.shape : [];
  const size = (axis: number): number => dimMax(shape[axis] ?? 1) ?? openSize;
  if (op.name.includes('convolution')) {
    const { dimension_numbers: dims } = attributesOf<typeof convolution.attributes>(op);
    const axes = [...dims.kernel_spatial_dimensions, dims.kernel_input_feature_dimension];
    return axes.reduce((depth, axis) => depth * size(axis), 1);
  }
  const { dot_dimension_numbers: dims } = attributesOf<typeof dotGeneral.attributes>(op);
  return dims.rhs_contracting_dimensions.reduce((depth, axis) => depth * size(axis), 1);
}
