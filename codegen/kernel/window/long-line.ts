/**
 * A window of many places along the one line there is: runs of 16, 64, 256, ... elements at all positions are kept in memory, each level made
 * of the one before, for a band of results and some columns. The elements themselves are copied, with what lies around them.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { add, binary, index, load, maximum, minimum, multiply, size, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { bindAxis, type Point } from '../lower-context.ts';
import { maxSize } from '../size.ts';
import { type Line, positionsOf, positionsThere } from './apart.ts';
import { foldLine, type Kept, levelTile } from './fold-line.ts';
import { type Folding, foldingOf, inAnyOrder, type QuickFolding } from './folding.ts';
import { forLanes, forNoted, type Lanes, type Place, type Range } from './line-loops.ts';
import { type Notes, Telling } from './telling.ts';
import type { Window } from './window-reads.ts';

export interface LongLineOptions {
  readonly line: Line;
  readonly kept: Kept;
  readonly isAlong: boolean;
  readonly lanes: Lanes;
  /** Columns that lie together. */
  readonly columns: number;
}

/** A band of results, a block of columns, and how they are combined. */
export interface LineBlock {
  readonly point: Point;
  readonly rows: Range;
  readonly columns: Range;
  readonly quick: QuickFolding | undefined;
  /** The element at a position. */
  readonly element: (place: Place, position: Expr) => Expr;
}

export class LongLine {
  readonly #window: Window;
  readonly #options: LongLineOptions;
  readonly #levels = new Map<number, FlatBuffer>();
  /** The first position and column of the block. */
  #origin: readonly [position: Expr, column: Expr] = [index(0), index(0)];

  constructor(window: Window, options: LongLineOptions) {
    this.#window = window;
    this.#options = options;
  }

  /** One buffer a level, of the runs that begin at each position of a band. */
  withLevels(body: () => void, left = this.#options.kept): void {
    const [level, ...rest] = left;
    const { line, columns } = this.#options;
    if (level === undefined) return body();
    const rows = Math.min(this.#window.schedule.bandRows, maxSize(line.results) ?? 0);
    const elements = Math.max(1, positionsOf(line, rows)) * columns;
    const options = { name: 'runs', dtype: this.#window.combiner.dtypes[0] ?? 'f32', size: elements, alignment: 16 };
    this.#window.context.builder.alloc(options, 'stack', (buffer) => {
      this.#levels.set(level, buffer);
      this.withLevels(body, rest);
    });
  }

  /** Elements, and runs of them, of all that a block reads. */
  fill(block: LineBlock, notes: Notes): Notes {
    const { builder } = this.#window.context;
    const { line, kept } = this.#options;
    this.#origin = [builder.let('begin', multiply(block.rows.from, line.stride)), block.columns.from];
    const copied = this.#copy(block, notes);
    return kept
      .slice(1)
      .reduce((noted, level, before) => this.#fillLevel(block, level, kept[before] ?? 0, noted), copied);
  }

  /** One past the last position at which a run of a level begins. */
  #endOf({ rows }: LineBlock, level: number): Expr {
    const { stride, dilation, window } = this.#options.line;
    return add(multiply(subtract(rows.to, 1), stride), (window - 2 ** level) * dilation + 1);
  }

  #copy(block: LineBlock, notes: Notes): Notes {
    const { builder } = this.#window.context;
    const { line } = this.#options;
    const [begin] = this.#origin;
    const there = positionsThere(line);
    const end = builder.let('end', this.#endOf(block, 0));
    const from = builder.let('from', minimum(maximum(begin, there.from), end));
    const to = builder.let('to', maximum(from, minimum(end, subtract(size(line.size), line.first))));
    if (line.isPadded) for (const [first, last] of [[begin, from], [to, end]] as const) this.#fillPadding(first, last); // prettier-ignore
    return this.#forPositions(block, { from, to }, 1, notes, (place, _, noted) => {
      const tell = new Telling(this.#window.context, this.#quickAt(block, place), true, noted);
      const element = block.element(place, place.at[0] ?? index(0));
      tell.element(element);
      builder.store(this.#buffer(0), this.#address(place, index(0)), element);
      return tell.take();
    });
  }

  #fillPadding(from: Expr, to: Expr): void {
    const { columns } = this.#options;
    const [begin] = this.#origin;
    const neutral = this.#window.combiner.identity[0] ?? 0;
    const address = multiply(subtract(from, begin), columns);
    this.#window.context.builder.fill(this.#buffer(0), address, multiply(subtract(to, from), columns), neutral);
  }

  #fillLevel(block: LineBlock, level: number, previous: number, notes: Notes): Notes {
    const { builder } = this.#window.context;
    const { dilation } = this.#options.line;
    const runs = { window: 2 ** (level - previous), stride: 1, dilation: dilation * 2 ** previous };
    const range = { from: this.#origin[0], to: this.#endOf(block, level) };
    return this.#forPositions(block, range, levelTile(runs.window), notes, (place, count, noted) => {
      const { begin, join, end } = this.#foldingAt(block, place);
      foldLine<Expr>(runs, false, count, {
        element: (at) => builder.let('x', begin(this.#load(previous, place, index(at)))),
        join: (a, b) => builder.let('s', join(a, b)),
        visit: (result, folded) => builder.store(this.#buffer(level), this.#address(place, index(result)), end(folded)),
      });
      return noted;
    });
  }

  /** Lanes that are left over are not folded quickly. */
  #quickAt({ quick }: LineBlock, { lanes }: Place): QuickFolding | undefined {
    return lanes === this.#options.lanes.lanes ? quick : undefined;
  }

  #foldingAt(block: LineBlock, place: Place): Pick<Folding, 'begin' | 'join' | 'end'> {
    const { combiner, context } = this.#window;
    const quick = this.#quickAt(block, place);
    const keep = (value: Expr): Expr => value;
    if (quick !== undefined) return { begin: keep, join: quick.join, end: keep };
    return foldingOf(combiner, context.target, place.lanes) ?? inAnyOrder(combiner);
  }

  /** The run so many positions on from the first of a result. */
  run(place: Place, at: number, level: number): Expr {
    const first = multiply(place.at[0] ?? index(0), this.#options.line.stride);
    return this.#window.context.builder.let('x', this.#load(level, { ...place, at: [first] }, index(at)));
  }

  #load(level: number, place: Place, offset: Expr): Expr {
    return load(this.#buffer(level), this.#address(place, offset), place.lanes);
  }

  #buffer(level: number): FlatBuffer {
    const buffer = this.#levels.get(level);
    if (buffer === undefined)
      throw new InvariantError(`kernel ${this.#window.context.kernel.name}: no runs of level ${level}`);
    return buffer;
  }

  #address({ point, at }: Place, offset: Expr): Expr {
    const [begin, column] = this.#origin;
    const row = multiply(add(subtract(at[0] ?? index(0), begin), offset), this.#options.columns);
    const c = this.#options.isAlong ? undefined : point.axes.get(this.#window.schedule.vector.axis);
    return c === undefined ? row : add(row, subtract(c, column));
  }

  /** Positions in tiles, all columns of each; along lanes one vector of them at a time. */
  #forPositions(
    { point, columns }: LineBlock,
    { from, to }: Range,
    tile: number,
    notes: Notes,
    body: (place: Place, count: number, notes: Notes) => Notes,
  ): Notes {
    const { builder } = this.#window.context;
    const { lanes, isAlong } = this.#options;
    const { axis } = this.#window.schedule.vector;
    if (isAlong)
      return forLanes(builder, { from, to }, lanes, notes, (at, width, noted) =>
        body({ point: bindAxis(point, axis, at, width), at: [at], lanes: width }, 1, noted),
      );
    const at = (first: Expr, count: number, noted: Notes): Notes =>
      forLanes(builder, columns, lanes, noted, (c, width, carried) =>
        body({ point: bindAxis(point, axis, c, width), at: [first], lanes: width }, count, carried),
      );
    const count = subtract(to, from);
    const whole = builder.let('whole', subtract(to, binary('remainder', count, index(tile))));
    const noted = forNoted(builder, { from, to: whole }, tile, notes, (first, carried) => at(first, tile, carried));
    return forNoted(builder, { from: whole, to }, 1, noted, (first, carried) => at(first, 1, carried));
  }
}
