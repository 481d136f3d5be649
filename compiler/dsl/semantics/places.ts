/** Places: found, read and written. Writing a part of a value makes a new value and writes the whole. */
import type { Span } from '../../../ir/source.ts';
import type { Expr } from '../syntax/ast.ts';
import { type Cell, ModelCell } from './cell.ts';
import { conform } from './conform.ts';
import type { Elaboration } from './elaboration.ts';
import { evaluateIndex, isOpenList, staticIndex } from './index-expressions.ts';
import { indexTensor, updateTensor } from './indexing.ts';
import type { Instance } from './instance.ts';
import { UnknownOperand } from './language-error.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { fieldIndex, instanceMember, memberOf } from './members.ts';
import { modelTree } from './model-tree.ts';
import { lookupName, readBinding } from './names.ts';
import type { Place, PlaceRoot, PlaceStep } from './place.ts';
import type { Binding, Scope } from './scope.ts';
import { describeKind, typeOf, typeText } from './type-text.ts';
import { unknownValue, type Value } from './values.ts';

type Found =
  | { readonly kind: 'place'; readonly place: Place; readonly value: Value }
  /** A model, a module or the like: not a place, but its members may be. */
  | { readonly kind: 'value'; readonly value: Value; readonly text: string; readonly binding?: Binding };

/** The place that an expression names; reports what is none. */
export function resolvePlace(el: Elaboration, expr: Expr, scope: Scope): Place {
  const found = find(el, expr, scope, true);
  if (found.kind === 'place') return found.place;
  if (found.value.kind === 'unknown') throw new UnknownOperand();
  return notPlace(el, expr, found.text, scope);
}

function notPlace(el: Elaboration, expr: Expr, text: string, scope: Scope): never {
  const root = rootName(expr);
  const binding = root === undefined ? undefined : scope.lookup(root);
  if (root === undefined || binding === undefined) {
    return el.fail('E6403', expr.span, 'only a `var`, an `inout` parameter, or a field of a model can be written', {
      hint: 'write `var y = ...` first, and then `y := ...`',
    });
  }
  if (binding.kind === 'value' && !isDeclaration(binding.value)) {
    const notes = binding.span === undefined ? [] : [{ message: 'bound here', span: binding.span }];
    return el.fail('E6402', expr.span, `\`${root}\` cannot be written: it is not a \`var\``, {
      notes,
      hint: `declare it with \`var ${root} = ...\`, or an \`inout\` parameter`,
    });
  }
  return el.fail('E6403', expr.span, `\`${text}\` is not a place that can be written`, {
    hint: 'places are a `var`, an `inout` parameter, and the fields of a model',
  });
}

function isDeclaration({ kind }: Value): boolean {
  return ['fn', 'builtin', 'model', 'instance', 'module', 'type', 'alias', 'dtype'].includes(kind);
}

function rootName(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.text;
  return expr.kind === 'member' || expr.kind === 'index' ? rootName(expr.operand) : undefined;
}

/** `isLast`: the value of a part of a tensor is not asked for. */
function find(el: Elaboration, expr: Expr, scope: Scope, isLast = false): Found {
  switch (expr.kind) {
    case 'name':
      return fromBinding(el, lookupName(el, expr.text, expr.span, scope), expr.text, expr.span);
    case 'member':
      return member(el, find(el, expr.operand, scope), expr.name.text, expr.name.span, expr.span);
    case 'index': {
      const operand = find(el, expr.operand, scope);
      if (operand.kind === 'place' && operand.value.kind === 'tensor') {
        const items = evaluateIndex(el, expr.items, scope);
        const value = isLast ? unknownValue : indexTensor(operand.value, items, el.site(expr.span));
        return step(operand.place, { kind: 'tensor', items, span: expr.span }, value, '[...]', expr.span);
      }
      const elements = elementsOf(operand.value);
      if (elements === undefined)
        return { kind: 'value', value: el.evaluate(expr, scope), text: `${textOf(operand)}[...]` };
      const index = staticIndex(el, expr, elements.length, scope, isOpenList(operand.value));
      const value = elements[index];
      if (value === undefined) throw new UnknownOperand();
      if (operand.kind === 'value') return { kind: 'value', value, text: `${operand.text}[${index}]` };
      return step(operand.place, { kind: 'element', index, span: expr.span }, value, `[${index}]`, expr.span);
    }
    case 'binary':
    case 'block':
    case 'bool':
    case 'call':
    case 'comprehension':
    case 'error':
    case 'float':
    case 'fn-type':
    case 'if':
    case 'int':
    case 'lambda':
    case 'list':
    case 'place':
    case 'range':
    case 'repeat':
    case 'string':
    case 'tuple':
    case 'unary':
      return { kind: 'value', value: el.evaluate(expr, scope), text: 'this expression' };
  }
}

function elementsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'list') return value.elements;
  return value.kind === 'tuple' ? value.fields.map((field) => field.value) : undefined;
}

function textOf(found: Found): string {
  return found.kind === 'place' ? found.place.text : found.text;
}

function fromBinding(el: Elaboration, binding: Binding, text: string, span: Span): Found {
  if (binding.kind === 'cell') {
    const place: Place = { root: { kind: 'cell', cell: binding.cell }, steps: [], span, text };
    return { kind: 'place', place, value: el.read(binding.cell) };
  }
  if (binding.kind === 'tree') {
    const { instance, role } = binding;
    const place: Place = { root: { kind: 'tree', instance, role }, steps: [], span, text };
    return { kind: 'place', place, value: modelTree(el, instance, role) };
  }
  return { kind: 'value', value: readBinding(el, binding, text, span), text, binding };
}

function member(el: Elaboration, operand: Found, name: string, nameSpan: Span, span: Span): Found {
  const text = `${textOf(operand)}.${name}`;
  const { value } = operand;
  if (value.kind === 'instance') {
    const binding = instanceMember(el, value.instance, name, nameSpan);
    const found = fromBinding(el, binding, text, span);
    el.recorder?.value(nameSpan, found.value, binding.span);
    return found;
  }
  if (operand.kind === 'place' && value.kind === 'tuple') {
    const index = fieldIndex(el, value, name, nameSpan);
    const field = value.fields[index];
    if (field === undefined) throw new UnknownOperand();
    return step(operand.place, { kind: 'field', index, name, span }, field.value, `.${name}`, span);
  }
  return { kind: 'value', value: memberOf(el, value, name, nameSpan), text };
}

function step(place: Place, next: PlaceStep, value: Value, text: string, span: Span): Found {
  return {
    kind: 'place',
    place: { root: place.root, steps: [...place.steps, next], span, text: place.text + text },
    value,
  };
}

// ---------------------------------------------------------------------------------------------------------------- read

export function readPlace(el: Elaboration, { root, steps }: Place): Value {
  let value = readRoot(el, root);
  for (const next of steps) value = part(el, value, next);
  return value;
}

function readRoot(el: Elaboration, root: PlaceRoot): Value {
  return root.kind === 'cell' ? el.read(root.cell) : modelTree(el, root.instance, root.role);
}

function part(el: Elaboration, value: Value, next: PlaceStep): Value {
  if (next.kind === 'tensor') {
    if (value.kind !== 'tensor') throw new UnknownOperand();
    return indexTensor(value, next.items, el.site(next.span));
  }
  const found = elementsOf(value)?.[next.index];
  if (found === undefined) throw new UnknownOperand();
  return found;
}

// --------------------------------------------------------------------------------------------------------------- write

export function writePlace(el: Elaboration, place: Place, value: Value, span: Span): void {
  const whole = place.steps.length === 0 ? value : replaced(el, readRoot(el, place.root), place.steps, value, span);
  if (place.root.kind === 'cell') writeCell(el, place.root.cell, whole, span, place);
  else writeTree(el, place.root.instance, place.root.role, whole, place, span);
}

/** `value` with the part that the steps lead to replaced. */
function replaced(el: Elaboration, value: Value, steps: readonly PlaceStep[], next: Value, span: Span): Value {
  const [first, ...rest] = steps;
  if (first === undefined) return adapted(el, value, next, span);
  if (value.kind === 'unknown') return value;
  const inner =
    rest.length === 0 && first.kind === 'tensor' ? next : replaced(el, part(el, value, first), rest, next, span);
  if (first.kind === 'tensor') {
    if (value.kind !== 'tensor') throw new UnknownOperand();
    if (inner.kind === 'unknown') throw new UnknownOperand();
    return updateTensor(value, first.items, inner, el.site(span));
  }
  if (value.kind === 'list') return { ...value, elements: value.elements.with(first.index, inner) };
  if (value.kind !== 'tuple') throw new UnknownOperand();
  const fields = value.fields.map((field, index) => (index === first.index ? { ...field, value: inner } : field));
  return { kind: 'tuple', fields };
}

/** A compile-time number takes the dtype of the tensor that it replaces. */
function adapted(el: Elaboration, before: Value, next: Value, span: Span): Value {
  if (before.kind !== 'tensor' || !isLiteral(next) || before.dims.length > 0) return next;
  return literalTensor(next, before.dtype, span, el.site(span));
}

/** Writes a whole cell; reports a type that it cannot hold, and a write where there must be none. */
export function writeCell(el: Elaboration, cell: Cell, value: Value, span: Span, place?: Place): void {
  const map = el.journal.frameAround(cell, 'map');
  const name = cell instanceof ModelCell ? cell.path : cell.name;
  if (map !== undefined) {
    el.fail('E6404', place?.span ?? span, `\`${name}\` is written inside \`map\`, whose calls have no order`, {
      notes: [
        { message: 'the `map`', span: map.span },
        { message: 'declared here', span: cell.span },
      ],
      hint: 'use `scan` to carry a value from one step to the next, or a `for` over a compile-time range',
    });
  }
  const fitting = fitted(el, cell, value, span, place);
  if (cell instanceof ModelCell) recordWrite(el, cell, place?.span ?? span);
  el.journal.write(cell, fitting);
}

function fitted(el: Elaboration, cell: Cell, value: Value, span: Span, place: Place | undefined): Value {
  if (value.kind === 'unknown') return value;
  if (cell.type === undefined) return cell.value === undefined ? value : adapted(el, cell.value, value, span);
  const subject = `\`${place === undefined || place.root.kind === 'tree' ? cell.name : place.text}\``;
  return conform(el, value, cell.type, { subject, value: 'the value written', span, declared: cell.span });
}

function recordWrite(el: Elaboration, cell: ModelCell, span: Span): void {
  if (el.writes.has(cell)) return;
  const switches = el.stack.flatMap((frame) => frame.switches ?? []);
  el.writes.set(cell, { span, trail: el.stack.map((frame) => frame.name), switches: switches.toReversed() });
}

function writeTree(
  el: Elaboration,
  instance: Instance,
  role: 'param' | 'state',
  value: Value,
  place: Place,
  span: Span,
): void {
  if (value.kind === 'unknown') return;
  const before = modelTree(el, instance, role);
  const mismatch = (path: string): never =>
    el.fail(
      'E6410',
      span,
      `\`${place.text}\` is \`${shortType(before)}\`, but the value written is ${shortKind(value)}`,
      {
        hint: path === '' ? undefined : `they differ at \`${path}\``,
      },
    );
  writeRecord(el, instance, role, value, place, span, '', mismatch);
}

function shortType(value: Value): string {
  const text = typeText(typeOf(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function shortKind(value: Value): string {
  return value.kind === 'tuple' ? `\`${shortType(value)}\`` : describeKind(value);
}

/** Writes the cells of a model from a record of the same fields. */
function writeRecord(
  el: Elaboration,
  instance: Instance,
  role: 'param' | 'state',
  value: Value,
  place: Place,
  span: Span,
  path: string,
  mismatch: (path: string) => never,
): void {
  if (value.kind !== 'tuple') return mismatch(path);
  const left = new Map(value.fields.map((field, index) => [field.name ?? String(index), field.value]));
  const take = (name: string): Value | undefined => {
    const found = left.get(name);
    left.delete(name);
    return found;
  };
  for (const field of instance.fields) {
    const inner = path === '' ? field.name : `${path}.${field.name}`;
    if (field.kind === 'cell') {
      if (field.cell.role !== role) continue;
      const next = take(field.name) ?? mismatch(inner);
      if (next !== field.cell.value) writeCell(el, field.cell, next, span, place);
    } else writeModels(el, instance, field.name, field.value, role, take(field.name), place, span, inner, mismatch);
  }
  const [extra] = left.keys();
  if (extra !== undefined) mismatch(path === '' ? extra : `${path}.${extra}`);
}

function writeModels(
  el: Elaboration,
  owner: Instance,
  name: string,
  model: Value,
  role: 'param' | 'state',
  next: Value | undefined,
  place: Place,
  span: Span,
  path: string,
  mismatch: (path: string) => never,
): void {
  if (model.kind === 'instance') {
    if (!model.instance.isOwnedBy(owner, name)) {
      if (next !== undefined) mismatch(path);
      return;
    }
    const given = next ?? { kind: 'tuple', fields: [] };
    writeRecord(el, model.instance, role, given, place, span, path, mismatch);
    return;
  }
  const elements = elementsOf(model);
  if (elements === undefined) return;
  const values = next === undefined ? undefined : (elementsOf(next) ?? mismatch(path));
  if (values !== undefined && values.length !== elements.length) mismatch(path);
  const names = model.kind === 'tuple' ? model.fields.map((field, index) => field.name ?? String(index)) : undefined;
  for (const [index, element] of elements.entries()) {
    const step = names?.[index] ?? String(index);
    writeModels(el, owner, `${name}.${step}`, element, role, values?.[index], place, span, `${path}.${step}`, mismatch);
  }
}
