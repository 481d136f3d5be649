/** `operand.name`. */
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { Span } from '../../../ir/source.ts';
import { constantDimension, type Dimension } from './dimension.ts';
import type { Elaboration } from './elaboration.ts';
import type { Instance } from './instance.ts';
import { UnknownOperand } from './language-error.ts';
import type { LanguageType } from './language-type.ts';
import { readBinding } from './names.ts';
import type { Binding } from './scope.ts';
import { describeKind } from './type-text.ts';
import type { TupleValue, Value } from './values.ts';

export function memberOf(el: Elaboration, value: Value, name: string, span: Span): Value {
  switch (value.kind) {
    case 'tuple': {
      const field = value.fields[fieldIndex(el, value, name, span)];
      if (field === undefined) throw new UnknownOperand();
      return field.value;
    }
    case 'instance': {
      const binding = instanceMember(el, value.instance, name, span);
      const member = readBinding(el, binding, name, span);
      el.recorder?.value(span, member, binding.span);
      return member;
    }
    case 'module': {
      const binding = value.scope.own(name);
      if (binding === undefined)
        return noMember(el, `the module \`${value.name}\``, name, value.scope.ownNames(), span);
      const member = readBinding(el, binding, name, span);
      el.recorder?.value(span, member, binding.span);
      return member;
    }
    case 'tensor':
      return tensorProperty(value, name) ?? noTensorMember(el, name, span);
    case 'type':
      if (value.type.kind === 'tree') {
        return (
          el.rules.builtin(`tree.${name}`) ?? noMember(el, '`tree`', name, ['map', 'leaves', 'count', 'sum'], span)
        );
      }
      return typeProperty(value.type, name) ?? noMember(el, describeKind(value), name, tensorProperties, span);
    case 'dtype':
      return (
        tensorProperty({ dtype: value.dtype, dims: [] }, name) ?? noMember(el, 'a dtype', name, tensorProperties, span)
      );
    case 'list':
      if (name === 'length') return { kind: 'int', value: value.count ?? constantDimension(value.elements.length) };
      return noMember(el, 'a list', name, ['length'], span);
    case 'unknown':
      throw new UnknownOperand();
    case 'alias':
    case 'bool':
    case 'builtin':
    case 'float':
    case 'fn':
    case 'int':
    case 'model':
    case 'str':
      return noMember(el, describeKind(value), name, [], span);
  }
}

/** Methods of other libraries are functions here. */
function noTensorMember(el: Elaboration, name: string, span: Span): never {
  const isFunction = el.rules.builtin(name) !== undefined;
  if (!isFunction && name !== 'T') return noMember(el, 'a tensor', name, tensorProperties, span);
  const hint = isFunction ? `it is a function: \`${name}(x)\`` : 'write `transpose(x)`';
  return el.fail('E6102', span, `a tensor has no member \`${name}\``, { hint });
}

const tensorProperties = ['shape', 'rank', 'dtype'];

function tensorProperty(
  { dtype, dims }: Pick<Extract<LanguageType, { readonly kind: 'tensor' }>, 'dtype' | 'dims'>,
  name: string,
): Value | undefined {
  if (name === 'shape') return { kind: 'list', elements: dims.map(intValue) };
  if (name === 'rank') return intValue(constantDimension(dims.length));
  return name === 'dtype' ? { kind: 'dtype', dtype } : undefined;
}

function intValue(value: Dimension): Value {
  return { kind: 'int', value };
}

function typeProperty(type: LanguageType, name: string): Value | undefined {
  return type.kind === 'tensor' ? tensorProperty(type, name) : undefined;
}

/** A member of a model: its fields, functions, constants, and `params` and `state`. */
export function instanceMember(el: Elaboration, instance: Instance, name: string, span: Span): Binding {
  const binding = instance.scope.own(name);
  if (binding !== undefined) return binding;
  const { declaration, scope } = instance;
  return noMember(el, `the model \`${declaration.name.text}\``, name, scope.ownNames(), span);
}

/** Where the field `name` of a tuple or record is; `0` and `1` are the fields of a tuple. */
export function fieldIndex(el: Elaboration, tuple: TupleValue, name: string, span: Span): number {
  const byName = tuple.fields.findIndex((field) => field.name === name);
  if (byName !== -1) return byName;
  const position = /^\d+$/.test(name) ? Number(name) : tuple.fields.length;
  if (position < tuple.fields.length) return position;
  const names = tuple.fields.map((field, index) => field.name ?? String(index));
  const isRecord = tuple.fields.some((field) => field.name !== undefined);
  return noMember(el, isRecord ? 'this record' : `a tuple of ${names.length}`, name, names, span);
}

function noMember(el: Elaboration, owner: string, name: string, names: readonly string[], span: Span): never {
  const close = nearest(name, names);
  const all =
    names.length === 0 || names.length > 12 ? undefined : `it has ${names.map((known) => `\`${known}\``).join(', ')}`;
  return el.fail('E6102', span, `${owner} has no member \`${name}\``, {
    hint: close === undefined ? all : `did you mean \`${close}\`?`,
  });
}
