/** Blocks and statements. A mistake in one statement is reported, and the next is looked at; the names it would bind are unknown. */
import type { Assign, Block, Expr, Let, Statement, Var } from '../syntax/ast.ts';
import { conform } from './conform.ts';
import type { Elaboration } from './elaboration.ts';
import { forgiveNames } from './forgive-names.ts';
import { runFor } from './loops.ts';
import { closeType } from './open-type.ts';
import { bindCells, bindPattern } from './patterns.ts';
import { readPlace, resolvePlace, writePlace } from './places.ts';
import { Scope } from './scope.ts';
import { describeKind } from './type-text.ts';
import { unit } from './unit.ts';
import { unknownValue, type Value } from './values.ts';
import { runWhile } from './while-loops.ts';

/** The value of its last expression, or `()`. */
export function runBlock(el: Elaboration, block: Block, scope: Scope): Value {
  const inner = new Scope(scope);
  let value: Value = unit;
  for (const [index, statement] of block.statements.entries()) {
    const isLast = index === block.statements.length - 1;
    if (isLast && statement.kind === 'expr') {
      value = el.guard(() => el.evaluate(statement.value, inner));
    } else if (el.attempt(() => (runStatement(el, statement, inner), true)) === undefined) {
      forget(el, statement, inner);
      if (isLast && statement.kind === 'error') value = unknownValue;
    }
  }
  return value;
}

function runStatement(el: Elaboration, statement: Statement, scope: Scope): void {
  switch (statement.kind) {
    case 'let':
      return bindPattern(el, statement.pattern, typedValue(el, statement, scope), scope);
    case 'var': {
      const type = statement.type === undefined ? undefined : closeType(el.evaluateType(statement.type, scope));
      return bindCells(el, statement.pattern, typedValue(el, statement, scope), scope, type);
    }
    case 'assign':
      return assign(el, statement, scope);
    case 'for':
      return runFor(el, statement, scope);
    case 'while':
      return runWhile(el, statement, scope);
    case 'expr':
      return runForEffect(el, statement.value, scope);
    case 'error':
      return forgiveNames(statement.span, scope);
  }
}

/** After a mistake: what the statement would bind or write is unknown. */
function forget(el: Elaboration, statement: Statement, scope: Scope): void {
  if (statement.kind === 'let') bindPattern(el, statement.pattern, unknownValue, scope);
  else if (statement.kind === 'var') bindCells(el, statement.pattern, unknownValue, scope);
  else if (statement.kind === 'assign') {
    const root = rootOf(statement.target);
    const binding = root === undefined ? undefined : scope.lookup(root);
    if (binding?.kind === 'cell' && binding.cell.role === 'var') el.journal.write(binding.cell, unknownValue);
  }
}

function rootOf(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.text;
  return expr.kind === 'member' || expr.kind === 'index' ? rootOf(expr.operand) : undefined;
}

function typedValue(el: Elaboration, { type, value: expr, pattern }: Let | Var, scope: Scope): Value {
  const value = el.evaluate(expr, scope);
  if (type === undefined) return value;
  const declared = el.evaluateType(type, scope);
  const subject = pattern.kind === 'bind' ? `\`${pattern.name.text}\`` : 'the pattern';
  return conform(el, value, declared, { subject, value: 'the value', span: expr.span, declared: type.span });
}

function assign(el: Elaboration, { target, value: expr, span }: Assign, scope: Scope): void {
  if (target.kind === 'tuple') {
    const value = el.evaluate(expr, scope);
    assignParts(el, target, value, span, scope);
    return;
  }
  // The target is looked at first, so that `retrun := x` is one mistake and not two.
  const place = resolvePlace(el, target, scope);
  const value = el.evaluate(expr, scope);
  writePlace(el, place, value, expr.span);
  el.recorder?.value(target.span, place.steps.length === 0 ? readPlace(el, place) : value, undefined);
}

function assignParts(
  el: Elaboration,
  target: Extract<Expr, { readonly kind: 'tuple' }>,
  value: Value,
  span: Assign['span'],
  scope: Scope,
): void {
  const places = target.fields.map((field) =>
    field.value.kind === 'tuple' ? field.value : resolvePlace(el, field.value, scope),
  );
  const parts =
    value.kind === 'tuple' ? value.fields.map((field) => field.value) : value.kind === 'list' ? value.elements : [];
  if (value.kind !== 'unknown' && parts.length !== places.length) {
    el.fail('E6209', target.span, `there are ${places.length} places, but the value is ${describeKind(value)}`, {
      hint: 'write one place for each part',
    });
  }
  for (const [index, place] of places.entries()) {
    const part = parts[index] ?? unknownValue;
    if ('kind' in place) assignParts(el, place, part, span, scope);
    else writePlace(el, place, part, span);
  }
}

/** A value that nobody uses is a slip, except where it comes from a call that may have written something. */
function runForEffect(el: Elaboration, expr: Expr, scope: Scope): void {
  const value = el.evaluate(expr, scope);
  const isPlain = expr.kind !== 'call' && expr.kind !== 'if' && expr.kind !== 'block' && !isPipe(expr);
  if (!isPlain || value.kind === 'unknown') return;
  el.warn('E6214', expr.span, 'this value is not used', {
    hint: 'a newline ends a statement: put an infix operator at the start of the next line to go on, or bind the value with `let`',
  });
}

function isPipe(expr: Expr): boolean {
  return expr.kind === 'binary' && expr.operator === '|>';
}
