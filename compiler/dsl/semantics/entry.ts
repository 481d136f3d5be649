/** An exported function as a function of the artifact. */
import type { Fn, Parameter } from '../syntax/ast.ts';
import type { BinderSlot } from './binder-slot.ts';
import { declareBinders, parameterName, resultOf } from './calls.ts';
import { Cell, type ModelCell } from './cell.ts';
import type { Elaboration } from './elaboration.ts';
import { UnknownOperand } from './language-error.ts';
import { type BuiltFunction, FunctionBuilder } from './function-builder.ts';
import type { LanguageType } from './language-type.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { isStorable } from './models.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from './scope.ts';
import { evaluateClosedType } from './type-expressions.ts';
import { describeKind, typeText } from './type-text.ts';
import type { FunctionValue, Value } from './values.ts';

/** How the sizes and compile-time parameters of an exported function are found. */
export interface EntryChoices {
  /** What a binder is; reports one that is left open. */
  binder(slot: BinderSlot, declaration: Fn): Value;
  /** A compile-time parameter. */
  constant(parameter: Parameter, type: LanguageType, scope: Scope): Value;
  readonly fieldOrder: ReadonlyMap<ModelCell, number>;
}

type DeclaredFunction = FunctionValue & { readonly declaration: Fn };

export function isDeclared(fn: FunctionValue): fn is DeclaredFunction {
  return fn.declaration.kind === 'fn';
}

/** Undefined where the function is wrong, which has been reported. */
export function buildEntry(
  el: Elaboration,
  fn: DeclaredFunction,
  name: string,
  choices: EntryChoices,
): BuiltFunction | undefined {
  const { declaration } = fn;
  const builder = new FunctionBuilder(el, declaration.exported || !el.isGeneric ? 'export' : 'check');
  builder.fieldOrder = choices.fieldOrder;
  el.writes.clear();
  const errors = el.sink.errorCount;
  el.ops.origin = declaration.head;
  const done = el.attempt(() =>
    el.inFunction(builder, () =>
      el.inCall({ name: fn.name, declaration, self: fn.self, span: declaration.name.span, isEntry: true }, () => {
        elaborateBody(el, fn, builder, choices);
        return true;
      }),
    ),
  );
  if (done === undefined && !el.isGeneric && el.sink.errorCount === errors) refuseOpen(el, declaration, name);
  refuseSilentWrites(el, declaration, name);
  el.ops.origin = declaration.head;
  const built = builder.finish(name, el.ops.location());
  for (const cell of el.writes.keys()) cell.value = undefined;
  return el.sink.errorCount > errors ? undefined : built;
}

/** A size that is left open until the call was needed, and nothing said so. */
function refuseOpen(el: Elaboration, declaration: Fn, name: string): void {
  const { span } = declaration.name;
  const hint = 'give every size one number: `--dim n=64`';
  el.attempt(() => el.fail('E6802', span, `\`${name}\` needs the number of a size that is left open`, { hint }));
}

function elaborateBody(el: Elaboration, fn: DeclaredFunction, builder: FunctionBuilder, choices: EntryChoices): void {
  const { declaration } = fn;
  const scope = new Scope(fn.scope);
  for (const slot of declareBinders(declaration, scope)) slot.solution = choices.binder(slot, declaration);
  const inouts: Cell[] = [];
  for (const parameter of declaration.parameters) {
    const done = el.attempt(() => bindEntryParameter(el, fn, parameter, scope, builder, inouts, choices));
    if (done === undefined) el.attempt(() => bindPattern(el, parameter.pattern, { kind: 'unknown' }, scope));
  }
  const value = resultOf(
    el,
    fn,
    scope,
    el.guard(() => el.evaluate(declaration.body, scope)),
  );
  addResults(el, fn, value, builder);
  for (const cell of inouts) builder.result(el.read(cell), cell.name, 'inout', stop);
  const byDeclaration = (cell: ModelCell): number => choices.fieldOrder.get(cell) ?? Infinity;
  const written = [...el.writes.keys()].toSorted((a, b) => byDeclaration(a) - byDeclaration(b));
  for (const cell of written) builder.result(el.read(cell), cell.path, cell.role, stop);
}

const stop = (): never => {
  throw new UnknownOperand();
};

function bindEntryParameter(
  el: Elaboration,
  fn: DeclaredFunction,
  parameter: Parameter,
  scope: Scope,
  builder: FunctionBuilder,
  inouts: Cell[],
  choices: EntryChoices,
): true {
  const name = parameterName(parameter) ?? '_';
  if (parameter.type === undefined) {
    if (!fn.declaration.exported) throw new UnknownOperand();
    return el.fail('E6809', parameter.span, `\`${name}\` of the exported function \`${fn.name}\` has no type`, {
      hint: `write \`${name}: f32[n, 3]\`, with \`[n]\` after the function's name`,
    });
  }
  const type = evaluateClosedType(el, parameter.type, scope);
  if (!isStorable(type)) {
    bindPattern(el, parameter.pattern, choices.constant(parameter, type, scope), scope);
    return true;
  }
  if (parameter.mode === 'static' && fn.declaration.exported) {
    return el.fail(
      'E6803',
      parameter.span,
      `\`${name}\` is \`static\`, but a tensor \`${typeText(type)}\` is only known at run time`,
      {
        hint: 'leave out `static`, or give it a compile-time type such as `int`',
      },
    );
  }
  const role = parameter.mode === 'inout' ? 'inout' : 'input';
  const value = builder.argument(type, name, role, parameter.span);
  if (role === 'input') {
    bindPattern(el, parameter.pattern, value, scope);
    return true;
  }
  const cell = new Cell({ name, role: 'inout', span: parameter.span, depth: el.journal.depth, type, value });
  inouts.push(cell);
  scope.define(name, { kind: 'cell', cell, span: parameter.span });
  el.recorder?.value(parameter.pattern.span, value, parameter.pattern.span);
  return true;
}

/** Fields of a record by name, all else as `out`. */
function addResults(el: Elaboration, fn: DeclaredFunction, value: Value, builder: FunctionBuilder): void {
  if (value.kind === 'unknown') throw new UnknownOperand();
  const { body, exported } = fn.declaration;
  // What only other functions call may give whatever they take.
  if (!exported && builder.kind === 'check') return;
  const notTensor = (part: Value, path: string) => {
    if (part.kind === 'unknown') throw new UnknownOperand();
    if (isLiteral(part)) {
      const dtype = part.kind === 'int' ? 'i32' : part.kind === 'bool' ? 'i1' : 'f32';
      return literalTensor(part, dtype, body.span, el.site(body.span));
    }
    const subject = path === 'out' ? 'the result' : `\`${path}\``;
    return el.fail('E6807', body.span, `${subject} of the exported function \`${fn.name}\` is ${describeKind(part)}`, {
      hint: 'the outputs of an artifact are tensors, and records, tuples and lists of them',
    });
  };
  if (value.kind === 'tuple' && value.fields.some((field) => field.name !== undefined)) {
    for (const [index, field] of value.fields.entries()) {
      builder.result(field.value, field.name ?? String(index), 'output', notTensor);
    }
  } else builder.result(value, 'out', 'output', notTensor);
}

/** The rule of `mut`: who calls an exported function must know that it writes. */
function refuseSilentWrites(el: Elaboration, declaration: Fn, name: string): void {
  if (declaration.mut || !declaration.exported) return;
  for (const [cell, { span, trail }] of el.writes) {
    const way = trail.length > 1 ? ` (${trail.join(' -> ')})` : '';
    el.attempt(() =>
      el.fail(
        'E6401',
        declaration.name.span,
        `\`${name}\` writes \`${cell.path}\`${way}. ${advice(el.writes.get(cell)?.switches ?? [])}declare \`export mut fn ${name}\`.`,
        { notes: [{ message: 'written here', span }], hint: 'its caller has to keep what it writes' },
      ),
    );
    return;
  }
}

/** The static flags that let a function on the way write. */
function advice(switches: readonly string[]): string {
  const [first] = switches;
  return first === undefined ? 'Do not write it, or ' : `Pass \`${first}: false\`, or `;
}
