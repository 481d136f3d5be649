/**
 * Packs whole panels a vector at a time, where the operand's address is linear and has no guards: rows of columns as they lie, a few steps of
 * k from end to end of the block; what lies along k in squares that are transposed in registers.
 */
import { add, index, load, multiply, shuffle, size, subtract, extract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { type AxisGroup, bindLinear, knownIndex } from './axis-group.ts';
import { applyFactor, linearStride, locate, type Located, type Operand } from './operand.ts';
import type { Size } from '../size.ts';
import type { KBlock } from './pack.ts';
import { forTiles, type Range } from './strips.ts';

/** Where panels go: that of the linear index `first` is at `start` in `to`. */
export interface PanelBlock {
  readonly to: FlatBuffer;
  readonly start: Expr;
  readonly first: Expr;
  readonly range: Range;
  /** Lanes of the target's vectors of what is packed. */
  readonly lanes: number;
}

interface Packing extends PanelBlock {
  readonly context: LoweringContext;
  readonly point: Point;
  readonly operand: Operand;
  readonly block: KBlock;
  readonly located: Located;
  readonly stride: Size;
  readonly kStride: Size;
  /** The address of the first element of the block. */
  readonly source: Expr;
}

/** False, and nothing emitted, where the operand does not lie so. */
export function packPanels(
  context: LoweringContext,
  point: Point,
  operand: Operand,
  group: AxisGroup,
  block: KBlock,
  panels: PanelBlock,
): boolean {
  const located = panels.lanes > 1 && group.axes.length === 1 ? locate(context, operand) : undefined;
  if (located === undefined) return false;
  const stride = linearStride(context, located, operand.along);
  const kStride = linearStride(context, located, operand.k);
  if (stride === undefined || kStride === undefined || (stride !== 1 && kStride !== 1)) return false;
  const first = operand.k.reduce(
    (at, axis) => bindAxis(at, axis, index(0)),
    bindLinear(context, point, group, panels.range.from),
  );
  const source = context.builder.let('from', add(located.address(first), multiply(block.from, size(kStride))));
  const packing: Packing = { ...panels, context, point, operand, block, located, stride, kStride, source };
  if (stride === 1) packRows(packing);
  else packSquares(packing);
  return true;
}

/** Steps of k that are copied at a time: so many streams are read, and as many rows of each panel written. */
const stepsTogether = 4;

function packRows(packing: Packing): void {
  const { context, block, operand, range, lanes } = packing;
  const { builder } = context;
  const { tile } = operand;
  const kStride = size(packing.kStride);
  const copy = (from: Expr, to: Expr, steps: number): void =>
    forTiles(builder, { from, to }, steps, 'k', (k) =>
      forTiles(builder, range, tile, 'panel', (panel) => {
        const source = add(add(packing.source, multiply(k, kStride)), subtract(panel, range.from));
        const target = panelAt(packing, panel, k);
        for (let step = 0; step < steps; step += 1)
          for (const [first, width] of piecesOf(tile, lanes)) {
            const at = add(add(source, multiply(index(step), kStride)), first);
            builder.store(packing.to, add(target, step * tile + first), element(packing, at, width));
          }
      }),
    );
  const whole = wholeSteps(packing, stepsTogether);
  copy(index(0), whole, stepsTogether);
  if (knownIndex(block.count) === undefined || knownIndex(whole) !== knownIndex(block.count))
    copy(whole, block.count, 1);
}

/** Vectors, then halves of one and so on: 6 elements are 4 and 2. */
function piecesOf(tile: number, lanes: number): readonly (readonly [first: number, width: number])[] {
  const pieces: (readonly [number, number])[] = [];
  let width = lanes;
  for (let first = 0; first < tile; first += width) {
    while (first + width > tile) width /= 2;
    pieces.push([first, width]);
  }
  return pieces;
}

function packSquares(packing: Packing): void {
  const { context, block, operand, range, source, lanes, to } = packing;
  const { builder } = context;
  const { tile } = operand;
  const stride = size(packing.stride);
  const whole = wholeSteps(packing, lanes);
  const isWhole = knownIndex(whole) !== undefined && knownIndex(whole) === knownIndex(block.count);
  forTiles(builder, range, tile, 'panel', (panel) => {
    const rows = Array.from({ length: tile }, (_, row) =>
      add(source, multiply(add(subtract(panel, range.from), row), stride)),
    );
    forTiles(builder, { from: index(0), to: whole }, lanes, 'k', (k) => {
      const target = panelAt(packing, panel, k);
      for (let first = 0; first < tile; first += lanes) {
        const square = rows.slice(first, first + lanes);
        const loaded = square.map((row) => builder.let('x', element(packing, add(row, k), lanes)));
        storeColumns(packing, loaded, target, first);
      }
    });
    if (isWhole) return;
    builder.for({ from: whole, to: block.count, name: 'k' }, (k) => {
      const target = panelAt(packing, panel, k);
      for (const [row, at] of rows.entries()) builder.store(to, add(target, row), element(packing, add(at, k), 1));
    });
  });
}

/** Lane i of the rows that were loaded, side by side at step i of k: a vector when there are as many rows as lanes. */
function storeColumns(
  { context, operand, to, lanes }: Packing,
  rows: readonly Expr[],
  target: Expr,
  first: number,
): void {
  const { builder } = context;
  const at = (step: number): Expr => add(target, step * operand.tile + first);
  if (rows.length === lanes) {
    const columns = transposed(rows, (value) => builder.let('t', value));
    return columns.forEach((column, step) => builder.store(to, at(step), column));
  }
  for (let step = 0; step < lanes; step += 1)
    rows.forEach((row, position) => builder.store(to, add(at(step), position), extract(row, step)));
}

/** A square matrix of vectors: interleaving row i with row i + n/2, as often as n can be halved, transposes it. */
function transposed(rows: readonly Expr[], keep: (value: Expr) => Expr): readonly Expr[] {
  const n = rows.length;
  const half = n / 2;
  const interleaved = (begin: number): readonly number[] =>
    Array.from({ length: n }, (_, lane) => begin + Math.floor(lane / 2) + (lane % 2) * n);
  let current = rows;
  for (let done = 1; done < n; done *= 2)
    current = current.slice(0, half).flatMap((upper, row) => {
      const lower = current[row + half] ?? upper;
      return [0, half].map((begin) => keep(shuffle(upper, lower, interleaved(begin))));
    });
  return current;
}

/** Of the block's steps, those that make whole groups. */
function wholeSteps({ context, block }: Packing, group: number): Expr {
  const known = knownIndex(block.count);
  if (known !== undefined) return index(known - (known % group));
  const rest = {
    kind: 'binary',
    type: block.count.type,
    op: 'remainder',
    lhs: block.count,
    rhs: index(group),
  } as const;
  return context.builder.let('whole', subtract(block.count, rest));
}

function panelAt({ block, start, first, operand }: Packing, panel: Expr, k: Expr): Expr {
  return add(add(start, multiply(subtract(panel, first), block.count)), multiply(k, operand.tile));
}

function element({ context, point, operand, located }: Packing, at: Expr, lanes: number): Expr {
  const raw = load(located.buffer, at, lanes);
  return applyFactor(context, innerPoint(point), operand.factor, context.builder.let('x', raw), lanes);
}
