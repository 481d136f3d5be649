/**
 * A window that is combined line by line (apart.ts): one dimension of the operand after the other, the results of all but the last in scratch
 * on the stack, for a band of results of the first and a block of columns at a time.
 *
 *     for bands of rows, blocks of columns:
 *       for rows of the band in tiles, positions, columns:   scratch[row, position] = what a window of rows gives, shared runs in registers
 *       for rows of the band, results in tiles, columns:     out[row, result] = what a window of positions gives
 *
 * Padding is left out: positions of scratch that lie in it are filled beforehand with what changes nothing, and results of the first line
 * whose windows reach over an end are taken one by one, in a loop over what is there.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { axisGroup, knownIndex } from '../contraction/axis-group.ts';
import type { MemoryPlace } from '../contraction/operand.ts';
import {
  add, binary, constant, divide, extract, index, load, maximum, minimum, multiply, size, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { extentOf } from '../extent.ts';
import { bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { accessStride, emitIndex, emitValue, spread } from '../lower-values.ts';
import { maxSize } from '../size.ts';
import type { AxisId } from '../structured-kernel.ts';
import { vector } from '../value-type.ts';
import { isIdempotent, type Line, linesOf, positionsOf, positionsThere } from './apart.ts';
import { foldLine, type Kept, keptLevels } from './fold-line.ts';
import { forLanes, forNoted, forParts, type Lanes, type Place, type Range, tileSizes } from './line-loops.ts';
import { LongLine } from './long-line.ts';
import { foldingOf, inAnyOrder, quickFolding, type QuickFolding, wideLanes } from './folding.ts';
import { type Notes, Telling } from './telling.ts';
import { type Finish, type LoadValue, mayReadResults, type Window } from './window-reads.ts';

/** How elements are combined; rolled, one after the other, or in runs. */
interface Mode {
  readonly quick: QuickFolding | undefined;
  readonly isRolled: boolean;
}

export function lowerApart(window: Window, point: Point, finish: Finish): void {
  const { context, stage, loads } = window;
  const [main] = loads;
  const lines = main === undefined ? undefined : linesOf(context.kernel, stage, main);
  if (main === undefined || lines === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: a window is not taken apart`);
  new Apart(window, main, lines, finish).emit(point);
}

class Apart {
  readonly #window: Window;
  readonly #context: LoweringContext;
  readonly #main: LoadValue;
  readonly #lines: readonly Line[];
  readonly #finish: Finish;
  readonly #scratch: FlatBuffer[] = [];
  readonly #long: LongLine | undefined;
  readonly #kept: Kept | undefined;
  /** The first results of the band and the first column of the block. */
  #origin: readonly [row: Expr, column: Expr] = [index(0), index(0)];

  constructor(window: Window, main: LoadValue, lines: readonly Line[], finish: Finish) {
    this.#window = window;
    this.#context = window.context;
    this.#main = main;
    this.#lines = lines;
    this.#finish = finish;
    const [line] = lines;
    const kept = line === undefined || lines.length > 1 ? undefined : keptLevels(line);
    if (line === undefined || kept === undefined) return;
    const [isAlong, columns, along] = [this.#isAlong, this.#columns, this.#alongLanes];
    this.#long = new LongLine(window, { line, kept, isAlong, columns, lanes: along });
    this.#kept = kept;
  }

  emit(point: Point): void {
    if (this.#long === undefined) this.#emitWhole(point);
    else this.#long.withLevels(() => this.#emitWhole(point));
  }

  #emitWhole(point: Point): void {
    this.#withScratch(() => {
      this.#lines.slice(0, -1).forEach((_, pass) => this.#fillPadding(pass));
      const own = this.#lines.map(({ axis }) => axis);
      this.#forOuter(
        point,
        this.#window.schedule.outer.filter((axis) => !own.includes(axis)),
      );
    });
  }

  /** Lanes run along the last line. */
  get #isAlong(): boolean {
    return this.#lines.at(-1)?.axis === this.#window.schedule.vector.axis;
  }

  get #alongLanes(): Lanes {
    const canRepeat = !mayReadResults(this.#window);
    return { lanes: this.#window.schedule.vector.lanes, least: this.#leastColumns, step: this.#columns, canRepeat };
  }

  /** Columns of a block, which lie innermost in scratch. */
  get #columns(): number {
    return this.#isAlong ? 1 : (this.#window.schedule.apart?.columns ?? 1);
  }

  get #dtype(): Expr['type']['dtype'] {
    return this.#window.combiner.dtypes[0] ?? 'f32';
  }

  /** What is there of each line after a pass, at most. */
  #extents(pass: number): readonly number[] {
    const { bandRows } = this.#window.schedule;
    return this.#lines.map((line, position) => {
      const results = maxSize(line.results) ?? 0;
      const own = position === 0 ? Math.min(results, bandRows) : results;
      return Math.max(1, position <= pass ? own : positionsOf(line, results));
    });
  }

  #strides(pass: number): readonly number[] {
    const extents = this.#extents(pass);
    return extents.map((_, position) =>
      extents.slice(position + 1).reduce((product, each) => product * each, this.#columns),
    );
  }

  #withScratch(body: () => void): void {
    const passes = this.#lines.length - 1;
    const allocate = (pass: number): void => {
      if (pass === passes) return body();
      const elements = this.#extents(pass).reduce((product, each) => product * each, this.#columns);
      const options = { name: 'line', dtype: this.#dtype, size: elements, alignment: 16 };
      this.#context.builder.alloc(options, 'stack', (buffer) => {
        this.#scratch.push(buffer);
        allocate(pass + 1);
      });
    };
    allocate(0);
  }

  /** Positions of lines to come that no element has: nothing writes them. */
  #fillPadding(pass: number): void {
    const { builder } = this.#context;
    const buffer = this.#scratch[pass];
    const [extents, strides] = [this.#extents(pass), this.#strides(pass)];
    const neutral = this.#window.combiner.identity[0] ?? 0;
    for (const [position, line] of this.#lines.entries()) {
      const stride = strides[position] ?? 1;
      if (position <= pass || !line.isPadded || buffer === undefined) continue;
      const { from, to } = positionsThere(line);
      const around = (before: number, address: Expr): void => {
        if (before < position)
          return builder.for({ to: extents[before] ?? 1, name: 'p' }, (at) =>
            around(before + 1, add(address, multiply(at, strides[before] ?? 1))),
          );
        const fill = (begin: Expr, end: Expr): void => {
          const count = maximum(subtract(end, begin), 0);
          if (knownIndex(count) !== 0)
            builder.fill(buffer, add(address, multiply(begin, stride)), multiply(count, stride), neutral);
        };
        fill(index(0), minimum(from, extents[position] ?? 0));
        fill(to, index(extents[position] ?? 0));
      };
      around(0, index(0));
    }
  }

  #forOuter(point: Point, axes: readonly AxisId[]): void {
    const [axis, ...rest] = axes;
    if (axis === undefined) return this.#forBands(innerPoint(point));
    const { from, to } = this.#rangeOf(point, axis);
    if (point.axes.has(axis)) return this.#forOuter(point, rest);
    this.#context.builder.for({ from, to, name: 'o' }, (at) => this.#forOuter(bindAxis(point, axis, at), rest));
  }

  #rangeOf(point: Point, axis: AxisId | undefined): Range {
    const [range] = axis === undefined ? [] : axisGroup(this.#context, point, [axis]).axes;
    const bound = axis === undefined ? index(0) : point.axes.get(axis);
    if (range === undefined) return { from: bound ?? index(0), to: add(bound ?? index(0), 1) };
    return { from: range.from, to: add(range.from, range.extent) };
  }

  #forBands(point: Point): void {
    const { from, to } = this.#rangeOf(point, this.#lines[0]?.axis);
    const { bandRows } = this.#window.schedule;
    // Nothing waits for another line.
    if (this.#lines.length === 1 && this.#kept === undefined) return this.#forColumns(point, { from, to });
    forParts(this.#context.builder, { from, to }, bandRows, (first, end) =>
      this.#forColumns(point, { from: first, to: end }),
    );
  }

  #forColumns(point: Point, rows: Range): void {
    const whole = this.#isAlong
      ? { from: index(0), to: index(1) }
      : this.#rangeOf(point, this.#window.schedule.vector.axis);
    forParts(this.#context.builder, whole, this.#columns, (from, to) => {
      this.#origin = [rows.from, from];
      this.#emitBlock(innerPoint(point), rows, { from, to });
    });
  }

  /** Quickly, and again in loops where that may have been wrong; what is written again must not have been read. */
  #emitBlock(point: Point, rows: Range, columns: Range): void {
    const { builder, target } = this.#context;
    const { combiner } = this.#window;
    const lanes = this.#widthOf(this.#window.schedule.vector.lanes);
    const quick = mayReadResults(this.#window) ? undefined : quickFolding(combiner, target, lanes);
    if (quick === undefined) return void this.#passes({ quick, isRolled: false }, point, rows, columns, []);
    const notes = [constant(vector('f32', lanes), 0), constant(vector('i32', lanes), 2 ** 31 - 1)];
    const [elements, results] = this.#passes({ quick, isRolled: false }, point, rows, columns, notes);
    if (elements === undefined || results === undefined) return;
    const again = (): readonly [] => {
      this.#passes({ quick: undefined, isRolled: true }, innerPoint(point), rows, columns, []);
      return [];
    };
    builder.chooseRarely(quick.isDoubtful(elements, results), again, () => []);
  }

  #passes(mode: Mode, point: Point, rows: Range, columns: Range, notes: Notes): Notes {
    const element = (place: Place, position: Expr): Expr => this.#element(0, { ...place, at: [index(0)] }, position);
    const { quick } = mode;
    const known = mode.isRolled ? notes : (this.#long?.fill({ point, rows, columns, quick, element }, notes) ?? notes);
    return this.#lines.reduce((noted, _, pass) => this.#pass(mode, pass, point, rows, columns, noted), known);
  }

  #pass(mode: Mode, pass: number, point: Point, rows: Range, columns: Range, notes: Notes): Notes {
    const last = this.#lines.length - 1;
    const visit = (position: number, at: readonly Expr[], results: number | undefined, noted: Notes): Notes => {
      const line = this.#lines[position];
      if (line === undefined) return this.#forVectors(mode, pass, { point, at, results }, columns, noted);
      const next = (place: Expr, carried: Notes): Notes => visit(position + 1, [...at, place], results, carried);
      if (position === last && this.#isAlong)
        return this.#alongLine(mode, pass, { point, at, results }, this.#placesOf(pass, position, rows), noted);
      const range = this.#placesOf(pass, position, rows);
      if (position !== pass) return forNoted(this.#context.builder, range, 1, noted, next);
      return this.#forTiles(mode, pass, line, range, noted, (first, count, carried) =>
        visit(position + 1, [...at, first], count, carried),
      );
    };
    return visit(0, [], undefined, notes);
  }

  /** Results of a line, or, before its pass, positions that have an element. */
  #placesOf(pass: number, position: number, rows: Range): Range {
    const line = this.#lines[position];
    if (position === 0) return rows;
    if (line === undefined) return { from: index(0), to: index(0) };
    return position <= pass ? { from: index(0), to: size(line.results) } : positionsThere(line);
  }

  /** Results whose windows lie inside, in tiles of as many as share runs; the others, or all where these are rolled, one by one (`undefined`). */
  #forTiles(
    { isRolled }: Mode,
    pass: number,
    line: Line,
    { from, to }: Range,
    notes: Notes,
    body: (first: Expr, results: number | undefined, notes: Notes) => Notes,
  ): Notes {
    const { builder } = this.#context;
    const single = (begin: Expr, end: Expr, noted: Notes): Notes =>
      forNoted(this.#context.builder, { from: begin, to: end }, 1, noted, (at, carried) =>
        body(at, undefined, carried),
      );
    if (isRolled) return single(from, to, notes);
    const inside = pass === 0 && line.isPadded && this.#kept === undefined ? wholeResults(line) : undefined;
    const begin = inside === undefined ? from : builder.let('inside', minimum(maximum(from, inside.from), to));
    const end = inside === undefined ? to : builder.let('outside', maximum(begin, minimum(to, inside.to)));
    const { schedule } = this.#window;
    const most = pass === this.#lines.length - 1 ? schedule.tile : (schedule.apart?.tile ?? 1);
    let noted = single(from, begin, notes);
    let done = begin;
    for (const tile of tileSizes(subtract(end, begin), most)) {
      const count = subtract(end, done);
      const whole = builder.let('whole', add(done, subtract(count, binary('remainder', count, index(tile)))));
      noted = forNoted(this.#context.builder, { from: done, to: whole }, tile, noted, (at, carried) =>
        body(at, tile, carried),
      );
      done = whole;
    }
    noted = single(end, to, noted);
    return noted;
  }

  #forVectors(
    mode: Mode,
    pass: number,
    {
      point,
      at,
      results,
    }: { readonly point: Point; readonly at: readonly Expr[]; readonly results: number | undefined },
    { from, to }: Range,
    notes: Notes,
  ): Notes {
    const { axis } = this.#window.schedule.vector;
    return forLanes(this.#context.builder, { from: from, to: to }, this.#alongLanes, notes, (c, width, noted) =>
      this.#combine(mode, pass, { point: bindAxis(point, axis, c, width), at, lanes: width }, results, noted),
    );
  }

  /** Of a block of columns, where their number is known; else none. */
  get #leastColumns(): number {
    const all = extentOf(this.#context.kernel, this.#window.schedule.vector.axis);
    if (this.#isAlong || typeof all !== 'number') return 0;
    return all % this.#columns === 0 ? this.#columns : all % this.#columns;
  }

  /** The last line, where lanes are its places: those of one vector read places next to each other. */
  #alongLine(
    mode: Mode,
    pass: number,
    place: { readonly point: Point; readonly at: readonly Expr[]; readonly results: number | undefined },
    { from, to }: Range,
    notes: Notes,
  ): Notes {
    const { builder } = this.#context;
    const line = this.#lines.at(-1);
    const { axis } = this.#window.schedule.vector;
    if (line === undefined) return notes;
    const own = line.stride === 1 ? this.#alongLanes : { ...this.#alongLanes, lanes: 1 };
    const isOwn = pass === this.#lines.length - 1;
    const at = (first: Expr, width: number, results: number | undefined, noted: Notes): Notes =>
      this.#combine(
        mode,
        pass,
        { point: bindAxis(place.point, axis, first, width), at: [...place.at, first], lanes: width },
        results,
        noted,
      );
    if (!isOwn)
      return forLanes(this.#context.builder, { from: from, to: to }, this.#alongLanes, notes, (first, width, noted) =>
        at(first, width, place.results, noted),
      );
    const single = (begin: Expr, end: Expr, noted: Notes): Notes =>
      forNoted(this.#context.builder, { from: begin, to: end }, 1, noted, (first, carried) =>
        at(first, 1, undefined, carried),
      );
    const hasBorders = pass === 0 && line.isPadded && this.#kept === undefined;
    const inside = hasBorders ? wholeResults(line) : undefined;
    if (inside === undefined)
      return forLanes(this.#context.builder, { from: from, to: to }, own, notes, (first, width, noted) =>
        at(first, width, mode.isRolled ? undefined : 1, noted),
      );
    const begin = builder.let('inside', minimum(maximum(from, inside.from), to));
    const end = builder.let('outside', maximum(begin, minimum(to, inside.to)));
    const before = single(from, begin, notes);
    const within = forLanes(this.#context.builder, { from: begin, to: end }, own, before, (first, width, noted) =>
      at(first, width, mode.isRolled ? undefined : 1, noted),
    );
    return single(end, to, within);
  }

  /** A long line keeps its lanes. */
  #widthOf(lanes: number): number {
    const { combiner, context } = this.#window;
    return this.#long === undefined ? wideLanes(combiner, context.target, lanes) : lanes;
  }

  /** The windows of some results, or of one in a loop. */
  #combine(mode: Mode, pass: number, place: Place, results: number | undefined, notes: Notes): Notes {
    const { builder, target } = this.#context;
    const line = this.#lines[pass];
    const { combiner } = this.#window;
    if (line === undefined) return notes;
    const width = this.#widthOf(place.lanes);
    const quick = width === this.#widthOf(this.#window.schedule.vector.lanes) ? mode.quick : undefined;
    const folding = foldingOf(combiner, target, width) ?? inAnyOrder(combiner);
    const begin = quick === undefined ? folding.begin : (element: Expr): Expr => element;
    const join = quick === undefined ? folding.join : quick.join;
    const end = quick === undefined ? folding.end : (folded: Expr): Expr => folded;
    const tell = new Telling(this.#context, quick, pass === 0, notes);
    const write = (result: number, folded: Expr): void => {
      const value = builder.let('s', end(folded));
      if (pass === this.#lines.length - 1) tell.result(value);
      this.#write(pass, place, result, width === place.lanes ? value : extract(value, 0));
    };
    if (results === undefined) {
      const { from, to } = pass === 0 ? this.#windowThere(line, place.at[pass] ?? index(0)) : wholeWindow(line);
      const initial = begin(constant(vector(this.#dtype, width), combiner.identity[0] ?? 0));
      const [folded, ...noted] = builder.for({ from, to, name: 'k' }, [initial, ...tell.notes], (k, carried) => {
        const [sum, ...inner] = carried;
        const telling = new Telling(this.#context, quick, pass === 0, inner);
        const element = spread(this.#element(pass, place, multiply(k, line.dilation)), width);
        telling.element(element);
        return [join(sum, begin(element)), ...telling.take()];
      });
      tell.notes = noted;
      write(0, folded);
      return tell.take();
    }
    foldLine<Expr>(
      line,
      isIdempotent(combiner),
      results,
      {
        element: (at, level) => {
          if (this.#long !== undefined) return builder.let('x', begin(this.#long.run(place, at, level)));
          const element = spread(this.#element(pass, place, index(at)), width);
          tell.element(element);
          return builder.let('x', begin(element));
        },
        join: (a, b) => builder.let('s', join(a, b)),
        visit: write,
      },
      this.#kept,
    );
    return tell.take();
  }

  /** Places of the window of a result that have an element. */
  #windowThere({ stride, dilation, first, size: whole, window, isPadded }: Line, result: Expr): Range {
    const { builder } = this.#context;
    if (!isPadded) return { from: index(0), to: index(window) };
    const begin = builder.let('begin', add(multiply(result, stride), first));
    const places = (elements: Expr): Expr => divide(add(maximum(elements, 0), dilation - 1), index(dilation));
    const from = minimum(places(subtract(index(0), begin)), window);
    return {
      from: builder.let('from', from),
      to: builder.let('to', minimum(places(subtract(size(whole), begin)), window)),
    };
  }

  /** The element so many positions on from where the line's own place begins. */
  #element(pass: number, place: Place, offset: Expr): Expr {
    const { builder } = this.#context;
    const positions = place.at.map((at, position) => {
      const line = this.#lines[position];
      return line !== undefined && position === pass ? add(multiply(at, line.stride), offset) : at;
    });
    if (pass > 0)
      return builder.let('x', load(this.#buffer(pass - 1), this.#address(pass - 1, place, positions), place.lanes));
    const memory = this.#context.places.get(this.#main.access.buffer);
    if (memory?.kind !== 'memory')
      throw new InvariantError(`kernel ${this.#context.kernel.name}: a window over no memory`);
    const point = innerPoint(place.point);
    // What all lanes share is one element: weights that are all the same move with no feature.
    const isShared = accessStride(memory, this.#main.access, this.#window.schedule.vector.axis) === 0;
    const at = this.#operandAddress(memory, point, positions);
    const element = spread(load(memory.buffer, at, isShared ? 1 : place.lanes), place.lanes);
    point.emitted.set(this.#main, builder.let('x', element));
    const [value] = this.#window.stage.values;
    return value === undefined
      ? element
      : builder.let('x', spread(emitValue(this.#context, point, value), place.lanes));
  }

  #operandAddress(memory: MemoryPlace, point: Point, positions: readonly Expr[]): Expr {
    return memory.layout.parts
      .map(({ dimension }, part) => {
        const line = this.#lines.findIndex((each) => each.dimension === dimension);
        const expr = this.#main.access.indices[dimension];
        const own = add(positions[line] ?? index(0), this.#lines[line]?.first ?? 0);
        const at = line >= 0 || expr === undefined ? own : emitIndex(this.#context, point, expr);
        return multiply(at, size(memory.strides[part] ?? 0));
      })
      .reduce((a, b) => add(a, b), subtract(index(0), memory.origin ?? index(0)));
  }

  #buffer(pass: number): FlatBuffer {
    const buffer = this.#scratch[pass];
    if (buffer === undefined)
      throw new InvariantError(`kernel ${this.#context.kernel.name}: no scratch of line ${pass}`);
    return buffer;
  }

  #address(pass: number, { point }: Place, at: readonly Expr[]): Expr {
    const strides = this.#strides(pass);
    const [row, column] = this.#origin;
    const c = this.#isAlong ? undefined : point.axes.get(this.#window.schedule.vector.axis);
    return at
      .map((place, position) => multiply(position === 0 ? subtract(place, row) : place, strides[position] ?? 1))
      .reduce((a, b) => add(a, b), c === undefined ? index(0) : subtract(c, column));
  }

  #write(pass: number, place: Place, result: number, value: Expr): void {
    const at = place.at.map((each, position) => (position === pass ? add(each, result) : each));
    if (pass < this.#lines.length - 1) {
      this.#context.builder.store(this.#buffer(pass), this.#address(pass, place, at), value);
      return;
    }
    const bound = this.#lines.reduce(
      (point, { axis }, position) => bindResult(point, axis, at[position] ?? index(0)),
      place.point,
    );
    this.#finish(bound, [value]);
  }
}

/** The axis of lanes keeps them. */
function bindResult(point: Point, axis: AxisId | undefined, at: Expr): Point {
  return axis === undefined ? point : { ...bindAxis(point, axis, at), vector: point.vector };
}

function wholeWindow({ window }: Line): Range {
  return { from: index(0), to: index(window) };
}

/** The results whose windows lie inside. */
function wholeResults({ first, stride, dilation, window, size: whole }: Line): Range {
  const last = subtract(size(whole), first + (window - 1) * dilation + 1 - stride);
  return { from: index(Math.ceil(Math.max(0, -first) / stride)), to: divide(maximum(last, 0), index(stride)) };
}
