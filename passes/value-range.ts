/** Between which integers the elements of a value lie: from types, conversions, zero points, clamps and constants. */
import { dtypeInfo } from '../ir/dtype.ts';
import { tensorOfConstant } from '../ir/evaluator/constant-value.ts';
import type { Value } from '../ir/operation.ts';
import { hasDType, isTensor } from '../ir/types.ts';
import { constantOf } from './constants.ts';

export interface IntegerRange {
  readonly least: number;
  readonly greatest: number;
}

/** Ops looked through, one after another. */
const deepest = 16;

/** Undefined for what is no integer of at most 32 bits. */
export function rangeOf(value: Value, depth = deepest): IntegerRange | undefined {
  const own = typeRange(value);
  if (own === undefined) return undefined;
  const known = constantOf(value) === undefined ? definedRange(value, depth) : constantRange(value);
  // What leaves the type's range wraps.
  return known !== undefined && known.least >= own.least && known.greatest <= own.greatest ? known : own;
}

function typeRange({ type }: Value): IntegerRange | undefined {
  if (!isTensor(type) || !hasDType(type)) return undefined;
  const { kind, bits } = dtypeInfo(type.element);
  if (kind === 'boolean') return { least: 0, greatest: 1 };
  if (bits > 32) return undefined;
  if (kind === 'unsigned') return { least: 0, greatest: 2 ** bits - 1 };
  return kind === 'integer' ? { least: -(2 ** (bits - 1)), greatest: 2 ** (bits - 1) - 1 } : undefined;
}

function constantRange(value: Value): IntegerRange | undefined {
  const attribute = constantOf(value);
  const tensor = attribute === undefined ? undefined : tensorOfConstant(attribute);
  if (tensor?.kind !== 'tensor' || tensor.values.length === 0) return undefined;
  let least = Infinity;
  let greatest = -Infinity;
  for (const element of tensor.values as Iterable<number>) {
    if (element < least) least = element;
    if (element > greatest) greatest = element;
  }
  return { least, greatest };
}

const movement: ReadonlySet<string> = new Set(
  ['reshape', 'transpose', 'broadcast_in_dim', 'slice', 'reverse'].map((name) => `stablehlo.${name}`),
);

function definedRange(value: Value, depth: number): IntegerRange | undefined {
  const op = value.definingOp;
  if (op === undefined || depth === 0) return undefined;
  if (op.name === 'stablehlo.convert' || movement.has(op.name)) return rangeOf(op.operand(0), depth - 1);
  const ranges = op.operands.map((operand) => rangeOf(operand, depth - 1));
  const [a, b, c] = ranges;
  if (a === undefined || b === undefined) return undefined;
  switch (op.name) {
    case 'stablehlo.add':
      return { least: a.least + b.least, greatest: a.greatest + b.greatest };
    case 'stablehlo.subtract':
      return { least: a.least - b.greatest, greatest: a.greatest - b.least };
    case 'stablehlo.minimum':
      return { least: Math.min(a.least, b.least), greatest: Math.min(a.greatest, b.greatest) };
    case 'stablehlo.maximum':
      return { least: Math.max(a.least, b.least), greatest: Math.max(a.greatest, b.greatest) };
    case 'stablehlo.clamp':
      return c === undefined ? undefined : { least: a.least, greatest: c.greatest };
    default:
      return undefined;
  }
}
