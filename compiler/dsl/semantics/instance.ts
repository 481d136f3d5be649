/** A model with its arguments: its fields by name, and the path under which its parameters and state are known. */
import type { Span } from '../../../ir/source.ts';
import type { Model } from '../syntax/ast.ts';
import type { ModelCell } from './cell.ts';
import type { Scope } from './scope.ts';
import type { Value } from './values.ts';

export type InstanceField =
  | { readonly kind: 'cell'; readonly name: string; readonly cell: ModelCell }
  | { readonly kind: 'model'; readonly name: string; readonly value: Value };

export class Instance {
  readonly declaration: Model;
  /** Its members by name, inside the scope of the file. */
  readonly scope: Scope;
  /** Parameters, state and models in it, in order. */
  readonly fields: InstanceField[] = [];
  /** Where it was made. */
  readonly span: Span;
  /** The model it is a field of, and under which name (`blocks.0`); the first such field decides. */
  #owner: { readonly instance: Instance; readonly name: string } | undefined;

  constructor(declaration: Model, scope: Scope, span: Span) {
    this.declaration = declaration;
    this.scope = scope;
    this.span = span;
  }

  get path(): string {
    const owner = this.#owner;
    if (owner === undefined) return '';
    const { path } = owner.instance;
    return path === '' ? owner.name : `${path}.${owner.name}`;
  }

  isOwnedBy(instance: Instance, name: string): boolean {
    return this.#owner?.instance === instance && this.#owner.name === name;
  }

  /** Makes it the field `name` of `instance`, unless it is a field already. */
  adopt(instance: Instance, name: string): void {
    this.#owner ??= { instance, name };
  }
}
