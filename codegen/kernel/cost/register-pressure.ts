/** Vectors that a loop keeps at a time, against the registers there are: what does not fit goes through memory in every iteration. */
import type { Expr, Statement, VariableId } from '../loop-ir.ts';
import { expressionsOf, walkExpr } from '../loop-walk.ts';
import type { TargetInfo } from '../target-info.ts';

type Loop = Extract<Statement, { readonly kind: 'for' }>;

export interface Spills {
  /** Of values from outside, constants for the most part: loaded where they are used. */
  readonly loads: number;
  /** Of values that the loop makes: stored and loaded again. */
  readonly values: number;
  /** Whether one of them is handed from an iteration to the next, which then waits for memory. */
  readonly isCarried: boolean;
}

const none: Spills = { loads: 0, values: 0, isCarried: false };

/** Without multiply-adds a product needs a register before it is added, and engines have two of them under way. */
function registersFor({ vectorRegisters, fma }: TargetInfo): number {
  return fma === 'none' ? vectorRegisters - 3 : vectorRegisters - 1;
}

/** Of a loop without loops inside. */
export function spillsOf({ body, carried, next }: Loop, target: TargetInfo): Spills {
  if (body.some(({ kind }) => kind !== 'let' && kind !== 'store')) return none;
  const uses = new Map<VariableId, { last: number; count: number }>();
  const constants = new Map<string, number>();
  const note = (expr: Expr, at: number): void =>
    walkExpr(expr, (each) => {
      if (each.kind === 'constant' && each.type.lanes > 1) {
        const key = `${each.type.dtype} ${each.value}`;
        constants.set(key, (constants.get(key) ?? 0) + 1);
      }
      if (each.kind !== 'variable' || each.type.lanes === 1) return;
      const { count } = uses.get(each.variable.id) ?? { count: 0 };
      uses.set(each.variable.id, { last: at, count: count + 1 });
    });
  body.forEach((statement, at) => expressionsOf(statement).forEach((expr) => note(expr, at)));
  next.forEach((expr) => note(expr, body.length));
  const vectors = carried.filter(({ variable }) => variable.type.lanes > 1).map(({ variable }) => variable.id);
  const made = new Map<VariableId, number>();
  body.forEach((statement, at) => {
    if (statement.kind === 'let' && statement.variable.type.lanes > 1) made.set(statement.variable.id, at);
  });
  const outside = [...uses].filter(([id]) => !made.has(id) && !vectors.includes(id));
  const fixed = outside.length + constants.size;
  const room = registersFor(target);
  const excess = mostAlive(body, vectors, made, uses) + fixed - room;
  if (excess <= 0) return none;
  const perFixed =
    fixed === 0 ? 0 : (outside.reduce((sum, [, { count }]) => sum + count, 0) + total(constants)) / fixed;
  const values = Math.max(0, excess - fixed);
  return { loads: Math.min(excess, fixed) * perFixed, values, isCarried: values > 0 && vectors.length > 0 };
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** A carried value's next one takes its register. */
function mostAlive(
  body: readonly Statement[],
  carried: readonly VariableId[],
  made: ReadonlyMap<VariableId, number>,
  uses: ReadonlyMap<VariableId, { readonly last: number }>,
): number {
  let most = carried.length;
  for (let at = 0; at < body.length; at += 1) {
    let alive = 0;
    for (const id of carried) if ((uses.get(id)?.last ?? -1) > at || !uses.has(id)) alive += 1;
    for (const [id, from] of made) if (from <= at && (uses.get(id)?.last ?? -1) > at) alive += 1;
    most = Math.max(most, alive);
  }
  return most;
}
