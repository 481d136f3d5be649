/** `for` and comprehensions: unrolled over what is known at compile time. */
import type { Expr, For } from '../syntax/ast.ts';
import {
  compareDimensions,
  constantDimension,
  constantOf,
  type Dimension,
  dimensionVariable,
  subtractDimensions,
  variableDimension,
} from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from './scope.ts';
import { describeKind } from './type-text.ts';
import { unknownValue, type Value } from './values.ts';

/** What is looped over. */
export interface Sequence {
  readonly elements: readonly Value[];
  /** While the length is not known: then one element stands for all. */
  readonly count: Dimension | undefined;
}

export function runFor(el: Elaboration, loop: For, scope: Scope): void {
  const { elements, count } = sequenceOf(el, loop.sequence, scope);
  const turn = (item: Value): void => {
    const inner = new Scope(scope);
    bindPattern(el, loop.pattern, item, inner);
    el.rules.runBlock(el, loop.body, inner);
  };
  if (count !== undefined) {
    for (const item of elements) runOnce(el, loop, () => turn(item));
    return;
  }
  for (const item of elements) {
    el.burn(loop.sequence.span);
    turn(item);
  }
}

/** A range, list or tuple. */
export function sequenceOf(el: Elaboration, expr: Expr, scope: Scope): Sequence {
  if (el.isGeneric && expr.kind === 'range') {
    const open = openRange(el, expr, scope);
    if (open !== undefined) return open;
  }
  const value = el.evaluate(expr, scope);
  switch (value.kind) {
    case 'list':
      return { elements: value.elements, count: value.count };
    case 'tuple':
      return { elements: value.fields.map((field) => field.value), count: undefined };
    case 'unknown':
      // What it runs over is not known, but the names in its body are.
      return { elements: [unknownValue], count: constantDimension(1) };
    case 'tensor':
      return el.fail('E6216', expr.span, `\`for\` is unrolled at compile time, and this is ${describeKind(value)}`, {
        hint: 'over an axis of a tensor use `scan(xs, init: ..., fn(carry, x) ...)` or `map`; over sizes write `for i in 0..n`',
      });
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'fn':
    case 'builtin':
    case 'model':
    case 'instance':
    case 'type':
    case 'alias':
    case 'dtype':
    case 'module':
      return el.fail('E6216', expr.span, `\`for\` runs over a range, list or tuple, not ${describeKind(value)}`, {
        hint: value.kind === 'int' ? 'write a range: `0..n`' : undefined,
      });
  }
}

/** A range whose ends are not both known: one index stands for all. */
function openRange(
  el: Elaboration,
  expr: Extract<Expr, { readonly kind: 'range' }>,
  scope: Scope,
): Sequence | undefined {
  const [lower, upper] = [el.evaluate(expr.lower, scope), el.evaluate(expr.upper, scope)];
  const isOpen = [lower, upper].some(
    (bound) => bound.kind === 'unknown' || (bound.kind === 'int' && constantOf(bound.value) === undefined),
  );
  if (!isOpen) return undefined;
  const index: Value = { kind: 'int', value: variableDimension(dimensionVariable('i', expr.span)) };
  const isPlain = lower.kind === 'int' && upper.kind === 'int' && expr.step === undefined;
  const count = isPlain
    ? subtractDimensions(upper.value, lower.value)
    : variableDimension(dimensionVariable('count', expr.span));
  return { elements: [index], count };
}

/** The body of a loop of a length that is not known, looked at once. What it changes otherwise than from itself is unknown after it. */
function runOnce(el: Elaboration, { sequence }: For, body: () => void): void {
  const { written } = el.inFrame('trial', sequence.span, el.ops.builder.block, () => el.attempt(body));
  for (const { cell, value } of written) {
    const before = cell.value;
    if (before === undefined || value === undefined || !isSameShape(before, value))
      el.journal.write(cell, unknownValue);
  }
}

/** Of the same type after a turn as before. */
function isSameShape(before: Value, after: Value): boolean {
  if (before.kind === 'tensor' && after.kind === 'tensor') {
    if (before.dtype !== after.dtype || before.dims.length !== after.dims.length) return false;
    return before.dims.every(
      (dim, axis) => compareDimensions(dim, after.dims[axis] ?? constantDimension(-1)) === 'equal',
    );
  }
  if (before.kind === 'list' && after.kind === 'list' && before.elements.length === after.elements.length) {
    return before.elements.every((element, index) => isSameShape(element, after.elements[index] ?? unknownValue));
  }
  if (before.kind === 'tuple' && after.kind === 'tuple' && before.fields.length === after.fields.length) {
    return before.fields.every((field, index) => isSameShape(field.value, after.fields[index]?.value ?? unknownValue));
  }
  return before === after;
}
