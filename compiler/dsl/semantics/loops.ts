/** `for` and comprehensions: unrolled over what is known at compile time. */
import { compareDimensions, constantDimension, constantOf, dimensionVariable, variableDimension } from './dimension.ts';
import type { Expr, For } from '../syntax/ast.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from './scope.ts';
import { describeKind } from './type-text.ts';
import { unknownValue, type Value } from './values.ts';

export function runFor(el: Elaboration, loop: For, scope: Scope): void {
  iterate(el, loop.sequence, scope, (item) => {
    const inner = new Scope(scope);
    bindPattern(el, loop.pattern, item, inner);
    el.rules.runBlock(el, loop.body, inner);
  });
}

/** Calls `body` for each element of a range, list or tuple. */
export function iterate(el: Elaboration, sequence: Expr, scope: Scope, body: (item: Value) => void): void {
  if (el.isGeneric && sequence.kind === 'range' && isOpenRange(el, sequence.lower, sequence.upper, scope)) {
    return checkOnce(el, sequence, body);
  }
  const value = el.evaluate(sequence, scope);
  const elements = elementsToVisit(el, value, sequence);
  for (const element of elements) {
    el.burn(sequence.span);
    body(element);
  }
}

function elementsToVisit(el: Elaboration, value: Value, sequence: Expr): readonly Value[] {
  switch (value.kind) {
    case 'list':
      return value.elements;
    case 'tuple':
      return value.fields.map((field) => field.value);
    case 'unknown':
      throw new UnknownOperand();
    case 'tensor':
      return el.fail(
        'E6216',
        sequence.span,
        `\`for\` is unrolled at compile time, and this is ${describeKind(value)}`,
        {
          hint: 'over an axis of a tensor use `scan(xs, init: ..., fn(carry, x) ...)` or `map`; over sizes write `for i in 0..n`',
        },
      );
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'model':
    case 'module':
    case 'str':
    case 'type':
      return el.fail('E6216', sequence.span, `\`for\` runs over a range, list or tuple, not ${describeKind(value)}`, {
        hint: value.kind === 'int' ? `write a range: \`0..n\`` : undefined,
      });
  }
}

function isOpenRange(el: Elaboration, lower: Expr, upper: Expr, scope: Scope): boolean {
  return [lower, upper].some((bound) => {
    const value = el.evaluate(bound, scope);
    return value.kind === 'unknown' || (value.kind === 'int' && constantOf(value.value) === undefined);
  });
}

/** The length of the loop is not known yet: its body is looked at once, for an index that stands for all. */
function checkOnce(el: Elaboration, sequence: Expr, body: (item: Value) => void): never {
  const written = el.inFrame('trial', sequence.span, el.ops.builder.block, () => {
    el.attempt(() => body({ kind: 'int', value: variableDimension(dimensionVariable('i', sequence.span)) }));
  }).written;
  for (const { cell, value } of written) {
    const before = cell.value;
    if (before?.kind === 'tensor' && value?.kind === 'tensor' && isSameShape(before.dims, value.dims)) continue;
    el.journal.write(cell, unknownValue);
  }
  throw new UnknownOperand();
}

function isSameShape(a: readonly Parameters<typeof compareDimensions>[0][], b: typeof a): boolean {
  return (
    a.length === b.length && a.every((dim, axis) => compareDimensions(dim, b[axis] ?? constantDimension(0)) === 'equal')
  );
}
