/** Rules of concatenate. */
import type { Value } from '../../ir/operation.ts';
import { concatenate } from '../../ir/ops/stablehlo/concatenate.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { match, staticTensor } from '../match.ts';
import { movesData, rule, type RuleSite } from '../rewrite-rule.ts';

/** A slice of stride 1 that takes all but along `axis`. */
interface Strip {
  readonly source: Value;
  readonly start: number;
  readonly limit: number;
}

function stripOf(value: Value, axis: number): Strip | undefined {
  const inner = match(value, slice);
  const source = inner?.op.operand(0);
  const shape = staticTensor(source?.type)?.shape;
  if (inner === undefined || source === undefined || shape === undefined) return undefined;
  const { start_indices: starts, limit_indices: limits, strides } = inner.attrs;
  const isStrip = shape.every(
    (size, at) => strides[at] === 1 && (at === axis || (starts[at] === 0 && limits[at] === size)),
  );
  return isStrip ? { source, start: starts[axis] ?? 0, limit: limits[axis] ?? 0 } : undefined;
}

/** Operands with neighbouring strips of one source merged; undefined when there are none. */
function mergeStrips(operands: readonly Value[], axis: number, make: RuleSite['make']): readonly Value[] | undefined {
  const merged: (Value | Strip)[] = [];
  let found = false;
  for (const value of operands) {
    const strip = stripOf(value, axis);
    const last = merged.at(-1);
    if (strip === undefined) merged.push(value);
    else if (last !== undefined && 'limit' in last && last.source === strip.source && last.limit === strip.start) {
      merged[merged.length - 1] = { ...last, limit: strip.limit };
      found = true;
    } else merged.push(strip);
  }
  if (!found) return undefined;
  const original = new Map(operands.map((value) => [stripKey(stripOf(value, axis)), value]));
  return merged.map((part) => ('limit' in part ? (original.get(stripKey(part)) ?? makeStrip(part, axis, make)) : part));
}

function stripKey(strip: Strip | undefined): string {
  return strip === undefined ? '' : `${strip.source.id}:${strip.start}:${strip.limit}`;
}

function makeStrip({ source, start, limit }: Strip, axis: number, make: RuleSite['make']): Value {
  const shape = staticTensor(source.type)?.shape ?? [];
  if (start === 0 && limit === shape[axis]) return source;
  return make(slice, [source], {
    start_indices: shape.map((_, at) => (at === axis ? start : 0)),
    limit_indices: shape.map((size, at) => (at === axis ? limit : size)),
    strides: shape.map(() => 1),
  });
}

/** A chain of concatenations is not flattened beyond, so that the work stays linear. */
const maxOperands = 256;

export const concatenationRules = [
  rule(concatenate, {
    name: 'concatenate-one',
    equation: 'concatenate(x) = x',
    floatingPoint: movesData,
    rewrite: ({ op }) => (op.operandCount === 1 ? op.operand(0) : undefined),
  }),
  rule(concatenate, {
    name: 'concatenate-empty',
    equation: 'concatenate(..., empty, ...) = concatenate(..., ...)',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const kept = op.operands.filter((value) => staticTensor(value.type)?.shape[attrs.dimension] !== 0);
      return kept.length === op.operandCount || kept.length === 0 ? undefined : makeAlike(concatenate, kept, attrs);
    },
  }),
  rule(concatenate, {
    name: 'concatenate-nested',
    equation: 'concatenate<d>(x, concatenate<d>(y, z)) = concatenate<d>(x, y, z)',
    floatingPoint: `${movesData}; the inner one has no other use; up to ${maxOperands} operands`,
    rewrite({ op, attrs, makeAlike }) {
      let found = false;
      const flat = op.operands.flatMap((value) => {
        const inner = match(value, concatenate);
        if (inner === undefined || inner.attrs.dimension !== attrs.dimension || !value.hasOneUse) return [value];
        found = true;
        return inner.op.operands;
      });
      return found && flat.length <= maxOperands ? makeAlike(concatenate, flat, attrs) : undefined;
    },
  }),
  rule(concatenate, {
    name: 'concatenate-slices',
    equation: 'concatenate(slice<a:b>(x), slice<b:c>(x)) = slice<a:c>(x)',
    floatingPoint: movesData,
    rewrite({ op, attrs, make, makeAlike }) {
      const merged = mergeStrips(op.operands, attrs.dimension, make);
      if (merged === undefined) return undefined;
      const [only] = merged;
      return merged.length === 1 && only?.type === op.result().type ? only : makeAlike(concatenate, merged, attrs);
    },
  }),
];
