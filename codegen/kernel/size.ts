/**
 * Size expressions: extents, strides and counts in elements. A size is a number as soon as it can be; symbols are those of the
 * tensor types (a batch that is bound late), so everything that depends on them is computed at run time from the few values
 * that a call passes.
 */
import type { DimSymbol } from '../../ir/dimension.ts';

export type Size =
  | number
  | { readonly kind: 'symbol'; readonly symbol: DimSymbol }
  | {
      readonly kind: 'add' | 'multiply' | 'floor-divide' | 'ceil-divide' | 'modulo' | 'minimum' | 'maximum';
      readonly lhs: Size;
      readonly rhs: Size;
    };

type SizeOp = Exclude<Extract<Size, { readonly lhs: Size }>['kind'], never>;

const compute: Readonly<Record<SizeOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  'floor-divide': (a, b) => Math.floor(a / b),
  'ceil-divide': (a, b) => Math.ceil(a / b),
  modulo: (a, b) => a - b * Math.floor(a / b),
  minimum: Math.min,
  maximum: Math.max,
};

/** One that follows from others is the expression of these, so that the symbols in a size are only those that a call decides. */
export function symbolSize(symbol: DimSymbol): Size {
  const { derivation } = symbol;
  if (derivation === undefined) return { kind: 'symbol', symbol };
  const [lhs, rhs] = [derivation.lhs, derivation.rhs].map((dim) => (typeof dim === 'number' ? dim : symbolSize(dim)));
  return sizeOf(derivation.op, lhs ?? 0, rhs ?? 0);
}

/** Folds what is known: numbers, and the identities of 0 and 1. */
export function sizeOf(kind: SizeOp, lhs: Size, rhs: Size): Size {
  if (typeof lhs === 'number' && typeof rhs === 'number') return compute[kind](lhs, rhs);
  if (kind === 'add' && lhs === 0) return rhs;
  if (kind === 'add' && rhs === 0) return lhs;
  if (kind === 'multiply' && (lhs === 0 || rhs === 0)) return 0;
  if (kind === 'multiply' && lhs === 1) return rhs;
  if ((kind === 'multiply' || kind === 'floor-divide' || kind === 'ceil-divide') && rhs === 1) return lhs;
  if (kind === 'modulo' && rhs === 1) return 0;
  return { kind, lhs, rhs };
}

export const addSizes = (lhs: Size, rhs: Size): Size => sizeOf('add', lhs, rhs);
export const multiplySizes = (lhs: Size, rhs: Size): Size => sizeOf('multiply', lhs, rhs);
export const ceilDivideSizes = (lhs: Size, rhs: Size): Size => sizeOf('ceil-divide', lhs, rhs);

export function productOfSizes(sizes: readonly Size[]): Size {
  return sizes.reduce<Size>(multiplySizes, 1);
}

/** The size for given values of the symbols; undefined when one is missing. */
export function evaluateSize(size: Size, values: ReadonlyMap<string, number>): number | undefined {
  if (typeof size === 'number') return size;
  if (size.kind === 'symbol') return values.get(size.symbol.name);
  const lhs = evaluateSize(size.lhs, values);
  const rhs = evaluateSize(size.rhs, values);
  return lhs === undefined || rhs === undefined ? undefined : compute[size.kind](lhs, rhs);
}

/** The most it can be, for the arena; undefined without a bound. */
export function maxSize(size: Size): number | undefined {
  const { high } = rangeOfSize(size);
  return high === Infinity ? undefined : high;
}

export interface SizeRange {
  readonly low: number;
  readonly high: number;
}

/** With every symbol between 0 and its bound; what is divided by is at least 1. */
export function rangeOfSize(size: Size): SizeRange {
  if (typeof size === 'number') return { low: size, high: size };
  if (size.kind === 'symbol') return { low: 0, high: size.symbol.max ?? Infinity };
  const [a, b] = [rangeOfSize(size.lhs), rangeOfSize(size.rhs)];
  const apply = compute[size.kind];
  switch (size.kind) {
    case 'add':
    case 'minimum':
    case 'maximum':
      return { low: apply(a.low, b.low), high: apply(a.high, b.high) };
    case 'multiply':
      return cornersOf(a, b, apply);
    case 'floor-divide':
    case 'ceil-divide':
      return cornersOf(a, { low: Math.max(1, b.low), high: b.high }, apply);
    case 'modulo':
      return { low: 0, high: b.high - 1 };
    default:
      return size satisfies never;
  }
}

/** The range of what is monotone in each argument. */
export function cornersOf(a: SizeRange, b: SizeRange, apply: (x: number, y: number) => number): SizeRange {
  const values = [a.low, a.high].flatMap((x) => [apply(x, b.low), apply(x, b.high)]);
  // 0 times an unbounded value is 0; other undefined corners are unknown.
  const known = values.map((value) => (Number.isNaN(value) ? 0 : value));
  return { low: Math.min(...known), high: Math.max(...known) };
}

/** The symbols in it, with repeats. */
export function symbolsOfSize(size: Size): readonly DimSymbol[] {
  if (typeof size === 'number') return [];
  return size.kind === 'symbol' ? [size.symbol] : [...symbolsOfSize(size.lhs), ...symbolsOfSize(size.rhs)];
}

export function equalSizes(a: Size, b: Size): boolean {
  if (a === b) return true;
  if (typeof a === 'number' || typeof b === 'number') return false;
  if (a.kind === 'symbol' || b.kind === 'symbol')
    return a.kind === 'symbol' && b.kind === 'symbol' && a.symbol === b.symbol;
  return a.kind === b.kind && equalSizes(a.lhs, b.lhs) && equalSizes(a.rhs, b.rhs);
}

export function sizeText(size: Size): string {
  if (typeof size === 'number') return String(size);
  if (size.kind === 'symbol') return size.symbol.name === '' ? '?' : size.symbol.name;
  const names: Readonly<Record<SizeOp, string>> = {
    add: '+', multiply: '*', 'floor-divide': '/', 'ceil-divide': '^/', modulo: '%', minimum: 'min', maximum: 'max',
  }; // prettier-ignore
  return `(${sizeText(size.lhs)} ${names[size.kind]} ${sizeText(size.rhs)})`;
}
