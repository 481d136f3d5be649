/** Calls: of functions, models, builtins and conversions. A function's body is elaborated anew at every call. */
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { Span } from '../../../ir/source.ts';
import type { Fn, Lambda, Model, Parameter, TypeAlias } from '../syntax/ast.ts';
import { type BinderSlot, openSlot } from './binder-slot.ts';
import { BoundArguments } from './bound-arguments.ts';
import { convertTo } from './builtins/conversion.ts';
import { Cell } from './cell.ts';
import { conform } from './conform.ts';
import { constantDimension, constantOf } from './dimension.ts';
import type { CallArgument, Elaboration } from './elaboration.ts';
import { LanguageError, UnknownOperand } from './language-error.ts';
import { closeType, type OpenType } from './open-type.ts';
import { bindPattern } from './patterns.ts';
import { type Place, mayOverlap } from './place.ts';
import { writePlace } from './places.ts';
import { Scope } from './scope.ts';
import { Solver } from './solver.ts';
import { describeKind, typeOf } from './type-text.ts';
import { type FunctionValue, unknownValue, type Value } from './values.ts';

export function call(el: Elaboration, callee: Value, args: readonly CallArgument[], span: Span): Value {
  el.burn(span);
  switch (callee.kind) {
    case 'fn':
      return el.rules.callFunction(el, callee, args, span);
    case 'builtin': {
      refusePlaces(el, callee.builtin.name, args);
      const site = el.site(span);
      return callee.builtin.apply(BoundArguments.bind(callee.builtin, args, site), site);
    }
    case 'model':
      return { kind: 'instance', instance: el.rules.instantiate(el, callee.declaration, callee.scope, args, span) };
    case 'instance': {
      const { scope, declaration } = callee.instance;
      const binding = scope.own('call');
      if (binding?.kind === 'value') return call(el, binding.value, args, span);
      return el.fail('E6606', span, `the model \`${declaration.name.text}\` has no function \`call\``, {
        hint: 'call one of its functions: `m.f(x)`',
      });
    }
    case 'dtype':
      return convertTo(onlyArgument(el, args, span), callee.dtype, span, el.site(span));
    case 'type':
      return callType(el, callee.type, args, span);
    case 'unknown':
      throw new UnknownOperand();
    case 'alias':
    case 'bool':
    case 'float':
    case 'int':
    case 'list':
    case 'module':
    case 'str':
    case 'tensor':
    case 'tuple':
      return el.fail('E6204', span, `${describeKind(callee)} cannot be called`, {
        hint: callee.kind === 'tensor' ? 'elements are taken with `x[i]`' : undefined,
      });
  }
}

function refusePlaces(el: Elaboration, name: string, args: readonly CallArgument[]): void {
  const arg = args.find(({ place }) => place !== undefined);
  if (arg !== undefined)
    el.fail('E6406', arg.span, `\`${name}\` has no \`inout\` parameter for this place`, { hint: 'leave out the `&`' });
}

function onlyArgument(el: Elaboration, args: readonly CallArgument[], span: Span): Value {
  const [arg] = args;
  if (arg === undefined || args.length > 1)
    return el.fail('E6205', span, `a conversion takes one argument, not ${args.length}`);
  if (arg.value.kind === 'unknown') throw new UnknownOperand();
  return arg.value;
}

/** `int(x)`, `float(n)`, `bool(m)`: the first two of what is known at compile time. */
function callType(
  el: Elaboration,
  type: Extract<Value, { kind: 'type' }>['type'],
  args: readonly CallArgument[],
  span: Span,
): Value {
  if (type.kind === 'bool') return convertTo(onlyArgument(el, args, span), 'i1', span, el.site(span));
  if (type.kind !== 'int' && type.kind !== 'float')
    return el.fail('E6204', span, `the type ${describeKind({ kind: 'type', type })} cannot be called`);
  const value = onlyArgument(el, args, span);
  if (value.kind !== 'int' && value.kind !== 'float') {
    return el.fail(
      'E6220',
      span,
      `\`${type.kind}(...)\` converts what is known at compile time, not ${describeKind(value)}`,
      {
        hint: value.kind === 'tensor' ? `at run time: \`${type.kind === 'int' ? 'i32' : 'f32'}(...)\`` : undefined,
      },
    );
  }
  const number = value.kind === 'float' ? value.value : constantOf(value.value);
  if (type.kind === 'float') return { kind: 'float', value: number, text: undefined };
  if (value.kind === 'int') return value;
  if (number === undefined) throw new UnknownOperand();
  return { kind: 'int', value: constantDimension(Math.trunc(number)) };
}

// ----------------------------------------------------------------------------------------------------------- functions

export function callFunction(el: Elaboration, fn: FunctionValue, args: readonly CallArgument[], span: Span): Value {
  const { declaration } = fn;
  refuseRecursion(el, fn, span);
  const bound = bindArguments(el, declaration, callName(fn), args, span);
  const switches: string[] = [];
  return el.inCall({ name: callName(fn), declaration, self: fn.self, span, switches }, () => {
    const entry = enterFunction(el, fn, bound, span);
    switches.push(...entry.switches);
    const value = resultOf(
      el,
      fn,
      entry.scope,
      el.guard(() => el.evaluate(declaration.body, entry.scope)),
    );
    for (const { place, cell } of entry.inouts) writePlace(el, place, el.read(cell), span);
    return value;
  });
}

/** How a message names the function: the field of the model where it is the model that is called. */
function callName({ name, self }: FunctionValue): string {
  return self !== undefined && name === 'call' ? self.path.split('.').at(-1) || self.declaration.name.text : name;
}

function refuseRecursion(el: Elaboration, fn: FunctionValue, span: Span): void {
  if (fn.declaration.kind === 'lambda') return;
  const at = el.stack.findLastIndex((frame) => frame.declaration === fn.declaration && frame.self === fn.self);
  if (at === -1) return;
  const cycle = el.stack.slice(at);
  // A function that is given another to call may meet itself again in that one.
  if (cycle.some((frame) => frame.declaration.kind === 'lambda')) return;
  const names = [...cycle.map((frame) => frame.name), callName(fn)];
  el.fail('E6502', span, `\`${callName(fn)}\` calls itself (${names.join(' -> ')}), and elaboration would not end`, {
    hint: 'repeat with `for` over a compile-time range, or with `while` or `scan` at run time',
  });
}

export type BoundArgument = CallArgument | undefined;

/** One argument, or none, for each parameter: by position, then by name. */
export function bindArguments(
  el: Elaboration,
  declaration: Fn | Lambda | Model,
  name: string,
  args: readonly CallArgument[],
  span: Span,
): readonly BoundArgument[] {
  const { parameters } = declaration;
  const bound = new Array<BoundArgument>(parameters.length).fill(undefined);
  const declared = { message: 'declared here', span: 'head' in declaration ? declaration.head : declaration.span };
  let position = 0;
  for (const arg of args) {
    const index =
      arg.name === undefined ? position++ : parameters.findIndex((parameter) => parameterName(parameter) === arg.name);
    if (index === -1) unknownParameter(el, declaration, name, arg);
    if (index >= parameters.length) {
      const count = parameters.length === 1 ? '1 argument' : `${parameters.length} arguments`;
      el.fail('E6205', arg.span, `\`${name}\` takes ${count}, not ${args.length}`, {
        notes: [declared],
        hint: `its parameters are ${parameterList(declaration)}`,
      });
    }
    if (bound[index] !== undefined) {
      el.fail(
        'E6208',
        arg.span,
        `\`${arg.name ?? parameterName(parameters[index]) ?? index}\` of \`${name}\` is given twice`,
        { notes: [declared], hint: 'give it by position or by name, not both' },
      );
    }
    bound[index] = arg;
  }
  const missing = parameters.filter(
    (parameter, index) => bound[index] === undefined && parameter.defaultValue === undefined,
  );
  if (missing.length > 0) {
    const names = missing.map((parameter) => `\`${parameterName(parameter) ?? '_'}\``).join(', ');
    el.fail('E6206', span, `\`${name}\` needs ${names}`, {
      notes: [declared],
      hint: `its parameters are ${parameterList(declaration)}`,
    });
  }
  return bound;
}

function parameterList({ parameters }: Fn | Lambda | Model): string {
  if (parameters.length === 0) return 'none';
  return parameters.map((parameter) => `\`${parameterName(parameter) ?? '_'}\``).join(', ');
}

function unknownParameter(el: Elaboration, declaration: Fn | Lambda | Model, name: string, arg: CallArgument): never {
  const names = declaration.parameters.flatMap((parameter) => parameterName(parameter) ?? []);
  const close = nearest(arg.name ?? '', names);
  const all = names.length === 0 ? 'it takes none' : `it has ${names.map((known) => `\`${known}\``).join(', ')}`;
  return el.fail('E6207', arg.nameSpan ?? arg.span, `\`${name}\` has no parameter \`${arg.name}\``, {
    hint: close === undefined ? all : `did you mean \`${close}\`?`,
  });
}

export function parameterName(parameter: Parameter | undefined): string | undefined {
  return parameter?.pattern.kind === 'bind' ? parameter.pattern.name.text : undefined;
}

interface Entry {
  readonly scope: Scope;
  readonly inouts: readonly { readonly place: Place; readonly cell: Cell }[];
  /** The `static` parameters that are `true`. */
  readonly switches: readonly string[];
}

/** The scope of a body: binders and parameters. */
function enterFunction(el: Elaboration, fn: FunctionValue, args: readonly BoundArgument[], span: Span): Entry {
  const { declaration } = fn;
  const scope = new Scope(fn.scope);
  const slots = declaration.kind === 'fn' ? declareBinders(declaration, scope) : [];
  const inouts: { place: Place; cell: Cell }[] = [];
  const switches: string[] = [];
  matchParameters(el, { declaration, name: callName(fn), scope, slots, span }, args, (parameter, value, type, arg) => {
    if (parameter.mode === 'inout') {
      const cell = inoutCell(el, callName(fn), parameter, value, type, arg, inouts, span);
      scope.define(cell.name, { kind: 'cell', cell, span: parameter.span });
      el.recorder?.value(parameter.pattern.span, value, parameter.pattern.span);
      return;
    }
    if (parameter.mode === 'static' && value.kind === 'bool' && value.value !== false) {
      switches.push(parameterName(parameter) ?? '_');
    }
    bindParameter(el, parameter, value, scope, arg);
  });
  if (!el.isGeneric) refuseOpenBinders(el, fn, slots, args, span);
  return { scope, inouts, switches };
}

/** A binder that no argument speaks of has no value. */
function refuseOpenBinders(
  el: Elaboration,
  fn: FunctionValue,
  slots: readonly BinderSlot[],
  args: readonly BoundArgument[],
  span: Span,
): void {
  const open = slots.find((slot) => slot.solution === undefined);
  if (open === undefined || args.some((arg) => arg?.value.kind === 'unknown')) return;
  el.fail('E6212', span, `nothing says what \`${open.name}\` of \`${callName(fn)}\` is`, {
    notes: [{ message: 'declared here', span: open.span }],
    hint: 'a binder takes its value from the arguments whose types speak of it',
  });
}

function bindParameter(el: Elaboration, parameter: Parameter, value: Value, scope: Scope, arg: BoundArgument): void {
  if (arg?.place !== undefined) {
    el.fail('E6406', arg.span, `\`${parameterName(parameter) ?? '_'}\` is no \`inout\` parameter`, {
      notes: [{ message: 'declared here', span: parameter.span }],
      hint: 'leave out the `&`',
    });
  }
  bindPattern(el, parameter.pattern, value, scope);
}

export function declareBinders(declaration: Fn | Model | TypeAlias, scope: Scope): readonly BinderSlot[] {
  return declaration.binders.map((binder) => {
    const slot = openSlot(binder);
    scope.define(slot.name, { kind: 'slot', slot, span: binder.name.span });
    return slot;
  });
}

export interface Signature {
  readonly declaration: Fn | Lambda | Model;
  readonly name: string;
  readonly scope: Scope;
  readonly slots: readonly BinderSlot[];
  readonly span: Span;
}

export type BindParameter = (
  parameter: Parameter,
  value: Value,
  type: OpenType | undefined,
  arg: BoundArgument,
) => void;

/** Matches arguments with the declared types, in order; what one says of a binder holds for those after it. */
export function matchParameters(
  el: Elaboration,
  { declaration, name, scope, slots, span }: Signature,
  args: readonly BoundArgument[],
  bind: BindParameter,
): void {
  const solver = new Solver();
  for (const slot of slots) solver.add(slot);
  for (const [index, parameter] of declaration.parameters.entries()) {
    const arg = args[index];
    const value = arg?.value ?? defaultOf(el, parameter, scope);
    if (parameter.type === undefined) {
      bind(parameter, value, undefined, arg);
      continue;
    }
    const type = el.evaluateType(parameter.type, scope);
    const source = {
      subject: `\`${parameterName(parameter) ?? '_'}\` of \`${name}\``,
      value: arg === undefined ? 'its default' : 'the argument',
      span: arg?.span ?? span,
      declared: parameter.span,
    };
    bind(parameter, conform(el, value, type, source, solver), type, arg);
  }
  solver.finish();
}

function defaultOf(el: Elaboration, parameter: Parameter, scope: Scope): Value {
  return parameter.defaultValue === undefined ? unknownValue : el.evaluate(parameter.defaultValue, scope);
}

function inoutCell(
  el: Elaboration,
  name: string,
  parameter: Parameter,
  value: Value,
  type: OpenType | undefined,
  arg: BoundArgument,
  inouts: { place: Place; cell: Cell }[],
  span: Span,
): Cell {
  const text = parameterName(parameter) ?? '_';
  const place = arg?.place;
  if (place === undefined) {
    return el.fail('E6405', arg?.span ?? span, `\`${text}\` of \`${name}\` is \`inout\`: it takes a place`, {
      notes: [{ message: 'declared here', span: parameter.span }],
      hint: 'write `&` before a `var` or a field: `&x`',
    });
  }
  const other = inouts.find((earlier) => mayOverlap(earlier.place, place));
  if (other !== undefined) {
    el.fail(
      'E6407',
      place.span,
      `\`${place.text}\` and \`${other.place.text}\` may be the same place, and both are written`,
      {
        notes: [{ message: 'the other argument', span: other.place.span }],
        hint: 'give two variables, or different fields of one',
      },
    );
  }
  const closed = value.kind === 'unknown' ? undefined : type === undefined ? undefined : typeOf(value);
  const cell = new Cell({
    name: text,
    role: 'inout',
    span: parameter.span,
    depth: el.journal.depth,
    type: closed,
    value,
  });
  inouts.push({ place, cell });
  return cell;
}

/** The value of a body, matched with the declared result. */
export function resultOf(el: Elaboration, fn: FunctionValue, scope: Scope, value: Value): Value {
  const { declaration } = fn;
  if (declaration.result === undefined || value.kind === 'unknown') return value;
  const { result, body } = declaration;
  const span = lastSpan(body);
  try {
    const type = el.evaluateType(result, scope);
    const closed = closeType(type) ?? type;
    return conform(el, value, closed, {
      subject: `the result of \`${callName(fn)}\``,
      value: 'the body',
      span,
      declared: result.span,
    });
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    el.report(error);
    return unknownValue;
  }
}

/** The expression whose value a body gives. */
function lastSpan(body: Fn['body']): Span {
  if (body.kind !== 'block') return body.span;
  return body.statements.at(-1)?.span ?? body.span;
}
