/**
 * Dimensions are `number | DimSymbol` from the first day. A symbol with a name stands for the same size wherever it
 * occurs in a function; one without (a `?` in the text) is merely unknown.
 */

export interface DimSymbol {
  readonly kind: 'symbol';
  /** Empty for an anonymous `?`. */
  readonly name: string;
  /** Largest size it may take, for the memory plan; undefined when no bound is known. */
  readonly max: number | undefined;
  /** How it follows from others, as its name says (`2*n`); undefined for one that the arguments of a call decide. */
  readonly derivation: DimDerivation | undefined;
}

/** A size computed from two others; parts of it may be below 0 (`n + -1`). Divisions round down. */
export interface DimDerivation {
  readonly op: 'add' | 'multiply' | 'floor-divide';
  readonly lhs: Dim;
  readonly rhs: Dim;
}

export type Dim = number | DimSymbol;

const symbols = new Map<string, DimSymbol>();

/** The one object for this name, bound and derivation: symbols are compared by identity. */
export function dimSymbol(name: string, max?: number, derivation?: DimDerivation): DimSymbol {
  const key = `${name}<=${max ?? ''}${derivation === undefined ? '' : derivationKey(derivation)}`;
  const known = symbols.get(key);
  if (known !== undefined) return known;
  const symbol: DimSymbol = Object.freeze({ kind: 'symbol', name, max, derivation });
  symbols.set(key, symbol);
  return symbol;
}

/** Names tell the parts of a derivation apart, and with their bounds say all of them. */
function derivationKey({ op, lhs, rhs }: DimDerivation): string {
  return `=${op}(${[lhs, rhs].map(describeDim).join()})`;
}

/** The `?` of an imported type. */
export const dynamicDim: DimSymbol = dimSymbol('');

export function isStaticDim(dim: Dim): dim is number {
  return typeof dim === 'number';
}

/** True when the two must be the same size. */
export function equalDims(a: Dim, b: Dim): boolean {
  return a === b && (typeof a === 'number' || a.name !== '');
}

/** True unless the two cannot be the same size: an unknown size is compatible with all up to its bound. */
export function compatibleDims(a: Dim, b: Dim): boolean {
  if (typeof a === 'number') {
    return typeof b === 'number' ? a === b : b.max === undefined || a <= b.max;
  }
  return typeof b === 'number' ? a.max === undefined || b <= a.max : true;
}

/** The better known of two compatible sizes: a number, then a named symbol, then the tighter bound. */
export function mergeDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number') return a;
  if (typeof b === 'number') return b;
  if (a.name !== '') return a;
  if (b.name !== '') return b;
  if (a.max === undefined) return b;
  return b.max === undefined || a.max <= b.max ? a : b;
}

/**
 * A size computed from others. `compute` must be monotone in each argument, so that the bound of the result is `compute` of
 * the bounds. All static gives a number.
 */
export function mapDims(compute: (...sizes: number[]) => number, ...dims: readonly Dim[]): Dim {
  if (dims.every(isStaticDim)) return compute(...dims);
  const bounds = dims.map(dimMax);
  return dimSymbol('', bounds.every((bound) => bound !== undefined) ? compute(...bounds) : undefined);
}

/** The size, or the most it can be; undefined when unbounded. */
export function dimMax(dim: Dim): number | undefined {
  return typeof dim === 'number' ? dim : dim.max;
}

/** For messages: `4`, `?`, `? (at most 8)`, `n`. */
export function describeDim(dim: Dim): string {
  if (typeof dim === 'number') return String(dim);
  const name = dim.name === '' ? '?' : dim.name;
  return dim.max === undefined ? name : `${name} (at most ${dim.max})`;
}
