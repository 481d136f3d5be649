/** Loops at run time: `stablehlo.while` over what a turn changes, values that the caller carries and cells alike. */
import { Block as IrBlock, Region } from '../../../ir/operation.ts';
import { returnOp } from '../../../ir/ops/stablehlo/return.ts';
import { whileOp } from '../../../ir/ops/stablehlo/while.ts';
import type { Span } from '../../../ir/source.ts';
import { type CarrySource, CarryPlan } from './carried.ts';
import { type Cell, ModelCell } from './cell.ts';
import type { Elaboration, Trial } from './elaboration.ts';
import type { FrameKind } from './journal.ts';
import { UnknownOperand } from './language-error.ts';
import { irType } from './tensor-ops.ts';
import type { TensorValue, Value } from './values.ts';

export interface Carried {
  readonly before: Value;
  readonly name: string;
  readonly declared: Span | undefined;
}

export interface RunTimeLoop {
  readonly span: Span;
  readonly kind: Extract<FrameKind, 'loop' | 'map'>;
  readonly carried: readonly Carried[];
  /** A scalar of `bool`. */
  condition(values: readonly Value[]): TensorValue;
  /** The carried values after a turn. */
  turn(values: readonly Value[]): readonly Value[];
}

/** What one turn does, tried out: the carried values and the cells after it. */
interface Turn {
  readonly trial: Trial;
  readonly values: readonly Value[];
  readonly cells: readonly { readonly cell: Cell; readonly after: Value }[];
}

/** The carried values after the loop; the cells it writes are written. */
export function runTimeLoop(el: Elaboration, loop: RunTimeLoop): readonly Value[] {
  const { span } = loop;
  const { plans, cellPlans } = makePlans(el, loop);
  const all = [...plans, ...cellPlans.map(({ plan }) => plan)];
  const initial = all.flatMap((plan) => plan.initial);
  const condition = buildRegion(el, loop, all, initial, cellPlans, (values) => [loop.condition(values)], false);
  const body = buildRegion(
    el,
    loop,
    all,
    initial,
    cellPlans,
    (values) => {
      const after = loop.turn(values);
      return [
        ...plans.flatMap((plan, index) => plan.take(after[index] ?? { kind: 'unknown' })),
        ...cellPlans.flatMap(({ cell, plan }) => plan.take(el.read(cell))),
      ];
    },
    true,
  );
  const { ops } = el.site(span);
  const results = ops.makeMany(whileOp, initial, {}, initial, [condition, body]);
  const values = distribute(all, results);
  for (const [index, { cell }] of cellPlans.entries()) {
    const value = values[plans.length + index];
    if (value !== undefined) el.journal.write(cell, value);
  }
  return values.slice(0, plans.length);
}

interface CellPlan {
  readonly cell: Cell;
  readonly plan: CarryPlan;
}

/** How everything that a turn changes is carried. */
function makePlans(
  el: Elaboration,
  loop: RunTimeLoop,
): { readonly plans: readonly CarryPlan[]; readonly cellPlans: readonly CellPlan[] } {
  const { span } = loop;
  const turn = tryTurn(el, loop);
  try {
    const plans = loop.carried.map(({ before, name, declared }, index) => {
      const source: CarrySource = { name, declared, span };
      return new CarryPlan(el, before, turn.values[index] ?? { kind: 'unknown' }, source);
    });
    const cellPlans = turn.cells.map(({ cell, after }) => {
      const source: CarrySource = { name: cellName(cell), declared: cell.span, span };
      return { cell, plan: new CarryPlan(el, el.read(cell), after, source) };
    });
    return { plans, cellPlans };
  } catch (error) {
    if (error instanceof UnknownOperand) el.giveUp(turn.trial);
    throw error;
  }
}

function cellName(cell: Cell): string {
  return `\`${cell instanceof ModelCell ? cell.path : cell.name}\``;
}

function tryTurn(el: Elaboration, loop: RunTimeLoop): Turn {
  let values: readonly Value[] = [];
  const before = loop.carried.map((carried) => carried.before);
  const trial = el.trial(loop.span, () => {
    const frame = el.inFrame(loop.kind, loop.span, el.ops.builder.block, () => {
      values = loop.turn(before);
    });
    for (const { cell, value } of frame.written) if (value !== undefined) el.journal.write(cell, value);
  });
  const cells = trial.written.flatMap(({ cell, value }) => (value === undefined ? [] : [{ cell, after: value }]));
  return { trial, values, cells };
}

/** The plans' values made from one list of tensors. */
function distribute(plans: readonly CarryPlan[], tensors: readonly TensorValue[]): readonly Value[] {
  let start = 0;
  return plans.map((plan) => {
    const end = start + plan.initial.length;
    const value = plan.rebuild(tensors.slice(start, end));
    start = end;
    return value;
  });
}

function buildRegion(
  el: Elaboration,
  loop: RunTimeLoop,
  plans: readonly CarryPlan[],
  initial: readonly TensorValue[],
  cells: readonly CellPlan[],
  build: (values: readonly Value[]) => readonly TensorValue[],
  mayWrite: boolean,
): Region {
  const block = new IrBlock(initial.map(irType));
  const args = block.arguments.map((ir, index): TensorValue => {
    const like = initial[index];
    if (like === undefined) throw new Error('a carried value without a type');
    return { ...like, ir };
  });
  const own = new Set(cells.map(({ cell }) => cell));
  const { written } = el.inFrame(loop.kind, loop.span, block, () => {
    const values = distribute(plans, args);
    for (const [index, { cell }] of cells.entries()) {
      const value = values[plans.length - cells.length + index];
      if (value !== undefined) el.journal.write(cell, value);
    }
    terminate(el, build(values), loop.span);
  });
  const stray = mayWrite ? undefined : written.find(({ cell, value }) => !own.has(cell) && value !== cell.value);
  if (stray !== undefined)
    el.fail('E6411', loop.span, `the condition of a \`while\` writes ${cellName(stray.cell)}`, {
      hint: 'write in the body, and read in the condition',
    });
  return new Region(block);
}

/** Ends the block at hand. */
export function terminate(el: Elaboration, results: readonly TensorValue[], span: Span): void {
  const { ops } = el.site(span);
  ops.builder.create(
    returnOp,
    results.map(({ ir }) => ir),
    {},
    { location: ops.location() },
  );
}
