/**
 * Winograd's F(2, 3): two sums of three products each from four multiplications in place of six (S. Winograd, "Arithmetic Complexity of
 * Computations", 1980; for convolutions of networks Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).
 *
 *     y0 = d0 g0 + d1 g1 + d2 g2        y0 = m0 + m1 + m2      m0 = (d0 - d2) g0        m1 = (d1 + d2) (g0 + g1 + g2) / 2
 *     y1 = d1 g0 + d2 g1 + d3 g2        y1 = m1 - m2 - m3      m3 = (d1 - d3) g2        m2 = (d2 - d1) (g0 - g1 + g2) / 2
 *
 * Along several dimensions the transforms are made one dimension after the other. They are written once, for values of the IR and for arrays.
 */

/** What the transforms compute with. */
export interface Arithmetic<T> {
  readonly add: (lhs: T, rhs: T) => T;
  readonly subtract: (lhs: T, rhs: T) => T;
  /** Places at the ends of a window, and the sums between them: numbers halve the sums, integers double the ends. */
  readonly atEnds: (operand: T) => T;
  readonly between: (operand: T) => T;
}

/** Places of the input that a tile of two results reads along a dimension, and products it takes. */
export const tileInputs = 4;
/** Results of a tile along a dimension. */
export const tileResults = 2;
/** Places of the window along a dimension. */
export const windowPlaces = 3;

type Transform<T> = (along: readonly T[], by: Arithmetic<T>) => readonly T[];

function four<T>(along: readonly T[]): readonly [T, T, T, T] {
  const [a, b, c, d] = along;
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new RangeError('a transform of four places has fewer');
  return [a, b, c, d];
}

/** Four places of the input. */
export function transformInput<T>(along: readonly T[], { add, subtract }: Arithmetic<T>): readonly T[] {
  const [d0, d1, d2, d3] = four(along);
  return [subtract(d0, d2), add(d1, d2), subtract(d2, d1), subtract(d1, d3)];
}

/** Three places of the window to four. */
export function transformWindow<T>(
  along: readonly T[],
  { add, subtract, atEnds, between }: Arithmetic<T>,
): readonly T[] {
  const [g0, g1, g2] = along;
  if (g0 === undefined || g1 === undefined || g2 === undefined) throw new RangeError('a window of three has fewer');
  const ends = add(g0, g2);
  return [atEnds(g0), between(add(ends, g1)), between(subtract(ends, g1)), atEnds(g2)];
}

/** Four products to two results. */
export function transformProducts<T>(along: readonly T[], { add, subtract }: Arithmetic<T>): readonly T[] {
  const [m0, m1, m2, m3] = four(along);
  return [add(add(m0, m1), m2), subtract(subtract(m1, m2), m3)];
}

/** A transform along each dimension of a grid of `size` places a dimension, the first dimension outermost. */
export function alongEach<T>(
  grid: readonly T[],
  rank: number,
  size: number,
  transform: Transform<T>,
  by: Arithmetic<T>,
): readonly T[] {
  let current = grid;
  // Along the last dimension the places still are `size`, along those after it what the transform gives.
  for (let dimension = 0; dimension < rank; dimension += 1) {
    const inner = size ** (rank - 1 - dimension);
    const outer = current.length / (size * inner);
    const blocks = Array.from({ length: outer }, (_, block) => {
      const columns = Array.from({ length: inner }, (_, column) =>
        transform(
          Array.from({ length: size }, (_, place) => current[(block * size + place) * inner + column] as T),
          by,
        ),
      );
      const [first = []] = columns;
      return first.flatMap((_, place) => columns.map((column) => column[place] as T));
    });
    current = blocks.flat();
  }
  return current;
}

/** All places of a grid, the last dimension fastest. */
export function grid(rank: number, size: number): readonly (readonly number[])[] {
  let places: readonly (readonly number[])[] = [[]];
  for (let dimension = 0; dimension < rank; dimension += 1)
    places = places.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at]));
  return places;
}
