/**
 * A program to a module of the IR: every exported function with its sizes bound, and beside it the functions that compute what parameters
 * and state start from.
 */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { unknownLocation } from '../../ir/location.ts';
import type { Operation } from '../../ir/operation.ts';
import { moduleOp } from '../../ir/ops/builtin/module.ts';
import type { Program } from './load-program.ts';
import { buildEntry, type EntryChoices, isDeclared } from './semantics/entry.ts';
import { type BuiltFunction, moduleOf } from './semantics/function-builder.ts';
import type { BinderSlot } from './semantics/binder-slot.ts';
import type { ModelCell } from './semantics/cell.ts';
import { constantDimension, type Dimension, dimensionVariable, variableDimension } from './semantics/dimension.ts';
import type { Elaboration } from './semantics/elaboration.ts';
import { newElaboration } from './semantics/elaborator.ts';
import { type ExportedFunction, type Exports, findExports } from './semantics/exports.ts';
import { InlineBuilder } from './semantics/inline-builder.ts';
import { refuseOpenSize } from './semantics/refuse-open-size.ts';
import { hintAt, Settings } from './semantics/settings.ts';
import type { Fn } from './syntax/ast.ts';

/** A size, or the largest of those that are left open until the function is called. */
export type SizeChoice = number | { readonly max: number };

export interface ElaborationRequest {
  /** Sizes of binders: `n`, or `predict.n` for those of one function. */
  readonly dims: ReadonlyMap<string, SizeChoice>;
  /** Compile-time parameters of the exported model and of its functions, as text. */
  readonly settings: ReadonlyMap<string, string>;
  /** The only function to elaborate; all exported ones unless given. */
  readonly only?: string | undefined;
}

/** A parameter or state field, and the function of `initials` that computes what it starts from. */
export interface ModelField {
  readonly cell: ModelCell;
  /** Its inputs are RNG keys by path, its results the leaves of the field. */
  readonly initial: BuiltFunction;
}

export interface ElaboratedProgram {
  readonly module: Operation;
  readonly functions: readonly BuiltFunction[];
  readonly initials: Operation;
  readonly fields: readonly ModelField[];
}

/** Undefined when something is wrong; what, is in the sink. */
export function elaborateProgram(
  program: Program,
  request: ElaborationRequest,
  sink: DiagnosticSink,
): ElaboratedProgram | undefined {
  const { unit } = program.main;
  const el = newElaboration({ sink, origin: unit.span, isGeneric: false });
  const settings = new Settings(request.settings);
  const exported = findExports(el, program, settings);
  if (exported === undefined || sink.hasErrors) return undefined;
  const dims = new DimensionChoices(el, request.dims);
  const fieldOrder = new Map(exported.cells.map((cell, index) => [cell, index]));
  const { only } = request;
  const wanted = exported.functions.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0 && only !== undefined && only !== '') refuseFunction(el, exported, only);
  const functions = wanted.map((fn) => buildExport(el, fn, dims, settings, fieldOrder));
  reportUnused(el, exported, dims, settings);
  refuseOpenSizes(el);
  const fields = exported.cells.map((cell) => buildInitial(el, cell));
  if (sink.hasErrors) return undefined;
  const built = functions.filter((fn) => fn !== undefined);
  const initial = fields.filter((field) => field !== undefined);
  return {
    module: moduleOf(built, moduleOp, unknownLocation),
    functions: built,
    initials: moduleOf(
      initial.map((field) => field.initial),
      moduleOp,
      unknownLocation,
    ),
    fields: initial,
  };
}

class DimensionChoices {
  readonly given: ReadonlyMap<string, SizeChoice>;
  readonly used = new Set<string>();
  readonly #el: Elaboration;

  constructor(el: Elaboration, given: ReadonlyMap<string, SizeChoice>) {
    this.#el = el;
    this.given = given;
  }

  choose(fn: string, slot: BinderSlot, declaration: Fn): Dimension {
    const key = this.#key(fn, slot.name);
    const size = this.given.get(key);
    if (size !== undefined) {
      this.used.add(key);
      if (typeof size === 'number') return constantDimension(size);
      return variableDimension(dimensionVariable(slot.name, slot.span, size.max));
    }
    const open = declaration.binders
      .filter(({ name, kind }) => kind === 'dim' && !this.given.has(this.#key(fn, name.text)))
      .map(({ name }) => name.text);
    const list = open.map((name) => `\`${name}\``).join(', ');
    return this.#el.fail('E6802', declaration.head, `\`${fn}\` leaves ${list} open`, {
      hint: `give ${open.length === 1 ? 'it' : 'them'} a size: ${open.map((name) => `--dim ${name}=64`).join(' ')}`,
    });
  }

  #key(fn: string, name: string): string {
    return this.given.has(`${fn}.${name}`) ? `${fn}.${name}` : name;
  }
}

function buildExport(
  el: Elaboration,
  { name, fn, exported }: ExportedFunction,
  dims: DimensionChoices,
  settings: Settings,
  fieldOrder: EntryChoices['fieldOrder'],
): BuiltFunction | undefined {
  if (!isDeclared(fn)) return undefined;
  return buildEntry(el, { ...fn, name }, name, {
    fieldOrder,
    binder: (slot, declaration) => {
      if (slot.kind === 'dim') return { kind: 'int', value: dims.choose(name, slot, declaration) };
      return el.fail('E6802', slot.span, `\`${slot.name}\` of the exported function \`${name}\` is no size`, {
        notes: [{ message: 'exported here', span: exported }],
        hint: 'export a function whose dtypes and trees are known',
      });
    },
    constant: (parameter, type, scope) => {
      if (parameter.mode !== 'static' && parameter.defaultValue === undefined && !isSimple(type.kind)) {
        el.fail('E6803', parameter.span, `an artifact cannot be given a \`${type.kind}\``, {
          hint: 'its inputs are tensors, and records, tuples and lists of them',
        });
      }
      return settings.valueOf(el, name, parameter, type, scope);
    },
  });
}

function isSimple(kind: string): boolean {
  return kind === 'int' || kind === 'float' || kind === 'bool' || kind === 'str';
}

/** Sizes that are open until the call, where an op needs a number. */
function refuseOpenSizes(el: Elaboration): void {
  for (const [variable, span] of el.ops.openSizes) el.attempt(() => refuseOpenSize(el, span, variable));
}

function refuseFunction(el: Elaboration, { functions, span }: Exports, name: string): void {
  const names = functions.map((fn) => fn.name);
  el.attempt(() =>
    el.fail('E6808', span ?? el.ops.origin, `no function \`${name}\` is exported`, { hint: hintAt(name, names) }),
  );
}

/** What the request speaks of and the program does not have. */
function reportUnused(el: Elaboration, exported: Exports, dims: DimensionChoices, settings: Settings): void {
  const span = exported.span ?? el.ops.origin;
  const report = (message: string, name: string, known: readonly string[], at = span): void => {
    el.attempt(() => el.fail('E6805', at, message, { hint: hintAt(name, known) }));
  };
  for (const key of dims.given.keys()) {
    const name = key.slice(key.indexOf('.') + 1);
    const owner = key.slice(0, -name.length - 1);
    const functions = exported.functions.filter((fn) => owner === '' || fn.name === owner);
    const binders = functions.flatMap(({ fn }) =>
      isDeclared(fn) ? fn.declaration.binders.map((binder) => binder.name.text) : [],
    );
    if (dims.used.has(key) || binders.includes(name)) continue;
    const known = [...new Set(binders)];
    const names = exported.functions.map((fn) => fn.name);
    if (functions.length === 0) report(`no function \`${owner}\` is exported`, owner, names);
    else if (owner === '') report(`no exported function has a dimension \`${name}\``, name, known);
    else report(`\`${owner}\` has no dimension \`${name}\``, name, known, functions[0]?.exported);
  }
  settings.reportUnused(el, span);
}

function buildInitial(el: Elaboration, cell: ModelCell): ModelField | undefined {
  const builder = new InlineBuilder(el, 'initial');
  const done = el.attempt(() =>
    el.inFunction(builder, () => {
      builder.result(el.read(cell), cell.path, cell.role, () =>
        el.fail('E6608', cell.span, `\`${cell.path}\` is no tensor`),
      );
      return true;
    }),
  );
  builder.forget();
  if (done === undefined) return undefined;
  el.ops.origin = cell.span;
  return { cell, initial: builder.finish(cell.path, el.ops.location()) };
}
