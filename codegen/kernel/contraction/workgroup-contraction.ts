/**
 * Contractions on a GPU: a workgroup computes a tile of rows and columns. Slices of both operands along k are staged through workgroup
 * memory by all invocations, with zeros outside; each invocation adds up a block of the tile in registers and writes what exists of it.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { add, and, binary, compare, constant, divide, fma, index, load, multiply, size } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { innerPoint, type LoweringContext, type Point, startPoint } from '../lower-context.ts';
import { emitResults, emitValue } from '../lower-values.ts';
import type { Schedule, WorkgroupContractionSchedule } from '../schedule.ts';
import { ceilDivideSizes, productOfSizes, type Size } from '../size.ts';
import type { Stage, StructuredKernel, ValueExpr } from '../structured-kernel.ts';
import { isFloatKernelDType, scalar } from '../value-type.ts';
import { type AxisGroup, axisGroup, bindLinear, extentOfAxes } from './axis-group.ts';
import { orientProduct, type Product, productOf } from './product.ts';

/** The stage and schedule of a kernel that is a contraction on a GPU; undefined for any other. */
export function workgroupContraction(
  kernel: StructuredKernel,
  { stages }: Schedule,
): { readonly stage: Stage; readonly schedule: WorkgroupContractionSchedule } | undefined {
  const [stage, ...others] = kernel.stages;
  const schedule = stage === undefined ? undefined : stages.get(stage.id);
  if (stage === undefined || others.length > 0 || schedule?.kind !== 'workgroup-contraction') return undefined;
  return { stage, schedule };
}

/** One axis of workgroups; gives how many there are. */
export function lowerWorkgroupContraction(
  context: LoweringContext,
  stage: Stage,
  schedule: WorkgroupContractionSchedule,
): Size {
  const { builder, kernel } = context;
  const product = productOf(stage);
  if (product === undefined) throw new InvariantError(`kernel ${kernel.name}: stage ${stage.id} is no contraction`);
  const rows = ceilDivideSizes(extentOfAxes(context, schedule.m), schedule.tileM);
  const columns = ceilDivideSizes(extentOfAxes(context, schedule.n), schedule.tileN);
  builder.for({ mode: 'workgroup', name: 'group', from: builder.tileBegin, to: builder.tileEnd }, (group) => {
    const column = builder.let('column', binary('remainder', group, size(columns)));
    const rest = builder.let('rest', divide(group, size(columns)));
    const row = builder.let('row', binary('remainder', rest, size(rows)));
    const start = startPoint();
    const batches = axisGroup(context, start, schedule.batch);
    const point = bindLinear(context, start, batches, builder.let('batch', divide(rest, size(rows))));
    const corner = {
      m: builder.let('m0', multiply(row, schedule.tileM)),
      n: builder.let('n0', multiply(column, schedule.tileN)),
    };
    emitWorkgroup({ context, stage, schedule, product, point, corner, ...groupsOf(context, point, schedule) });
  });
  return productOfSizes([extentOfAxes(context, schedule.batch), rows, columns]);
}

interface Groups {
  readonly m: AxisGroup;
  readonly n: AxisGroup;
  readonly k: AxisGroup;
}

function groupsOf(context: LoweringContext, point: Point, { m, n, k }: WorkgroupContractionSchedule): Groups {
  return { m: axisGroup(context, point, m), n: axisGroup(context, point, n), k: axisGroup(context, point, k) };
}

interface Workgroup extends Groups {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly schedule: WorkgroupContractionSchedule;
  readonly product: Product;
  readonly point: Point;
  /** The tile's first row and column. */
  readonly corner: { readonly m: Expr; readonly n: Expr };
}

/** Invocations of a workgroup: one a block. */
export function invocationsOf({ tileM, tileN, blockM, blockN }: WorkgroupContractionSchedule): number {
  return (tileM / blockM) * (tileN / blockN);
}

interface Staged {
  readonly a: FlatBuffer;
  readonly b: FlatBuffer;
}

function emitWorkgroup(group: Workgroup): void {
  const { context, schedule, product } = group;
  const { builder } = context;
  const { tileM, tileN, tileK } = schedule;
  const { dtype } = product;
  builder.alloc({ name: 'a_tile', dtype, size: tileM * tileK }, 'workgroup', (a) =>
    builder.alloc({ name: 'b_tile', dtype, size: tileN * tileK }, 'workgroup', (b) =>
      builder.for({ mode: 'invocation', name: 'id', to: invocationsOf(schedule) }, (id) =>
        emitInvocation(group, { a, b }, id),
      ),
    ),
  );
}

function emitInvocation(group: Workgroup, staged: Staged, id: Expr): void {
  const { context, schedule, product, k } = group;
  const { builder } = context;
  const { blockM, blockN, tileN, tileK } = schedule;
  const across = tileN / blockN;
  const block = {
    row: builder.let('block_row', multiply(divide(id, across), blockM)),
    column: builder.let('block_column', multiply(binary('remainder', id, index(across)), blockN)),
  };
  const identity = constant(scalar(product.dtype), product.identity);
  const begun = Array.from({ length: blockM * blockN }, () => identity);
  const sums = builder.for({ to: k.extent, step: tileK, name: 'k0' }, begun, (k0, carried) => {
    // Nobody may overwrite what another still reads.
    builder.barrier();
    stageOperands(group, staged, id, k0);
    builder.barrier();
    return addUp(group, staged, block, carried);
  });
  writeBlock(group, block, sums);
}

/** All invocations copy both slices; an element outside the operand is zero. */
function stageOperands(group: Workgroup, { a, b }: Staged, id: Expr, k0: Expr): void {
  const { schedule, product, corner, m, n } = group;
  const { lhs, rhs } = orientProduct(product, schedule.n);
  stageOperand(group, a, { factor: lhs, axes: m, first: corner.m, tile: schedule.tileM }, id, k0);
  stageOperand(group, b, { factor: rhs, axes: n, first: corner.n, tile: schedule.tileN }, id, k0);
}

interface StagedOperand {
  readonly factor: ValueExpr;
  readonly axes: AxisGroup;
  readonly first: Expr;
  readonly tile: number;
}

/** Element (i, k) of the slice lies at `k * tile + i`. */
function stageOperand(group: Workgroup, to: FlatBuffer, operand: StagedOperand, id: Expr, k0: Expr): void {
  const { context, schedule, product, k, point } = group;
  const { builder } = context;
  const { factor, axes, first, tile } = operand;
  const elements = tile * schedule.tileK;
  const zero = constant(scalar(product.dtype), 0);
  builder.for({ to: elements, step: invocationsOf(schedule), name: 'part' }, (part) => {
    const element = builder.let('element', add(part, id));
    const copy = (): void => {
      const i = builder.let('i', add(first, binary('remainder', element, index(tile))));
      const depth = builder.let('k', add(k0, divide(element, tile)));
      const isInside = and(compare('lt', i, axes.extent), compare('lt', depth, k.extent));
      const [value] = builder.choose(
        isInside,
        () => {
          const at = bindLinear(context, bindLinear(context, innerPoint(point), axes, i), k, depth);
          return [emitValue(context, at, factor)] as const;
        },
        () => [zero] as const,
        ['x'],
      );
      builder.store(to, element, value);
    };
    if (elements % invocationsOf(schedule) === 0) copy();
    else builder.if(compare('lt', element, elements), copy);
  });
}

interface Block {
  readonly row: Expr;
  readonly column: Expr;
}

function addUp(
  { context, schedule, product }: Workgroup,
  { a, b }: Staged,
  block: Block,
  begun: readonly Expr[],
): readonly Expr[] {
  const { builder } = context;
  const { blockM, blockN, tileM, tileN, tileK } = schedule;
  return builder.for({ to: tileK, name: 'k' }, begun, (k, sums) => {
    const rowAt = builder.let('at', add(multiply(k, tileM), block.row));
    const columnAt = builder.let('at', add(multiply(k, tileN), block.column));
    const rows = Array.from({ length: blockM }, (_, row) => builder.let('a', load(a, add(rowAt, row))));
    const columns = Array.from({ length: blockN }, (_, column) => builder.let('b', load(b, add(columnAt, column))));
    return rows.flatMap((left, row) =>
      columns.map((right, column) => {
        const sum = sums[row * blockN + column] ?? index(0);
        return builder.let(
          'c',
          isFloatKernelDType(sum.type.dtype) ? fma(left, right, sum) : add(sum, binary(product.op, left, right)),
        );
      }),
    );
  });
}

/** The elements of the block that exist, finished. */
function writeBlock(group: Workgroup, block: Block, sums: readonly Expr[]): void {
  const { context, schedule, stage, product, corner, m, n, point } = group;
  const { builder } = context;
  const values = stage.finish ?? [{ kind: 'accumulator', dtype: product.dtype, index: 0 } as const];
  for (let row = 0; row < schedule.blockM; row += 1)
    for (let column = 0; column < schedule.blockN; column += 1) {
      const i = builder.let('i', add(add(corner.m, block.row), row));
      const j = builder.let('j', add(add(corner.n, block.column), column));
      const sum = sums[row * schedule.blockN + column] ?? index(0);
      builder.if(and(compare('lt', i, m.extent), compare('lt', j, n.extent)), () => {
        const at = bindLinear(context, bindLinear(context, innerPoint(point), n, j), m, i);
        const inner = innerPoint(at, { accumulators: [sum] });
        emitResults(context, inner, stage, values);
      });
    }
}
