/** `x[...]`: of tensors, lists and tuples, and where the operand is a dtype or a named type, a type. */
import type { Expr, Index, IndexItem } from '../syntax/ast.ts';
import { constantOf, type Dimension, variablesOf } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import { type EvaluatedIndex, indexTensor } from './indexing.ts';
import { UnknownOperand } from './language-error.ts';
import { closeType } from './open-type.ts';
import { refuseOpenSize } from './refuse-open-size.ts';
import type { Scope } from './scope.ts';
import { describeKind } from './type-text.ts';
import { dtypeOfValue } from './type-expressions.ts';
import type { Value } from './values.ts';

export function evaluateIndexExpr(el: Elaboration, expr: Index, scope: Scope): Value {
  const isDTypeBinder = expr.operand.kind === 'name' && scope.lookup(expr.operand.text)?.kind === 'slot';
  const operand = isDTypeBinder ? undefined : el.evaluate(expr.operand, scope);
  if (operand === undefined || operand.kind === 'alias' || dtypeOfValue(operand) !== undefined) {
    const type = closeType(el.evaluateType(expr, scope));
    if (type === undefined) throw new UnknownOperand();
    return { kind: 'type', type };
  }
  switch (operand.kind) {
    case 'tensor':
      return indexTensor(operand, evaluateIndex(el, expr.items, scope), el.site(expr.span));
    case 'list':
      return indexElements(el, expr, operand.elements, scope, isOpenList(operand));
    case 'tuple':
      return indexElements(
        el,
        expr,
        operand.fields.map((field) => field.value),
        scope,
      );
    case 'unknown':
      throw new UnknownOperand();
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
      return el.fail('E6215', expr.span, `${describeKind(operand)} cannot be indexed`, {
        hint: operand.kind === 'model' || operand.kind === 'fn' ? 'calls are written with parentheses' : undefined,
      });
  }
}

function indexElements(el: Elaboration, expr: Index, elements: readonly Value[], scope: Scope, isOpen = false): Value {
  const [item] = expr.items;
  if (item?.kind === 'slice' && expr.items.length === 1 && isOpen) throw new UnknownOperand();
  if (item?.kind === 'slice' && expr.items.length === 1) return sliceList(el, item, elements, scope);
  const found = elements[staticIndex(el, expr, elements.length, scope, isOpen)];
  if (found === undefined) throw new UnknownOperand();
  return found;
}

function sliceList(
  el: Elaboration,
  item: Extract<IndexItem, { readonly kind: 'slice' }>,
  elements: readonly Value[],
  scope: Scope,
): Value {
  const bound = (expr: Expr | undefined, otherwise: number): number => {
    const value = expr === undefined ? otherwise : compileTimeInt(el, expr, scope);
    if (value >= 0 && value <= elements.length) return value;
    return el.fail('E6215', expr?.span ?? item.span, `the list has ${elements.length} elements`);
  };
  const lower = bound(item.lower, 0);
  const upper = bound(item.upper, elements.length);
  const step = item.step === undefined ? 1 : compileTimeInt(el, item.step, scope);
  if (step < 1) el.fail('E6215', item.span, `the step is ${step}; it must be at least 1`);
  return { kind: 'list', elements: elements.slice(lower, upper).filter((_, index) => index % step === 0) };
}

/** Of a length that is not known: one element stands for all. */
export function isOpenList(value: Value): boolean {
  return value.kind === 'list' && value.count !== undefined;
}

/** The one compile-time index between the brackets, in range. */
export function staticIndex(el: Elaboration, expr: Index, length: number, scope: Scope, isOpen = false): number {
  const [item, extra] = expr.items;
  if (item?.kind !== 'at' || extra !== undefined) {
    return el.fail('E6215', (extra ?? item ?? expr).span, 'a list or tuple takes one index');
  }
  if (isOpen) return openIndex(el, item.value, scope);
  const index = compileTimeInt(el, item.value, scope);
  const position = index < 0 ? index + length : index;
  if (position >= 0 && position < length) return position;
  return el.fail('E6215', item.span, `there is no element ${index} in a list or tuple of ${length}`, {
    hint: length === 0 ? undefined : `its elements are 0 to ${length - 1}`,
  });
}

function openIndex(el: Elaboration, expr: Expr, scope: Scope): number {
  const value = el.evaluate(expr, scope);
  if (value.kind !== 'int') compileTimeInt(el, expr, scope);
  return 0;
}

/** A number known at compile time; one that depends on open sizes stops quietly. */
export function compileTimeInt(el: Elaboration, expr: Expr, scope: Scope): number {
  const value = el.evaluate(expr, scope);
  if (value.kind === 'unknown' || (value.kind === 'float' && value.value === undefined)) throw new UnknownOperand();
  if (value.kind !== 'int') {
    return el.fail('E6503', expr.span, `a compile-time integer is wanted here, not ${describeKind(value)}`, {
      hint: value.kind === 'tensor' ? 'a tensor is only known at run time' : undefined,
    });
  }
  const number = constantOf(value.value);
  if (number !== undefined) return number;
  if (el.isGeneric) throw new UnknownOperand();
  return numberOfOpen(el, value.value, expr);
}

/** A size that is no number although sizes are given is left open. */
export function numberOfOpen(el: Elaboration, size: Dimension, expr: Expr): never {
  const [variable] = variablesOf(size);
  if (variable === undefined) throw new UnknownOperand();
  return refuseOpenSize(el, expr.span, variable);
}

export function evaluateIndex(el: Elaboration, items: readonly IndexItem[], scope: Scope): readonly EvaluatedIndex[] {
  const optional = (expr: Expr | undefined): Value | undefined =>
    expr === undefined ? undefined : el.evaluate(expr, scope);
  return items.map((item): EvaluatedIndex => {
    switch (item.kind) {
      case 'at':
        return { kind: 'at', value: el.evaluate(item.value, scope), span: item.span };
      case 'slice':
        return {
          kind: 'slice',
          lower: optional(item.lower),
          upper: optional(item.upper),
          step: optional(item.step),
          span: item.span,
        };
      case 'rest':
      case 'new-axis':
        return { kind: item.kind, span: item.span };
    }
  });
}
