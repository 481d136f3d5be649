/** Sizes as products: a number times symbols. Reshapes compare products of sizes, in whatever order they were multiplied. */
import type { DimSymbol } from '../../ir/dimension.ts';
import type { Size } from '../kernel/size.ts';

export interface SizeProduct {
  readonly factor: number;
  /** Sorted by name; repeated for powers. */
  readonly symbols: readonly DimSymbol[];
}

/** Undefined when the size is no product. */
export function sizeProduct(size: Size): SizeProduct | undefined {
  if (typeof size === 'number') return { factor: size, symbols: [] };
  if (size.kind === 'symbol') return { factor: 1, symbols: [size.symbol] };
  if (size.kind !== 'multiply') return undefined;
  const lhs = sizeProduct(size.lhs);
  const rhs = sizeProduct(size.rhs);
  return lhs === undefined || rhs === undefined ? undefined : multiplyProducts(lhs, rhs);
}

export function multiplyProducts(a: SizeProduct, b: SizeProduct): SizeProduct {
  const symbols = [...a.symbols, ...b.symbols].sort((x, y) => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0));
  return { factor: a.factor * b.factor, symbols };
}

export function equalProducts(a: SizeProduct | undefined, b: SizeProduct | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return (
    a.factor === b.factor &&
    a.symbols.length === b.symbols.length &&
    a.symbols.every((symbol, index) => symbol === b.symbols[index])
  );
}
