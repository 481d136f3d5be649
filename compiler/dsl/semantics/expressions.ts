/** Expressions to values. */
import type { Binary, Call, Comprehension, Expr, IntLiteral, Range, Repeat, Tuple } from '../syntax/ast.ts';
import { constantDimension, constantOf } from './dimension.ts';
import type { CallArgument, Elaboration } from './elaboration.ts';
import { evaluateIf } from './branches.ts';
import { compileTimeInt, evaluateIndexExpr, numberOfOpen } from './index-expressions.ts';
import { UnknownOperand } from './language-error.ts';
import { sequenceOf } from './loops.ts';
import { memberOf } from './members.ts';
import { readName } from './names.ts';
import { closeType } from './open-type.ts';
import { binaryOperator, unaryOperator } from './operators.ts';
import { bindPattern } from './patterns.ts';
import { readPlace, resolvePlace } from './places.ts';
import { Scope } from './scope.ts';
import { sizeOf } from './type-expressions.ts';
import { describeKind } from './type-text.ts';
import type { TupleValue, Value } from './values.ts';

export function evaluate(el: Elaboration, expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case 'int':
      return intLiteral(el, expr);
    case 'float':
      return { kind: 'float', value: Number(expr.text.replaceAll('_', '')), text: expr.text };
    case 'string':
      return { kind: 'str', value: expr.value };
    case 'bool':
      return { kind: 'bool', value: expr.value };
    case 'name':
      return readName(el, expr.text, expr.span, scope);
    case 'member':
      return memberOf(el, el.evaluate(expr.operand, scope), expr.name.text, expr.name.span);
    case 'call':
      return evaluateCall(el, expr, [], scope);
    case 'index':
      return evaluateIndexExpr(el, expr, scope);
    case 'unary': {
      const value = el.evaluate(expr.operand, scope);
      return unaryOperator(expr.operator, { value, span: expr.operand.span }, el.site(expr.span));
    }
    case 'binary':
      return evaluateBinary(el, expr, scope);
    case 'range':
      return rangeList(el, expr, scope);
    case 'tuple':
      return evaluateTuple(el, expr, scope);
    case 'list':
      return el.sized(
        { kind: 'list', elements: expr.elements.map((element) => el.evaluate(element, scope)) },
        expr.span,
      );
    case 'repeat':
      return evaluateRepeat(el, expr, scope);
    case 'comprehension':
      return evaluateComprehension(el, expr, scope);
    case 'if':
      return evaluateIf(el, expr, scope);
    case 'lambda':
      return { kind: 'fn', name: 'fn', declaration: expr, scope, self: undefined };
    case 'fn-type': {
      const type = closeType(el.evaluateType(expr, scope));
      return type === undefined ? { kind: 'unknown' } : { kind: 'type', type };
    }
    case 'place':
      return el.fail(
        'E6406',
        expr.span,
        '`&` passes a place to an `inout` parameter, and stands only before an argument',
      );
    case 'block':
      return el.rules.runBlock(el, expr, scope);
    case 'error':
      throw new UnknownOperand();
  }
}

function intLiteral(el: Elaboration, { value, span }: IntLiteral): Value {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return { kind: 'int', value: constantDimension(number) };
  return el.fail('E6321', span, 'this integer is beyond 2^53', {
    hint: 'a number of any size is a float: write `1e20`',
  });
}

function evaluateBinary(el: Elaboration, expr: Binary, scope: Scope): Value {
  const { operator } = expr;
  if (operator === '|>') return evaluatePipe(el, expr, scope);
  // A mistake on one side does not hide one on the other.
  const lhs = el.guard(() => el.evaluate(expr.lhs, scope));
  // What is known at compile time decides without looking at the other side, as it may make no sense then.
  if (lhs.kind === 'bool' && operator === 'and' && lhs.value === false) return lhs;
  if (lhs.kind === 'bool' && operator === 'or' && lhs.value === true) return lhs;
  const rhs = el.guard(() => el.evaluate(expr.rhs, scope));
  if (lhs.kind === 'unknown' || rhs.kind === 'unknown') throw new UnknownOperand();
  const value = binaryOperator(
    operator,
    { value: lhs, span: expr.lhs.span },
    { value: rhs, span: expr.rhs.span },
    el.site(expr.span),
  );
  return el.sized(value, expr.span);
}

/** `x |> f(a)` is `f(x, a)`; `x |> f` is `f(x)`. */
function evaluatePipe(el: Elaboration, expr: Binary, scope: Scope): Value {
  const first: CallArgument = { name: undefined, value: el.evaluate(expr.lhs, scope), span: expr.lhs.span };
  if (expr.rhs.kind === 'call') return evaluateCall(el, expr.rhs, [first], scope);
  return el.call(el.evaluate(expr.rhs, scope), [first], expr.rhs.span);
}

function evaluateCall(el: Elaboration, expr: Call, first: readonly CallArgument[], scope: Scope): Value {
  const callee = el.evaluate(expr.callee, scope);
  const args = [...first];
  for (const { name, value } of expr.arguments) {
    const place = value.kind === 'place' ? resolvePlace(el, value.place, scope) : undefined;
    const given = place === undefined ? el.guard(() => el.evaluate(value, scope)) : readPlace(el, place);
    args.push({ name: name?.text, nameSpan: name?.span, value: given, span: value.span, place });
  }
  return el.call(callee, args, expr.span);
}

function rangeList(el: Elaboration, expr: Range, scope: Scope): Value {
  const lower = compileTimeInt(el, expr.lower, scope);
  const upper = compileTimeInt(el, expr.upper, scope);
  const step = expr.step === undefined ? 1 : compileTimeInt(el, expr.step, scope);
  if (step === 0) el.fail('E6215', expr.step?.span ?? expr.span, 'the step of a range is not 0');
  const count = Math.max(0, Math.ceil((upper - lower) / step));
  el.burn(expr.span, count);
  const elements = Array.from({ length: count }, (_, index): Value => ({
    kind: 'int',
    value: constantDimension(lower + index * step),
  }));
  return { kind: 'list', elements };
}

function evaluateTuple(el: Elaboration, { fields, span }: Tuple, scope: Scope): Value {
  const tuple: TupleValue = {
    kind: 'tuple',
    fields: fields.map(({ name, value }) => ({ name: name?.text, value: el.guard(() => el.evaluate(value, scope)) })),
  };
  const types = tuple.fields.map(({ value }) => (value.kind === 'type' ? value.type : undefined));
  if (types.length === 0 || types.includes(undefined)) return el.sized(tuple, span);
  // A tuple of types is the type of such tuples: `zeros((k: f32[n], v: f32[n]))`.
  return {
    kind: 'type',
    type: {
      kind: 'tuple',
      fields: tuple.fields.map(({ name }, index) => ({ name, type: types[index] ?? { kind: 'unknown' } })),
    },
  };
}

function evaluateRepeat(el: Elaboration, expr: Repeat, scope: Scope): Value {
  const value = el.evaluate(expr.value, scope);
  const count = sizeOf(el, expr.count, scope);
  if (value.kind === 'type') return { kind: 'type', type: { kind: 'list', element: value.type, count } };
  if (value.kind === 'dtype') {
    return { kind: 'type', type: { kind: 'list', element: { kind: 'tensor', dtype: value.dtype, dims: [] }, count } };
  }
  const number = constantOf(count);
  if (number === undefined) {
    if (el.isGeneric) return { kind: 'list', elements: [value], count };
    return numberOfOpen(el, count, expr.count);
  }
  if (value.kind === 'instance') {
    el.fail('E6611', expr.span, 'this list would hold one and the same model several times', {
      hint: 'make one for each: `[Model(...) for i in 0..count]`',
    });
  }
  el.burn(expr.span, number);
  return el.sized({ kind: 'list', elements: new Array<Value>(number).fill(value) }, expr.span);
}

function evaluateComprehension(el: Elaboration, expr: Comprehension, scope: Scope): Value {
  const { elements: items, count } = sequenceOf(el, expr.sequence, scope);
  const elements: Value[] = [];
  for (const item of items) {
    el.burn(expr.sequence.span);
    const inner = new Scope(scope);
    bindPattern(el, expr.pattern, item, inner);
    if (expr.condition === undefined || holds(el, expr.condition, inner)) elements.push(el.evaluate(expr.value, inner));
  }
  if (count !== undefined && (expr.condition !== undefined || items.some(({ kind }) => kind === 'unknown'))) {
    throw new UnknownOperand();
  }
  return { kind: 'list', elements, count };
}

function holds(el: Elaboration, condition: Expr, scope: Scope): boolean {
  const value = el.evaluate(condition, scope);
  if (value.kind === 'unknown' || (value.kind === 'bool' && value.value === undefined)) throw new UnknownOperand();
  if (value.kind === 'bool') return value.value === true;
  return el.fail(
    'E6210',
    condition.span,
    `the condition of a comprehension is a compile-time bool, not ${describeKind(value)}`,
  );
}
