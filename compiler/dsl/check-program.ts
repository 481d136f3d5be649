/**
 * Checks a program without being told any size: every function and model of the user's files is elaborated once with sizes and integers
 * that stand for all, and what that makes is thrown away. What depends on more than that is checked where it is used with numbers.
 */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Span } from '../../ir/source.ts';
import type { Program, ProgramUnit } from './load-program.ts';
import type { BinderSlot } from './semantics/binder-slot.ts';
import { declareBinders, parameterName } from './semantics/calls.ts';
import type { ModelCell } from './semantics/cell.ts';
import { dimensionVariable, variableDimension } from './semantics/dimension.ts';
import type { Elaboration } from './semantics/elaboration.ts';
import { newElaboration } from './semantics/elaborator.ts';
import { buildEntry, type EntryChoices } from './semantics/entry.ts';
import { exportedItem, refuseSecondExport } from './semantics/exports.ts';
import { FileScopes } from './semantics/file-scope.ts';
import { FunctionBuilder } from './semantics/function-builder.ts';
import { initialValue } from './semantics/initial-values.ts';
import type { Instance } from './semantics/instance.ts';
import { cellsOf } from './semantics/model-tree.ts';
import { bindShape, hasTensor, isStorable, makeInstance, refuseName } from './semantics/models.ts';
import type { LanguageType } from './semantics/language-type.ts';
import { mentions } from './semantics/mentions.ts';
import { closeType } from './semantics/open-type.ts';
import { bindPattern, patternNames } from './semantics/patterns.ts';
import { Scope } from './semantics/scope.ts';
import { Settings } from './semantics/settings.ts';
import { buildTest } from './semantics/test-blocks.ts';
import { unknownValue, type Value } from './semantics/values.ts';
import type { Fn, Item, Model, Parameter, TypeAlias } from './syntax/ast.ts';

/** Told what the names and expressions of the program stand for. */
export interface CheckRecorder {
  /** `depth`: how many calls deep; a function's own check is as shallow as it gets. */
  value(span: Span, value: Value, definition: Span | undefined, depth: number): void;
}

export interface CheckOptions {
  /** Compile-time parameters of what is exported that have one value here; the others stand for all. */
  readonly settings?: ReadonlyMap<string, string> | undefined;
  readonly recorder?: CheckRecorder | undefined;
}

/** Whatever is wrong is in the sink. */
export function checkProgram(program: Program, sink: DiagnosticSink, options: CheckOptions = {}): void {
  const { recorder } = options;
  const el = newElaboration({
    sink,
    origin: program.main.unit.span,
    isGeneric: true,
    recorder: recorder && {
      value: (span, value, definition) => recorder.value(span, value, definition, el.stack.length),
    },
  });
  const scopes = new FileScopes(el, program);
  const settings = new Settings(options.settings ?? new Map());
  for (const unit of program.units) {
    checkUnit(el, unit, scopes.of(unit), unit === program.main ? settings : new Settings(new Map()));
  }
  refuseSecondExport(el, program);
  settings.reportUnused(el, exportedName(program));
}

function exportedName({ main: { unit } }: Program): Span {
  const exported = unit.items.find((item) => (item.kind === 'model' || item.kind === 'fn') && item.exported);
  return exported?.kind === 'model' || exported?.kind === 'fn' ? exported.name.span : unit.span;
}

function checkUnit(el: Elaboration, { unit }: ProgramUnit, scope: Scope, settings: Settings): void {
  for (const item of unit.items) {
    if (el.sink.isFull) return;
    el.refuel();
    checkItem(el, item, scope, settings);
  }
}

function checkItem(el: Elaboration, item: Item, scope: Scope, settings: Settings): void {
  switch (item.kind) {
    case 'fn':
      return checkFunction(el, item, scope, settings, undefined, new Map());
    case 'model':
      return checkModel(el, item, scope, settings);
    case 'type':
      return checkAlias(el, item, scope);
    case 'export-binding':
      return inScratch(el, () => void exportedItem(el, item, scope, undefined));
    case 'let-item': {
      const binding = scope.own(item.name.text);
      if (binding?.kind === 'lazy') inScratch(el, () => void binding.force());
      return undefined;
    }
    case 'test':
      buildTest(el, item, scope);
      return undefined;
    case 'error':
      return undefined;
  }
}

/** Ops made meanwhile are thrown away. */
function inScratch(el: Elaboration, body: () => void): void {
  el.inFunction(new FunctionBuilder(el, 'shapes'), () => el.attempt(() => (body(), true)));
}

function checkFunction(
  el: Elaboration,
  declaration: Fn,
  scope: Scope,
  settings: Settings,
  self: Instance | undefined,
  fieldOrder: EntryChoices['fieldOrder'],
): void {
  checkHead(el, declaration);
  const name = declaration.name.text;
  const choices: EntryChoices = {
    fieldOrder,
    binder: rigidBinder,
    constant: (parameter, type, inner) => givenOrRigid(el, declaration, parameter, type, inner, settings),
  };
  buildEntry(el, { kind: 'fn', name, declaration, scope, self }, name, choices);
}

/** Names that are bound twice, and binders that nothing can say the value of. */
function checkHead(el: Elaboration, declaration: Fn | Model): void {
  const seen = new Map<string, Span>();
  const names = [
    ...declaration.binders.map(({ name }) => name),
    ...declaration.parameters.flatMap(({ pattern, span }) => patternNames(pattern).map((text) => ({ text, span }))),
  ];
  for (const { text, span } of names) {
    const before = seen.get(text);
    if (before === undefined) seen.set(text, span);
    else refuseName(el, text, span, before);
  }
  for (const { name } of declaration.binders) {
    if (declaration.parameters.some(({ type }) => type !== undefined && mentions(type, name.text))) continue;
    el.attempt(() =>
      el.fail('E6212', name.span, `nothing says what \`${name.text}\` is: no parameter's type speaks of it`, {
        hint: `make it a parameter: \`${name.text}: int\``,
      }),
    );
  }
}

function rigidBinder(slot: BinderSlot): Value {
  return slot.kind === 'dim' ? { kind: 'int', value: variableDimension(slot.variable) } : unknownValue;
}

/** A compile-time parameter of what is exported may be given; every other stands for all values. */
function givenOrRigid(
  el: Elaboration,
  { name, exported }: Fn | Model,
  parameter: Parameter,
  type: LanguageType,
  scope: Scope,
  settings: Settings,
): Value {
  if (!exported || !settings.has(name.text, parameter)) return rigidValue(parameter, type);
  return settings.valueOf(el, name.text, parameter, type, scope);
}

/** A value that stands for all of a compile-time type. */
function rigidValue(parameter: Parameter, type: LanguageType): Value {
  switch (type.kind) {
    case 'int':
      return {
        kind: 'int',
        value: variableDimension(dimensionVariable(parameterName(parameter) ?? '_', parameter.span)),
      };
    case 'float':
      return { kind: 'float', value: undefined, text: undefined };
    case 'bool':
      return { kind: 'bool', value: undefined };
    case 'dtype':
    case 'fn':
    case 'list':
    case 'model':
    case 'str':
    case 'tensor':
    case 'tree':
    case 'tuple':
    case 'type':
    case 'unknown':
      return unknownValue;
  }
}

function checkAlias(el: Elaboration, item: TypeAlias, scope: Scope): void {
  const inner = new Scope(scope);
  const seen = new Map<string, Span>();
  for (const slot of declareBinders(item, inner)) {
    slot.solution = rigidBinder(slot);
    const before = seen.get(slot.name);
    if (before !== undefined) refuseName(el, slot.name, slot.span, before);
    seen.set(slot.name, slot.span);
  }
  el.attempt(() => el.evaluateType(item.value, inner));
}

function checkModel(el: Elaboration, model: Model, scope: Scope, settings: Settings): void {
  checkHead(el, model);
  const shapes = new FunctionBuilder(el, 'shapes');
  const instance = el.inFunction(shapes, () =>
    el.attempt(() =>
      el.inCall(
        { name: model.name.text, declaration: model, self: undefined, span: model.name.span, isEntry: true },
        () => makeInstance(el, model, rigidScope(el, model, scope, shapes, settings), model.name.span),
      ),
    ),
  );
  shapes.forget();
  if (instance === undefined) return;
  const cells = cellsOf(instance);
  const fieldOrder = new Map(cells.map((cell, index) => [cell, index]));
  for (const field of instance.fields) if (field.kind === 'cell') checkInitial(el, field.cell);
  for (const member of instance.declaration.members) {
    if (el.sink.isFull) return;
    if (member.kind === 'fn') checkFunction(el, member, instance.scope, settings, instance, fieldOrder);
    else if (member.kind === 'export-binding') {
      inScratch(el, () => void exportedItem(el, member, instance.scope, instance));
    } else if (member.kind === 'let-item') checkMemberValue(el, instance, member.name.text);
  }
}

function rigidScope(el: Elaboration, model: Model, scope: Scope, shapes: FunctionBuilder, settings: Settings): Scope {
  const inner = new Scope(scope);
  for (const slot of declareBinders(model, inner)) slot.solution = rigidBinder(slot);
  for (const parameter of model.parameters) {
    const value = el.guard(() => {
      const type = parameter.type === undefined ? undefined : closeType(el.evaluateType(parameter.type, inner));
      if (type === undefined) return unknownValue;
      const name = parameterName(parameter) ?? '_';
      return isStorable(type)
        ? shapes.argument(type, name, 'input', parameter.span)
        : givenOrRigid(el, model, parameter, type, inner, settings);
    });
    if (hasTensor(value)) bindShape(parameter, value, inner);
    else bindPattern(el, parameter.pattern, value, inner);
  }
  return inner;
}

function checkMemberValue(el: Elaboration, instance: Instance, name: string): void {
  const binding = instance.scope.own(name);
  if (binding?.kind === 'lazy') inScratch(el, () => void binding.force());
}

function checkInitial(el: Elaboration, cell: ModelCell): void {
  const builder = new FunctionBuilder(el, 'initial');
  el.inFunction(builder, () => el.attempt(() => initialValue(el, cell)));
  builder.forget();
}
