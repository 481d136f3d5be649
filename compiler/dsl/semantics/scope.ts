/** Names and what they stand for, one scope inside another. Lookups walk outwards; definitions never copy. */
import type { Span } from '../../../ir/source.ts';
import type { BinderSlot } from './binder-slot.ts';
import type { Cell } from './cell.ts';
import type { Instance } from './instance.ts';
import type { Value } from './values.ts';

export type Binding =
  /** A `let`, a parameter, an item of a file. */
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span | undefined }
  /** A place that `:=` may write. */
  | { readonly kind: 'cell'; readonly cell: Cell; readonly span: Span | undefined }
  /** A binder of the declaration whose call is being elaborated. */
  | { readonly kind: 'slot'; readonly slot: BinderSlot; readonly span: Span | undefined }
  /** An argument of a model that is being made: only its type is known later, when functions run. */
  | { readonly kind: 'shape'; readonly value: Value; readonly span: Span | undefined }
  /** Computed when it is first asked for: the constants of files and models. */
  | { readonly kind: 'lazy'; readonly force: () => Value; readonly span: Span | undefined }
  /** `params` or `state` of a model: a place whose parts are the cells of the model and of the models in it. */
  | {
      readonly kind: 'tree';
      readonly instance: Instance;
      readonly role: 'param' | 'state';
      readonly span: Span | undefined;
    };

export class Scope {
  readonly parent: Scope | undefined;
  readonly #names = new Map<string, Binding>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  define(name: string, binding: Binding): void {
    this.#names.set(name, binding);
  }

  /** What the name stands for here, without looking outwards. */
  own(name: string): Binding | undefined {
    return this.#names.get(name);
  }

  lookup(name: string): Binding | undefined {
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    for (let { parent: scope } = this as Scope; scope !== undefined; scope = scope.parent) {
      const binding = scope.#names.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  /** All names that can be seen, the nearest last. */
  names(): readonly string[] {
    return [...(this.parent?.names() ?? []), ...this.#names.keys()];
  }

  ownNames(): readonly string[] {
    return [...this.#names.keys()];
  }
}
