/** The items of a file as names. Nothing is evaluated until it is asked for. */
import { nearest } from '../../../ir/text/edit-distance.ts';
import type { Program, ProgramUnit } from '../load-program.ts';
import type { Item, Use } from '../syntax/ast.ts';
import type { Elaboration } from './elaboration.ts';
import { forgiveNames } from './forgive-names.ts';
import { UnknownOperand } from './language-error.ts';
import { lazyValue } from './models.ts';
import { readBinding } from './names.ts';
import { rootScope } from './root-scope.ts';
import { type Binding, Scope } from './scope.ts';
import { unknownValue, type Value } from './values.ts';

/** The scopes of a program's files, each made when it is first needed. */
export class FileScopes {
  readonly #el: Elaboration;
  readonly #program: Program;
  readonly #scopes = new Map<ProgramUnit, Scope>();
  readonly #root: Scope;
  #shared: Scope | undefined;

  constructor(el: Elaboration, program: Program) {
    this.#el = el;
    this.#program = program;
    this.#root = rootScope();
    this.#root.define('nn', {
      kind: 'lazy',
      force: () => this.#module('nn', program.library(['nn'])),
      span: undefined,
    });
  }

  of(unit: ProgramUnit): Scope {
    const known = this.#scopes.get(unit);
    if (known !== undefined) return known;
    const scope = new Scope(unit === this.#program.prelude ? this.#root : this.#prelude());
    this.#scopes.set(unit, scope);
    for (const use of unit.unit.uses) this.#use(use, unit, scope);
    for (const item of unit.unit.items) this.#item(item, unit, scope);
    for (const item of unit.unit.items) if (item.kind === 'error') forgiveNames(item.span, scope);
    return scope;
  }

  #prelude(): Scope {
    const { prelude } = this.#program;
    this.#shared ??= prelude === undefined ? this.#root : this.of(prelude);
    return this.#shared;
  }

  #module(name: string, unit: ProgramUnit | undefined): Value {
    return unit === undefined ? unknownValue : { kind: 'module', name, scope: this.of(unit) };
  }

  #use(use: Use, unit: ProgramUnit, scope: Scope): void {
    const load = unit.uses.get(use) ?? (() => undefined);
    if (use.names === undefined) {
      const name = use.alias ?? defaultName(use);
      if (name === undefined) return;
      const force = (): Value => this.#module(name.text, load());
      scope.define(name.text, { kind: 'lazy', force, span: name.span });
      return;
    }
    for (const name of use.names) {
      const from = (): Binding | undefined => {
        const used = load();
        return used === undefined ? undefined : this.of(used).own(name.text);
      };
      if (!unit.isLibrary) this.#refuseMissing(load(), name);
      const force = (): Value => {
        const binding = from();
        if (binding === undefined) throw new UnknownOperand();
        return readBinding(this.#el, binding, name.text, name.span);
      };
      scope.define(name.text, { kind: 'lazy', force, span: name.span });
    }
  }

  #refuseMissing(used: ProgramUnit | undefined, name: { readonly text: string; readonly span: Use['span'] }): void {
    if (used === undefined) return;
    const known = this.of(used);
    if (known.own(name.text) !== undefined) return;
    const close = nearest(name.text, known.ownNames());
    this.#el.attempt(() =>
      this.#el.fail('E6107', name.span, `the module has no item \`${name.text}\``, {
        hint: close === undefined ? undefined : `did you mean \`${close}\`?`,
      }),
    );
  }

  #item(item: Item, unit: ProgramUnit, scope: Scope): void {
    const binding = this.#binding(item, scope);
    if (binding === undefined || item.kind === 'error') return;
    const { name } = item;
    const before = scope.own(name.text);
    if (before !== undefined) {
      this.#el.attempt(() =>
        this.#el.fail('E6103', name.span, `\`${name.text}\` is defined twice`, {
          notes: before.span === undefined ? [] : [{ message: 'first here', span: before.span }],
          hint: 'give one of them another name',
        }),
      );
      return;
    }
    scope.define(name.text, binding);
    if (!unit.isLibrary && binding.kind === 'value') this.#el.recorder?.value(name.span, binding.value, name.span);
  }

  #binding(item: Item, scope: Scope): Binding | undefined {
    switch (item.kind) {
      case 'fn':
        return valueBinding(
          { kind: 'fn', name: item.name.text, declaration: item, scope, self: undefined },
          item.name.span,
        );
      case 'model':
        return valueBinding({ kind: 'model', declaration: item, scope }, item.name.span);
      case 'type':
        return valueBinding({ kind: 'alias', declaration: item, scope }, item.name.span);
      case 'let-item':
      case 'export-binding': {
        const evaluateIt = (): Value => this.#el.evaluate(item.value, scope);
        const force = lazyValue(this.#el, evaluateIt, item.name.text, item.name.span);
        return { kind: 'lazy', force, span: item.name.span };
      }
      case 'test':
      case 'error':
        return undefined;
    }
  }
}

function valueBinding(value: Value, span: Use['span']): Binding {
  return { kind: 'value', value, span };
}

/** The name of a module that is taken in whole, where `as` gives it no other. */
export function defaultName(use: Use): { readonly text: string; readonly span: Use['span'] } | undefined {
  if (use.target.kind === 'library') return use.target.path.at(-1);
  const text = /([^/\\]+?)(?:\.tess)?$/.exec(use.target.path)?.[1];
  return text === undefined ? undefined : { text: text.replaceAll('-', '_'), span: use.target.span };
}
