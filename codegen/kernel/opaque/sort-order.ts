/**
 * What order a comparator is. Proven from its form, never from samples: `k(a) < k(b)` for one function k of an element, and lexicographic
 * chains of such (what JAX exports for several keys), are orders by integer keys, which a sort may compute and count instead of comparing.
 *
 *     k0(a) < k0(b) or (k0(a) == k0(b) and (k1(a) < k1(b) or ...))         select(k0(a) == k0(b), ..., k0(a) < k0(b))
 */
import type { CompareOp } from '../scalar-ops.ts';
import type { ValueExpr } from '../structured-kernel.ts';
import { operandsOfValue, type RegionValues, usedValues } from './scalar-expressions.ts';

/** A function of the elements of one place, in terms of the comparator's left arguments. */
export interface SortKey {
  readonly value: ValueExpr;
  readonly isDescending: boolean;
}

/** Most significant key first; undefined where the form proves nothing. Keys that are floats order nothing where one is NaN. */
export function sortKeys({ args, results }: RegionValues): readonly SortKey[] | undefined {
  const [result] = results;
  return result === undefined ? undefined : keysOf(result, new Sides(args));
}

function keysOf(value: ValueExpr, sides: Sides): readonly SortKey[] | undefined {
  if (value.kind === 'compare') return single(value, sides);
  if (value.kind === 'select') return chosen(value, sides);
  if (value.kind !== 'binary' || value.op !== 'or') return undefined;
  return chained(value.lhs, value.rhs, sides) ?? chained(value.rhs, value.lhs, sides);
}

type Comparison = Extract<ValueExpr, { readonly kind: 'compare' }>;

const mirrored = { lt: 'gt', gt: 'lt', le: 'ge', ge: 'le', eq: 'eq', ne: 'ne' } as const;

/** The comparison with the left element's key first, where both sides are one function of their element. */
function oriented({ op, lhs, rhs }: Comparison, sides: Sides): readonly [CompareOp, ValueExpr] | undefined {
  if (sides.areSameFunction(lhs, rhs)) return [op, lhs];
  return sides.areSameFunction(rhs, lhs) ? [mirrored[op], rhs] : undefined;
}

function single(value: Comparison, sides: Sides): readonly SortKey[] | undefined {
  const [op, key] = oriented(value, sides) ?? [];
  if (key === undefined || (op !== 'lt' && op !== 'gt')) return undefined;
  return [{ value: key, isDescending: op === 'gt' }];
}

/** `first or (equal and rest)`. */
function chained(first: ValueExpr, second: ValueExpr, sides: Sides): readonly SortKey[] | undefined {
  if (first.kind !== 'compare' || second.kind !== 'binary' || second.op !== 'and') return undefined;
  return followed(first, second.lhs, 'eq', second.rhs, sides) ?? followed(first, second.rhs, 'eq', second.lhs, sides);
}

function chosen(
  { predicate, onTrue, onFalse }: Extract<ValueExpr, { readonly kind: 'select' }>,
  sides: Sides,
): readonly SortKey[] | undefined {
  return followed(onFalse, predicate, 'eq', onTrue, sides) ?? followed(onTrue, predicate, 'ne', onFalse, sides);
}

function followed(
  first: ValueExpr,
  equality: ValueExpr,
  op: 'eq' | 'ne',
  rest: ValueExpr,
  sides: Sides,
): readonly SortKey[] | undefined {
  if (first.kind !== 'compare' || equality.kind !== 'compare') return undefined;
  const [key] = single(first, sides) ?? [];
  const [found, compared] = oriented(equality, sides) ?? [];
  if (key === undefined || compared === undefined || found !== op) return undefined;
  const others = sides.areEqual(key.value, compared) ? keysOf(rest, sides) : undefined;
  return others === undefined ? undefined : [key, ...others];
}

/** Which operands a key reads. */
export function operandsOfKey({ args }: RegionValues, { value }: SortKey): readonly number[] {
  const seen = usedValues([value]);
  return args.flatMap((arg, index) => (index % 2 === 0 && seen.has(arg) ? [index / 2] : []));
}

/** The arguments of a comparator come in pairs: the left element's, the right one's. */
class Sides {
  readonly #twins = new Map<ValueExpr, ValueExpr>();
  readonly #args: ReadonlySet<ValueExpr>;

  constructor(args: readonly ValueExpr[]) {
    this.#args = new Set(args);
    for (const [index, arg] of args.entries()) {
      const twin = args[index + 1];
      if (index % 2 === 0 && twin !== undefined) this.#twins.set(arg, twin);
    }
  }

  /** True when `right` is of the right element what `left` is of the left one. */
  areSameFunction(left: ValueExpr, right: ValueExpr): boolean {
    return this.#match(left, right, (arg) => this.#twins.get(arg));
  }

  areEqual(left: ValueExpr, right: ValueExpr): boolean {
    return this.#match(left, right, (arg) => (this.#twins.has(arg) ? arg : undefined));
  }

  #match(a: ValueExpr, b: ValueExpr, twinOf: (arg: ValueExpr) => ValueExpr | undefined): boolean {
    const matched = new Map<ValueExpr, ValueExpr>();
    const visit = (x: ValueExpr, y: ValueExpr): boolean => {
      if (this.#args.has(x)) return twinOf(x) === y;
      if (matched.get(x) === y) return true;
      if (!isSameNode(x, y)) return false;
      const [xs, ys] = [operandsOfValue(x), operandsOfValue(y)];
      const isMatch = xs.every((each, index) => {
        const other = ys[index];
        return other !== undefined && visit(each, other);
      });
      if (isMatch) matched.set(x, y);
      return isMatch;
    };
    return visit(a, b);
  }
}

/** The same node, whatever its operands. */
function isSameNode(x: ValueExpr, y: ValueExpr): boolean {
  if (x.dtype !== y.dtype) return false;
  if (x.kind === 'constant') return y.kind === 'constant' && Object.is(x.value, y.value);
  if (x.kind === 'unary' || x.kind === 'binary' || x.kind === 'compare') return x.kind === y.kind && x.op === y.op;
  return x.kind === y.kind && (x.kind === 'select' || x.kind === 'convert' || x.kind === 'bitcast');
}
