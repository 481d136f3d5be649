/** Models given their arguments: members in order, parameters and state as cells. */
import type { Span } from '../../../ir/source.ts';
import type { ExportBinding, Member, Model, Param, Parameter, State, SubModel } from '../syntax/ast.ts';
import { bindArguments, declareBinders, matchParameters, parameterName } from './calls.ts';
import { ModelCell } from './cell.ts';
import { constantDimension } from './dimension.ts';
import type { CallArgument, Elaboration } from './elaboration.ts';
import { forgiveNames } from './forgive-names.ts';
import { Instance } from './instance.ts';
import type { LanguageType } from './language-type.ts';
import { mentions } from './mentions.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from './scope.ts';
import { trainingStep } from './training.ts';
import { evaluateClosedType } from './type-expressions.ts';
import { describeKind } from './type-text.ts';
import { unknownValue, type Value } from './values.ts';

export function instantiate(
  el: Elaboration,
  model: Model,
  scope: Scope,
  args: readonly CallArgument[],
  span: Span,
): Instance {
  const name = model.name.text;
  if (el.frame.kind === 'export' || el.frame.kind === 'check') {
    el.fail('E6603', span, `a model is made in a function, where its parameters would be nobody's`, {
      hint: `make it a field of a model: \`name: ${name}(...)\``,
    });
  }
  refuseNesting(el, model, span);
  const bound = bindArguments(el, model, name, args, span);
  return el.inCall({ name, declaration: model, self: undefined, span }, () => {
    const inner = new Scope(scope);
    const slots = declareBinders(model, inner);
    matchParameters(el, { declaration: model, name, scope: inner, slots, span }, bound, (parameter, value) => {
      if (el.frame.kind === 'shapes' && hasTensor(value)) bindShape(parameter, value, inner);
      else bindPattern(el, parameter.pattern, value, inner);
    });
    return makeInstance(el, model, inner, span);
  });
}

/** An argument that only its type is known of when functions run. */
export function bindShape(parameter: Parameter, value: Value, scope: Scope): void {
  const name = parameterName(parameter);
  if (name !== undefined) scope.define(name, { kind: 'shape', value, span: parameter.span });
}

function refuseNesting(el: Elaboration, model: Model, span: Span): void {
  const at = el.stack.findLastIndex((frame) => frame.declaration === model);
  if (at === -1) return;
  const names = [...el.stack.slice(at).map((frame) => frame.name), model.name.text];
  el.fail('E6604', span, `the model \`${model.name.text}\` holds itself (${names.join(' -> ')})`, {
    hint: 'a model has a list of others for depth: `[Block(...) for i in 0..depth]`',
  });
}

/** `outer` holds the binders and arguments. */
export function makeInstance(el: Elaboration, model: Model, outer: Scope, span: Span): Instance {
  const instance = new Instance(model, new Scope(outer), span);
  const { scope } = instance;
  scope.define('params', { kind: 'tree', instance, role: 'param', span: undefined });
  scope.define('state', { kind: 'tree', instance, role: 'state', span: undefined });
  refuseTwice(el, model.members);
  for (const member of model.members) declareEarly(el, instance, member);
  // A model that is given `params` or `state` wants all of them, wherever it stands.
  const isLate = (member: Member): boolean =>
    (member.kind === 'export-binding' && member.train) ||
    (member.kind === 'sub-model' && (mentions(member.value, 'params') || mentions(member.value, 'state')));
  for (const member of model.members) if (!isLate(member)) declareMember(el, instance, member);
  for (const member of model.members) if (isLate(member)) declareMember(el, instance, member);
  return instance;
}

function refuseTwice(el: Elaboration, members: readonly Member[]): void {
  const seen = new Map<string, Span>();
  for (const member of members) {
    if (member.kind === 'error') continue;
    const { text, span } = member.name;
    const before = seen.get(text);
    if (before === undefined) seen.set(text, span);
    else refuseName(el, text, span, before);
  }
}

/** Reports the second of two declarations of one name. */
export function refuseName(el: Elaboration, name: string, span: Span, before: Span): void {
  el.attempt(() =>
    el.fail('E6103', span, `\`${name}\` is defined twice`, {
      notes: [{ message: 'first here', span: before }],
      hint: 'give one of them another name',
    }),
  );
}

/** Functions and constants may be used before they are declared. */
function declareEarly(el: Elaboration, instance: Instance, member: Member): void {
  const { scope } = instance;
  if (member.kind === 'fn') {
    const value: Value = { kind: 'fn', name: member.name.text, declaration: member, scope, self: instance };
    scope.define(member.name.text, { kind: 'value', value, span: member.name.span });
  } else if (member.kind === 'let-item') {
    scope.define(member.name.text, {
      kind: 'lazy',
      force: lazyValue(el, () => el.evaluate(member.value, scope), member.name.text, member.name.span),
      span: member.name.span,
    });
  }
}

/** Evaluates a constant where it is used: once if it is known at compile time, each time if it makes ops. */
export function lazyValue(el: Elaboration, evaluateIt: () => Value, name: string, span: Span): () => Value {
  let known: Value | undefined;
  let isRunning = false;
  return () => {
    if (known !== undefined) return known;
    if (isRunning)
      el.fail('E6108', span, `the value of \`${name}\` needs itself`, {
        hint: 'give one of the constants on the way a value of its own',
      });
    isRunning = true;
    try {
      const value = el.guard(evaluateIt);
      if (!hasTensor(value)) known = value;
      return value;
    } finally {
      isRunning = false;
    }
  };
}

export function hasTensor(value: Value): boolean {
  if (value.kind === 'tensor') return true;
  if (value.kind === 'tuple') return value.fields.some((field) => hasTensor(field.value));
  return value.kind === 'list' && value.elements.some(hasTensor);
}

function declareMember(el: Elaboration, instance: Instance, member: Member): void {
  switch (member.kind) {
    case 'param':
    case 'state':
      return declareCell(el, instance, member);
    case 'sub-model':
      return declareModel(el, instance, member);
    case 'export-binding':
      return member.train ? declareStep(el, instance, member) : undefined;
    case 'error':
      return forgiveNames(member.span, instance.scope);
    case 'fn':
    case 'let-item':
      return undefined;
  }
}

function declareStep(el: Elaboration, instance: Instance, member: ExportBinding): void {
  const { name } = member;
  const step = el.attempt(() => trainingStep(el, member, instance));
  const { scope } = instance;
  if (step === undefined) {
    scope.define(name.text, { kind: 'value', value: unknownValue, span: name.span });
    return;
  }
  adopt(instance, name.text, step.optimiser);
  instance.fields.push({ kind: 'model', name: name.text, value: step.optimiser });
  scope.define(step.optimiserName, { kind: 'value', value: step.optimiser, span: name.span });
  const value: Value = { kind: 'fn', name: name.text, declaration: step.fn, scope, self: instance };
  scope.define(name.text, { kind: 'value', value, span: name.span });
}

const keyType: LanguageType = { kind: 'tensor', dtype: 'ui32', dims: [constantDimension(2)] };

function declareCell(el: Elaboration, instance: Instance, member: Param | State): void {
  const { name } = member;
  const type = el.attempt(() => cellType(el, instance, member));
  if (type === undefined) {
    instance.scope.define(name.text, { kind: 'value', value: unknownValue, span: name.span });
    return;
  }
  const cell = new ModelCell(instance, member, type);
  instance.fields.push({ kind: 'cell', name: name.text, cell });
  instance.scope.define(name.text, { kind: 'cell', cell, span: name.span });
  if (el.recorder !== undefined && el.frame.kind === 'shapes') el.recorder.value(name.span, el.read(cell), name.span);
}

function cellType(el: Elaboration, instance: Instance, member: Param | State): LanguageType {
  if (member.type === undefined) {
    if (member.name.text === 'key') return keyType;
    return el.fail('E6607', member.span, `the state \`${member.name.text}\` needs a type`, {
      hint: 'write `state name: f32[n] = zeros`; only `state key` has a type of its own, `u32[2]`',
    });
  }
  const type = evaluateClosedType(el, member.type, instance.scope);
  if (!isStorable(type)) {
    el.fail('E6602', member.type.span, `a ${member.kind} holds tensors, not ${describeKind({ kind: 'type', type })}`, {
      hint: `a number at compile time is a parameter of the model: \`model M(${member.name.text}: ${type.kind})\``,
    });
  }
  return type;
}

/** Tensors, and lists, tuples and records of them. */
export function isStorable(type: LanguageType): boolean {
  if (type.kind === 'tensor' || type.kind === 'unknown') return true;
  if (type.kind === 'tuple') return type.fields.every((field) => isStorable(field.type));
  return type.kind === 'list' && type.count !== undefined && isStorable(type.element);
}

function declareModel(el: Elaboration, instance: Instance, member: SubModel): void {
  const { name } = member;
  const value = el.guard(() => {
    const made = el.evaluate(member.value, instance.scope);
    if (!holdsModels(made)) {
      el.fail(
        'E6610',
        member.value.span,
        `the field \`${name.text}\` is a model or a list of models, not ${describeKind(made)}`,
        {
          hint:
            made.kind === 'model'
              ? 'give it its arguments: `Model(...)`'
              : 'a constant is written `let name = ...`, a tensor `param name: T`',
        },
      );
    }
    return made;
  });
  adopt(instance, member.fileName ?? name.text, value);
  instance.fields.push({ kind: 'model', name: member.fileName ?? name.text, value });
  instance.scope.define(name.text, { kind: 'value', value, span: name.span });
  el.recorder?.value(name.span, value, name.span);
}

function holdsModels(value: Value): boolean {
  if (value.kind === 'instance' || value.kind === 'unknown') return true;
  if (value.kind === 'list') return value.elements.every(holdsModels);
  return value.kind === 'tuple' && value.fields.every((field) => holdsModels(field.value));
}

function adopt(owner: Instance, name: string, value: Value): void {
  if (value.kind === 'instance') value.instance.adopt(owner, name);
  else if (value.kind === 'list') value.elements.forEach((element, index) => adopt(owner, `${name}.${index}`, element));
  else if (value.kind === 'tuple') {
    value.fields.forEach((field, index) => adopt(owner, `${name}.${field.name ?? index}`, field.value));
  }
}
