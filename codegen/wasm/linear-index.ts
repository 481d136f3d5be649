/** An index as a constant plus terms, so that an address is computed where its parts are known and constants cost nothing. */
import type { Expr } from '../kernel/loop-ir.ts';
import { operandsOf } from '../kernel/loop-walk.ts';
import { sizeText } from '../kernel/size.ts';
import type { Local, WasmExpr } from './builder.ts';
import type { KernelContext } from './kernel-context.ts';

export interface IndexTerm {
  readonly factor: number;
  /** Equal keys are equal values; undefined for what may not be reused. */
  readonly key: string | undefined;
  /** Of the scope in which it has one value. */
  readonly depth: number;
  readonly isNonNegative: boolean;
  /** Counts the iterations of the loop at `depth`, in such steps. */
  readonly counter: { readonly local: Local; readonly step: number } | undefined;
  readonly print: () => WasmExpr;
}

export interface LinearIndex {
  readonly constant: number;
  readonly terms: readonly IndexTerm[];
}

export function linearIndex(context: KernelContext, expr: Expr): LinearIndex {
  const sums: { factor: number; term: IndexTerm }[] = [];
  let constant = 0;
  const visit = (given: Expr, factor: number): void => {
    const each = (given.kind === 'variable' ? context.definition(given.variable) : undefined) ?? given;
    const known = knownIndex(context, each);
    if (known !== undefined) constant += factor * known;
    else if (each.kind === 'binary' && each.op === 'add') [each.lhs, each.rhs].forEach((part) => visit(part, factor));
    else if (each.kind === 'binary' && each.op === 'subtract') {
      visit(each.lhs, factor);
      visit(each.rhs, -factor);
    } else if (each.kind === 'binary' && each.op === 'multiply') visitProduct(each, factor);
    else addTerm(each, factor);
  };
  const visitProduct = (each: Extract<Expr, { kind: 'binary' }>, factor: number): void => {
    const left = knownIndex(context, each.lhs);
    const right = knownIndex(context, each.rhs);
    if (left !== undefined) visit(each.rhs, factor * left);
    else if (right !== undefined) visit(each.lhs, factor * right);
    else addTerm(each, factor);
  };
  const addTerm = (each: Expr, factor: number): void => {
    if (factor === 0) return;
    const term = termOf(context, each);
    const same = sums.find((sum) => sum.term.key !== undefined && sum.term.key === term.key);
    if (same === undefined) sums.push({ factor, term });
    else same.factor += factor;
  };
  visit(expr, 1);
  return {
    constant,
    terms: sums.filter(({ factor }) => factor !== 0).map(({ factor, term }) => ({ ...term, factor })),
  };
}

/** The number an index is at print time: constants, and what they and unrolled loops make of it. */
export function knownIndex(context: KernelContext, expr: Expr): number | undefined {
  if (expr.kind === 'constant') return Number(expr.value);
  if (expr.kind === 'size') return typeof expr.size === 'number' ? expr.size : undefined;
  if (expr.kind === 'variable') return context.knownValue(expr.variable);
  if (expr.kind !== 'binary' || expr.type.lanes !== 1) return undefined;
  const lhs = knownIndex(context, expr.lhs);
  const rhs = lhs === undefined ? undefined : knownIndex(context, expr.rhs);
  if (lhs === undefined || rhs === undefined) return undefined;
  if (expr.op === 'add') return lhs + rhs;
  if (expr.op === 'subtract') return lhs - rhs;
  if (expr.op === 'multiply') return lhs * rhs;
  if (expr.op === 'minimum') return Math.min(lhs, rhs);
  return expr.op === 'maximum' ? Math.max(lhs, rhs) : undefined;
}

function termOf(context: KernelContext, expr: Expr): IndexTerm {
  const key = keyOf(context, expr);
  const print = (): WasmExpr => context.expr(expr);
  const here = context.f.scope.depth;
  const common = { factor: 1, key, isNonNegative: isNonNegative(context, expr), print };
  if (expr.kind !== 'variable')
    return { ...common, depth: key === undefined ? here : depthOf(context, expr), counter: undefined };
  const binding = context.binding(expr.variable);
  if (binding.kind === 'constant') return { ...common, depth: 0, counter: undefined };
  const { local, step, depth } = binding;
  return { ...common, depth: Math.min(depth, here), counter: step === undefined ? undefined : { local, step } };
}

/** The depth of the innermost scope that it depends on. */
function depthOf(context: KernelContext, expr: Expr): number {
  if (expr.kind === 'variable') {
    const binding = context.binding(expr.variable);
    return binding.kind === 'constant' ? 0 : Math.min(binding.depth, context.f.scope.depth);
  }
  return Math.max(0, ...operandsOf(expr).map((operand) => depthOf(context, operand)));
}

/** Structural, for scalar integer arithmetic; undefined for what reads memory or is not worth it. */
function keyOf(context: KernelContext, expr: Expr): string | undefined {
  if (expr.kind === 'constant') return String(expr.value);
  if (expr.kind === 'size') return sizeText(expr.size);
  if (expr.kind === 'variable') {
    const binding = context.binding(expr.variable);
    return binding.kind === 'constant' ? String(binding.value) : `%${binding.local.index}`;
  }
  if (!keyedKinds.has(expr.kind)) return undefined;
  const keys = operandsOf(expr).map((operand) => keyOf(context, operand));
  if (keys.includes(undefined)) return undefined;
  const op = 'op' in expr ? expr.op : expr.kind;
  return `${op}.${expr.type.dtype}(${keys.join(',')})`;
}

const keyedKinds: ReadonlySet<Expr['kind']> = new Set(['unary', 'binary', 'select', 'compare', 'convert']);

export function isNonNegative(context: KernelContext, expr: Expr): boolean {
  const known = knownIndex(context, expr);
  if (known !== undefined) return known >= 0;
  if (expr.kind === 'size') return true;
  if (expr.kind === 'variable') {
    const binding = context.binding(expr.variable);
    return binding.kind === 'local' && binding.isNonNegative;
  }
  if (expr.kind !== 'binary') return false;
  const sides = [expr.lhs, expr.rhs].map((side) => isNonNegative(context, side));
  if (expr.op === 'maximum') return sides.includes(true);
  if (expr.op === 'remainder') return sides[0] === true;
  return ['add', 'multiply', 'minimum', 'divide'].includes(expr.op) && !sides.includes(false);
}
