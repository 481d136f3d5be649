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
import { fusionRule, type OpKind } from './op-table.ts';

export function kindOf(op: Operation): OpKind {
  if (op.definition.traits.has('constant-like')) {
    const [result] = op.results;
    return result !== undefined && isRead(op, result) && splatOf(result) !== undefined ? 'view' : 'outside';
  }
  if (isView(op)) return 'outside';
  const { kind } = fusionRule(op.name);
  return kind === 'outside' || [...op.operands, ...op.results].every((value) => isRead(op, value)) ? kind : 'opaque';
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
