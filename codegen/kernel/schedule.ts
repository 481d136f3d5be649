/**
 * A schedule says how a structured kernel is run. It is data: printed, compared, overridden from a table, never code. `lower`
 * turns kernel and schedule into loop IR; `chooseSchedule` (heuristics.ts) picks one from the kernel and a TargetInfo.
 */
import type { PhysicalLayout } from './physical-layout.ts';
import type { AxisId, BufferId, StageId } from './structured-kernel.ts';

export interface Schedule {
  /** Axes divided among tiles of the kernel (threads, workgroups), outermost first, with the points of each a tile takes. */
  readonly tiles: readonly AxisTile[];
  readonly stages: ReadonlyMap<StageId, StageSchedule>;
  /** Layouts other than row-major, by buffer: packed constants and scratch. */
  readonly layouts: ReadonlyMap<BufferId, PhysicalLayout>;
  /** Where scratch buffers live. */
  readonly spaces: ReadonlyMap<BufferId, 'register' | 'stack' | 'workgroup' | 'arena'>;
  /** Invocations of a workgroup, for GPU schedules. */
  readonly workgroup: readonly [x: number, y: number, z: number] | undefined;
  /** The last stage of a row runs in the loops of the next row's first (lower-overlap.ts). */
  readonly overlapsRows?: boolean;
  /** Of a chain of kernels. */
  readonly chain?: ChainSchedule;
}

/** All links of a chain run over one block of these axes before the next: what is between them is scratch of one block. */
export interface ChainSchedule {
  /** Outermost first; all but the last of one point. Tiles are whole blocks. */
  readonly blocks: readonly AxisTile[];
  /** Contractions whose columns are packed once for all blocks of the last axis in a tile. */
  readonly packedOnce: ReadonlySet<StageId>;
  /** Scratch that lies where another does, which nobody reads any more. */
  readonly shares: ReadonlyMap<BufferId, BufferId>;
}

export interface AxisTile {
  readonly axis: AxisId;
  readonly size: number;
}

export type StageSchedule =
  | LoopSchedule
  | ContractionSchedule
  | WindowSchedule
  | WorkgroupContractionSchedule
  | WorkgroupRowSchedule;

/** Plain loops: elementwise stages, reductions, rows. */
export interface LoopSchedule {
  readonly kind: 'loops';
  /** Loop order, outermost first; all axes of the stage. */
  readonly order: readonly AxisId[];
  /** The axis that runs along vector lanes, if any, with unit stride in most accesses. */
  readonly vector: LaneAxis | undefined;
  /** Copies of the innermost loop's body; for reductions, independent accumulators. */
  readonly unroll: number;
  /** A reduction down the columns that lanes run along: rows stream by in the order of memory, the sums of a block of columns wait on the stack. */
  readonly stream?: { readonly rows: number; readonly columns: number };
  /** Of a reduction: so many points of this axis, the innermost that is not reduced, are reduced together, and share what does not move with it. */
  readonly jam?: { readonly axis: AxisId; readonly count: number };
  /** Reads that are contiguous along this axis are turned in registers, `lanes` rows at a time; both axes go in blocks of so many points. */
  readonly turned?: { readonly axis: AxisId; readonly block: number };
}

export interface LaneAxis {
  readonly axis: AxisId;
  /** More than a register has: several registers side by side. */
  readonly lanes: number;
  /** Of the vectors that what is left at the end begins with; `lanes` where it is not said. */
  readonly endLanes?: number;
}

/** The micro-kernel generator: an MR x NR register tile over packed panels, blocked for caches (docs/kernel-ir.md). */
export interface ContractionSchedule {
  readonly kind: 'contraction';
  readonly m: readonly AxisId[];
  readonly n: readonly AxisId[];
  readonly k: readonly AxisId[];
  readonly batch: readonly AxisId[];
  readonly lanes: number;
  /** Rows of the register tile. */
  readonly mr: number;
  /** Columns of the register tile, a multiple of `lanes`. */
  readonly nr: number;
  /** Cache blocks in elements of k, m and n. */
  readonly kc: number;
  readonly mc: number;
  readonly nc: number;
  /** Which tiles of a block come after each other: those of one strip of columns (`rows`, the default), or of one strip of rows. */
  readonly inner?: 'rows' | 'columns';
  /** `panel`: packed in columns of `nr` (beforehand when constant, else by the kernel). `direct`: read where it lies. */
  readonly rhs: 'panel' | 'direct';
  /** `panel`: packed in rows of `mr`. `direct`: scalars are loaded and spread. `image`: the same, from a copy with its padding (image.ts). */
  readonly lhs: 'panel' | 'direct' | 'image';
  /**
   * Innermost axes of m that tiles of rows run across, where each row lies at a place of its own. Undefined: those along which rows lie at one
   * distance.
   */
  readonly rowAxes?: number;
  /** Where the number of rows is known only at run time: plain loops for less than so many. */
  readonly fewRows?: { readonly below: number; readonly loops: LoopSchedule };
}

/** A reduction over a window that slides (window/): a register tile of neighbouring results, the window unrolled. */
export interface WindowSchedule {
  readonly kind: 'window';
  /** Parallel axes around the rows, outermost first. */
  readonly outer: readonly AxisId[];
  /** The axis along which the window slides from one result of a tile to the next, and the results of a tile. */
  readonly row: AxisId;
  readonly tile: number;
  readonly vector: { readonly axis: AxisId; readonly lanes: number };
  /** The axes of the window, in the order of the sums. */
  readonly k: readonly AxisId[];
  /** An axis that what slides does not move with: a tile has all of its points, which share what they read (several features of a channel). */
  readonly beside?: AxisId;
  /** The outermost axes of the window that stay loops, around the tile's sums; the others are unrolled. */
  readonly rolled?: number;
  /** Points of the innermost outer axis whose image is copied at a time, where there is padding. */
  readonly bandRows: number;
  /** Rows whose windows lie inside are read where they lie, padding and all; an image is made for each of the others. */
  readonly isDirect?: boolean;
  /** One line of the window after the other, where the order is free: results of a tile of all lines but the last, columns of a block. */
  readonly apart?: { readonly tile: number; readonly columns: number };
}

/** A contraction on a GPU: a tile a workgroup, staged through workgroup memory, a register block an invocation. */
export interface WorkgroupContractionSchedule {
  readonly kind: 'workgroup-contraction';
  readonly m: readonly AxisId[];
  readonly n: readonly AxisId[];
  readonly k: readonly AxisId[];
  readonly batch: readonly AxisId[];
  readonly tileM: number;
  readonly tileN: number;
  readonly tileK: number;
  /** Rows and columns of the block one invocation computes. */
  readonly blockM: number;
  readonly blockN: number;
}

/** A row a workgroup: invocations stride over the row, reductions go through workgroup memory. */
export interface WorkgroupRowSchedule {
  readonly kind: 'workgroup-row';
  readonly row: readonly AxisId[];
  readonly along: AxisId;
  readonly invocations: number;
}
