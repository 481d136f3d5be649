/** What a program exports: the functions of its exported model, or those of the file. */
import type { Span } from '../../../ir/source.ts';
import type { Program } from '../load-program.ts';
import type { ExportBinding, Fn, Model } from '../syntax/ast.ts';
import type { ModelCell } from './cell.ts';
import type { CallArgument, Elaboration } from './elaboration.ts';
import { FileScopes } from './file-scope.ts';
import { FunctionBuilder } from './function-builder.ts';
import type { Instance } from './instance.ts';
import { cellsOf } from './model-tree.ts';
import { parameterName } from './calls.ts';
import { Scope } from './scope.ts';
import type { Settings } from './settings.ts';
import { describeKind } from './type-text.ts';
import { evaluateClosedType } from './type-expressions.ts';
import type { FunctionValue, Value } from './values.ts';

export interface ExportedFunction {
  readonly name: string;
  readonly fn: FunctionValue;
  readonly exported: Span;
}

export interface Exports {
  readonly functions: readonly ExportedFunction[];
  /** Parameters and state in the order of their declaration. */
  readonly cells: readonly ModelCell[];
  /** The name of the exported model, else of the first function. */
  readonly span: Span | undefined;
}

export function findExports(el: Elaboration, program: Program, settings: Settings): Exports | undefined {
  const { main } = program;
  const scope = new FileScopes(el, program).of(main);
  if (refuseSecondExport(el, program)) return undefined;
  const [model] = exportedModels(program);
  const instance = model === undefined ? undefined : exportedInstance(el, model, scope, settings);
  if (model !== undefined && instance === undefined) return undefined;
  const functions: ExportedFunction[] = [
    ...main.unit.items.flatMap((item) => exportedItem(el, item, scope, undefined)),
    ...(instance?.declaration.members ?? []).flatMap((member) =>
      exportedItem(el, member, instance?.scope ?? scope, instance),
    ),
  ];
  if (functions.length === 0 && !el.sink.hasErrors) refuseNothing(el, program, model);
  const cells = instance === undefined ? [] : cellsOf(instance);
  refuseSameNames(el, cells);
  return { functions, cells, span: model?.name.span ?? functions[0]?.exported };
}

function exportedModels({ main }: Program): readonly Model[] {
  return main.unit.items.filter((item): item is Model => item.kind === 'model' && item.exported);
}

/** True when there are several exported models, which is reported. */
export function refuseSecondExport(el: Elaboration, program: Program): boolean {
  const [model, second] = exportedModels(program);
  if (model === undefined || second === undefined) return false;
  el.attempt(() =>
    el.fail('E6801', second.name.span, `\`${second.name.text}\` is exported, and so is \`${model.name.text}\``, {
      notes: [{ message: 'the other one', span: model.name.span }],
      hint: 'an artifact has one exported model; make it a field of the other, or export it from a file of its own',
    }),
  );
  return true;
}

function exportedInstance(el: Elaboration, model: Model, scope: Scope, settings: Settings): Instance | undefined {
  return el.attempt(() => {
    const args: CallArgument[] = [];
    for (const parameter of model.parameters) {
      const name = parameterName(parameter);
      if (parameter.type === undefined || name === undefined) {
        el.fail('E6809', parameter.span, `a parameter of the exported model \`${model.name.text}\` has no type`);
      }
      const type = evaluateClosedType(el, parameter.type, new Scope(scope));
      const value = el.attempt(() => settings.valueOf(el, model.name.text, parameter, type, scope));
      args.push({ name, value: value ?? { kind: 'unknown' }, span: parameter.span });
    }
    return makeWithShapes(el, model, scope, args);
  });
}

/** A model whose fields stand for their types while it is made. */
export function makeWithShapes(el: Elaboration, model: Model, scope: Scope, args: readonly CallArgument[]): Instance {
  const shapes = new FunctionBuilder(el, 'shapes');
  try {
    return el.inFunction(shapes, () => el.rules.instantiate(el, model, scope, args, model.name.span));
  } finally {
    shapes.forget();
  }
}

/** The functions that an item or member exports; reports one that is no function. */
export function exportedItem(
  el: Elaboration,
  item: Fn | ExportBinding | { readonly kind: string },
  scope: Scope,
  self: Instance | undefined,
): readonly ExportedFunction[] {
  if (isFn(item) && item.exported) {
    const { name } = item;
    return [
      { name: name.text, fn: { kind: 'fn', name: name.text, declaration: item, scope, self }, exported: name.span },
    ];
  }
  if (!isBinding(item)) return [];
  const value = el.guard(() => bindingValue(el, item, scope, self));
  if (value.kind === 'fn' && value.declaration.kind === 'fn') {
    return [{ name: item.name.text, fn: value, exported: item.name.span }];
  }
  if (value.kind !== 'unknown') {
    el.attempt(() =>
      el.fail('E6813', item.value.span, `\`${item.name.text}\` is exported, but is ${describeKind(value as Value)}`, {
        hint: 'name a declared function: `fn f[n](x: f32[n]) -> f32[n] = ...`',
      }),
    );
  }
  return [];
}

function bindingValue(el: Elaboration, item: ExportBinding, scope: Scope, self: Instance | undefined): Value {
  if (!item.train) return el.evaluate(item.value, scope);
  const binding = self?.scope.own(item.name.text);
  if (binding?.kind === 'value') return binding.value;
  return el.fail('E6813', item.span, 'a training step belongs to a model, whose parameters it changes');
}

function isFn(item: { readonly kind: string }): item is Fn {
  return item.kind === 'fn';
}

function isBinding(item: { readonly kind: string }): item is ExportBinding {
  return item.kind === 'export-binding';
}

function refuseNothing(el: Elaboration, program: Program, model: Model | undefined): void {
  const { span } = program.main.unit;
  const at = model?.name.span ?? { ...span, end: span.start };
  const what =
    model === undefined ? 'the file exports nothing' : `the model \`${model.name.text}\` exports no function`;
  el.attempt(() => el.fail('E6808', at, what, { hint: 'write `export` before the functions that are to be called' }));
}

function refuseSameNames(el: Elaboration, cells: readonly ModelCell[]): void {
  const seen = new Map<string, ModelCell>();
  for (const cell of cells) {
    const before = seen.get(cell.path);
    seen.set(cell.path, cell);
    if (before === undefined) continue;
    el.attempt(() =>
      el.fail('E6609', cell.span, `two fields are named \`${cell.path}\``, {
        notes: [{ message: 'the other one', span: before.span }],
        hint: 'a name in `@name("...")` is no other field\'s',
      }),
    );
  }
}
