/** Expressions that stand where a type is wanted. */
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { DType } from '../../../ir/dtype.ts';
import type { Span } from '../../../ir/source.ts';
import type { Expr, Index, IndexItem } from '../syntax/ast.ts';
import { type BinderSlot, openSlot } from './binder-slot.ts';
import { constantOf, type Dimension, dimensionText } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { closeType, type OpenDim, type OpenType, solvedDims } from './open-type.ts';
import type { LanguageType } from './language-type.ts';
import { lookupName, readBinding } from './names.ts';
import { Scope } from './scope.ts';
import { describeKind, dtypeNames } from './type-text.ts';
import type { AliasValue, Value } from './values.ts';

export function evaluateType(el: Elaboration, expr: Expr, scope: Scope): OpenType {
  switch (expr.kind) {
    case 'name':
      return namedType(el, expr.text, expr.span, scope);
    case 'index':
      return indexedType(el, expr, scope);
    case 'tuple':
      return {
        kind: 'open-tuple',
        fields: expr.fields.map(({ name, value }) => ({ name: name?.text, type: evaluateType(el, value, scope) })),
      };
    case 'repeat': {
      const count = sizeOf(el, expr.count, scope);
      return { kind: 'open-list', element: evaluateType(el, expr.value, scope), count };
    }
    case 'list': {
      const [element] = expr.elements;
      if (element === undefined || expr.elements.length > 1) return notType(el, expr.span, 'a list');
      return { kind: 'open-list', element: evaluateType(el, element, scope), count: undefined };
    }
    case 'fn-type':
      return {
        kind: 'fn',
        parameters: expr.parameters.map((parameter) => closedOrUnknown(el, parameter, scope)),
        result: closedOrUnknown(el, expr.result, scope),
      };
    case 'error':
      throw new UnknownOperand();
    case 'binary':
    case 'block':
    case 'bool':
    case 'call':
    case 'comprehension':
    case 'float':
    case 'if':
    case 'int':
    case 'lambda':
    case 'member':
    case 'place':
    case 'range':
    case 'string':
    case 'unary':
      return typeOfTypeValue(el, el.evaluate(expr, scope), expr.span);
  }
}

/** A type whose binders are all known. */
export function evaluateClosedType(el: Elaboration, expr: Expr, scope: Scope): LanguageType {
  const type = closeType(evaluateType(el, expr, scope));
  if (type !== undefined) return type;
  if (el.isGeneric) throw new UnknownOperand();
  return el.fail('E6212', expr.span, 'this type has a binder that nothing says the value of');
}

function closedOrUnknown(el: Elaboration, expr: Expr, scope: Scope): LanguageType {
  return closeType(evaluateType(el, expr, scope)) ?? { kind: 'unknown' };
}

function namedType(el: Elaboration, name: string, span: Span, scope: Scope): OpenType {
  if (scope.lookup(name) === undefined) unknownType(el, name, span, scope);
  const binding = lookupName(el, name, span, scope);
  if (binding.kind === 'slot') return slotType(el, binding.slot, span);
  const value = readBinding(el, binding, name, span);
  el.recorder?.value(span, value, binding.span);
  return typeOfTypeValue(el, value, span);
}

function unknownType(el: Elaboration, name: string, span: Span, scope: Scope): never {
  const familiar: Readonly<Record<string, string>> = {
    float32: 'f32',
    float16: 'f16',
    bfloat16: 'bf16',
    float64: 'f64',
    double: 'f64',
    int32: 'i32',
    int64: 'i64',
    uint32: 'u32',
    Tensor: 'f32[n, 3]',
    string: 'str',
  };
  const meant = familiar[name] ?? nearest(name, [...Object.keys(dtypeNames), ...scope.names()]);
  return el.fail('E6101', span, `there is no type \`${name}\``, {
    hint: meant === undefined ? 'tensor types are written `f32[n, 3]`' : `did you mean \`${meant}\`?`,
  });
}

function slotType(el: Elaboration, slot: BinderSlot, span: Span): OpenType {
  const { solution } = slot;
  if (solution?.kind === 'type') return solution.type;
  if (slot.kind === 'dtype')
    return { kind: 'open-tensor', dtype: solution?.kind === 'dtype' ? solution.dtype : slot, dims: [] };
  if (slot.kind === 'tree' || slot.kind === 'type') return { kind: 'slot', slot };
  return el.fail('E6203', span, `\`${slot.name}\` is a size, not a type`, {
    hint: `a tensor of that size is \`f32[${slot.name}]\``,
  });
}

/** A value that is used as a type. */
export function typeOfTypeValue(el: Elaboration, value: Value, span: Span): OpenType {
  switch (value.kind) {
    case 'type':
      return value.type;
    case 'dtype':
      return { kind: 'tensor', dtype: value.dtype, dims: [] };
    case 'alias':
      return expandAlias(el, value, [], span, new Scope());
    case 'model':
      return { kind: 'model', name: value.declaration.name.text };
    case 'tuple':
      return {
        kind: 'open-tuple',
        fields: value.fields.map((field) => ({ name: field.name, type: typeOfTypeValue(el, field.value, span) })),
      };
    case 'unknown':
      throw new UnknownOperand();
    case 'bool':
    case 'builtin':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'list':
    case 'module':
    case 'str':
    case 'tensor':
      return notType(el, span, describeKind(value));
  }
}

function notType(el: Elaboration, span: Span, what: string): never {
  return el.fail('E6203', span, `a type is wanted here, and this is ${what}`, {
    hint: 'a type is `f32[n, 3]`, `int`, `bool`, a tuple or list of types, or the name of a `type`',
  });
}

function indexedType(el: Elaboration, expr: Index, scope: Scope): OpenType {
  const dtype = elementDType(el, expr.operand, scope);
  if (dtype !== undefined) return { kind: 'open-tensor', dtype, dims: openDims(el, expr.items, scope) };
  const value = el.evaluate(expr.operand, scope);
  if (value.kind === 'alias') return expandAlias(el, value, expr.items, expr.span, scope);
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (value.kind !== 'list' && value.kind !== 'tuple') {
    return el.fail('E6203', expr.operand.span, `\`[...]\` after ${describeKind(value)} makes no type`, {
      hint: 'a dtype takes sizes: `f32[n, 3]`; so does a `type` with binders',
    });
  }
  return typeOfTypeValue(el, el.evaluate(expr, scope), expr.span);
}

/** The dtype before `[`; undefined for an alias and all else. */
export function elementDType(el: Elaboration, operand: Expr, scope: Scope): DType | BinderSlot | undefined {
  if (operand.kind === 'name') {
    const binding = scope.lookup(operand.text);
    if (binding === undefined) unknownType(el, operand.text, operand.span, scope);
    if (binding.kind === 'slot' && binding.slot.kind === 'dtype') {
      return binding.slot.solution?.kind === 'dtype' ? binding.slot.solution.dtype : binding.slot;
    }
  } else if (operand.kind !== 'member') return undefined;
  return dtypeOfValue(el.evaluate(operand, scope));
}

/** `bool` is a type at compile time, and the dtype of masks. */
export function dtypeOfValue(value: Value): DType | undefined {
  if (value.kind === 'dtype') return value.dtype;
  return value.kind === 'type' && value.type.kind === 'bool' ? 'i1' : undefined;
}

function openDims(el: Elaboration, items: readonly IndexItem[], scope: Scope): readonly OpenDim[] {
  return items.flatMap((item): readonly OpenDim[] => {
    switch (item.kind) {
      case 'at':
        return [sizeOf(el, item.value, scope)];
      case 'rest':
        return restDims(el, item.name?.text, item.span, scope);
      case 'slice':
      case 'new-axis':
        return el.fail('E6332', item.span, 'a type has a size for each axis, such as `f32[n, 3]`');
    }
  });
}

function restDims(el: Elaboration, name: string | undefined, span: Span, scope: Scope): readonly OpenDim[] {
  if (name === undefined) {
    return el.fail('E6332', span, '`...` in a type needs a name, bound as `[...s]`', {
      hint: 'write `fn f[...s](x: f32[...s])`',
    });
  }
  const binding = lookupName(el, name, span, scope, `bind it where the declaration is named: \`fn f[...${name}]\``);
  if (binding.kind === 'slot' && binding.slot.kind === 'dims') return solvedDims(binding.slot) ?? [binding.slot];
  const value = readBinding(el, binding, name, span);
  const elements = value.kind === 'list' ? value.elements : undefined;
  if (elements === undefined) return el.fail('E6332', span, `\`${name}\` is no list of sizes`);
  return elements.map((element) =>
    element.kind === 'int'
      ? element.value
      : el.fail('E6332', span, `\`${name}\` holds ${describeKind(element)}, not a size`),
  );
}

/** A size: a compile-time integer, at least 0. */
export function sizeOf(el: Elaboration, expr: Expr, scope: Scope): Dimension {
  if (expr.kind === 'name') {
    lookupName(el, expr.text, expr.span, scope, `bind it where the declaration is named: \`fn f[${expr.text}]\``);
  }
  const value = el.evaluate(expr, scope);
  if (value.kind === 'unknown' || (value.kind === 'float' && value.value === undefined)) throw new UnknownOperand();
  if (value.kind !== 'int') {
    const hint = value.kind === 'tensor' ? 'a tensor is only known at run time' : 'sizes are whole: `f32[n, 3]`';
    return el.fail('E6332', expr.span, `a size is a compile-time integer, not ${describeKind(value)}`, { hint });
  }
  const size = constantOf(value.value);
  if (size !== undefined && size < 0)
    el.fail('E6320', expr.span, `the size ${dimensionText(value.value)} is below zero`, {
      hint: 'sizes are at least 0',
    });
  return value.value;
}

function expandAlias(
  el: Elaboration,
  { declaration, scope }: AliasValue,
  items: readonly IndexItem[],
  span: Span,
  use: Scope,
): OpenType {
  const { binders, name } = declaration;
  if (items.length !== binders.length) {
    const wants =
      binders.length === 0 ? 'takes no arguments' : `takes [${binders.map((binder) => binder.name.text).join(', ')}]`;
    el.fail('E6213', span, `the type \`${name.text}\` ${wants}`, {
      notes: [{ message: 'declared here', span: declaration.span }],
      hint: `there are ${items.length} in the brackets`,
    });
  }
  const inner = new Scope(scope);
  for (const [index, binder] of binders.entries()) {
    const item = items[index];
    if (item?.kind !== 'at')
      return el.fail('E6213', item?.span ?? span, `\`${binder.name.text}\` of \`${name.text}\` wants one value`);
    const slot = openSlot(binder);
    slot.solution = aliasArgument(el, binder.kind, item.value, use);
    inner.define(binder.name.text, { kind: 'slot', slot, span: binder.span });
  }
  if (el.stack.some((frame) => frame.declaration === declaration)) {
    el.fail('E6505', span, `the type \`${name.text}\` holds itself, and would never end`, {
      notes: [{ message: 'declared here', span: name.span }],
      hint: 'a type is made of tensors; a list repeats one: `[Name; 3]`',
    });
  }
  return el.inCall({ name: name.text, declaration, self: undefined, span }, () =>
    evaluateType(el, declaration.value, inner),
  );
}

function aliasArgument(el: Elaboration, kind: BinderSlot['kind'], expr: Expr, scope: Scope): Value {
  if (kind === 'dim') return { kind: 'int', value: sizeOf(el, expr, scope) };
  if (kind === 'dtype') {
    const value = el.evaluate(expr, scope);
    return value.kind === 'dtype'
      ? value
      : el.fail('E6213', expr.span, `a dtype is wanted here, not ${describeKind(value)}`);
  }
  if (kind === 'tree' || kind === 'type') return { kind: 'type', type: evaluateClosedType(el, expr, scope) };
  return el.evaluate(expr, scope);
}
