/** Bodies on scalars, such as comparators and reducers, applied to whole tensors: each op becomes itself on tensors. */
import { denseAttr } from '../ir/attributes.ts';
import { dtypeInfo } from '../ir/dtype.ts';
import type { Operation, Region, Value } from '../ir/operation.ts';
import { hasDType, isTensor, tensorType, type Type } from '../ir/types.ts';
import { constantOf, createConstant } from './constants.ts';
import { type ExpandKit, present } from './expand-kit.ts';
import { tensorOf } from './op-kit.ts';
import { isDefinedInside } from './region-values.ts';

/** Ops on scalars that hold element by element, though not all are declared so. */
const scalarOps: ReadonlySet<string> = new Set(
  ['real', 'imag', 'complex', 'convert', 'select', 'clamp'].map((name) => `stablehlo.${name}`),
);

/** Whether all ops of a body act on scalars, element by element, without effects. */
export function isElementwiseRegion({ block }: Region): boolean {
  for (const op of block.operations()) if (op !== block.terminator && !isScalarOp(op)) return false;
  const values = [...block.arguments, ...(block.terminator?.operands ?? [])];
  return values.every(({ type }) => isScalar(type));
}

function isScalarOp(op: Operation): boolean {
  if (![...op.operands, ...op.results].every(({ type }) => isScalar(type))) return false;
  if (op.definition.traits.has('constant-like')) return constantOf(op.result())?.kind === 'dense';
  if (op.regions.length > 0) return false;
  return op.definition.traits.has('elementwise') || scalarOps.has(op.name) || isBitcast(op);
}

function isScalar(type: Type): boolean {
  return isTensor(type) && hasDType(type) && type.shape.length === 0;
}

function isBitcast(op: Operation): boolean {
  if (op.name !== 'stablehlo.bitcast_convert') return false;
  const [from, to] = [tensorOf(op.operand(0)).element, tensorOf(op.result()).element];
  return typeof from === 'string' && typeof to === 'string' && dtypeInfo(from).bits === dtypeInfo(to).bits;
}

/** The results of an elementwise region for tensors in place of its arguments, all of one shape. */
export function applyElementwise(
  kit: ExpandKit,
  region: Region,
  args: readonly Value[],
  shape: readonly number[],
): readonly Value[] {
  const { block } = region;
  const values = new Map<Value, Value>();
  for (const [index, argument] of block.arguments.entries()) values.set(argument, present(args[index]));
  const lookup = (value: Value): Value => {
    const known = values.get(value);
    if (known !== undefined) return known;
    const spread = kit.broadcast(value, [], shape);
    if (!isInside(value, region)) values.set(value, spread);
    return spread;
  };
  for (const op of block.operations()) {
    if (op === block.terminator) return op.operands.map(lookup);
    values.set(op.result(), onTensors(kit, op, lookup, shape));
  }
  return [];
}

function isInside(value: Value, region: Region): boolean {
  return region.parentOp !== undefined && isDefinedInside(value, region.parentOp);
}

function onTensors(kit: ExpandKit, op: Operation, lookup: (value: Value) => Value, shape: readonly number[]): Value {
  const type = tensorType(shape, tensorOf(op.result()).element);
  const constant = constantOf(op.result());
  if (constant?.kind === 'dense') {
    return createConstant(kit.rewriter, kit.anchor, denseAttr(type, { ...constant.data, splat: true }));
  }
  const made = kit.rewriter.createBefore(
    kit.anchor,
    op.definition,
    op.operands.map(lookup),
    {},
    { resultTypes: [type] },
  );
  made.attributes = op.attributes;
  return made.result();
}
