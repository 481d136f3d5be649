/** How the tiles of a block read their operands: from panels that are constants or have been packed, or where these lie. */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { add, index, multiply, size, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { ceilDivideSizes, multiplySizes, type Size } from '../size.ts';
import { extentOfAxes } from './axis-group.ts';
import type { Nest, Source } from './lower-contraction.ts';
import {
  constantPanels, directReader, type Located, type Operand, panelReader, type Panels, type Reader, type RunReader, type Strip,
} from './operand.ts'; // prettier-ignore
import type { KBlock } from './pack.ts';
import { bindRun, type RunsOfK } from './runs.ts';

/** Where a block of k begins, in panels of all columns. */
export function blockStart({ context, schedule }: Nest, { from }: KBlock): Expr {
  return multiply(from, size(paddedColumns(context, schedule)));
}

/** Columns of all panels. */
export function paddedColumns(context: LoweringContext, { n, nr }: ContractionSchedule): Size {
  return multiplySizes(ceilDivideSizes(extentOfAxes(context, n), nr), nr);
}

/** `lanes` is the width that rows are spread to; that of columns is the strip's own. */
type ReaderOfStrip = (point: Point, strip: Strip, lanes: number) => RunReader;

/** Where one side of a block of tiles is read. */
interface BlockSide {
  readonly source: Source;
  readonly block: KBlock;
  /** Where it lies, when that is not in panels. */
  readonly located: Located | undefined;
  /** Panels that the kernel has packed. */
  readonly scratch: FlatBuffer | undefined;
  /** The first row or column of the block. */
  readonly from: Expr;
}

export function readerOf(
  nest: Nest,
  { source: { operand, group }, block, located, scratch, from: blockFrom }: BlockSide,
): ReaderOfStrip {
  const { context, runs, schedule } = nest;
  if (located !== undefined)
    return (point, strip, lanes) => (run) => {
      const at = run === undefined || runs === undefined ? point : bindRun(context, point, runs, run);
      const axes = runs === undefined ? schedule.k : runs.inner;
      const from = run === undefined ? block.from : index(0);
      return directReader(context, innerPoint(at), located, axes, group, from, strip, lanes);
    };
  const constant = scratch === undefined ? constantPanels(context, operand, block.from) : undefined;
  return (point, strip, lanes) => {
    const start = nest.isPacked && operand.side === 'rhs' ? blockStart(nest, block) : index(0);
    const first = nest.isPacked && operand.side === 'rhs' ? index(0) : blockFrom;
    const panels = scratch === undefined ? constant : scratchPanels(operand, block, scratch, { start, first }, strip);
    if (panels === undefined)
      throw new InvariantError(`kernel ${context.kernel.name}: an operand is neither packed nor read`);
    const reader = panelReader(context, innerPoint(point), operand, group, panels, strip, lanes);
    return (run) => (run === undefined || runs === undefined ? reader : fromRun(reader, runs, run, block));
  };
}

/** A panel goes on from one run to the next. */
function fromRun(reader: Reader, { length }: RunsOfK, run: Expr, { from }: KBlock): Reader {
  return (k, steps) => reader(add(subtract(multiply(run, index(length)), from), k), steps);
}

/** A panel of rows is as wide as its strip, one of columns is padded. */
function scratchPanels(
  { side, tile }: Operand,
  block: KBlock,
  to: FlatBuffer,
  from: { readonly start: Expr; readonly first: Expr },
  strip: Strip,
): Panels {
  const base: Panels['base'] = (_, first) => add(from.start, multiply(subtract(first, from.first), block.count));
  return { buffer: to, tile: side === 'rhs' ? tile : strip.count, base };
}
